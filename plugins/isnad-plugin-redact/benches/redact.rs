//! Bytes of raw text per second. `cargo bench -p isnad-plugin-redact` measures generated news;
//! `ISNAD_BENCH_NEWS=news.jsonl` the field `text` of the records of a file. Making the documents is not counted.

use std::sync::LazyLock;
use std::sync::atomic::AtomicBool;

use divan::Bencher;
use divan::counter::BytesCount;
use isnad_core::{Article, Batch, ChainLink, Context, Document, NoFiles, Registry, StageId, check_chain};
use isnad_testkit::arabic::news_text;
use proptest::collection::vec;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

/// Articles that are measured.
const ARTICLES: usize = 1_000;

/// What stands at the end of an article with contacts.
const CONTACTS: &str =
    "\nللتواصل: +966 50 123 4567 أو 01012345678، press@example.com، الرقم القومي 29001012112345";

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

#[divan::bench(args = ["", CONTACTS])]
fn redact(bencher: Bencher<'_, '_>, contacts: &str) {
    let mut registry = Registry::new();
    isnad_plugin_redact::register(&mut registry);
    let kind = registry.get("redact.identifiers").expect("it is registered");
    let stage = kind.create(json!({}), &NoFiles).expect("there are no options");
    let plan = check_chain(&[ChainLink { id: "redact", contract: stage.contract() }], &|_, _| Vec::new())
        .expect("it fits anywhere");
    let texts: Vec<String> = TEXTS.iter().map(|text| format!("{text}{contacts}")).collect();
    let document = |raw: &String| Document::new(Article { raw: raw.clone(), ..Article::default() });
    bencher
        .counter(BytesCount::new(texts.iter().map(String::len).sum::<usize>()))
        .with_inputs(|| Batch::new(texts.iter().map(document).collect()))
        .bench_local_refs(|batch| {
            let running = AtomicBool::new(false);
            let cx = Context::new(StageId(0), &plan.grants[0], &running);
            let mut worker = stage.open(&plan.names).expect("it needs no names");
            worker.process(batch, &cx).expect("no text ends a run");
        });
}
