//! Quotation marks: which one opens, which one closes, and what becomes of them.

use isnad_arabic::{is_arabic_letter, is_blank};
use isnad_core::EditError;

use super::Quotes;
use super::setter::Setter;
use super::signs::{
    DOUBLE, SINGLE, is_break, is_dash, is_double, is_end, is_opening_bracket, is_quote, is_single,
};
use crate::rewriter::{char_at, char_before};

/// What is known of the quotation marks passed so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pairs {
    /// Whether a double mark opened last.
    is_open: bool,
    /// Where the last double mark ended.
    last: usize,
    /// Where the single mark stands that closes the one that is open.
    closing: Option<usize>,
    /// Up to here no single mark can be closed.
    alone_until: usize,
}

impl Setter<'_, '_, '_, '_> {
    /// A quotation mark, or a row of single ones: two of them are a double one, more are ornament.
    pub(super) fn quote(&mut self, begin: usize, c: char) -> Result<usize, EditError> {
        if is_double(c) {
            return self.double(begin, begin + c.len_utf8(), c);
        }
        let (mut end, mut count) = (begin, 0);
        while let Some(mark) = char_at(self.text, end).filter(|mark| is_single(*mark)) {
            end += mark.len_utf8();
            count += 1;
        }
        match count {
            1 if self.options.single_quotes != Quotes::Keep => self.single(begin, end, c)?,
            2 if self.options.quotes != Quotes::Keep => return self.double(begin, end, c),
            _ => {}
        }
        Ok(end)
    }

    fn double(&mut self, begin: usize, end: usize, c: char) -> Result<usize, EditError> {
        let (before, after) = (char_before(self.text, begin), char_at(self.text, end));
        if self.text.get(self.pairs.last..begin).is_some_and(|passed| passed.contains('\n')) {
            self.pairs.is_open = false;
        }
        let opens = self.opens(before, after, c);
        self.pairs.is_open = opens;
        self.pairs.last = end;

        let keeps = self.options.quotes == Quotes::Keep
            || (is_guillemet(c) && self.options.quotes == Quotes::Guillemets);
        let sign = if keeps { c } else { double_sign(self.options.quotes, opens) };
        if opens {
            let next = self.gap_behind(end);
            let lacks_space = next == end && self.lacks_space_before(begin);
            self.put(begin..end, if lacks_space { " " } else { "" }, sign, "")?;
            let removes =
                self.options.space_inside && next > end && char_at(self.text, next).is_some_and(is_content);
            if removes && self.is_closed(end) {
                self.remove(end, next)?;
            }
        } else {
            let gap = self.gap_before(begin);
            if self.options.space_inside && char_before(self.text, gap).is_some_and(is_content) {
                self.remove(gap, begin)?;
            }
            let lacks_space = self.options.space_outside
                && before.is_some_and(|b| !is_blank(b))
                && after.is_some_and(is_arabic_letter);
            self.put(begin..end, "", sign, if lacks_space { " " } else { "" })?;
        }
        Ok(end)
    }

    /// Whether a double mark opens: what stands beside it decides, then its form, then what is open.
    fn opens(&self, before: Option<char>, after: Option<char>, c: char) -> bool {
        let outside = before.is_none_or(is_outside);
        let ended = is_end(after);
        if outside && !ended {
            return true;
        }
        if ended && !outside && !before.is_some_and(is_quote) {
            return false;
        }
        // Where all marks become alike, their form may not decide: it is gone the next time.
        let by_form = if self.options.quotes == Quotes::Ascii { None } else { form(c) };
        by_form.unwrap_or(!self.pairs.is_open)
    }

    /// Whether the next double mark in the line does not open: only then is it sure that one before it does.
    fn is_closed(&self, mut at: usize) -> bool {
        while let Some(c) = char_at(self.text, at).filter(|c| !is_break(*c)) {
            let rest = self.text.get(at..).unwrap_or_default();
            let singles = rest.len() - rest.trim_start_matches(is_single).len();
            let end = at + singles.max(c.len_utf8());
            let is_pair = rest.get(..singles).is_some_and(|singles| singles.chars().count() == 2);
            if is_double(c) || (is_pair && self.options.quotes != Quotes::Keep) {
                let (before, after) = (char_before(self.text, at), char_at(self.text, end));
                return is_end(after) || !before.is_none_or(is_outside);
            }
            at = end;
        }
        false
    }

    fn single(&mut self, begin: usize, end: usize, c: char) -> Result<(), EditError> {
        if self.pairs.closing == Some(begin) {
            return self.put(begin..end, "", single_sign(self.options.single_quotes, Side::Closing), "");
        }
        if begin < self.pairs.alone_until || !self.opens_single(begin, end, c) {
            return Ok(());
        }
        match self.closing_single(end) {
            Ok(closing) => {
                self.pairs.closing = Some(closing);
                self.pairs.alone_until = closing;
                self.put(begin..end, "", single_sign(self.options.single_quotes, Side::Opening), "")
            }
            Err(line_end) => {
                self.pairs.alone_until = line_end;
                Ok(())
            }
        }
    }

    fn opens_single(&self, begin: usize, end: usize, c: char) -> bool {
        let before = char_before(self.text, begin);
        let outside =
            before.is_none_or(|b| is_blank(b) || is_opening_bracket(b) || is_double(b) || is_dash(b));
        let after = char_at(self.text, end);
        let followed = !is_end(after) && !after.is_some_and(|a| is_quote(a) || is_dash(a));
        // «و'نعم'», but not «آ'ان».
        let behind_proclitic = || before.is_some_and(is_arabic_letter) && self.is_behind_proclitic(begin);
        followed && (outside || self.by_form(c, '‹') || behind_proclitic())
    }

    /// Whether a single mark opens or closes wherever it stands. Where it loses its form, it may not: it
    /// would be read otherwise the next time.
    fn by_form(&self, c: char, form: char) -> bool {
        c == form && self.options.single_quotes == Quotes::Guillemets
    }

    /// The next single mark in this line that can close; otherwise the end of the line.
    fn closing_single(&self, at: usize) -> Result<usize, usize> {
        let rest = self.text.get(at..).unwrap_or_default();
        let mut before = None;
        for (offset, c) in rest.char_indices() {
            if is_break(c) {
                return Err(at + offset);
            }
            let after = || rest.get(offset + c.len_utf8()..).and_then(|rest| rest.chars().next());
            let behind_something =
                before.is_some_and(|b: char| !is_blank(b) && !is_single(b) && !is_opening_bracket(b));
            if is_single(c) && behind_something {
                let after = after();
                let ends = is_end(after) || after.is_some_and(|a| is_double(a) || is_dash(a));
                if ends || (self.by_form(c, '›') && !after.is_some_and(is_single)) {
                    return Ok(at + offset);
                }
            }
            before = Some(c);
        }
        Err(self.text.len())
    }
}

#[derive(Clone, Copy)]
enum Side {
    Opening,
    Closing,
}

fn double_sign(style: Quotes, opens: bool) -> char {
    match (style, opens) {
        (Quotes::Guillemets, true) => '«',
        (Quotes::Guillemets, false) => '»',
        (Quotes::Typographic, true) => '“',
        (Quotes::Typographic, false) => '”',
        (Quotes::Ascii | Quotes::Keep, _) => '"',
    }
}

fn single_sign(style: Quotes, side: Side) -> char {
    match (style, side) {
        (Quotes::Guillemets, Side::Opening) => '‹',
        (Quotes::Guillemets, Side::Closing) => '›',
        (Quotes::Typographic, Side::Opening) => '‘',
        (Quotes::Typographic, Side::Closing) => '’',
        (Quotes::Ascii | Quotes::Keep, _) => '\'',
    }
}

fn form(c: char) -> Option<bool> {
    DOUBLE.iter().chain(&SINGLE).find(|(quote, _)| *quote == c).and_then(|(_, opens)| *opens)
}

fn is_guillemet(c: char) -> bool {
    matches!(c, '«' | '»')
}

/// Whether a double mark behind `c` stands outside of words.
fn is_outside(c: char) -> bool {
    is_blank(c) || is_opening_bracket(c) || c == ':'
}

/// What spaces just inside of quotation marks are removed for.
fn is_content(c: char) -> bool {
    !is_break(c) && !is_quote(c)
}
