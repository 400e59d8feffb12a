//! `normalize.controls`: nothing invisible, and one kind of line break.

use isnad_arabic::{Class, class};
use isnad_core::{Attach, EditError, Edits, Example, Stage, StageKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::rewriter::{char_at, char_before, rewriter};
use crate::stops::{Stops, Walk};

/// Options of `normalize.controls`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ControlOptions {
    /// Remove control characters, except tab and line breaks.
    pub controls: bool,
    /// Turn every kind of line break into a line feed.
    pub line_breaks: bool,
    /// Remove direction controls.
    pub bidi: bool,
    /// Remove the zero-width space, the word joiner and the byte order mark.
    pub zero_width: bool,
    /// Remove soft hyphens.
    pub soft_hyphen: bool,
    /// What becomes of the zero-width joiner and non-joiner: `remove` or `keep`. Those between two
    /// characters that are neither Arabic, Latin, digits, spaces nor punctuation stay in any case:
    /// they hold an emoji together.
    pub joiners: Joiners,
}

/// What becomes of U+200C and U+200D.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Joiners {
    /// They are removed: in Arabic they only change how letters are shaped.
    #[default]
    Remove,
    /// They stay: in Persian the non-joiner is part of the spelling.
    Keep,
}

impl Default for ControlOptions {
    fn default() -> Self {
        ControlOptions {
            controls: true,
            line_breaks: true,
            bidi: true,
            zero_width: true,
            soft_hyphen: true,
            joiners: Joiners::default(),
        }
    }
}

pub(crate) fn kind() -> StageKind {
    StageKind::new(
        "normalize.controls",
        "removes control, direction and zero-width characters; one kind of line break",
        DOCS,
        |options: ControlOptions, _| Ok(stage(options)),
    )
    .with_examples(EXAMPLES)
}

const DOCS: &str = "\
Removes what shows nothing, and writes every line break as U+000A. Removed characters belong to nothing: they
lie between the rows, or inside one. A line break keeps its place in the raw text. Tabs are left to
`normalize.space`.

| option | code points | after |
|---|---|---|
| `controls` | U+0000–U+0008, U+000E–U+001F, U+007F, U+0080–U+0084, U+0086–U+009F | removed |
| `line_breaks` | U+000D U+000A, lone U+000D, U+000B (line tabulation), U+000C (form feed), U+0085 (next line), U+2028 (line separator), U+2029 (paragraph separator) | U+000A |
| `bidi` | U+061C (Arabic letter mark), U+200E, U+200F (left-to-right and right-to-left mark), U+202A–U+202E (embeddings and overrides), U+2066–U+2069 (isolates), U+206A–U+206F (deprecated) | removed |
| `zero_width` | U+200B (zero-width space), U+2060 (word joiner), U+FEFF (byte order mark) | removed |
| `soft_hyphen` | U+00AD | removed |
| `joiners = \"remove\"` (default) | U+200C (zero-width non-joiner), U+200D (zero-width joiner) | removed, so that «می\u{200C}خواهم» is «میخواهم»; kept inside emoji such as 👨\u{200D}👩\u{200D}👧 and between letters of scripts other than Arabic and Latin |
| `joiners = \"keep\"` | U+200C, U+200D | kept |
";

const EXAMPLES: &[Example] = &[
    Example {
        about: "direction marks, a byte order mark, line breaks of two kinds",
        options: "{}",
        before: "\u{FEFF}قال \u{202B}الوزير\u{202C}\r\nأمس\u{2029}ثم غادر",
        after: "قال الوزير\nأمس\nثم غادر",
    },
    Example {
        about: "emoji stay whole",
        options: "{}",
        before: "کتاب\u{200C}ها 👨\u{200D}👩\u{200D}👧",
        after: "کتابها 👨\u{200D}👩\u{200D}👧",
    },
    Example {
        about: "the non-joiner is part of Persian spelling",
        options: r#"{ "joiners": "keep" }"#,
        before: "\u{200F}کتاب\u{200C}ها",
        after: "کتاب\u{200C}ها",
    },
];

fn stage(options: ControlOptions) -> impl Stage {
    let mut ranges = Vec::new();
    let mut add = |on: bool, more: &[(char, char)]| ranges.extend(more.iter().filter(|_| on));
    add(options.controls, &[('\u{0000}', '\u{0008}'), ('\u{000E}', '\u{001F}'), ('\u{007F}', '\u{009F}')]);
    add(options.line_breaks, &[('\u{000B}', '\r'), ('\u{0085}', '\u{0085}'), ('\u{2028}', '\u{2029}')]);
    add(
        options.bidi,
        &[
            ('\u{061C}', '\u{061C}'),
            ('\u{200E}', '\u{200F}'),
            ('\u{202A}', '\u{202E}'),
            ('\u{2066}', '\u{206F}'),
        ],
    );
    add(options.zero_width, &[('\u{200B}', '\u{200B}'), ('\u{2060}', '\u{2060}'), ('\u{FEFF}', '\u{FEFF}')]);
    add(options.soft_hyphen, &[('\u{00AD}', '\u{00AD}')]);
    add(options.joiners == Joiners::Remove, &[('\u{200C}', '\u{200D}')]);
    let stops = Stops::new(&ranges);
    rewriter(stops, move |walk, edits| clean(walk, edits, &options))
}

fn clean(walk: Walk<'_>, edits: &mut Edits<'_>, options: &ControlOptions) -> Result<(), EditError> {
    let text = walk.text();
    let mut at = 0;
    while let Some(begin) = walk.next(at) {
        let mut end = begin;
        while let Some(c) = char_at(text, end).filter(|c| goes(text, end, *c, options)) {
            end += c.len_utf8();
        }
        if begin < end {
            edits.delete(begin..end, Attach::Nothing)?;
        }
        // What follows the deleted run stays; it may be a line break to be rewritten.
        let Some(c) = char_at(text, end) else { break };
        at = end + c.len_utf8();
        if options.line_breaks && c != '\n' && class(c) == Class::Break {
            edits.replace(end..at, "\n")?;
        }
    }
    Ok(())
}

/// Whether the character at byte `at` is removed.
fn goes(text: &str, at: usize, c: char, options: &ControlOptions) -> bool {
    match c {
        '\r' => options.line_breaks && text.as_bytes().get(at + 1) == Some(&b'\n'),
        '\u{00AD}' => options.soft_hyphen, // SOFT HYPHEN
        // ZERO WIDTH NON-JOINER, ZERO WIDTH JOINER
        '\u{200C}' | '\u{200D}' => options.joiners == Joiners::Remove && !holds_together(text, at, c),
        _ => match class(c) {
            Class::Control => options.controls,
            Class::Bidi => options.bidi,
            Class::ZeroWidth => options.zero_width,
            _ => false,
        },
    }
}

/// Whether a joiner stands between two characters of which nobody here knows anything, such as emoji.
fn holds_together(text: &str, at: usize, joiner: char) -> bool {
    let is_other = |c: Option<char>| c.is_some_and(|c| class(c) == Class::Other);
    is_other(char_before(text, at)) && is_other(char_at(text, at + joiner.len_utf8()))
}
