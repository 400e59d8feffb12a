//! `extract.regions`: the parts of an article: title, paragraphs, dateline, byline.

use isnad_core::{Contract, Example, LayerId, Names, Span, StageError, StageKind, Sym, Writes, per_doc};
use isnad_lexicon::{Lexicon, NameLabel, word_hash};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::plan::{fresh, layer, sym, syms};

const ABOUT: &str = "marks title, paragraphs and dateline";

const DOCS: &str = "\
Writes `region` rows. Every line that holds something is a `paragraph`; where the article came with a
title of its own (several text fields, or the field `title` among them) its first line is `title`
instead. A `dateline` is the place at the beginning of the first paragraph, closed by a dash;
it begins with a place that the lexicon knows.

| first paragraph | dateline |
|---|---|
| الرباط – أكد وزير الخارجية … | الرباط |
| القاهرة (رويترز) - قال مصدر … | القاهرة (رويترز) |
| دمشق، سانا- بحث الرئيس … | دمشق، سانا |
| أكد وزير الخارجية – في بيان – … | |
";

/// Worked examples.
const EXAMPLES: &[Example] = &[
    Example {
        about: "a place at the beginning of the first paragraph",
        options: "{}",
        before: "الخرطوم – أعلنت وزارة الري السودانية الأحد ارتفاع منسوب النيل.\nودعت الوزارة سكان الجزر إلى الحذر.",
        after: "\
region paragraph «الخرطوم – أعلنت وزارة الري السودانية الأحد ارتفاع منسوب النيل.»
region dateline «الخرطوم»
region paragraph «ودعت الوزارة سكان الجزر إلى الحذر.»",
    },
    Example {
        about: "one of three words, where two are the most",
        options: r#"{"dateline_words": 2}"#,
        before: "بيروت، الوكالة الوطنية – عاد الهدوء إلى المدينة صباح اليوم.",
        after: "region paragraph «بيروت، الوكالة الوطنية – عاد الهدوء إلى المدينة صباح اليوم.»",
    },
];

/// Options of `extract.regions`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// The most words that a dateline may have.
    #[schemars(range(min = 1))]
    dateline_words: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options { dateline_words: 5 }
    }
}

pub(crate) fn kind(lexicon: &crate::SharedLexicon) -> StageKind {
    let lexicon = lexicon.clone();
    StageKind::new("extract.regions", ABOUT, DOCS, move |options: Options, _| {
        let lexicon = lexicon.get();
        let contract = Contract::new().writes(
            Writes::rows("region", 1).labels(["title", "paragraph", "dateline"]).rules([
                "line",
                "first-field",
                "dash",
            ]),
        );
        Ok(per_doc(contract, Open::new, move |open, document, cx| {
            let (content, mut rows) = document.annotate(cx);
            let text = content.text();
            let title_end = content.title().map_or(0, |title| content.alignment().to_new(title).end as usize);
            let mut body_begun = false;
            for line in lines(text) {
                if (line.begin as usize) < title_end {
                    fresh(rows.add(open.layer, line, open.title, open.first_field, 1.0))?;
                    continue;
                }
                fresh(rows.add(open.layer, line, open.paragraph, open.line, 1.0))?;
                if !std::mem::replace(&mut body_begun, true)
                    && let Some(dateline) = dateline(text, line, options.dateline_words)
                    && begins_with_place(dateline.of(text), &lexicon)
                {
                    fresh(rows.add(open.layer, dateline, open.dateline, open.dash, 0.8))?;
                }
            }
            Ok(())
        }))
    })
    .with_examples(EXAMPLES)
}

struct Open {
    layer: LayerId,
    title: Sym,
    paragraph: Sym,
    dateline: Sym,
    line: Sym,
    first_field: Sym,
    dash: Sym,
}

impl Open {
    fn new(names: &std::sync::Arc<Names>) -> Result<Self, StageError> {
        let [title, paragraph, dateline] = syms(names, ["title", "paragraph", "dateline"])?;
        Ok(Open {
            layer: layer(names, "region")?,
            title,
            paragraph,
            dateline,
            line: sym(names, "line")?,
            first_field: sym(names, "first-field")?,
            dash: sym(names, "dash")?,
        })
    }
}

/// The lines of a text that hold something, without the white space around.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = Span> + '_ {
    text.split(['\n', '\r', '\u{2028}', '\u{2029}', '\u{85}']).filter_map(|line| {
        let trimmed = line.trim();
        let begin = trimmed.as_ptr() as usize - text.as_ptr() as usize;
        (!trimmed.is_empty()).then(|| Span::new(begin, begin + trimmed.len()))
    })
}

/// The dateline at the beginning of a paragraph: a few words without a verb's punctuation, and a dash.
fn dateline(text: &str, paragraph: Span, most_words: usize) -> Option<Span> {
    let line = paragraph.of(text);
    let mut words = 1;
    let mut brackets = 0i32;
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        match c {
            '-' | '\u{2013}' | '\u{2014}' | '\u{2015}' | '\u{0640}' if brackets == 0 => {
                // A hyphen inside a name («أبو-ظبي») is glued on both sides.
                let next = line.get(at + c.len_utf8()..).and_then(|rest| rest.chars().next()).unwrap_or(' ');
                if before != ' ' && next != ' ' {
                    if c == '\u{0640}' {
                        before = c;
                        continue;
                    }
                    return None;
                }
                let place = line.get(..at)?.trim_end();
                let begin = paragraph.begin as usize;
                return (!place.is_empty()).then(|| Span::new(begin, begin + place.len()));
            }
            '(' => brackets += 1,
            ')' => brackets -= 1,
            ' ' => words += 1,
            '،' | ',' | '/' | '_' => {}
            '.' | ':' | '"' | '«' | '“' | '؛' | '!' | '؟' => return None,
            _ => {}
        }
        if words > most_words + 1 {
            return None;
        }
        before = c;
    }
    None
}

/// Whether the lexicon knows a place by the first word or words.
fn begins_with_place(dateline: &str, lexicon: &Lexicon) -> bool {
    let folded = isnad_arabic::fold(dateline);
    let phrases = lexicon.names.phrases();
    let mut node = phrases.root();
    for word in folded.split([' ', '،', ',', '(', '/']).filter(|word| !word.is_empty()) {
        let Some(next) = phrases.step(node, word_hash(word), word) else { return false };
        node = next;
        if phrases.values(node).iter().any(|hit| matches!(hit.label, NameLabel::Gpe | NameLabel::Loc)) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: Option<&str>) {
        let lexicon = Lexicon::builtin().unwrap();
        let found = dateline(line, Span::new(0, line.len()), 5).map(|span| span.of(line));
        assert_eq!(found.filter(|place| begins_with_place(place, &lexicon)), expected, "{line}");
    }

    #[test]
    fn datelines() {
        check("الرباط – أكد وزير الخارجية", Some("الرباط"));
        check("القاهرة (رويترز) - قال مصدر", Some("القاهرة (رويترز)"));
        check("دمشق، سانا- بحث الرئيس", Some("دمشق، سانا"));
        check("قال الوزير إن المحادثات ستستمر – رغم كل شيء", None);
        check("الدار-البيضاء", None);
    }

    #[test]
    fn lines_that_hold_something() {
        let text = "\n  أول \n\n\tثان\r\n";
        let found: Vec<&str> = lines(text).map(|span| span.of(text)).collect();
        assert_eq!(found, ["أول", "ثان"]);
    }
}
