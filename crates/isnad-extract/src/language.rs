//! `extract.language`: which language of the Arabic script an article is written in.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use foldhash::fast::FixedState;
use isnad_arabic::{Class, class};
use isnad_core::{Contract, Example, LayerId, Names, Span, StageError, StageKind, Sym, Writes, per_doc};
use isnad_lexicon::{Table, data};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::plan::{layer, sym};

const ABOUT: &str = "tells the language of an article: Arabic, another language in Arabic script, or neither";

const DOCS: &str = "\
Counts, over the beginning of the text, letters beyond those of Arabic, function words, and how words begin
(table `languages.tsv`). Writes one `language` row over the whole text, labelled with the ISO 639 code:
Arabic (in all its dialects), Persian, Urdu, Western Punjabi, Pashto, Central and Northern Kurdish, Uyghur,
Sindhi, Kashmiri, Kazakh, Kirghiz, Azerbaijani, Uzbek; `und` where less than half of the letters are Arabic
script (those of addresses do not count), or where they fit none of these. The score is the share of what was
counted that spoke for the label; 0.5 where nothing could be counted, as in a headline of names. An article
that is not `ar` gets no further rows: the extractors see no words in it.

| text | label |
|---|---|
| وقال الوزير إن المحادثات ستستمر | ar |
| شو رأيك بهالخبر؟ | ar |
| وزیر خارجه گفت که مذاکرات ادامه دارد | fa |
| وزیر خارجہ نے کہا ہے | ur |
| Le ministre a déclaré | und |
";

const EXAMPLES: &[Example] = &[
    Example {
        about: "Arabic, though it quotes Persian",
        options: "{}",
        before: "نشرت الصحيفة عنوانا بالفارسية هو «گفتگو با وزیر»، وقالت إن الوزير يصل غدا.",
        after: "language ar «نشرت الصحيفة عنوانا بالفارسية هو «گفتگو با وزیر»، وقالت إن الوزير يصل غدا.»",
    },
    Example {
        about: "Urdu",
        options: "{}",
        before: "وزیر خارجہ نے کہا ہے کہ مذاکرات جاری رہیں گے۔",
        after: "language ur «وزیر خارجہ نے کہا ہے کہ مذاکرات جاری رہیں گے۔»",
    },
    Example {
        about: "another script",
        options: "{}",
        before: "Le ministre a déclaré que les négociations continueraient.",
        after: "language und «Le ministre a déclaré que les négociations continueraient.»",
    },
];

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
    let kind = StageKind::new("extract.language", ABOUT, DOCS, |options: Options, _| {
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
                let (best, share) = model.guess(text, options.sample, &mut open.tally);
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
    });
    kind.with_examples(EXAMPLES)
}

struct Open {
    layer: LayerId,
    labels: Vec<Sym>,
    und: Sym,
    rule: Sym,
    tally: Tally,
}

impl Open {
    fn new(names: &Names, model: &Model) -> Result<Self, StageError> {
        Ok(Open {
            layer: layer(names, "language")?,
            labels: model.codes.iter().map(|code| sym(names, code)).collect::<Result<_, _>>()?,
            und: sym(names, "und")?,
            rule: sym(names, "letters-and-words")?,
            tally: Tally::default(),
        })
    }
}

/// What each language is known by; Arabic comes first.
struct Model {
    codes: Vec<String>,
    /// Letters beyond those of Arabic, in order, with the points that one gives to each language.
    letters: Vec<(char, Vec<i32>)>,
    /// Words in their plain spelling, with the languages that have them.
    words: HashMap<String, Vec<usize>, FixedState>,
    starts: Vec<(usize, String)>,
}

/// Points of a letter that only one language writes, of one that it writes, of one that it does not …
const OWN: i32 = 3;
const KNOWN: i32 = 1;
const FOREIGN: i32 = -2;
/// … of a function word, and of the beginning of a word.
const WORD: i32 = 3;
const START: i32 = 1;

/// The letters and words of a text, counted.
#[derive(Default)]
struct Tally {
    scores: Vec<i32>,
    word: String,
}

/// What stands between two spaces: its letters of other scripts count where it is no address, handle or hashtag.
#[derive(Default)]
struct Chunk {
    letters: u32,
    stopped: bool,
    address: bool,
}

impl Chunk {
    fn letter(&mut self) {
        self.letters += 1;
        self.address |= self.stopped;
    }

    fn sign(&mut self, c: char) {
        self.address |= matches!(c, '@' | '#' | '/' | '_');
        self.stopped |= c == '.';
    }

    fn take(&mut self) -> u32 {
        let chunk = std::mem::take(self);
        if chunk.address { 0 } else { chunk.letters }
    }
}

impl Model {
    fn new() -> Self {
        let columns = ["code", "own", "letters", "starts", "words"];
        let table = Table::parse("languages.tsv", data::LANGUAGES, &columns)
            .expect("the tables of the crate are tested to be well formed");
        let mut model =
            Model { codes: Vec::new(), letters: Vec::new(), words: HashMap::default(), starts: Vec::new() };
        let mut letters: BTreeSet<char> = BTreeSet::new();
        for record in table.records() {
            letters.extend(record.get("own").chars().chain(record.get("letters").chars()));
        }
        model.letters = letters.into_iter().map(|letter| (letter, Vec::new())).collect();
        for (index, record) in table.records().enumerate() {
            model.codes.push(record.get("code").to_owned());
            for (letter, points) in &mut model.letters {
                points.push(match *letter {
                    c if record.get("own").contains(c) => OWN,
                    c if record.get("letters").contains(c) => KNOWN,
                    _ => FOREIGN,
                });
            }
            for word in record.list("words") {
                let languages = model.words.entry(word.chars().filter_map(plain).collect()).or_default();
                if !languages.contains(&index) {
                    languages.push(index);
                }
            }
            model.starts.extend(
                record.list("starts").map(|start| (index, start.chars().filter_map(plain).collect())),
            );
        }
        model
    }

    /// The best language, and how much of what was counted spoke for it; `None` where less than half of the
    /// letters are Arabic script, and where they speak against every language of the table.
    fn guess(&self, text: &str, sample: usize, tally: &mut Tally) -> (Option<usize>, f32) {
        tally.scores.clear();
        tally.scores.resize(self.codes.len(), 0);
        tally.word.clear();
        let (mut arabic, mut other) = (0u32, 0u32);
        let mut chunk = Chunk::default();
        for c in head(text, sample).chars().chain([' ']) {
            match class(c) {
                Class::Letter => {
                    arabic += 1;
                    tally.word.extend(plain(c));
                    continue;
                }
                Class::ExtendedLetter => {
                    arabic += 1;
                    tally.word.extend(plain(c));
                    self.letter(c, &mut tally.scores);
                    continue;
                }
                Class::Presentation => arabic += 1,
                Class::Mark | Class::Tatweel | Class::ZeroWidth => continue,
                Class::Space | Class::OddSpace | Class::Break => other += chunk.take(),
                Class::AsciiPunctuation => chunk.sign(c),
                Class::Latin => chunk.letter(),
                Class::Other if c.is_alphabetic() => chunk.letter(),
                _ => {}
            }
            if !tally.word.is_empty() {
                self.word(&tally.word, &mut tally.scores);
                tally.word.clear();
            }
        }
        if arabic <= other {
            return (None, if arabic + other == 0 { 0.0 } else { other as f32 / (arabic + other) as f32 });
        }
        let total: i32 = tally.scores.iter().filter(|score| **score > 0).sum();
        let ranked = tally.scores.iter().enumerate().max_by_key(|&(index, score)| (score, Reverse(index)));
        let (best, won) = ranked.map_or((0, 0), |(index, score)| (index, *score));
        match won {
            // Nothing counted, as in a headline of three names: Arabic, without much confidence.
            0 => (Some(best), 0.5),
            1.. => (Some(best), won as f32 / total as f32),
            _ => (None, 0.5),
        }
    }

    fn letter(&self, c: char, scores: &mut [i32]) {
        if let Ok(at) = self.letters.binary_search_by_key(&c, |(letter, _)| *letter)
            && let Some((_, points)) = self.letters.get(at)
        {
            scores.iter_mut().zip(points).for_each(|(score, points)| *score += points);
        }
    }

    fn word(&self, word: &str, scores: &mut [i32]) {
        let mut add = |index: usize, points: i32| {
            if let Some(score) = scores.get_mut(index) {
                *score += points;
            }
        };
        match self.words.get(word) {
            Some(languages) => languages.iter().for_each(|&index| add(index, WORD)),
            None => {
                for (index, start) in &self.starts {
                    if word.len() > start.len() + 2 && word.starts_with(start.as_str()) {
                        add(*index, START);
                        break;
                    }
                }
            }
        }
    }
}

/// A letter in the spelling in which words are compared: ی as ي, ک as ك, without marks and tatweel.
fn plain(c: char) -> Option<char> {
    match c {
        'ی' => Some('ي'),
        'ک' => Some('ك'),
        _ if matches!(class(c), Class::Mark | Class::Tatweel | Class::ZeroWidth) => None,
        _ => Some(c),
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
        let mut tally = Tally::default();
        let (best, share) = model.guess(text, 4096, &mut tally);
        let code = best.map_or("und", |i| &model.codes[i]);
        assert_eq!(code, expected, "{text} {:?}", model.codes.iter().zip(&tally.scores).collect::<Vec<_>>());
        assert!((0.0..=1.0).contains(&share));
    }

    #[test]
    fn languages_of_one_script() {
        check("وقال وزير الخارجية إن المحادثات ستستمر حتى نهاية الأسبوع", "ar");
        check("وزیر خارجه گفت که مذاکرات تا پایان هفته ادامه خواهد داشت و این برای کشور مهم است", "fa");
        check("وزیر خارجہ نے کہا ہے کہ مذاکرات ہفتے کے آخر تک جاری رہیں گے", "ur");
        check("وەزیری دەرەوە گوتی کە دانوستانەکان بەردەوام دەبن لە هەولێر", "ckb");
        check("د بهرنیو چارو وزیر وویل چې خبرې به تر اونۍ پورې دوام وکړي او په کابل کې به وي", "ps");
        check("پرڏيهي وزير چيو آهي ته ڳالهيون هفتي جي آخر تائين جاري رهنديون", "sd");
        check("تاشقى ئىشلار مىنىستىرى سۆھبەتنىڭ ھەپتە ئاخىرىغىچە داۋام قىلىدىغانلىقىنى ئېيتتى", "ug");
        check("وزیر خارجہ نے آکھیا اے پئی گل بات ہفتے دے اخیر تیکر لاہور وچ ہندی رہوے گی تے نال", "pnb");
    }

    #[test]
    fn arabic_in_all_its_forms() {
        check("بلينكن وبوريطة", "ar");
        check("د. سالم الخوري", "ar");
        check("اقرأ https://www.example.org/news/2023 press@example.org", "ar");
        check("شو رأيك بهالخبر؟ والله ما كنت بعرف إنو رح يسافر بكرا", "ar");
        check("عايزين نعرف هما راحوا فين النهارده", "ar");
        check("هادي گاع الناس اللي جاو من الدار البيضا", "ar");
        check("قال الوزیر إن المحادثات في ﺍﻟﻘﺎﻫﺮﺓ", "ar");
        check("نشرت الصحيفة عنوانا هو «گفتگو با وزیر»، وقالت إن الوزير سيزور بغداد الأسبوع المقبل", "ar");
    }

    #[test]
    fn neither() {
        check("Le ministre a déclaré que les négociations continueraient", "und");
        check("CNN وBBC", "und");
        check("https://example.org/news", "und");
        check("2023-05-16", "und");
        check("", "und");
    }
}
