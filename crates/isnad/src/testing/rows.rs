//! Rows as tests speak of them: by layer, label, raw text, attrs and the texts of linked rows.

use isnad_core::{Content, Document, LayerId, Names, Row, RowRef, Span};
use isnad_runner::RowPattern;
use isnad_testkit::escaped;

/// A row that was found, told in full.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// What it looks like; nothing is left open.
    pub(super) row: RowPattern,
    /// Where it lies in the text.
    pub(super) span: Span,
}

/// The rows of a layer, in the order of the text; outer ones first.
pub(super) fn found(document: &Document, names: &Names, layer: &str) -> Vec<Found> {
    let Some(id) = names.layer(layer) else { return Vec::new() };
    let mut rows: Vec<(RowRef, &Row)> = document.tables().refs(id).collect();
    rows.sort_by_key(|(_, row)| (row.span.begin, u32::MAX - row.span.end));
    rows.into_iter()
        .map(|(at, row)| Found { row: told(document, names, id, at, row), span: row.span })
        .collect()
}

/// Whether a row is as a pattern says.
pub(super) fn is_like(row: &RowPattern, pattern: &RowPattern) -> bool {
    differences(row, pattern).is_empty()
}

/// In what a row is not as a pattern says, in words.
pub(super) fn differences(row: &RowPattern, pattern: &RowPattern) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(label) = pattern.label.as_ref().filter(|label| row.label.as_ref() != Some(label)) {
        let found = row.label.as_deref().unwrap_or_default();
        out.push(format!("the label is `{}`, not `{}`", escaped(found), escaped(label)));
    }
    if let Some(text) = pattern.text.as_ref().filter(|text| row.text.as_ref() != Some(text)) {
        let found = row.text.as_deref().unwrap_or_default();
        out.push(format!("the text is «{}», not «{}»", escaped(found), escaped(text)));
    }
    for (key, value) in &pattern.attrs {
        match row.attrs.iter().find(|(name, _)| name == key) {
            Some((_, found)) if found == value => {}
            Some((_, found)) => {
                out.push(format!("`{key}` is `{}`, not `{}`", escaped(found), escaped(value)))
            }
            None => out.push(format!("there is no `{key}`, which should be `{}`", escaped(value))),
        }
    }
    for (key, texts) in &pattern.refs {
        let found = row.refs.iter().find(|(name, _)| name == key).map(|(_, texts)| texts.as_slice());
        let found = found.unwrap_or_default();
        if sorted(found) != sorted(texts) {
            out.push(format!("`{key}` leads to {}, not to {}", quoted(found), quoted(texts)));
        }
    }
    out
}

/// A row, or what rows look like, in a line: `quote direct «…» channel=phone speaker→«سامح شكري»`.
pub(super) fn line(row: &RowPattern) -> String {
    let mut out = row.layer.clone();
    if let Some(label) = row.label.as_ref().filter(|label| !label.is_empty()) {
        out.extend([" ", label.as_str()]);
    }
    if let Some(text) = &row.text {
        out.push_str(&format!(" «{}»", escaped(text)));
    }
    for (key, value) in &row.attrs {
        out.push_str(&format!(" {key}={}", escaped(value)));
    }
    for (key, texts) in &row.refs {
        if texts.is_empty() {
            out.push_str(&format!(" {key}→nothing"));
        }
        for text in texts {
            out.push_str(&format!(" {key}→«{}»", escaped(text)));
        }
    }
    out
}

fn told(document: &Document, names: &Names, layer: LayerId, at: RowRef, row: &Row) -> RowPattern {
    let tables = document.tables();
    let content = document.content();
    let mut attrs: Vec<(String, String)> = tables
        .attrs(at)
        .map(|attr| (names.name(attr.key).to_owned(), tables.value(attr).to_owned()))
        .collect();
    // The newest come first.
    attrs.reverse();
    let mut refs: Vec<(String, Vec<String>)> = Vec::new();
    let mut links: Vec<_> = tables.links(at).collect();
    links.reverse();
    for link in links {
        let key = names.name(link.key);
        let text = tables.row(link.to).map(|to| raw_text(content, to.span)).unwrap_or_default();
        match refs.iter_mut().find(|(name, _)| name == key) {
            Some((_, texts)) => texts.push(text),
            None => refs.push((key.to_owned(), vec![text])),
        }
    }
    RowPattern {
        layer: names.layer_info(layer).map(|info| info.name.to_string()).unwrap_or_default(),
        label: Some(names.name(row.label).to_owned()),
        text: Some(raw_text(content, row.span)),
        attrs,
        refs,
    }
}

/// The raw text that a span of the text came from.
fn raw_text(content: &Content, span: Span) -> String {
    content.to_raw(span).of(content.raw()).to_owned()
}

fn sorted(texts: &[String]) -> Vec<&str> {
    let mut texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    texts.sort_unstable();
    texts
}

fn quoted(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| format!("«{}»", escaped(text))).collect();
    if texts.is_empty() { "nothing".to_owned() } else { texts.join(", ") }
}
