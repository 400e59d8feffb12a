//! `normalize.punctuation`: commas, question marks and the spaces about them.

use isnad_arabic::{Class, class, digit_value, is_arabic_letter, is_mark};
use isnad_core::{Attach, EditError, Edits, Stage, StageKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::rewriter::{char_at, char_before, rewriter};
use crate::stops::{Stops, Walk};

/// Options of `normalize.punctuation`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PunctuationOptions {
    /// How double quotation marks are written: `keep`, `guillemets`, `ascii` or `typographic`. They
    /// are understood in all forms by the extraction stages, so there is no need to change them.
    pub quotes: Quotes,
    /// Remove spaces between a word and the punctuation mark that belongs to it.
    pub space_before: bool,
    /// Insert a missing space between an Arabic comma, semicolon or question mark and the Arabic word behind it.
    pub space_after: bool,
    /// Replace the Latin comma, semicolon and question mark behind Arabic words by the Arabic ones.
    pub latin_comma_question: bool,
}

/// How double quotation marks are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Quotes {
    /// As they are.
    #[default]
    Keep,
    /// « and ».
    Guillemets,
    /// " on both sides.
    Ascii,
    /// “ and ”.
    Typographic,
}

impl Default for PunctuationOptions {
    fn default() -> Self {
        PunctuationOptions {
            quotes: Quotes::Keep,
            space_before: true,
            space_after: true,
            latin_comma_question: true,
        }
    }
}

pub(crate) fn kind() -> StageKind {
    StageKind::new(
        "normalize.punctuation",
        "puts spaces and Arabic commas where they belong",
        DOCS,
        |options: PunctuationOptions, _| Ok(stage(options)),
    )
}

const DOCS: &str = "\
Sets punctuation as Arabic newspapers do. URLs, decimals, times and ellipses are never touched.

| option | code points | before | after |
|---|---|---|---|
| `space_before` | spaces between a word (or closing mark) and ، U+060C, ؛ U+061B, ؟ U+061F | قال ، ثم | قال، ثم |
| `space_before` | the same before . U+002E, : U+003A, ! U+0021, unless a digit, a Latin letter or another full stop follows | انتهى . | انتهى. |
| `space_after` | ، ؛ ؟ between Arabic words | قال،ثم | قال، ثم |
| `latin_comma_question` | , U+002C → ، U+060C; ; U+003B → ؛ U+061B; ? U+003F → ؟ U+061F, behind an Arabic letter, before a space, an Arabic letter, a closing mark or the end | قال, لماذا? | قال، لماذا؟ |
| `quotes = \"keep\"` (default) | | | |
| `quotes = \"guillemets\"` | \" U+0022, “ ” „ ‟ U+201C–U+201F, ″ U+2033, ＂ U+FF02 | \"نعم\" | «نعم» |
| `quotes = \"typographic\"` | the same and « » U+00AB, U+00BB | «نعم» | “نعم” |
| `quotes = \"ascii\"` | the same | «نعم» | \"نعم\" |

A quotation mark opens where a blank or an opening bracket stands before it and something else behind it; it
closes behind a word and before a blank or punctuation. Elsewhere its form decides, and an undirected one
closes what is open. Single quotation marks and apostrophes are left alone.

A removed space belongs to nothing; an inserted one maps to the mark before it.
";

fn stage(options: PunctuationOptions) -> impl Stage {
    let mut ranges = vec![('.', '.'), (':', ':'), ('!', '!'), ('،', '،'), ('؛', '؛'), ('؟', '؟')];
    if options.latin_comma_question {
        ranges.extend([(',', ','), (';', ';'), ('?', '?')]);
    }
    if options.quotes != Quotes::Keep {
        ranges.extend(QUOTES.map(|(quote, _)| (quote, quote)));
    }
    let stops = Stops::new(&ranges);
    rewriter(stops, move |walk, edits| {
        Setter {
            text: edits.source(),
            edits,
            options: &options,
            link_end: usize::MAX,
            chain_end: usize::MAX,
            is_open: false,
        }
        .run(&walk)
    })
}

/// Double quotation marks, and whether they open by their form.
const QUOTES: [(char, Option<bool>); 9] = [
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

struct Setter<'t, 'e, 'o> {
    text: &'t str,
    edits: &'e mut Edits<'t>,
    options: &'o PunctuationOptions,
    /// Where the last URL ended.
    link_end: usize,
    /// Where the last mark of a row such as «؟!» behind an Arabic word ended.
    chain_end: usize,
    /// Whether a quotation mark opened last.
    is_open: bool,
}

impl Setter<'_, '_, '_> {
    fn run(mut self, walk: &Walk<'_>) -> Result<(), EditError> {
        let mut at = 0;
        while let Some(begin) = walk.next(at) {
            let Some(c) = char_at(self.text, begin) else { break };
            at = begin + c.len_utf8();
            match c {
                ':' | '.' if self.is_in_link(begin, c) => {
                    at = self.end_of_link(begin);
                    self.link_end = at;
                }
                '.' | ':' | '!' | '،' | '؛' | '؟' | ',' | ';' | '?' => self.mark(begin, c)?,
                _ if is_quote(c) => self.quote(begin, c)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn mark(&mut self, begin: usize, c: char) -> Result<(), EditError> {
        let end = begin + c.len_utf8();
        let gap = self.text.get(..begin).map_or(begin, |s| s.trim_end_matches(is_space).len());
        let before = char_before(self.text, gap).filter(|_| gap != self.link_end);
        let after = char_at(self.text, end);

        let in_chain = begin == self.chain_end;
        let behind_arabic = before.is_some_and(is_arabic) || (in_chain && matches!(c, '?' | '؟' | '!'));
        let becomes = match c {
            ',' | ';' | '?'
                if self.options.latin_comma_question && behind_arabic && lets_convert(c, after) =>
            {
                arabic(c)
            }
            _ => c,
        };
        if behind_arabic && matches!(becomes, '؟' | '!') {
            self.chain_end = end;
        }
        if self.options.space_before
            && gap < begin
            && before.is_some_and(|b| ends_word(b, c))
            && lets_close(becomes, after)
        {
            self.edits.delete(gap..begin, Attach::Nothing)?;
        }
        let spaced = self.options.space_after
            && matches!(becomes, '،' | '؛' | '؟')
            && before.is_some_and(|b| is_arabic(b) || is_quote(b) || is_closing_bracket(b))
            && after.is_some_and(is_arabic_letter);
        if spaced {
            let mut buffer = [0; 8];
            let len = becomes.encode_utf8(&mut buffer).len();
            buffer[len] = b' ';
            let with = std::str::from_utf8(&buffer[..=len]).expect("a code point and a space are UTF-8");
            return self.edits.replace(begin..end, with);
        }
        if becomes != c {
            self.edits.replace(begin..end, becomes.encode_utf8(&mut [0; 4]))?;
        }
        Ok(())
    }

    fn quote(&mut self, begin: usize, c: char) -> Result<(), EditError> {
        let end = begin + c.len_utf8();
        let opens = self.opens(char_before(self.text, begin), char_at(self.text, end), c);
        self.is_open = opens;
        let with = match (self.options.quotes, opens) {
            (Quotes::Keep, _) => return Ok(()),
            (Quotes::Guillemets, _) if matches!(c, '«' | '»') => return Ok(()),
            (Quotes::Guillemets, true) => '«',
            (Quotes::Guillemets, false) => '»',
            (Quotes::Ascii, _) => '"',
            (Quotes::Typographic, true) => '“',
            (Quotes::Typographic, false) => '”',
        };
        if with != c {
            self.edits.replace(begin..end, with.encode_utf8(&mut [0; 4]))?;
        }
        Ok(())
    }

    fn opens(&self, before: Option<char>, after: Option<char>, c: char) -> bool {
        let outside = before.is_none_or(|b| is_blank(b) || matches!(b, '(' | '[' | '{'));
        let ended = after.is_none_or(|a| {
            is_blank(a)
                || is_closing_bracket(a)
                || matches!(a, '.' | ',' | '،' | ';' | '؛' | ':' | '!' | '?' | '؟')
        });
        if outside && !ended {
            return true;
        }
        if ended && !outside && !before.is_some_and(is_quote) {
            return false;
        }
        let by_form = QUOTES.iter().find(|(quote, _)| *quote == c).and_then(|(_, opens)| *opens);
        by_form.unwrap_or(!self.is_open)
    }

    fn is_in_link(&self, at: usize, c: char) -> bool {
        match c {
            ':' => self.text.get(at..).is_some_and(|rest| rest.starts_with("://")),
            _ => self.text.get(..at).is_some_and(|head| head.ends_with("www") || head.ends_with("WWW")),
        }
    }

    fn end_of_link(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        at + rest
            .find(|c| is_blank(c) || is_quote(c) || matches!(c, '،' | '؛' | '<' | '>'))
            .unwrap_or(rest.len())
    }
}

fn arabic(c: char) -> char {
    match c {
        ',' => '،',
        ';' => '؛',
        '?' => '؟',
        other => other,
    }
}

/// What may follow a Latin mark that is to become an Arabic one.
fn lets_convert(c: char, after: Option<char>) -> bool {
    after.is_none_or(|a| match a {
        '?' | '؟' | '!' => c == '?',
        _ => is_blank(a) || is_arabic(a) || is_quote(a) || (is_closing_bracket(a) && c != ';'),
    })
}

/// What may follow a mark that is to be moved to the word before it.
fn lets_close(c: char, after: Option<char>) -> bool {
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
fn ends_word(before: char, c: char) -> bool {
    let digit = digit_value(before).is_some();
    (digit && c != ':')
        || (!digit
            && (is_arabic(before)
                || before.is_alphanumeric()
                || is_quote(before)
                || is_closing_bracket(before)))
        || matches!(before, '%' | '٪')
}

fn is_arabic(c: char) -> bool {
    is_arabic_letter(c) || is_mark(c) || class(c) == Class::Tatweel
}

fn is_quote(c: char) -> bool {
    QUOTES.iter().any(|(quote, _)| *quote == c)
}

fn is_closing_bracket(c: char) -> bool {
    matches!(c, ')' | ']' | '}')
}

fn is_space(c: char) -> bool {
    matches!(class(c), Class::Space | Class::OddSpace)
}

fn is_blank(c: char) -> bool {
    is_space(c) || class(c) == Class::Break
}
