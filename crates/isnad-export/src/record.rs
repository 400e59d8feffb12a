//! One document as a JSON record, version 1.

use std::cmp::Reverse;
use std::sync::Arc;

use isnad_core::{Attr, Disclosure, Document, LayerId, Link, Names, Row, RowRef};

use crate::json::JsonWriter;
use crate::printed::Printed;
use crate::ruler::{Ruler, Unit};

/// Which text a record shows, or its spans point into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    Raw,
    Normalized,
}

/// What a record holds.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    /// The layers whose rows are shown.
    pub(crate) layers: Vec<LayerId>,
    /// The layer of which only those rows are shown that a shown row of another layer refers to.
    pub(crate) on_demand: Option<LayerId>,
    /// The texts that are shown as `text` and as `normalized_text`.
    pub(crate) text: Option<Which>,
    pub(crate) normalized_text: bool,
    /// The text that spans and the texts of rows are taken from.
    pub(crate) spans: Which,
    pub(crate) unit: Unit,
}

/// Writes records; owns the memory that is needed for it.
#[derive(Debug)]
pub(crate) struct RecordWriter {
    names: Arc<Names>,
    shape: Shape,
    ruler: Ruler,
    /// The rows that are shown, in document order.
    rows: Vec<(Row, RowRef)>,
    /// By layer and row, the number of its id; 0 where it is not shown.
    ids: Vec<Vec<u32>>,
    attrs: Vec<Attr>,
    links: Vec<Link>,
}

/// What the rows of one record are written from.
struct View<'d> {
    document: &'d Document,
    disclosure: &'d Disclosure<'d>,
    /// The text that spans point into.
    spans: &'d Printed<'d>,
}

const WANTED: u32 = u32::MAX;

impl RecordWriter {
    pub(crate) fn new(names: &Arc<Names>, shape: Shape) -> Self {
        RecordWriter {
            names: Arc::clone(names),
            ruler: Ruler::new(shape.unit),
            shape,
            rows: Vec::new(),
            ids: vec![Vec::new(); names.layer_count()],
            attrs: Vec::new(),
            links: Vec::new(),
        }
    }

    /// Appends the record of a document, and a line feed.
    pub(crate) fn write(&mut self, document: &Document, out: &mut Vec<u8>) {
        self.choose(document);
        let content = document.content();
        let disclosure = document.disclosure();
        let (raw, normalized) =
            (Printed::raw(content, &disclosure), Printed::normalized(content, &disclosure));
        let printed = |which| if which == Which::Raw { &raw } else { &normalized };
        let spans = printed(self.shape.spans);
        self.ruler.measure(spans.text());

        let mut json = JsonWriter::new(out);
        json.open(b'{');
        json.member("isnad", &1);
        json.member("id", &disclosure.mask(content.id()));
        json.member("meta", disclosure.meta());
        json.key("origin");
        json.open(b'{');
        json.member("path", &content.origin().path.as_deref().map(|path| disclosure.mask(path)));
        json.member("record", &content.origin().record);
        json.close(b'}');
        json.member("offsets", self.shape.unit.name());
        json.member("spans", if self.shape.spans == Which::Raw { "raw" } else { "normalized" });
        if let Some(which) = self.shape.text {
            json.member("text", printed(which).text());
        }
        if self.shape.normalized_text {
            json.member("normalized_text", normalized.text());
        }
        json.key("annotations");
        json.open(b'[');
        let view = View { document, disclosure: &disclosure, spans };
        let rows = std::mem::take(&mut self.rows);
        for (row, at) in &rows {
            json.item();
            self.write_row(&mut json, row, *at, &view);
        }
        self.rows = rows;
        json.close(b']');
        json.close(b'}');
        out.push(b'\n');
    }

    /// Finds the rows that are shown and numbers them.
    fn choose(&mut self, document: &Document) {
        let tables = document.tables();
        for (layer, ids) in self.ids.iter_mut().enumerate() {
            ids.clear();
            ids.resize(tables.rows(LayerId(layer as u16)).len(), 0);
        }
        self.rows.clear();
        for &layer in &self.shape.layers {
            for (at, row) in tables.refs(layer) {
                self.rows.push((*row, at));
                for link in tables.links(at) {
                    if Some(link.to.layer) == self.shape.on_demand {
                        set(&mut self.ids, link.to, WANTED);
                    }
                }
            }
        }
        if let Some(layer) = self.shape.on_demand {
            let wanted = tables.refs(layer).filter(|(at, _)| get(&self.ids, *at) == WANTED);
            self.rows.extend(wanted.map(|(at, row)| (*row, at)));
        }
        let names = &*self.names;
        self.rows.sort_unstable_by(|(a, at), (b, bt)| {
            let place = |row: &Row, at: &RowRef| (row.span.begin, Reverse(row.span.end), at.layer);
            place(a, at).cmp(&place(b, bt)).then_with(|| names.name(a.label).cmp(names.name(b.label)))
        });
        for (number, (_, at)) in self.rows.iter().enumerate() {
            set(&mut self.ids, *at, number as u32 + 1);
        }
    }

    fn write_row(&mut self, json: &mut JsonWriter<'_>, row: &Row, at: RowRef, view: &View<'_>) {
        let text = view.spans.text();
        let span = view.spans.span(row.span);
        json.open(b'{');
        json.key("id");
        json.id(get(&self.ids, at));
        json.member("layer", self.names.layer_info(at.layer).map_or("", |info| info.name.as_str()));
        json.member("label", self.names.name(row.label));
        json.member("span", &[self.ruler.at(text, span.begin), self.ruler.at(text, span.end)]);
        json.member("text", span.of(text));
        self.write_attrs(json, at, view);
        self.write_refs(json, at, view);
        json.member("by", self.names.stage(row.stage));
        json.member("rule", self.names.name(row.rule));
        json.member("score", &((f64::from(row.score) * 1000.0).round() / 1000.0));
        json.close(b'}');
    }

    /// Attrs stand in the order in which the contracts of the chain declare them.
    fn write_attrs(&mut self, json: &mut JsonWriter<'_>, at: RowRef, view: &View<'_>) {
        let tables = view.document.tables();
        self.attrs.clear();
        self.attrs.extend(tables.attrs(at));
        self.attrs.sort_unstable_by_key(|attr| attr.key);
        json.key("attrs");
        json.open(b'{');
        for attr in &self.attrs {
            json.any_key(self.names.name(attr.key));
            json.value(&view.disclosure.mask(tables.value(attr)));
        }
        json.close(b'}');
    }

    /// So do refs; the ids of one key stand in document order.
    fn write_refs(&mut self, json: &mut JsonWriter<'_>, at: RowRef, view: &View<'_>) {
        self.links.clear();
        self.links.extend(view.document.tables().links(at));
        self.links.sort_unstable_by_key(|link| (link.key, get(&self.ids, link.to)));
        json.key("refs");
        json.open(b'{');
        for links in self.links.chunk_by(|a, b| a.key == b.key) {
            let Some(first) = links.first() else { continue };
            json.any_key(self.names.name(first.key));
            json.open(b'[');
            for id in links.iter().map(|link| get(&self.ids, link.to)).filter(|id| *id != 0) {
                json.item();
                json.id(id);
            }
            json.close(b']');
        }
        json.close(b'}');
    }
}

fn get(ids: &[Vec<u32>], row: RowRef) -> u32 {
    ids.get(row.layer.0 as usize).and_then(|layer| layer.get(row.index as usize)).copied().unwrap_or_default()
}

fn set(ids: &mut [Vec<u32>], row: RowRef, id: u32) {
    if let Some(slot) = ids.get_mut(row.layer.0 as usize).and_then(|layer| layer.get_mut(row.index as usize))
    {
        *slot = id;
    }
}
