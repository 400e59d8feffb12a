//! What the tests of isnad stages are made of, for the stages of this project and for yours: the
//! [`laws`](mod@laws) that every stage keeps, strategies for Arabic text, and documents in a form for people.
//!
//! One line gives a stage its tests, [one for each law](laws!):
//!
//! ```
//! use isnad_core::{Contract, Span, Stage, StageError, Sym, Writes, per_doc};
//!
//! /// Marks «قال».
//! fn said() -> impl Stage {
//!     per_doc(
//!         Contract::new().writes(Writes::rows("said", 1)),
//!         |names| names.layer("said").ok_or_else(|| StageError::undeclared("said")),
//!         |said, document, cx| {
//!             let (content, mut rows) = document.annotate(cx);
//!             for (at, word) in content.text().match_indices("قال") {
//!                 rows.add(*said, Span::new(at, at + word.len()), Sym::NONE, Sym::NONE, 1.0)?;
//!             }
//!             Ok(())
//!         },
//!     )
//! }
//!
//! isnad_testkit::laws!(said());
//!
//! // The same in one test.
//! # fn main() {
//! isnad_testkit::laws::check(&said(), &[]);
//! # }
//! ```
//!
//! What a stage does beyond the laws, its author tests with [proptest], on texts from these strategies:
//!
//! | strategy | what it makes |
//! |---|---|
//! | [`arabic::word`] | a word in Arabic letters, now and then with marks, tatweel, a letter of another language or an attached conjunction |
//! | [`arabic::news_text`] | a few paragraphs of plausible news: dateline, speakers, quotations, numbers, dates |
//! | [`arabic::text`] | anything that ever came out of a crawler; often empty |
//! | [`arabic::article`] | an article with either, with and without date, metadata and title |
//! | [`arabic::documents`] | so many of them, as documents that have just been read |
//! | [`options()`] | options of a stage that its schema allows |
//! | [`hostile_texts`] | no strategy, but a fixed list: the worst texts there are |
//!
//! ```
//! use isnad_testkit::arabic;
//! use proptest::prelude::*;
//!
//! proptest! {
//!     # #![proptest_config(ProptestConfig::with_cases(16))]
//!     # /*
//!     #[test]
//!     # */
//!     fn words_have_no_spaces(word in arabic::word()) {
//!         prop_assert!(!word.contains(' '));
//!     }
//! }
//! # fn main() { words_have_no_spaces(); }
//! ```
//!
//! | tool | what it is for |
//! |---|---|
//! | [`laws::Laws`] | the laws, configured by hand: some of them, behind other stages, on articles of your own, one by one |
//! | [`Fixture`] | a counter-example as a file; [`laws!`] keeps and replays them |
//! | [`shrink()`] | articles made smaller while they show a failure that proptest cannot work on, such as a crash in another process |
//! | [`text_on`], [`rows_on`] | what a stage by itself makes of a text |
//! | [`rows()`], [`layer_rows`] | what a stage wrote on a document, or the rows of some layers, a line for each |
//! | [`snapshot()`] | all rows with places, rules and scores |
//! | [`MemoryFiles`] | the file system of a stage under test |
//!
//! [proptest]: https://docs.rs/proptest

pub mod arabic;
pub mod laws;

mod files;
mod fixture;
mod hostile;
mod macros;
mod news;
mod once;
mod options;
mod rows;
mod shrink;
mod snapshot;
mod suite;

pub use files::MemoryFiles;
pub use fixture::Fixture;
pub use hostile::hostile_texts;
pub use once::{rows_on, text_on};
pub use options::options;
pub use rows::{layer_rows, rows};
pub use shrink::shrink;
pub use snapshot::{escaped, is_unseen, snapshot};

/// What the macro [`laws!`] needs; nothing to be called by hand.
#[doc(hidden)]
pub mod __laws {
    pub use serde_json::json;

    pub use crate::suite::{Subject, Suite, suite};
}
