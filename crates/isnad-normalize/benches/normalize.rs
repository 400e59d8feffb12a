//! Bytes per second of normalization: each stage, the chain of the pipeline `news`, every switch on; beside
//! them what the views cost that they stand on, peers, and a plain copy of the text. Making the documents
//! is not counted.
//!
//! `cargo bench -p isnad-normalize` measures three kinds of text made here;
//! `ISNAD_BENCH_NEWS=news.jsonl cargo bench -p isnad-normalize -- corpus` the articles of a file, whose
//! records have a field `text`.

use std::hint::black_box;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, LazyLock};

use divan::Bencher;
use divan::counter::BytesCount;
use isnad_arabic::{Census, Folded};
use isnad_core::{
    Article, Batch, ChainLink, Context, Document, NoFiles, Registry, Stage, StageId, check_chain,
};
use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization;

fn main() {
    divan::main();
}

/// The stages of the pipeline `news`, in their order.
const NEWS_CHAIN: [&str; 7] = [
    "normalize.repair",
    "normalize.unicode",
    "normalize.controls",
    "normalize.marks",
    "normalize.tatweel",
    "normalize.punctuation",
    "normalize.space",
];

const TEXTS: [&str; 4] = ["corpus", "news", "untidy", "vocalized"];

#[divan::bench(args = TEXTS)]
fn chain_of_news(bencher: Bencher<'_, '_>, text: &str) {
    let stages = NEWS_CHAIN.map(|name| (name, json!({})));
    run(bencher, &stages, text);
}

#[divan::bench(args = TEXTS)]
fn every_switch(bencher: Bencher<'_, '_>, text: &str) {
    run(bencher, &every_stage(), text);
}

#[divan::bench(args = NEWS_CHAIN)]
fn stage_on_corpus(bencher: Bencher<'_, '_>, stage: &str) {
    run(bencher, &[(stage, json!({}))], "corpus");
}

#[divan::bench(args = TEXTS)]
fn census(bencher: Bencher<'_, '_>, text: &str) {
    each(bencher, text, |text| {
        black_box(Census::of(text));
    });
}

#[divan::bench(args = TEXTS)]
fn folded_view(bencher: Bencher<'_, '_>, text: &str) {
    each(bencher, text, |text| {
        black_box(Folded::new(text));
    });
}

#[divan::bench(args = TEXTS)]
fn peer_unicode_normalization_nfkc(bencher: Bencher<'_, '_>, text: &str) {
    each(bencher, text, |text| {
        black_box(text.nfkc().collect::<String>());
    });
}

#[divan::bench(args = TEXTS)]
fn peer_icu_normalizer_nfkc(bencher: Bencher<'_, '_>, text: &str) {
    let icu = icu_normalizer::ComposingNormalizerBorrowed::new_nfkc();
    each(bencher, text, |text| {
        black_box(icu.normalize(text));
    });
}

#[divan::bench(args = TEXTS)]
fn copy(bencher: Bencher<'_, '_>, text: &str) {
    each(bencher, text, |text| {
        black_box(text.to_owned());
    });
}

/// Every switch of every stage, those that the pipeline `news` leaves off included.
fn every_stage() -> Vec<(&'static str, Value)> {
    vec![
        ("normalize.repair", json!({})),
        ("normalize.unicode", json!({})),
        ("normalize.controls", json!({})),
        ("normalize.marks", json!({ "hamza": true })),
        ("normalize.tatweel", json!({ "lone": "remove" })),
        (
            "normalize.letters",
            json!({
                "alef": true, "hamza": "bare", "ya": true, "ta_marbuta": true, "kaf": true,
                "look_alikes": true, "foreign": true, "lam_alef": true, "repeats": 1,
            }),
        ),
        ("normalize.digits", json!({ "to": "ascii", "separators": true })),
        (
            "normalize.punctuation",
            json!({
                "quotes": "guillemets", "single_quotes": "guillemets", "ellipsis": "character", "dashes": "en",
                "space_outside": true, "repeated": true,
            }),
        ),
        ("normalize.space", json!({ "blank_lines": 0 })),
    ]
}

/// Measures a function of each text.
fn each(bencher: Bencher<'_, '_>, text: &str, measured: impl Fn(&str) + Sync) {
    let texts = texts(text);
    bencher
        .counter(BytesCount::new(bytes(&texts)))
        .bench_local(|| texts.iter().for_each(|text| measured(text)));
}

/// Measures stages in a row, on batches of 64 documents as a run hands them over.
fn run(bencher: Bencher<'_, '_>, chain: &[(&str, Value)], text: &str) {
    let mut registry = Registry::new();
    isnad_normalize::register(&mut registry);
    let stages: Vec<Arc<dyn Stage>> = chain
        .iter()
        .map(|(name, options)| {
            let kind = registry.get(name).expect("all stages are registered");
            kind.create(options.clone(), &NoFiles).expect("the options are right")
        })
        .collect();
    let links: Vec<ChainLink<'_>> = chain
        .iter()
        .zip(&stages)
        .map(|((id, _), stage)| ChainLink { id, contract: stage.contract() })
        .collect();
    let plan = check_chain(&links, &|_, _| Vec::new()).expect("rewriters fit anywhere");
    let texts = texts(text);
    let running = AtomicBool::new(false);
    bencher
        .counter(BytesCount::new(bytes(&texts)))
        .with_inputs(|| {
            let article = |raw: &String| Article { raw: raw.clone(), ..Article::default() };
            let batch = |raws: &[String]| Batch::new(raws.iter().map(article).map(Document::new).collect());
            texts.chunks(64).map(batch).collect::<Vec<Batch>>()
        })
        .bench_local_refs(|batches| {
            for batch in batches {
                for (index, stage) in stages.iter().enumerate() {
                    let cx = Context::new(StageId(index as u16), &plan.grants[index], &running);
                    let mut worker = stage.open(&plan.names).expect("rewriters need no names");
                    worker.process(batch, &cx).expect("rewriters do not fail");
                }
            }
        });
}

fn bytes(texts: &[String]) -> usize {
    texts.iter().map(String::len).sum()
}

/// Documents of one kind: those of the file, or 64 of some 4 kB.
fn texts(kind: &str) -> Arc<Vec<String>> {
    let paragraph = match kind {
        "corpus" => return CORPUS.clone(),
        "untidy" => UNTIDY,
        "vocalized" => VOCALIZED,
        _ => NEWS,
    };
    let text = [paragraph; 3].join("\n\n").repeat(4096 / (3 * paragraph.len()) + 1);
    Arc::new(vec![text; 64])
}

/// Articles of the file that `ISNAD_BENCH_NEWS` names; without it, news as it is made here.
static CORPUS: LazyLock<Arc<Vec<String>>> = LazyLock::new(|| {
    let Some(path) = std::env::var_os("ISNAD_BENCH_NEWS") else { return texts("news") };
    let lines = std::fs::read_to_string(&path).expect("ISNAD_BENCH_NEWS names a readable file");
    let text = |line: &str| {
        let record: Value = serde_json::from_str(line).expect("a line of the file is JSON");
        record["text"].as_str().expect("a record has a field `text`").to_owned()
    };
    Arc::new(lines.lines().take(2_000).map(text).collect())
});

const NEWS: &str = "القاهرة (رويترز) - قال وزير الخارجية المصري سامح شكري يوم الثلاثاء إن المفاوضات ستستأنف الأسبوع المقبل، \
مؤكدا أن بلاده «لن تشارك في القمة» ما لم يُعلن وقف لإطلاق النار. وأضاف في مؤتمر صحافي أن الحكومة خصصت 1,250 مليون دولار \
لإعادة الإعمار، بينما بلغت نسبة التضخم 3.5% في الربع الأول من عام 2023. ولم يصدر تعليق من الجانب الآخر.";

const UNTIDY: &str = "القــاهرة ـ  رويترز :\u{200F} قال وزيـر الخارجية المصري سامح شكري يوم الثلاثاء ان المفاوضات ستستأنف \
الأسبوع المقبل ,\u{00A0}مؤكداً أنّ بلاده \"لن تشارك في القمة\" ما لم يعلن وقف لاطلاق النار .وأضاف\u{200C} في مؤتمر صحافي أن  \
الحكومة خصصت 1,250 مليون دولار  لإعادة الإعمار ، بينما بلغت نسبة التضخم  3.5% في الربع الأول من عام 2023 .\t\r\n";

const VOCALIZED: &str = "قَالَ وَزِيرُ الخَارِجِيَّةِ المِصْرِيُّ سَامِحٌ شُكْرِي يَوْمَ الثُّلَاثَاءِ إِنَّ المُفَاوَضَاتِ سَتُسْتَأْنَفُ الأُسْبُوعَ المُقْبِلَ، مُؤَكِّدًا أَنَّ بِلَادَهُ لَنْ \
تُشَارِكَ فِي القِمَّةِ مَا لَمْ يُعْلَنْ وَقْفٌ لِإِطْلَاقِ النَّارِ.";
