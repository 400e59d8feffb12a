//! What the tests of isnad stages are made of: [`arabic`] strategies for texts and articles, the
//! [`laws`] that every stage keeps, and a [`snapshot`] of a document's rows for comparing and reading.
//! For the stages of this project and for those of third parties, who run the laws as one test:
//!
//! ```
//! use isnad_core::{Contract, Span, StageError, Sym, Writes, per_doc};
//!
//! let stage = per_doc(
//!     Contract::new().writes(Writes::rows("said", 1)),
//!     |names| names.layer("said").ok_or_else(|| StageError::undeclared("said")),
//!     |said, document, cx| {
//!         let (content, mut rows) = document.annotate(cx);
//!         for (at, word) in content.text().match_indices("قال") {
//!             rows.add(*said, Span::new(at, at + word.len()), Sym::NONE, Sym::NONE, 1.0)?;
//!         }
//!         Ok(())
//!     },
//! );
//! isnad_testkit::laws::check(&stage, &[]);
//! ```

pub mod arabic;
pub mod laws;

mod files;
mod news;
mod options;
mod rows;
mod snapshot;

pub use files::MemoryFiles;
pub use options::options;
pub use rows::{layer_rows, rows};
pub use snapshot::snapshot;
