//! Handles that their @ came away from.

use std::ops::Range;

use isnad_arabic::{Class, class, is_arabic_letter, is_blank, is_mark, is_space};
use isnad_core::{Attach, EditError, Edits};
use memchr::memchr_iter;

use crate::rewriter::{char_at, char_before};

/// Puts each @ back before its handle.
pub(super) fn plan(text: &str, edits: &mut Edits<'_>) -> Result<(), EditError> {
    let mut done = 0;
    for at in memchr_iter(b'@', text.as_bytes()) {
        if at < done {
            continue;
        }
        let (before, behind) = (name_before(text, at), name_behind(text, at));
        match (before, behind) {
            (Some(name), None) if name.start >= done && stands_alone(text, &name, name.start, at + 1) => {
                let first = text.get(name.start..=name.start).unwrap_or_default();
                edits.replace(name.start..name.start + 1, &format!("@{first}"))?;
                edits.delete(name.end..at + 1, Attach::Before)?;
                done = at + 1;
            }
            (None, Some(name)) if name.start > at + 1 && stands_alone(text, &name, at, name.end) => {
                edits.delete(at + 1..name.start, Attach::Nothing)?;
                done = name.end;
            }
            _ => {}
        }
    }
    Ok(())
}

/// How long a handle may be.
const LENGTH: std::ops::RangeInclusive<usize> = 2..=30;
/// How many blanks, and how many characters of punctuation, are looked past.
const REACH: usize = 4;

/// The name that ends at byte `at`, or some blanks before it.
fn name_before(text: &str, at: usize) -> Option<Range<usize>> {
    let head = text.get(..at)?;
    let blanks = head.chars().rev().take(REACH).take_while(|c| is_space(*c)).map(char::len_utf8);
    let end = at - blanks.sum::<usize>();
    let bytes = head.as_bytes().get(..end)?.iter().rev();
    let len = bytes.take(LENGTH.end() + 1).take_while(|b| is_of_name(**b)).count();
    name(text, end - len..end)
}

/// The name that begins behind the @ at byte `at`, or some blanks behind it.
fn name_behind(text: &str, at: usize) -> Option<Range<usize>> {
    let tail = text.get(at + 1..)?;
    let blanks = tail.chars().take(REACH).take_while(|c| is_space(*c)).map(char::len_utf8);
    let begin = at + 1 + blanks.sum::<usize>();
    let bytes = text.as_bytes().get(begin..)?.iter();
    let len = bytes.take(LENGTH.end() + 1).take_while(|b| is_of_name(**b)).count();
    name(text, begin..begin + len)
}

fn name(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let has_letter = text.as_bytes().get(range.clone())?.iter().any(u8::is_ascii_alphabetic);
    (LENGTH.contains(&range.len()) && has_letter).then_some(range)
}

/// Whether nothing Latin stands beside name and @, which take up `begin..end`, and Arabic does on one side.
fn stands_alone(text: &str, name: &Range<usize>, begin: usize, end: usize) -> bool {
    let before = text.get(..begin).unwrap_or_default();
    let behind = text.get(end..).unwrap_or_default();
    let is_border = |c: Option<char>| c.is_none_or(|c| is_blank(c) || is_set_off(c));
    // An Arabic word may touch a name, but not an @, which would then be its own.
    let begins = is_border(char_before(text, begin))
        || (begin == name.start && side(before.chars().rev()) == Side::Arabic);
    let ends = is_border(char_at(text, end)) || (end == name.end && side(behind.chars()) == Side::Arabic);
    begins
        && ends
        && match (side(before.chars().rev()), side(behind.chars())) {
            (Side::Foreign, _) | (_, Side::Foreign) | (Side::Open, Side::Open) => false,
            (Side::Arabic, _) | (_, Side::Arabic) => true,
        }
}

/// What stands on one side of a handle, on the same line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Arabic,
    /// Letters of another script, digits, another @, signs.
    Foreign,
    /// The end of the line, or more punctuation than is looked past.
    Open,
}

fn side(chars: impl Iterator<Item = char>) -> Side {
    for c in chars.take(2 * REACH) {
        match c {
            _ if is_arabic_letter(c) || is_mark(c) || class(c) == Class::Tatweel => return Side::Arabic,
            _ if class(c) == Class::Break => return Side::Open,
            _ if is_space(c) || is_set_off(c) => {}
            _ => return Side::Foreign,
        }
    }
    Side::Open
}

/// Punctuation that may stand between a handle and the words around it.
fn is_set_off(c: char) -> bool {
    matches!(class(c), Class::QuotationMark | Class::ArabicPunctuation)
        || matches!(
            c,
            '.' | ',' | ':' | ';' | '!' | '?' | '(' | ')' | '[' | ']' | '"' | '\'' | '-' | '–' | '—' | '…'
        )
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
