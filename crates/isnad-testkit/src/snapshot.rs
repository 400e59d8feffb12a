//! The rows of a document as text.

use std::fmt::Write;

use isnad_arabic::{Class, class};
use isnad_core::{Document, Names, RowRef, Span, Tables};

/// The rows of a document, a line each, in the order of the text: layer and label, span, «text»,
/// attrs and links by name, stage, rule and score. The same for the same rows, whatever their order.
///
/// ```text
/// entity PER [8..31] «سامح شكري» name=سامح شكري by extract.entities lexicon:person 0.98
/// quote direct [42..80] «…» channel=phone speaker→entity PER [8..31] by extract.quotes frame:vso 0.9
/// ```
pub fn snapshot(document: &Document, names: &Names) -> String {
    let tables = document.tables();
    let mut rows: Vec<(Span, &str, String)> = Vec::new();
    for (layer, info) in names.layers() {
        for (row, found) in tables.refs(layer) {
            rows.push((found.span, &info.name, line(document, names, row)));
        }
    }
    rows.sort_by(|a, b| {
        let key = |(span, layer, line): &(Span, &str, String)| {
            (span.begin, u32::MAX - span.end, layer.to_string(), line.clone())
        };
        key(a).cmp(&key(b))
    });
    rows.into_iter().fold(String::new(), |mut out, (_, _, line)| {
        out.push_str(&line);
        out.push('\n');
        out
    })
}

/// One row as a line, without its line feed.
pub(crate) fn line(document: &Document, names: &Names, row: RowRef) -> String {
    let tables = document.tables();
    let Some(found) = tables.row(row) else { return String::new() };
    let text = found.span.of(document.content().text());
    let mut out = format!("{} «{}»", title(tables, names, row), escaped(text));
    let mut attrs: Vec<(&str, &str)> =
        tables.attrs(row).map(|attr| (names.name(attr.key), tables.value(attr))).collect();
    attrs.sort_unstable();
    for (key, value) in attrs {
        let _ = write!(out, " {key}={}", escaped(value));
    }
    let mut links: Vec<(&str, RowRef)> =
        tables.links(row).map(|link| (names.name(link.key), link.to)).collect();
    links.reverse();
    links.sort_by_key(|(key, _)| *key);
    for (key, to) in links {
        let _ = write!(out, " {key}→{}", title(tables, names, to));
    }
    let _ = write!(out, " by {}", names.stage(found.stage));
    match names.name(found.rule) {
        "" => {}
        rule => {
            let _ = write!(out, " {rule}");
        }
    }
    let _ = write!(out, " {}", found.score);
    out
}

/// What names a row: layer, label, span.
pub(crate) fn title(tables: &Tables, names: &Names, row: RowRef) -> String {
    let layer = names.layer_info(row.layer).map_or("?", |info| info.name.as_str());
    let Some(found) = tables.row(row) else { return format!("{layer} #{}", row.index) };
    match names.name(found.label) {
        "" => format!("{layer} [{}..{}]", found.span.begin, found.span.end),
        label => format!("{layer} {label} [{}..{}]", found.span.begin, found.span.end),
    }
}

/// Text on one line: what cannot be seen as `\u{…}`, marks as they are.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if is_unseen(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// Whether a reader would not see a character, or take it for another.
pub fn is_unseen(c: char) -> bool {
    let of_class =
        matches!(class(c), Class::Bidi | Class::ZeroWidth | Class::Control | Class::Break | Class::OddSpace);
    of_class || c.is_control()
}
