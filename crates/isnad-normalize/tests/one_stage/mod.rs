//! Running one stage on one text.

use std::sync::atomic::AtomicBool;

use isnad_core::{Article, Batch, ChainLink, Context, Document, NoFiles, Registry, StageId, check_chain};
use serde_json::Value;

/// The document after one stage.
pub(crate) fn run(name: &str, options: Value, raw: &str) -> Document {
    let mut registry = Registry::new();
    isnad_normalize::register(&mut registry);
    let stage =
        registry.get(name).expect("the stage is registered").create(options, &NoFiles).expect("good options");
    let plan = check_chain(&[ChainLink { id: name, contract: stage.contract() }], &|_, _| Vec::new())
        .expect("rewriters fit");
    let running = AtomicBool::new(false);
    let mut batch = Batch::new(vec![Document::new(Article { raw: raw.into(), ..Article::default() })]);
    let cx = Context::new(StageId(0), &plan.grants[0], &running);
    let mut worker = stage.open(&plan.names).expect("rewriters need no names");
    worker.process(&mut batch, &cx).expect("rewriters do not fail");
    batch.documents_mut().pop().expect("the document stays in its batch")
}
