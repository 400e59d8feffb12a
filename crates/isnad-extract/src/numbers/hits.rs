//! What the words of a document mean for numbers and times: every word is looked up once, in all its
//! readings, and both recognisers walk along the result.

use isnad_lexicon::{Facts, Lexicon, NumberKind, NumberWord, Phrases, TimeWord, UnitWord};

use crate::words::{Kind, Reading, Scan};

/// What a word, or a phrase that begins with it, is known as.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Item {
    /// A word of number.
    Number(NumberWord),
    /// A word or phrase of time.
    Time(TimeWord),
    /// A currency or measure.
    Unit(UnitWord),
}

/// One meaning of one reading of a word.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hit {
    /// Where it begins in the text: behind و ف ب ل ك, before the article.
    pub begin: u32,
    /// How many words it takes.
    pub words: u8,
    /// The conjunction before it.
    pub conjunction: Option<char>,
    /// The preposition before it.
    pub particle: Option<char>,
    /// Whether it bears the article, cut off to find it.
    pub article: bool,
    /// What it means.
    pub item: Item,
}

/// The meanings of all words of a document.
#[derive(Debug, Default)]
pub(crate) struct Hits {
    hits: Vec<Hit>,
    /// Where the hits of each word begin.
    first: Vec<u32>,
}

/// Words and their meanings together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lexed<'a> {
    /// The words.
    pub scan: Scan<'a>,
    hits: &'a Hits,
}

impl Hits {
    /// Looks every word up.
    pub(crate) fn new(scan: &Scan<'_>, lexicon: &Lexicon) -> Self {
        let mut hits = Hits::default();
        hits.first.reserve(scan.len() + 1);
        for index in 0..scan.len() {
            hits.first.push(hits.hits.len() as u32);
            match scan.kind(index) {
                Kind::Word | Kind::Latin | Kind::Punctuation => hits.look_up(scan, lexicon, index),
                _ => {}
            }
        }
        hits.first.push(hits.hits.len() as u32);
        hits
    }

    fn look_up(&mut self, scan: &Scan<'_>, lexicon: &Lexicon, index: usize) {
        let mut outer = scan.span(index).begin;
        for (at, reading) in scan.readings(index).iter().enumerate() {
            let stem = scan.stem(reading);
            if at == 1
                && let Some(whole) = scan.readings(index).first()
                && whole.facts.has(Facts::WHOLE)
            {
                break;
            }
            if !reading.path.article {
                outer = reading.begin;
            }
            // The interrogative and the future do not stand before nouns.
            let possible = !reading.path.interrogative && reading.path.particle != Some('س');
            if !possible || !reading.facts.has(Facts::QUANTITY) {
                continue;
            }
            let hit = |words: usize, item| Hit {
                begin: outer,
                words: words.min(u8::MAX as usize) as u8,
                conjunction: reading.path.conjunction,
                particle: reading.path.particle,
                article: reading.path.article,
                item,
            };
            if let Some(number) = lexicon.numbers.word(reading.hash, stem) {
                self.hits.push(hit(1, Item::Number(number)));
            }
            walk(scan, lexicon.times.phrases(), index, reading, |words, word| {
                self.hits.push(hit(words, Item::Time(word)));
            });
            if !reading.path.article {
                walk(scan, lexicon.numbers.phrases(), index, reading, |words, unit| {
                    self.hits.push(hit(words, Item::Unit(unit)));
                });
            }
        }
    }
}

/// All phrases that begin with a reading of a word; words behind it stand as they are.
fn walk<V: Copy>(
    scan: &Scan<'_>,
    phrases: &Phrases<V>,
    index: usize,
    reading: &Reading,
    mut found: impl FnMut(usize, V),
) {
    let mut node = phrases.step(phrases.root(), reading.hash, scan.stem(reading));
    let mut words = 1;
    while let Some(here) = node {
        for value in phrases.values(here) {
            found(words, *value);
        }
        let next = index + words;
        node = scan.readings(next).first().filter(|_| scan.sentence(next) == scan.sentence(index)).and_then(
            |whole| {
                words += 1;
                phrases.step(here, whole.hash, scan.stem(whole))
            },
        );
    }
}

impl<'a> Lexed<'a> {
    /// Words with their meanings.
    pub(crate) fn new(scan: Scan<'a>, hits: &'a Hits) -> Self {
        Lexed { scan, hits }
    }

    /// The meanings of a word.
    pub(crate) fn hits(&self, index: usize) -> &'a [Hit] {
        let first = |i: usize| self.hits.first.get(i).map_or(self.hits.hits.len(), |&at| at as usize);
        self.hits.hits.get(first(index)..first(index + 1)).unwrap_or_default()
    }

    /// The longest meaning in time that `wanted` takes, and what it makes of it.
    pub(crate) fn time<T>(
        &self,
        index: usize,
        wanted: impl Fn(&Hit, TimeWord) -> Option<T>,
    ) -> Option<(&'a Hit, T)> {
        let mut best: Option<(&Hit, T)> = None;
        for hit in self.hits(index) {
            if let Item::Time(word) = hit.item
                && best.as_ref().is_none_or(|(known, _)| known.words < hit.words)
                && let Some(value) = wanted(hit, word)
            {
                best = Some((hit, value));
            }
        }
        best
    }

    /// Whether a word has this meaning in time.
    pub(crate) fn is_time(&self, index: usize, wanted: TimeWord) -> bool {
        self.hits(index).iter().any(|hit| hit.item == Item::Time(wanted))
    }

    /// Whether the word before has this meaning in time; one that a phrase ends with counts too.
    pub(crate) fn is_time_before(&self, index: usize, wanted: TimeWord) -> bool {
        (1..=3).any(|back| {
            index.checked_sub(back).is_some_and(|at| {
                self.together(at, index)
                    && self
                        .hits(at)
                        .iter()
                        .any(|hit| hit.words as usize == back && hit.item == Item::Time(wanted))
            })
        })
    }

    /// The first meaning as a word of number, with this kind.
    pub(crate) fn number(&self, index: usize, kind: NumberKind) -> Option<(&'a Hit, NumberWord)> {
        self.hits(index).iter().find_map(|hit| match hit.item {
            Item::Number(number) if number.kind == kind => Some((hit, number)),
            _ => None,
        })
    }

    /// Whether two words stand in the same sentence.
    pub(crate) fn together(&self, one: usize, other: usize) -> bool {
        other < self.scan.len() && self.scan.sentence(one) == self.scan.sentence(other)
    }

    /// Whether a word is this punctuation.
    pub(crate) fn is_sign(&self, index: usize, signs: &[&str]) -> bool {
        self.scan.kind(index) == Kind::Punctuation && signs.contains(&self.scan.folded(index))
    }

    /// The word before, folded; `""` at the beginning of a sentence.
    pub(crate) fn before(&self, index: usize) -> &'a str {
        match index.checked_sub(1) {
            Some(at) if self.together(at, index) => self.scan.folded(at),
            _ => "",
        }
    }

    /// Where a word ends in the text.
    pub(crate) fn end(&self, index: usize) -> u32 {
        self.scan.span(index).end
    }
}
