//! The census of a text: what in it is out of the ordinary, and where.

use crate::letters::{Class, Classes, class, is_blank};
use crate::scan::each_odd;

/// Every code point of a text that is not *plain*, with its place.
///
/// Plain are the letters U+0621–U+063A and U+0641–U+064A, ASCII letters and digits, and a space
/// U+0020 between two characters that are no spaces and no line breaks. That is some 97 of 100
/// characters of Arabic news: whoever looks for anything else goes from entry to entry and never
/// reads the text.
///
/// ```
/// use isnad_arabic::{Census, Class};
///
/// let census = Census::of("قـال  نعم.");
/// let found: Vec<(u32, Class)> = census.entries().iter().map(|entry| (entry.at, entry.class)).collect();
/// assert_eq!(found, [(2, Class::Tatweel), (8, Class::Space), (9, Class::Space), (16, Class::AsciiPunctuation)]);
/// assert!(census.has(Class::Tatweel) && !census.has(Class::Mark));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Census {
    entries: Vec<Entry>,
    classes: Classes,
}

/// A code point that is not plain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The byte offset at which it begins.
    pub at: u32,
    /// What it is.
    pub class: Class,
}

impl Census {
    /// Takes the census of a text of at most 4 GiB.
    pub fn of(text: &str) -> Self {
        let entries = Vec::with_capacity(text.len() / 32);
        let mut taker = Taker { text, entries, classes: Classes::default(), done: 0 };
        taker.run();
        Census { entries: taker.entries, classes: taker.classes }
    }

    /// The code points that are not plain, in the order of the text.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The classes of which there are any among them.
    pub fn classes(&self) -> Classes {
        self.classes
    }

    /// Whether a code point of this class is among them.
    pub fn has(&self, class: Class) -> bool {
        self.classes.has(class)
    }
}

struct Taker<'t> {
    text: &'t str,
    entries: Vec<Entry>,
    classes: Classes,
    /// Everything before this byte is entered or plain.
    done: usize,
}

impl Taker<'_> {
    fn run(&mut self) {
        let bytes = self.text.as_bytes();
        each_odd(bytes, is_odd, |at| self.enter(at));
        if bytes.last() == Some(&b' ') && self.done < bytes.len() {
            self.push(bytes.len() - 1, bytes.len(), Class::Space);
        }
    }

    /// Enters the code point that the byte at `at` is part of, and the spaces beside it if it is blank.
    fn enter(&mut self, at: usize) {
        if at < self.done {
            return;
        }
        let bytes = self.text.as_bytes();
        let Some((begin, end, class)) = self.judge(at) else { return };
        let before = begin.checked_sub(1).and_then(|before| bytes.get(before));
        if class == Class::Space
            && before.is_some_and(|&before| before < b' ' && !is_blank(char::from(before)))
        {
            // Behind a control character: if it stands before a blank, it is entered with that.
            return;
        }
        if matches!(class, Class::Space | Class::OddSpace | Class::Break) {
            if begin > self.done && bytes.get(begin - 1) == Some(&b' ') {
                self.push(begin - 1, begin, Class::Space);
            }
            self.push(begin, end, class);
            if bytes.get(end) == Some(&b' ') {
                self.push(end, end + 1, Class::Space);
            }
        } else {
            self.push(begin, end, class);
        }
    }

    /// Begin, end and class of the code point that the byte at `at` is part of.
    #[inline]
    fn judge(&self, at: usize) -> Option<(usize, usize, Class)> {
        let bytes = self.text.as_bytes();
        let byte = *bytes.get(at)?;
        if byte < 0x80 {
            return Some((at, at + 1, class(byte as char)));
        }
        // The block U+0600–U+06FF: a first byte D8–DB, and six bits in the second.
        let begin = if byte < 0xC0 { at - 1 } else { at };
        if let Some(&[first @ 0xD8..=0xDB, second]) = bytes.get(begin..begin + 2) {
            let code = u32::from(first & 0x1F) << 6 | u32::from(second & 0x3F);
            return Some((begin, begin + 2, char::from_u32(code).map_or(Class::Other, class)));
        }
        let begin = self.text.floor_char_boundary(at);
        let c = self.text.get(begin..)?.chars().next()?;
        Some((begin, begin + c.len_utf8(), class(c)))
    }

    fn push(&mut self, begin: usize, end: usize, class: Class) {
        self.entries.push(Entry { at: begin as u32, class });
        self.classes.insert(class);
        self.done = end;
    }
}

/// The census of a text that grows out of stretches of another text and of new pieces: as much work as
/// there are entries and pieces, however long the text.
#[derive(Debug)]
pub struct Recount<'c> {
    earlier: &'c [Entry],
    entries: Vec<Entry>,
}

impl<'c> Recount<'c> {
    /// Of an empty text, which will grow out of the text that `earlier` is the census of.
    pub fn new(earlier: &'c Census) -> Self {
        Recount { earlier: &earlier.entries, entries: Vec::with_capacity(earlier.entries.len()) }
    }

    /// `piece` is about to be added to `text`; it stands at `from` in the earlier text, not before any
    /// stretch added so far.
    pub fn copy(&mut self, text: &str, piece: &str, from: usize) {
        self.seam(text, piece);
        let end = from + piece.len();
        let passed = self.earlier.iter().take_while(|entry| (entry.at as usize) < from).count();
        let rest = self.earlier.get(passed..).unwrap_or_default();
        let (inside, behind) =
            rest.split_at(rest.iter().take_while(|entry| (entry.at as usize) < end).count());
        // The first space was judged beside what stands before it now.
        let known = usize::from(
            piece.starts_with(' ') && inside.first().is_some_and(|entry| entry.at as usize == from),
        );
        let shifted = |entry: &Entry| Entry { at: entry.at - from as u32 + text.len() as u32, ..*entry };
        self.entries.extend(inside.iter().skip(known).map(shifted));
        self.earlier = behind;
    }

    /// `piece` is about to be added to `text`; nothing is known of it.
    pub fn add(&mut self, text: &str, piece: &str) {
        self.seam(text, piece);
        if piece.len() >= MANY {
            // Its first space is judged by now, its last one will be at the next seam.
            let known = usize::from(piece.starts_with(' '));
            let counted = Census::of(piece).entries.into_iter().skip(known);
            self.entries.extend(counted.map(|entry| Entry { at: entry.at + text.len() as u32, ..entry }));
            return;
        }
        let mut before = None;
        for (at, c) in piece.char_indices() {
            let blank = |c: Option<char>| c.is_some_and(is_blank);
            let is_plain = match c {
                ' ' => {
                    let behind = piece.get(at + 1..).and_then(|rest| rest.chars().next());
                    at == 0 || !blank(before) && !blank(behind)
                }
                _ => is_plain(c),
            };
            if !is_plain {
                self.entries.push(Entry { at: (text.len() + at) as u32, class: class(c) });
            }
            before = Some(c);
        }
    }

    /// The census of the whole text.
    pub fn finish(mut self, text: &str) -> Census {
        if text.ends_with(' ') {
            self.set_space(text.len() - 1, true);
        }
        let mut classes = Classes::default();
        self.entries.iter().for_each(|entry| classes.insert(entry.class));
        Census { entries: self.entries, classes }
    }

    /// Judges the spaces on both sides of the place where `piece` meets `text`.
    fn seam(&mut self, text: &str, piece: &str) {
        let before = text.chars().next_back();
        if before == Some(' ') {
            let earlier = text.get(..text.len() - 1).and_then(|text| text.chars().next_back());
            self.set_space(
                text.len() - 1,
                earlier.is_none_or(is_blank) || piece.chars().next().is_none_or(is_blank),
            );
        }
        if piece.starts_with(' ') {
            // The end of the piece is not the end of the text: that is judged at the next seam.
            let behind = piece.get(1..).and_then(|rest| rest.chars().next());
            self.set_space(text.len(), before.is_none_or(is_blank) || behind.is_some_and(is_blank));
        }
    }

    /// Enters the last space, or takes it out.
    fn set_space(&mut self, at: usize, is_entry: bool) {
        let is_there = self.entries.last().is_some_and(|last| last.at as usize == at);
        if is_there && !is_entry {
            self.entries.pop();
        } else if is_entry && !is_there {
            self.entries.push(Entry { at: at as u32, class: Class::Space });
        }
    }
}

/// From here on a piece is worth a census of its own.
const MANY: usize = 128;

/// Whether a character other than a space is plain: a census never holds it.
pub fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '\u{0621}'..='\u{063A}' | '\u{0641}'..='\u{064A}')
}

/// Whether a byte is not part of a plain character. A character of two bytes is judged at its second.
#[inline(always)]
fn is_odd(before: u8, byte: u8) -> bool {
    let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    let digit = byte.wrapping_sub(b'0') < 10;
    let space = (byte == b' ') & (before > b' ');
    let lead = (byte == 0xD8) | (byte == 0xD9);
    let hamza_to_ghain = (before == 0xD8) & (byte.wrapping_sub(0xA1) <= 0xBA - 0xA1);
    let feh_to_yeh = (before == 0xD9) & (byte.wrapping_sub(0x81) <= 0x8A - 0x81);
    !(letter | digit | space | lead | hamza_to_ghain | feh_to_yeh)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The same by the definition, character by character.
    fn by_definition(text: &str) -> Vec<(u32, Class)> {
        let blank = |c: Option<char>| c.is_none_or(is_blank);
        let entry = |(at, c): (usize, char)| {
            let before = text[..at].chars().next_back();
            let behind = text[at + c.len_utf8()..].chars().next();
            let plain = match c {
                ' ' => !blank(before) && !blank(behind),
                _ => is_plain(c),
            };
            (!plain).then_some((at as u32, class(c)))
        };
        text.char_indices().filter_map(entry).collect()
    }

    proptest! {
        #[test]
        fn the_census_holds_what_is_not_plain(text in "[\\PC\u{0}-\u{1F}\u{0600}-\u{06FF}\u{200B}-\u{202E} \u{A0}\n\t.a]{0,120}") {
            let census = Census::of(&text);
            let found: Vec<(u32, Class)> = census.entries().iter().map(|entry| (entry.at, entry.class)).collect();
            prop_assert_eq!(&found, &by_definition(&text));
            for (_, class) in found {
                prop_assert!(census.has(class));
            }
        }

        #[test]
        fn a_recount_is_a_census(
            text in "[ا-ي \u{A0}\n.\u{64E}]{0,40}",
            pieces in prop::collection::vec((0f64..1.0, 0f64..1.0, "[ا \n.]{0,3}|[ا \n.]{80,90}"), 0..6),
        ) {
            let earlier = Census::of(&text);
            let mut recount = Recount::new(&earlier);
            let borders: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let (mut new, mut from) = (String::new(), 0);
            for (skip, take, piece) in &pieces {
                let pick = |from: usize, f: f64| borders[from..][((borders.len() - from - 1) as f64 * f) as usize];
                let first = borders.partition_point(|at| *at < from);
                let begin = pick(first, *skip);
                let end = pick(borders.partition_point(|at| *at < begin), *take);
                if begin < end {
                    recount.copy(&new, &text[begin..end], begin);
                    new.push_str(&text[begin..end]);
                }
                if !piece.is_empty() {
                    recount.add(&new, piece);
                    new.push_str(piece);
                }
                from = end;
            }
            prop_assert_eq!(recount.finish(&new), Census::of(&new), "{:?}", new);
        }

        #[test]
        fn plain_text_has_no_entries(text in "([ء-غف-يa-z0-9]{1,9} ){0,12}[ء-غ]{1,3}") {
            prop_assert_eq!(Census::of(&text), Census::default());
        }
    }
}
