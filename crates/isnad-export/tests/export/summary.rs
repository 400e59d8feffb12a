//! The page for a person.

use isnad_core::Article;
use serde_json::{Value, json};

use crate::toy::{Edit, Toy, export};

const TITLE: &str = "بلينكن يهاتف بوريطة";
const BODY: &str = "أكد وزير الخارجية الأمريكي أنتوني بلينكن، الاثنين 15 ماي، في اتصال هاتفي مع ناصر بوريطة، \
                    أن واشنطن ملتزمة بالسلام في المنطقة. وأضاف بلينكن أن 30 ألف شخص ينتظرون. وقيل إن اللقاء قريب.";

fn article() -> Toy {
    let raw = format!("{TITLE}\n\n{BODY}");
    let mut toy = Toy::new("hespress-7", &raw)
        .meta("published", "2023-05-16")
        .meta("source", "Hespress")
        .row("language", "ar", &raw, 0)
        .row("cue", "", "أكد", 0)
        .row("role", "", "وزير الخارجية الأمريكي", 0)
        .link("holder", 3)
        .row("entity", "PER", "أنتوني بلينكن", 0)
        .attr("entity", "Q7821917")
        .attr("name", "أنتوني بلينكن")
        .attr("name_en", "Antony Blinken")
        .row("time", "DATE", "الاثنين 15 ماي", 0)
        .attr("value", "2023-05-15")
        .row("entity", "PER", "ناصر بوريطة", 0)
        .attr("entity", "#1")
        .row("entity", "GPE", "واشنطن", 0)
        .row("quote", "indirect", "واشنطن ملتزمة بالسلام في المنطقة", 0)
        .attr("channel", "phone")
        .link("speaker", 2)
        .link("cue", 1)
        .link("time", 4)
        .link("addressee", 5)
        .row("cue", "", "أضاف", 0)
        .row("entity", "PER", "بلينكن", 2)
        .attr("entity", "Q7821917")
        .row("number", "", "30 ألف", 0)
        .attr("value", "30000")
        .row("quote", "indirect", "30 ألف شخص ينتظرون", 0)
        .link("speaker", 9)
        .link("cue", 8)
        .row("quote", "indirect", "اللقاء قريب", 0);
    toy.article.title_len = TITLE.len();
    toy
}

/// Isolates are shown as ‹ and ›.
fn check(options: Value, toy: &Toy, expected: &str) {
    let out = export("export.summary", options, std::slice::from_ref(toy));
    let out = out.replace('\u{2068}', "‹").replace('\u{2069}', "›"); // FIRST STRONG ISOLATE, POP
    assert_eq!(out, expected, "\n{out}");
}

#[test]
fn a_page() {
    check(
        json!({}),
        &article(),
        "\
■ hespress-7 · 2023-05-16 · Hespress · ar
  ‹بلينكن يهاتف بوريطة›
Who said what
  Antony Blinken ‹أنتوني بلينكن› — ‹وزير الخارجية الأمريكي›
    indirect, ‹«أكد»›, by phone, 2023-05-15, to ‹ناصر بوريطة›
      ‹«واشنطن ملتزمة بالسلام في المنطقة»›
    indirect, ‹«أضاف»›
      ‹«30 ألف شخص ينتظرون»›
  unknown speaker
    indirect
      ‹«اللقاء قريب»›
Names
  PER: Antony Blinken ‹أنتوني بلينكن› ×2 ‹(بلينكن)› · ‹ناصر بوريطة›
  GPE: ‹واشنطن›
Times
  2023-05-15 ‹«الاثنين 15 ماي»›
Numbers
  30000 ‹«30 ألف»›

",
    );
}

#[test]
fn a_narrow_page_without_marks() {
    check(
        json!({"width": 40, "direction": "plain"}),
        &article(),
        "\
■ hespress-7 · 2023-05-16 · Hespress ·
  ar
  بلينكن يهاتف بوريطة
Who said what
  Antony Blinken أنتوني بلينكن — وزير
    الخارجية الأمريكي
    indirect, «أكد», by phone,
      2023-05-15, to ناصر بوريطة
      «واشنطن ملتزمة بالسلام في المنطقة»
    indirect, «أضاف»
      «30 ألف شخص ينتظرون»
  unknown speaker
    indirect
      «اللقاء قريب»
Names
  PER: Antony Blinken أنتوني بلينكن ×2
    (بلينكن) · ناصر بوريطة
  GPE: واشنطن
Times
  2023-05-15 «الاثنين 15 ماي»
Numbers
  30000 «30 ألف»

",
    );
}

#[test]
fn an_article_without_facts() {
    let toy = Toy::new("x", "Hello there").row("language", "en", "Hello there", 0);
    check(json!({}), &toy, "■ x · en\n  not in Arabic, so no facts were looked for\n\n");
    check(json!({}), &Toy::new("x", "مرحبا"), "■ x\n  no facts found\n\n");
}

#[test]
fn long_words_and_long_quotations_are_cut() {
    let word = "ا".repeat(70);
    let text = format!("{word} {} {word}", "سلام ".repeat(60));
    let toy = Toy::new("x", &text).row("quote", "direct", text.trim(), 0);
    let out = export("export.summary", json!({"width": 40, "direction": "plain"}), &[toy]);
    assert!(out.lines().all(|line| line.chars().count() <= 40), "{out}");
    assert!(out.contains('…') && out.lines().count() <= 9, "{out}");
}

#[test]
fn a_document_cannot_command_the_terminal() {
    // ESCAPE [ 2 J clears a screen; U+202E RIGHT-TO-LEFT OVERRIDE turns what follows.
    let text = "\u{1B}[2J\u{202E}علي";
    let mut toy =
        Toy::new("id\u{1B}]0;x\u{7}", text).row("entity", "PER", text, 0).attr("name_en", "A\u{9B}li\r\n");
    toy.article = Article { title_len: text.len(), ..toy.article };
    check(json!({}), &toy, "■ id]0;x\n  ‹[2Jعلي›\nNames\n  PER: Ali ‹[2Jعلي›\n\n");
}

#[test]
fn nothing_withheld_is_shown() {
    let mut toy = Toy::new("x", "سالم ثم سالم").edit("سالم", Edit::Withhold);
    toy.facts = Toy::new("x", "[…] ثم سالم").row("entity", "PER", "سالم", 0).attr("name_en", "سالم").facts;
    check(json!({}), &toy, "■ x\nNames\n  PER: ████ ████\n\n");
}
