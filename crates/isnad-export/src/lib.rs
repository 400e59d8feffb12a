//! The stages that write documents out: `export.jsonl` for programs, `export.text` for pipelines that
//! only normalize, `export.summary` for a person at a terminal.
//!
//! Each worker encodes the documents of its batch on its own thread; the sink only appends. Whatever
//! comes from the source goes through [`isnad_core::Disclosure`], so that no output shows what a
//! pipeline withheld.
//!
//! ```
//! use std::sync::atomic::AtomicBool;
//! use isnad_core::*;
//! use serde_json::json;
//!
//! let mut registry = Registry::new();
//! isnad_export::register(&mut registry);
//! let jsonl = registry.get("export.jsonl").expect("it was registered just now");
//! let stage = jsonl.create(json!({ "offsets": "byte" }), &NoFiles).expect("the options are valid");
//!
//! let plan = check_chain(&[ChainLink { id: "out", contract: stage.contract() }], &|_, _| Vec::new()).unwrap();
//! let article = Article { id: "a".into(), raw: "قال".into(), ..Article::default() };
//! let mut batch = Batch::new(vec![Document::new(article)]);
//! let running = AtomicBool::new(false);
//! let cx = Context::new(StageId(0), &plan.grants[0], &running);
//! stage.open(&plan.names)?.process(&mut batch, &cx)?;
//!
//! assert_eq!(
//!     String::from_utf8(batch.take_chunk(StageId(0))).unwrap(),
//!     concat!(
//!         r#"{"isnad":1,"id":"a","meta":{},"origin":{"path":null,"record":0},"#,
//!         r#""offsets":"byte","spans":"raw","text":"قال","annotations":[]}"#,
//!         "\n",
//!     )
//! );
//! # Ok::<(), StageError>(())
//! ```

mod json;
mod jsonl;
mod printed;
mod record;
mod ruler;
mod schema;
mod summary;
mod text;

use isnad_core::{Files, Registry, StageKind};

pub use schema::record_schema;

/// Adds the exporters to a registry.
pub fn register(registry: &mut Registry) {
    let jsonl = |options, _: &dyn Files| jsonl::Jsonl::new(options);
    registry
        .add(StageKind::new(jsonl::NAME, jsonl::ABOUT, jsonl::DOCS, jsonl).with_examples(jsonl::EXAMPLES));
    let text = |options, _: &dyn Files| Ok(text::PlainText::new(options));
    registry.add(StageKind::new(text::NAME, text::ABOUT, text::DOCS, text).with_examples(text::EXAMPLES));
    let summary = |options, _: &dyn Files| summary::Summary::new(options);
    registry.add(
        StageKind::new(summary::NAME, summary::ABOUT, summary::DOCS, summary)
            .with_examples(summary::EXAMPLES),
    );
}
