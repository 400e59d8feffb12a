//! Rows of one layer, as suites compare them.

use isnad::core::Document;

use crate::rig::Through;

/// A row, by what suites know of it.
pub(crate) struct Found {
    /// Its label.
    pub(crate) label: String,
    /// The text at its span.
    pub(crate) text: String,
    /// Where it begins and ends in the text, in code points.
    pub(crate) place: (usize, usize),
}

/// The rows of a layer in the document that becomes of a text, in the order of the text.
pub(crate) fn rows(pipeline: &Through, layer: &str, text: &str) -> Vec<Found> {
    let document: Document = pipeline.document(text);
    let names = pipeline.names();
    let layer = names.layer(layer).expect("the pipeline has the layer");
    let content = document.content();
    let count = |at: u32| content.raw().get(..at as usize).map_or(0, |head| head.chars().count());
    document
        .tables()
        .rows(layer)
        .iter()
        .map(|row| {
            let raw = content.to_raw(row.span);
            Found {
                label: names.name(row.label).to_owned(),
                text: raw.of(content.raw()).to_owned(),
                place: (count(raw.begin), count(raw.end)),
            }
        })
        .collect()
}
