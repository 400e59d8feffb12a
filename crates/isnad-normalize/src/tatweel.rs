//! `normalize.tatweel`: without the elongation stroke.

use isnad_arabic::{Class, class, is_arabic_letter, is_mark};
use isnad_core::{Attach, EditError, Edits, Example, Stage, StageKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::rewriter::{char_at, rewriter};
use crate::stops::{Stops, Walk};

/// Options of `normalize.tatweel`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TatweelOptions {
    /// What becomes of a stroke that touches no letter, as in «الوزير ـ أمس ـ إن»: `dash`, `keep` or `remove`.
    pub lone: Lone,
    /// Keep the stroke of «هـ» by itself, the sign of Hijri years, as in «1445هـ».
    pub hijri_sign: bool,
}

impl Default for TatweelOptions {
    fn default() -> Self {
        TatweelOptions { lone: Lone::default(), hijri_sign: true }
    }
}

/// What becomes of a tatweel that touches no letter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Lone {
    /// It was typed as a dash and becomes one: U+2013.
    #[default]
    Dash,
    /// It stays as it is.
    Keep,
    /// It is removed like any other.
    Remove,
}

pub(crate) fn kind() -> StageKind {
    StageKind::new(
        "normalize.tatweel",
        "removes the elongation stroke",
        DOCS,
        |options: TatweelOptions, _| Ok(stage(options)),
    )
    .with_examples(EXAMPLES)
}

const DOCS: &str = "\
Removes U+0640 TATWEEL (kashida), which stretches words for looks. A removed stroke belongs to the letter
before it, at the beginning of a word to the letter behind it: a row on the word maps to the stretched word
in the raw text.

A run of strokes that touches no letter on either side was typed as a dash; `lone` says what becomes of it.
Between digits it is a dash too. One that carries a mark and touches no letter (ـَ) stays. Direction controls
and zero-width characters beside a stroke are looked through.

| option | code points | before | after |
|---|---|---|---|
| (always) | U+0640 beside a letter | قـــال، عامـ | قال، عام |
| `hijri_sign` | one U+0640 behind a ه U+0647 with no letter before or behind the two | 1445هـ | 1445هـ |
| `hijri_sign = false` | the same | 1445هـ | 1445ه |
| `lone = \"dash\"` (default) | U+0640 → U+2013 | الوزير ـ أمس ـ إن | الوزير – أمس – إن |
| `lone = \"keep\"` | U+0640 | الوزير ـ أمس ـ إن | الوزير ـ أمس ـ إن |
| `lone = \"remove\"` | U+0640 | 2010ـ2015 | 20102015 |
";

const TATWEEL: char = '\u{0640}'; // ARABIC TATWEEL
const DASH: &str = "\u{2013}"; // EN DASH

const EXAMPLES: &[Example] = &[
    Example {
        about: "stretched words, and a stroke typed as a dash",
        options: "{}",
        before: "قـــال الوزيـر ـ أمس ـ إن عام 1445هـ",
        after: "قال الوزير – أمس – إن عام 1445هـ",
    },
    Example {
        about: "lone strokes stay",
        options: r#"{ "lone": "keep" }"#,
        before: "الوزيـر ـ أمس",
        after: "الوزير ـ أمس",
    },
];

fn stage(options: TatweelOptions) -> impl Stage {
    let stops = Stops::new(&[(TATWEEL, TATWEEL)]);
    rewriter(stops, move |walk, edits| remove(walk, edits, &options))
}

/// Goes from group to group: strokes with nothing but invisible characters between them.
fn remove(walk: Walk<'_>, edits: &mut Edits<'_>, options: &TatweelOptions) -> Result<(), EditError> {
    let text = walk.text();
    let mut at = 0;
    while let Some(begin) = walk.next(at) {
        let before = text.get(at..begin).and_then(|s| s.chars().rev().find(|c| !is_invisible(*c)));
        let mut end = begin;
        let mut after = None;
        while let Some(c) = char_at(text, end) {
            if c != TATWEEL && !is_invisible(c) {
                after = Some(c);
                break;
            }
            end += c.len_utf8();
        }
        // The character before a group lies behind the group before it, unless that reached up to here:
        // two groups are never neighbours.
        let joined = before.is_some_and(is_of_word);
        if options.hijri_sign && !after.is_some_and(is_of_word) && ends_with_lone_heh(text, begin) {
            delete(text, edits, begin + TATWEEL.len_utf8(), end, Attach::Before)?;
        } else if joined {
            delete(text, edits, begin, end, Attach::Before)?;
        } else if after.is_some_and(is_arabic_letter) {
            delete(text, edits, begin, end, Attach::After)?;
        } else if !after.is_some_and(is_mark) {
            match options.lone {
                Lone::Keep => {}
                Lone::Remove => delete(text, edits, begin, end, Attach::Nothing)?,
                Lone::Dash => {
                    let run = run_end(text, begin, end);
                    edits.replace(begin..run, DASH)?;
                    delete(text, edits, run, end, Attach::Nothing)?;
                }
            }
        }
        at = end;
    }
    Ok(())
}

/// Deletes the strokes of a group, run by run.
fn delete(
    text: &str,
    edits: &mut Edits<'_>,
    begin: usize,
    end: usize,
    attach: Attach,
) -> Result<(), EditError> {
    let mut at = begin;
    while at < end {
        let run = run_end(text, at, end);
        if at < run {
            edits.delete(at..run, attach)?;
            at = run;
        } else {
            at += char_at(text, at).map_or(1, char::len_utf8);
        }
    }
    Ok(())
}

fn run_end(text: &str, begin: usize, end: usize) -> usize {
    let strokes = text.get(begin..end).unwrap_or_default();
    begin + strokes.len() - strokes.trim_start_matches(TATWEEL).len()
}

/// Whether the word that ends at `at` is the letter heh.
fn ends_with_lone_heh(text: &str, at: usize) -> bool {
    let head = text.get(..at).and_then(|head| head.strip_suffix('ه'));
    head.is_some_and(|head| {
        !head.chars().rev().find(|c| !is_invisible(*c)).is_some_and(|c| is_of_word(c) || c == TATWEEL)
    })
}

fn is_of_word(c: char) -> bool {
    is_arabic_letter(c) || is_mark(c)
}

fn is_invisible(c: char) -> bool {
    matches!(class(c), Class::ZeroWidth | Class::Bidi)
}
