//! HTML character references that were left in the text.

use std::ops::Range;

use encoding_rs::WINDOWS_1252;
use htmlize::{ENTITIES, ENTITY_MAX_LENGTH};
use isnad_core::{EditError, Edits};
use memchr::{memchr, memchr_iter};

/// Replaces each reference by what it stands for.
pub(super) fn plan(text: &str, edits: &mut Edits<'_>) -> Result<(), EditError> {
    let mut end = 0;
    let mut decoded = String::new();
    for at in memchr_iter(b'&', text.as_bytes()) {
        if at < end {
            continue;
        }
        decoded.clear();
        if let Some(range) = reference(text, at, &mut decoded) {
            end = range.end;
            edits.replace(range, &decoded)?;
        }
    }
    Ok(())
}

/// The reference that begins with the ampersand at byte `at`, and what it comes to in the end: where it
/// stands for an ampersand, that one may begin the next reference.
fn reference(text: &str, at: usize, decoded: &mut String) -> Option<Range<usize>> {
    let mut end = at + 1;
    let mut found = None;
    while let Some(len) = body(text, end, decoded) {
        end += len;
        found = Some(at..end);
        if decoded != "&" {
            break;
        }
    }
    found
}

/// Reads name or number and semicolon behind an ampersand: their length in bytes. What they stand for is
/// put in place of `decoded`.
fn body(text: &str, at: usize, decoded: &mut String) -> Option<usize> {
    let rest = text.as_bytes().get(at..)?;
    let semicolon = memchr(b';', rest.get(..ENTITY_MAX_LENGTH).unwrap_or(rest))?;
    let name = text.get(at..at + semicolon)?;
    if let Some(digits) = name.strip_prefix('#') {
        let c = numbered(digits)?;
        decoded.clear();
        decoded.push(c);
    } else {
        let characters = ENTITIES.get(format!("&{name};").as_bytes())?;
        decoded.clear();
        decoded.push_str(std::str::from_utf8(characters).ok()?);
    }
    Some(semicolon + 1)
}

/// The character of a number, decimal or with `x` hexadecimal, unless there is no such character.
fn numbered(digits: &str) -> Option<char> {
    let (digits, radix) = match digits.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (digits, 10),
    };
    if !digits.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    match u32::from_str_radix(digits, radix).ok()? {
        0 => None,
        // As browsers do: pages that say &#150; mean the dash of Windows-1252.
        code @ 0x80..=0x9F => WINDOWS_1252.decode_without_bom_handling(&[code as u8]).0.chars().next(),
        code => char::from_u32(code),
    }
}
