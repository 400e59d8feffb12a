//! `extract.sentences`: where sentences end.

use isnad_core::{Contract, Span, StageKind, Sym, Writes, per_doc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::plan::{layer, sym};
use crate::regions::lines;

const ABOUT: &str = "Divide paragraphs into sentences";

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
                    while let Some(end) = sentence_end(text, begin, line.end as usize, options.split_at_semicolon) {
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
    let mut chars = line.char_indices().peekable();
    let mut letters_before = 0;
    while let Some((at, c)) = chars.next() {
        let stops = match c {
            '؟' | '?' | '!' | '\u{2026}' | '۔' => true,
            '؛' => semicolon,
            '.' => {
                let mut dots = 1;
                while chars.next_if(|&(_, next)| next == '.').is_some() {
                    dots += 1;
                }
                let next = chars.peek().map_or(' ', |&(_, next)| next);
                // Two dots and more are a pause; one dot behind a single letter is an initial.
                dots == 1 && letters_before != 1 && !next.is_alphanumeric()
            }
            _ => false,
        };
        letters_before = if c.is_alphabetic() { letters_before + 1 } else { 0 };
        if !stops {
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some(&(next_at, next)) = chars.peek() {
            if !matches!(next, '"' | '”' | '“' | '»' | '\'' | '’' | ')' | ']' | '!' | '؟' | '?' | '.' | '\u{2026}') {
                break;
            }
            // An opening mark behind a stop has a space before it.
            end = next_at + next.len_utf8();
            chars.next();
        }
        return Some(begin + end);
    }
    Some(line_end)
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
