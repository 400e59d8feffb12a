//! `extract.sentences`: where sentences end.

use isnad_core::{Contract, Span, StageKind, Sym, Writes, per_doc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::plan::{layer, sym};
use crate::regions::lines;

const ABOUT: &str = "divides paragraphs into sentences";

const DOCS: &str = "\
Writes `sentence` rows. A sentence ends at a line's end, at `؟`, `?`, `!`, `…`, `۔`, and at a full stop
that is followed by white space, a closing mark or the line's end. Closing quotation marks and brackets
behind the end belong to the sentence before.

| text | sentences |
|---|---|
| وصل الوفد. وغادر الوزير. | 2 |
| بلغت النسبة 3.5 بالمئة. | 1 (a decimal) |
| أ. ب. الحسيني | 1 (initials) |
| قال: “لن نقبل.” ثم غادر. | 2 |
| انتظروا... قليلا | 1 (an ellipsis inside a line) |
";

/// Options of `extract.sentences`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// Whether the Arabic semicolon ends a sentence too.
    split_at_semicolon: bool,
}

pub(crate) fn kind() -> StageKind {
    StageKind::new("extract.sentences", ABOUT, DOCS, |options: Options, _| {
        let contract = Contract::new().writes(Writes::rows("sentence", 1).exclusive().rules(["stop"]));
        Ok(per_doc(
            contract,
            |names| Ok((layer(names, "sentence")?, sym(names, "stop")?)),
            move |&mut (sentence, stop), document, cx| {
                let (content, mut rows) = document.annotate(cx);
                let text = content.text();
                for line in lines(text) {
                    let mut begin = line.begin as usize;
                    while let Some(end) =
                        sentence_end(text, begin, line.end as usize, options.split_at_semicolon)
                    {
                        rows.add(sentence, Span::new(begin, end), Sym::NONE, stop, 1.0)?;
                        let rest = text.get(end..line.end as usize).unwrap_or_default();
                        begin = line.end as usize - rest.trim_start().len();
                    }
                }
                Ok(())
            },
        ))
    })
}

/// Where the sentence that begins at `begin` ends; `None` where nothing is left.
fn sentence_end(text: &str, begin: usize, line_end: usize, semicolon: bool) -> Option<usize> {
    let line = text.get(begin..line_end).filter(|line| !line.is_empty())?;
    let mut from = 0;
    while let Some((at, len)) = next_stop(line, from, semicolon) {
        from = at + len;
        if line.as_bytes().get(at) == Some(&b'.') && !ends_at_dot(line, at, len) {
            continue;
        }
        let closing = line.get(from..).unwrap_or_default().chars().take_while(|c| CLOSING.contains(c));
        return Some(begin + from + closing.map(char::len_utf8).sum::<usize>());
    }
    Some(line_end)
}

/// Marks and stops that belong to the sentence they stand behind.
const CLOSING: [char; 15] =
    ['"', '”', '“', '»', '\'', '’', ')', ']', '!', '؟', '?', '.', '\u{2026}', '۔', '\u{203A}'];

/// The next character that may end a sentence, and the length of its run.
fn next_stop(line: &str, from: usize, semicolon: bool) -> Option<(usize, usize)> {
    let bytes = line.as_bytes();
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        let len = match byte {
            b'.' => bytes.get(at..).unwrap_or_default().iter().take_while(|b| **b == b'.').count(),
            b'!' | b'?' => 1,
            // ؟ U+061F, ؛ U+061B, ۔ U+06D4, … U+2026
            0xD8 if bytes.get(at + 1) == Some(&0x9F) => 2,
            0xD8 if semicolon && bytes.get(at + 1) == Some(&0x9B) => 2,
            0xDB if bytes.get(at + 1) == Some(&0x94) => 2,
            0xE2 if bytes.get(at + 1..at + 3) == Some(&[0x80, 0xA6]) => 3,
            _ => {
                at += 1;
                continue;
            }
        };
        return Some((at, len));
    }
    None
}

/// Whether a full stop ends a sentence: two dots and more are a pause, one behind a single letter is an
/// initial, one before a letter or digit is part of something.
fn ends_at_dot(line: &str, at: usize, dots: usize) -> bool {
    let next = line.get(at + dots..).and_then(|rest| rest.chars().next()).unwrap_or(' ');
    let mut before = line.get(..at).unwrap_or_default().chars().rev();
    let initial =
        before.next().is_some_and(char::is_alphabetic) && !before.next().is_some_and(char::is_alphabetic);
    dots == 1 && !initial && !next.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let mut found = Vec::new();
        let mut begin = 0;
        while let Some(end) = sentence_end(text, begin, text.len(), false) {
            found.push(&text[begin..end]);
            begin = text.len() - text[end..].trim_start().len();
        }
        assert_eq!(found, expected);
    }

    #[test]
    fn ends_and_what_only_looks_like_one() {
        check("وصل الوفد. وغادر الوزير.", &["وصل الوفد.", "وغادر الوزير."]);
        check("بلغت النسبة 3.5 بالمئة.", &["بلغت النسبة 3.5 بالمئة."]);
        check("وقال أ. ب. الحسيني ذلك", &["وقال أ. ب. الحسيني ذلك"]);
        check("قال: “لن نقبل.” ثم غادر.", &["قال: “لن نقبل.”", "ثم غادر."]);
        check("انتظروا... قليلا", &["انتظروا... قليلا"]);
        check("لماذا؟! لا أحد يعرف", &["لماذا؟!", "لا أحد يعرف"]);
    }
}
