//! Inputs as users have them: old encodings, compressed archives, records with fields of all kinds.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use encoding_rs::WINDOWS_1256;
use flate2::write::GzEncoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use serde_json::{Value, json};

use crate::corpus;
use crate::program::{folder, isnad, isnad_reading, json_lines};

const ARTICLE: &str =
    "قال وزير الخارجية المصري سامح شكري، أمس الأحد، إن «الاجتماع تأجل إلى الأسبوع المقبل» بحسب وكالة رويترز.";

/// A folder with these files.
fn desk(name: &str, files: &[(&str, Vec<u8>)]) -> PathBuf {
    let here = folder(&format!("inputs-{name}"));
    for (name, bytes) in files {
        let path = here.join(name);
        fs::create_dir_all(path.parent().expect("it lies in the folder")).unwrap();
        fs::write(path, bytes).unwrap();
    }
    here
}

/// What a run with these arguments finds, without the names of files.
fn facts(here: &Path, args: &[&str], stdin: &[u8]) -> Vec<Value> {
    let outcome = isnad_reading(here, &[&["run", "--published", "2026-03-10"], args].concat(), stdin);
    assert_eq!(outcome.code, 0, "{args:?}: {}", outcome.stderr);
    let strip = |mut record: Value| {
        let record_members = record.as_object_mut().expect("a record is an object");
        record_members.remove("origin");
        // Without an id of its own a record has the name of its file.
        if record_members["id"].as_str().is_some_and(|id| id.contains('#')) {
            record_members.remove("id");
        }
        record
    };
    outcome.records().into_iter().map(strip).collect()
}

/// The line of the quarantine that a run with these arguments leaves.
fn quarantined(here: &Path, args: &[&str]) -> Value {
    let outcome = isnad(here, &[&["run", "-o", "out.jsonl"], args].concat());
    assert_eq!(outcome.code, 3, "{args:?}: {}", outcome.stderr);
    let lines = json_lines(&fs::read_to_string(here.join("isnad-quarantine.jsonl")).unwrap());
    assert_eq!(lines.len(), 1, "{lines:?}");
    lines[0].clone()
}

fn windows_1256(text: &str) -> Vec<u8> {
    let (bytes, _, failed) = WINDOWS_1256.encode(text);
    assert!(!failed, "the code page has no room for {text}");
    bytes.into_owned()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn zstd(text: &str) -> Vec<u8> {
    compress_to_vec(text.as_bytes(), CompressionLevel::Fastest)
}

#[test]
fn an_article_in_any_encoding_gives_the_same_facts() {
    let utf_16: Vec<u8> = ARTICLE.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [b"\xFF\xFE", utf_16.as_slice()].concat();
    let own = "isnad = 1\ninput = { paths = [\"1256.txt\"], encoding = \"windows-1256\" }\n[[stage]]\nuse = \"normalize.unicode\"\n";
    let here = desk(
        "encodings",
        &[
            ("utf-8.txt", ARTICLE.into()),
            ("bom.txt", format!("\u{FEFF}{ARTICLE}").into()), // BYTE ORDER MARK
            ("1256.txt", windows_1256(ARTICLE)),
            ("utf-16.txt", utf_16),
            ("marked.txt", marked),
            ("own.toml", own.into()),
        ],
    );
    let expected = facts(&here, &["utf-8.txt"], b"");
    assert_eq!(expected[0]["text"], ARTICLE);
    assert!(expected[0]["annotations"].as_array().is_some_and(|rows| rows.len() > 5), "{expected:?}");
    for args in [
        &["bom.txt"][..],
        &["marked.txt"],
        &["1256.txt", "--encoding", "windows-1256"],
        &["1256.txt", "--encoding", "auto"],
        &["utf-16.txt", "--encoding", "utf-16"],
        &["utf-16.txt", "--encoding", "auto"],
        &["utf-8.txt", "--encoding", "auto"],
    ] {
        assert_eq!(facts(&here, args, b""), expected, "{args:?}");
    }
    assert_eq!(facts(&here, &["-", "--encoding", "windows-1256"], &windows_1256(ARTICLE)), expected);
    // The file says it, and the flag says more.
    assert_eq!(facts(&here, &["-p", "own.toml"], b"")[0]["text"], ARTICLE);
    assert_eq!(
        facts(&here, &["-p", "own.toml", "utf-8.txt", "--encoding", "utf-8"], b"")[0]["text"],
        ARTICLE
    );
}

#[test]
fn an_encoding_that_is_none_is_refused_before_anything_runs() {
    let own = "isnad = 1\n[input]\nencoding = \"windows-1265\"\nfields.titel = \"t\"\n[[stage]]\nuse = \"normalize.unicode\"\n";
    let here = desk("no-encoding", &[("a.txt", ARTICLE.into()), ("own.toml", own.into())]);
    let outcome = isnad(&here, &["run", "a.txt", "--encoding", "cp1256"]);
    assert_eq!(outcome.code, 2, "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("cp1256") && outcome.stderr.contains("windows-1256"),
        "{}",
        outcome.stderr
    );
    let outcome = isnad(&here, &["check", "own.toml"]);
    assert_eq!(outcome.code, 2, "{}", outcome.stderr);
    for words in ["own.toml:3:12", "did you mean `windows-1256`?", "did you mean `title`?"] {
        assert!(outcome.stderr.contains(words), "{}", outcome.stderr);
    }
}

#[test]
fn bytes_that_do_not_fit_stop_one_document_and_say_what_to_try() {
    let line = |text: &str| format!("{{\"text\":\"{text}\"}}\n");
    let mixed = [line("أول").into_bytes(), windows_1256(&line(ARTICLE)), line("آخر").into_bytes()].concat();
    let here = desk("bad-bytes", &[("mixed.jsonl", mixed)]);
    let found = quarantined(&here, &["mixed.jsonl"]);
    assert_eq!((&found["stage"], &found["code"]), (&json!("input"), &json!("encoding")));
    assert_eq!(found["document"]["record"], 2);
    assert_eq!(
        found["message"],
        "line 2, column 10: byte 0xDE at offset 27 is not UTF-8, and the text looks like windows-1256: try `--encoding windows-1256`"
    );
    let out = json_lines(&fs::read_to_string(here.join("out.jsonl")).unwrap());
    assert_eq!(out.iter().map(|record| &record["text"]).collect::<Vec<_>>(), ["أول", "آخر"]);
}

#[test]
fn compressed_is_as_plain() {
    let lines = corpus::many(9);
    let here = desk(
        "compressed",
        &[
            ("news.jsonl", lines.clone().into()),
            ("in/news.jsonl.gz", gzip(&lines)),
            ("zst/news.jsonl.zst", zstd(&lines)),
            ("misnamed.jsonl", gzip(&lines)),
        ],
    );
    let expected = facts(&here, &["news.jsonl"], b"");
    for input in ["in/news.jsonl.gz", "zst/news.jsonl.zst", "in", "zst/*.zst", "misnamed.jsonl"] {
        assert_eq!(facts(&here, &[input], b""), expected, "{input}");
    }
    assert_eq!(facts(&here, &["-"], &gzip(&lines)), expected);
    assert_eq!(facts(&here, &["-"], &zstd(&lines)), expected);
}

#[test]
fn of_an_archive_that_is_cut_off_the_beginning_is_kept() {
    let lines = corpus::many(40);
    let archive = gzip(&lines);
    let here = desk(
        "cut",
        &[
            ("cut.jsonl.gz", archive[..archive.len() / 2].to_vec()),
            ("none.jsonl.gz", ARTICLE.into()),
            ("whole.jsonl", corpus::many(3).into()),
        ],
    );
    let found = quarantined(&here, &["cut.jsonl.gz", "whole.jsonl"]);
    let kept = json_lines(&fs::read_to_string(here.join("out.jsonl")).unwrap()).len();
    assert!(kept > 3, "{kept}");
    let message = format!(
        "`cut.jsonl.gz` is cut off: its gzip data end in the middle; the {} records before it were read",
        kept - 3
    );
    assert_eq!((&found["code"], &found["message"]), (&json!("compression"), &json!(message)));
    assert_eq!(found["document"]["path"], "cut.jsonl.gz");
    let found = quarantined(&here, &["none.jsonl.gz"]);
    assert_eq!(
        found["message"],
        "`none.jsonl.gz` is not gzip though its name says so; rename it if it is not compressed"
    );
}

#[test]
fn fields_say_what_a_record_is_made_of() {
    let pipeline = "isnad = 1\n[input]\npaths = [\"news.jsonl\"]\n\
        fields = { id = \"doc.url\", title = \"doc.head\", text = \"doc.paragraphs\", published = \"meta.time\" }\n\
        [[stage]]\nuse = \"extract.regions\"\n";
    let record = json!({
        "source": "وكالة", "n": 1.50,
        "doc": { "url": "u/1", "head": "تأجيل الاجتماع", "paragraphs": ["قال الوزير ذلك.", "ثم غادر."] },
        "meta": { "time": 1_684_224_000, "desk": "سياسة" },
    });
    let wrong = json!({ "doc": { "url": "u/2", "paragraphs": { "p": 1 } } });
    let here = desk(
        "fields",
        &[("news.jsonl", format!("{record}\n{wrong}\n").into()), ("own.toml", pipeline.into())],
    );
    let found = quarantined(&here, &["-p", "own.toml"]);
    assert_eq!(found["document"]["id"], "u/2");
    assert_eq!(
        found["message"],
        "line 2, column 1: field `doc.paragraphs` is an object; a text must be a string or a list of strings"
    );
    let out = fs::read_to_string(here.join("out.jsonl")).unwrap();
    let read = &json_lines(&out)[0];
    assert_eq!(read["id"], "u/1");
    assert_eq!(read["text"], "تأجيل الاجتماع\n\nقال الوزير ذلك.\n\nثم غادر.");
    let meta = r#""meta":{"source":"وكالة","n":1.5,"meta":{"desk":"سياسة"},"published":1684224000}"#;
    assert!(out.contains(meta), "{out}");
    let title =
        read["annotations"].as_array().and_then(|rows| rows.iter().find(|row| row["label"] == "title"));
    assert_eq!(title.map(|row| &row["text"]), Some(&json!("تأجيل الاجتماع")));
}

#[test]
fn a_field_that_no_record_has_is_said() {
    let pipeline = "isnad = 1\n[input]\npaths = [\"news.jsonl\"]\nfields.published = \"date\"\n[[stage]]\nuse = \"normalize.unicode\"\n";
    let here = desk(
        "slip",
        &[
            ("news.jsonl", b"{\"text\":\"a\",\"dated\":\"2023-05-16\"}\n".to_vec()),
            ("own.toml", pipeline.into()),
        ],
    );
    let outcome = isnad(&here, &["run", "-p", "own.toml"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let words =
        "warning: no-field: 1 document; first no record has the field `date`, which `fields.published` names";
    assert!(outcome.stderr.contains(words), "{}", outcome.stderr);
}
