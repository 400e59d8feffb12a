//! From bytes to documents.

use std::fmt::Write;
use std::io::Cursor;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use isnad_core::{Document, Fate};
use proptest::prelude::*;

use super::{Inputs, Limits, Mapping, document, read_inputs};
use crate::{Fields, Format};

const LIMITS: Limits = Limits { documents: 3, bytes: 1 << 20, max_document: 200 };

fn mapping() -> Mapping {
    Mapping { fields: Fields::default(), published: None, max_document: LIMITS.max_document }
}

fn news() -> Mapping {
    let text = vec!["title".to_owned(), "body".to_owned()];
    let fields = Fields { id: "url".into(), text, published: "date".into() };
    Mapping { fields, ..mapping() }
}

fn read(input: &[u8], format: Option<Format>, mapping: &Mapping, limits: Limits) -> Vec<Document> {
    let inputs = Inputs::find(&["-".to_owned()], Path::new(""), format).expect("`-` is always there");
    let mut documents = Vec::new();
    let mut outlet = |batch: super::RawBatch| {
        documents.extend(batch.records.iter().map(|record| document(record, &batch.bytes, mapping)));
        Some(Vec::new())
    };
    let inputs = inputs.with_stdin(Cursor::new(input.to_vec()));
    read_inputs(inputs, limits, Vec::new(), &mut outlet, &AtomicBool::new(false))
        .expect("memory can be read");
    documents
}

/// Shows the documents: `record begin..end id: text` or what is wrong, then warnings.
fn show(documents: &[Document]) -> String {
    let mut out = String::new();
    for document in documents {
        let content = document.content();
        let origin = content.origin();
        let (begin, end) = origin.bytes;
        let what = match document.fate() {
            Fate::Failed(error) => format!("! {}: {}", error.code, error.message),
            _ => format!("{:?}", content.raw()),
        };
        let _ = writeln!(out, "{} {begin}..{end} {}: {what}", origin.record, content.id());
        for warning in document.warnings() {
            let _ = writeln!(out, "  {}: {}", warning.code, warning.message);
        }
    }
    out
}

fn check(input: impl AsRef<[u8]>, format: Format, expected: &str) {
    let shown = show(&read(input.as_ref(), Some(format), &mapping(), LIMITS));
    let expected: Vec<&str> = expected.lines().map(str::trim_start).filter(|line| !line.is_empty()).collect();
    let shown: Vec<&str> = shown.lines().map(str::trim_start).collect();
    assert_eq!(shown, expected);
}

#[test]
fn records_end_at_newlines_and_blank_lines_are_none() {
    check(
        "\u{FEFF}{\"text\":\"أ\"}\r\n\n  \r\n{\"id\":5,\"text\":\"ب\\nج\"}\n{\"id\":\"x\",\"text\":\"\"}",
        Format::Jsonl,
        r#"
        1 3..16 -#1: "أ"
        2 23..47 5: "ب\nج"
        3 48..68 x: ""
        "#,
    );
}

#[test]
fn what_is_wrong_with_a_record_is_said_with_line_and_column() {
    check(
        "{\"text\":\"خبر\"}\n\n{\"text\":\"خبر\" oops}\n[1]\n{\"id\":\"n\",\"body\":\"x\",\"text\":null}\n\
         {\"text\":5}\n{\"id\":[],\"text\":\"x\"}\n{}\n{\"text\":\"خبر\"}\n",
        Format::Jsonl,
        "
        1 0..17 -#1: \"خبر\"
        2 19..41 -#2: ! json: line 3, column 15: expected `,` or `}`
        3 42..45 -#3: ! field: line 4, column 1: the record is a list; it must be an object
        4 46..79 n: ! field: line 5, column 1: the record has no text: no field `text` (it has `id`, `body`); say with `fields` in `[input]` where the text is
        5 80..90 -#5: ! field: line 6, column 1: field `text` is a number; a text must be a string
        6 91..111 -#6: ! field: line 7, column 1: field `id` is a list; an id is a string or a number
        7 112..114 -#7: ! field: line 8, column 1: the record has no text: no field `text` (it has none); say with `fields` in `[input]` where the text is
        8 115..132 -#8: \"خبر\"
        ",
    );
}

#[test]
fn bytes_that_are_no_utf_8_stop_one_record() {
    check(
        b"{\"text\":\"\xD8\xA3\xFF\"}\n{\"text\":\"ok\"}\n",
        Format::Jsonl,
        "
        1 0..14 -#1: ! encoding: line 1, column 11: byte 0xFF is not UTF-8; convert the text, for example with `iconv`
        2 15..28 -#2: \"ok\"
        ",
    );
    check(
        b"\xD8\xA3\n\xD8\xA3 \xC7",
        Format::Text,
        "1 0..7 -#1: ! encoding: line 2, column 3: byte 0xC7 is not UTF-8; convert the text, for example with `iconv`",
    );
    check(
        b"\xFF\xFE\x2E\x06",
        Format::Text,
        "1 0..4 -#1: ! encoding: line 1, column 1: the text is UTF-16; convert it with `iconv -f UTF-16 -t UTF-8`",
    );
}

#[test]
fn a_text_is_one_document() {
    check("\u{FEFF}عنوان\r\n\r\nنص\n", Format::Text, "1 3..22 -#1: \"عنوان\\r\\n\\r\\nنص\\n\"");
    check("", Format::Text, "1 0..0 -#1: \"\"");
}

#[test]
fn a_record_that_is_too_long_is_not_kept() {
    let record = |len: usize| format!("{{\"text\":\"{}\"}}", "x".repeat(len - 11));
    let input = format!("{}\r\n{}\n{}\n{}", record(200), record(201), record(900_000), record(20));
    let documents = read(input.as_bytes(), Some(Format::Jsonl), &mapping(), LIMITS);
    let fates: Vec<bool> = documents.iter().map(Document::is_live).collect();
    assert_eq!(fates, [true, false, false, true]);
    assert!(show(&documents).contains(
        "3 404..900405 -#3: ! too-long: line 3: the record has 900001 bytes, more than the 200 that a document may have"
    ));
    let text = "خ".repeat(101);
    assert!(!read(text.as_bytes(), Some(Format::Text), &mapping(), LIMITS)[0].is_live());
    assert!(read("خ".repeat(100).as_bytes(), Some(Format::Text), &mapping(), LIMITS)[0].is_live());
}

#[test]
fn fields_go_where_the_mapping_says() {
    let input = r#"{"url":"u1","title":"عنوان","n":1.50,"date":"Tue, 16 May 2023 10:00:00 +0300","body":"نص","x":null}
{"url":null,"title":null,"body":"نص","date":null}
{"title":"عنوان","body":""}
"#;
    let documents = read(input.as_bytes(), Some(Format::Jsonl), &news(), LIMITS);
    assert_eq!(show(&documents).matches('!').count(), 0);
    let [both, body, title] = &documents[..] else { panic!("three records") };
    assert_eq!((both.content().raw(), both.content().title().map(|s| s.end)), ("عنوان\n\nنص", Some(10)));
    assert_eq!(both.content().published().map(|d| d.to_string()).as_deref(), Some("2023-05-16"));
    let meta = serde_json::to_string(both.content().meta()).unwrap();
    assert_eq!(meta, r#"{"n":1.50,"published":"Tue, 16 May 2023 10:00:00 +0300","x":null}"#);
    assert_eq!((body.content().raw(), body.content().title(), body.content().id()), ("نص", None, "-#2"));
    assert!(body.content().meta().is_empty());
    assert_eq!((title.content().raw(), title.content().title().map(|s| s.end)), ("عنوان", Some(10)));
}

#[test]
fn a_date_that_is_none_is_a_warning_and_the_default_holds() {
    let input =
        "{\"text\":\"أ\",\"published\":\"قبل أيام\"}\n{\"text\":\"أ\",\"published\":7}\n{\"text\":\"أ\"}\n";
    let with = |published: Option<&str>| {
        let published = published.map(|date| crate::parse_date(date).unwrap());
        let documents =
            read(input.as_bytes(), Some(Format::Jsonl), &Mapping { published, ..mapping() }, LIMITS);
        let line = |document: &Document| {
            let content = document.content();
            let date = content.published().map(|date| date.to_string());
            format!("{date:?} {:?} {}", content.meta().get("published"), document.warnings().len())
        };
        documents.iter().map(line).collect::<Vec<_>>()
    };
    assert_eq!(with(None), ["None Some(String(\"قبل أيام\")) 1", "None Some(Number(7)) 1", "None None 0"]);
    assert_eq!(
        with(Some("2023-05-16")),
        [
            "Some(\"2023-05-16\") Some(String(\"قبل أيام\")) 1",
            "Some(\"2023-05-16\") Some(Number(7)) 1",
            "Some(\"2023-05-16\") Some(String(\"2023-05-16\")) 0"
        ]
    );
}

#[test]
fn an_input_without_an_ending_tells_its_format_itself() {
    let raw = |input: &str| show(&read(input.as_bytes(), None, &mapping(), LIMITS));
    assert_eq!(raw(" {\"text\":\"خبر\"}\n"), "1 0..18 -#1: \"خبر\"\n");
    assert_eq!(raw("قال {\"x\"}"), "1 0..12 -#1: \"قال {\\\"x\\\"}\"\n");
    assert_eq!(raw("{قوس}"), "1 0..8 -#1: \"{قوس}\"\n");
}

proptest! {
    /// Whatever the bytes are, every line that is not blank becomes one document, and limits on batches
    /// change nothing.
    #[test]
    fn each_line_is_a_document(lines in prop::collection::vec("[ -~\u{600}-\u{6ff}\r\u{2028}]{0,30}", 0..20), documents in 1usize..5, bytes in 1usize..99) {
        let input = lines.join("\n");
        let expected = input.split('\n').filter(|line| !line.trim_ascii().is_empty()).count();
        let all = read(input.as_bytes(), Some(Format::Jsonl), &mapping(), LIMITS);
        prop_assert_eq!(all.len(), expected);
        let split = read(input.as_bytes(), Some(Format::Jsonl), &mapping(), Limits { documents, bytes, ..LIMITS });
        prop_assert_eq!(show(&split), show(&all));
    }
}
