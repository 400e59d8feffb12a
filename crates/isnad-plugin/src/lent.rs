//! A document that the host lends, copied into one of the worker's own.

use std::mem::{align_of, size_of};
use std::ptr;

use isnad_core::{Document, LayerId, LayerTables, Segment, SegmentKind, Shown, Span};
use serde_json::{Map, Value};

use crate::abi::{self, Str, slice};
use crate::convert::number_to_day;
use crate::guard::Stop;

/// Makes `own` a copy of the document at `index`; `segments` is memory to work in.
///
/// # Safety
/// The host lends an array of documents that has this index, and all that they point to, until this function has
/// returned.
pub(crate) unsafe fn copy(
    documents: *const abi::Document,
    index: usize,
    segments: &mut Vec<Segment>,
    own: &mut Document,
) -> Result<(), Stop> {
    // SAFETY: as the caller says.
    let lent = unsafe { document(documents, index) }?;
    // SAFETY: as the caller says; this goes for all texts and arrays of the document.
    let (id, raw, arena) =
        unsafe { (text(lent.id, "id")?, text(lent.raw, "raw text")?, text(lent.arena, "values")?) };
    let text_is_raw = (lent.text.ptr, lent.text.len) == (lent.raw.ptr, lent.raw.len);
    // SAFETY: as above.
    let rewritten = if text_is_raw { None } else { Some(unsafe { text(lent.text, "text") }?) };
    // SAFETY: as above.
    let path = unsafe { text(lent.path, "path") }?;
    // SAFETY: as above.
    let meta = meta(unsafe { text(lent.meta, "metadata") }?)?;
    // SAFETY: as above.
    align(unsafe { slice(lent.segments, lent.n_segments as usize) }, rewritten.unwrap_or(raw), segments)?;
    // SAFETY: as above.
    let layers = unsafe { slice(lent.layers, lent.n_layers as usize) };
    own.copy_of(&Shown {
        id,
        raw,
        text: rewritten,
        alignment: segments,
        meta: meta.as_ref(),
        published: number_to_day(lent.published),
        title_len: lent.title_len as usize,
        path: (!path.is_empty()).then_some(path),
        record: lent.record,
        bytes: (lent.begin, lent.end),
        // SAFETY: as above.
        layers: (0..)
            .map(LayerId)
            .zip(layers)
            .filter(is_there)
            .map(|(id, layer)| (id, unsafe { tables(layer) })),
        arena,
    });
    Ok(())
}

/// The document at `index`, as far as the host knows it; what it does not know is empty.
///
/// # Safety
/// As for [`copy`].
unsafe fn document(documents: *const abi::Document, index: usize) -> Result<abi::Document, Stop> {
    if documents.is_null() || !documents.is_aligned() {
        return Err(Stop::failed("the host lends no documents"));
    }
    // SAFETY: it is not null and aligned, and each document begins with its size.
    let size = unsafe { (&raw const (*documents).size).read() } as usize;
    // No more than what came with the first version, and no less.
    if size < size_of::<abi::Document>() || !size.is_multiple_of(align_of::<abi::Document>()) {
        return Err(Stop::failed("the host's documents are shorter than this library knows them"));
    }
    // SAFETY: the array has this index, and steps of this size.
    let at = unsafe { documents.byte_add(index * size) };
    // SAFETY: it is aligned and at least this long.
    Ok(unsafe { ptr::read(at) })
}

/// # Safety
/// `text` is lent for `'d`.
unsafe fn text<'d>(text: Str, what: &str) -> Result<&'d str, Stop> {
    // SAFETY: as the caller says.
    let bytes = unsafe { text.bytes() };
    simdutf8::basic::from_utf8(bytes)
        .map_err(|_| Stop::failed(format!("the host lends a document whose {what} is no UTF-8")))
}

fn meta(json: &str) -> Result<Option<Map<String, Value>>, Stop> {
    if json.is_empty() {
        return Ok(None);
    }
    let wrong = |error| Stop::failed(format!("the host lends metadata that is no JSON object: {error}"));
    serde_json::from_str(json).map(Some).map_err(wrong)
}

/// How the text lies on the raw text; no segments mean that the two are the same.
fn align(lent: &[abi::Segment], text: &str, segments: &mut Vec<Segment>) -> Result<(), Stop> {
    segments.clear();
    if lent.is_empty() {
        let whole = Span::new(0, text.len());
        segments.push(Segment { new: whole, old: whole, kind: SegmentKind::Same });
    }
    for segment in lent {
        let unknown = || Stop::failed("the host lends a segment of an unknown kind");
        segments.push(segment.to_core().ok_or_else(unknown)?);
    }
    Ok(())
}

fn is_there((_, layer): &(LayerId, &abi::Layer)) -> bool {
    layer.n_rows > 0
}

/// What lies in a layer. The same bytes are both the border's structs and core's; `abi.rs` asserts it.
///
/// # Safety
/// What the layer points to is lent for `'d`.
unsafe fn tables<'d>(layer: &abi::Layer) -> LayerTables<'d> {
    // SAFETY: as the caller says, and any bytes there are valid rows, attrs, links and heads: they are integers
    // and floats.
    unsafe {
        LayerTables {
            rows: slice(layer.rows.cast(), layer.n_rows as usize),
            attrs: slice(layer.attrs.cast(), layer.n_attrs as usize),
            links: slice(layer.links.cast(), layer.n_links as usize),
            heads: slice(layer.heads.cast(), layer.n_rows as usize),
        }
    }
}
