//! Did-you-mean.

/// The name that was probably meant: a slip or two away, in another case, or the last part of a
/// dotted name.
pub(crate) fn nearest<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let word = plain(word);
    let length = word.chars().count();
    if length > LONGEST {
        return None;
    }
    let allowed = if length < 2 { 0 } else { (length / 3).clamp(1, 3) };
    let rate = |name: &str| {
        let name = plain(name);
        let noun = name.rsplit('_').next().filter(|_| name.contains('_'));
        let whole = strsim::damerau_levenshtein(&word, &name);
        let part = noun.map_or(usize::MAX, |noun| if noun == word { 0 } else { usize::MAX });
        whole.min(part)
    };
    let rated = names.into_iter().map(|name| (rate(name), name)).filter(|(slips, _)| *slips <= allowed);
    rated.min_by_key(|(slips, _)| *slips).map(|(_, name)| name)
}

/// A text from a file as an error shows it: what cannot be seen is escaped, and a long text cut short.
pub(crate) fn shown(text: &str) -> String {
    let mut out = String::new();
    for (index, c) in text.chars().enumerate() {
        if index == MOST_SHOWN {
            out.push('…');
            break;
        }
        if is_invisible(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// Whether a reader would not see a character.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control() || INVISIBLE.iter().any(|range| range.contains(&c))
}

/// The names, each in back-quotes, in a sentence.
pub(crate) fn list<'n>(names: impl IntoIterator<Item = &'n str>, last: &str) -> String {
    let mut names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.pop() {
        Some(end) if !names.is_empty() => format!("{} {last} {end}", names.join(", ")),
        end => end.unwrap_or_default(),
    }
}

/// More of a name or a value says no more.
const MOST_SHOWN: usize = 200;

/// Nobody's slip of the pen.
const LONGEST: usize = 64;

const INVISIBLE: [std::ops::RangeInclusive<char>; 5] = [
    '\u{061C}'..='\u{061C}', // ARABIC LETTER MARK
    '\u{200B}'..='\u{200F}', // ZERO WIDTH SPACE to RIGHT-TO-LEFT MARK
    '\u{2028}'..='\u{202E}', // LINE SEPARATOR to RIGHT-TO-LEFT OVERRIDE
    '\u{2060}'..='\u{2069}', // WORD JOINER to POP DIRECTIONAL ISOLATE
    '\u{FEFF}'..='\u{FEFF}', // ZERO WIDTH NO-BREAK SPACE
];

fn plain(word: &str) -> String {
    word.chars()
        .map(|c| if matches!(c, '-' | '.' | ' ') { '_' } else { c })
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 6] = ["use", "on_error", "max_length", "normalize.space", "extract.quotes", "id"];

    fn check(word: &str, expected: Option<&str>) {
        assert_eq!(nearest(word, NAMES), expected, "{word}");
    }

    #[test]
    fn slips_case_and_dashes_are_seen_through() {
        check("uze", Some("use"));
        check("esu", None);
        check("on-error", Some("on_error"));
        check("MaxLength", Some("max_length"));
        check("normalise.spaces", Some("normalize.space"));
        check("quotes", Some("extract.quotes"));
        check("timeout", None);
        check("", None);
        check("ق", None);
    }

    #[test]
    fn invisible_characters_are_seen() {
        assert_eq!(shown("use\u{200F}"), "use\\u{200f}"); // RIGHT-TO-LEFT MARK
        assert_eq!(shown("قالَ\n"), "قالَ\\u{a}");
    }

    #[test]
    fn a_word_of_one_letter_is_near_nothing() {
        check("d", None);
        check("ib", Some("id"));
    }
}
