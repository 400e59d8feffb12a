//! The laws of stages, for every stage of this crate behind those before it in the pipeline `news`.
//! The generated articles are half any text and half plausible news.

mod stages;

use std::sync::Arc;

use isnad_core::{Reads, Stage};
use isnad_testkit::laws::Laws;
use serde_json::{Value, json};
use stages::{NAMES, stages};

/// Few in CI; raise it by hand to search deeper.
const CASES: u32 = 100;

/// What once went wrong, or well might.
const TEXTS: &[&str] = &[
    "",
    " \n\u{2028}\t",
    "\u{0640}\u{064E}", // TATWEEL, FATHA
    "و",
    "«",
    "»»«“”\"\"\"((",
    "قال",
    "وقال : « ولن » \"نقبل “ إن ذلك \" أن",
    "قال إن أن إن: «أن»",
    "بحسب بحسب، وفقا ل، نقلا عن",
    "وللولايات المتحدة ولل",
    "وزير وزير الخارجية ابن بن آل محمد عبد",
    "الرباط – أكد",
    "٣٠ألف ١٬٢٠٠٫٥ و و 99999999999999999999 مليون مليار مليون ٪ %",
    "الساعة 99:99 يوم 31-02-2018، 0/0/0، عام 0، القرن المئة",
    "اليوم أمس غدا الإثنين الماضي المقبل منذ قبل بعد",
    "محمد بن سلمان بن عبد العزيز بن عبد الرحمن بن فيصل بن تركي بن عبد الله",
    "@MFA #رجب_طيب https://a.b/؟و \u{200F}ق\u{200D}ال\u{200C} 👨\u{200D}👩",
    "قَالَ وَزِيرُ الخَارِجِيَّةِ المِصْرِيُّ سَامِحُ شُكْرِي إِنَّ المُفَاوَضَاتِ «سَتُسْتَأْنَفُ»",
    "بلينكين: قال بلينكن «نعم، إن \"لا، قال بوريطة إن “ربما”\" كذلك»، بحسب بوريطة",
];

/// The laws for one stage, with its options, behind the stages before it with theirs.
#[track_caller]
fn check(name: &str, options: &[Value]) {
    let place = NAMES.iter().position(|known| *known == name).expect("the stage has a place");
    let given: Vec<(&str, Value)> = options.iter().map(|options| (name, options.clone())).collect();
    for given in given.chunks(1) {
        let stages = stages(given);
        let upstream: Vec<&dyn Stage> = stages[..place].iter().map(|stage| &**stage).collect();
        Laws::new(&*stages[place]).after(&upstream).texts(TEXTS).cases(CASES).check();
    }
}

#[test]
fn language() {
    check("extract.language", &[json!({}), json!({ "sample": 64 })]);
}

#[test]
fn regions() {
    check("extract.regions", &[json!({}), json!({ "dateline_words": 1 })]);
}

#[test]
fn sentences() {
    check("extract.sentences", &[json!({}), json!({ "split_at_semicolon": true })]);
}

#[test]
fn tokens() {
    check("extract.tokens", &[json!({}), json!({ "attrs": false })]);
}

#[test]
fn cues() {
    check("extract.cues", &[json!({})]);
}

#[test]
fn numbers() {
    check("extract.numbers", &[json!({}), json!({ "ordinals": false })]);
}

#[test]
fn times() {
    check("extract.times", &[json!({}), json!({ "references": false, "durations": false })]);
}

#[test]
fn entities() {
    check("extract.entities", &[json!({}), json!({ "learned_names": false, "speech_frames": false })]);
}

#[test]
fn roles() {
    check("extract.roles", &[json!({}), json!({ "resolve": false })]);
}

#[test]
fn sources() {
    check("extract.sources", &[json!({})]);
}

#[test]
fn links() {
    check("extract.links", &[json!({}), json!({ "spelling_variants": false })]);
}

#[test]
fn quotes() {
    check("extract.quotes", &[json!({}), json!({ "unattributed": false })]);
}

#[test]
fn anchors() {
    check("extract.anchors", &[json!({}), json!({ "quotations": false })]);
}

/// What is optional may be missing: sentences, the language, sources and roles.
#[test]
fn each_behind_what_it_needs_only() {
    let stages = stages(&[]);
    for (place, stage) in stages.iter().enumerate() {
        let upstream: Vec<&dyn Stage> =
            needed(&stages[..=place]).into_iter().map(|place| &*stages[place]).collect();
        Laws::new(&**stage).after(&upstream).texts(TEXTS).cases(CASES / 4).check();
    }
}

/// The places of the stages that give what the last one cannot do without, and what these need.
fn needed(stages: &[Arc<dyn Stage>]) -> Vec<usize> {
    let last = stages.len() - 1;
    let mut needed = vec![last];
    for place in (0..last).rev() {
        let gives = |reads: &Reads| {
            stages[place].contract().writes.iter().any(|writes| {
                let keys = writes.attrs.iter().chain(&writes.links);
                writes.layer == reads.layer
                    && (writes.rows || keys.into_iter().any(|key| reads.keys.contains(key)))
            })
        };
        let is_needed = |&reader: &usize| {
            stages[reader].contract().reads.iter().any(|reads| !reads.optional && gives(reads))
        };
        if needed.iter().any(is_needed) {
            needed.push(place);
        }
    }
    needed.retain(|place| *place != last);
    needed.reverse();
    needed
}
