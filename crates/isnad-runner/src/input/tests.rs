//! From bytes to documents.

mod compressed;
mod encodings;
mod mapping;

use std::fmt::Write;
use std::io::{self, Read};
use std::path::Path;
use std::sync::atomic::AtomicBool;

use isnad_core::{Document, Fate};
use proptest::prelude::*;

use super::{FieldMap, Inputs, Limits, Mapping, document, read_inputs};
use crate::{Encoding, Fields, Format, RunError};

const LIMITS: Limits = Limits { documents: 3, bytes: 1 << 20, max_document: 200 };

fn mapping() -> Mapping {
    mapped(Fields::default())
}

fn mapped(fields: Fields) -> Mapping {
    Mapping { fields: FieldMap::new(fields), published: None, max_document: LIMITS.max_document }
}

fn read(input: &[u8], format: Option<Format>, mapping: &Mapping, limits: Limits) -> Vec<Document> {
    read_pieces(input, &[], format, Encoding::Utf8, mapping, limits)
}

/// Reads an input that comes in pieces of these lengths.
fn read_pieces(
    input: &[u8],
    pieces: &[usize],
    format: Option<Format>,
    encoding: Encoding,
    mapping: &Mapping,
    limits: Limits,
) -> Vec<Document> {
    let pieces = Pieces { input: input.to_vec(), at: 0, lengths: pieces.to_vec(), error: None };
    let (documents, result) = read_from(pieces, format, encoding, mapping, limits);
    result.expect("memory can be read");
    documents
}

fn read_from(
    input: Pieces,
    format: Option<Format>,
    encoding: Encoding,
    mapping: &Mapping,
    limits: Limits,
) -> (Vec<Document>, Result<(), RunError>) {
    let inputs = Inputs::find(&["-".to_owned()], Path::new(""), format).expect("`-` is always there");
    let mut documents = Vec::new();
    let mut outlet = |batch: super::RawBatch| {
        documents.extend(batch.records.iter().map(|record| document(record, &batch.bytes, mapping)));
        Some(Vec::new())
    };
    let inputs = inputs.with_stdin(input).with_encoding(encoding);
    let result = read_inputs(inputs, limits, Vec::new(), &mut outlet, &AtomicBool::new(false));
    (documents, result)
}

/// An input that comes in pieces of these lengths, again and again, and may end with an error.
struct Pieces {
    input: Vec<u8>,
    at: usize,
    lengths: Vec<usize>,
    error: Option<io::Error>,
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.lengths.first().copied().unwrap_or(usize::MAX).max(1).min(buffer.len());
        if !self.lengths.is_empty() {
            self.lengths.rotate_left(1);
        }
        let mut rest = &self.input[self.at..];
        if let Some(error) = self.error.take_if(|_| rest.is_empty()) {
            return Err(error);
        }
        let read = rest.read(&mut buffer[..length])?;
        self.at += read;
        Ok(read)
    }
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
        2 19..41 -#2: ! json: line 3, column 15: a `,` or `}` must stand here, found `o`
        3 42..45 -#3: ! field: line 4, column 1: the record is a list; it must be an object
        4 46..79 n: ! field: line 5, column 1: the record has no text: no field `text` (it has `id`, `body`); say with `fields` in `[input]` where the text is
        5 80..90 -#5: ! field: line 6, column 1: field `text` is a number; a text must be a string or a list of strings
        6 91..111 -#6: ! field: line 7, column 1: field `id` is a list; an id is a string or a number
        7 112..114 -#7: ! field: line 8, column 1: the record has no text: no field `text` (it has none); say with `fields` in `[input]` where the text is
        8 115..132 -#8: \"خبر\"
        ",
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
fn an_input_without_an_ending_tells_its_format_itself() {
    let raw = |input: &str| show(&read(input.as_bytes(), None, &mapping(), LIMITS));
    assert_eq!(raw(" {\"text\":\"خبر\"}\n"), "1 0..18 -#1: \"خبر\"\n");
    assert_eq!(raw("قال {\"x\"}"), "1 0..12 -#1: \"قال {\\\"x\\\"}\"\n");
    assert_eq!(raw("{قوس}"), "1 0..8 -#1: \"{قوس}\"\n");
}

#[test]
fn what_came_before_an_error_of_the_disk_is_read() {
    let input = b"{\"text\":\"\xD8\xA3\"}\n{\"te".to_vec();
    let error = Some(io::Error::other("no more"));
    let pieces = Pieces { input, at: 0, lengths: vec![5], error };
    let (documents, result) = read_from(pieces, Some(Format::Jsonl), Encoding::Utf8, &mapping(), LIMITS);
    assert_eq!(show(&documents), "1 0..13 -#1: \"أ\"\n");
    assert_eq!(result.map_err(|error| error.to_string()), Err("cannot read `-`: no more".to_owned()));
}

proptest! {
    /// Whatever the lines are, every line that is not blank becomes one document, and limits on batches
    /// change nothing.
    #[test]
    fn each_line_is_a_document(lines in prop::collection::vec("[ -~\u{600}-\u{6ff}\r\u{2028}]{0,30}", 0..20), documents in 1usize..5, bytes in 1usize..99) {
        let input = lines.join("\n");
        let expected = input.split('\n').filter(|line| !line.trim_ascii().is_empty()).count();
        let all = read(input.as_bytes(), Some(Format::Jsonl), &mapping(), LIMITS);
        prop_assert_eq!(all.len(), expected);
        let split = read(input.as_bytes(), Some(Format::Jsonl), &mapping(), Limits { documents, bytes, ..LIMITS });
        prop_assert_eq!(show(&split), show(&all));
        let slow = read_pieces(input.as_bytes(), &[documents, bytes], Some(Format::Jsonl), Encoding::Utf8, &mapping(), LIMITS);
        prop_assert_eq!(show(&slow), show(&all));
    }
}
