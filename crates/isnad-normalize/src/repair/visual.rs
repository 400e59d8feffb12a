//! Lines of shaped letters that were stored from left to right, as they are drawn.

use std::ops::Range;

use isnad_arabic::{Class, class, digit_value, is_arabic_letter, is_mark};
use isnad_core::{EditError, Edits};
use memchr::memchr;

use super::shapes::{Shape, is_shaped_mark, shape};
use crate::rewriter::char_at;

/// What has to be done to bring a text into logical order, in two steps of one length each.
pub(super) struct Turns {
    /// Whether brackets change into their counterparts.
    mirrors: bool,
    /// What is turned round alone first, so that it keeps its direction, in order.
    inner: Vec<Inner>,
    /// What is turned round as a whole then, in order.
    outer: Vec<Range<usize>>,
}

enum Inner {
    /// A number, Latin words, or a letter with its marks.
    Kept(Range<usize>),
    /// A bracket that was drawn as its counterpart.
    Mirrored(usize, char),
}

/// How well a line fits each direction.
#[derive(Clone, Copy, Debug, Default)]
struct Fit {
    /// Joins that hang in the air if the line is in logical order.
    logical_faults: usize,
    /// The same, if it is in visual order.
    visual_faults: usize,
    shaped: usize,
    plain: usize,
    latin: usize,
    /// Marks at the left end of a word less those at its right end.
    marks_leading: isize,
    /// Whether brackets look drawn: the first one to the left opens, the last one closes. The sum of both.
    brackets_drawn: isize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Logical,
    Visual,
    /// It has no two letters that would show it.
    Open,
    /// It is made of other letters.
    Plain,
}

/// What is to be turned in this text, if anything is.
pub(super) fn turns(text: &str) -> Option<Turns> {
    // All presentation forms begin with this byte, and little else does.
    memchr(0xEF, text.as_bytes())?;
    let mut lines: Vec<(Range<usize>, Fit, Order)> = Vec::new();
    let mut begin = 0;
    for line in text.split_inclusive(|c| class(c) == Class::Break) {
        let range = begin..begin + line.len();
        begin = range.end;
        let fit = Fit::of(line);
        lines.push((range, fit, fit.order()));
    }
    if !lines.iter().any(|(_, _, order)| *order == Order::Visual) {
        return None;
    }
    settle(&mut lines);
    lines.retain(|(_, _, order)| *order == Order::Visual);
    // Some programs store the bracket that was meant, others the one that was drawn.
    let mirrors = lines.iter().map(|(_, fit, _)| fit.brackets_drawn).sum::<isize>() >= 0;
    let mut turns = Turns { mirrors, inner: Vec::new(), outer: Vec::new() };
    for (range, fit, _) in lines {
        turns.add_line(text, range, &fit);
    }
    Some(turns)
}

impl Turns {
    /// The first step.
    pub(super) fn keep_inner(&self, edits: &mut Edits<'_>) -> Result<(), EditError> {
        self.inner.iter().try_for_each(|inner| match inner {
            Inner::Kept(range) => edits.reverse(range.clone()),
            Inner::Mirrored(at, with) => {
                edits.replace(*at..at + with.len_utf8(), with.encode_utf8(&mut [0; 4]))
            }
        })
    }

    /// The second step, on what the first one made.
    pub(super) fn turn(&self, edits: &mut Edits<'_>) -> Result<(), EditError> {
        self.outer.iter().try_for_each(|range| edits.reverse(range.clone()))
    }

    fn add_line(&mut self, text: &str, line: Range<usize>, fit: &Fit) {
        if fit.latin <= fit.shaped {
            let part = text.get(line.clone()).unwrap_or_default();
            let end = line.start + part.trim_end().len();
            let begin = end - part.trim().len();
            return self.add(text, begin..end, fit);
        }
        // A line that reads from left to right holds Arabic parts, each in its place.
        let mut found: Option<Range<usize>> = None;
        for (at, c) in chars(text, line) {
            if is_arabic(c) {
                let begin = found.take().map_or(at, |part| part.start);
                found = Some(begin..at + c.len_utf8());
            } else if is_latin(c)
                && let Some(part) = found.take()
            {
                self.add(text, part, fit);
            }
        }
        if let Some(part) = found {
            self.add(text, part, fit);
        }
    }

    fn add(&mut self, text: &str, outer: Range<usize>, fit: &Fit) {
        if outer.is_empty() {
            return;
        }
        let mut done = outer.start;
        for (at, c) in chars(text, outer.clone()) {
            if at < done {
                continue;
            }
            let rest = text.get(at..outer.end).unwrap_or_default();
            let kept = if is_latin(c) {
                latin_len(rest)
            } else if digit_value(c).is_some() {
                number_len(rest)
            } else if is_arabic_letter(c) && fit.marks_leading < 0 {
                c.len_utf8()
                    + rest.chars().skip(1).take_while(|c| is_any_mark(*c)).map(char::len_utf8).sum::<usize>()
            } else {
                0
            };
            if kept > c.len_utf8() {
                self.inner.push(Inner::Kept(at..at + kept));
                done = at + kept;
            } else if let Some((_, with)) = mirrored(c).filter(|_| self.mirrors) {
                self.inner.push(Inner::Mirrored(at, with));
            }
        }
        self.outer.push(outer);
    }
}

impl Fit {
    fn of(line: &str) -> Self {
        let mut fit = Fit::default();
        let mut word = Word::default();
        let mut before = ' ';
        for c in line.chars() {
            match shape(c) {
                Some(shape) => {
                    fit.shaped += 1;
                    word.add(shape, &mut fit);
                }
                None if c == '\u{0640}' => word.add(TATWEEL, &mut fit),
                None if is_any_mark(c) => fit.marks_leading += isize::from(!is_arabic(before)),
                None if is_arabic_letter(c) || c == '\u{200D}' => {
                    fit.plain += usize::from(class(c) != Class::Presentation && c != '\u{200D}'); // ZERO WIDTH JOINER
                    word = Word { last: None, len: 2 };
                }
                None => {
                    fit.latin += usize::from(is_latin(c));
                    fit.marks_leading -= isize::from(is_any_mark(before));
                    word.end(&mut fit);
                    word = Word::default();
                }
            }
            before = c;
        }
        fit.marks_leading -= isize::from(is_any_mark(before));
        word.end(&mut fit);
        let opens = |c: char| mirrored(c).map(|(opens, _)| if opens { 1 } else { -1 });
        let (first, last) = (line.chars().find_map(opens), line.chars().rev().find_map(opens));
        fit.brackets_drawn = first.unwrap_or(0) - last.unwrap_or(0);
        fit
    }

    fn order(&self) -> Order {
        let (logical, visual) = (self.logical_faults, self.visual_faults);
        if self.shaped + self.plain + self.latin == 0 {
            Order::Open
        } else if self.shaped == 0 || self.plain * 4 > self.shaped {
            Order::Plain
        } else if logical >= 2 && visual * 3 <= logical {
            Order::Visual
        } else if visual >= 2 && logical * 3 <= visual {
            Order::Logical
        } else {
            Order::Open
        }
    }
}

/// A tatweel is joined on both sides.
const TATWEEL: Shape = Shape { joins_before: true, joins_after: true };

/// Shaped letters side by side, in the order in which they are stored.
#[derive(Default)]
struct Word {
    /// The last letter, unless its shape is not known.
    last: Option<Shape>,
    len: usize,
}

impl Word {
    fn add(&mut self, shape: Shape, fit: &mut Fit) {
        if let Some(last) = self.last {
            if self.len == 1 {
                fit.logical_faults += usize::from(last.joins_before);
                fit.visual_faults += usize::from(last.joins_after);
            }
            fit.logical_faults += usize::from(last.joins_after != shape.joins_before);
            fit.visual_faults += usize::from(last.joins_before != shape.joins_after);
        }
        self.last = Some(shape);
        self.len += 1;
    }

    /// A letter alone proves nothing: «ﻫ» is written for the era.
    fn end(&mut self, fit: &mut Fit) {
        if let Some(last) = self.last.filter(|_| self.len > 1) {
            fit.logical_faults += usize::from(last.joins_after);
            fit.visual_faults += usize::from(last.joins_before);
        }
    }
}

/// Gives each open line the order of the last line before it that has one, or else of the first behind it.
fn settle(lines: &mut [(Range<usize>, Fit, Order)]) {
    let is_settled = |order: &Order| matches!(order, Order::Logical | Order::Visual);
    let first = lines.iter().map(|(_, _, order)| *order).find(is_settled);
    let mut last = first.unwrap_or(Order::Logical);
    for (_, _, order) in lines {
        match order {
            Order::Open => *order = last,
            Order::Plain => {}
            Order::Logical | Order::Visual => last = *order,
        }
    }
}

/// The length of Latin words and all between them.
fn latin_len(text: &str) -> usize {
    let inside = text.char_indices().take_while(|(_, c)| !is_arabic(*c));
    let ends = inside.filter(|(_, c)| is_latin(*c) || digit_value(*c).is_some());
    ends.last().map_or(0, |(at, c)| at + c.len_utf8())
}

/// The length of digits, with single separators between them.
fn number_len(text: &str) -> usize {
    let mut len = 0;
    while let Some(c) = char_at(text, len) {
        let after = char_at(text, len + c.len_utf8());
        let is_inside = matches!(c, '.' | ',' | ':' | '/' | '٫' | '٬') // ARABIC DECIMAL, THOUSANDS SEPARATOR
            && after.is_some_and(|c| digit_value(c).is_some());
        if digit_value(c).is_none() && !is_inside {
            break;
        }
        len += c.len_utf8();
    }
    len
}

/// Whether a bracket or guillemet opens, and its counterpart.
fn mirrored(c: char) -> Option<(bool, char)> {
    const PAIRS: [(char, char); 6] = [('(', ')'), ('[', ']'), ('{', '}'), ('<', '>'), ('«', '»'), ('‹', '›')];
    PAIRS.iter().find_map(|&(a, b)| match c {
        _ if c == a => Some((true, b)),
        _ if c == b => Some((false, a)),
        _ => None,
    })
}

fn is_arabic(c: char) -> bool {
    is_arabic_letter(c) || is_any_mark(c) || class(c) == Class::Tatweel
}

fn is_any_mark(c: char) -> bool {
    is_mark(c) || is_shaped_mark(c)
}

/// A letter that is written from left to right, or an accent on one.
fn is_latin(c: char) -> bool {
    (c.is_alphabetic() && !is_arabic(c)) || matches!(c, '\u{0300}'..='\u{036F}')
}

fn chars(text: &str, range: Range<usize>) -> impl Iterator<Item = (usize, char)> + '_ {
    let begin = range.start;
    text.get(range).unwrap_or_default().char_indices().map(move |(at, c)| (begin + at, c))
}
