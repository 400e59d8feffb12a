//! The command that builds tables.

use std::path::{Path, PathBuf};
use std::process::Command;

use isnad_plugin_keywords::Background;

/// Runs the command; standard output, or standard error if it failed.
fn build(arguments: &[&Path]) -> Result<String, String> {
    let output = Command::new(env!("CARGO_BIN_EXE_keywords-background"))
        .args(arguments)
        .output()
        .expect("it was built");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it writes UTF-8");
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

fn corpus(name: &str, lines: &[&str]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, lines.join("\n")).expect("the target folder can be written to");
    path
}

const LINES: [&str; 3] = [
    r#"{ "title": "سد النهضة", "text": "قال الوزير إن سدّ النهضة جاهز" }"#,
    r#"{ "title": "المياه", "text": "المياه والسد" }"#,
    r#"{ "title": null, "text": "وزير المياه في القاهرة" }"#,
];

#[test]
fn a_table_is_that_of_its_articles_in_any_order() {
    let least = [Path::new("--least"), Path::new("1")];
    let one = corpus("one.jsonl", &LINES);
    let table = build(&[least[0], least[1], &one]).expect("the corpus is sound");
    let background = Background::parse(&table).expect("it reads what it writes");
    let found = ["سد", "سد نهضه", "مياه", "وزير"].map(|phrase| background.frequency(phrase));
    assert_eq!((background.documents(), found), (3, [2, 1, 2, 2]), "{table}");
    let other = corpus("other.jsonl", &[LINES[2], LINES[0]]);
    let rest = corpus("rest.jsonl", &[LINES[1]]);
    assert_eq!(build(&[least[0], least[1], &other, &rest]), Ok(table));
}

#[test]
fn what_cannot_be_read_is_named_with_its_line() {
    let bad = corpus("bad.jsonl", &[LINES[0], "{ \"title\": "]);
    let message = build(&[&bad]).expect_err("the second line is no JSON");
    assert!(message.contains("bad.jsonl`, line 2"), "{message}");
    let empty = corpus("empty.jsonl", &[r#"{ "body": "نص" }"#]);
    let message = build(&[&empty]).expect_err("there is no such field");
    assert!(message.contains("`title`, `text`") && message.contains("--fields"), "{message}");
}
