//! Offsets in the unit the reader of a record counts in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What offsets count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Unit {
    /// Code points, as Python counts.
    #[default]
    Char,
    /// Bytes of UTF-8, as Rust and Go count.
    Byte,
    /// UTF-16 code units, as Java and JavaScript count.
    Utf16,
}

impl Unit {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Unit::Char => "char",
            Unit::Byte => "byte",
            Unit::Utf16 => "utf16",
        }
    }

    /// How many units a piece of UTF-8 holds: a code point counts where its first byte stands.
    fn count(self, bytes: &[u8]) -> u32 {
        let chars = || bytes.iter().filter(|byte| !(0x80..0xC0).contains(*byte)).count();
        // Code points of four bytes are two units of UTF-16.
        let long = || bytes.iter().filter(|byte| **byte >= 0xF0).count();
        let count = match self {
            Unit::Char => chars(),
            Unit::Byte => bytes.len(),
            Unit::Utf16 => chars() + long(),
        };
        count as u32
    }
}

/// Turns byte offsets of one text into another unit: one pass over the text notes the count at every
/// [`STEP`] bytes, an offset is then counted from the note before it.
#[derive(Debug, Default)]
pub(crate) struct Ruler {
    unit: Unit,
    notes: Vec<u32>,
}

const STEP: usize = 256;

impl Ruler {
    pub(crate) fn new(unit: Unit) -> Self {
        Ruler { unit, notes: Vec::new() }
    }

    /// Measures a text; the offsets asked for next are offsets into it.
    pub(crate) fn measure(&mut self, text: &str) {
        self.notes.clear();
        if self.unit == Unit::Byte {
            return;
        }
        let mut count = 0;
        for piece in text.as_bytes().chunks(STEP) {
            self.notes.push(count);
            count += self.unit.count(piece);
        }
        self.notes.push(count);
    }

    /// The number of units before a byte offset of `text`, which is the text measured last.
    pub(crate) fn at(&self, text: &str, offset: u32) -> u32 {
        if self.unit == Unit::Byte {
            return offset;
        }
        let note = offset as usize / STEP;
        let rest = text.as_bytes().get(note * STEP..offset as usize).unwrap_or_default();
        self.notes.get(note).copied().unwrap_or_default() + self.unit.count(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn offsets_count_what_stands_before_them(text in "[a\u{0627}\u{064E}€😀]{0,400}") {
            let mut chars = Ruler::new(Unit::Char);
            let mut utf16 = Ruler::new(Unit::Utf16);
            let mut bytes = Ruler::new(Unit::Byte);
            for ruler in [&mut chars, &mut utf16, &mut bytes] {
                ruler.measure(&text);
            }
            for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
                let before = text.get(..at).unwrap();
                let offset = at as u32;
                prop_assert_eq!(chars.at(&text, offset) as usize, before.chars().count());
                prop_assert_eq!(utf16.at(&text, offset) as usize, before.encode_utf16().count());
                prop_assert_eq!(bytes.at(&text, offset), offset);
            }
        }
    }
}
