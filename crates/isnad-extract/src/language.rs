//! `extract.language`: which language of the Arabic script an article is written in.

use std::sync::Arc;

use isnad_arabic::{Class, class};
use isnad_core::{Contract, LayerId, Names, Span, StageError, StageKind, Sym, Writes, per_doc};
use isnad_lexicon::{Table, WordTable, data, word_hash};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::plan::{layer, sym};

const ABOUT: &str = "tells the language of an article: Arabic, another language in Arabic script, or neither";

const DOCS: &str = "\
Counts, over the beginning of the text, letters that only one language uses and its function words
(table `languages.tsv`). Writes one `language` row over the whole text, labelled with the ISO 639 code,
or `und` where less than half of the letters are Arabic script. An article that is not `ar` gets no
further rows: the extractors see no words in it.

| text | label |
|---|---|
| وقال الوزير إن المحادثات ستستمر | ar |
| وزیر خارجه گفت که مذاکرات ادامه دارد | fa |
| Le ministre a déclaré | und |
";

/// Options of `extract.language`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// How many bytes at the beginning of the text are looked at.
    #[schemars(range(min = 64))]
    sample: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options { sample: 4096 }
    }
}

pub(crate) fn kind() -> StageKind {
    StageKind::new("extract.language", ABOUT, DOCS, |options: Options, _| {
        let model = Arc::new(Model::new());
        let contract = Contract::new().writes(
            Writes::rows("language", 1)
                .exclusive()
                .labels(model.codes.clone())
                .labels(["und"])
                .rules(["letters-and-words"]),
        );
        Ok(per_doc(
            contract,
            {
                let model = Arc::clone(&model);
                move |names| Open::new(names, &model)
            },
            move |open, document, cx| {
                let (content, mut rows) = document.annotate(cx);
                let text = content.text();
                if text.trim().is_empty() {
                    return Ok(());
                }
                let (best, share) =
                    model.guess(content.folded().text(), text, options.sample, &mut open.scores);
                let label = best.and_then(|index| open.labels.get(index)).copied().unwrap_or(open.und);
                rows.add(open.layer, Span::new(0, text.len()), label, open.rule, share)?;
                if best != Some(0) {
                    let code = best.and_then(|i| model.codes.get(i)).map_or("und", String::as_str);
                    document.warn(
                        "not-arabic",
                        format!("the article is not in Arabic (`{code}`): no facts are extracted"),
                    );
                }
                Ok(())
            },
        ))
    })
}

struct Open {
    layer: LayerId,
    labels: Vec<Sym>,
    und: Sym,
    rule: Sym,
    scores: Vec<u32>,
}

impl Open {
    fn new(names: &Names, model: &Model) -> Result<Self, StageError> {
        Ok(Open {
            layer: layer(names, "language")?,
            labels: model.codes.iter().map(|code| sym(names, code)).collect::<Result<_, _>>()?,
            und: sym(names, "und")?,
            rule: sym(names, "letters-and-words")?,
            scores: Vec::new(),
        })
    }
}

/// What each language is known by; Arabic comes first.
struct Model {
    codes: Vec<String>,
    /// Per letter from U+0600 on: a bit for each language that it speaks for.
    letters: Vec<u32>,
    words: WordTable<Vec<usize>>,
}

/// Where the letters of the script begin.
const BLOCK: usize = 0x600;

/// A letter of its own says as much as this many …
const LETTER: u32 = 1;
/// … and a function word as this many.
const WORD: u32 = 3;

impl Model {
    fn new() -> Self {
        let table = Table::parse("languages.tsv", data::LANGUAGES, &["code", "letters", "words"])
            .expect("the tables of the crate are tested to be well formed");
        let mut model = Model { codes: Vec::new(), letters: vec![0; 0x100], words: WordTable::default() };
        for (index, record) in table.records().enumerate() {
            model.codes.push(record.get("code").to_owned());
            for c in record.get("letters").chars() {
                if let Some(marks) = (c as usize).checked_sub(BLOCK).and_then(|i| model.letters.get_mut(i)) {
                    *marks |= 1 << index;
                }
            }
            for word in record.list("words") {
                model.words.entry(word, Vec::new).push(index);
            }
        }
        model
    }

    /// The best language, and how much of what was counted spoke for it; `None` without Arabic script.
    fn guess(&self, folded: &str, text: &str, sample: usize, scores: &mut Vec<u32>) -> (Option<usize>, f32) {
        scores.clear();
        scores.resize(self.codes.len(), 0);
        let (mut arabic, mut other) = (0u32, 0u32);
        for c in head(text, sample).chars() {
            match class(c) {
                Class::Letter | Class::ExtendedLetter => {
                    arabic += 1;
                    let marks = (c as usize)
                        .checked_sub(BLOCK)
                        .and_then(|i| self.letters.get(i))
                        .copied()
                        .unwrap_or(0);
                    let mut rest = marks;
                    while rest != 0 {
                        add(scores, rest.trailing_zeros() as usize, LETTER);
                        rest &= rest - 1;
                    }
                }
                Class::Presentation => arabic += 1,
                Class::Latin => other += 1,
                Class::Other => other += u32::from(c.is_alphabetic()),
                _ => {}
            }
        }
        if arabic <= other {
            return (None, if arabic + other == 0 { 0.0 } else { other as f32 / (arabic + other) as f32 });
        }
        for word in head(folded, sample).split_ascii_whitespace() {
            for index in self.words.get(word_hash(word), word).into_iter().flatten() {
                add(scores, *index, WORD);
            }
        }
        let total: u32 = scores.iter().sum();
        // Nothing counted, as in a headline of three names: Arabic, without much confidence.
        let best =
            (0..scores.len()).max_by_key(|&i| (scores.get(i).copied(), std::cmp::Reverse(i))).unwrap_or(0);
        let won = scores.get(best).copied().unwrap_or(0);
        (Some(best), if total == 0 { 0.5 } else { won as f32 / total as f32 })
    }
}

fn add(scores: &mut [u32], index: usize, points: u32) {
    if let Some(score) = scores.get_mut(index) {
        *score += points;
    }
}

fn head(text: &str, sample: usize) -> &str {
    text.get(..text.floor_char_boundary(sample)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let model = Model::new();
        let (best, _) = model.guess(&isnad_arabic::fold(text), text, 4096, &mut Vec::new());
        assert_eq!(best.map_or("und", |i| &model.codes[i]), expected, "{text}");
    }

    #[test]
    fn languages_of_one_script() {
        check("وقال وزير الخارجية إن المحادثات ستستمر حتى نهاية الأسبوع", "ar");
        check("وزیر خارجه گفت که مذاکرات تا پایان هفته ادامه خواهد داشت و این برای کشور مهم است", "fa");
        check("وزیر خارجہ نے کہا ہے کہ مذاکرات ہفتے کے آخر تک جاری رہیں گے", "ur");
        check("وەزیری دەرەوە گوتی کە دانوستانەکان بەردەوام دەبن لە هەولێر", "ckb");
        check("Le ministre a déclaré que les négociations continueraient", "und");
        check("بلينكن وبوريطة", "ar");
        check("", "und");
    }
}
