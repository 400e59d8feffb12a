//! A place in a text.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A half-open range of byte offsets into a named text (raw, text, folded); never longer than 4 GiB.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[repr(C)]
pub struct Span {
    /// Offset of the first byte.
    pub begin: u32,
    /// Offset behind the last byte; `begin <= end`.
    pub end: u32,
}

impl Span {
    /// The span of two offsets, put in order.
    pub fn new(begin: usize, end: usize) -> Self {
        let (begin, end) = (begin.min(end), begin.max(end));
        Span { begin: begin as u32, end: end as u32 }
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        (self.end - self.begin) as usize
    }

    /// Whether the span holds no byte.
    pub fn is_empty(self) -> bool {
        self.begin == self.end
    }

    /// Whether `other` lies inside this span.
    pub fn contains(self, other: Span) -> bool {
        self.begin <= other.begin && other.end <= self.end
    }

    /// Whether the two spans share a byte.
    pub fn overlaps(self, other: Span) -> bool {
        self.begin < other.end && other.begin < self.end
    }

    /// The smallest span that holds both.
    pub fn hull(self, other: Span) -> Span {
        Span { begin: self.begin.min(other.begin), end: self.end.max(other.end) }
    }

    /// As a range, for `str::get`.
    pub fn range(self) -> Range<usize> {
        self.begin as usize..self.end as usize
    }

    /// The text at this span, or `""` where it does not lie in `text`.
    pub fn of(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or_default()
    }
}
