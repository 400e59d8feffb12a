//! From the bytes of a record to its text. What cannot be read is never replaced: it fails, and says where.

use std::borrow::Cow;
use std::str;

use encoding_rs::{Encoding as Codec, ISO_8859_6, UTF_16BE, UTF_16LE, WINDOWS_1256};
use isnad_core::DocError;
use memchr::memchr2;

use super::detect::{damaged_utf_8, one_byte_arabic, utf_16_unmarked};
use super::encoding::Charset;

/// What bytes are that are not UTF-8.
enum Looks {
    /// UTF-8 with a few bytes that are not.
    Damaged,
    /// Text in this encoding.
    Like(&'static Codec),
    Unknown,
}

/// Where bytes lie in an input.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start {
    /// The line of the first of them, from 1.
    pub(super) line: u64,
    /// The number of the first of them, from 0.
    pub(super) offset: u64,
}

/// The text of a record.
pub(super) fn decode(bytes: &[u8], charset: Charset, start: Start) -> Result<Cow<'_, str>, DocError> {
    let codec = match charset {
        Charset::Utf8 | Charset::Auto => return decode_utf_8(bytes, charset, start),
        Charset::Utf32 => {
            let message = "the text is UTF-32; convert it, for example with `iconv -f UTF-32 -t UTF-8`";
            return Err(wrong("", start, message));
        }
        Charset::Windows1256 => WINDOWS_1256,
        Charset::Iso8859_6 => ISO_8859_6,
        Charset::Utf16Le => UTF_16LE,
        Charset::Utf16Be => UTF_16BE,
    };
    if !charset.is_wide() {
        refuse_utf_16(bytes, start)?;
    }
    read_with(codec, bytes).ok_or_else(|| match charset.is_wide() {
        true => not_utf_16(bytes, charset, start),
        false => not_of(codec, bytes, start),
    })
}

/// Line and column behind `before`, which begins on `line`; a column is a code point.
pub(super) fn place(before: &str, line: u64) -> String {
    let line = line + before.matches('\n').count() as u64;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!("line {line}, column {column}")
}

fn decode_utf_8(bytes: &[u8], charset: Charset, start: Start) -> Result<Cow<'_, str>, DocError> {
    let text = str::from_utf8(bytes);
    refuse_utf_16(bytes, start)?;
    let error = match text {
        Ok(text) => return Ok(Cow::Borrowed(text)),
        Err(error) => error,
    };
    let advice = match looks_like(bytes) {
        Looks::Like(legacy) if charset == Charset::Auto => {
            return read_with(legacy, bytes).ok_or_else(|| not_of(legacy, bytes, start));
        }
        Looks::Like(legacy) if legacy == ISO_8859_6 => {
            ", and the text looks like iso-8859-6: try `--encoding iso-8859-6`"
        }
        Looks::Like(_) => ", and the text looks like windows-1256: try `--encoding windows-1256`",
        Looks::Damaged => ", but most of the text is: it was damaged on its way; get it anew",
        Looks::Unknown if charset == Charset::Auto => {
            ", and the text does not tell its encoding; name it, as in `--encoding windows-1256`"
        }
        Looks::Unknown => "; save the text as UTF-8, or name its encoding, as in `--encoding windows-1256`",
    };
    let (good, bad) = bytes.split_at_checked(error.valid_up_to()).unwrap_or((bytes, &[]));
    let byte = bad.first().copied().unwrap_or_default();
    let offset = start.offset + good.len() as u64;
    let before = str::from_utf8(good).unwrap_or_default();
    Err(wrong(before, start, &format!("byte 0x{byte:02X} at offset {offset} is not UTF-8{advice}")))
}

fn looks_like(bytes: &[u8]) -> Looks {
    if damaged_utf_8(bytes) {
        return Looks::Damaged;
    }
    match one_byte_arabic(bytes) {
        Some(Charset::Iso8859_6) => Looks::Like(ISO_8859_6),
        Some(_) => Looks::Like(WINDOWS_1256),
        None => Looks::Unknown,
    }
}

fn read_with<'b>(codec: &'static Codec, bytes: &'b [u8]) -> Option<Cow<'b, str>> {
    codec.decode_without_bom_handling_and_without_replacement(bytes)
}

/// Arabic letters in UTF-16 are ASCII letters and U+0006, so that nothing else would complain.
fn refuse_utf_16(bytes: &[u8], start: Start) -> Result<(), DocError> {
    if memchr2(0x00, 0x06, bytes).is_none() || utf_16_unmarked(bytes).is_none() {
        return Ok(());
    }
    let message = "the text looks like UTF-16 without a byte order mark: try `--encoding utf-16`";
    Err(wrong("", start, message))
}

/// The first byte that an encoding of one byte a character has no character for.
fn not_of(codec: &'static Codec, bytes: &[u8], start: Start) -> DocError {
    let is_bad = |byte: &u8| read_with(codec, std::slice::from_ref(byte)).is_none();
    let at = bytes.iter().position(is_bad).unwrap_or_default();
    let before = bytes.get(..at).and_then(|good| read_with(codec, good)).unwrap_or_default();
    let byte = bytes.get(at).copied().unwrap_or_default();
    let offset = start.offset + at as u64;
    let name = codec.name().to_lowercase();
    let message =
        format!("byte 0x{byte:02X} at offset {offset} is not {name}; try `--encoding windows-1256`");
    wrong(&before, start, &message)
}

/// The first half of a pair that stands alone, or a last byte that does.
fn not_utf_16(bytes: &[u8], charset: Charset, start: Start) -> DocError {
    let (pairs, rest) = bytes.as_chunks();
    let mut before = String::new();
    let mut offset = start.offset;
    for character in char::decode_utf16(pairs.iter().map(|pair| charset.unit(*pair))) {
        match character {
            Ok(character) => {
                before.push(character);
                offset += 2 * character.len_utf16() as u64;
            }
            Err(half) => {
                let half = half.unpaired_surrogate();
                let message = format!(
                    "0x{half:04X} at offset {offset} is half a character: the text is damaged, or not UTF-16"
                );
                return wrong(&before, start, &message);
            }
        }
    }
    let byte = rest.first().copied().unwrap_or_default();
    let message = format!(
        "byte 0x{byte:02X} at offset {offset} is half a character: the text is cut off, or not UTF-16"
    );
    wrong(&before, start, &message)
}

fn wrong(before: &str, start: Start, message: &str) -> DocError {
    DocError::new("encoding", format!("{}: {message}", place(before, start.line)))
}
