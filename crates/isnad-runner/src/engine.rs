//! Running a pipeline: one reader, a bounded number of batches on their way, workers on their threads,
//! and one committer that takes the batches in input order. Output does not depend on the number of
//! threads or on the size of batches.

mod commit;
mod flow;
mod guard;
mod lane;
mod options;
mod tally;
#[cfg(test)]
mod tests;
mod trial;

pub use flow::run;
pub(crate) use guard::guard;
pub use guard::panic_is_contained;
pub use options::{Host, NoProgress, Progress, RunOptions};
pub(crate) use tally::Tally;
pub use trial::{Trial, Tried, contain};
