//! Where records end: at line feeds, which take two bytes in UTF-16.

use std::ops::Range;

use memchr::{memchr, memchr_iter};

use super::encoding::Charset;

/// A line of an input, as it is read piece by piece.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Line {
    /// The bytes of it that were seen.
    pub(super) length: u64,
    last: u8,
}

impl Line {
    /// The bytes of `piece`, the next of the input, that belong to the line; whether it ends with them.
    pub(super) fn take(&mut self, charset: Charset, piece: &[u8]) -> (usize, bool) {
        let end = match charset {
            Charset::Utf16Le => self.end_le(piece),
            Charset::Utf16Be => self.end_be(piece),
            _ => memchr(b'\n', piece).map(|at| at + 1),
        };
        let used = end.unwrap_or(piece.len());
        self.length += used as u64;
        self.last = piece.get(used.wrapping_sub(1)).copied().unwrap_or(self.last);
        (used, end.is_some())
    }

    /// A pair begins at an even place of the line: `0A 00` there is a line feed, and nothing else is.
    fn end_le(&self, piece: &[u8]) -> Option<usize> {
        let odd = self.length % 2 == 1;
        if odd && self.last == b'\n' && piece.first() == Some(&0) {
            return Some(1);
        }
        let begins_pair = |at: &usize| at.is_multiple_of(2) != odd;
        memchr_iter(b'\n', piece)
            .filter(begins_pair)
            .find(|at| piece.get(at + 1) == Some(&0))
            .map(|at| at + 2)
    }

    /// The same for `00 0A`.
    fn end_be(&self, piece: &[u8]) -> Option<usize> {
        let odd = self.length % 2 == 1;
        let ends_pair = |at: &usize| at.is_multiple_of(2) == odd;
        let before = |at: usize| at.checked_sub(1).map_or(Some(&self.last), |at| piece.get(at));
        memchr_iter(b'\n', piece).filter(ends_pair).find(|at| before(*at) == Some(&0)).map(|at| at + 1)
    }
}

/// Where the record lies in a line: without a byte order mark before it (files with one may have been put
/// together) and without the end of the line.
pub(super) fn record(charset: Charset, line: &[u8]) -> Range<usize> {
    let begin = if line.starts_with(charset.mark()) { charset.mark().len() } else { 0 };
    let mut rest = line.get(begin..).unwrap_or_default();
    let is_end = |unit: u16| unit == u16::from(b'\n') || unit == u16::from(b'\r');
    if charset.is_wide() {
        while let Some((before, pair)) = rest.split_last_chunk()
            && rest.len().is_multiple_of(2)
            && is_end(charset.unit(*pair))
        {
            rest = before;
        }
    } else {
        while let [before @ .., b'\n' | b'\r'] = rest {
            rest = before;
        }
    }
    begin..begin + rest.len()
}

/// Whether a record is a blank line.
pub(super) fn is_blank(charset: Charset, record: &[u8]) -> bool {
    if !charset.is_wide() {
        return record.iter().all(u8::is_ascii_whitespace);
    }
    let (pairs, rest) = record.as_chunks();
    let is_space = |pair: &[u8; 2]| u8::try_from(charset.unit(*pair)).is_ok_and(|c| c.is_ascii_whitespace());
    rest.is_empty() && pairs.iter().all(is_space)
}
