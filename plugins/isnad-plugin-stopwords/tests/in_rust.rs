//! The stage in Rust: the laws of stages, and cases. That the one in C does the same is a test of the command.

use isnad_core::{NoFiles, Registry, StageKind};
use isnad_testkit::{MemoryFiles, rows_on};
use serde_json::{Value, json};

fn kind() -> StageKind {
    let mut registry = Registry::new();
    isnad_plugin_stopwords::register(&mut registry);
    registry.get("mark.stopwords").expect("it was registered").clone()
}

isnad_testkit::laws!(kind(), texts = ["في", "وفي، فَإِنَّ ألـــى", "\u{064B}من\u{0640}"]);

#[track_caller]
fn check(options: Value, text: &str, expected: &[&str]) {
    let files = MemoryFiles::new([("words.tsv", "# two words\nعاجل\tflash\nفي\r\n\nعَاجِل\n")]);
    let stage = kind().create(options, &files).expect("the options are sound");
    let rows = rows_on(&*stage, text);
    assert_eq!(rows.lines().collect::<Vec<_>>(), expected, "{text}");
}

#[test]
fn words_of_the_list_in_any_spelling() {
    check(
        json!({}),
        "عاد إلـى بغداد، ومِنها الي البصرة.",
        &[
            "stopword preposition «إلـى» norm=الي",
            "stopword preposition-pronoun «ومِنها» norm=منها",
            "stopword preposition «الي» norm=الي",
        ],
    );
    check(json!({ "proclitics": false }), "ومنها فمن", &[]);
}

#[test]
fn a_list_of_ones_own() {
    check(
        json!({ "words": "words.tsv" }),
        "عاجل من بغداد في",
        &["stopword flash «عاجل» norm=عاجل", "stopword «في» norm=في"],
    );
}

#[test]
fn what_is_wrong_with_a_list_is_said() {
    let files = MemoryFiles::new([("words.tsv", "من هنا\nعن\tحرف\nin\n")]);
    let errors = kind().create(json!({ "words": "words.tsv" }), &files).err().expect("three lines are wrong");
    let said: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "`words`: line 1 has to begin with one Arabic word",
            "`words`: line 2 has a class of other characters than Latin letters, digits and `-`",
            "`words`: line 3 has to begin with one Arabic word",
        ]
    );
    assert!(kind().create(json!({ "words": "none.tsv" }), &NoFiles).is_err());
}
