//! Digits of the three sets that occur in Arabic news: ASCII, Arabic-Indic, Extended Arabic-Indic.

/// The value of a decimal digit: ASCII 0–9, Arabic-Indic U+0660–U+0669, Extended Arabic-Indic
/// (Persian, Urdu) U+06F0–U+06F9.
pub fn digit_value(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(c as u32 - '0' as u32),
        '\u{0660}'..='\u{0669}' => Some(c as u32 - 0x0660),
        '\u{06F0}'..='\u{06F9}' => Some(c as u32 - 0x06F0),
        _ => None,
    }
}

/// The ASCII digit of the same value, for a digit of any of the three sets.
pub fn ascii_digit(c: char) -> Option<char> {
    digit_value(c).and_then(|value| char::from_digit(value, 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digit_sets_have_the_same_values() {
        for (index, trio) in
            ["0٠۰", "1١۱", "2٢۲", "3٣۳", "4٤۴", "5٥۵", "6٦۶", "7٧۷", "8٨۸", "9٩۹"].iter().enumerate()
        {
            for c in trio.chars() {
                assert_eq!(digit_value(c), Some(index as u32), "{c}");
            }
        }
        assert_eq!(digit_value('x'), None);
        assert_eq!(ascii_digit('٧'), Some('7'));
    }
}
