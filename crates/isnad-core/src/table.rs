//! The three append-only tables of a document: rows, attrs, links. Plain values throughout: offsets
//! are `u32`, strings lie in one arena, a row is named by layer and index. Nothing is overwritten.

use std::collections::HashMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::names::{LayerId, StageId, Sym};
use crate::span::Span;

/// One annotation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[repr(C)]
pub struct Row {
    /// Where it lies in the text; never empty.
    pub span: Span,
    /// How sure its stage is, from 0 to 1.
    pub score: f32,
    /// What it is; [`Sym::NONE`] where the layer has no labels.
    pub label: Sym,
    /// Which rule of the stage made it.
    pub rule: Sym,
    /// The stage that made it.
    pub stage: StageId,
}

/// Which row: its layer and its index there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[repr(C)]
pub struct RowRef {
    /// Index in the layer.
    pub index: u32,
    /// The layer.
    pub layer: LayerId,
}

/// A value on a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[repr(C)]
pub struct Attr {
    /// The row it belongs to, in the layer of the table it stands in.
    pub row: u32,
    /// Where the value begins in the arena.
    pub value_at: u32,
    /// Its length in bytes.
    pub value_len: u32,
    /// The attr of the same row written before it, or `u32::MAX`.
    pub next: u32,
    /// Its name.
    pub key: Sym,
    /// The stage that wrote it.
    pub stage: StageId,
}

/// A named reference from a row to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[repr(C)]
pub struct Link {
    /// The row it goes out from, in the layer of the table it stands in.
    pub row: u32,
    /// The row it goes to.
    pub to: RowRef,
    /// The link of the same row written before it, or `u32::MAX`.
    pub next: u32,
    /// Its name.
    pub key: Sym,
    /// The stage that wrote it.
    pub stage: StageId,
}

/// The newest attr and link of a row, or `u32::MAX` where it has none: where the way through them begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[repr(C)]
pub struct Heads {
    /// Index of the newest attr.
    pub attr: u32,
    /// Index of the newest link.
    pub link: u32,
}

/// What one layer of a document holds, or what was added to it from some moment on.
#[derive(Clone, Copy, Debug, Default)]
pub struct LayerTables<'d> {
    /// The rows, in the order they were written.
    pub rows: &'d [Row],
    /// Their attrs, in the order they were written.
    pub attrs: &'d [Attr],
    /// Their links, in the order they were written.
    pub links: &'d [Link],
    /// For each row its newest attr and link.
    pub heads: &'d [Heads],
}

/// Why a row, attr or link was refused; the tables stay as they were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowError {
    /// The span is empty.
    Empty(Span),
    /// The span does not lie in the text.
    OutOfText(Span),
    /// The span begins or ends inside a code point.
    InsideCodePoint(Span),
    /// A row of this layer, span and label is there already.
    Duplicate(RowRef),
    /// The (row, key) has a value, or was linked by another stage.
    Written(RowRef, Sym),
    /// There is no such row.
    NoRow(RowRef),
    /// The contract of the stage does not allow rows of this layer, or this key on it.
    Undeclared(LayerId, Sym),
    /// The score is not a number from 0 to 1.
    Score,
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RowError::Empty(s) => write!(f, "the row at byte {} is empty", s.begin),
            RowError::OutOfText(s) => write!(f, "bytes {}..{} lie outside the text", s.begin, s.end),
            RowError::InsideCodePoint(s) => {
                write!(f, "bytes {}..{} begin or end inside a code point", s.begin, s.end)
            }
            RowError::Duplicate(r) => {
                write!(f, "row {} of layer {} has this span and label", r.index, r.layer.0)
            }
            RowError::Written(r, _) => write!(f, "row {} of layer {} has this key", r.index, r.layer.0),
            RowError::NoRow(r) => write!(f, "there is no row {} in layer {}", r.index, r.layer.0),
            RowError::Undeclared(l, _) => {
                write!(f, "the contract of the stage does not declare this for layer {}", l.0)
            }
            RowError::Score => f.write_str("a score lies between 0 and 1"),
        }
    }
}

impl std::error::Error for RowError {}

const NO_NEXT: u32 = u32::MAX;
const NO_HEADS: Heads = Heads { attr: NO_NEXT, link: NO_NEXT };

#[derive(Clone, Debug, Default)]
struct Layer {
    rows: Vec<Row>,
    attrs: Vec<Attr>,
    links: Vec<Link>,
    /// The newest attr and link of each row.
    heads: Vec<Heads>,
    /// The greatest (span, label) so far: rows that come in order need no look-up. `None` also where the
    /// rows were copied and nobody has asked since.
    greatest: Option<(Span, Sym)>,
    /// The rows by span and label, kept once rows came out of order.
    seen: HashMap<(Span, Sym), u32>,
}

/// All rows, attrs and links of a document.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    layers: Vec<Layer>,
    arena: String,
}

/// A state of the tables to which they can be rolled back.
#[derive(Clone, Debug, Default)]
pub struct TablesMark {
    lengths: Vec<(usize, usize, usize)>,
    arena: usize,
}

impl Layer {
    /// Empties it and keeps its memory.
    fn clear(&mut self) {
        self.rows.clear();
        self.attrs.clear();
        self.links.clear();
        self.heads.clear();
        self.seen.clear();
        self.greatest = None;
    }

    fn find_greatest(&mut self) {
        if self.greatest.is_none() {
            self.greatest = self.rows.iter().map(|row| (row.span, row.label)).max();
        }
    }
}

impl Tables {
    /// The rows of a layer in the order they were written.
    pub fn rows(&self, layer: LayerId) -> &[Row] {
        self.layers.get(layer.0 as usize).map_or(&[], |l| l.rows.as_slice())
    }

    /// A row.
    pub fn row(&self, row: RowRef) -> Option<&Row> {
        self.rows(row.layer).get(row.index as usize)
    }

    /// All rows of a layer with their names.
    pub fn refs(&self, layer: LayerId) -> impl Iterator<Item = (RowRef, &Row)> {
        self.rows(layer).iter().enumerate().map(move |(i, row)| (RowRef { layer, index: i as u32 }, row))
    }

    /// The value of an attr.
    pub fn attr(&self, row: RowRef, key: Sym) -> Option<&str> {
        self.attrs(row).find(|attr| attr.key == key).map(|attr| self.value(attr))
    }

    /// The attrs of a row, the newest first.
    pub fn attrs(&self, row: RowRef) -> impl Iterator<Item = &Attr> {
        let layer = self.layers.get(row.layer.0 as usize);
        let mut at = layer.and_then(|l| l.heads.get(row.index as usize)).map_or(NO_NEXT, |heads| heads.attr);
        std::iter::from_fn(move || {
            let attr = layer?.attrs.get(at as usize)?;
            at = attr.next;
            Some(attr)
        })
    }

    /// The text of an attr's value.
    pub fn value(&self, attr: &Attr) -> &str {
        let (begin, len) = (attr.value_at as usize, attr.value_len as usize);
        self.arena.get(begin..begin + len).unwrap_or_default()
    }

    /// The links of a row, the newest first.
    pub fn links(&self, row: RowRef) -> impl Iterator<Item = &Link> {
        let layer = self.layers.get(row.layer.0 as usize);
        let mut at = layer.and_then(|l| l.heads.get(row.index as usize)).map_or(NO_NEXT, |heads| heads.link);
        std::iter::from_fn(move || {
            let link = layer?.links.get(at as usize)?;
            at = link.next;
            Some(link)
        })
    }

    /// The rows a key links to, in the order they were linked.
    pub fn linked(&self, row: RowRef, key: Sym) -> Vec<RowRef> {
        let mut found: Vec<RowRef> = self.links(row).filter(|l| l.key == key).map(|l| l.to).collect();
        found.reverse();
        found
    }

    /// What a layer holds.
    pub fn layer(&self, layer: LayerId) -> LayerTables<'_> {
        self.layers.get(layer.0 as usize).map_or(LayerTables::default(), |l| LayerTables {
            rows: &l.rows,
            attrs: &l.attrs,
            links: &l.links,
            heads: &l.heads,
        })
    }

    /// What was added since `mark`, by layer; layers to which nothing was added are left out. Attrs and links
    /// may belong to rows from before.
    pub fn since(&self, mark: &TablesMark) -> impl Iterator<Item = (LayerId, LayerTables<'_>)> {
        self.layers.iter().enumerate().filter_map(|(index, l)| {
            let (rows, attrs, links) = mark.lengths.get(index).copied().unwrap_or_default();
            let added = LayerTables {
                rows: l.rows.get(rows..).unwrap_or_default(),
                attrs: l.attrs.get(attrs..).unwrap_or_default(),
                links: l.links.get(links..).unwrap_or_default(),
                heads: l.heads.get(rows..).unwrap_or_default(),
            };
            let is_empty = added.rows.is_empty() && added.attrs.is_empty() && added.links.is_empty();
            (!is_empty).then_some((LayerId(index as u16), added))
        })
    }

    /// The text in which the values of attrs lie.
    pub fn arena(&self) -> &str {
        &self.arena
    }

    /// How many rows there are in all layers.
    pub fn row_count(&self) -> usize {
        self.layers.iter().map(|l| l.rows.len()).sum()
    }

    /// Whether no row was written.
    pub fn is_empty(&self) -> bool {
        self.layers.iter().all(|l| l.rows.is_empty())
    }

    pub(crate) fn add(&mut self, layer: LayerId, row: Row) -> Result<RowRef, RowError> {
        let table = self.layer_mut(layer);
        table.find_greatest();
        let key = (row.span, row.label);
        let next = table.rows.len() as u32;
        if table.greatest.is_none_or(|greatest| key > greatest) {
            table.greatest = Some(key);
            if !table.seen.is_empty() {
                table.seen.insert(key, next);
            }
        } else {
            if table.seen.is_empty() {
                table.seen =
                    table.rows.iter().zip(0..).map(|(r, index)| ((r.span, r.label), index)).collect();
            }
            if let Some(&index) = table.seen.get(&key) {
                return Err(RowError::Duplicate(RowRef { layer, index }));
            }
            table.seen.insert(key, next);
        }
        table.rows.push(row);
        table.heads.push(NO_HEADS);
        Ok(RowRef { layer, index: next })
    }

    /// Adds rows; those that begin behind the greatest one so far need no look-up.
    pub(crate) fn add_all(
        &mut self,
        layer: LayerId,
        expected: usize,
        mut rows: impl Iterator<Item = Row>,
    ) -> Result<(), RowError> {
        let table = self.layer_mut(layer);
        table.find_greatest();
        table.rows.reserve(expected);
        let first = table.rows.len();
        let mut least = table.greatest.map_or(0, |(span, _)| span.begin as u64 + 1);
        let mut looked_up = None;
        if table.seen.is_empty() {
            for row in rows.by_ref() {
                if (row.span.begin as u64) < least {
                    looked_up = Some(row);
                    break;
                }
                least = row.span.begin as u64 + 1;
                table.rows.push(row);
            }
        }
        if let Some(last) = table.rows.get(first..).and_then(<[Row]>::last) {
            table.greatest = Some((last.span, last.label));
            table.heads.resize(table.rows.len(), NO_HEADS);
        }
        looked_up.into_iter().chain(rows).try_for_each(|row| self.add(layer, row).map(drop))
    }

    /// Makes room for attrs that are about to be written.
    pub(crate) fn reserve_attrs(&mut self, layer: LayerId, attrs: usize, bytes: usize) {
        if let Some(table) = self.layers.get_mut(layer.0 as usize) {
            table.attrs.reserve(attrs);
            self.arena.reserve(bytes);
        }
    }

    pub(crate) fn add_attr(
        &mut self,
        row: RowRef,
        key: Sym,
        value: &str,
        stage: StageId,
    ) -> Result<(), RowError> {
        let value_at = self.arena.len() as u32;
        let table = self.layer_mut(row.layer);
        let Some(heads) = table.heads.get_mut(row.index as usize) else {
            return Err(RowError::NoRow(row));
        };
        let mut at = heads.attr;
        while let Some(attr) = table.attrs.get(at as usize) {
            if attr.key == key {
                return Err(RowError::Written(row, key));
            }
            at = attr.next;
        }
        let next = std::mem::replace(&mut heads.attr, table.attrs.len() as u32);
        let value_len = value.len() as u32;
        table.attrs.push(Attr { row: row.index, value_at, value_len, next, key, stage });
        self.arena.push_str(value);
        Ok(())
    }

    pub(crate) fn add_link(
        &mut self,
        row: RowRef,
        key: Sym,
        to: RowRef,
        stage: StageId,
    ) -> Result<(), RowError> {
        for end in [row, to] {
            if self.row(end).is_none() {
                return Err(RowError::NoRow(end));
            }
        }
        if self.links(row).any(|link| link.key == key && (link.to == to || link.stage != stage)) {
            return Err(RowError::Written(row, key));
        }
        let table = self.layer_mut(row.layer);
        let at = table.links.len() as u32;
        if let Some(heads) = table.heads.get_mut(row.index as usize) {
            let next = std::mem::replace(&mut heads.link, at);
            table.links.push(Link { row: row.index, to, next, key, stage });
        }
        Ok(())
    }

    /// The present state, to which a document can be rolled back.
    pub fn mark(&self) -> TablesMark {
        let mut mark = TablesMark::default();
        self.mark_again(&mut mark);
        mark
    }

    /// The same, in the memory of an earlier mark.
    pub(crate) fn mark_again(&self, mark: &mut TablesMark) {
        mark.lengths.clear();
        mark.lengths.extend(self.layers.iter().map(|l| (l.rows.len(), l.attrs.len(), l.links.len())));
        mark.arena = self.arena.len();
    }

    /// Takes back everything written since `mark`.
    pub(crate) fn rollback(&mut self, mark: &TablesMark) {
        for (index, layer) in self.layers.iter_mut().enumerate() {
            let (rows, attrs, links) = mark.lengths.get(index).copied().unwrap_or_default();
            if (layer.rows.len(), layer.attrs.len(), layer.links.len()) == (rows, attrs, links) {
                continue;
            }
            layer.rows.truncate(rows);
            layer.attrs.truncate(attrs);
            layer.links.truncate(links);
            layer.heads.clear();
            layer.heads.resize(rows, NO_HEADS);
            for (at, attr) in layer.attrs.iter().enumerate() {
                if let Some(heads) = layer.heads.get_mut(attr.row as usize) {
                    heads.attr = at as u32;
                }
            }
            for (at, link) in layer.links.iter().enumerate() {
                if let Some(heads) = layer.heads.get_mut(link.row as usize) {
                    heads.link = at as u32;
                }
            }
            layer.seen.clear();
            layer.greatest = layer.rows.iter().map(|r| (r.span, r.label)).max();
        }
        self.arena.truncate(mark.arena);
    }

    /// Makes these tables a copy of some layers of others, in the memory that they have. Links to rows of
    /// layers that are not among them are left out.
    pub(crate) fn copy<'s>(
        &mut self,
        layers: impl Iterator<Item = (LayerId, LayerTables<'s>)> + Clone,
        arena: &str,
    ) {
        for layer in &mut self.layers {
            layer.clear();
        }
        self.arena.clear();
        self.arena.push_str(arena);
        for (id, shown) in layers.clone() {
            let layer = self.layer_mut(id);
            layer.rows.extend_from_slice(shown.rows);
            layer.attrs.extend_from_slice(shown.attrs);
            layer.heads.extend(shown.heads.iter().map(|heads| Heads { link: NO_NEXT, ..*heads }));
            layer.heads.resize(shown.rows.len(), NO_HEADS);
        }
        for (id, shown) in layers {
            for link in shown.links {
                if self.row(link.to).is_none() {
                    continue;
                }
                let table = self.layer_mut(id);
                let at = table.links.len() as u32;
                if let Some(heads) = table.heads.get_mut(link.row as usize) {
                    let next = std::mem::replace(&mut heads.link, at);
                    table.links.push(Link { next, ..*link });
                }
            }
        }
    }

    fn layer_mut(&mut self, layer: LayerId) -> &mut Layer {
        let index = layer.0 as usize;
        if self.layers.len() <= index {
            self.layers.resize_with(index + 1, Layer::default);
        }
        &mut self.layers[index]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const STAGE: StageId = StageId(0);

    fn row(begin: u32, end: u32, label: u16) -> Row {
        Row { span: Span { begin, end }, score: 1.0, label: Sym(label), rule: Sym::NONE, stage: STAGE }
    }

    #[test]
    fn one_row_per_span_and_label_in_any_order() {
        let mut tables = Tables::default();
        let layer = LayerId(2);
        let first = tables.add(layer, row(5, 9, 1)).unwrap();
        tables.add(layer, row(0, 3, 1)).unwrap();
        tables.add(layer, row(5, 9, 2)).unwrap();
        assert_eq!(tables.add(layer, row(5, 9, 1)), Err(RowError::Duplicate(first)));
        assert_eq!(tables.rows(layer).len(), 3);
    }

    #[test]
    fn many_rows_are_added_as_one_by_one() {
        let mut tables = Tables::default();
        let layer = LayerId(0);
        let rows = [row(0, 3, 1), row(5, 9, 1), row(2, 4, 1), row(5, 9, 2)];
        tables.add_all(layer, rows.len(), rows.into_iter()).unwrap();
        assert_eq!(tables.rows(layer), rows);
        let again = tables.add_all(layer, 2, [row(9, 10, 1), row(5, 9, 1)].into_iter());
        assert_eq!(again, Err(RowError::Duplicate(RowRef { layer, index: 1 })));
        assert_eq!(tables.rows(layer).len(), 5);
    }

    #[test]
    fn a_key_of_a_row_is_written_once() {
        let mut tables = Tables::default();
        let row = tables.add(LayerId(0), row(0, 1, 0)).unwrap();
        tables.add_attr(row, Sym(3), "قيمة", STAGE).unwrap();
        assert_eq!(tables.add_attr(row, Sym(3), "x", STAGE), Err(RowError::Written(row, Sym(3))));
        tables.add_link(row, Sym(4), row, STAGE).unwrap();
        assert_eq!(tables.add_link(row, Sym(4), row, STAGE), Err(RowError::Written(row, Sym(4))));
        assert_eq!(tables.attr(row, Sym(3)), Some("قيمة"));
        assert_eq!(tables.linked(row, Sym(4)), [row]);
    }

    proptest! {
        #[test]
        fn adding_many_is_adding_one_by_one(rows in prop::collection::vec((0u32..8, 1u32..3, 0u16..2), 0..12), cut in 0usize..12) {
            let rows: Vec<Row> = rows.iter().map(|(begin, len, label)| row(*begin, begin + len, *label)).collect();
            let (first, rest) = rows.split_at(cut.min(rows.len()));
            let (mut one_by_one, mut many) = (Tables::default(), Tables::default());
            for tables in [&mut one_by_one, &mut many] {
                for row in first {
                    let _ = tables.add(LayerId(0), *row);
                }
            }
            let expected = rest.iter().try_for_each(|row| one_by_one.add(LayerId(0), *row).map(drop));
            prop_assert_eq!(many.add_all(LayerId(0), rest.len(), rest.iter().copied()), expected);
            // What is added later finds the same state.
            for row in &rows {
                prop_assert_eq!(many.add(LayerId(0), *row), one_by_one.add(LayerId(0), *row));
            }
            prop_assert_eq!(many.rows(LayerId(0)), one_by_one.rows(LayerId(0)));
        }

        #[test]
        fn rollback_restores_what_was_there(rows in prop::collection::vec((0u32..6, 1u32..4, 0u16..2), 0..12), cut in 0usize..12) {
            let mut tables = Tables::default();
            let mut before = None;
            for (index, (begin, len, label)) in rows.iter().enumerate() {
                if index == cut {
                    before = Some((tables.mark(), format!("{:?}{:?}", tables.rows(LayerId(0)), tables.arena)));
                }
                if let Ok(r) = tables.add(LayerId(0), row(*begin, begin + len, *label)) {
                    tables.add_attr(r, Sym(1), "ab", STAGE).unwrap();
                    tables.add_attr(r, Sym(2), "c", STAGE).unwrap();
                }
            }
            if let Some((mark, shown)) = before {
                tables.rollback(&mark);
                prop_assert_eq!(format!("{:?}{:?}", tables.rows(LayerId(0)), tables.arena), shown);
                for (r, _) in tables.refs(LayerId(0)) {
                    prop_assert_eq!(tables.attr(r, Sym(1)), Some("ab"));
                    prop_assert_eq!(tables.attrs(r).count(), 2);
                }
            }
        }
    }
}
