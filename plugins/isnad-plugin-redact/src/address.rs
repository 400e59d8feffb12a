//! E-mail addresses.

use std::ops::Range;

use isnad_arabic::{ascii_digit, is_arabic_letter};

use crate::figure::is_invisible;

/// The longest local part there may be, and the longest domain (RFC 5321, 4.5.3.1), in characters.
pub(crate) const LOCAL: usize = 64;
const DOMAIN: usize = 255;

/// The range of the address around the `@` at byte `at`; it begins not before `floor`.
pub(crate) fn find(text: &str, at: usize, floor: usize) -> Option<Range<usize>> {
    let local = local(text.get(floor..at)?)?;
    let domain = domain(text.get(at + 1..)?)?;
    let range = floor + local.start..at + 1 + domain;
    let names = [text.get(floor + local.start..at)?, text.get(at + 1..range.end)?];
    // «كتب@name.com» is a word and a handle: an address is in one script on both sides.
    let arabic = names.map(|name| name.chars().any(is_arabic_letter));
    (arabic[0] <= arabic[1]).then_some(range)
}

/// The place of the local part at the end of `head`: letters, digits and some signs, which do not begin it.
fn local(head: &str) -> Option<Range<usize>> {
    let mut begin = head.len();
    let mut arabic = None;
    for (count, (at, c)) in head.char_indices().rev().enumerate() {
        // A Latin address is not taken for a part of the Arabic word that it is glued to.
        let is_sign = matches!(c, '.' | '_' | '-' | '+' | '%') || is_invisible(c) || ascii_digit(c).is_some();
        if c.is_alphabetic() {
            if arabic.is_some_and(|arabic| arabic != is_arabic_letter(c)) {
                break;
            }
            arabic = Some(is_arabic_letter(c));
        } else if !is_sign {
            break;
        }
        if count == LOCAL {
            return None;
        }
        begin = at;
    }
    let local = head.get(begin..)?;
    let trimmed = local.trim_start_matches(|c: char| matches!(c, '.' | '-' | '+' | '%') || is_invisible(c));
    let begin = head.len() - trimmed.len();
    let has_name = trimmed.chars().any(|c| c.is_alphabetic() || ascii_digit(c).is_some());
    (has_name && !trimmed.trim_end_matches(is_invisible).ends_with('.')).then_some(begin..head.len())
}

/// The length of the domain at the beginning of `rest`: labels with dots between, letters in the last one.
fn domain(rest: &str) -> Option<usize> {
    let is_part =
        |c: char| c.is_alphabetic() || ascii_digit(c).is_some() || matches!(c, '.' | '-') || is_invisible(c);
    let end = rest.char_indices().take(DOMAIN).find(|(_, c)| !is_part(*c)).map_or(rest.len(), |(at, _)| at);
    let whole = rest.get(..end)?.trim_end_matches(|c: char| matches!(c, '.' | '-') || is_invisible(c));
    let (front, last) = whole.rsplit_once('.')?;
    let letters = last.trim_matches(is_invisible);
    // «x@example.com-2» and «x@example.comوقال» end with the last label that is one.
    let arabic = letters.chars().next().is_some_and(is_arabic_letter);
    let is_letter = |c: char| c.is_alphabetic() && is_arabic_letter(c) == arabic;
    let len = letters.find(|c: char| !is_letter(c)).unwrap_or(letters.len());
    let begins = front.chars().find(|c| !is_invisible(*c)).is_some_and(|c| c.is_alphanumeric());
    let last_at = front.len() + 1 + (last.len() - last.trim_start_matches(is_invisible).len());
    let enough = letters.get(..len)?.chars().nth(1).is_some();
    (begins && enough && !front.contains("..")).then_some(last_at + len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let at = text.find('@').expect("there is one");
        assert_eq!(find(text, at, 0).map(|range| &text[range]), expected, "{text}");
    }

    #[test]
    fn addresses_end_where_they_should() {
        check("press@example.com", Some("press@example.com"));
        check("إلى: ahmad.ali+20@mail.example.co.uk.", Some("ahmad.ali+20@mail.example.co.uk"));
        check("عبرpress@example.comأو", Some("press@example.com"));
        check("(a٢٠@example.org)", Some("a٢٠@example.org"));
        check("خالد@مثال.السعودية", Some("خالد@مثال.السعودية"));
        check("press\u{200F}@example.com", Some("press\u{200F}@example.com")); // RIGHT-TO-LEFT MARK
    }

    #[test]
    fn what_is_no_address() {
        check("@wam_news", None);
        check("كتب @bbc.arabic", None);
        check("كتب@name.com", None);
        check("5 @ 3.5", None);
        check("x@localhost", None);
        check("a@b.c", None);
    }
}
