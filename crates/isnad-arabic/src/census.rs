//! The census of a text: what in it is out of the ordinary, and where.

use crate::letters::{Class, class};

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
    classes: u32,
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
        let mut taker = Taker { text, entries, classes: 0, done: 0 };
        taker.run();
        Census { entries: taker.entries, classes: taker.classes }
    }

    /// The code points that are not plain, in the order of the text.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether a code point of this class is among them.
    pub fn has(&self, class: Class) -> bool {
        self.classes & bit(class) != 0
    }
}

const fn bit(class: Class) -> u32 {
    1 << class as u32
}

/// Bytes looked at together; whole vectors on every machine.
const BLOCK: usize = 32;

struct Taker<'t> {
    text: &'t str,
    entries: Vec<Entry>,
    classes: u32,
    /// Everything before this byte is entered or plain.
    done: usize,
}

impl Taker<'_> {
    fn run(&mut self) {
        let bytes = self.text.as_bytes();
        let Some(&first) = bytes.first() else { return };
        if is_odd(b' ', first) != 0 {
            self.enter(0);
        }
        // A byte is judged together with the one before it: two views of the text, one byte apart.
        let (before, behind) =
            (bytes.get(..bytes.len() - 1).unwrap_or_default(), bytes.get(1..).unwrap_or_default());
        let (blocks, rest) = behind.as_chunks::<BLOCK>();
        let (earlier, rest_earlier) = before.as_chunks::<BLOCK>();
        let mut at = 1;
        for (block, earlier) in blocks.iter().zip(earlier) {
            let mut odd = [0u8; BLOCK];
            for ((odd, &byte), &before) in odd.iter_mut().zip(block).zip(earlier) {
                *odd = is_odd(before, byte);
            }
            for (index, word) in odd.as_chunks::<8>().0.iter().enumerate() {
                let mut word = u64::from_le_bytes(*word);
                while word != 0 {
                    self.enter(at + index * 8 + word.trailing_zeros() as usize / 8);
                    word &= word - 1;
                }
            }
            at += BLOCK;
        }
        for (index, (&byte, &before)) in rest.iter().zip(rest_earlier).enumerate() {
            if is_odd(before, byte) != 0 {
                self.enter(at + index);
            }
        }
        if bytes.last() == Some(&b' ') && self.done < bytes.len() {
            self.push(bytes.len() - 1, 1, Class::Space);
        }
    }

    /// Enters the code point that the byte at `at` is part of, and the spaces beside it if it is blank.
    fn enter(&mut self, at: usize) {
        if at < self.done {
            return;
        }
        let bytes = self.text.as_bytes();
        let begin = self.text.floor_char_boundary(at);
        let Some(c) = self.text.get(begin..).and_then(|rest| rest.chars().next()) else { return };
        let class = class(c);
        let end = begin + c.len_utf8();
        if matches!(class, Class::Space | Class::OddSpace | Class::Break) {
            if begin > self.done && bytes.get(begin - 1) == Some(&b' ') {
                self.push(begin - 1, 1, Class::Space);
            }
            self.push(begin, c.len_utf8(), class);
            if bytes.get(end) == Some(&b' ') {
                self.push(end, 1, Class::Space);
            }
        } else {
            self.push(begin, c.len_utf8(), class);
        }
    }

    fn push(&mut self, at: usize, len: usize, class: Class) {
        self.entries.push(Entry { at: at as u32, class });
        self.classes |= bit(class);
        self.done = at + len;
    }
}

/// 1 if a byte is not part of a plain character, given the byte before it; else 0. A character of two
/// bytes is judged at its second. Without branches, so that many bytes are judged at once.
#[inline(always)]
fn is_odd(before: u8, byte: u8) -> u8 {
    let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    let digit = byte.wrapping_sub(b'0') < 10;
    let space = (byte == b' ') & (before > b' ');
    let lead = (byte == 0xD8) | (byte == 0xD9);
    let hamza_to_ghain = (before == 0xD8) & (byte.wrapping_sub(0xA1) <= 0xBA - 0xA1);
    let feh_to_yeh = (before == 0xD9) & (byte.wrapping_sub(0x81) <= 0x8A - 0x81);
    !(letter | digit | space | lead | hamza_to_ghain | feh_to_yeh) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The same by the definition, character by character.
    fn by_definition(text: &str) -> Vec<(u32, Class)> {
        let blank = |c: Option<char>| {
            c.is_none_or(|c| matches!(class(c), Class::Space | Class::OddSpace | Class::Break))
        };
        let entry = |(at, c): (usize, char)| {
            let before = text[..at].chars().next_back();
            let behind = text[at + c.len_utf8()..].chars().next();
            let plain = match c {
                '\u{0621}'..='\u{063A}' | '\u{0641}'..='\u{064A}' => true,
                ' ' => !blank(before) && !blank(behind),
                _ => c.is_ascii_alphanumeric(),
            };
            (!plain).then_some((at as u32, class(c)))
        };
        text.char_indices().filter_map(entry).collect()
    }

    proptest! {
        #[test]
        fn the_census_holds_what_is_not_plain(text in "[\\PC\u{0600}-\u{06FF}\u{200B}-\u{202E} \u{A0}\n\t.a]{0,120}") {
            let census = Census::of(&text);
            let found: Vec<(u32, Class)> = census.entries().iter().map(|entry| (entry.at, entry.class)).collect();
            prop_assert_eq!(&found, &by_definition(&text));
            for (_, class) in found {
                prop_assert!(census.has(class));
            }
        }

        #[test]
        fn plain_text_has_no_entries(text in "([ء-غف-يa-z0-9]{1,9} ){0,12}[ء-غ]{1,3}") {
            prop_assert_eq!(Census::of(&text), Census::default());
        }
    }
}
