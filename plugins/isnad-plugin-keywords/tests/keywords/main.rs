//! `keywords.phrases` behind the stages that give it words: laws first, then cases.

mod cases;
mod command;
mod laws;

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, LazyLock};

use isnad_core::{
    Article, Batch, ChainLink, Context, Document, Files, OptionError, Registry, Stage, StageId, check_chain,
};
use isnad_testkit::MemoryFiles;
use serde_json::{Value, json};

/// One for all tests: the lexicon of the stages before is compiled once.
static REGISTRY: LazyLock<Registry> = LazyLock::new(|| {
    let mut registry = Registry::new();
    isnad_extract::register(&mut registry);
    isnad_plugin_keywords::register(&mut registry);
    registry
});

/// The stage and those before it.
const CHAIN: [&str; 3] = ["extract.sentences", "extract.tokens", "keywords.phrases"];

/// The stage with these options, last; before it what gives it words.
fn chain(options: Value, files: &dyn Files) -> Result<[Arc<dyn Stage>; 3], Vec<OptionError>> {
    let make = |name: &str, options| REGISTRY.get(name).expect("it is registered").create(options, files);
    let [sentences, tokens, keywords] = CHAIN;
    Ok([make(sentences, json!({}))?, make(tokens, json!({}))?, make(keywords, options)?])
}

/// The key phrases of a text, the best one first: text, norm, count and score.
fn keywords(stages: &[Arc<dyn Stage>; 3], raw: &str) -> Vec<(String, String, String, String)> {
    let links: Vec<ChainLink<'_>> =
        CHAIN.iter().zip(stages).map(|(id, stage)| ChainLink { id, contract: stage.contract() }).collect();
    let plan = check_chain(&links, &|_, _| Vec::new()).expect("the chain is sound");
    let running = AtomicBool::new(false);
    let mut batch = Batch::new(vec![Document::new(Article { raw: raw.into(), ..Article::default() })]);
    for (index, stage) in stages.iter().enumerate() {
        let cx = Context::new(StageId(index as u16), &plan.grants[index], &running);
        stage
            .open(&plan.names)
            .and_then(|mut worker| worker.process(&mut batch, &cx))
            .expect("no text stops it");
    }
    let document = &batch.documents()[0];
    assert!(document.is_live(), "{:?}", document.fate());
    let attr = |row, key: &str| {
        let key = plan.names.sym(key).expect("the contract declares it");
        document.tables().attr(row, key).unwrap_or_default().to_owned()
    };
    let layer = plan.names.layer("keyword").expect("the contract declares it");
    let mut found: Vec<(usize, (String, String, String, String))> = document
        .tables()
        .refs(layer)
        .map(|(row, found)| {
            let text = found.span.of(document.content().text()).to_owned();
            let rank = attr(row, "rank").parse().expect("a rank is a number");
            (rank, (text, attr(row, "norm"), attr(row, "count"), format!("{:.3}", found.score)))
        })
        .collect();
    found.sort();
    found.into_iter().map(|(_, found)| found).collect()
}

/// The same with default options.
fn keywords_of(raw: &str) -> Vec<(String, String, String, String)> {
    let stages = chain(json!({}), &MemoryFiles::default()).expect("there are no options");
    keywords(&stages, raw)
}
