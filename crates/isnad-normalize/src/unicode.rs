//! `normalize.unicode`: composed characters, and plain letters for shaped ones.

use isnad_arabic::{Class, class};
use isnad_core::{Attach, EditError, Edits, Example, Stage, StageKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use unicode_normalization::char::{canonical_combining_class, decompose_compatible};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::rewriter::{char_at, char_before, rewriter};
use crate::stops::{Stops, Walk};

/// Options of `normalize.unicode`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct UnicodeOptions {
    /// Bring the text to Unicode normalization form C: letters and the marks on them as one character
    /// where there is one, other marks in a fixed order.
    pub nfc: bool,
    /// Replace Arabic presentation forms, as they come out of PDF files, by the letters they stand for.
    pub presentation_forms: bool,
}

impl Default for UnicodeOptions {
    fn default() -> Self {
        UnicodeOptions { nfc: true, presentation_forms: true }
    }
}

pub(crate) fn kind() -> StageKind {
    StageKind::new(
        "normalize.unicode",
        "brings text to NFC and shaped letters back to plain ones",
        DOCS,
        |options: UnicodeOptions, _| Ok(stage(options)),
    )
    .with_examples(EXAMPLES)
}

const DOCS: &str = "\
Two spellings that Unicode holds for the same become one. Compatibility forms are replaced in the two blocks
of Arabic presentation forms only: ½, ﬁ and full-width letters stay as they are.

| option | code points | before | after |
|---|---|---|---|
| `nfc` | U+0627 U+0653, U+0627 U+0654, U+0627 U+0655 | alef and a mark | آ U+0622, أ U+0623, إ U+0625 |
| `nfc` | U+0648 U+0654, U+064A U+0654 | waw or yeh and a hamza above | ؤ U+0624, ئ U+0626 |
| `nfc` | U+0651 U+064E | shadda, fatha | fatha, shadda (the canonical order) |
| `nfc` | all other scripts | e U+0301, Å U+212B | é, Å |
| `presentation_forms` | U+FB50–U+FDFF, U+FE70–U+FEFC: letters | ﺍﻟﻮﺯﻳﺮ | الوزير |
| `presentation_forms` | ligatures | ﻻ U+FEFB, ﷲ U+FDF2, ﷺ U+FDFA, ﷼ U+FDFC, ﷽ U+FDFD | لا، الله، صلى الله عليه وسلم، ریال، بسم الله الرحمن الرحيم |
| `presentation_forms` | marks standing alone or on a stroke: U+FC5E–U+FC63, U+FCF2–U+FCF4, U+FE70–U+FE7F | a space or tatweel with a mark | the mark, without space or tatweel: it lies on what stands before |

What has no compatibility form stays: ﴾ ﴿ U+FD3E, U+FD3F, U+FBB2–U+FBC2, U+FD40–U+FD4F, U+FDCF, U+FDFE, U+FDFF.
﷽ U+FDFD has none in Unicode either, but is spelled out, as ﷺ is.
";

const EXAMPLES: &[Example] = &[
    Example {
        about: "letters out of a PDF file become plain letters",
        options: "{}",
        before: "\u{FE8D}\u{FEDF}\u{FEEE}\u{FEAF}\u{FEF3}\u{FEAE} \u{FEFB} \u{FDF2}",
        after: "الوزير لا الله",
    },
    Example {
        about: "a letter and its hamza become one character",
        options: "{}",
        before: "\u{0627}\u{0654}حمد مسو\u{0654}ول",
        after: "أحمد مسؤول",
    },
    Example {
        about: "composition alone",
        options: r#"{ "presentation_forms": false }"#,
        before: "\u{0627}\u{0653}سيا \u{FEFB}",
        after: "آسيا \u{FEFB}",
    },
];

fn stage(options: UnicodeOptions) -> impl Stage {
    let mut ranges = Vec::new();
    if options.nfc {
        ranges.extend(UNSTABLE);
    }
    if options.presentation_forms {
        ranges.extend(PRESENTATION);
    }
    let stops = Stops::new(&ranges);
    rewriter(stops, move |walk, edits| {
        Composer { text: edits.source(), edits, options: &options, normal: String::new() }.run(&walk)
    })
}

/// Everything outside of these ranges is stable under NFC and never composes with what stands before.
const UNSTABLE: &[(char, char)] = &[
    ('\u{0300}', '\u{05FF}'),
    ('\u{0610}', '\u{061A}'),
    ('\u{064B}', '\u{065F}'),
    ('\u{0670}', '\u{0670}'),
    ('\u{06D6}', '\u{06ED}'),
    ('\u{0700}', '\u{2001}'),
    ('\u{20D0}', '\u{10FFFF}'),
];
const PRESENTATION: &[(char, char)] = &[('\u{FB50}', '\u{FDFF}'), ('\u{FE70}', '\u{FEFC}')];

const BASMALA: char = '\u{FDFD}'; // ARABIC LIGATURE BISMILLAH AR-RAHMAN AR-RAHEEM
const BASMALA_WORDS: &str = "بسم الله الرحمن الرحيم";

struct Composer<'t, 'e, 'o> {
    text: &'t str,
    edits: &'e mut Edits<'t>,
    options: &'o UnicodeOptions,
    normal: String,
}

impl Composer<'_, '_, '_> {
    /// Goes from stretch to stretch: a character that begins something new, and those behind it that
    /// may compose or trade places with it. Each is normalized by itself.
    fn run(mut self, walk: &Walk<'_>) -> Result<(), EditError> {
        let mut at = 0;
        while let Some(stop) = walk.next(at) {
            let Some(c) = char_at(self.text, stop) else { break };
            let begin = match char_before(self.text, stop) {
                Some(before) if stop > at && self.options.nfc && !self.begins(c) => stop - before.len_utf8(),
                _ => stop,
            };
            let mut end = stop + c.len_utf8();
            while let Some(next) =
                char_at(self.text, end).filter(|next| self.options.nfc && !self.begins(*next))
            {
                end += next.len_utf8();
            }
            self.stretch(begin, end)?;
            at = end;
        }
        Ok(())
    }

    fn stretch(&mut self, begin: usize, end: usize) -> Result<(), EditError> {
        let old = self.text.get(begin..end).unwrap_or_default();
        if is_ordered(old) {
            return Ok(());
        }
        let shaped = old.chars().any(|c| self.is_shaped(c));
        if !shaped && is_nfc_quick(old.chars()) == IsNormalized::Yes {
            return Ok(());
        }
        self.normal.clear();
        if shaped {
            let mut plain = String::with_capacity(old.len());
            old.chars().for_each(|c| self.unshape(c, |part| plain.push(part)));
            self.normal.extend(plain.nfc());
        } else {
            self.normal.extend(old.nfc());
        }
        let new = self.normal.as_str();
        if new == old {
            return Ok(());
        }
        // Only what differs is edited, so that letters stay with themselves.
        let head = common(old.chars(), new.chars());
        let (old, new) = (old.get(head..).unwrap_or_default(), new.get(head..).unwrap_or_default());
        let tail = common(old.chars().rev(), new.chars().rev());
        let range = begin + head..end - tail;
        match new.get(..new.len() - tail).unwrap_or_default() {
            "" => self.edits.delete(range, Attach::Before),
            new => self.edits.replace(range, new),
        }
    }

    /// Whether nothing before `c` can compose with it or trade places with it.
    fn begins(&self, c: char) -> bool {
        if is_plain(c) || vowel_class(c).is_some() {
            return is_plain(c);
        }
        let mut first = None;
        self.unshape(c, |part| {
            first.get_or_insert(part);
        });
        let first = first.unwrap_or(c);
        is_plain(first)
            || (canonical_combining_class(first) == 0
                && is_nfc_quick(std::iter::once(first)) == IsNormalized::Yes)
    }

    fn is_shaped(&self, c: char) -> bool {
        self.options.presentation_forms && class(c) == Class::Presentation
    }

    /// The letters that `c` stands for, or `c` itself.
    fn unshape(&self, c: char, mut add: impl FnMut(char)) {
        if !self.is_shaped(c) {
            return add(c);
        }
        if c == BASMALA {
            return BASMALA_WORDS.chars().for_each(add);
        }
        let mut first = true;
        decompose_compatible(c, |part| {
            // A mark shown by itself comes with a space or a TATWEEL to stand on.
            let carrier = first && matches!(part, ' ' | '\u{0640}');
            first = false;
            if !carrier {
                add(part);
            }
        });
    }
}

/// Letters that begin something new, without a look into the tables.
fn is_plain(c: char) -> bool {
    matches!(c, '\0'..='\u{02FF}' | '\u{0620}'..='\u{064A}' | '\u{0671}'..='\u{06D5}')
}

/// Whether a stretch is a letter with vowel marks in canonical order: stable, without a look into the tables.
fn is_ordered(stretch: &str) -> bool {
    let mut chars = stretch.chars();
    let mut last = 0;
    chars.next().is_some_and(is_plain)
        && chars.all(|c| {
            let class = vowel_class(c).unwrap_or(0);
            std::mem::replace(&mut last, class) <= class && class > 0
        })
}

/// The canonical combining class of the Arabic vowel marks, which compose with nothing.
fn vowel_class(c: char) -> Option<u8> {
    match c {
        '\u{064B}'..='\u{0652}' => Some((c as u32 - 0x064B) as u8 + 27), // FATHATAN … SUKUN
        '\u{0670}' => Some(35),                                          // SUPERSCRIPT ALEF
        _ => None,
    }
}

/// Length in bytes of what two texts begin with alike.
fn common(a: impl Iterator<Item = char>, b: impl Iterator<Item = char>) -> usize {
    a.zip(b).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_outside_the_ranges_is_stable() {
        let unstable = |c: char| UNSTABLE.iter().any(|(first, last)| *first <= c && c <= *last);
        for c in ('\0'..='\u{FFFF}').filter(|c| is_plain(*c) || !unstable(*c)) {
            assert_eq!(canonical_combining_class(c), 0, "{c:?}");
            assert_eq!(is_nfc_quick(std::iter::once(c)), IsNormalized::Yes, "{c:?}");
        }
    }

    #[test]
    fn the_classes_of_vowels_are_those_of_the_tables() {
        for c in '\u{0600}'..='\u{06FF}' {
            assert!(vowel_class(c).is_none_or(|class| class == canonical_combining_class(c)), "{c:?}");
            assert!(
                vowel_class(c).is_none() || is_nfc_quick(['ا', c].into_iter()) == IsNormalized::Yes,
                "{c:?}"
            );
        }
    }

    #[test]
    fn a_form_decomposes_to_something_and_carriers_come_first_only() {
        for c in '\u{FB50}'..='\u{FEFC}' {
            let mut parts = String::new();
            decompose_compatible(c, |part| parts.push(part));
            assert!(!parts.is_empty());
            let inside = parts.chars().skip(1).any(|part| part == '\u{0640}'); // TATWEEL
            assert!(!inside, "{c:?}");
        }
    }
}
