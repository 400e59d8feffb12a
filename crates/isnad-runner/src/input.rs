//! Inputs: which files there are, the records in them, and the documents these become.

mod find;
mod read;
mod record;
#[cfg(test)]
mod tests;

pub use find::Inputs;
pub(crate) use read::{Limits, RawBatch, read_inputs};
pub(crate) use record::{Mapping, document};
