//! `normalize.digits`: one set of digits.

use std::ops::Range;

use isnad_arabic::digit_value;
use isnad_core::{EditError, Edits, Example, Stage, StageKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::links::Tags;
use crate::rewriter::{char_at, char_before, rewriter};
use crate::stops::{Stops, Walk};

/// Options of `normalize.digits`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DigitOptions {
    /// Which digits are written: `ascii`, `arabic`, `persian`, or `keep` for those that stand there.
    pub to: Digits,
    /// Write decimal point, separator of thousands and percent sign in the manner of the digits beside them.
    pub separators: bool,
}

/// A set of digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Digits {
    /// 0123456789 U+0030–U+0039.
    #[default]
    Ascii,
    /// ٠١٢٣٤٥٦٧٨٩ U+0660–U+0669.
    Arabic,
    /// ۰۱۲۳۴۵۶۷۸۹ U+06F0–U+06F9, as in Persian and Urdu.
    Persian,
    /// As they are.
    Keep,
}

impl Default for DigitOptions {
    fn default() -> Self {
        DigitOptions { to: Digits::Ascii, separators: true }
    }
}

pub(crate) fn kind() -> StageKind {
    StageKind::new(
        "normalize.digits",
        "writes digits and their separators in one set",
        DOCS,
        |options: DigitOptions, _| Ok(stage(options)),
    )
    .with_examples(EXAMPLES)
}

const DOCS: &str = "\
Writes all digits in one set. The extraction stages read all three sets, also mixed, and need none of this.

ASCII digits stay where they belong to something that is not Arabic: in URLs, addresses, handles and hashtags, in
words with Latin letters such as «F-16» and «COVID-19», and in emoji.

| option | code points | before | after |
|---|---|---|---|
| `to = \"ascii\"` (default) | U+0660–U+0669, U+06F0–U+06F9 → 0–9 | ٢٠٢٣، ۱۴۰۲ | 2023، 1402 |
| `to = \"arabic\"` | 0–9, U+06F0–U+06F9 → U+0660–U+0669 | 2023 G20 | ٢٠٢٣ G20 |
| `to = \"persian\"` | 0–9, U+0660–U+0669 → U+06F0–U+06F9 | ٢٠٢٣ | ۲۰۲۳ |
| `separators`, ASCII digits | ٫ U+066B → . and ٬ U+066C → , between digits; ٪ U+066A → % beside a digit, with `to = \"ascii\"` everywhere | ١٬٢٥٠٫٥٪ | 1,250.5% |
| `separators`, other digits | . → ٫ U+066B and , → ٬ U+066C in a number with one point and groups of three; % → ٪ U+066A beside a digit | 1,250.5% 16.5.2023 | ١٬٢٥٠٫٥٪ ١٦.٥.٢٠٢٣ |
| `to = \"keep\"`, `separators` | the same, by the digits that stand there | 1٬250 ١,٢٥٠ | 1,250 ١٬٢٥٠ |

The Arabic comma ، between digits stays: it may be a decimal comma or one between two numbers.
";

const EXAMPLES: &[Example] = &[
    Example {
        about: "digits as on a keyboard",
        options: "{}",
        before: "بلغت النسبة ٢٫٥٪ من ١٬٢٥٠ عام ۱۴۰۲",
        after: "بلغت النسبة 2.5% من 1,250 عام 1402",
    },
    Example {
        about: "digits as in print; what is not Arabic stays",
        options: r#"{ "to": "arabic" }"#,
        before: "في 16.5.2023 بلغت 1,250.5 و50% بعد F-16 @user5 https://example.com/7",
        after: "في ١٦.٥.٢٠٢٣ بلغت ١٬٢٥٠٫٥ و٥٠٪ بعد F-16 @user5 https://example.com/7",
    },
    Example {
        about: "separators that do not fit their digits",
        options: r#"{ "to": "keep" }"#,
        before: "1٬250 و١,٢٥٠ و75٪",
        after: "1,250 و١٬٢٥٠ و75%",
    },
];

fn stage(options: DigitOptions) -> impl Stage {
    const ASCII: (char, char) = ('0', '9');
    const ARABIC: (char, char) = ('٠', '٩');
    const PERSIAN: (char, char) = ('۰', '۹');
    let mut ranges = match options.to {
        Digits::Ascii => vec![ARABIC, PERSIAN],
        Digits::Arabic => vec![ASCII, PERSIAN],
        Digits::Persian => vec![ASCII, ARABIC],
        Digits::Keep => vec![],
    };
    if options.separators {
        ranges.push(('٪', '٬'));
        match options.to {
            Digits::Ascii => {}
            Digits::Keep => ranges.extend([ARABIC, PERSIAN]),
            Digits::Arabic | Digits::Persian => ranges.extend([ARABIC, PERSIAN, ('%', '%')]),
        }
    }
    rewriter(Stops::new(&ranges), move |walk, edits| {
        Writer { text: walk.text(), edits, options: &options, tags: Tags::new(walk.text()) }.run(&walk)
    })
}

struct Writer<'t, 'e, 's, 'o> {
    text: &'t str,
    edits: &'e mut Edits<'s>,
    options: &'o DigitOptions,
    tags: Tags<'t>,
}

impl<'t> Writer<'t, '_, '_, '_> {
    /// Goes from figure to figure: digits and what may stand between and beside them.
    fn run(mut self, walk: &Walk<'t>) -> Result<(), EditError> {
        let mut at = 0;
        while let Some(stop) = walk.next(at) {
            let head = self.text.get(at..stop).unwrap_or_default();
            let begin = at + head.trim_end_matches(is_in_figure).len();
            let rest = self.text.get(begin..).unwrap_or_default();
            let end = self.text.len() - rest.trim_start_matches(is_in_figure).len();
            if begin < end {
                self.figure(begin..end)?;
            }
            // A code point that shares its block with digits, but is none, is passed.
            at = end.max(stop + char_at(self.text, stop).map_or(1, char::len_utf8));
        }
        Ok(())
    }

    fn figure(&mut self, figure: Range<usize>) -> Result<(), EditError> {
        let is_latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
        let after = char_at(self.text, figure.end);
        let foreign = is_latin(char_before(self.text, figure.start))
            || is_latin(after)
            || matches!(after, Some('\u{FE0F}' | '\u{20E3}')) // VARIATION SELECTOR-16, COMBINING ENCLOSING KEYCAP
            || self.tags.hold(figure.start);
        let mut at = figure.start;
        while let Some(c) = char_at(self.text, at).filter(|_| at < figure.end) {
            let rest = self.text.get(at..figure.end).unwrap_or_default();
            let number = rest.len() - rest.trim_start_matches(is_in_number).len();
            at += match digit_value(c) {
                Some(_) => {
                    self.number(at..at + number, foreign)?;
                    number
                }
                None => {
                    self.percent(at, c, foreign)?;
                    c.len_utf8()
                }
            };
        }
        Ok(())
    }

    /// Digits with separators among them.
    fn number(&mut self, range: Range<usize>, foreign: bool) -> Result<(), EditError> {
        let number = self.text.get(range.clone()).unwrap_or_default();
        let regular = is_regular(number.trim_end_matches(['.', ',', '٫', '٬']));
        let mut at = range.start;
        while let Some(c) = char_at(self.text, at).filter(|_| at < range.end) {
            let rest = self.text.get(at..range.end).unwrap_or_default();
            let digits = rest.len() - rest.trim_start_matches(|c| digit_value(c).is_some()).len();
            if digits > 0 {
                let with: String = rest.chars().map_while(|c| self.digit(c, foreign)).collect();
                self.replace(at..at + digits, &with)?;
                at += digits;
                continue;
            }
            let end = at + c.len_utf8();
            let beside = |side: Option<char>| side.and_then(|c| self.digit(c, foreign)).map(|c| c.is_ascii());
            let sides = (beside(char_before(self.text, at)), beside(char_at(self.text, end)));
            let with = match (c, sides) {
                ('٫', (Some(true), Some(true))) => ".",
                ('٬', (Some(true), Some(true))) => ",",
                ('.', (Some(false), Some(false))) if regular && !foreign => "٫",
                (',', (Some(false), Some(false))) if regular && !foreign => "٬",
                _ => "",
            };
            if self.options.separators && !with.is_empty() {
                self.replace(at..end, with)?;
            }
            at = end;
        }
        Ok(())
    }

    fn percent(&mut self, at: usize, c: char, foreign: bool) -> Result<(), EditError> {
        let end = at + c.len_utf8();
        let beside = |side: Option<char>| side.and_then(|c| self.digit(c, foreign)).map(|c| c.is_ascii());
        let sides = [beside(char_before(self.text, at)), beside(char_at(self.text, end))];
        let with = match c {
            '٪' if self.options.to == Digits::Ascii || sides.contains(&Some(true)) => "%",
            '%' if sides.contains(&Some(false)) && !sides.contains(&Some(true)) && !foreign => "٪",
            _ => return Ok(()),
        };
        if self.options.separators { self.replace(at..end, with) } else { Ok(()) }
    }

    /// What a digit becomes; `foreign` says that it belongs to something that is not Arabic.
    fn digit(&self, c: char, foreign: bool) -> Option<char> {
        let value = digit_value(c)?;
        let zero = match self.options.to {
            Digits::Keep => return Some(c),
            Digits::Ascii => '0',
            Digits::Arabic | Digits::Persian if foreign && c.is_ascii() => '0',
            Digits::Arabic => '٠',
            Digits::Persian => '۰',
        };
        char::from_u32(zero as u32 + value)
    }

    fn replace(&mut self, range: Range<usize>, with: &str) -> Result<(), EditError> {
        if self.text.get(range.clone()) == Some(with) {
            return Ok(());
        }
        self.edits.replace(range, with)
    }
}

/// Whether the separators of a number say what they seem to: one point at most, and groups of three.
fn is_regular(number: &str) -> bool {
    let (whole, part) = match number.split_once(['.', '٫']) {
        Some((whole, part)) => (whole, Some(part)),
        None => (number, None),
    };
    let mut groups = whole.split([',', '٬']).map(|group| group.chars().count());
    let first = groups.next().unwrap_or(0);
    let mut grouped = groups.peekable();
    let is_grouped = grouped.peek().is_none() || first <= 3;
    is_grouped
        && grouped.all(|count| count == 3)
        && part.is_none_or(|part| part.chars().all(|c| digit_value(c).is_some()))
}

fn is_in_number(c: char) -> bool {
    digit_value(c).is_some() || matches!(c, '.' | ',' | '٫' | '٬')
}

/// What stands in dates, times, ranges and versions too.
fn is_in_figure(c: char) -> bool {
    is_in_number(c) || matches!(c, '%' | '٪' | '+' | '-' | '–' | '/' | ':' | '_')
}
