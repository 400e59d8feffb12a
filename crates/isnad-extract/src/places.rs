//! Rows of a layer by their place, for look-ups that do not scan them all.

use isnad_core::{LayerId, Row, RowRef, Span, Sym, Tables};

/// A row with its place and label.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placed {
    pub(crate) span: Span,
    pub(crate) label: Sym,
    pub(crate) row: RowRef,
}

/// Rows of some layers in the order of their begins.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places(Vec<Placed>);

/// How many rows that begin before a place are looked at for one that reaches into it: names nest one or two deep.
const DEPTH: usize = 8;

impl Places {
    /// Gathers the rows of a layer, keeping the allocation.
    pub(crate) fn refill(&mut self, tables: &Tables, layers: impl IntoIterator<Item = LayerId>) {
        self.0.clear();
        for layer in layers {
            let placed = |(row, r): (RowRef, &Row)| Placed { span: r.span, label: r.label, row };
            self.0.extend(tables.refs(layer).map(placed));
        }
        self.0.sort_by_key(|placed| (placed.span.begin, std::cmp::Reverse(placed.span.end)));
    }

    /// The rows that begin at or behind an offset, in order.
    pub(crate) fn from(&self, begin: u32) -> &[Placed] {
        let at = self.0.partition_point(|placed| placed.span.begin < begin);
        self.0.get(at..).unwrap_or_default()
    }

    /// The rows that begin at an offset.
    pub(crate) fn starting_at(&self, begin: u32) -> impl Iterator<Item = &Placed> {
        self.from(begin).iter().take_while(move |placed| placed.span.begin == begin)
    }

    /// The rows that lie inside a span.
    pub(crate) fn inside(&self, span: Span) -> impl Iterator<Item = &Placed> {
        let rows = self.from(span.begin).iter().take_while(move |placed| placed.span.begin < span.end);
        rows.filter(move |placed| span.contains(placed.span))
    }

    /// The rows that share a byte with a span, the last one first.
    pub(crate) fn touching(&self, span: Span) -> impl Iterator<Item = &Placed> {
        let end = self.0.partition_point(|placed| placed.span.begin < span.end);
        let rows = self.0.get(..end).unwrap_or_default().iter().rev();
        let begin = span.begin;
        let mut before = 0;
        rows.take_while(move |placed| {
            before += usize::from(placed.span.begin < begin);
            before <= DEPTH
        })
        .filter(move |placed| placed.span.overlaps(span))
    }
}
