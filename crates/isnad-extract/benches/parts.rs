//! Sentences and tokens, bytes of raw text per second, beside segmenters of the Unicode standard (which
//! find boundaries and nothing else: no labels, rows, folded forms or proclitics).
//!
//! `ISNAD_BENCH_NEWS=news.jsonl cargo bench -p isnad-extract --bench parts`: the field `text` of the first
//! records of a JSON lines file; without the variable, generated news.

#[path = "../tests/stages/mod.rs"]
mod stages;

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, LazyLock};

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use icu_segmenter::options::{SentenceBreakInvariantOptions, WordBreakInvariantOptions};
use icu_segmenter::{SentenceSegmenter, WordSegmenter};
use isnad_core::{Article, Batch, ChainLink, Context, Document, Plan, Stage, StageId, check_chain};
use isnad_testkit::arabic::news_text;
use proptest::collection::vec;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use stages::{NAMES, stages};
use unicode_segmentation::UnicodeSegmentation;

/// How many articles: too many for the processor to learn them by heart.
const ARTICLES: usize = 1_000;

/// Documents in a batch, as a run makes them.
const BATCH: usize = 64;

static TEXTS: LazyLock<Vec<String>> = LazyLock::new(|| match std::env::var("ISNAD_BENCH_NEWS") {
    Ok(path) => {
        let lines = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("`{path}`: {error}"));
        let text = |line: &str| {
            let record: serde_json::Value = serde_json::from_str(line).expect("a line is a JSON record");
            record.get("text").and_then(|text| text.as_str()).unwrap_or_default().to_owned()
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
fn isnad_language(bencher: Bencher<'_, '_>) {
    measure(bencher, &["extract.language"]);
}

#[divan::bench]
fn isnad_sentences(bencher: Bencher<'_, '_>) {
    measure(bencher, &["extract.sentences"]);
}

#[divan::bench]
fn isnad_sentences_and_tokens(bencher: Bencher<'_, '_>) {
    measure(bencher, &["extract.sentences", "extract.tokens"]);
}

#[divan::bench]
fn icu_sentences(bencher: Bencher<'_, '_>) {
    let segmenter = SentenceSegmenter::new(SentenceBreakInvariantOptions::default());
    peer(bencher, |text| segmenter.segment_str(text).count());
}

#[divan::bench]
fn icu_words(bencher: Bencher<'_, '_>) {
    let segmenter = WordSegmenter::new_auto(WordBreakInvariantOptions::default());
    peer(bencher, |text| segmenter.segment_str(text).count());
}

#[divan::bench]
fn unicode_sentences(bencher: Bencher<'_, '_>) {
    peer(bencher, |text| text.split_sentence_bound_indices().count());
}

#[divan::bench]
fn unicode_words(bencher: Bencher<'_, '_>) {
    peer(bencher, |text| text.split_word_bound_indices().count());
}

fn peer(bencher: Bencher<'_, '_>, mut count: impl FnMut(&str) -> usize) {
    let bytes: usize = TEXTS.iter().map(String::len).sum();
    let mut all = || TEXTS.iter().map(|text| count(black_box(text))).sum::<usize>();
    bencher.counter(BytesCount::new(bytes)).bench_local(&mut all);
}

/// Measures these stages in a row, with all that they derive from the text on the way.
fn measure(bencher: Bencher<'_, '_>, names: &[&str]) {
    let all = stages(&[]);
    let chosen: Vec<(&str, Arc<dyn Stage>)> =
        NAMES.into_iter().zip(all).filter(|(name, _)| names.contains(name)).collect();
    let chain: Vec<ChainLink<'_>> =
        chosen.iter().map(|(id, stage)| ChainLink { id, contract: stage.contract() }).collect();
    let plan = check_chain(&chain, &|_, _| Vec::new()).expect("the pipeline is sound");
    let bytes: usize = TEXTS.iter().map(String::len).sum();
    bencher
        .counter(BytesCount::new(bytes))
        .with_inputs(|| {
            let document = |raw: &String| Document::new(Article { raw: raw.clone(), ..Article::default() });
            TEXTS
                .chunks(BATCH)
                .map(|texts| Batch::new(texts.iter().map(document).collect()))
                .collect::<Vec<_>>()
        })
        .bench_local_refs(|batches| {
            // As in a run: a batch is let go before the next one comes.
            batches.drain(..).for_each(|mut batch| process(&chosen, &plan, &mut batch));
        });
}

fn process(stages: &[(&str, Arc<dyn Stage>)], plan: &Plan, batch: &mut Batch) {
    let running = AtomicBool::new(false);
    for (index, (_, stage)) in stages.iter().enumerate() {
        let cx = Context::new(StageId(index as u16), &plan.grants[index], &running);
        let mut worker = stage.open(&plan.names).expect("the plan has all names");
        worker.process(batch, &cx).expect("no text ends a run");
    }
}
