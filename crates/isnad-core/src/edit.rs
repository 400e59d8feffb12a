//! The one way to rewrite a text: edits in order, from which the new text and its alignment come
//! together.

use std::fmt;
use std::ops::Range;

use isnad_arabic::{Census, Recount};
use serde::{Deserialize, Serialize};

use crate::alignment::{Alignment, Attach, Segment, SegmentKind};
use crate::span::Span;

/// Collects edits of one text, from its beginning to its end.
///
/// ```
/// use isnad_core::{Attach, Edits, Span};
///
/// let text = "قـال"; // with a tatweel
/// let mut edits = Edits::new(text);
/// edits.delete(2..4, Attach::Before)?;
/// let (new, alignment) = edits.finish();
/// assert_eq!(new, "قال");
/// // The first letter takes its tatweel along.
/// assert_eq!(alignment.to_old(Span::new(0, 2)), Span::new(0, 4));
/// # Ok::<(), isnad_core::EditError>(())
/// ```
#[derive(Debug)]
pub struct Edits<'t> {
    source: &'t str,
    out: String,
    /// Everything before this offset of the source is in `out`.
    done: usize,
    alignment: Alignment,
    /// The census of `out`, where that of the source is known.
    recount: Option<Recount<'t>>,
}

/// One edit: what a stage behind a border hands over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit<'t> {
    /// The bytes of the text.
    pub range: Range<usize>,
    /// What becomes of them.
    pub kind: EditKind,
    /// What stands there afterwards; empty for deletions and reversals.
    pub with: &'t str,
}

/// What an edit does to its range; the methods of [`Edits`] of these names say more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EditKind {
    /// Another text.
    Replace,
    /// Nothing, and what was there belongs where it is attached.
    Delete(Attach),
    /// The same, code point by code point in reverse order.
    Reverse,
    /// Another text that hides what was there.
    Withhold,
}

/// Why an edit was refused; the edits made before it stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditError {
    /// The range does not lie in the text.
    OutOfText(Range<usize>),
    /// The range begins or ends inside a code point.
    InsideCodePoint(Range<usize>),
    /// The range begins before the end of the edit before it.
    OutOfOrder(Range<usize>),
    /// Something would be inserted into an empty text, where no source could be named for it.
    NothingToAlign,
    /// The text is frozen: rows lie on it.
    Frozen,
    /// The contract of the stage does not say that it rewrites text.
    NotDeclared,
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EditError::OutOfText(r) => {
                write!(f, "edit of bytes {}..{} lies outside the text", r.start, r.end)
            }
            EditError::InsideCodePoint(r) => {
                write!(f, "edit of bytes {}..{} begins or ends inside a code point", r.start, r.end)
            }
            EditError::OutOfOrder(r) => {
                write!(f, "edit of bytes {}..{} begins before the end of the one before it", r.start, r.end)
            }
            EditError::NothingToAlign => f.write_str("nothing can be inserted into an empty text"),
            EditError::Frozen => f.write_str("the text is frozen: rows lie on it already"),
            EditError::NotDeclared => {
                f.write_str("the stage rewrites text, but its contract does not say so")
            }
        }
    }
}

impl std::error::Error for EditError {}

impl<'t> Edits<'t> {
    /// Edits of `source`, none so far.
    pub fn new(source: &'t str) -> Self {
        Edits { source, out: String::new(), done: 0, alignment: Alignment::empty(), recount: None }
    }

    /// The same, where the census of `source` is known: then that of the new text is counted along.
    pub(crate) fn counting(source: &'t str, census: Option<&'t Census>) -> Self {
        Edits { recount: census.map(Recount::new), ..Edits::new(source) }
    }

    /// The text that is edited.
    pub fn source(&self) -> &'t str {
        self.source
    }

    /// Whether no edit was made.
    pub fn is_empty(&self) -> bool {
        self.done == 0
    }

    /// Makes an edit of any kind.
    pub fn make(&mut self, edit: &Edit<'_>) -> Result<(), EditError> {
        match edit.kind {
            EditKind::Replace => self.replace(edit.range.clone(), edit.with),
            EditKind::Delete(attach) => self.delete(edit.range.clone(), attach),
            EditKind::Reverse => self.reverse(edit.range.clone()),
            EditKind::Withhold => self.withhold(edit.range.clone(), edit.with),
        }
    }

    /// Replaces a range. Where the new text has the same length and code-point borders as the old,
    /// the alignment stays the identity there. An insertion (empty range) is aligned to the code
    /// point before it, or behind it at the beginning of the text.
    pub fn replace(&mut self, range: Range<usize>, with: &str) -> Result<(), EditError> {
        if with.is_empty() {
            return self.delete(range, Attach::Nothing);
        }
        let range = self.checked(range)?;
        if range.is_empty() {
            return self.insert(range.start, with);
        }
        let kind = kind_of_replacement(range.clone(), self.source, with);
        self.write(range, with, kind);
        Ok(())
    }

    /// Deletes a range; `attach` says where its characters belong.
    pub fn delete(&mut self, range: Range<usize>, attach: Attach) -> Result<(), EditError> {
        let range = self.checked(range)?;
        if !range.is_empty() {
            self.write(range, "", SegmentKind::Replaced(attach));
        }
        Ok(())
    }

    /// Turns a range round, code point by code point.
    pub fn reverse(&mut self, range: Range<usize>) -> Result<(), EditError> {
        let range = self.checked(range)?;
        let reversed: String = self.source.get(range.clone()).unwrap_or_default().chars().rev().collect();
        if !range.is_empty() {
            self.write(range, &reversed, SegmentKind::Reversed);
        }
        Ok(())
    }

    /// Puts `with` in place of a range that no output may show from here on.
    pub fn withhold(&mut self, range: Range<usize>, with: &str) -> Result<(), EditError> {
        let range = self.checked(range)?;
        if !range.is_empty() {
            self.write(range, with, SegmentKind::Withheld);
        }
        Ok(())
    }

    /// The new text and its alignment to the source.
    pub fn finish(self) -> (String, Alignment) {
        let (text, alignment, _) = self.finish_counting();
        (text, alignment)
    }

    /// The same, and the census of the new text where it was counted along.
    pub(crate) fn finish_counting(mut self) -> (String, Alignment, Option<Census>) {
        self.copy_to(self.source.len());
        let census = self.recount.map(|recount| recount.finish(&self.out));
        (self.out, self.alignment.or_identity(), census)
    }

    fn insert(&mut self, at: usize, with: &str) -> Result<(), EditError> {
        let before = self.source.get(self.done..at).and_then(|s| s.chars().next_back());
        if let Some(c) = before {
            let begin = at - c.len_utf8();
            let mut text = String::with_capacity(c.len_utf8() + with.len());
            text.push(c);
            text.push_str(with);
            self.write(begin..at, &text, SegmentKind::Replaced(Attach::Nothing));
            return Ok(());
        }
        if at > 0 {
            // The code point before is part of the edit before: the insertion joins that edit.
            self.join(with);
            return Ok(());
        }
        let Some(c) = self.source.get(at..).and_then(|s| s.chars().next()) else {
            return Err(EditError::NothingToAlign);
        };
        let mut text = String::from(with);
        text.push(c);
        self.write(at..at + c.len_utf8(), &text, SegmentKind::Replaced(Attach::Nothing));
        Ok(())
    }

    /// Adds to the new text behind the last edit, which ends where the source was read up to.
    fn join(&mut self, with: &str) {
        let before = self.out.chars().next_back().map_or(0, char::len_utf8);
        let end = self.out.len();
        self.append(with);
        let Some(last) = self.alignment.last_mut() else { return };
        if last.kind == SegmentKind::Same {
            // Only its last code point, which has the same length in both texts.
            last.new.end -= before as u32;
            last.old.end -= before as u32;
            self.alignment.drop_empty_last();
            let (new, old) =
                (Span::new(end - before, self.out.len()), Span::new(self.done - before, self.done));
            self.alignment.push(Segment { new, old, kind: SegmentKind::Replaced(Attach::Nothing) });
            return;
        }
        last.new.end = self.out.len() as u32;
        if last.kind != SegmentKind::Withheld {
            // What was deleted or turned round before is replaced by what is there now.
            last.kind = kind_of_replacement(last.old.range(), self.source, last.new.of(&self.out));
            self.alignment.join_last();
        }
    }

    fn checked(&self, range: Range<usize>) -> Result<Range<usize>, EditError> {
        if range.start > range.end || range.end > self.source.len() {
            return Err(EditError::OutOfText(range));
        }
        if !self.source.is_char_boundary(range.start) || !self.source.is_char_boundary(range.end) {
            return Err(EditError::InsideCodePoint(range));
        }
        if range.start < self.done {
            return Err(EditError::OutOfOrder(range));
        }
        Ok(range)
    }

    fn write(&mut self, range: Range<usize>, with: &str, kind: SegmentKind) {
        self.copy_to(range.start);
        let begin = self.out.len();
        self.append(with);
        self.alignment.push(Segment {
            new: Span::new(begin, self.out.len()),
            old: Span::new(range.start, range.end),
            kind,
        });
        self.done = range.end;
    }

    fn append(&mut self, with: &str) {
        if let Some(recount) = self.recount.as_mut().filter(|_| !with.is_empty()) {
            recount.add(&self.out, with);
        }
        self.out.push_str(with);
    }

    fn copy_to(&mut self, to: usize) {
        let piece = self.source.get(self.done..to).unwrap_or_default();
        if piece.is_empty() {
            return;
        }
        if self.out.capacity() == 0 {
            // The new text is about as long as the old one.
            self.out.reserve(self.source.len() + self.source.len() / 16);
        }
        let begin = self.out.len();
        if let Some(recount) = &mut self.recount {
            recount.copy(&self.out, piece, self.done);
        }
        self.out.push_str(piece);
        self.alignment.push(Segment {
            new: Span::new(begin, self.out.len()),
            old: Span::new(self.done, to),
            kind: SegmentKind::Same,
        });
        self.done = to;
    }
}

/// Where the new text has the same length and code-point borders as the old, the alignment stays the identity.
fn kind_of_replacement(range: Range<usize>, source: &str, with: &str) -> SegmentKind {
    if same_borders(range, source, with) { SegmentKind::Same } else { SegmentKind::Replaced(Attach::Nothing) }
}

fn same_borders(range: Range<usize>, source: &str, with: &str) -> bool {
    let old = source.get(range).unwrap_or_default();
    // Characters have the same lengths where the same bytes go on from the one before.
    let goes_on = |byte: u8| byte & 0xC0 == 0x80;
    let differ = |(a, b): (u8, u8)| u8::from(goes_on(a) != goes_on(b));
    old.len() == with.len() && old.bytes().zip(with.bytes()).map(differ).fold(0, |any, one| any | one) == 0
}

/// The edits that make `new` out of `old`, where `alignment` is what one run of edits came to: made again
/// they give the same text and the same alignment.
pub(crate) fn edits_between<'t>(old: &'t str, new: &'t str, alignment: &Alignment) -> Vec<Edit<'t>> {
    let mut edits = Vec::new();
    for segment in alignment.segments() {
        let (range, with) = (segment.old.range(), segment.new.of(new));
        match segment.kind {
            SegmentKind::Same => changed(segment.old, segment.old.of(old), with, &mut edits),
            SegmentKind::Replaced(attach) if with.is_empty() => {
                edits.push(Edit { range, kind: EditKind::Delete(attach), with });
            }
            SegmentKind::Replaced(_) => edits.push(Edit { range, kind: EditKind::Replace, with }),
            SegmentKind::Reversed => edits.push(Edit { range, kind: EditKind::Reverse, with: "" }),
            SegmentKind::Withheld => edits.push(Edit { range, kind: EditKind::Withhold, with }),
        }
    }
    edits
}

/// The stretches in which two texts differ that have their code points at the same places.
fn changed<'t>(at: Span, old: &str, new: &'t str, edits: &mut Vec<Edit<'t>>) {
    if old == new {
        return;
    }
    let at = at.begin as usize;
    let mut begin = None;
    for (here, (before, after)) in old.char_indices().zip(new.chars()).map(|((here, c), d)| (here, (c, d))) {
        match (begin, before == after) {
            (None, false) => begin = Some(here),
            (Some(from), true) => {
                let with = new.get(from..here).unwrap_or_default();
                edits.push(Edit { range: at + from..at + here, kind: EditKind::Replace, with });
                begin = None;
            }
            _ => {}
        }
    }
    if let Some(from) = begin {
        let with = new.get(from..).unwrap_or_default();
        edits.push(Edit { range: at + from..at + new.len(), kind: EditKind::Replace, with });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Clone, Debug)]
    enum Op {
        Replace(String),
        Delete(Attach),
        Reverse,
        Withhold,
    }

    fn op() -> impl Strategy<Value = Op> {
        prop_oneof![
            "[ab\u{0627}\u{0644}]{1,3}".prop_map(Op::Replace),
            prop_oneof![Just(Attach::Before), Just(Attach::After), Just(Attach::Nothing)]
                .prop_map(Op::Delete),
            Just(Op::Reverse),
            Just(Op::Withhold),
        ]
    }

    /// Random edits of `text`: cuts are fractions of its code points.
    fn edit(text: &str, plan: &[(f64, f64, Op)]) -> (String, Alignment) {
        let borders: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let pick = |f: f64| borders[((borders.len() - 1) as f64 * f) as usize];
        let mut edits = Edits::new(text);
        for (a, b, op) in plan {
            let (begin, end) = (pick(a.min(*b)), pick(a.max(*b)));
            let _ = match op {
                Op::Replace(with) => edits.replace(begin..end, with),
                Op::Delete(attach) => edits.delete(begin..end, *attach),
                Op::Reverse => edits.reverse(begin..end),
                Op::Withhold => edits.withhold(begin..end, "█"),
            };
        }
        edits.finish()
    }

    fn plan() -> impl Strategy<Value = Vec<(f64, f64, Op)>> {
        prop::collection::vec((0.0f64..1.0, 0.0f64..1.0, op()), 0..5).prop_map(|mut plan| {
            plan.sort_by(|x: &(f64, f64, Op), y| x.0.min(x.1).total_cmp(&y.0.min(y.1)));
            plan
        })
    }

    fn check_covers(new: &str, old: &str, alignment: &Alignment) -> Result<(), TestCaseError> {
        let mut at = 0;
        for segment in alignment.segments() {
            prop_assert_eq!(segment.new.begin as usize, at);
            prop_assert!(segment.old.end as usize <= old.len());
            prop_assert!(old.is_char_boundary(segment.old.begin as usize));
            match segment.kind {
                SegmentKind::Same => prop_assert_eq!(segment.new.len(), segment.old.len()),
                SegmentKind::Reversed => prop_assert_eq!(segment.new.len(), segment.old.len()),
                _ => {}
            }
            at = segment.new.end as usize;
        }
        prop_assert_eq!(at, new.len());
        Ok(())
    }

    fn spans(text: &str) -> Vec<Span> {
        let borders: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let mut all = Vec::new();
        for (i, &begin) in borders.iter().enumerate() {
            all.extend(borders.iter().skip(i + 1).map(|&end| Span::new(begin, end)));
        }
        all
    }

    proptest! {
        #[test]
        fn alignments_cover_and_no_row_maps_to_nothing(text in "[a-c\u{0627}-\u{0629}\u{064E}]{0,12}", plan in plan()) {
            let (new, alignment) = edit(&text, &plan);
            check_covers(&new, &text, &alignment)?;
            for span in spans(&new) {
                let old = alignment.to_old(span);
                prop_assert!(!old.is_empty(), "{span:?} maps to nothing in {alignment:?}");
                prop_assert!(text.is_char_boundary(old.begin as usize) && text.is_char_boundary(old.end as usize));
                prop_assert!(alignment.to_new(old).contains(span), "{span:?} -> {old:?} -> {:?}", alignment.to_new(old));
            }
        }

        #[test]
        fn every_old_character_is_in_exactly_one_segment_until_composed(text in "[a-c\u{0627}]{0,12}", plan in plan()) {
            let (_, alignment) = edit(&text, &plan);
            let mut old: Vec<Span> = alignment.segments().iter().map(|s| s.old).collect();
            old.sort();
            let total: usize = old.iter().map(|s| s.len()).sum();
            prop_assert_eq!(total, text.len());
            prop_assert!(old.windows(2).all(|w| w[0].end <= w[1].begin));
        }

        #[test]
        fn composition_maps_as_both_maps_do(text in "[a-c\u{0627}-\u{0629}]{0,12}", first in plan(), second in plan()) {
            // Deletions beside turned stretches belong to whichever side is left: no law to hold them to.
            let has = |kind: fn(&Op) -> bool| first.iter().chain(&second).any(|(_, _, op)| kind(op));
            prop_assume!(!(has(|op| matches!(op, Op::Reverse)) && has(|op| matches!(op, Op::Delete(_)))));
            let (middle, earlier) = edit(&text, &first);
            let (new, later) = edit(&middle, &second);
            let both = earlier.then(later.clone());
            check_covers(&new, &text, &both)?;
            // A withheld stretch whose mask was deleted belongs to nothing, whatever that edit said.
            let lost = both.segments().iter().any(|s| s.kind == SegmentKind::Withheld && s.new.is_empty());
            prop_assume!(!lost);
            for span in spans(&new) {
                let direct = both.to_old(span);
                prop_assert!(!direct.is_empty());
                // Where a turned stretch is turned back, two steps widen more than one: so by character.
                for (at, c) in span.of(&new).char_indices() {
                    let begin = span.begin as usize + at;
                    let one = earlier.to_old(later.to_old(Span::new(begin, begin + c.len_utf8())));
                    prop_assert!(direct.contains(one), "{span:?}: {direct:?} does not hold {one:?}\n{earlier:?}\n{later:?}\n{both:?}");
                }
            }
            for hidden in earlier.withheld() {
                prop_assert!(both.withheld().any(|h| h.contains(hidden)) , "withheld {hidden:?} got lost: {both:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn the_edits_of_an_alignment_make_it_again(text in "[ab\u{0627}\u{0644}\u{0651} ]{0,12}", plan in plan()) {
            let (new, alignment) = edit(&text, &plan);
            let mut again = Edits::new(&text);
            for edit in edits_between(&text, &new, &alignment) {
                prop_assert_eq!(again.make(&edit), Ok(()), "{:?}", edit);
            }
            prop_assert_eq!(again.finish(), (new, alignment));
        }
    }

    #[test]
    fn deletions_belong_where_they_are_attached() {
        let text = "ab"; // with something between, deleted
        for (attach, first, second) in [
            (Attach::Before, Span::new(0, 2), Span::new(2, 3)),
            (Attach::After, Span::new(0, 1), Span::new(1, 3)),
            (Attach::Nothing, Span::new(0, 1), Span::new(2, 3)),
        ] {
            let _ = text;
            let mut edits = Edits::new("a\u{200E}b".get(..).unwrap().trim_start());
            let len = '\u{200E}'.len_utf8(); // LEFT-TO-RIGHT MARK
            edits.delete(1..1 + len, attach).unwrap();
            let (new, alignment) = edits.finish();
            assert_eq!(new, "ab");
            let wide = |s: Span| {
                Span::new(
                    if s.begin == 2 { 1 + len } else { s.begin as usize },
                    match s.end {
                        2 => 1 + len,
                        3 => 2 + len,
                        n => n as usize,
                    },
                )
            };
            assert_eq!(alignment.to_old(Span::new(0, 1)), wide(first), "{attach:?}");
            assert_eq!(alignment.to_old(Span::new(1, 2)), wide(second), "{attach:?}");
        }
    }

    #[test]
    fn an_edit_of_equal_borders_costs_no_segment() {
        let mut edits = Edits::new("مكه الى");
        edits.replace(4..6, "ة").unwrap();
        let (new, alignment) = edits.finish();
        assert_eq!(new, "مكة الى");
        assert!(alignment.is_identity());
    }

    #[test]
    fn bad_edits_are_refused() {
        let mut edits = Edits::new("قال");
        assert_eq!(edits.replace(1..2, "x"), Err(EditError::InsideCodePoint(1..2)));
        assert_eq!(edits.delete(4..8, Attach::Nothing), Err(EditError::OutOfText(4..8)));
        edits.delete(2..4, Attach::Nothing).unwrap();
        assert_eq!(edits.delete(0..2, Attach::Nothing), Err(EditError::OutOfOrder(0..2)));
        assert_eq!(Edits::new("").replace(0..0, "x"), Err(EditError::NothingToAlign));
    }

    #[test]
    fn an_insertion_is_aligned_to_its_neighbour() {
        let mut edits = Edits::new("ab");
        edits.replace(1..1, " ").unwrap();
        let (new, alignment) = edits.finish();
        assert_eq!(new, "a b");
        assert_eq!(alignment.to_old(Span::new(1, 2)), Span::new(0, 1));
    }
}
