//! A fast way to the next character that a stage has to look at.

/// A set of code points, exact for ASCII and U+0600–U+06FF, in blocks of 64 up to U+FFFF, and as a
/// whole above. Between two stops a text is passed byte by byte, without decoding.
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
}

impl Stops {
    /// The set of these code points, given as ranges with both ends.
    pub(crate) fn new(ranges: &[(char, char)]) -> Self {
        let mut stops = Stops {
            ascii: [false; 128],
            arabic: [[false; 64]; 4],
            two: [false; 32],
            three: [[false; 64]; 16],
            four: false,
        };
        for &(first, last) in ranges {
            stops.four |= last > '\u{FFFF}';
            for code in first as u32..=(last as u32).min(0xFFFF) {
                let (high, low) = ((code >> 6) as usize, (code & 0x3F) as usize);
                match code {
                    0..=0x7F => stops.ascii[code as usize] = true,
                    0x600..=0x6FF => stops.arabic[high & 3][low] = true,
                    0x80..=0x5FF | 0x700..=0x7FF => stops.two[high & 31] = true,
                    _ => stops.three[high >> 6 & 15][high & 63] = true,
                }
            }
        }
        stops
    }

    /// The offset of the first code point at or behind `at` that may be in the set.
    pub(crate) fn next(&self, text: &str, mut at: usize) -> Option<usize> {
        let bytes = text.as_bytes();
        while let Some(&first) = bytes.get(at) {
            let second = |at: usize| (bytes.get(at + 1).copied().unwrap_or_default() & 0x3F) as usize;
            let (stop, len) = match first {
                0..=0x7F => (self.ascii[first as usize], 1),
                0xD8..=0xDB => (self.arabic[(first & 3) as usize][second(at)], 2),
                0x80..=0xDF => (self.two[(first & 31) as usize], 2),
                0xE0..=0xEF => (self.three[(first & 15) as usize][second(at)], 3),
                _ => (self.four, 4),
            };
            if stop {
                return Some(at);
            }
            at += len;
        }
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
            let ranges = [('،', '؟'), ('\u{200B}', '\u{200F}'), (' ', ' '), (a, a)];
            let stops = Stops::new(&ranges);
            let mut at = 0;
            let mut passed = String::new();
            while let Some(stop) = stops.next(&text, at) {
                prop_assert!(text.is_char_boundary(stop));
                passed.push_str(text.get(at..stop).unwrap());
                at = stop + text.get(stop..).unwrap().chars().next().map_or(0, char::len_utf8);
            }
            passed.push_str(text.get(at..).unwrap());
            prop_assert!(!passed.chars().any(|c| ranges.iter().any(|&(first, last)| first <= c && c <= last)));
        }
    }
}
