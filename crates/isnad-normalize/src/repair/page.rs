//! Code pages: which byte a wrongly read character was, and what it is in the right one.

use encoding_rs::{Encoding, WINDOWS_1252, WINDOWS_1256};
use isnad_arabic::{Class, class, is_arabic_letter};

/// The upper half of a code page, both ways.
pub(super) struct Page {
    /// The characters of bytes 80–FF.
    chars: Vec<char>,
    /// The same by character; 0 where it has none.
    bytes: Vec<u8>,
}

/// A stretch of text and the character it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) begin: usize,
    pub(super) end: usize,
    pub(super) c: char,
    /// How it came about.
    pub(super) is: Kind,
}

/// What is behind a [`Piece`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The character itself.
    Itself,
    /// A whole sequence of UTF-8, or one byte of a code page.
    Read,
    /// The first half of a sequence whose second half a program dropped.
    Completed,
}

/// What stands for a lead byte whose second byte was dropped because it shows nothing: U+0081 is no
/// character of Windows-1252, U+00AD is the soft hyphen. Other letters do not have such a half.
const HALVES: [(u8, char); 2] = [(0xD9, 'ف'), (0xD8, 'ح')];

impl Page {
    /// Windows-1252 with the controls of Latin-1 beside its signs: text that was read by either.
    pub(super) fn latin() -> Self {
        let mut page = Page::of(WINDOWS_1252);
        (0x80..=0xFF).for_each(|byte| page.put(char::from(byte), byte));
        page
    }

    /// Windows-1256.
    pub(super) fn arabic() -> Self {
        Page::of(WINDOWS_1256)
    }

    fn of(encoding: &'static Encoding) -> Self {
        let bytes: Vec<u8> = (0x80..=0xFF).collect();
        let chars: Vec<char> = encoding.decode_without_bom_handling(&bytes).0.chars().collect();
        let mut page = Page { chars: Vec::new(), bytes: Vec::new() };
        chars.iter().zip(0x80..=0xFF).for_each(|(c, byte)| page.put(*c, byte));
        Page { chars, ..page }
    }

    fn put(&mut self, c: char, byte: u8) {
        let at = c as usize;
        self.bytes.resize(self.bytes.len().max(at + 1), 0);
        self.bytes.iter_mut().skip(at).take(1).for_each(|slot| *slot = byte);
    }

    /// The character of a byte of the upper half.
    pub(super) fn char(&self, byte: u8) -> Option<char> {
        self.chars.get(usize::from(byte.checked_sub(0x80)?)).copied()
    }

    /// The byte of a character outside ASCII.
    pub(super) fn byte(&self, c: char) -> Option<u8> {
        self.bytes.get(c as usize).copied().filter(|byte| *byte > 0)
    }

    /// Reads the characters of one stretch as bytes of this page, and these as UTF-8. Punctuation of the page
    /// between the sequences stays; anything else that is no sequence ends the attempt.
    pub(super) fn utf8(&self, from: &[Piece]) -> Option<Vec<Piece>> {
        let mut pieces: Vec<Piece> = Vec::with_capacity(from.len() / 2 + 1);
        let mut rest = from;
        let mut is_read = false;
        while let [first, ..] = rest {
            let byte = self.byte(first.c)?;
            let len = match byte {
                0xC2..=0xDF => 2,
                0xE0..=0xEF => 3,
                0xF0..=0xF4 => 4,
                _ => 1,
            };
            let sequence = self.sequence(rest.get(..len).unwrap_or_default());
            is_read |= sequence.is_some();
            let used = if sequence.is_some() { len } else { 1 };
            let piece = match sequence {
                Some(piece) => piece,
                None => match HALVES.iter().find(|(half, _)| *half == byte) {
                    Some(&(_, c)) => Piece { c, is: Kind::Completed, ..*first },
                    None if is_punctuation(first.c) => *first,
                    None => return None,
                },
            };
            rest = rest.get(used..).unwrap_or_default();
            pieces.push(piece);
        }
        let is_letter = |at: usize| {
            pieces.get(at).is_some_and(|piece| piece.is == Kind::Read && is_arabic_letter(piece.c))
        };
        let sound = pieces.iter().enumerate().all(|(at, piece)| {
            piece.is != Kind::Completed || is_letter(at + 1) || (at > 0 && is_letter(at - 1))
        });
        (sound && is_read).then_some(pieces)
    }

    /// The one character that a whole sequence of UTF-8 stands for, if Arabic news may hold it.
    fn sequence(&self, pieces: &[Piece]) -> Option<Piece> {
        let (first, last) = (pieces.first()?, pieces.last()?);
        let mut bytes = [0; 4];
        for (byte, piece) in bytes.iter_mut().zip(pieces) {
            *byte = self.byte(piece.c)?;
        }
        let c = std::str::from_utf8(bytes.get(..pieces.len())?).ok()?.chars().next()?;
        let wanted = pieces.len() > 1 && is_wanted(c);
        wanted.then_some(Piece { begin: first.begin, end: last.end, c, is: Kind::Read })
    }
}

/// What may come out of a sequence: Latin, Arabic, punctuation, signs, pictures. An accented capital before a
/// guillemet is a sequence, too, but of a phonetic sign.
fn is_wanted(c: char) -> bool {
    matches!(c,
        '\u{0080}'..='\u{017F}' | 'ƒ' | 'ˆ' | '˜' // Latin-1, Latin Extended-A, more of Windows-1252
        | '\u{0600}'..='\u{06FF}' | '\u{0750}'..='\u{077F}' | '\u{08A0}'..='\u{08FF}' // Arabic
        | '\u{2000}'..='\u{2BFF}' // punctuation, currency, signs, arrows
        | '\u{FB50}'..='\u{FDFF}' | '\u{FE00}'..='\u{FE0F}' | '\u{FE70}'..='\u{FEFF}' // shaped Arabic, variation selectors
        | '\u{1F000}'..='\u{1FAFF}') // pictures
}

/// What may stand beside a misread word without having been misread with it.
fn is_punctuation(c: char) -> bool {
    matches!(class(c), Class::QuotationMark | Class::ArabicPunctuation | Class::OddSpace | Class::Bidi)
        || matches!(c, '–' | '—' | '…')
}
