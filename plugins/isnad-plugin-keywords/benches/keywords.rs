//! Bytes of raw text per second, of this stage alone, behind sentences and tokens. `cargo bench -p
//! isnad-plugin-keywords` measures generated news; `ISNAD_BENCH_NEWS=news.jsonl` the field `text` of the records
//! of a file. The folded view of the text, which stages share, is counted here.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, LazyLock};

use divan::Bencher;
use divan::counter::BytesCount;
use isnad_core::{
    Article, Batch, ChainLink, Context, Document, NoFiles, Plan, Registry, Stage, StageId, check_chain,
};
use isnad_testkit::arabic::news_text;
use proptest::collection::vec;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

/// Articles that are measured.
const ARTICLES: usize = 500;

const CHAIN: [&str; 3] = ["extract.sentences", "extract.tokens", "keywords.phrases"];

static TEXTS: LazyLock<Vec<String>> = LazyLock::new(|| match std::env::var("ISNAD_BENCH_NEWS") {
    Ok(path) => {
        let lines = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("`{path}`: {error}"));
        let text = |line: &str| {
            let record: Value = serde_json::from_str(line).expect("a line is a JSON record");
            record.get("text").and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        lines.lines().take(ARTICLES).map(text).collect()
    }
    Err(_) => {
        let mut runner = TestRunner::deterministic();
        let texts = vec(news_text(), 4).prop_map(|texts| texts.join("\n\n"));
        (0..ARTICLES).map(|_| texts.new_tree(&mut runner).expect("no filter").current()).collect()
    }
});

fn main() {
    divan::main();
}

#[divan::bench]
fn keywords(bencher: Bencher<'_, '_>) {
    let mut registry = Registry::new();
    isnad_extract::register(&mut registry);
    isnad_plugin_keywords::register(&mut registry);
    let make = |name| registry.get(name).expect("it is registered").create(json!({}), &NoFiles);
    let stages = CHAIN.map(|name| make(name).expect("there are no options"));
    let links: Vec<ChainLink<'_>> =
        CHAIN.iter().zip(&stages).map(|(id, stage)| ChainLink { id, contract: stage.contract() }).collect();
    let plan = check_chain(&links, &|_, _| Vec::new()).expect("the chain is sound");
    let document = |raw: &String| Document::new(Article { raw: raw.clone(), ..Article::default() });
    bencher
        .counter(BytesCount::new(TEXTS.iter().map(String::len).sum::<usize>()))
        .with_inputs(|| {
            let mut batch = Batch::new(TEXTS.iter().map(document).collect());
            process(&stages, &plan, 0..2, &mut batch);
            batch
        })
        .bench_local_refs(|batch| process(&stages, &plan, 2..3, batch));
}

fn process(stages: &[Arc<dyn Stage>], plan: &Plan, which: std::ops::Range<usize>, batch: &mut Batch) {
    let running = AtomicBool::new(false);
    for index in which {
        let cx = Context::new(StageId(index as u16), &plan.grants[index], &running);
        let mut worker = stages[index].open(&plan.names).expect("the plan has all names");
        worker.process(batch, &cx).expect("no text ends a run");
    }
}
