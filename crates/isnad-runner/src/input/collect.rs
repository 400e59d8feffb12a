//! All articles of some inputs at once: those of tests, which are few.

use std::sync::atomic::AtomicBool;

use isnad_core::{Article, Document, Fate};

use super::fields::FieldMap;
use super::read::{Limits, RawBatch, read_inputs};
use super::record::{Mapping, document};
use crate::{Fields, Inputs};

/// The articles of the inputs.
///
/// # Errors
/// Whatever cannot be read, a line each.
pub(crate) fn articles(inputs: Inputs, fields: Fields) -> Result<Vec<Article>, String> {
    let limits = Limits { documents: 64, bytes: 1 << 20, max_document: LONGEST };
    let mapping = Mapping { fields: FieldMap::new(fields), published: None, max_document: LONGEST };
    let (mut articles, mut problems) = (Vec::new(), Vec::new());
    let mut outlet = |batch: RawBatch| {
        for record in &batch.records {
            let document = document(record, &batch.bytes, &mapping);
            match document.fate() {
                Fate::Failed(error) => {
                    problems.push(format!("{}: {}", document.content().id(), error.message))
                }
                _ => articles.push(article(&document)),
            }
        }
        let mut buffer = batch.bytes;
        buffer.clear();
        Some(buffer)
    };
    let read = read_inputs(inputs, limits, Vec::new(), &mut outlet, &AtomicBool::new(false));
    if let Err(error) = read {
        problems.push(error.to_string());
    }
    if problems.is_empty() { Ok(articles) } else { Err(problems.join("\n")) }
}

/// What runs allow, too, unless they are told otherwise.
const LONGEST: u64 = 8 << 20;

/// What a document that has just been read was made of.
fn article(document: &Document) -> Article {
    let content = document.content();
    Article {
        id: content.id().to_owned(),
        raw: content.raw().to_owned(),
        meta: content.meta().clone(),
        published: content.published(),
        title_len: content.title().map_or(0, |title| title.end as usize),
        origin: content.origin().clone(),
    }
}
