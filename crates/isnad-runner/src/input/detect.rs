//! What bytes look like whose encoding nobody has named. A wrong guess would be worse than none: where two
//! readings are possible, there is no answer.

use std::str;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{ISO_8859_6, WINDOWS_1256};

use super::encoding::{Charset, HEAD};

/// UTF-16 without a mark: of an Arabic or English text nearly all characters are in the blocks 00 and 06,
/// and these bytes, controls in every other encoding, stand in every second place.
pub(super) fn utf_16_unmarked(bytes: &[u8]) -> Option<Charset> {
    let sample = bytes.get(..HEAD).unwrap_or(bytes);
    let pairs = sample.len() / 2;
    let (mut first, mut second) = (0, 0);
    for pair in sample.chunks_exact(2) {
        first += usize::from(matches!(pair, [0x00 | 0x06, _]));
        second += usize::from(matches!(pair, [_, 0x00 | 0x06]));
    }
    let (most, few) = (pairs.div_ceil(2), pairs / 10);
    match pairs {
        0 | 1 => None,
        _ if second >= most && first <= few => Some(Charset::Utf16Le),
        _ if first >= most && second <= few => Some(Charset::Utf16Be),
        _ => None,
    }
}

/// Whether bytes that are not UTF-8 were so once: then reading them as anything else would turn the whole
/// text into nonsense for the sake of a few damaged bytes.
pub(super) fn damaged_utf_8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad
}

/// Whether bytes that are said to be in an encoding of one byte a character are UTF-8: by chance a few
/// characters can be, a text cannot.
pub(super) fn utf_8_after_all(bytes: &[u8]) -> bool {
    const CHANCE: usize = 8;
    str::from_utf8(bytes).is_ok_and(|text| text.chars().filter(|c| !c.is_ascii()).nth(CHANCE).is_some())
}

/// Which of the two Arabic encodings of one byte a character a text is in, if it is in one of them.
pub(super) fn one_byte_arabic(bytes: &[u8]) -> Option<Charset> {
    let windows = WINDOWS_1256.decode_without_bom_handling_and_without_replacement(bytes)?;
    let iso = ISO_8859_6.decode_without_bom_handling_and_without_replacement(bytes);
    // A word or two can be read in many ways.
    const ENOUGH: usize = 16;
    if bytes.iter().filter(|byte| !byte.is_ascii()).count() < ENOUGH {
        return None;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    // Of two readings that are as likely, the one is preferred that pages under this domain would be in.
    let guess = detector.guess(Some(b"sa"), Utf8Detection::Deny);
    let (clashes, other) = (clashes(&windows), iso.as_deref().map(clashes));
    match other {
        _ if guess == WINDOWS_1256 => (clashes <= other.unwrap_or(clashes)).then_some(Charset::Windows1256),
        Some(other) if guess == ISO_8859_6 => (other <= clashes).then_some(Charset::Iso8859_6),
        _ => None,
    }
}

/// Characters that no writer has put there: letters of another script in the middle of Arabic words, and
/// controls. In the wrong reading there is one in every second word, since ISO 8859-6 has و and ي where
/// Windows-1256 has è and ê, and controls where it has quotation marks.
fn clashes(text: &str) -> usize {
    let is_arabic = |c: char| matches!(c, '\u{0620}'..='\u{065F}' | '\u{066E}'..='\u{06D3}');
    let mut before = ' ';
    let mut count = 0;
    for c in text.chars() {
        let is_mixed = is_arabic(c) != is_arabic(before) && c.is_alphabetic() && before.is_alphabetic();
        count += usize::from(is_mixed || matches!(c, '\u{0080}'..='\u{009F}'));
        before = c;
    }
    count
}
