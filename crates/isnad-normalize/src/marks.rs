//! `normalize.marks`: without vowel marks.

use isnad_core::{Attach, EditError, Edits, Example, Stage, StageKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::rewriter::{char_at, rewriter};
use crate::stops::{Stops, Walk};

/// Options of `normalize.marks`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MarkOptions {
    /// Remove the short vowels, their doubled forms (tanwin) and sukun.
    pub vowels: bool,
    /// Remove shadda, the sign of a doubled letter.
    pub shadda: bool,
    /// Remove superscript alef, as in «هٰذا».
    pub superscript_alef: bool,
    /// Remove Quranic annotation and the marks of other languages written in Arabic script.
    pub quranic: bool,
    /// Remove hamza and madda where they are marks of their own. They are part of the spelling, and
    /// `normalize.unicode` joins them to their letters wherever there is such a letter.
    pub hamza: bool,
}

impl Default for MarkOptions {
    fn default() -> Self {
        MarkOptions { vowels: true, shadda: true, superscript_alef: true, quranic: true, hamza: false }
    }
}

pub(crate) fn kind() -> StageKind {
    StageKind::new("normalize.marks", "removes vowel marks", DOCS, |options: MarkOptions, _| {
        Ok(stage(options))
    })
    .with_examples(EXAMPLES)
}

const DOCS: &str = "\
Removes the marks that stand above and below letters. News is rarely vocalized; where it is, names and words
match again after this stage. A removed mark belongs to the letter before it: a row that ends with the letter
maps to the letter with its marks in the raw text.

| option | code points | before | after |
|---|---|---|---|
| `vowels` | U+064B–U+0650 (fathatan, dammatan, kasratan, fatha, damma, kasra), U+0652 (sukun), U+0656–U+065E (rare vowel signs) | كَتَبَ | كتب |
| `shadda` | U+0651 | محمّد | محمد |
| `superscript_alef` | U+0670 | هٰذا | هذا |
| `quranic` | U+0610–U+061A, U+06D6–U+06DC, U+06DF–U+06E4, U+06E7, U+06E8, U+06EA–U+06ED, U+0897–U+089F, U+08CA–U+08E1, U+08E3–U+08FF | بِسۡمِ | بسم |
| `hamza` (off) | U+0653 (madda above), U+0654 (hamza above), U+0655 (hamza below), U+065F (wavy hamza below) | ىٔ | ى |
";

const EXAMPLES: &[Example] = &[
    Example {
        about: "without vowel marks",
        options: "{}",
        before: "قَالَ مُحَمَّدٌ: هٰذا مُهِمٌّ جِدًّا",
        after: "قال محمد: هذا مهم جدا",
    },
    Example {
        about: "shadda stays, since it tells words apart",
        options: r#"{ "shadda": false }"#,
        before: "دَرَّسَ المُدَرِّسُ",
        after: "درّس المدرّس",
    },
];

fn stage(options: MarkOptions) -> impl Stage {
    let groups = [
        (options.vowels, VOWELS),
        (options.shadda, SHADDA),
        (options.superscript_alef, SUPERSCRIPT_ALEF),
        (options.quranic, QURANIC),
        (options.hamza, HAMZA),
    ];
    let ranges: Vec<(char, char)> =
        groups.into_iter().filter(|(on, _)| *on).flat_map(|(_, ranges)| ranges.iter().copied()).collect();
    let stops = Stops::new(&ranges);
    rewriter(stops, move |walk, edits| remove(walk, edits, &ranges))
}

fn remove(walk: Walk<'_>, edits: &mut Edits<'_>, ranges: &[(char, char)]) -> Result<(), EditError> {
    let text = walk.text();
    let goes = |c: &char| ranges.iter().any(|(first, last)| first <= c && c <= last);
    let mut at = 0;
    while let Some(begin) = walk.next(at) {
        let mut end = begin;
        while let Some(c) = char_at(text, end).filter(goes) {
            end += c.len_utf8();
        }
        if begin < end {
            edits.delete(begin..end, Attach::Before)?;
        }
        // A code point that shares its block with marks, but is none, is passed.
        at = end.max(begin + char_at(text, begin).map_or(1, char::len_utf8));
    }
    Ok(())
}

const VOWELS: &[(char, char)] = &[
    ('\u{064B}', '\u{0650}'), // FATHATAN … KASRA
    ('\u{0652}', '\u{0652}'), // SUKUN
    ('\u{0656}', '\u{065E}'), // SUBSCRIPT ALEF … FATHA WITH TWO DOTS
];
const SHADDA: &[(char, char)] = &[('\u{0651}', '\u{0651}')]; // SHADDA
const SUPERSCRIPT_ALEF: &[(char, char)] = &[('\u{0670}', '\u{0670}')]; // LETTER SUPERSCRIPT ALEF
const QURANIC: &[(char, char)] = &[
    ('\u{0610}', '\u{061A}'), // SIGN SALLALLAHOU ALAYHE WASSALLAM … SMALL KASRA
    ('\u{06D6}', '\u{06DC}'), // SMALL HIGH LIGATURE SAD WITH LAM … SMALL HIGH SEEN
    ('\u{06DF}', '\u{06E4}'), // SMALL HIGH ROUNDED ZERO … SMALL HIGH MADDA
    ('\u{06E7}', '\u{06E8}'), // SMALL HIGH YEH, SMALL HIGH NOON
    ('\u{06EA}', '\u{06ED}'), // EMPTY CENTRE LOW STOP … SMALL LOW MEEM
    ('\u{0897}', '\u{089F}'), // PEPET … HALF MADDA OVER MADDA
    ('\u{08CA}', '\u{08E1}'), // SMALL HIGH FARSI YEH … SMALL HIGH SIGN SAFHA
    ('\u{08E3}', '\u{08FF}'), // TURNED DAMMA BELOW … MARK SIDEWAYS NOON GHUNNA
];
const HAMZA: &[(char, char)] = &[
    ('\u{0653}', '\u{0655}'), // MADDAH ABOVE, HAMZA ABOVE, HAMZA BELOW
    ('\u{065F}', '\u{065F}'), // WAVY HAMZA BELOW
];

#[cfg(test)]
mod tests {
    use super::*;
    use isnad_arabic::is_mark;

    #[test]
    fn the_groups_are_the_marks() {
        let grouped = |c: char| {
            [VOWELS, SHADDA, SUPERSCRIPT_ALEF, QURANIC, HAMZA]
                .concat()
                .iter()
                .filter(|(a, b)| *a <= c && c <= *b)
                .count()
        };
        for c in '\0'..='\u{FFFF}' {
            assert_eq!(grouped(c), usize::from(is_mark(c)), "{c:?}");
        }
    }
}
