//! The walk from sign to sign, and what is done at marks, brackets, dashes and omissions.

use std::ops::Range;

use isnad_arabic::{digit_value, is_arabic_letter, is_blank, is_proclitic, is_space};
use isnad_core::{Attach, EditError, Edits};

use super::quotes::Pairs;
use super::signs::{
    arabic, ends_word, is_arabic, is_bracket, is_break, is_closing_bracket, is_dash, is_double, is_in_word,
    is_opening_bracket, is_quote, is_single, lets_close, lets_convert,
};
use super::{Dashes, Ellipsis, PunctuationOptions};
use crate::links::link_end;
use crate::rewriter::{char_at, char_before};
use crate::stops::Walk;

/// The setting of one text. What is decided at a sign depends only on what no edit changes, so that
/// setting a text twice is setting it once.
pub(super) struct Setter<'t, 'e, 's, 'o> {
    pub(super) text: &'t str,
    pub(super) options: &'o PunctuationOptions,
    /// What is open and what has been paired.
    pub(super) pairs: Pairs,
    edits: &'e mut Edits<'s>,
    /// Where the last edit ended.
    done: usize,
    /// Where the last URL or address ended.
    link_end: usize,
    /// Where the last mark of a row such as «؟!» behind an Arabic word ended.
    chain_end: usize,
    /// Where the last mark ended that is or became an Arabic comma, semicolon or question mark.
    arabic_mark_end: usize,
}

impl<'t, 'e, 's, 'o> Setter<'t, 'e, 's, 'o> {
    pub(super) fn new(text: &'t str, edits: &'e mut Edits<'s>, options: &'o PunctuationOptions) -> Self {
        let none = usize::MAX;
        let pairs = Pairs::default();
        Setter {
            text,
            options,
            pairs,
            edits,
            done: 0,
            link_end: none,
            chain_end: none,
            arabic_mark_end: none,
        }
    }

    pub(super) fn run(mut self, walk: &Walk<'t>) -> Result<(), EditError> {
        let mut at = 0;
        while let Some(begin) = walk.next(at) {
            let Some(c) = char_at(self.text, begin) else { break };
            if self.is_in_place(begin, c) {
                at = begin + c.len_utf8();
                if c == '،' {
                    self.arabic_mark_end = at;
                }
                continue;
            }
            at = match c {
                ':' | '.' | '@' if link_end(self.text, begin).is_some() => {
                    self.link_end = link_end(self.text, begin).unwrap_or(begin + 1);
                    self.link_end
                }
                '.' | '…' => self.dots(begin, c)?,
                ':' | '!' | '،' | '؛' | '؟' | ',' | ';' | '?' | '٬' | '٫' => self.mark(begin, c)?,
                _ if is_bracket(c) => self.bracket(begin, c)?,
                _ if is_dash(c) => self.dash(begin)?,
                _ if is_double(c) || is_single(c) => self.quote(begin, c)?,
                _ => begin + c.len_utf8(),
            };
        }
        Ok(())
    }

    /// The usual case, without a look at the tables: an Arabic comma or a full stop behind an Arabic
    /// character and before the end of the line, or before one space and a word.
    fn is_in_place(&self, begin: usize, c: char) -> bool {
        let bytes = self.text.as_bytes();
        let before = begin.checked_sub(2).and_then(|at| bytes.get(at));
        let end = begin + c.len_utf8();
        matches!(c, '،' | '.')
            && matches!(before, Some(0xD8..=0xDB))
            && match bytes.get(end) {
                Some(b' ') => {
                    matches!(bytes.get(end + 1), Some(0xD8..=0xDB | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9'))
                }
                Some(b'\n') | None => true,
                Some(_) => false,
            }
    }

    /// A comma, a question mark, or another mark that belongs to the word before it.
    fn mark(&mut self, begin: usize, c: char) -> Result<usize, EditError> {
        let mut end = begin + c.len_utf8();
        if self.options.repeated && !matches!(c, '.' | ':') {
            while let Some(same) = char_at(self.text, end).filter(|same| arabic(*same) == arabic(c)) {
                end += same.len_utf8();
            }
        }
        let gap = self.gap_before(begin);
        let before = char_before(self.text, gap).filter(|_| gap != self.link_end);
        let after = char_at(self.text, end);

        let in_chain = begin == self.chain_end && matches!(c, '?' | '؟' | '!');
        let behind_arabic = before.is_some_and(is_arabic) || in_chain;
        let becomes = match c {
            ',' | ';' | '?' if !lets_convert(c, after) => c,
            ',' | ';' | '?' if behind_arabic || self.is_before_arabic(before, c, end) => arabic(c),
            '٬' | '٫' if gap == begin && behind_arabic && after.is_none_or(is_blank) => '،',
            _ => c,
        };
        let becomes = if self.options.latin_comma_question { becomes } else { c };
        if behind_arabic && matches!(becomes, '؟' | '!') {
            self.chain_end = end;
        }
        let is_arabic_mark = matches!(becomes, '،' | '؛' | '؟');
        if is_arabic_mark {
            self.arabic_mark_end = end;
        }
        if self.options.space_before
            && gap < begin
            && before.is_some_and(|b| ends_word(b, c))
            && lets_close(becomes, after)
        {
            self.remove(gap, begin)?;
        }
        let spaced = self.options.space_after && is_arabic_mark;
        let lacks_space = spaced && is_neighbour(before, after);
        self.put(begin..end, "", becomes, if lacks_space { " " } else { "" })?;
        if spaced && after.is_some_and(is_space) {
            let first = end + after.map_or(0, char::len_utf8);
            let next = self.gap_behind(end);
            if first < next && char_at(self.text, next).is_some_and(is_in_word) {
                self.remove(first, next)?;
            }
        }
        Ok(end)
    }

    /// Whether a Latin mark between a word that is not Arabic and an Arabic one belongs to the latter's text.
    fn is_before_arabic(&self, before: Option<char>, c: char, end: usize) -> bool {
        let next = self.gap_behind(end);
        let may = |b: char| ends_word(b, c) && (c != ';' || !b.is_alphanumeric());
        before.is_some_and(may) && next > end && char_at(self.text, next).is_some_and(is_arabic_letter)
    }

    /// A full stop, or a run of them.
    fn dots(&mut self, begin: usize, c: char) -> Result<usize, EditError> {
        let (mut end, mut shown) = (begin, 0);
        while let Some(dot) = char_at(self.text, end).filter(|dot| matches!(dot, '.' | '…')) {
            shown += if dot == '.' { 1 } else { 3 };
            end += dot.len_utf8();
        }
        let sign = match self.options.ellipsis {
            _ if c == '.' && end == begin + 1 => return self.mark(begin, c),
            Ellipsis::Keep => return Ok(end),
            Ellipsis::Dots => "...",
            Ellipsis::Character => "…",
        };
        if shown >= 3 {
            self.replace(begin..end, sign)?;
        }
        Ok(end)
    }

    fn bracket(&mut self, begin: usize, c: char) -> Result<usize, EditError> {
        let end = begin + c.len_utf8();
        let (before, after) = (char_before(self.text, begin), char_at(self.text, end));
        let beside_word = |side: Option<char>| side.is_some_and(is_in_word);
        let beside_blank = |side: Option<char>| side.is_none_or(is_blank);
        if is_opening_bracket(c) {
            // «كلمة( نص»: it stands as a closing one does; nobody knows what was meant.
            if beside_word(before) && beside_blank(after) && !self.is_behind_proclitic(begin) {
                return Ok(end);
            }
            let next = self.gap_behind(end);
            let is_ending = beside_word(before) && self.holds_an_ending(end);
            let lacks_space = self.lacks_space_before(begin) && !is_ending;
            self.put(begin..end, if lacks_space { " " } else { "" }, c, "")?;
            if self.options.space_inside && char_at(self.text, next).is_some_and(is_content) {
                self.remove(end, next)?;
            }
        } else if !(beside_blank(before) && beside_word(after)) {
            let gap = self.gap_before(begin);
            if self.options.space_inside
                && char_before(self.text, gap).is_some_and(|b| is_content(b) && !matches!(b, ':' | ';'))
            {
                self.remove(gap, begin)?;
            }
            let lacks_space = self.options.space_outside
                && before.is_some_and(|b| is_in_word(b) || is_closing_bracket(b))
                && after.is_some_and(is_arabic_letter)
                && !self.is_behind_an_ending(begin);
            self.put(begin..end, "", c, if lacks_space { " " } else { "" })?;
        }
        Ok(end)
    }

    fn dash(&mut self, begin: usize) -> Result<usize, EditError> {
        let dashes = self.text.get(begin..).unwrap_or_default();
        let end = self.text.len() - dashes.trim_start_matches(is_dash).len();
        let run = self.text.get(begin..end).unwrap_or_default();
        let (before, after) = (char_before(self.text, begin), char_at(self.text, end));
        let sign = match self.options.dashes {
            Dashes::Keep => return Ok(end),
            Dashes::Hyphen => "-",
            Dashes::En => "–",
            Dashes::Em => "—",
        };
        let is_meant = match run.chars().count() {
            1 if run == "-" => {
                let gap = self.gap_before(begin);
                let inside = char_before(self.text, gap).is_some_and(|b| !is_break(b));
                inside && gap < begin && after.is_some_and(is_space)
            }
            // MINUS SIGN
            1 if run == "\u{2212}" => sign == "-" || after.is_none_or(|a| digit_value(a).is_none()),
            1 => true,
            2 | 3 => {
                let is_code = before.is_some_and(|b| matches!(b, '<' | '!' | '>'))
                    || after.is_some_and(|a| a == '>' || a.is_ascii_alphanumeric());
                !is_code
            }
            _ => false,
        };
        if is_meant {
            self.replace(begin..end, sign)?;
        }
        Ok(end)
    }

    /// Whether a space is missing before an opening bracket or quotation mark.
    pub(super) fn lacks_space_before(&self, begin: usize) -> bool {
        if self.options.space_after && self.arabic_mark_end == begin {
            return true;
        }
        if !self.options.space_outside || !char_before(self.text, begin).is_some_and(is_arabic_letter) {
            return false;
        }
        !self.is_behind_proclitic(begin)
    }

    /// Whether the letters before `at` can stand attached to what follows them.
    pub(super) fn is_behind_proclitic(&self, at: usize) -> bool {
        let head = self.text.get(..at).unwrap_or_default();
        // No row of proclitics is longer than «وأبال».
        let word = head.chars().rev().take_while(|c| is_arabic(*c)).take(6);
        let begin = at - word.map(char::len_utf8).sum::<usize>();
        begin < at && head.get(begin..).is_some_and(is_proclitic)
    }

    /// Whether one or two letters and a closing bracket follow: «طالب(ة)».
    fn holds_an_ending(&self, at: usize) -> bool {
        let mut chars = self.text.get(at..).unwrap_or_default().chars();
        let letters = chars.by_ref().take(3).take_while(|c| is_arabic_letter(*c)).count();
        let next = self.text.get(at..).unwrap_or_default().chars().nth(letters);
        (1..=2).contains(&letters) && next.is_some_and(is_closing_bracket)
    }

    /// Whether one or two letters in brackets end here: «(ال)مدرسة».
    fn is_behind_an_ending(&self, at: usize) -> bool {
        let head = || self.text.get(..at).unwrap_or_default().chars().rev();
        let letters = head().take(3).take_while(|c| is_arabic_letter(*c)).count();
        (1..=2).contains(&letters) && head().nth(letters).is_some_and(is_opening_bracket)
    }

    /// Where the spaces before `at` begin.
    pub(super) fn gap_before(&self, at: usize) -> usize {
        self.text.get(..at).map_or(at, |head| head.trim_end_matches(is_space).len())
    }

    /// Where the spaces behind `at` end.
    pub(super) fn gap_behind(&self, at: usize) -> usize {
        self.text.get(at..).map_or(at, |rest| self.text.len() - rest.trim_start_matches(is_space).len())
    }

    /// Removes a stretch of spaces, as far as it is still there.
    pub(super) fn remove(&mut self, begin: usize, end: usize) -> Result<(), EditError> {
        let begin = begin.max(self.done);
        if begin < end {
            self.edits.delete(begin..end, Attach::Nothing)?;
            self.done = end;
        }
        Ok(())
    }

    /// Writes a sign with what is missing on its sides.
    pub(super) fn put(
        &mut self,
        range: Range<usize>,
        before: &str,
        sign: char,
        behind: &str,
    ) -> Result<(), EditError> {
        let stays = before.is_empty() && behind.is_empty() && range.len() == sign.len_utf8();
        if stays && char_at(self.text, range.start) == Some(sign) {
            return Ok(());
        }
        let mut with = [0; 8];
        let mut len = 0;
        for part in [before, sign.encode_utf8(&mut [0; 4]), behind] {
            let end = len + part.len();
            with[len..end].copy_from_slice(part.as_bytes());
            len = end;
        }
        let with = std::str::from_utf8(&with[..len]).expect("it is put together of texts");
        self.replace(range, with)
    }

    fn replace(&mut self, range: Range<usize>, with: &str) -> Result<(), EditError> {
        if self.text.get(range.clone()) != Some(with) {
            self.done = range.end;
            self.edits.replace(range, with)?;
        }
        Ok(())
    }
}

/// Whether an Arabic mark between these two lacks a space behind it.
fn is_neighbour(before: Option<char>, after: Option<char>) -> bool {
    let (Some(before), Some(after)) = (before, after) else { return false };
    let closes = is_quote(before) || is_closing_bracket(before);
    if is_arabic_letter(after) {
        return closes || is_in_word(before);
    }
    (closes || is_arabic(before)) && (digit_value(after).is_some() || after.is_ascii_alphabetic())
}

/// What spaces just inside of a bracket are removed for.
fn is_content(c: char) -> bool {
    !is_break(c) && !is_bracket(c)
}
