//! The laws that every stage keeps, checked on generated articles.
//!
//! | law | what holds |
//! |---|---|
//! | `no-panic` | no text makes the stage panic or end the run |
//! | `rows` | rows are not empty, lie in the text on code-point borders, and map to something in the raw text |
//! | `honest` | only what the contract declares changes: layers, labels, attrs, links, rules, text, dropped documents; what was there before stays as it was; raw text and metadata never change; documents that were out already stay untouched; the contract itself is always the same |
//! | `needs-its-reads` | shown only the layers that its contract names, the stage writes the same |
//! | `deterministic` | same input, same output, whichever worker, however often |
//! | `batch-free` | what becomes of a document does not depend on the others of its batch |
//! | `order` | documents in another order become the same; not for stages that need input order |
//! | `threads` | two workers on two threads at the same time do what one does |
//! | `normal` | for stages that rewrite text: twice is once, and the alignment covers the text and is monotone |
//! | `views` | census and folded text are those of the text as it is now |
//! | `rollback` | a rolled-back document is as it was |
//! | `cancel` | told to stop, the stage returns `Ok` or a cancellation |
//! | `sink` | for stages that write output: equal documents make equal bytes, whatever the batches; no file has its name before `finish` |
//! | `hostile` | the [worst texts](crate::hostile_texts) make no stage panic, and `honest`, `rows` and `views` hold for them |
//! | `memory` | over many small batches the memory in use stays flat; checked on Linux, and only when [asked for](Laws::memory) |
//!
//! [`laws!`](crate::laws!) makes a test of each law; [`check`] and [`Laws`] check them all in one.

use isnad_core::Stage;

mod broken;
mod hostile;
mod law;
mod lend;
mod memory;
mod rig;
mod rules;
mod run;
mod settings;
mod sinks;
mod state;
mod threads;

pub use broken::LawBroken;
pub use law::Law;
pub use settings::Laws;

/// Checks all laws but `memory` for a stage on a few articles. `upstream` are the stages before it in the
/// chain: those that give what it reads, in order.
///
/// # Panics
/// A law is broken; the message names it and shows the smallest input found.
#[track_caller]
pub fn check(stage: &dyn Stage, upstream: &[&dyn Stage]) {
    Laws::new(stage).after(upstream).check();
}
