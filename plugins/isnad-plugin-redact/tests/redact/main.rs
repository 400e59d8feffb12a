//! `redact.identifiers` on whole articles: laws first, then cases.

mod cases;
mod laws;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use isnad_core::{
    Article, Batch, ChainLink, Context, Document, NoFiles, OptionError, Registry, Stage, StageId, StageKind,
    check_chain,
};
use serde_json::Value;

fn kind() -> StageKind {
    let mut registry = Registry::new();
    isnad_plugin_redact::register(&mut registry);
    registry.get("redact.identifiers").expect("it is registered").clone()
}

/// The stage with these options.
fn stage(options: Value) -> Result<Arc<dyn Stage>, Vec<OptionError>> {
    kind().create(options, &NoFiles)
}

/// A text after the stage.
fn run(stage: &dyn Stage, raw: &str) -> Document {
    let chain = [ChainLink { id: "redact", contract: stage.contract() }];
    let plan = check_chain(&chain, &|_, _| Vec::new()).expect("a stage that reads no rows fits anywhere");
    let running = AtomicBool::new(false);
    let mut batch = Batch::new(vec![Document::new(Article { raw: raw.into(), ..Article::default() })]);
    let cx = Context::new(StageId(0), &plan.grants[0], &running);
    stage.open(&plan.names).and_then(|mut worker| worker.process(&mut batch, &cx)).expect("no text stops it");
    batch.documents_mut().pop().expect("the document stays in its batch")
}
