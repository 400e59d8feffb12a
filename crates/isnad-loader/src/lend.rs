//! Documents as a library sees them. Texts and tables are lent as they lie; only what has another form there (how the
//! text lies on the raw text, metadata as JSON) is written out, into memory that is used again.

use std::ptr;

use isnad_core::{Document, Grants};
use isnad_plugin::abi;

/// The memory in which documents are described.
#[derive(Default)]
pub(crate) struct Lent {
    documents: Vec<abi::Document>,
    layers: Vec<abi::Layer>,
    segments: Vec<abi::Segment>,
    meta: Vec<u8>,
}

impl Lent {
    /// Describes documents, as far as `grants` lends them. The pointers are good until the next call, and as long as
    /// nothing changes the documents.
    pub(crate) fn lend<'d>(
        &mut self,
        documents: impl Iterator<Item = &'d Document>,
        grants: &Grants,
        layers: u16,
    ) -> &[abi::Document] {
        self.documents.clear();
        self.layers.clear();
        self.segments.clear();
        self.meta.clear();
        for document in documents {
            self.describe(document, grants, layers);
        }
        self.point();
        &self.documents
    }

    fn describe(&mut self, document: &Document, grants: &Grants, layers: u16) {
        let shown = document.shown(grants, layers);
        let first = self.layers.len();
        self.layers.resize(first + layers as usize, NO_LAYER);
        for (layer, tables) in shown.layers.clone() {
            if let Some(place) =
                self.layers.get_mut(first + layer.0 as usize).filter(|_| !tables.rows.is_empty())
            {
                *place = abi::Layer {
                    rows: tables.rows.as_ptr().cast(),
                    attrs: or_null(tables.attrs).cast(),
                    links: or_null(tables.links).cast(),
                    heads: tables.heads.as_ptr().cast(),
                    n_rows: tables.rows.len() as u32,
                    n_attrs: tables.attrs.len() as u32,
                    n_links: tables.links.len() as u32,
                    reserved: 0,
                };
            }
        }
        let segments = self.segments.len();
        if !document.content().alignment().is_identity() {
            self.segments.extend(shown.alignment.iter().map(abi::Segment::of));
        }
        let meta = self.meta.len();
        if let Some(map) = shown.meta {
            // Writing values to memory does not fail; if it did, there would be no metadata.
            if serde_json::to_writer(&mut self.meta, map).is_err() {
                self.meta.truncate(meta);
            }
        }
        let described = abi::Document {
            size: size_of::<abi::Document>() as u32,
            title_len: shown.title_len as u32,
            id: abi::Str::new(shown.id),
            raw: abi::Str::new(shown.raw),
            text: abi::Str::new(shown.text.unwrap_or(shown.raw)),
            segments: ptr::null(),
            layers: ptr::null(),
            arena: abi::Str::new(shown.arena),
            meta: abi::Str { ptr: ptr::null(), len: self.meta.len() - meta },
            path: shown.path.map_or(abi::Str::EMPTY, abi::Str::new),
            record: shown.record,
            begin: shown.bytes.0,
            end: shown.bytes.1,
            n_segments: (self.segments.len() - segments) as u32,
            n_layers: u32::from(layers),
            published: isnad_plugin::day_to_number(shown.published),
            reserved: 0,
        };
        self.documents.push(described);
    }

    /// Sets the pointers into memory of ours, which does not move any more.
    fn point(&mut self) {
        let (mut layers, mut segments, mut meta) =
            (self.layers.as_slice(), self.segments.as_slice(), self.meta.as_slice());
        for document in &mut self.documents {
            let (own, rest) = layers.split_at_checked(document.n_layers as usize).unwrap_or_default();
            (document.layers, layers) = (or_null(own), rest);
            let (own, rest) = segments.split_at_checked(document.n_segments as usize).unwrap_or_default();
            (document.segments, segments) = (or_null(own), rest);
            let (own, rest) = meta.split_at_checked(document.meta.len).unwrap_or_default();
            (document.meta, meta) = (abi::Str::of_bytes(own), rest);
        }
    }
}

const NO_LAYER: abi::Layer = abi::Layer {
    rows: ptr::null(),
    attrs: ptr::null(),
    links: ptr::null(),
    heads: ptr::null(),
    n_rows: 0,
    n_attrs: 0,
    n_links: 0,
    reserved: 0,
};

fn or_null<T>(slice: &[T]) -> *const T {
    if slice.is_empty() { ptr::null() } else { slice.as_ptr() }
}
