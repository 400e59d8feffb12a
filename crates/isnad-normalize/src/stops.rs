//! A fast way to the next character that a stage has to look at.

use std::cell::Cell;

use isnad_arabic::{Census, Class, Classes, Entry, class, is_plain};

/// A set of code points that a stage looks for: exact for ASCII and U+0600–U+06FF, in blocks of 64 up
/// to U+FFFF, and as a whole above.
#[derive(Clone)]
pub(crate) struct Stops {
    ascii: [bool; 128],
    /// By lead byte (D8–DB) and the low six bits of the second byte.
    arabic: [[bool; 64]; 4],
    /// Other two-byte code points, by lead byte (C0–DF).
    two: [bool; 32],
    /// Three-byte code points, by lead byte (E0–EF) and the low six bits of the second byte.
    three: [[bool; 64]; 16],
    four: bool,
    /// The classes of its members, if none of them is plain.
    classes: Option<Classes>,
}

impl Stops {
    /// The set of these code points, given as ranges with both ends. U+0020 stands for the spaces of
    /// the census: those beside other blanks.
    pub(crate) fn new(ranges: &[(char, char)]) -> Self {
        let mut stops = Stops {
            ascii: [false; 128],
            arabic: [[false; 64]; 4],
            two: [false; 32],
            three: [[false; 64]; 16],
            four: false,
            classes: Some(Classes::default()),
        };
        for &(first, last) in ranges {
            if last > '\u{FFFF}' {
                stops.four = true;
                stops.add_class(Class::Other);
            }
            for c in first..=last.min('\u{FFFF}') {
                let code = c as u32;
                let (high, low) = ((code >> 6) as usize, (code & 0x3F) as usize);
                match code {
                    0..=0x7F => stops.ascii[code as usize] = true,
                    0x600..=0x6FF => stops.arabic[high & 3][low] = true,
                    0x80..=0x5FF | 0x700..=0x7FF => stops.two[high & 31] = true,
                    _ => stops.three[high >> 6 & 15][high & 63] = true,
                }
                if is_plain(c) {
                    stops.classes = None;
                } else {
                    stops.add_class(class(c));
                }
            }
        }
        stops
    }

    /// The way along the members in `text`, whose census is `census`.
    pub(crate) fn along<'t>(&'t self, text: &'t str, census: &'t Census) -> Walk<'t> {
        let none = self.classes.is_some_and(|classes| !classes.meet(census.classes()));
        Walk { stops: self, text, rest: Cell::new(if none { &[] } else { census.entries() }) }
    }

    fn add_class(&mut self, class: Class) {
        if let Some(classes) = &mut self.classes {
            classes.insert(class);
        }
    }

    /// The same as [`Walk::next`], byte by byte over the text.
    fn read_on(&self, bytes: &[u8], mut at: usize) -> Option<usize> {
        while let Some(&first) = bytes.get(at) {
            let (may_be, len) = self.judge(first, bytes, at);
            if may_be {
                return Some(at);
            }
            at += len;
        }
        None
    }

    /// Whether the code point at `at`, whose first byte is `first`, may be in the set, and its length.
    fn judge(&self, first: u8, bytes: &[u8], at: usize) -> (bool, usize) {
        let second = || (bytes.get(at + 1).copied().unwrap_or_default() & 0x3F) as usize;
        match first {
            0..=0x7F => (self.ascii[first as usize], 1),
            0xD8..=0xDB => (self.arabic[(first & 3) as usize][second()], 2),
            0x80..=0xDF => (self.two[(first & 31) as usize], 2),
            0xE0..=0xEF => (self.three[(first & 15) as usize][second()], 3),
            _ => (self.four, 4),
        }
    }
}

/// Goes from member to member of a set: along the census where no member is plain, else along the text.
pub(crate) struct Walk<'t> {
    stops: &'t Stops,
    text: &'t str,
    rest: Cell<&'t [Entry]>,
}

impl<'t> Walk<'t> {
    /// The text that is walked along.
    pub(crate) fn text(&self) -> &'t str {
        self.text
    }

    /// The offset of the first code point at or behind `at` that may be in the set. `at` is never
    /// smaller than it was before.
    pub(crate) fn next(&self, at: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let Some(classes) = self.stops.classes else { return self.stops.read_on(bytes, at) };
        let mut rest = self.rest.get();
        while let [entry, behind @ ..] = rest {
            let begin = entry.at as usize;
            let may_be = begin >= at && classes.has(entry.class);
            if may_be && bytes.get(begin).is_some_and(|&first| self.stops.judge(first, bytes, begin).0) {
                self.rest.set(rest);
                return Some(begin);
            }
            rest = behind;
        }
        self.rest.set(rest);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_member_is_passed_by(text in isnad_testkit::arabic::text(), a in any::<char>()) {
            let ranges = [('،', '؟'), ('\u{200B}', '\u{200F}'), ('\t', '\r'), (a, a)];
            let (stops, census) = (Stops::new(&ranges), Census::of(&text));
            let walk = stops.along(&text, &census);
            let mut at = 0;
            let mut passed = String::new();
            while let Some(stop) = walk.next(at) {
                prop_assert!(text.is_char_boundary(stop));
                passed.push_str(text.get(at..stop).unwrap());
                at = stop + text.get(stop..).unwrap().chars().next().map_or(0, char::len_utf8);
            }
            passed.push_str(text.get(at..).unwrap());
            prop_assert!(!passed.chars().any(|c| ranges.iter().any(|&(first, last)| first <= c && c <= last)));
        }
    }
}
