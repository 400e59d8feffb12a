//! Bytes per second of each stage, and of all in a row, on three kinds of text. Making the documents
//! is not counted, the census of a fresh document is.
//!
//! `cargo bench -p isnad-normalize`

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use divan::Bencher;
use divan::counter::BytesCount;
use isnad_core::{
    Article, Batch, ChainLink, Context, Document, NoFiles, Registry, Stage, StageId, check_chain,
};

fn main() {
    divan::main();
}

const STAGES: [&str; 6] = [
    "normalize.unicode",
    "normalize.controls",
    "normalize.marks",
    "normalize.tatweel",
    "normalize.punctuation",
    "normalize.space",
];

#[divan::bench(args = STAGES)]
fn news(bencher: Bencher<'_, '_>, stage: &str) {
    run(bencher, &[stage], NEWS);
}

#[divan::bench(args = STAGES)]
fn untidy(bencher: Bencher<'_, '_>, stage: &str) {
    run(bencher, &[stage], UNTIDY);
}

#[divan::bench(args = STAGES)]
fn vocalized(bencher: Bencher<'_, '_>, stage: &str) {
    run(bencher, &[stage], VOCALIZED);
}

#[divan::bench(args = ["news", "untidy", "vocalized"])]
fn all_stages(bencher: Bencher<'_, '_>, text: &str) {
    run(
        bencher,
        &STAGES,
        match text {
            "news" => NEWS,
            "untidy" => UNTIDY,
            _ => VOCALIZED,
        },
    );
}

/// 64 documents of some 4 kB, as a run hands them over.
fn run(bencher: Bencher<'_, '_>, names: &[&str], paragraph: &str) {
    let mut registry = Registry::new();
    isnad_normalize::register(&mut registry);
    let stages: Vec<Arc<dyn Stage>> = names
        .iter()
        .map(|name| {
            let kind = registry.get(name).expect("all stages are registered");
            kind.create(serde_json::json!({}), &NoFiles).expect("defaults are right")
        })
        .collect();
    let chain: Vec<ChainLink<'_>> =
        names.iter().zip(&stages).map(|(id, stage)| ChainLink { id, contract: stage.contract() }).collect();
    let plan = check_chain(&chain, &|_, _| Vec::new()).expect("rewriters fit anywhere");
    let raw = [paragraph; 3].join("\n\n").repeat(4096 / (3 * paragraph.len()) + 1);
    let running = AtomicBool::new(false);
    bencher
        .counter(BytesCount::new(64 * raw.len()))
        .with_inputs(|| {
            let article = || Article { raw: raw.clone(), ..Article::default() };
            Batch::new((0..64).map(|_| Document::new(article())).collect())
        })
        .bench_local_refs(|batch| {
            for (index, stage) in stages.iter().enumerate() {
                let cx = Context::new(StageId(index as u16), &plan.grants[index], &running);
                let mut worker = stage.open(&plan.names).expect("rewriters need no names");
                worker.process(batch, &cx).expect("rewriters do not fail");
            }
        });
}

const NEWS: &str = "القاهرة (رويترز) - قال وزير الخارجية المصري سامح شكري يوم الثلاثاء إن المفاوضات ستستأنف الأسبوع المقبل، \
مؤكدا أن بلاده «لن تشارك في القمة» ما لم يُعلن وقف لإطلاق النار. وأضاف في مؤتمر صحافي أن الحكومة خصصت 1,250 مليون دولار \
لإعادة الإعمار، بينما بلغت نسبة التضخم 3.5% في الربع الأول من عام 2023. ولم يصدر تعليق من الجانب الآخر.";

const UNTIDY: &str = "القــاهرة ـ  رويترز :\u{200F} قال وزيـر الخارجية المصري سامح شكري يوم الثلاثاء ان المفاوضات ستستأنف \
الأسبوع المقبل ,\u{00A0}مؤكداً أنّ بلاده \"لن تشارك في القمة\" ما لم يعلن وقف لاطلاق النار .وأضاف\u{200C} في مؤتمر صحافي أن  \
الحكومة خصصت 1,250 مليون دولار  لإعادة الإعمار ، بينما بلغت نسبة التضخم  3.5% في الربع الأول من عام 2023 .\t\r\n";

const VOCALIZED: &str = "قَالَ وَزِيرُ الخَارِجِيَّةِ المِصْرِيُّ سَامِحٌ شُكْرِي يَوْمَ الثُّلَاثَاءِ إِنَّ المُفَاوَضَاتِ سَتُسْتَأْنَفُ الأُسْبُوعَ المُقْبِلَ، مُؤَكِّدًا أَنَّ بِلَادَهُ لَنْ \
تُشَارِكَ فِي القِمَّةِ مَا لَمْ يُعْلَنْ وَقْفٌ لِإِطْلَاقِ النَّارِ.";
