//! A document's texts as outputs may show them, and where its rows lie in them.

use std::borrow::Cow;

use isnad_core::{Content, Disclosure, Span};

/// The raw or the normalized text as printed.
pub(crate) struct Printed<'d> {
    text: Cow<'d, str>,
    kind: Kind<'d>,
}

enum Kind<'d> {
    Raw(&'d Content, &'d Disclosure<'d>),
    /// Behind each code point that was masked: its offset in the text, and in the text as printed.
    Normalized(Vec<(u32, u32)>),
}

impl<'d> Printed<'d> {
    /// The raw text.
    pub(crate) fn raw(content: &'d Content, disclosure: &'d Disclosure<'d>) -> Self {
        Printed { text: Cow::Borrowed(disclosure.raw()), kind: Kind::Raw(content, disclosure) }
    }

    /// The normalized text. It holds the masks of the edits that withhold; where it says the same
    /// words at another place, they are masked here.
    pub(crate) fn normalized(content: &'d Content, disclosure: &'d Disclosure<'d>) -> Self {
        let text = disclosure.mask(content.text());
        let shifts = match &text {
            Cow::Borrowed(_) => Vec::new(),
            Cow::Owned(masked) => shifts(content.text(), masked),
        };
        Printed { text, kind: Kind::Normalized(shifts) }
    }

    /// The text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Where a span of the document's text lies in this text.
    pub(crate) fn span(&self, span: Span) -> Span {
        match &self.kind {
            Kind::Raw(content, disclosure) => disclosure.printed(content.to_raw(span)),
            Kind::Normalized(shifts) => {
                Span { begin: shifted(shifts, span.begin), end: shifted(shifts, span.end) }
            }
        }
    }

    /// What is printed of a span of the document's text.
    pub(crate) fn of(&self, span: Span) -> &str {
        self.span(span).of(&self.text)
    }
}

/// A mask has as many code points as what it hides, so the two texts are walked side by side.
fn shifts(text: &str, masked: &str) -> Vec<(u32, u32)> {
    let (mut from, mut to) = (0, 0);
    let mut shifts = Vec::new();
    for (old, new) in text.chars().zip(masked.chars()) {
        from += old.len_utf8() as u32;
        to += new.len_utf8() as u32;
        if old != new {
            shifts.push((from, to));
        }
    }
    shifts
}

fn shifted(shifts: &[(u32, u32)], at: u32) -> u32 {
    let behind = shifts.partition_point(|(from, _)| *from <= at);
    behind.checked_sub(1).and_then(|last| shifts.get(last)).map_or(at, |(from, to)| to + (at - from))
}
