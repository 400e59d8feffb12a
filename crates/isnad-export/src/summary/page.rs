//! Paragraphs wrapped to the width of a page, with Arabic kept apart from the left-to-right words
//! around it.

use isnad_arabic::{Class, class};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use unicode_width::UnicodeWidthChar;

/// How right-to-left text stands inside left-to-right lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Direction {
    /// Between U+2068 FIRST STRONG ISOLATE and U+2069 POP DIRECTIONAL ISOLATE.
    #[default]
    Marks,
    /// As it is.
    Plain,
}

/// Receives paragraphs and writes lines.
pub(crate) struct Page<'o> {
    out: &'o mut Vec<u8>,
    width: usize,
    direction: Direction,
}

/// Text that is wrapped as one: the summary's own words and words of the source.
#[derive(Default)]
pub(crate) struct Paragraph {
    words: Vec<Word>,
    runs: usize,
    space: bool,
}

struct Word {
    text: String,
    before: Gap,
    /// Which call wrote it; words of one run stand in one isolate.
    run: usize,
    cited: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gap {
    /// It belongs to the word before it.
    None,
    /// A space, which gives way to a line break.
    Space,
}

const ISOLATE: char = '\u{2068}'; // FIRST STRONG ISOLATE
const POP: char = '\u{2069}'; // POP DIRECTIONAL ISOLATE

impl Paragraph {
    /// Adds the summary's own words. Spaces at the edges count.
    pub(crate) fn say(&mut self, text: &str) -> &mut Self {
        self.push(text, false)
    }

    /// Adds words of the source.
    pub(crate) fn cite(&mut self, text: &str) -> &mut Self {
        self.push(text, true)
    }

    fn push(&mut self, text: &str, cited: bool) -> &mut Self {
        self.runs += 1;
        for (index, word) in text.split(' ').enumerate() {
            self.space |= index > 0;
            if word.is_empty() {
                continue;
            }
            let before = if self.space { Gap::Space } else { Gap::None };
            self.words.push(Word { text: word.to_owned(), before, run: self.runs, cited });
            self.space = false;
        }
        self
    }
}

impl<'o> Page<'o> {
    pub(crate) fn new(out: &'o mut Vec<u8>, width: usize, direction: Direction) -> Self {
        Page { out, width, direction }
    }

    /// How many columns a line has behind an indent.
    pub(crate) fn columns(&self, indent: usize) -> usize {
        self.width.saturating_sub(indent).max(8)
    }

    /// An empty line.
    pub(crate) fn blank(&mut self) {
        self.out.push(b'\n');
    }

    /// Writes a paragraph; lines after the first are indented by `hanging`.
    pub(crate) fn write(&mut self, indent: usize, hanging: usize, paragraph: &Paragraph) {
        let mut line: Vec<(&str, &Word)> = Vec::new();
        let (mut margin, mut used) = (indent, 0);
        let mut words = paragraph.words.as_slice();
        while !words.is_empty() {
            let len = 1 + words.iter().skip(1).take_while(|word| word.before == Gap::None).count();
            let (unit, rest) = words.split_at(len);
            words = rest;
            let width: usize = unit.iter().map(|word| columns_of(&word.text)).sum();
            if !line.is_empty() && used + 1 + width > self.columns(margin) {
                self.line(margin, &line);
                line.clear();
                (margin, used) = (hanging, 0);
            }
            used += usize::from(!line.is_empty());
            if used + width <= self.columns(margin) {
                line.extend(unit.iter().map(|word| (word.text.as_str(), word)));
                used += width;
                continue;
            }
            // Longer than a line: broken between characters.
            for word in unit {
                let (mut text, mut left) = (word.text.as_str(), columns_of(&word.text));
                while used + left > self.columns(margin) {
                    let (head, tail, taken) = split_at_width(text, self.columns(margin).saturating_sub(used));
                    if head.is_empty() && line.is_empty() {
                        break;
                    }
                    if !head.is_empty() {
                        line.push((head, word));
                    }
                    self.line(margin, &line);
                    line.clear();
                    (margin, used, text, left) = (hanging, 0, tail, left - taken);
                }
                line.push((text, word));
                used += left;
            }
        }
        if !line.is_empty() {
            self.line(margin, &line);
        }
    }

    fn line(&mut self, margin: usize, words: &[(&str, &Word)]) {
        let mut text = " ".repeat(margin);
        for (index, run) in words.chunk_by(|(_, a), (_, b)| a.run == b.run).enumerate() {
            let Some((_, first)) = run.first() else { continue };
            if index > 0 && first.before == Gap::Space {
                text.push(' ');
            }
            let isolated = self.direction == Direction::Marks
                && first.cited
                && run.iter().any(|(word, _)| word.chars().any(is_right_to_left));
            text.extend(isolated.then_some(ISOLATE));
            for (place, (word, of)) in run.iter().enumerate() {
                if place > 0 && of.before == Gap::Space {
                    text.push(' ');
                }
                text.push_str(word);
            }
            text.extend(isolated.then_some(POP));
        }
        self.out.extend_from_slice(text.as_bytes());
        self.out.push(b'\n');
    }
}

/// Source text fit for a line: breaks and runs of spaces are one space, characters that command a
/// terminal or turn its text are gone.
pub(crate) fn cleaned(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match class(c) {
            Class::Space | Class::OddSpace | Class::Break => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            Class::Control | Class::Bidi => {}
            _ => out.push(c),
        }
    }
    out.truncate(out.trim_end().len());
    out.drain(..out.len() - out.trim_start().len());
    out
}

/// The beginning and the end of a text, `…` between them, in at most `columns`; or the text, if it fits.
pub(crate) fn shortened(text: &str, columns: usize) -> String {
    if columns_of(text) <= columns {
        return text.to_owned();
    }
    let (head, ..) = split_at_width(text, columns * 2 / 3);
    let head = head.rsplit_once(' ').map_or(head, |(whole, _)| whole);
    let mut room = columns.saturating_sub(columns * 2 / 3 + 3);
    let mut from = text.len();
    for (at, c) in text.char_indices().rev() {
        let Some(left) = room.checked_sub(c.width().unwrap_or_default()) else { break };
        (room, from) = (left, at);
    }
    let tail = text.get(from..).unwrap_or_default();
    let tail = tail.split_once(' ').map_or(tail, |(_, whole)| whole);
    let tail = tail.trim_start_matches(|c: char| c.width() == Some(0));
    format!("{head} … {tail}")
}

/// Splits a text so that the head takes at most `columns`, and says how many it takes; marks stay
/// with the letter they stand on.
fn split_at_width(text: &str, columns: usize) -> (&str, &str, usize) {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        let width = c.width().unwrap_or_default();
        if used + width > columns {
            let (head, tail) = text.split_at(at);
            return (head, tail, used);
        }
        used += width;
    }
    (text, "", used)
}

/// How many columns a terminal gives a text, which shapes letters but gives each its own cell.
fn columns_of(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or_default()).sum()
}

fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
}
