//! From a record's bytes to a document: decoding, fields, publication date.

use isnad_core::{Article, DocError, Document};
use jiff::civil::Date;
use serde_json::Value;

use super::decode::{Start, decode, place};
use super::detect::utf_8_after_all;
use super::encoding::Charset;
use super::fields::{FieldMap, Oddity, kind};
use super::not_json::not_json;
use super::read::{Body, RawRecord};
use crate::Format;

/// How records become articles.
#[derive(Debug)]
pub(crate) struct Mapping {
    /// Which field is what.
    pub(crate) fields: FieldMap,
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
    let mut oddities = Vec::new();
    let filled = match &record.body {
        Body::Here(range) => {
            let bytes = bytes.get(range.clone()).unwrap_or_default();
            fill(&mut article, bytes, record, mapping, &mut oddities)
        }
        Body::TooLong => Err(too_long(record, mapping)),
        Body::Damaged(error) => Err(error.clone()),
    };
    if article.published.is_none() && mapping.published.is_some() {
        article.published = mapping.published;
        let given = mapping.published.map(|date| Value::String(date.to_string()));
        article.meta.entry("published").or_insert(given.unwrap_or_default());
    }
    let mut document = Document::new(article);
    for (code, message) in oddities {
        document.warn(code, message);
    }
    if let Err(error) = filled {
        document.fail(error);
    }
    document
}

fn fill(
    article: &mut Article,
    bytes: &[u8],
    record: &RawRecord,
    mapping: &Mapping,
    oddities: &mut Vec<Oddity>,
) -> Result<(), DocError> {
    let line = record.line;
    let text = decode(bytes, record.charset, Start { line, offset: record.origin.bytes.0 })?;
    if matches!(record.charset, Charset::Windows1256 | Charset::Iso8859_6) && utf_8_after_all(bytes) {
        let message = "the text looks like UTF-8 and was read as something else; leave `--encoding` out";
        oddities.push(("encoding", message.to_owned()));
    }
    // A byte of a smaller encoding can become three, and offsets have 32 bits.
    if u32::try_from(text.len()).is_err() {
        let message = format!("line {line}: the record has {} bytes in UTF-8, more than 4 GiB", text.len());
        return Err(DocError::new("too-long", message));
    }
    match record.format {
        Format::Jsonl => {
            let at_line = |error: DocError| {
                DocError::new(error.code, format!("line {line}, column 1: {}", error.message))
            };
            let record = parse(&text, line)?;
            let Value::Object(record) = record else {
                let message = format!("the record is {}; it must be an object", kind(&record));
                return Err(at_line(DocError::new("field", message)));
            };
            mapping.fields.fill(article, record, oddities).map_err(at_line)
        }
        Format::Text => {
            article.raw = text.into_owned();
            Ok(())
        }
    }
}

fn parse(text: &str, line: u64) -> Result<Value, DocError> {
    serde_json::from_str(text).map_err(|error| {
        let (at, what) = not_json(text, &error);
        let before = text.get(..at).unwrap_or_default();
        DocError::new("json", format!("{}: {what}", place(before, line)))
    })
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
