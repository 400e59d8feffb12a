//! What an isnad pipeline is made of: documents with their raw text, rewritten text and alignment;
//! rows that annotate them; contracts that say what a stage reads and writes; stages and workers; the
//! registry that names them. No input or output, threads or clock here.
//!
//! ```
//! use std::sync::atomic::AtomicBool;
//! use isnad_core::*;
//!
//! // A stage that marks every «قال».
//! let contract = Contract::new().writes(Writes::rows("said", 1));
//! let stage = per_doc(
//!     contract,
//!     |names| names.layer("said").ok_or_else(|| StageError::undeclared("said")),
//!     |said, document, cx| {
//!         let (content, mut rows) = document.annotate(cx);
//!         for (at, word) in content.text().match_indices("قال") {
//!             rows.add(*said, Span::new(at, at + word.len()), Sym::NONE, Sym::NONE, 1.0)?;
//!         }
//!         Ok(())
//!     },
//! );
//!
//! // A chain is checked before anything runs; the plan numbers all names.
//! let chain = [ChainLink { id: "said", contract: stage.contract() }];
//! let plan = check_chain(&chain, &|_, _| Vec::new()).expect("a stage that reads nothing fits anywhere");
//!
//! let article = Article { raw: "قال الوزير".into(), ..Article::default() };
//! let mut batch = Batch::new(vec![Document::new(article)]);
//! let running = AtomicBool::new(false);
//! let cx = Context::new(StageId(0), &plan.grants[0], &running);
//! stage.open(&plan.names)?.process(&mut batch, &cx)?;
//!
//! let layer = plan.names.layer("said").expect("the contract declares it");
//! assert_eq!(batch.documents()[0].tables().rows(layer).len(), 1);
//! # Ok::<(), StageError>(())
//! ```

#![cfg_attr(test, allow(clippy::string_slice, reason = "tests slice texts they know"))]

mod alignment;
mod chain;
mod contract;
mod disclosure;
mod document;
mod edit;
mod names;
mod registry;
mod sink;
mod span;
mod stage;
mod table;

pub use alignment::{Alignment, Attach, Segment, SegmentKind};
pub use chain::{ChainError, ChainErrorKind, ChainLink, Grants, Plan, check_chain};
pub use contract::{Contract, DocumentEffect, Order, Reads, SinkKind, Text, TextAccess, Writes};
pub use disclosure::Disclosure;
pub use document::{Annotator, Article, Content, DocError, Document, Fate, Mark, Origin, Shown, Warning};
pub use edit::{Edit, EditError, EditKind, Edits};
pub use names::{LayerId, LayerInfo, Names, StageId, Sym};
pub use registry::{Example, NoFiles, OptionError, Registry, StageKind};
pub use sink::{ByteSink, Files, Output, Sink, Token};
pub use span::Span;
pub use stage::{Batch, Context, Stage, StageError, StageErrorKind, Worker, per_doc};
pub use table::{Attr, Heads, LayerTables, Link, Row, RowError, RowRef, Tables, TablesMark};
