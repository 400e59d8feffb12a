//! `extract.tokens`: words, numbers, punctuation, and the things of the web, with their places.

use std::sync::Arc;

use isnad_arabic::{Class, class};
use isnad_core::{
    Annotator, Content, Contract, DocError, LayerId, Names, Reads, RowRef, Span, StageError, StageKind, Sym,
    Writes, per_doc,
};
use isnad_lexicon::Lexicon;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::plan::{layer, sym};
use crate::words::{Reading, WordNames};

const ABOUT: &str = "divides text into words, numbers, punctuation, addresses, handles and hashtags";

const DOCS: &str = "\
Writes `token` rows. Marks, tatweel and zero-width characters belong to the word around them.
Punctuation is a token of its own, the same sign repeated is one. Attrs: `norm`, the folded form, where it differs
from the text; `clitics`, the proclitics of a word, where the lexicon knows the rest and not the whole.

| text | tokens |
|---|---|
| وبلينكين،أكد | وبلينكين · ، · أكد |
| 1,356.20 | one `number` |
| https://example.org/a?b=1. | `url` without the full stop |
| @MFA_Morocco | `handle` |
| #رجب_طيب_أردوغان | `hashtag` |
| CNN الأمريكية | `latin` · `word` |
";

/// Options of `extract.tokens`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// Whether tokens bear the attrs `norm` and `clitics`.
    attrs: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { attrs: true }
    }
}

/// The labels, in the order of [`Label`].
const LABELS: [&str; 8] = ["word", "number", "punct", "url", "handle", "hashtag", "emoji", "latin"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Label {
    Word,
    Number,
    Punct,
    Url,
    Handle,
    Hashtag,
    Emoji,
    Latin,
}

pub(crate) fn kind(lexicon: &crate::SharedLexicon) -> StageKind {
    let lexicon = lexicon.clone();
    StageKind::new("extract.tokens", ABOUT, DOCS, move |options: Options, _| {
        let contract = Contract::new()
            .reads(Reads::layer("sentence", 1).optional())
            .reads(Reads::layer("language", 1).optional())
            .writes(
                Writes::rows("token", 1)
                    .exclusive()
                    .labels(LABELS)
                    .attrs(["norm", "clitics"])
                    .rules(["script"]),
            );
        let lexicon = lexicon.get();
        let open = move |names: &Arc<Names>| Open::new(names, &lexicon);
        Ok(per_doc(contract, open, move |open, document, cx| {
            let (content, mut rows) = document.annotate(cx);
            let text = content.text();
            let mut at = 0;
            while let Some((span, label)) = next_token(text, at) {
                at = span.end as usize;
                let label = open.labels.get(label as usize).copied().unwrap_or(Sym::NONE);
                rows.add(open.layer, span, label, open.rule, 1.0)?;
            }
            if options.attrs { open.write_attrs(content, &mut rows) } else { Ok(()) }
        }))
    })
}

struct Open {
    words: WordNames,
    layer: LayerId,
    labels: Vec<Sym>,
    norm: Sym,
    clitics: Sym,
    rule: Sym,
    path: String,
}

impl Open {
    fn new(names: &Arc<Names>, lexicon: &Arc<Lexicon>) -> Result<Self, StageError> {
        Ok(Open {
            words: WordNames::open(names, lexicon)?,
            layer: layer(names, "token")?,
            labels: LABELS.iter().map(|label| sym(names, label)).collect::<Result<_, _>>()?,
            norm: sym(names, "norm")?,
            clitics: sym(names, "clitics")?,
            rule: sym(names, "script")?,
            path: String::new(),
        })
    }

    /// Writes `norm` and `clitics` on the tokens that are words; the parts of a hashtag are none of them.
    fn write_attrs(&mut self, content: &Content, rows: &mut Annotator<'_>) -> Result<(), DocError> {
        let scan = self.words.scan(content, rows.tables());
        let mut index = 0;
        for word in 0..scan.len() {
            let span = scan.span(word);
            while rows.tables().rows(self.layer).get(index).is_some_and(|row| row.span.end < span.end) {
                index += 1;
            }
            if rows.tables().rows(self.layer).get(index).is_none_or(|row| row.span != span)
                || !scan.is_word(word)
            {
                continue;
            }
            let row = RowRef { layer: self.layer, index: index as u32 };
            if scan.folded(word) != scan.text(word) {
                rows.attr(row, self.norm, scan.folded(word))?;
            }
            let known = |reading: &&Reading| !reading.facts.is_empty();
            let Some(reading) = scan.readings(word).iter().find(known).filter(|r| !r.path.is_none()) else {
                continue;
            };
            self.path.clear();
            for clitic in [reading.path.conjunction, reading.path.particle].into_iter().flatten() {
                self.path.extend([clitic, '+']);
            }
            if reading.path.interrogative {
                self.path.push_str("أ+");
            }
            if reading.path.article {
                self.path.push_str("ال+");
            }
            rows.attr(row, self.clitics, &self.path)?;
        }
        Ok(())
    }
}

/// The first token at or behind `at`.
fn next_token(text: &str, at: usize) -> Option<(Span, Label)> {
    let rest = text.get(at..)?;
    let mut chars = rest.char_indices();
    let (skip, first) = chars.find(|&(_, c)| !is_blank(c))?;
    let begin = at + skip;
    let rest = text.get(begin..)?;
    let (len, label) = match class(first) {
        _ if first == '@' && !glued_to_word(text, begin) => match handle(rest) {
            Some(len) => (len, Label::Handle),
            None => (run_of(rest, first), Label::Punct),
        },
        _ if matches!(first, '#' | '\u{FF03}') => match hashtag(rest) {
            Some(len) => (len, Label::Hashtag),
            None => (run_of(rest, first), Label::Punct),
        },
        Class::Latin => match url(rest) {
            Some(len) => (len, Label::Url),
            None => (word(rest, false), Label::Latin),
        },
        Class::Letter | Class::ExtendedLetter | Class::Presentation | Class::Mark | Class::Tatweel => {
            (word(rest, true), Label::Word)
        }
        Class::Digit | Class::ArabicDigit => (number(rest), Label::Number),
        Class::Other if first.is_alphabetic() => (word(rest, false), Label::Latin),
        Class::Other if is_emoji(first) => (emoji(rest), Label::Emoji),
        _ => (run_of(rest, first), Label::Punct),
    };
    Some((Span::new(begin, begin + len.max(first.len_utf8())), label))
}

fn is_blank(c: char) -> bool {
    matches!(
        class(c),
        Class::Space | Class::OddSpace | Class::Break | Class::Control | Class::Bidi | Class::ZeroWidth
    ) || c.is_whitespace()
}

fn glued_to_word(text: &str, at: usize) -> bool {
    text.get(..at).and_then(|before| before.chars().next_back()).is_some_and(char::is_alphanumeric)
}

/// Length of the run of one and the same character.
fn run_of(rest: &str, c: char) -> usize {
    rest.chars().take_while(|&next| next == c).map(char::len_utf8).sum()
}

/// Length of a word: letters of one script; what shows nothing may stand inside.
fn word(rest: &str, arabic: bool) -> usize {
    let mut end = 0;
    for (at, c) in rest.char_indices() {
        let inside = match class(c) {
            Class::Letter | Class::ExtendedLetter | Class::Presentation | Class::Tatweel => arabic,
            Class::Mark => true,
            // Joiners and direction controls inside a word do not divide it.
            Class::ZeroWidth | Class::Bidi => continue,
            Class::Latin => !arabic,
            Class::AsciiPunctuation => c == '\'' && !arabic && at > 0,
            Class::QuotationMark => c == '’' && !arabic && at > 0,
            Class::Other => !arabic && c.is_alphabetic() || is_combining(c),
            _ => false,
        };
        if !inside {
            break;
        }
        end = at + c.len_utf8();
    }
    rest.get(..end).map_or(0, |word| word.trim_end_matches(['\'', '’']).len())
}

/// Combining marks outside the Arabic blocks (U+0300–U+036F).
fn is_combining(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}')
}

/// Length of a number: digits, with single separators between them.
fn number(rest: &str) -> usize {
    let mut end = 0;
    let mut separator = false;
    for (at, c) in rest.char_indices() {
        match class(c) {
            Class::Digit | Class::ArabicDigit => {
                separator = false;
                end = at + c.len_utf8();
            }
            _ if matches!(c, '.' | ',' | '\u{066B}' | '\u{066C}' | '،') && !separator => separator = true,
            _ => break,
        }
    }
    end
}

/// Length of `@name`: ASCII letters, digits and underscores.
fn handle(rest: &str) -> Option<usize> {
    let name = rest.strip_prefix('@')?;
    let len = name.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
    (len > 0).then_some(1 + len)
}

/// Length of a hashtag: letters, marks, digits and underscores, at least one of them no digit.
fn hashtag(rest: &str) -> Option<usize> {
    let sign = rest.chars().next()?.len_utf8();
    let mut len = 0;
    let mut named = false;
    for c in rest.get(sign..)?.chars() {
        let letter = c.is_alphabetic() || matches!(class(c), Class::Mark | Class::Tatweel);
        if !letter && c != '_' && !c.is_numeric() && c != '\u{200C}' {
            break;
        }
        named |= letter;
        len += c.len_utf8();
    }
    named.then_some(sign + len)
}

/// Length of a web address, without punctuation that ends the sentence around it.
fn url(rest: &str) -> Option<usize> {
    let starts = ["http://", "https://", "www.", "ftp://"];
    let head = rest.get(..rest.floor_char_boundary(8)).unwrap_or(rest).to_ascii_lowercase();
    let scheme = starts.iter().find(|start| head.starts_with(**start))?.len();
    let len: usize = rest
        .chars()
        .take_while(|&c| !is_blank(c) && !matches!(c, '<' | '>' | '"' | '«' | '»' | '“' | '”' | '،' | '؛'))
        .map(char::len_utf8)
        .sum();
    let address = rest.get(..len)?.trim_end_matches(['.', ',', ':', ';', '!', '?', '؟', ')', ']', '\'', '’']);
    (address.len() > scheme).then_some(address.len())
}

fn is_emoji(c: char) -> bool {
    matches!(c as u32, 0x2600..=0x27BF | 0x2B00..=0x2BFF | 0x1F000..=0x1FAFF | 0xFE0F | 0x20E3 | 0xE0020..=0xE007F)
}

/// Length of a picture with its modifiers, and of pictures joined by U+200D.
fn emoji(rest: &str) -> usize {
    let mut end = 0;
    for (at, c) in rest.char_indices() {
        if !is_emoji(c) && c != '\u{200D}' {
            break;
        }
        end = at + c.len_utf8();
    }
    rest.get(..end).map_or(0, |run| run.trim_end_matches('\u{200D}').len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: &[(&str, Label)]) {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some((span, label)) = next_token(text, at) {
            found.push((span.of(text), label));
            at = span.end as usize;
        }
        assert_eq!(found, expected);
    }

    #[test]
    fn words_and_punctuation() {
        check(
            "وبلينكين،أكد ذلك...",
            &[
                ("وبلينكين", Label::Word),
                ("،", Label::Punct),
                ("أكد", Label::Word),
                ("ذلك", Label::Word),
                ("...", Label::Punct),
            ],
        );
        check("مُحَمَّـد", &[("مُحَمَّـد", Label::Word)]);
        check("30ألف CNN", &[("30", Label::Number), ("ألف", Label::Word), ("CNN", Label::Latin)]);
    }

    #[test]
    fn numbers_keep_their_separators() {
        check("1,356.20.", &[("1,356.20", Label::Number), (".", Label::Punct)]);
        check("١٬٢٠٠٫٥", &[("١٬٢٠٠٫٥", Label::Number)]);
        check("5%", &[("5", Label::Number), ("%", Label::Punct)]);
    }

    #[test]
    fn things_of_the_web() {
        check(
            "(https://example.org/a?b=1). @MFA_Morocco #رجب_طيب_أردوغان a@b #1",
            &[
                ("(", Label::Punct),
                ("https://example.org/a?b=1", Label::Url),
                (")", Label::Punct),
                (".", Label::Punct),
                ("@MFA_Morocco", Label::Handle),
                ("#رجب_طيب_أردوغان", Label::Hashtag),
                ("a", Label::Latin),
                ("@", Label::Punct),
                ("b", Label::Latin),
                ("#", Label::Punct),
                ("1", Label::Number),
            ],
        );
        check("👨‍👩‍👧 نعم", &[("👨‍👩‍👧", Label::Emoji), ("نعم", Label::Word)]);
    }

    proptest! {
        #[test]
        fn tokens_hold_everything_that_is_not_blank(text in "[\\PC\u{0600}-\u{06FF}\u{200B}-\u{202E} \n@#_.،]{0,60}") {
            let mut at = 0;
            while let Some((span, _)) = next_token(&text, at) {
                prop_assert!(text[at..span.begin as usize].chars().all(is_blank));
                prop_assert!(!span.is_empty() && text.is_char_boundary(span.end as usize));
                at = span.end as usize;
            }
            prop_assert!(text[at..].chars().all(is_blank));
        }
    }
}
