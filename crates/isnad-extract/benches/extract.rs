//! Bytes of raw text per second of each stage behind those before it, and of all in a row, on generated
//! news. Making the documents and the work of the stages before is not counted.
//!
//! `cargo bench -p isnad-extract`

#[path = "../tests/stages/mod.rs"]
mod stages;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use divan::Bencher;
use divan::counter::BytesCount;
use isnad_core::{Article, Batch, ChainLink, Context, Document, Plan, Stage, StageId, check_chain};
use isnad_testkit::arabic::news_text;
use jiff::civil::date;
use proptest::collection::vec;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use stages::{NAMES, stages};

fn main() {
    divan::main();
}

#[divan::bench(args = NAMES)]
fn stage(bencher: Bencher<'_, '_>, name: &str) {
    let place = NAMES.iter().position(|known| *known == name).expect("the stage has a place");
    run(bencher, place..place + 1);
}

#[divan::bench]
fn all_stages(bencher: Bencher<'_, '_>) {
    run(bencher, 0..NAMES.len());
}

/// Measures some of the stages in a row.
fn run(bencher: Bencher<'_, '_>, measured: std::ops::Range<usize>) {
    let stages = stages(&[]);
    let chain: Vec<ChainLink<'_>> =
        NAMES.iter().zip(&stages).map(|(id, stage)| ChainLink { id, contract: stage.contract() }).collect();
    let plan = check_chain(&chain, &|_, _| Vec::new()).expect("the pipeline is sound");
    let articles = articles();
    let bytes: usize = articles.iter().map(|article| article.raw.len()).sum();
    bencher
        .counter(BytesCount::new(bytes))
        .with_inputs(|| {
            let mut batch = Batch::new(articles.iter().cloned().map(Document::new).collect());
            process(&stages, &plan, 0..measured.start, &mut batch);
            batch
        })
        .bench_local_refs(|batch| process(&stages, &plan, measured.clone(), batch));
}

fn process(stages: &[Arc<dyn Stage>], plan: &Plan, which: std::ops::Range<usize>, batch: &mut Batch) {
    let running = AtomicBool::new(false);
    for index in which {
        let cx = Context::new(StageId(index as u16), &plan.grants[index], &running);
        let mut worker = stages[index].open(&plan.names).expect("the plan has all names");
        worker.process(batch, &cx).expect("no text ends a run");
    }
}

/// 64 articles of some 3 kB, always the same ones.
fn articles() -> Vec<Article> {
    let mut runner = TestRunner::deterministic();
    let raw = vec(news_text(), 4).prop_map(|texts| texts.join("\n\n"));
    (0..64)
        .map(|_| {
            let raw = raw.new_tree(&mut runner).expect("no filter").current();
            Article { raw, published: Some(date(2018, 2, 21)), ..Article::default() }
        })
        .collect()
}
