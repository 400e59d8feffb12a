//! Letter classes as code-point tables.

/// What kind of character a code point is, as far as Arabic text processing cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// A letter of Modern Standard Arabic (U+0621–U+064A without tatweel, U+0671).
    Letter,
    /// A letter of another language written in Arabic script: Persian, Urdu, Kurdish, Pashto, Uyghur …
    ExtendedLetter,
    /// A vowel mark, shadda, sukun, superscript alef or Quranic annotation.
    Mark,
    /// The elongation stroke U+0640.
    Tatweel,
    /// A presentation form (U+FB50–U+FDFF, U+FE70–U+FEFC): a letter already shaped.
    Presentation,
    /// A direction control (U+061C, U+200E, U+200F, U+202A–U+202E, U+2066–U+2069).
    Bidi,
    /// A zero-width or soft character that shows nothing: U+00AD, U+200B–U+200D, U+2060, U+FEFF.
    ZeroWidth,
    /// A control character other than tab, line feed and carriage return.
    Control,
    /// An Arabic-Indic or Extended Arabic-Indic digit.
    ArabicDigit,
    /// An ASCII digit.
    Digit,
    /// A space that is not U+0020 or a line break: tab, no-break space, U+2000–U+200A, U+202F, U+205F, U+3000.
    OddSpace,
    /// The space U+0020.
    Space,
    /// A line break: line feed, carriage return, U+000B, U+000C, U+0085, U+2028, U+2029.
    Break,
    /// An ASCII letter.
    Latin,
    /// A quotation mark outside ASCII: « » “ ” „ ‟ ‘ ’ ‚ ‛ ‹ › and their like.
    QuotationMark,
    /// ASCII punctuation.
    AsciiPunctuation,
    /// Punctuation of the Arabic script: ، ؛ ؟ ٪ ٫ ٬ ٭ ۔ and U+0609, U+060A, U+060C, U+060D.
    ArabicPunctuation,
    /// Anything else.
    Other,
}

/// The code-point ranges of the classes outside ASCII; everything not listed is [`Class::Other`].
/// Source: Unicode 17 character database, blocks Arabic, Arabic Supplement, Arabic Extended-A/B,
/// Arabic Presentation Forms-A/B, General Punctuation.
const TABLE: &[(u32, u32, Class)] = &[
    (0x0080, 0x0084, Class::Control),
    (0x0085, 0x0085, Class::Break),
    (0x0086, 0x009F, Class::Control),
    (0x00A0, 0x00A0, Class::OddSpace),
    (0x00AB, 0x00AB, Class::QuotationMark),
    (0x00AD, 0x00AD, Class::ZeroWidth),
    (0x00BB, 0x00BB, Class::QuotationMark),
    (0x0609, 0x060A, Class::ArabicPunctuation),
    (0x060C, 0x060D, Class::ArabicPunctuation),
    (0x0610, 0x061A, Class::Mark),
    (0x061B, 0x061B, Class::ArabicPunctuation),
    (0x061C, 0x061C, Class::Bidi),
    (0x061E, 0x061F, Class::ArabicPunctuation),
    (0x0620, 0x0620, Class::ExtendedLetter),
    (0x0621, 0x063A, Class::Letter),
    (0x063B, 0x063F, Class::ExtendedLetter),
    (0x0640, 0x0640, Class::Tatweel),
    (0x0641, 0x064A, Class::Letter),
    (0x064B, 0x065F, Class::Mark),
    (0x0660, 0x0669, Class::ArabicDigit),
    (0x066A, 0x066D, Class::ArabicPunctuation),
    (0x066E, 0x066F, Class::ExtendedLetter),
    (0x0670, 0x0670, Class::Mark),
    (0x0671, 0x0671, Class::Letter),
    (0x0672, 0x06D3, Class::ExtendedLetter),
    (0x06D4, 0x06D4, Class::ArabicPunctuation),
    (0x06D5, 0x06D5, Class::ExtendedLetter),
    (0x06D6, 0x06DC, Class::Mark),
    (0x06DF, 0x06E4, Class::Mark),
    (0x06E5, 0x06E6, Class::ExtendedLetter),
    (0x06E7, 0x06E8, Class::Mark),
    (0x06EA, 0x06ED, Class::Mark),
    (0x06EE, 0x06EF, Class::ExtendedLetter),
    (0x06F0, 0x06F9, Class::ArabicDigit),
    (0x06FA, 0x06FC, Class::ExtendedLetter),
    (0x06FF, 0x06FF, Class::ExtendedLetter),
    (0x0750, 0x077F, Class::ExtendedLetter),
    (0x0870, 0x0887, Class::ExtendedLetter),
    (0x0889, 0x088F, Class::ExtendedLetter),
    (0x0897, 0x089F, Class::Mark),
    (0x08A0, 0x08C9, Class::ExtendedLetter),
    (0x08CA, 0x08E1, Class::Mark),
    (0x08E3, 0x08FF, Class::Mark),
    (0x2000, 0x200A, Class::OddSpace),
    (0x200B, 0x200D, Class::ZeroWidth),
    (0x200E, 0x200F, Class::Bidi),
    (0x2018, 0x201F, Class::QuotationMark),
    (0x2028, 0x2029, Class::Break),
    (0x202A, 0x202E, Class::Bidi),
    (0x202F, 0x202F, Class::OddSpace),
    (0x2039, 0x203A, Class::QuotationMark),
    (0x205F, 0x205F, Class::OddSpace),
    (0x2060, 0x2060, Class::ZeroWidth),
    (0x2066, 0x2069, Class::Bidi),
    (0x206A, 0x206F, Class::Bidi),
    (0x3000, 0x3000, Class::OddSpace),
    (0x301D, 0x301F, Class::QuotationMark),
    (0xFB50, 0xFDFF, Class::Presentation),
    (0xFE70, 0xFEFC, Class::Presentation),
    (0xFEFF, 0xFEFF, Class::ZeroWidth),
    (0xFF02, 0xFF02, Class::QuotationMark),
];

/// A set of classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Classes(u32);

impl Classes {
    /// Adds a class.
    pub fn insert(&mut self, class: Class) {
        self.0 |= 1 << class as u32;
    }

    /// Whether a class is in the set.
    pub fn has(self, class: Class) -> bool {
        self.0 >> class as u32 & 1 != 0
    }

    /// Whether the two sets have a class in common.
    pub fn meet(self, other: Classes) -> bool {
        self.0 & other.0 != 0
    }
}

/// The class of a code point.
pub fn class(c: char) -> Class {
    let code = c as u32;
    if code < 0x80 {
        return ascii_class(code as u8);
    }
    if let 0x600..=0x6FF = code {
        return BLOCK[(code - 0x600) as usize];
    }
    let at = TABLE.partition_point(|&(_, last, _)| last < code);
    match TABLE.get(at) {
        Some(&(first, _, class)) if first <= code => class,
        _ => Class::Other,
    }
}

/// Whether `c` is a letter of the Arabic script, shaped or not, of any language.
pub fn is_arabic_letter(c: char) -> bool {
    matches!(class(c), Class::Letter | Class::ExtendedLetter | Class::Presentation)
}

/// Whether `c` is a space of any kind, a tab included, but no line break.
pub fn is_space(c: char) -> bool {
    matches!(class(c), Class::Space | Class::OddSpace)
}

/// Whether `c` is a space or a line break.
pub fn is_blank(c: char) -> bool {
    is_space(c) || class(c) == Class::Break
}

/// Whether `c` is a vowel mark or another mark written on Arabic letters.
pub fn is_mark(c: char) -> bool {
    class(c) == Class::Mark
}

const fn ascii_class(byte: u8) -> Class {
    match byte {
        b'\n' | b'\r' | 0x0B | 0x0C => Class::Break,
        b'\t' => Class::OddSpace,
        b' ' => Class::Space,
        b'0'..=b'9' => Class::Digit,
        b'a'..=b'z' | b'A'..=b'Z' => Class::Latin,
        0x00..=0x1F | 0x7F => Class::Control,
        _ => Class::AsciiPunctuation,
    }
}

/// The classes of U+0600–U+06FF.
static BLOCK: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut row = 0;
    while row < TABLE.len() {
        let (first, last, class) = TABLE[row];
        let mut code = if first < 0x600 { 0x600 } else { first };
        while code <= last && code <= 0x6FF {
            classes[(code - 0x600) as usize] = class;
            code += 1;
        }
        row += 1;
    }
    classes
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_disjoint() {
        for pair in TABLE.windows(2) {
            assert!(pair[0].1 < pair[1].0, "{:x?} overlaps {:x?}", pair[0], pair[1]);
        }
    }

    #[test]
    fn classes_of_well_known_characters() {
        let cases = [
            ('ب', Class::Letter),
            ('گ', Class::ExtendedLetter),
            ('\u{064E}', Class::Mark),         // FATHA
            ('\u{0640}', Class::Tatweel),      // TATWEEL
            ('\u{FEDF}', Class::Presentation), // LAM INITIAL FORM
            ('\u{202B}', Class::Bidi),         // RIGHT-TO-LEFT EMBEDDING
            ('٣', Class::ArabicDigit),
            ('۳', Class::ArabicDigit),
            ('«', Class::QuotationMark),
            ('،', Class::ArabicPunctuation),
            ('é', Class::Other),
        ];
        for (c, expected) in cases {
            assert_eq!(class(c), expected, "{c:?}");
        }
    }
}
