//! The plain text.

use serde_json::{Value, json};

use crate::toy::{Edit, Toy, export};

fn check(options: Value, texts: &[&str], expected: &str) {
    let toys: Vec<Toy> = texts.iter().enumerate().map(|(i, text)| Toy::new(&i.to_string(), text)).collect();
    assert_eq!(export("export.text", options, &toys), expected);
}

#[test]
fn a_blank_line_sets_documents_apart() {
    check(json!({}), &["قال", "أكد\n", ""], "قال\n\nأكد\n\n\n\n");
    check(json!({"separator": ""}), &["قال", "أكد\n"], "قال\nأكد\n");
    check(json!({"separator": "---\n"}), &["قال"], "قال\n---\n");
}

#[test]
fn it_is_the_normalized_text_and_shows_nothing_withheld() {
    let toy = Toy::new("x", "قـال سالم لسالم").edit("ـ", Edit::Delete).edit("سالم", Edit::Withhold);
    assert_eq!(export("export.text", json!({}), &[toy]), "قال […] ل████\n\n");
}
