//! From a record's bytes to a document: decoding, field mapping, publication date.

use std::str;

use isnad_core::{Article, DocError, Document};
use jiff::civil::Date;
use serde_json::Value;

use super::read::RawRecord;
use crate::{Fields, Format, parse_date};

/// How the fields of a record become an article.
#[derive(Clone, Debug)]
pub(crate) struct Mapping {
    /// Which field is what.
    pub(crate) fields: Fields,
    /// The publication date of records without one.
    pub(crate) published: Option<Date>,
    /// A record that is longer was not read.
    pub(crate) max_document: u64,
}

/// The document of a record. One that cannot be made has failed, has no text, and says why with line and
/// column. `bytes` are those of the batch.
pub(crate) fn document(record: &RawRecord, bytes: &[u8], mapping: &Mapping) -> Document {
    let path = record.origin.path.as_deref().unwrap_or("-");
    let mut article = Article {
        id: format!("{path}#{}", record.origin.record),
        origin: record.origin.clone(),
        ..Article::default()
    };
    let mut warning = None;
    let filled = match record.bytes.clone().and_then(|range| bytes.get(range)) {
        None => Err(too_long(record, mapping)),
        Some(bytes) => decode(bytes, record.line).and_then(|text| match record.format {
            Format::Jsonl => fill_from_json(&mut article, text, record.line, mapping, &mut warning),
            _ => {
                article.raw = text.to_owned();
                Ok(())
            }
        }),
    };
    if article.published.is_none() && mapping.published.is_some() {
        article.published = mapping.published;
        let given = mapping.published.map(|date| Value::String(date.to_string()));
        article.meta.entry("published").or_insert(given.unwrap_or_default());
    }
    let mut document = Document::new(article);
    if let Some(message) = warning {
        document.warn("bad-date", message);
    }
    if let Err(error) = filled {
        document.fail(error);
    }
    document
}

fn too_long(record: &RawRecord, mapping: &Mapping) -> DocError {
    let (begin, end) = record.origin.bytes;
    DocError::new(
        "too-long",
        format!(
            "line {}: the record has {} bytes, more than the {} that a document may have; allow more with `--max-document`",
            record.line,
            end - begin,
            mapping.max_document
        ),
    )
}

fn decode(bytes: &[u8], line: u64) -> Result<&str, DocError> {
    str::from_utf8(bytes).map_err(|error| {
        let (good, bad) = bytes.split_at_checked(error.valid_up_to()).unwrap_or((bytes, &[]));
        let at = place(str::from_utf8(good).unwrap_or_default(), line);
        let byte = bad.first().copied().unwrap_or_default();
        let message = match bytes {
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => {
                format!("{at}: the text is UTF-16; convert it with `iconv -f UTF-16 -t UTF-8`")
            }
            _ => format!("{at}: byte 0x{byte:02X} is not UTF-8; convert the text, for example with `iconv`"),
        };
        DocError::new("encoding", message)
    })
}

fn fill_from_json(
    article: &mut Article,
    text: &str,
    line: u64,
    mapping: &Mapping,
    warning: &mut Option<String>,
) -> Result<(), DocError> {
    let value: Value = serde_json::from_str(text).map_err(|error| {
        let shown = error.to_string();
        let what = shown.rsplit_once(" at line ").map_or(shown.as_str(), |(what, _)| what);
        let before = text.as_bytes().get(..error.column().saturating_sub(1)).unwrap_or_default();
        DocError::new("json", format!("{}: {what}", place(&String::from_utf8_lossy(before), line)))
    })?;
    let wrong = |message: String| DocError::new("field", format!("line {line}, column 1: {message}"));
    let Value::Object(record) = value else {
        return Err(wrong(format!("the record is {}; it must be an object", kind(&value))));
    };
    let fields = &mapping.fields;
    let present = record.iter().filter(|(_, value)| !value.is_null()).take(12);
    let names: Vec<String> = present.map(|(name, _)| format!("`{name}`")).collect();
    let mut parts: Vec<Option<String>> = vec![None; fields.text.len()];
    let mut published = None;
    for (name, value) in record {
        let place = fields.text.iter().position(|field| *field == name);
        match (place, value) {
            (None, value) if name != fields.id && name != fields.published => {
                article.meta.entry(name).or_insert(value);
            }
            (_, Value::Null) => {}
            (Some(place), Value::String(text)) => {
                if let Some(part) = parts.get_mut(place) {
                    *part = Some(text);
                }
            }
            (Some(_), value) => {
                return Err(wrong(format!("field `{name}` is {}; a text must be a string", kind(&value))));
            }
            (None, value) if name == fields.id => match value {
                Value::String(id) if id.is_empty() => {}
                Value::String(id) => article.id = id,
                Value::Number(id) => article.id = id.to_string(),
                value => {
                    let message =
                        format!("field `{name}` is {}; an id is a string or a number", kind(&value));
                    return Err(wrong(message));
                }
            },
            (None, value) => {
                published = Some(value.clone());
                article.meta.insert("published".to_owned(), value);
            }
        }
    }
    if parts.iter().all(Option::is_none) {
        return Err(wrong(format!(
            "the record has no text: no field `{}` (it has {}); say with `fields` in `[input]` where the text is",
            fields.text.join("` or `"),
            if names.is_empty() { "none".to_owned() } else { names.join(", ") },
        )));
    }
    (article.raw, article.title_len) = join(parts);
    match published.as_ref().map(|value| value.as_str().map(parse_date)) {
        None => {}
        Some(Some(Ok(date))) => article.published = Some(date),
        Some(_) => {
            let shown = published.unwrap_or_default();
            let shown = shown.as_str().map_or_else(|| shown.to_string(), str::to_owned);
            *warning = Some(format!("`{shown}` in field `{}` {}", fields.published, crate::dates::BadDate));
        }
    }
    Ok(())
}

/// The parts of a text joined by a blank line, and the length of the title: of several parts the first.
fn join(parts: Vec<Option<String>>) -> (String, usize) {
    let several = parts.len() > 1;
    let title_len = parts.first().and_then(Option::as_ref).filter(|_| several).map_or(0, String::len);
    let mut present = parts.into_iter().flatten().filter(|part| !part.is_empty());
    let mut raw = present.next().unwrap_or_default();
    for part in present {
        raw.push_str("\n\n");
        raw.push_str(&part);
    }
    (raw, title_len)
}

/// Line and column behind `before`, which begins on `line`; a column is a code point.
fn place(before: &str, line: u64) -> String {
    let line = line + before.matches('\n').count() as u64;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!("line {line}, column {column}")
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
