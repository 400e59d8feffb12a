//! `extract.sentences`: where sentences end.

use std::sync::Arc;

use isnad_arabic::{Class, class, digit_value};
use isnad_core::{Contract, Example, Span, StageKind, Sym, Writes, per_doc};
use isnad_lexicon::Abbreviations;
use memchr::memchr3;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::plan::{layer, sym};

const ABOUT: &str = "divides paragraphs into sentences";

const DOCS: &str = "\
Writes `sentence` rows. A sentence ends at a line's end, at `؟` (U+061F), `?`, `!`, `۔` (U+06D4), and at a
full stop. Closing quotation marks and brackets behind the end belong to the sentence before. Dots in a row
and `…` (U+2026) are a pause: they end nothing inside a line. Nor does a full stop inside a number, time,
address or abbreviation (table `abbreviations.tsv`), behind an initial or the number of a list, nor any
sign that a comma follows.

| text | sentences |
|---|---|
| وصل الوفد. وغادر الوزير. | 2 |
| بلغت النسبة 3.5 بالمئة. | 1 (a decimal) |
| وقال د. ج. ب. الحسيني ذلك | 1 (initials) |
| بحسب وكالة أ.ف.ب. في بيروت | 1 (an abbreviation) |
| قال: “لن نقبل.” ثم غادر. | 2 |
| سأل: «هل نقبل؟»، ثم غادر. | 1 (a comma follows) |
| انتظروا... قليلا | 1 (a pause) |
| 1. وصول الوفد | 1 (the number of a list) |
| انتهى اللقاء.وغادر الوفد | 2 (a space is missing) |
";

const EXAMPLES: &[Example] = &[
    Example {
        about: "full stops that end a sentence and others that do not",
        options: "{}",
        before: "وصل د. سالم ج. الخوري إلى عمان الساعة 10.30 صباحا. وارتفع المؤشر 3.5 في المئة، بحسب أ.ف.ب. في بيروت.",
        after: "sentence «وصل د. سالم ج. الخوري إلى عمان الساعة 10.30 صباحا.»\n\
                sentence «وارتفع المؤشر 3.5 في المئة، بحسب أ.ف.ب. في بيروت.»",
    },
    Example {
        about: "marks behind the end belong to the sentence before, and a comma goes on with it",
        options: "{}",
        before: "سأل النائب: «أين الموازنة؟»، ثم جلس. ورد الوزير: «قريبا!» ولم يزد...",
        after: "sentence «سأل النائب: «أين الموازنة؟»، ثم جلس.»\n\
                sentence «ورد الوزير: «قريبا!»»\n\
                sentence «ولم يزد...»",
    },
    Example {
        about: "the Arabic semicolon, where it is wanted",
        options: "{\"split_at_semicolon\": true}",
        before: "تأجل الاجتماع؛ فالوفد لم يصل",
        after: "sentence «تأجل الاجتماع؛»\nsentence «فالوفد لم يصل»",
    },
];

/// Options of `extract.sentences`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// Whether the Arabic semicolon ends a sentence too.
    split_at_semicolon: bool,
}

pub(crate) fn kind() -> StageKind {
    let kind = StageKind::new("extract.sentences", ABOUT, DOCS, |options: Options, _| {
        let contract = Contract::new().writes(Writes::rows("sentence", 1).exclusive().rules(["stop"]));
        let splitter = Arc::new(Splitter::new(options.split_at_semicolon));
        Ok(per_doc(
            contract,
            |names| Ok((layer(names, "sentence")?, sym(names, "stop")?, Vec::new())),
            move |(sentence, stop, found), document, cx| {
                let (content, mut rows) = document.annotate(cx);
                found.clear();
                splitter.split(content.text(), |span| found.push((span, Sym::NONE)));
                rows.add_all(*sentence, *stop, 1.0, found)?;
                Ok(())
            },
        ))
    });
    kind.with_examples(EXAMPLES)
}

/// Divides texts into sentences.
struct Splitter {
    semicolon: bool,
    abbreviations: Abbreviations,
}

/// What stands at a byte that may end a sentence, with its length.
enum Mark {
    Break(usize),
    Stop(usize),
    /// One full stop or several.
    Dots(usize),
}

/// Marks and stops that belong to the sentence they stand behind.
const CLOSING: [char; 15] =
    ['"', '”', '“', '»', '\'', '’', ')', ']', '!', '؟', '?', '.', '\u{2026}', '۔', '\u{203A}'];

/// Marks that may stand right before an initial.
const OPENING: [char; 8] = ['"', '“', '”', '«', '‘', '\'', '(', '['];

/// Signs that go on with a sentence, whatever stands before them.
const GOING_ON: [char; 6] = ['،', ',', '؛', ';', ':', '/'];

/// The longest abbreviation, in characters, and the shortest words between which a full stop without a
/// space is one.
const ABBREVIATION: usize = 12;
const GLUED: (usize, usize) = (3, 2);

/// Bytes of marks that may end a sentence, in threes: of those of several bytes (U+0085, U+061B, U+061F,
/// U+06D4; U+2026, U+2028, U+2029) the first or the last, whichever is rarer in Arabic text.
const TRIOS: [[u8; 3]; 4] =
    [[b'.', b'\n', 0x9F], [b'!', b'?', 0xE2], [b'\r', 0xC2, 0x94], [0x9B, 0x9B, 0x9B]];

/// The places of these bytes.
struct Places<'t> {
    bytes: &'t [u8],
    /// The next place of each three.
    next: [usize; TRIOS.len()],
}

impl Places<'_> {
    /// The first one at or behind `at`, which does not go back.
    fn at_or_behind(&mut self, at: usize) -> Option<usize> {
        for (next, [a, b, c]) in self.next.iter_mut().zip(TRIOS) {
            if *next <= at {
                let found = self.bytes.get(at..).and_then(|rest| memchr3(a, b, c, rest));
                *next = found.map_or(usize::MAX, |place| at + place);
            }
        }
        self.next.into_iter().min().filter(|place| *place < self.bytes.len())
    }
}

impl Splitter {
    fn new(semicolon: bool) -> Self {
        let abbreviations =
            Abbreviations::builtin().expect("the tables of isnad-lexicon are tested to be well formed");
        Splitter { semicolon, abbreviations }
    }

    /// Calls `found` with each sentence of a text, without the white space around it.
    fn split(&self, text: &str, mut found: impl FnMut(Span)) {
        let mut emit = |begin: usize, end: usize| {
            let piece = text.get(begin..end).unwrap_or_default();
            let begin = begin + (piece.len() - piece.trim_start().len());
            let len = piece.trim().len();
            if len > 0 {
                found(Span::new(begin, begin + len));
            }
        };
        let (mut begin, mut at) = (0, 0);
        let mut places = Places { bytes: text.as_bytes(), next: [0; TRIOS.len()] };
        while let Some((place, mark)) = self.next_mark(&mut places, at) {
            let len = match mark {
                Mark::Break(len) => {
                    emit(begin, place);
                    (begin, at) = (place + len, place + len);
                    continue;
                }
                Mark::Stop(len) | Mark::Dots(len) => len,
            };
            at = place + len;
            if let Mark::Dots(dots) = mark
                && (dots > 1 || !self.ends_at_dot(text, begin, place))
            {
                continue;
            }
            let rest = text.get(at..).unwrap_or_default();
            let closing: usize = rest.chars().take_while(|c| CLOSING.contains(c)).map(char::len_utf8).sum();
            at += closing;
            let next = rest.get(closing..).and_then(|rest| rest.chars().find(|&c| !is_unseen(c)));
            if next.is_some_and(|c| goes_on(text, place, c)) {
                continue;
            }
            emit(begin, at);
            begin = at;
        }
        emit(begin, text.len());
    }

    /// The next place at or behind `at` where a sentence may end.
    fn next_mark(&self, places: &mut Places<'_>, mut at: usize) -> Option<(usize, Mark)> {
        let bytes = places.bytes;
        loop {
            at = places.at_or_behind(at)?;
            let pair = |first: u8| at > 0 && bytes.get(at - 1) == Some(&first);
            let mark = match bytes.get(at)? {
                b'\n' | b'\r' => (at, Mark::Break(1)),
                0xC2 if bytes.get(at + 1) == Some(&0x85) => (at, Mark::Break(2)),
                0xE2 if matches!(bytes.get(at + 1..at + 3), Some([0x80, 0xA8 | 0xA9])) => {
                    (at, Mark::Break(3))
                }
                // An ellipsis is two dots and more.
                0xE2 if bytes.get(at + 1..at + 3) == Some(&[0x80, 0xA6]) => (at, Mark::Dots(3)),
                b'!' | b'?' => (at, Mark::Stop(1)),
                0x9F if pair(0xD8) => (at - 1, Mark::Stop(2)),
                0x9B if self.semicolon && pair(0xD8) => (at - 1, Mark::Stop(2)),
                0x94 if pair(0xDB) => (at - 1, Mark::Stop(2)),
                b'.' => {
                    let run = bytes.get(at..)?.iter().take_while(|byte| **byte == b'.').count();
                    (at, Mark::Dots(run))
                }
                _ => {
                    at += 1;
                    continue;
                }
            };
            return Some(mark);
        }
    }

    /// Whether a full stop may end the sentence that begins at `begin`.
    fn ends_at_dot(&self, text: &str, begin: usize, dot: usize) -> bool {
        let before = text.get(begin..dot).unwrap_or_default();
        let mut behind = text.get(dot + 1..).unwrap_or_default().chars().filter(|&c| !is_unseen(c));
        let mut backwards = before.chars().rev().filter(|&c| !is_unseen(c)).peekable();
        let mut next = behind.next().unwrap_or(' ');
        if next.is_alphanumeric() {
            // «… انتهى اللقاء.وغادر …»: a space is missing.
            let letters = |c: &char| matches!(class(*c), Class::Letter);
            let (before, after) = GLUED;
            return letters(&next)
                && backwards.take(before).filter(letters).count() == before
                && behind.take(after - 1).filter(letters).count() == after - 1;
        }
        // The word before: letters and the full stops inside it, backwards.
        let (mut word, mut len) = ([' '; ABBREVIATION + 1], 0);
        for place in &mut word {
            let Some(c) = backwards.next_if(|&c| is_letter(c) || c == '.') else { break };
            *place = c;
            len += 1;
        }
        let word = word.get(..len).unwrap_or_default();
        let alone = backwards.peek().is_none_or(|c| c.is_whitespace() || OPENING.contains(c));
        let farther = backwards.find(|c| !c.is_whitespace());
        if word.is_empty() {
            // «1. …»: the number of a list, at the beginning of a line.
            let listed = farther.is_some_and(|c| digit_value(c).is_some())
                && before.chars().all(|c| digit_value(c).is_some() || is_unseen(c) || c.is_whitespace())
                && !next.is_alphanumeric();
            return !listed;
        }
        let mut parts = word.split(|&c| c == '.');
        if parts.all(|part| part.len() <= 1) {
            // Initials and letters with full stops between them; behind a number a letter is a unit or era.
            return !alone || !word.contains(&'.') && farther.is_some_and(|c| digit_value(c).is_some());
        }
        while next.is_whitespace() {
            next = behind.next().unwrap_or('.');
        }
        let word: String = word.iter().rev().collect();
        !self.abbreviations.has(&word, digit_value(next).is_some())
    }
}

/// Whether a sentence goes on behind a sign at `at` and the marks that close behind it: a comma follows, or
/// the sign is part of an address.
fn goes_on(text: &str, at: usize, next: char) -> bool {
    let inside = |c: char| c.is_ascii_graphic();
    let before = text.get(..at).and_then(|before| before.chars().next_back());
    GOING_ON.contains(&next)
        || next.is_ascii_alphanumeric()
            && before.is_some_and(inside)
            && text.as_bytes().get(at) == Some(&b'?')
}

fn is_letter(c: char) -> bool {
    class(c) == Class::Letter || c.is_alphabetic()
}

/// Whether a character shows nothing by itself.
fn is_unseen(c: char) -> bool {
    !c.is_ascii() && matches!(class(c), Class::Mark | Class::Tatweel | Class::Bidi | Class::ZeroWidth)
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use proptest::prelude::*;

    static SPLITTER: LazyLock<Splitter> = LazyLock::new(|| Splitter::new(false));

    fn check(text: &str, expected: &[&str]) {
        let mut found = Vec::new();
        SPLITTER.split(text, |span| found.push(&text[span.range()]));
        assert_eq!(found, expected);
    }

    #[test]
    fn ends_and_what_only_looks_like_one() {
        check("وصل الوفد. وغادر الوزير.", &["وصل الوفد.", "وغادر الوزير."]);
        check("وصل الوفد.\n\n غادر الوزير", &["وصل الوفد.", "غادر الوزير"]);
        check("بلغت النسبة 3.5 بالمئة عند 10.30", &["بلغت النسبة 3.5 بالمئة عند 10.30"]);
        check("قال: “لن نقبل.” ثم غادر.", &["قال: “لن نقبل.”", "ثم غادر."]);
        check("انتظروا... قليلا… نعم", &["انتظروا... قليلا… نعم"]);
        check("لماذا؟! لا أحد يعرف", &["لماذا؟!", "لا أحد يعرف"]);
        check("«لماذا؟»، سأل الرجل", &["«لماذا؟»، سأل الرجل"]);
        check("اقرأ https://example.org/?a=b. ثم", &["اقرأ https://example.org/?a=b.", "ثم"]);
        check("انتهى اللقاء.وغادر الوفد", &["انتهى اللقاء.", "وغادر الوفد"]);
    }

    #[test]
    fn abbreviations_initials_and_lists() {
        check("وقال د. ج. ب. الحسيني ذلك", &["وقال د. ج. ب. الحسيني ذلك"]);
        check("د\u{202A}.\u{202C} ديفيد", &["د\u{202A}.\u{202C} ديفيد"]); // LEFT-TO-RIGHT EMBEDDING, its end
        check("بحسب أ.ف.ب. في بيروت", &["بحسب أ.ف.ب. في بيروت"]);
        check("قال Dr. Salem، رقم No. 5", &["قال Dr. Salem، رقم No. 5"]);
        check("ولد عام 1990 م. وتوفي", &["ولد عام 1990 م.", "وتوفي"]);
        check("وقع عام 2010. وانتهى", &["وقع عام 2010.", "وانتهى"]);
        check("1. وصول الوفد\n٢. اللقاء", &["1. وصول الوفد", "٢. اللقاء"]);
    }

    proptest! {
        #[test]
        fn sentences_hold_everything_that_is_not_white_space(text in "[\u{0600}-\u{06FF}a-z0-9 \n\r\u{85}\u{2028}.!?؟…«»“”\"()،:/]{0,60}") {
            let mut at = 0;
            SPLITTER.split(&text, |span| {
                assert!(text[at..span.begin as usize].chars().all(char::is_whitespace));
                assert_eq!(span.of(&text).trim(), span.of(&text));
                at = span.end as usize;
            });
            prop_assert!(text[at..].chars().all(char::is_whitespace));
        }
    }
}
