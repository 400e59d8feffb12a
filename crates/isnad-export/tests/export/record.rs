//! The JSON record, case by case.

use isnad_core::{NoFiles, Registry};
use serde_json::{Value, json};

use crate::toy::{Edit, Toy, export};

const TEXT: &str = "أكد وزير الخارجية أنتوني بلينكن، اليوم، أن الاتفاق قريب. وقال: 😀";

/// An article with a speaker, a cue, a quotation and rows that nobody refers to.
fn article() -> Toy {
    let mut toy = Toy::new("x-1", TEXT)
        .meta("published", "2023-05-16")
        .meta("views", json!(12))
        .row("cue", "", "أكد", 0)
        .row("role", "", "وزير الخارجية", 0)
        .row("entity", "PER", "أنتوني بلينكن", 0)
        .attr("name_en", "Antony Blinken")
        .attr("entity", "Q7821917")
        .row("quote", "indirect", "الاتفاق قريب", 0)
        .link("cue", 0)
        .link("speaker", 2)
        .link("speaker", 1)
        .link("time", 5)
        .row("cue", "", "قال", 0)
        .row("token", "word", "اليوم", 0);
    toy.article.origin.path = Some("news.jsonl".into());
    toy.article.origin.record = 12;
    toy
}

fn check(options: Value, toy: &Toy, expected: &[&str]) {
    let expected: Vec<&str> = expected.iter().map(|line| line.trim_start()).collect();
    assert_eq!(export("export.jsonl", options, std::slice::from_ref(toy)), expected.concat() + "\n");
}

#[test]
fn the_whole_record() {
    check(
        json!({}),
        &article(),
        &[
            r#"{"isnad":1,"id":"x-1","meta":{"published":"2023-05-16","views":12},"#,
            r#""origin":{"path":"news.jsonl","record":12},"offsets":"char","spans":"raw","#,
            r#""text":"أكد وزير الخارجية أنتوني بلينكن، اليوم، أن الاتفاق قريب. وقال: 😀","annotations":["#,
            r#"{"id":"a1","layer":"cue","label":"","span":[0,3],"text":"أكد","attrs":{},"refs":{},"#,
            r#""by":"toy.extract","rule":"toy","score":0.9},"#,
            r#"{"id":"a2","layer":"role","label":"","span":[4,17],"text":"وزير الخارجية","attrs":{},"refs":{},"#,
            r#""by":"toy.extract","rule":"toy","score":0.9},"#,
            r#"{"id":"a3","layer":"entity","label":"PER","span":[18,31],"text":"أنتوني بلينكن","#,
            r#""attrs":{"entity":"Q7821917","name_en":"Antony Blinken"},"refs":{},"#,
            r#""by":"toy.extract","rule":"toy","score":0.9},"#,
            r#"{"id":"a4","layer":"quote","label":"indirect","span":[43,55],"text":"الاتفاق قريب","attrs":{},"#,
            // Speakers in document order; the time is a token, which is not written.
            r#""refs":{"speaker":["a2","a3"],"cue":["a1"],"time":[]},"by":"toy.extract","rule":"toy","score":0.9}"#,
            r#"]}"#,
        ],
    );
}

#[test]
fn rows_are_chosen_by_layer() {
    // A cue that was asked for is written, whoever refers to it.
    let out = export("export.jsonl", json!({"layers": ["token", "cue"]}), &[article()]);
    let record: Value = serde_json::from_str(&out).unwrap();
    let rows: Vec<String> = record["annotations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| format!("{} {} {} {}", row["id"], row["layer"], row["span"], row["text"]))
        .collect();
    assert_eq!(
        rows,
        [r#""a1" "cue" [0,3] "أكد""#, r#""a2" "token" [33,38] "اليوم""#, r#""a3" "cue" [58,61] "قال""#,]
    );
    check(
        json!({"layers": [], "text": "none"}),
        &Toy::new("x", TEXT),
        &[
            r#"{"isnad":1,"id":"x","meta":{},"origin":{"path":null,"record":0},"offsets":"char","spans":"raw","#,
            r#""annotations":[]}"#,
        ],
    );
}

#[test]
fn rows_at_one_place_stand_longer_first() {
    let toy = Toy::new("x", "الرئيس التركي")
        .row("entity", "NORP", "التركي", 0)
        .row("entity", "GPE", "التركي", 0)
        .row("entity", "PER", "الرئيس", 0)
        .row("role", "", "الرئيس", 0)
        .row("role", "", "الرئيس التركي", 0);
    let record: Value = serde_json::from_str(&export("export.jsonl", json!({}), &[toy])).unwrap();
    let rows: Vec<String> = record["annotations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| format!("{} {}", r["label"], r["text"]))
        .collect();
    assert_eq!(
        rows,
        [
            r#""" "الرئيس التركي""#,
            r#""PER" "الرئيس""#,
            r#""" "الرئيس""#,
            r#""GPE" "التركي""#,
            r#""NORP" "التركي""#,
        ]
    );
}

/// «قـال 😀 علي» without its tatweel, with a row on «علي» (bytes 12–18 of the normalized text).
fn edited() -> Toy {
    let mut toy = Toy::new("x", "قـال 😀 علي").edit("ـ", Edit::Delete).row("entity", "PER", "علي", 0);
    toy.facts[0].span = (12, 18);
    toy
}

#[test]
fn units_and_texts() {
    for (options, span, texts) in [
        (json!({}), [7, 10], r#""text":"قـال 😀 علي","#),
        (json!({"offsets": "utf16"}), [8, 11], r#""text":"قـال 😀 علي","#),
        (json!({"offsets": "byte"}), [14, 20], r#""text":"قـال 😀 علي","#),
        (json!({"spans": "normalized", "text": "none"}), [6, 9], ""),
        (json!({"spans": "normalized", "text": "normalized"}), [6, 9], r#""text":"قال 😀 علي","#),
        (
            json!({"spans": "normalized", "offsets": "byte", "text": "both"}),
            [12, 18],
            r#""text":"قـال 😀 علي","normalized_text":"قال 😀 علي","#,
        ),
    ] {
        let out = export("export.jsonl", options.clone(), &[edited()]);
        let spans = format!(r#""span":[{},{}],"text":"علي""#, span[0], span[1]);
        assert!(out.contains(&spans), "{options}: {out}");
        let kind = options.get("spans").and_then(Value::as_str).unwrap_or("raw");
        assert!(out.contains(&format!(r#""spans":"{kind}",{texts}"annotations""#)), "{options}: {out}");
    }
}

#[test]
fn what_is_withheld_is_masked_everywhere() {
    let mut toy = Toy::new("مصدر-سالم", "التقى سالم بأمير، وقال سالم: نعم")
        .meta("author", "سالم العلي")
        .edit("سالم", Edit::Withhold)
        .row("entity", "PER", "أمير", 0)
        .attr("name", "سالم");
    // «[…]» is a byte shorter than the eight bytes of «سالم»; «ب» stays outside.
    let shift = "سالم".len() - "[…]".len();
    toy.facts[0].span = (toy.facts[0].span.0 - shift, toy.facts[0].span.1 - shift);
    check(
        json!({"text": "both"}),
        &toy,
        &[
            r#"{"isnad":1,"id":"مصدر-████","meta":{"author":"████ العلي"},"origin":{"path":null,"record":0},"#,
            r#""offsets":"char","spans":"raw","text":"التقى ████ بأمير، وقال ████: نعم","#,
            r#""normalized_text":"التقى […] بأمير، وقال ████: نعم","annotations":["#,
            r#"{"id":"a1","layer":"entity","label":"PER","span":[12,16],"text":"أمير","attrs":{"name":"████"},"#,
            r#""refs":{},"by":"toy.extract","rule":"toy","score":0.9}]}"#,
        ],
    );
}

#[test]
fn scores_are_rounded() {
    for (score, printed) in [(1.0, "1.0"), (0.98, "0.98"), (1.0 / 3.0, "0.333"), (0.0, "0.0")] {
        let mut toy = Toy::new("x", "علي").row("entity", "PER", "علي", 0);
        toy.facts[0].score = score;
        let out = export("export.jsonl", json!({}), &[toy]);
        assert!(out.ends_with(&format!("\"score\":{printed}}}]}}\n")), "{out}");
    }
}

#[test]
fn bad_options_are_all_named() {
    let mut registry = Registry::new();
    isnad_export::register(&mut registry);
    let errors = |name: &str, options: Value| -> Vec<String> {
        let made = registry.get(name).unwrap().create(options, &NoFiles);
        made.err().unwrap().iter().map(ToString::to_string).collect()
    };
    assert_eq!(
        errors("export.jsonl", json!({"layers": ["quote", "a b", "quote@2", "cue@x"]})),
        [
            "`layers.1`: `a b` is no layer; write a name such as `quote`, or `quote@1` with its version",
            "`layers.2`: `quote` is listed twice",
            "`layers.3`: `cue@x` is no layer; write a name such as `quote`, or `quote@1` with its version",
        ]
    );
    assert_eq!(
        errors("export.summary", json!({"width": 10})),
        ["`width`: 10 columns are too few for a page; give 30 or more"]
    );
}

#[test]
fn layers_that_are_asked_for_are_needed() {
    let mut registry = Registry::new();
    isnad_export::register(&mut registry);
    let stage =
        registry.get("export.jsonl").unwrap().create(json!({"layers": ["quote", "topic@2"]}), &NoFiles);
    let reads: Vec<String> = stage
        .unwrap()
        .contract()
        .reads
        .iter()
        .map(|r| format!("{}@{} {}", r.layer, r.version, r.optional))
        .collect();
    assert_eq!(reads, ["quote@1 false", "topic@2 false"]);
}
