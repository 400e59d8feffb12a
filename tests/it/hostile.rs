//! Input that wants to break it. Every case ends in rows or in the quarantine; none crashes or hangs.

use std::fs;

use serde_json::json;

use crate::program::{Outcome, folder, isnad, json_lines, top};

/// Runs one file through the pipeline `news`; the records and the quarantine lines that came out of it.
fn run(name: &str, bytes: &[u8], args: &[&str]) -> (Outcome, String) {
    let folder = folder(&format!("hostile-{name}"));
    fs::write(folder.join(name), bytes).unwrap();
    let args = [&["run", name, "--published", "2026-03-10", "-o", "out.jsonl"], args].concat();
    let outcome = isnad(&folder, &args);
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_default();
    let stdout = read("out.jsonl");
    (Outcome { stdout, ..outcome }, read("isnad-quarantine.jsonl"))
}

/// Checks that one article goes through all stages.
fn goes_through(name: &str, text: &str) {
    let (outcome, quarantine) = run(&format!("{name}.txt"), text.as_bytes(), &[]);
    assert_eq!((outcome.code, quarantine.as_str()), (0, ""), "{name}: {:.2000}", outcome.stderr);
    let records = outcome.records();
    assert_eq!(records.len(), 1, "{name}");
    assert_eq!(records[0]["text"].as_str().map(str::len), Some(text.len()), "{name}");
}

/// Checks that the first document is quarantined at the input, for a reason of this code.
fn is_quarantined(name: &str, bytes: &[u8], code: &str) {
    let (outcome, quarantine) = run(name, bytes, &[]);
    assert_eq!(outcome.code, 3, "{name}: {}", outcome.stderr);
    let lines = json_lines(&quarantine);
    assert_eq!((&lines[0]["stage"], &lines[0]["code"]), (&json!("input"), &json!(code)), "{name}");
    assert!(quarantine.len() < 4096, "{name}: an unreadable document is named, not repeated");
}

#[test]
fn nothing() {
    goes_through("empty", "");
    goes_through("spaces", &" \n\t".repeat(10_000));
    goes_through("line-feeds", &"\r\n".repeat(50_000));
}

#[test]
fn fifty_megabytes_in_a_line() {
    is_quarantined("long.jsonl", "قال ".repeat(50 << 20 >> 3).as_bytes(), "too-long");
    is_quarantined("long.txt", "قال ".repeat(50 << 20 >> 3).as_bytes(), "too-long");
}

#[test]
fn two_megabytes_in_a_line() {
    goes_through("line", &"وقال الوزير إن الاجتماع تأجل إلى الأسبوع المقبل، ".repeat(23_000));
}

#[test]
fn a_hundred_thousand_lines() {
    goes_through("lines", &"قال الوزير.\n".repeat(100_000));
}

#[test]
fn not_text() {
    is_quarantined("bytes.txt", &[0xD9, 0x82, 0xFF, 0xD9], "encoding");
    is_quarantined("cut.txt", &"قال".as_bytes()[..5], "encoding");
    is_quarantined("surrogate.txt", b"\xED\xA0\x80", "encoding");
    is_quarantined("utf16.txt", b"\x42\x06\x27\x06\x44\x06", "encoding");
    is_quarantined("utf16-half.txt", b"\xFF\xFE\x42\x06\x27", "encoding");
    is_quarantined("utf32.txt", b"\xFF\xFE\0\0\x42\x06\0\0", "encoding");
    goes_through("nul", "قال\0 الوزير\0\0 إن\0 \u{1}\u{7F}\u{FFFE}\u{10FFFF}");
}

#[test]
fn marks_and_controls_only() {
    goes_through("marks", &"\u{064E}\u{0651}\u{0300}".repeat(100_000)); // FATHA, SHADDA, COMBINING GRAVE ACCENT
    goes_through("tatweel", &"\u{0640}".repeat(100_000)); // TATWEEL
    goes_through("bidi", &"\u{202E}\u{2067}\u{200F}\u{202C}".repeat(50_000)); // RLO, RLI, RLM, PDF
    goes_through("joiners", &"\u{200D}\u{FEFF}\u{200B}".repeat(50_000)); // ZWJ, ZWNBSP, ZWSP
}

#[test]
fn one_character_that_becomes_many() {
    goes_through("ligatures", &"\u{FDFA}\u{FDFB}".repeat(50_000)); // SALLALLAHOU ALAYHE WASALLAM, JALLAJALALOUHOU
}

#[test]
fn nested_quotation_marks() {
    let (open, close) = ("“".repeat(10_000), "”".repeat(10_000));
    goes_through("nested", &format!("قال الوزير: {open}نعم{close}."));
    goes_through("unclosed", &format!("قال الوزير: {open}نعم."));
    goes_through("closing", &format!("قال الوزير: {close}نعم."));
    goes_through("each-unclosed", &"قال الوزير: «نعم. ".repeat(10_000));
    goes_through("ascii", &"\"".repeat(100_001));
}

#[test]
fn brackets() {
    goes_through("brackets", &"(".repeat(10_000));
    goes_through("brackets-nested", &format!("{}قال{}", "(".repeat(10_000), ")".repeat(10_000)));
}

#[test]
fn endless_numbers() {
    goes_through("digits", &"9".repeat(1_000_000));
    goes_through("digits-arabic", &"٩".repeat(1_000_000));
    goes_through("digits-grouped", &"1,".repeat(200_000));
    goes_through("digits-dated", &"1/1/".repeat(200_000));
    goes_through("number-words", &"مئة ألف مليون و".repeat(20_000));
}

#[test]
fn endless_words() {
    goes_through("word", &"م".repeat(1_000_000));
    goes_through("clitics", &"وبال".repeat(100_000));
    goes_through("handle", &format!("@{}", "a".repeat(500_000)));
    goes_through("handles", &"@".repeat(100_000));
    goes_through("address", &format!("https://example.org/{}", "a/".repeat(200_000)));
}

#[test]
fn nothing_but_cues() {
    goes_through("cues", &"قال ".repeat(50_000));
    goes_through("cues-glued", &"قال:".repeat(50_000));
    goes_through("cues-nested", &"قال إن ".repeat(30_000));
}

#[test]
fn nothing_but_titles() {
    goes_through("titles", &"وزير خارجية ".repeat(30_000));
}

#[test]
fn nothing_but_names() {
    goes_through("names", &"عبد الله بن محمد ".repeat(20_000));
    goes_through("names-different", &(0..20_000).map(|n| format!("قال محمد ع{n} إن. ")).collect::<String>());
}

#[test]
fn the_same_people_over_and_over() {
    goes_through("same", &"وقال أحمد العلي: «نعم». ".repeat(40_000));
}

#[test]
fn news_without_end() {
    let article = fs::read_to_string(top().join("docs/tour/article.txt")).unwrap();
    goes_through("news", &article.repeat(500));
}

#[test]
fn nothing_but_times() {
    goes_through("times", &"يوم الاثنين 15 مايو ".repeat(20_000));
}

#[test]
fn hostile_json() {
    let deep = format!("{{\"text\":\"قال\",\"x\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    is_quarantined("deep.jsonl", deep.as_bytes(), "json");
    is_quarantined("surrogate.jsonl", br#"{"text":"\ud800 \udc00"}"#, "json");
    is_quarantined("cut.jsonl", "{\"text\":\"قال".as_bytes(), "json");
    is_quarantined("nul.jsonl", b"{\"text\":\"\0\"}", "json");
    is_quarantined("array.jsonl", b"[1, 2]", "field");
    is_quarantined("number.jsonl", br#"{"text": 12e999999}"#, "field");
    let odd = r#"{"text":"قال\u0000 \ufffe الوزير","id":"","url":"\u202e","published":"0000-99-99","n":1e400,"n":2}"#;
    let (outcome, _) = run("odd.jsonl", odd.as_bytes(), &[]);
    assert_eq!((outcome.code, outcome.records().len()), (0, 1), "{}", outcome.stderr);
}

#[test]
fn the_good_documents_between_the_bad_ones_come_through() {
    let line = |n: usize| match n % 3 {
        0 => format!("{{\"id\":\"{n}\",\"text\":\"قال الوزير إن العدد {n}.\"}}\n"),
        1 => "{\"text\":\n".to_owned(),
        _ => format!("{{\"id\":\"{n}\",\"text\":\"{}\"}}\n", "طويل ".repeat(1000)),
    };
    let input: String = (0..300).map(line).collect();
    let (outcome, quarantine) = run("mixed.jsonl", input.as_bytes(), &["--max-document", "4KiB"]);
    assert_eq!(outcome.code, 3, "{}", outcome.stderr);
    let ids: Vec<String> =
        outcome.records().iter().map(|r| r["id"].as_str().unwrap_or_default().to_owned()).collect();
    assert_eq!(ids, (0..300).step_by(3).map(|n| n.to_string()).collect::<Vec<_>>());
    assert_eq!(json_lines(&quarantine).len(), 200);
}
