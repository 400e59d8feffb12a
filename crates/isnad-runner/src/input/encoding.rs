//! The encodings of inputs: those a user can name, and the one that an input turns out to be in.

use super::detect::utf_16_unmarked;

/// How the characters of inputs stand in bytes. A byte order mark always says more than this, and is no
/// part of the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8. What is not UTF-8 goes into quarantine.
    #[default]
    Utf8,
    /// Windows-1256, the Arabic code page of Windows.
    Windows1256,
    /// ISO 8859-6.
    Iso8859_6,
    /// UTF-16. Without a byte order mark its first bytes tell which byte of a pair comes first.
    Utf16,
    /// UTF-8 or UTF-16 where it is that, else Windows-1256 or ISO 8859-6: for text files each as a whole,
    /// for JSON lines each record. What cannot be told goes into quarantine.
    Auto,
}

impl Encoding {
    /// All there are.
    pub const ALL: [Encoding; 5] =
        [Encoding::Utf8, Encoding::Windows1256, Encoding::Iso8859_6, Encoding::Utf16, Encoding::Auto];

    /// The name of the encoding in pipeline files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Windows1256 => "windows-1256",
            Encoding::Iso8859_6 => "iso-8859-6",
            Encoding::Utf16 => "utf-16",
            Encoding::Auto => "auto",
        }
    }

    /// The encoding of a name.
    pub fn from_name(name: &str) -> Option<Encoding> {
        Encoding::ALL.into_iter().find(|encoding| encoding.name() == name)
    }
}

/// What an input is in, as far as it has to be known for cutting it into records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Charset {
    Utf8,
    Windows1256,
    Iso8859_6,
    Utf16Le,
    Utf16Be,
    /// Known by its mark, and read by nobody.
    Utf32,
    /// A superset of ASCII: UTF-8, or what each record looks like.
    Auto,
}

/// The bytes at the beginning of an input that this has to see.
pub(super) const HEAD: usize = 4096;

const UTF_8_BOM: &[u8] = b"\xEF\xBB\xBF"; // BYTE ORDER MARK in UTF-8
const UTF_16_LE_BOM: &[u8] = b"\xFF\xFE";
const UTF_16_BE_BOM: &[u8] = b"\xFE\xFF";

/// The encodings that have a mark; that of UTF-32 begins as one of UTF-16 does.
const MARKED: [(&[u8], Charset); 5] = [
    (b"\xFF\xFE\0\0", Charset::Utf32),
    (b"\0\0\xFE\xFF", Charset::Utf32),
    (UTF_8_BOM, Charset::Utf8),
    (UTF_16_LE_BOM, Charset::Utf16Le),
    (UTF_16_BE_BOM, Charset::Utf16Be),
];

impl Charset {
    /// What an input is in that begins with these bytes and is said to be in `encoding`.
    pub(super) fn of(encoding: Encoding, head: &[u8]) -> Charset {
        if let Some((_, charset)) = MARKED.iter().find(|(mark, _)| head.starts_with(mark)) {
            return *charset;
        }
        match encoding {
            Encoding::Utf8 => Charset::Utf8,
            Encoding::Windows1256 => Charset::Windows1256,
            Encoding::Iso8859_6 => Charset::Iso8859_6,
            Encoding::Utf16 => utf_16_unmarked(head).unwrap_or(Charset::Utf16Le),
            Encoding::Auto => utf_16_unmarked(head).unwrap_or(Charset::Auto),
        }
    }

    /// The byte order mark.
    pub(super) fn mark(self) -> &'static [u8] {
        match self {
            Charset::Utf8 | Charset::Auto => UTF_8_BOM,
            Charset::Utf16Le => UTF_16_LE_BOM,
            Charset::Utf16Be => UTF_16_BE_BOM,
            Charset::Windows1256 | Charset::Iso8859_6 | Charset::Utf32 => b"",
        }
    }

    /// Whether every character takes two bytes or four.
    pub(super) fn is_wide(self) -> bool {
        matches!(self, Charset::Utf16Le | Charset::Utf16Be)
    }

    /// The number that a pair of bytes stands for.
    pub(super) fn unit(self, pair: [u8; 2]) -> u16 {
        match self {
            Charset::Utf16Be => u16::from_be_bytes(pair),
            _ => u16::from_le_bytes(pair),
        }
    }
}
