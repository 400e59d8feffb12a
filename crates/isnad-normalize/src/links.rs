//! What no stage changes, since a machine reads it: URLs and e-mail addresses.

use isnad_arabic::{Class, class, is_blank};

use crate::rewriter::{char_at, char_before};

/// The end of the URL or e-mail address of which the byte `at` is a part, if the sign there (`:`, `.`
/// or `@`) says that it is one: `://`, `www.`, or `@` between the characters of an address.
pub(crate) fn link_end(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let is_link = match rest.as_bytes().first()? {
        b':' => rest.starts_with("://"),
        b'.' => text.get(..at).is_some_and(|head| head.ends_with("www") || head.ends_with("WWW")),
        b'@' => {
            let in_address = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
            char_before(text, at).is_some_and(in_address)
                && char_at(text, at + 1).is_some_and(|c| c.is_ascii_alphanumeric())
        }
        _ => false,
    };
    if !is_link {
        return None;
    }
    let end = at + rest.find(ends_link).unwrap_or(rest.len());
    // A quotation mark that the link is in is not a part of it.
    let trimmed = text.get(..end)?.trim_end_matches('\'').len();
    Some(trimmed.max(at + 1))
}

fn ends_link(c: char) -> bool {
    matches!(class(c), Class::Space | Class::OddSpace | Class::Break | Class::QuotationMark)
        || matches!(c, '"' | '`' | '´' | '″' | '،' | '؛' | '<' | '>')
}

/// Which words of a text, between blanks, are or hold a URL, an address, a handle or a hashtag; asked for
/// from the beginning to the end.
pub(crate) struct Tags<'t> {
    text: &'t str,
    end: usize,
    is_tag: bool,
}

impl<'t> Tags<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Tags { text, end: 0, is_tag: false }
    }

    /// Whether the byte `at`, which is no blank, lies in such a word. `at` is never smaller than it was before.
    pub(crate) fn hold(&mut self, at: usize) -> bool {
        if at >= self.end {
            let passed = self.text.get(self.end..at).unwrap_or_default();
            let begin =
                at - passed.chars().rev().take_while(|c| !is_blank(*c)).map(char::len_utf8).sum::<usize>();
            let rest = self.text.get(at..).unwrap_or_default();
            self.end = at + rest.find(is_blank).unwrap_or(rest.len());
            self.is_tag = self.text.get(begin..self.end).is_some_and(is_tag);
        }
        self.is_tag
    }
}

fn is_tag(word: &str) -> bool {
    let begins_tag = |(at, _): (usize, &str)| {
        let before = char_before(word, at);
        !before.is_some_and(|b| b == '&' || b.is_ascii_alphanumeric())
    };
    word.match_indices(['@', '#', '＠', '＃']).any(begins_tag)
        || word.match_indices([':', '.', '@']).any(|(at, _)| link_end(word, at).is_some())
}
