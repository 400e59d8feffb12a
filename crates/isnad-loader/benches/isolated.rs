//! What a process of its own costs a stage: a document at a time, of 3.6 KB, on which the stage puts ten rows, in batches
//! of 64. `direct` is the same stage without a process. Measured on a busy machine with two cores, per document: direct
//! 0.8 µs; in a process 10 µs, and 34 µs where it is lent all words.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use divan::Bencher;
use divan::counter::ItemsCount;
use isnad_core::{
    Article, Batch, ChainLink, Context, Contract, Document, NoFiles, Reads, Span, Stage, StageError, StageId,
    StageKind, Sym, Writes, check_chain, per_doc,
};
use isnad_loader::{Environment, Limits, Plugins, Program, serve};
use schemars::JsonSchema;
use serde::Deserialize;

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some("serve") {
        return serve(&|name| Some(kind(name)));
    }
    divan::main();
    ExitCode::SUCCESS
}

/// What of the rows that are there the stage is lent: none, or the 336 words with an attr each.
const LENT: [&str; 2] = ["nothing", "words"];

#[divan::bench(args = LENT)]
fn direct(bencher: Bencher<'_, '_>, lent: &str) {
    run(bencher, &*kind(lent).create(serde_json::json!({}), &NoFiles).expect("it has no options"));
}

#[divan::bench(args = LENT)]
fn isolated(bencher: Bencher<'_, '_>, lent: &str) {
    let program = Program::this(["serve"]).expect("the system knows its program");
    let plugins = Plugins::new(program, "", Environment::default());
    let made = plugins.isolate(lent, None, &serde_json::json!({}), Limits::default(), &NoFiles);
    let stage: Arc<dyn Stage> = made.expect("it can be made");
    run(bencher, &*stage);
}

fn run(bencher: Bencher<'_, '_>, stage: &dyn Stage) {
    let words = words();
    let chain = [
        ChainLink { id: "words", contract: words.contract() },
        ChainLink { id: "said", contract: stage.contract() },
    ];
    let plan = check_chain(&chain, &|_, _| Vec::new()).expect("words are there");
    let running = AtomicBool::new(false);
    let cx = |stage: u16| Context::new(StageId(stage), &plan.grants[stage as usize], &running);
    let mut before = words.open(&plan.names).expect("it opens");
    let mut worker = stage.open(&plan.names).expect("it opens");
    let raw =
        "قال الوزير إن المفاوضات بين الجانبين مستمرة في العاصمة، وإن الجولة المقبلة تعقد قريبا. ".repeat(24);
    let article = Article { raw, ..Article::default() };
    let mut batch = || {
        let mut batch = Batch::new((0..64).map(|_| Document::new(article.clone())).collect());
        before.process(&mut batch, &cx(0)).expect("it runs");
        batch
    };
    worker.process(&mut batch(), &cx(1)).expect("it runs");
    bencher.counter(ItemsCount::new(64_usize)).with_inputs(batch).bench_local_refs(|batch| {
        worker.process(batch, &cx(1)).expect("it runs");
    });
}

/// Marks words and gives each an attr.
fn words() -> impl Stage {
    per_doc(
        Contract::new().writes(Writes::rows("word", 1).attrs(["norm"])),
        |names| {
            let layer = names.layer("word").ok_or_else(|| StageError::undeclared("word"))?;
            Ok((layer, names.sym("norm").ok_or_else(|| StageError::undeclared("norm"))?))
        },
        |(layer, norm), document, cx| {
            let text = document.content().text().to_owned();
            let (_, mut rows) = document.annotate(cx);
            for word in text.split_whitespace() {
                let begin = word.as_ptr().addr() - text.as_ptr().addr();
                let row =
                    rows.add(*layer, Span::new(begin, begin + word.len()), Sym::NONE, Sym::NONE, 1.0)?;
                rows.attr(row, *norm, word)?;
            }
            Ok(())
        },
    )
}

/// Marks ten times «قال». The kind is called what it is lent.
fn kind(lent: &str) -> StageKind {
    let (name, contract) = match lent {
        "words" => ("words", Contract::new().reads(Reads::layer("word", 1))),
        _ => ("nothing", Contract::new()),
    };
    StageKind::new(name, "marks ten times «قال»", "", move |NoOptions {}, _| {
        Ok(per_doc(
            contract.clone().writes(Writes::rows("said", 1)),
            |names| names.layer("said").ok_or_else(|| StageError::undeclared("said")),
            |said, document, cx| {
                let (content, mut rows) = document.annotate(cx);
                for (at, word) in content.text().match_indices("قال").take(10) {
                    rows.add(*said, Span::new(at, at + word.len()), Sym::NONE, Sym::NONE, 1.0)?;
                }
                Ok(())
            },
        ))
    })
}

#[derive(Default, Deserialize, JsonSchema)]
struct NoOptions {}
