//! How a rewritten text lies on the text it was made from.
//!
//! An alignment is a list of segments that cover both texts, in the order of the new text. Most of a
//! document is one `Same` segment; each edit that changes lengths adds one. Spans map by the hull of
//! the segments they touch, so a border inside a replaced stretch widens to the stretch, and no
//! non-empty span maps to nothing.

use serde::{Deserialize, Serialize};

use crate::span::Span;

/// Where the characters of an edit that leaves nothing belong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Attach {
    /// To the character before: marks, tatweel. A span that ends there takes them along.
    Before,
    /// To the character behind.
    After,
    /// To nothing: controls, spaces. They lie between spans.
    Nothing,
}

/// What a segment does to its stretch of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SegmentKind {
    /// Same length, same code-point borders: offsets differ by a constant.
    Same,
    /// Another text; where the new text is empty, `Attach` says where the old characters belong.
    Replaced(Attach),
    /// The same bytes, code point by code point in reverse order.
    Reversed,
    /// Another text that hides the old one: no output may show what stood there.
    Withheld,
}

/// A stretch of the new text and the stretch of the old text it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// The stretch of the new text.
    pub new: Span,
    /// The stretch of the old text.
    pub old: Span,
    /// How the two lie on each other.
    pub kind: SegmentKind,
}

/// The way from a new text back to the old one.
///
/// Laws: the segments cover the new text in order without gaps; a non-empty span maps to a non-empty
/// span (unless the old text is empty); mapping widens and never narrows; composition maps as the two
/// maps do one after the other, or wider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alignment {
    segments: Vec<Segment>,
}

impl Alignment {
    /// The alignment of a text of `len` bytes with itself.
    pub fn identity(len: usize) -> Self {
        let whole = Span::new(0, len);
        Alignment { segments: vec![Segment { new: whole, old: whole, kind: SegmentKind::Same }] }
    }

    /// Makes it a copy of another one, in the memory that it has.
    pub(crate) fn copy(&mut self, segments: &[Segment]) {
        self.segments.clear();
        self.segments.extend_from_slice(segments);
    }

    pub(crate) fn empty() -> Self {
        Alignment { segments: Vec::new() }
    }

    /// An alignment to which nothing was added is that of an empty text to itself.
    pub(crate) fn or_identity(self) -> Self {
        if self.segments.is_empty() { Alignment::identity(0) } else { self }
    }

    pub(crate) fn drop_empty_last(&mut self) {
        self.segments.pop_if(|last| last.new.is_empty() && last.old.is_empty());
    }

    /// Joins the last segment to the one before where the two are one.
    pub(crate) fn join_last(&mut self) {
        if let Some(last) = self.segments.pop() {
            self.push(last);
        }
    }

    pub(crate) fn last_mut(&mut self) -> Option<&mut Segment> {
        self.segments.last_mut()
    }

    /// The segments in the order of the new text.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Whether the two texts are the same byte for byte in place, so that every span maps to itself.
    pub fn is_identity(&self) -> bool {
        matches!(self.segments.as_slice(), [only] if only.kind == SegmentKind::Same && only.new == only.old)
    }

    /// The stretches of the old text that no output may show, in the order of the new text.
    pub fn withheld(&self) -> impl Iterator<Item = Span> + '_ {
        self.segments.iter().filter(|s| s.kind == SegmentKind::Withheld).map(|s| s.old)
    }

    /// The smallest span of the old text that holds everything the span of the new text came from.
    /// An empty span maps to an empty one.
    pub fn to_old(&self, span: Span) -> Span {
        if span.is_empty() {
            return self.point_to_old(span.begin);
        }
        let first =
            self.segments.partition_point(|s| s.new.end <= span.begin && !s.new.is_empty_at(span.begin));
        let mut hull: Option<Span> = None;
        let mut add = |old: Span| hull = Some(hull.map_or(old, |h| h.hull(old)));
        // Of the deletions at a border, those up to the last one attached before belong to the text
        // before it, and of the rest those from the first one attached after to the text behind it.
        let mut before: Option<Span> = None;
        for segment in self.segments.get(first..).unwrap_or_default() {
            if !segment.new.is_empty() {
                if segment.new.begin >= span.end {
                    break;
                }
                before.take().into_iter().for_each(&mut add);
                segment.old_part(span).into_iter().for_each(&mut add);
            } else if segment.new.begin == span.begin {
                match segment.kind {
                    SegmentKind::Replaced(Attach::Before) => before = None,
                    SegmentKind::Replaced(Attach::After) => {
                        before = Some(before.map_or(segment.old, |b| b.hull(segment.old)));
                    }
                    _ => {}
                }
            } else if segment.new.begin < span.end {
                add(segment.old);
            } else if segment.new.begin > span.end {
                break;
            } else if segment.kind == SegmentKind::Replaced(Attach::Before) {
                add(segment.old);
            }
        }
        hull.unwrap_or_else(|| self.point_to_old(span.begin))
    }

    /// The smallest span of the new text that holds everything made from the span of the old text;
    /// empty where all of it was deleted. Linear in the number of segments.
    pub fn to_new(&self, span: Span) -> Span {
        let mut hull: Option<Span> = None;
        let mut gap = None;
        for segment in &self.segments {
            let (begin, end) = (segment.old.begin.max(span.begin), segment.old.end.min(span.end));
            if begin >= end {
                continue;
            }
            if segment.new.is_empty() {
                gap.get_or_insert(segment.new);
                continue;
            }
            let part = match segment.kind {
                SegmentKind::Same => shift(Span { begin, end }, segment.old, segment.new),
                SegmentKind::Reversed => mirror(Span { begin, end }, segment.old, segment.new),
                SegmentKind::Replaced(_) | SegmentKind::Withheld => segment.new,
            };
            hull = Some(hull.map_or(part, |h| h.hull(part)));
        }
        hull.or(gap).unwrap_or_default()
    }

    /// This alignment (middle → old) seen through a later one (`later`: new → middle).
    pub fn then(&self, later: Alignment) -> Alignment {
        if self.is_identity() {
            return later;
        }
        if later.is_identity() {
            return self.clone();
        }
        let out = Alignment { segments: Vec::with_capacity(self.segments.len() + later.segments.len()) };
        Composer { earlier: &self.segments, at: 0, out, pieces: Vec::new() }.run(&later)
    }

    fn point_to_old(&self, at: u32) -> Span {
        let index = self.segments.partition_point(|s| s.new.end <= at);
        let point = match self.segments.get(index).or(self.segments.last()) {
            Some(s) if s.kind == SegmentKind::Same => {
                s.old.begin + (at - s.new.begin).min(s.old.len() as u32)
            }
            Some(s) if at >= s.new.end => s.old.end,
            Some(s) => s.old.begin,
            None => 0,
        };
        Span { begin: point, end: point }
    }

    /// Appends a segment, joined to the last one where both are `Same` and contiguous.
    pub(crate) fn push(&mut self, segment: Segment) {
        if segment.new.is_empty() && segment.old.is_empty() {
            return;
        }
        if let Some(last) = self.segments.last_mut()
            && last.kind == SegmentKind::Same
            && segment.kind == SegmentKind::Same
            && last.old.end == segment.old.begin
        {
            last.new.end = segment.new.end;
            last.old.end = segment.old.end;
            return;
        }
        self.segments.push(segment);
    }
}

impl Span {
    fn is_empty_at(self, at: u32) -> bool {
        self.is_empty() && self.begin == at
    }
}

impl Segment {
    /// What of the old text a span of the new text takes from this segment, which leaves some text.
    fn old_part(&self, span: Span) -> Option<Span> {
        let (begin, end) = (self.new.begin.max(span.begin), self.new.end.min(span.end));
        if begin >= end {
            return None;
        }
        Some(match self.kind {
            SegmentKind::Same => shift(Span { begin, end }, self.new, self.old),
            SegmentKind::Reversed => mirror(Span { begin, end }, self.new, self.old),
            SegmentKind::Replaced(_) | SegmentKind::Withheld => self.old,
        })
    }
}

fn shift(part: Span, from: Span, to: Span) -> Span {
    Span { begin: to.begin + (part.begin - from.begin), end: to.begin + (part.end - from.begin) }
}

fn mirror(part: Span, from: Span, to: Span) -> Span {
    Span { begin: to.end - (part.end - from.begin), end: to.end - (part.begin - from.begin) }
}

struct Composer<'a> {
    earlier: &'a [Segment],
    at: usize,
    out: Alignment,
    /// The pieces that lie on one later segment.
    pieces: Vec<Segment>,
}

impl Composer<'_> {
    fn run(mut self, later: &Alignment) -> Alignment {
        for (index, segment) in later.segments.iter().enumerate() {
            let last = index + 1 == later.segments.len();
            self.pass_deletions(segment, segment.new.begin);
            let mut pieces = std::mem::take(&mut self.pieces);
            self.take(segment.old, last, &mut pieces);
            match segment.kind {
                SegmentKind::Same => {
                    for &piece in &pieces {
                        self.place(piece, segment.new.begin + (piece.new.begin - segment.old.begin));
                    }
                }
                SegmentKind::Reversed => {
                    let mut at = segment.new.begin;
                    for mut piece in pieces.iter().rev().copied() {
                        piece.kind = match piece.kind {
                            SegmentKind::Same => SegmentKind::Reversed,
                            SegmentKind::Reversed => SegmentKind::Same,
                            SegmentKind::Replaced(Attach::Before) => SegmentKind::Replaced(Attach::After),
                            SegmentKind::Replaced(Attach::After) => SegmentKind::Replaced(Attach::Before),
                            other => other,
                        };
                        self.place(piece, at);
                        at += piece.new.len() as u32;
                    }
                }
                SegmentKind::Replaced(_) | SegmentKind::Withheld => {
                    if let Some(old) = pieces.iter().map(|piece| piece.old).reduce(Span::hull) {
                        let hidden = pieces.iter().any(|piece| piece.kind == SegmentKind::Withheld);
                        let kind = if hidden { SegmentKind::Withheld } else { segment.kind };
                        self.out.push(Segment { new: segment.new, old, kind });
                    }
                }
            }
            pieces.clear();
            self.pieces = pieces;
        }
        if self.out.segments.is_empty() {
            return Alignment::identity(0);
        }
        self.out
    }

    fn place(&mut self, piece: Segment, at: u32) {
        let new = Span { begin: at, end: at + piece.new.len() as u32 };
        self.out.push(Segment { new, ..piece });
    }

    /// Deletions of the earlier alignment that stand at the border before `segment` and belong to
    /// nothing, or to a text before the border, keep a segment of their own.
    fn pass_deletions(&mut self, segment: &Segment, new_at: u32) {
        while let Some(deletion) = self.earlier.get(self.at) {
            let belongs_behind = deletion.kind == SegmentKind::Replaced(Attach::After)
                || (segment.kind == SegmentKind::Same && !segment.old.is_empty());
            if !deletion.new.is_empty_at(segment.old.begin) || belongs_behind {
                break;
            }
            self.place(*deletion, new_at);
            self.at += 1;
        }
    }

    /// Whether a deletion at `at`, not yet taken, belongs to the text before it.
    fn before_follows(&self, at: u32) -> bool {
        let rest = self.earlier.get(self.at..).unwrap_or_default();
        rest.iter()
            .take_while(|s| s.new.is_empty_at(at))
            .any(|s| s.kind == SegmentKind::Replaced(Attach::Before))
    }

    /// The pieces of the earlier alignment that lie on `middle`, cut to it, deletions at its end
    /// included where they belong to the text before them (or where nothing follows).
    fn take(&mut self, middle: Span, last: bool, pieces: &mut Vec<Segment>) {
        while let Some(&segment) = self.earlier.get(self.at) {
            if segment.new.is_empty() {
                let at = segment.new.begin;
                if at > middle.end || (at == middle.end && !last && !self.before_follows(at)) {
                    break;
                }
                pieces.push(segment);
                self.at += 1;
                continue;
            }
            let (begin, end) = (segment.new.begin.max(middle.begin), segment.new.end.min(middle.end));
            if begin >= end {
                if segment.new.end > middle.end || segment.new.begin >= middle.end {
                    break;
                }
                self.at += 1;
                continue;
            }
            let new = Span { begin, end };
            let old = match segment.kind {
                SegmentKind::Same => shift(new, segment.new, segment.old),
                SegmentKind::Reversed => mirror(new, segment.new, segment.old),
                SegmentKind::Replaced(_) | SegmentKind::Withheld => segment.old,
            };
            pieces.push(Segment { new, old, kind: segment.kind });
            if segment.new.end > middle.end {
                break;
            }
            self.at += 1;
        }
    }
}
