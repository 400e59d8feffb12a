//! International bank account numbers.

use std::ops::Range;

use isnad_arabic::ascii_digit;

use crate::figure::is_invisible;
use crate::table::rows;

/// The range of an IBAN whose check digits begin at `digits`: two Latin letters stand before them. Spaces and
/// dashes may stand between groups; the remainder modulo 97 must be right (ISO 13616).
pub(crate) fn find(text: &str, digits: usize) -> Option<Range<usize>> {
    let head = text.get(..digits)?;
    let mut before = head.char_indices().rev();
    let ((_, second), (begin, first)) = (before.next()?, before.next()?);
    let is_part = |c: char| c.is_ascii_alphabetic() || ascii_digit(c).is_some();
    if !first.is_ascii_alphabetic()
        || !second.is_ascii_alphabetic()
        || before.next().is_some_and(|(_, c)| is_part(c))
    {
        return None;
    }
    let country = [first.to_ascii_uppercase(), second.to_ascii_uppercase()];
    let length = length(country)?;
    let mut signs: Vec<char> = country.to_vec();
    let mut gap = 0;
    for (at, c) in text.get(digits..)?.char_indices() {
        match ascii_digit(c).or_else(|| c.is_ascii_alphabetic().then(|| c.to_ascii_uppercase())) {
            Some(sign) => {
                signs.push(sign);
                gap = 0;
            }
            None if is_invisible(c) => continue,
            None if gap == 0 && matches!(c, ' ' | '\u{00A0}' | '-') => gap = 1, // NO-BREAK SPACE
            None => return None,
        }
        if signs.len() == length {
            let end = digits + at + c.len_utf8();
            let after = text.get(end..).and_then(|rest| rest.chars().next());
            let ends = !after.is_some_and(is_part);
            return (ends && remainder(&signs) == 1).then_some(begin..end);
        }
    }
    None
}

/// Letters and digits in all, for a country that has IBANs.
fn length(country: [char; 2]) -> Option<usize> {
    let [first, second] = country;
    rows::<2>(include_str!("../data/ibans.tsv"))
        .find(|[code, _]| code.chars().eq([first, second]))
        .and_then(|[_, length]| length.parse().ok())
}

/// The number modulo 97, the first four signs put behind the others and letters read as 10 to 35.
fn remainder(signs: &[char]) -> u32 {
    let (head, account) = signs.split_at(signs.len().min(4));
    let values = account.iter().chain(head).map(|sign| sign.to_digit(36).unwrap_or(0));
    values.fold(0, |rest, value| (rest * if value > 9 { 100 } else { 10 } + value) % 97)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let digits = text.find(|c: char| ascii_digit(c).is_some()).unwrap_or(text.len());
        assert_eq!(find(text, digits).map(|range| &text[range]), expected, "{text}");
    }

    #[test]
    fn the_examples_of_the_registry() {
        check("SA03 8000 0000 6080 1016 7519", Some("SA03 8000 0000 6080 1016 7519"));
        check("ae070331234567890123456.", Some("ae070331234567890123456"));
        check("JO94CBJO0010000000000131000302 ثم", Some("JO94CBJO0010000000000131000302"));
        check("SA٠٣ ٨٠٠٠ ٠٠٠٠ ٦٠٨٠ ١٠١٦ ٧٥١٩", Some("SA٠٣ ٨٠٠٠ ٠٠٠٠ ٦٠٨٠ ١٠١٦ ٧٥١٩"));
    }

    #[test]
    fn what_only_looks_like_one() {
        check("SA04 8000 0000 6080 1016 7519", None);
        check("SA03 8000 0000 6080 1016 75191", None);
        check("USA03 8000 0000 6080 1016 7519", None);
        check("SA03 8000", None);
        check("XX03 8000 0000 6080 1016 7519", None);
    }
}
