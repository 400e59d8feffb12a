//! Which sign is what: the tables of this stage.

use isnad_arabic::{Class, class, digit_value, is_arabic_letter, is_blank, is_mark};

/// Double quotation marks, and whether they open by their form.
pub(super) const DOUBLE: [(char, Option<bool>); 9] = [
    ('"', None),
    ('«', Some(true)),
    ('»', Some(false)),
    ('“', Some(true)),
    ('”', Some(false)),
    ('„', Some(true)),
    ('‟', Some(true)),
    ('″', None),
    ('\u{FF02}', None), // FULLWIDTH QUOTATION MARK
];

/// Single quotation marks, and whether they open by their form.
pub(super) const SINGLE: [(char, Option<bool>); 9] = [
    ('\'', None),
    ('‘', Some(true)),
    ('’', Some(false)),
    ('‚', Some(true)),
    ('‛', Some(true)),
    ('‹', Some(true)),
    ('›', Some(false)),
    ('`', Some(true)),
    ('´', Some(false)),
];

pub(super) const BRACKETS: &[char] = &['(', ')', '[', ']', '{', '}'];

/// Hyphen, figure dash, en dash, em dash, horizontal bar, minus sign.
pub(super) const DASHES: &[char] = &['-', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2015}', '\u{2212}'];

/// The Arabic mark that a Latin one stands for; other characters as they are.
pub(super) fn arabic(c: char) -> char {
    match c {
        ',' => '،',
        ';' => '؛',
        '?' => '؟',
        other => other,
    }
}

/// What may follow a Latin mark that is to become an Arabic one.
pub(super) fn lets_convert(c: char, after: Option<char>) -> bool {
    after.is_none_or(|a| match a {
        '?' | '؟' | '!' => c == '?',
        _ => is_blank(a) || is_arabic(a) || is_quote(a) || (is_closing_bracket(a) && c != ';'),
    })
}

/// What may follow a mark that is to be moved to the word before it.
pub(super) fn lets_close(c: char, after: Option<char>) -> bool {
    match c {
        '،' | '؛' | '؟' => true,
        '.' | ':' | '!' => after.is_none_or(|a| match a {
            '?' | '؟' | '!' => c == '!',
            _ => is_blank(a) || is_arabic(a) || is_quote(a) || (is_closing_bracket(a) && c != ':'),
        }),
        _ => false,
    }
}

/// Whether `before` is the end of a word to which a mark `c` belongs.
pub(super) fn ends_word(before: char, c: char) -> bool {
    match digit_value(before) {
        Some(_) => c != ':',
        None => {
            is_in_word(before)
                || is_quote(before)
                || is_closing_bracket(before)
                || matches!(before, '%' | '٪')
        }
    }
}

/// Whether a quotation mark before `after` stands at the end of something.
pub(super) fn is_end(after: Option<char>) -> bool {
    after.is_none_or(|a| {
        is_blank(a)
            || is_closing_bracket(a)
            || matches!(a, '.' | '…' | ',' | '،' | ';' | '؛' | ':' | '!' | '?' | '؟')
    })
}

pub(super) fn is_in_word(c: char) -> bool {
    is_arabic(c) || c.is_alphanumeric()
}

pub(super) fn is_arabic(c: char) -> bool {
    is_arabic_letter(c) || is_mark(c) || class(c) == Class::Tatweel
}

/// Whether `c` is a quotation mark of any kind.
pub(super) fn is_quote(c: char) -> bool {
    is_double(c) || is_single(c)
}

pub(super) fn is_double(c: char) -> bool {
    DOUBLE.iter().any(|(quote, _)| *quote == c)
}

pub(super) fn is_single(c: char) -> bool {
    SINGLE.iter().any(|(quote, _)| *quote == c)
}

pub(super) fn is_bracket(c: char) -> bool {
    BRACKETS.contains(&c)
}

pub(super) fn is_opening_bracket(c: char) -> bool {
    matches!(c, '(' | '[' | '{')
}

pub(super) fn is_closing_bracket(c: char) -> bool {
    matches!(c, ')' | ']' | '}')
}

pub(super) fn is_dash(c: char) -> bool {
    DASHES.contains(&c)
}

pub(super) fn is_break(c: char) -> bool {
    class(c) == Class::Break
}
