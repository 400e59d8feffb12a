//! The laws of stages, for every stage of this crate and for all of them in a row.

use std::sync::Arc;

use isnad_core::{NoFiles, Registry, Stage};
use isnad_testkit::laws::Laws;
use serde_json::{Value, json};

fn stage(name: &str, options: Value) -> Arc<dyn Stage> {
    let mut registry = Registry::new();
    isnad_normalize::register(&mut registry);
    let kind = registry.get(name).expect("the stage is registered");
    kind.create(options, &NoFiles).expect("the options are right")
}

#[track_caller]
fn check(name: &str, options: &[Value]) {
    for options in options {
        Laws::new(&*stage(name, options.clone())).texts(TEXTS).cases(CASES).check();
    }
}

/// Few in CI; raise it by hand to search deeper.
const CASES: u32 = 48;

/// What once went wrong, or well might.
const TEXTS: &[&str] = &[
    "",
    " ",
    "\u{0640}",                                 // TATWEEL
    "\u{064E}\u{0651}",                         // FATHA, SHADDA
    "\u{0627}\u{064E}\u{0654}\u{0653}",         // ALEF, FATHA, HAMZA ABOVE, MADDAH ABOVE
    "\u{FE71}\u{FC60}\u{FDFA}\u{0651}\u{064E}", // shaped marks, a ligature, SHADDA, FATHA
    "\u{FEFF}قال\r\n\r\u{2029}\n ",
    "👨\u{200D}👩\u{200D}\u{200C}👧 م\u{200C}ن",
    "قال , لماذا ??! (نعم ؟) www.ا , http://ب?ج,د ,ه",
    "\"«\"“”„ ، \" ,",
    "ـ ك ـ\u{200F}ـ ـَ 1ـ2",
];

#[test]
fn unicode() {
    check(
        "normalize.unicode",
        &[
            json!({}),
            json!({ "nfc": false }),
            json!({ "presentation_forms": false }),
            json!({ "nfc": false, "presentation_forms": false }),
        ],
    );
}

#[test]
fn controls() {
    check(
        "normalize.controls",
        &[
            json!({}),
            json!({ "joiners": "keep" }),
            json!({ "line_breaks": false, "bidi": false }),
            json!({ "controls": false, "zero_width": false, "soft_hyphen": false }),
        ],
    );
}

#[test]
fn marks() {
    check(
        "normalize.marks",
        &[
            json!({}),
            json!({ "hamza": true }),
            json!({ "shadda": false, "vowels": false }),
            json!({ "quranic": false, "superscript_alef": false }),
        ],
    );
}

#[test]
fn tatweel() {
    check("normalize.tatweel", &[json!({}), json!({ "lone": "keep" }), json!({ "lone": "remove" })]);
}

#[test]
fn punctuation() {
    check(
        "normalize.punctuation",
        &[
            json!({}),
            json!({ "quotes": "guillemets" }),
            json!({ "quotes": "ascii", "space_before": false }),
            json!({ "quotes": "typographic", "space_after": false }),
            json!({ "latin_comma_question": false }),
        ],
    );
}

#[test]
fn space() {
    check(
        "normalize.space",
        &[json!({}), json!({ "blank_lines": 0 }), json!({ "blank_lines": 3, "ends": false })],
    );
}

#[test]
fn each_behind_all_before_it() {
    let names = ["unicode", "controls", "marks", "tatweel", "punctuation", "space"];
    let stages: Vec<Arc<dyn Stage>> =
        names.iter().map(|name| stage(&format!("normalize.{name}"), json!({}))).collect();
    for (index, last) in stages.iter().enumerate() {
        let upstream: Vec<&dyn Stage> = stages[..index].iter().map(|stage| &**stage).collect();
        Laws::new(&**last).after(&upstream).texts(TEXTS).cases(CASES).check();
    }
}
