//! `normalize.space`: one space between words, nothing at the ends of lines.

use isnad_arabic::{Class, class};
use isnad_core::{Attach, EditError, Edits, Example, Stage, StageKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::rewriter::{char_at, rewriter};
use crate::stops::{Stops, Walk};

/// Options of `normalize.space`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SpaceOptions {
    /// How many blank lines in a row remain where there are more.
    pub blank_lines: u32,
    /// Remove the blank before the first and behind the last character of the document.
    pub ends: bool,
}

impl Default for SpaceOptions {
    fn default() -> Self {
        SpaceOptions { blank_lines: 1, ends: true }
    }
}

pub(crate) fn kind() -> StageKind {
    StageKind::new(
        "normalize.space",
        "one space between words, few blank lines",
        DOCS,
        |options: SpaceOptions, _| Ok(stage(options)),
    )
    .with_examples(EXAMPLES)
}

const DOCS: &str = "\
Tidies the blank between words and lines. A run of spaces inside a line becomes one space, which maps to the
whole run; spaces removed at the ends of lines belong to nothing. Line breaks are left as they are
(`normalize.controls` makes them one kind); U+000D U+000A counts as one.

| what | code points | after |
|---|---|---|
| a run of spaces inside a line | U+0020, U+0009 (tab), U+00A0 (no-break space), U+2000–U+200A, U+202F, U+205F, U+3000 | one U+0020 |
| the same at the beginning or end of a line | | removed |
| line breaks in a row, with nothing but spaces between | U+000A, U+000B, U+000C, U+000D, U+0085, U+2028, U+2029 | at most `blank_lines` + 1 of them, the first ones |
| all of these at the ends of the document | | removed, if `ends` |
";

const EXAMPLES: &[Example] = &[
    Example {
        about: "gaps of all kinds",
        options: "{}",
        before: "  قال   الوزير\u{00A0}أمس\t\n \n\n\nثم غادر ",
        after: "قال الوزير أمس\n\nثم غادر",
    },
    Example {
        about: "no blank lines",
        options: r#"{ "blank_lines": 0 }"#,
        before: "قال\n\nثم غادر",
        after: "قال\nثم غادر",
    },
];

fn stage(options: SpaceOptions) -> impl Stage {
    let stops = Stops::new(&[
        ('\t', '\r'),
        (' ', ' '),
        ('\u{0085}', '\u{0085}'), // NEXT LINE
        ('\u{00A0}', '\u{00A0}'), // NO-BREAK SPACE
        ('\u{2000}', '\u{200A}'), // EN QUAD … HAIR SPACE
        ('\u{2028}', '\u{2029}'), // LINE SEPARATOR, PARAGRAPH SEPARATOR
        ('\u{202F}', '\u{202F}'), // NARROW NO-BREAK SPACE
        ('\u{205F}', '\u{205F}'), // MEDIUM MATHEMATICAL SPACE
        ('\u{3000}', '\u{3000}'), // IDEOGRAPHIC SPACE
    ]);
    rewriter(stops, move |walk, edits| tidy(walk, edits, &options))
}

/// Goes from gap to gap: stretches of spaces and line breaks.
fn tidy(walk: Walk<'_>, edits: &mut Edits<'_>, options: &SpaceOptions) -> Result<(), EditError> {
    let text = walk.text();
    let mut at = 0;
    while let Some(begin) = walk.next(at) {
        if begin > 0 && is_single_space(text.as_bytes(), begin) {
            at = begin + 1;
            continue;
        }
        let mut end = begin;
        let mut breaks = false;
        while let Some((len, is_break)) = blank_at(text, end) {
            end += len;
            breaks |= is_break;
        }
        if begin == end {
            // Shares its block with a space, but is none.
            at = end + char_at(text, end).map_or(1, char::len_utf8);
            continue;
        }
        at = end;
        if options.ends && (begin == 0 || end == text.len()) {
            edits.delete(begin..end, Attach::Nothing)?;
        } else if breaks {
            lines(text, edits, begin, end, options.blank_lines as usize + 1)?;
        } else if begin == 0 || end == text.len() {
            // The end of the document is the end of a line.
            edits.delete(begin..end, Attach::Nothing)?;
        } else if text.get(begin..end) != Some(" ") {
            edits.replace(begin..end, " ")?;
        }
    }
    Ok(())
}

/// In a gap with line breaks, keeps the first of them and deletes all else.
fn lines(
    text: &str,
    edits: &mut Edits<'_>,
    begin: usize,
    end: usize,
    mut keep: usize,
) -> Result<(), EditError> {
    let (mut at, mut doomed) = (begin, begin);
    while let Some((len, is_break)) = blank_at(text, at).filter(|_| at < end) {
        if is_break && keep > 0 {
            keep -= 1;
            edits.delete(doomed..at, Attach::Nothing)?;
            doomed = at + len;
        }
        at += len;
    }
    edits.delete(doomed..end, Attach::Nothing)
}

/// The length of the blank at byte `at`, and whether it is a line break.
fn blank_at(text: &str, at: usize) -> Option<(usize, bool)> {
    let c = char_at(text, at)?;
    match class(c) {
        Class::Space | Class::OddSpace => Some((c.len_utf8(), false)),
        Class::Break if c == '\r' && text.as_bytes().get(at + 1) == Some(&b'\n') => Some((2, true)),
        Class::Break => Some((c.len_utf8(), true)),
        _ => None,
    }
}

/// The usual case: U+0020 before something that is surely no blank. What stands before it is none
/// either: it would belong to the gap before.
fn is_single_space(bytes: &[u8], at: usize) -> bool {
    bytes.get(at) == Some(&b' ') && matches!(bytes.get(at + 1), Some(b'!'..=b'~' | 0xD8..=0xDB))
}
