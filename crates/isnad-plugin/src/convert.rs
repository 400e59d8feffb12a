//! What lies differently on the two sides of the border, and the way between: segments, edits, days.

use isnad_core::{Attach, EditKind, SegmentKind, Span};
use jiff::civil::Date;

use crate::abi::{Edit, Segment, Str, kind};

impl Segment {
    /// A segment as it is lent.
    pub fn of(segment: &isnad_core::Segment) -> Self {
        let kind = match segment.kind {
            SegmentKind::Same => kind::SAME,
            SegmentKind::Replaced(Attach::Before) => kind::DELETE_BEFORE,
            SegmentKind::Replaced(Attach::After) => kind::DELETE_BEHIND,
            SegmentKind::Replaced(Attach::Nothing) if segment.new.is_empty() => kind::DELETE,
            SegmentKind::Replaced(Attach::Nothing) => kind::REPLACE,
            SegmentKind::Reversed => kind::REVERSE,
            SegmentKind::Withheld => kind::WITHHOLD,
        };
        Segment {
            begin: segment.new.begin,
            end: segment.new.end,
            raw_begin: segment.old.begin,
            raw_end: segment.old.end,
            kind,
        }
    }

    /// What was lent; `None` where it is of no known kind.
    pub fn to_core(&self) -> Option<isnad_core::Segment> {
        let kind = match self.kind {
            kind::SAME => SegmentKind::Same,
            kind::REPLACE | kind::DELETE => SegmentKind::Replaced(Attach::Nothing),
            kind::DELETE_BEFORE => SegmentKind::Replaced(Attach::Before),
            kind::DELETE_BEHIND => SegmentKind::Replaced(Attach::After),
            kind::REVERSE => SegmentKind::Reversed,
            kind::WITHHOLD => SegmentKind::Withheld,
            _ => return None,
        };
        let (new, old) =
            (Span { begin: self.begin, end: self.end }, Span { begin: self.raw_begin, end: self.raw_end });
        (new.begin <= new.end && old.begin <= old.end).then_some(isnad_core::Segment { new, old, kind })
    }
}

impl Edit {
    /// An edit as it is handed over; its text is lent.
    pub fn of(edit: &isnad_core::Edit<'_>) -> Self {
        let kind = match edit.kind {
            EditKind::Replace => kind::REPLACE,
            EditKind::Delete(Attach::Nothing) => kind::DELETE,
            EditKind::Delete(Attach::Before) => kind::DELETE_BEFORE,
            EditKind::Delete(Attach::After) => kind::DELETE_BEHIND,
            EditKind::Reverse => kind::REVERSE,
            EditKind::Withhold => kind::WITHHOLD,
        };
        // Texts are shorter than 4 GiB.
        let (begin, end) = (edit.range.start as u32, edit.range.end as u32);
        Edit { begin, end, kind, reserved: 0, with: Str::new(edit.with) }
    }

    /// What the edit does; `None` where it is of no known kind.
    pub fn kind_to_core(&self) -> Option<EditKind> {
        match self.kind {
            kind::REPLACE => Some(EditKind::Replace),
            kind::DELETE => Some(EditKind::Delete(Attach::Nothing)),
            kind::DELETE_BEFORE => Some(EditKind::Delete(Attach::Before)),
            kind::DELETE_BEHIND => Some(EditKind::Delete(Attach::After)),
            kind::REVERSE => Some(EditKind::Reverse),
            kind::WITHHOLD => Some(EditKind::Withhold),
            _ => None,
        }
    }
}

/// A day as the number `yyyymmdd`; 0 for none, and for days before the common era.
pub fn day_to_number(day: Option<Date>) -> u32 {
    let number = |day: Date| {
        let year = u32::try_from(day.year()).ok()?;
        Some(
            year * 10_000 + u32::from(day.month().unsigned_abs()) * 100 + u32::from(day.day().unsigned_abs()),
        )
    };
    day.and_then(number).unwrap_or(0)
}

/// The day of a number `yyyymmdd`; `None` for 0 and for what is no day.
pub fn number_to_day(number: u32) -> Option<Date> {
    let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_cross_the_border_and_come_back() {
        for text in ["2026-03-10", "0622-07-16", "9999-12-31"] {
            let day: Date = text.parse().expect("a day");
            assert_eq!(number_to_day(day_to_number(Some(day))), Some(day));
        }
        assert_eq!(day_to_number("2026-03-10".parse().ok()), 20_260_310);
        assert_eq!((day_to_number(None), number_to_day(0), number_to_day(20_261_310)), (0, None, None));
        assert_eq!(number_to_day(u32::MAX), None);
    }

    #[test]
    fn segments_cross_the_border_and_come_back() {
        let kinds = [
            SegmentKind::Same,
            SegmentKind::Replaced(Attach::Before),
            SegmentKind::Replaced(Attach::After),
            SegmentKind::Replaced(Attach::Nothing),
            SegmentKind::Reversed,
            SegmentKind::Withheld,
        ];
        for kind in kinds {
            for new in [Span::new(3, 3), Span::new(3, 7)] {
                let segment = isnad_core::Segment { new, old: Span::new(5, 9), kind };
                assert_eq!(Segment::of(&segment).to_core(), Some(segment));
            }
        }
        let unknown = Segment { begin: 0, end: 1, raw_begin: 0, raw_end: 1, kind: 7 };
        assert_eq!(unknown.to_core(), None);
        assert_eq!(Segment { begin: 2, kind: kind::SAME, ..unknown }.to_core(), None);
    }

    #[test]
    fn edits_cross_the_border_and_come_back() {
        let deletions = [Attach::Before, Attach::After, Attach::Nothing].map(EditKind::Delete);
        for kind in [EditKind::Replace, EditKind::Reverse, EditKind::Withhold].into_iter().chain(deletions) {
            let edit = isnad_core::Edit { range: 2..4, kind, with: "" };
            assert_eq!(Edit::of(&edit).kind_to_core(), Some(kind));
        }
    }
}
