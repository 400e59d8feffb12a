//! Names of persons that the lexicon does not hold as a whole: behind a title, behind a given name, in a
//! speech frame; and the last names that an article teaches.

use std::collections::HashMap;

use isnad_arabic::{skeleton, skeleton_into};
use isnad_core::Span;
use isnad_lexicon::{Facts, FormKind, Lexicon, NameHit, NameLabel, word_hash};

use crate::naming::{is_connector, is_ordinary, is_whole, longest, may_be_name, name_token};
use crate::words::{Kind, Scan};

/// The most words of a person's name.
const MOST_WORDS: usize = 6;

/// How sure the surroundings are that a person's name begins here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ground {
    /// A title stands right before.
    Title,
    /// A title and a comma stand before: the name must look like one.
    Apposition,
    /// A verb of speech stands before.
    Speech,
    /// Nothing: the words alone must say it.
    None,
}

/// The last word of the person's name that begins at a word.
pub(crate) fn name_end(scan: &Scan<'_>, first: usize, ground: Ground, lexicon: &Lexicon) -> Option<usize> {
    if !begins_name(scan, first, ground, lexicon) {
        return None;
    }
    let mut last = first;
    let mut at = first + 1;
    while at < first + MOST_WORDS && continues_name(scan, first, at, lexicon) {
        last = at;
        at += 1;
    }
    // A connector never ends a name.
    while last > first && is_connector(scan, last) {
        last -= 1;
    }
    if is_connector(scan, last) {
        return None;
    }
    let words = last - first + 1;
    match ground {
        Ground::Title => Some(last),
        Ground::Speech => Some(last),
        Ground::Apposition | Ground::None => {
            let known = (first..=last).filter(|&i| known_token(scan, i, lexicon)).count();
            let unheard = (first..=last).all(|i| known_token(scan, i, lexicon) || is_unheard(scan, i));
            let enough =
                known >= 2 || (known == 1 && words <= 3 && (ground == Ground::Apposition || unheard));
            (words >= 2 && enough).then_some(last)
        }
    }
}

/// Whether no table knows the word, however it is read.
fn is_unheard(scan: &Scan<'_>, index: usize) -> bool {
    scan.readings(index).iter().all(|reading| reading.facts.is_empty())
}

fn known_token(scan: &Scan<'_>, index: usize, lexicon: &Lexicon) -> bool {
    name_token(scan, index, lexicon).is_some() || is_connector(scan, index)
}

fn begins_name(scan: &Scan<'_>, index: usize, ground: Ground, lexicon: &Lexicon) -> bool {
    let token = name_token(scan, index, lexicon);
    match ground {
        // Behind a title, also a name that is an ordinary word («أمين», «سعيد») when a name follows it.
        Ground::Title | Ground::Apposition => {
            (may_be_name(scan, index, lexicon) && (token.is_some() || !seems_joined(scan, index)))
                || (token.is_some_and(|t| t.given)
                    && (name_token(scan, index + 1, lexicon).is_some()
                        || (scan.is_word(index + 1) && is_unheard(scan, index + 1))))
        }
        Ground::Speech => {
            may_be_name(scan, index, lexicon)
                && !is_verbal(scan, index, lexicon)
                && (token.is_some() || !seems_joined(scan, index))
        }
        Ground::None => {
            // «رأى لافروف»: folded, a verb of speech can look like a given name.
            // «المصري محمد صلاح»: a nationality before a name is no part of it.
            let group = longest(scan, index, lexicon)
                .is_some_and(|m| m.hits.iter().any(|hit| hit.label == NameLabel::Norp));
            let verb =
                group || scan.readings(index).first().is_some_and(|whole| whole.facts.has(Facts::VERBAL_CUE));
            let given =
                token.is_some_and(|t| t.given && (!t.ambiguous || certain_after(scan, index, lexicon)));
            ((given && !is_connector(scan, index)) || is_servant(scan, index, lexicon)) && !verb
        }
    }
}

/// Whether «عبد» and the word behind it are one given name: «عبد الرحمن».
fn is_servant(scan: &Scan<'_>, index: usize, lexicon: &Lexicon) -> bool {
    if !is_connector(scan, index) || !scan.folded(index + 1).starts_with("ال") {
        return false;
    }
    let joined = format!("{}{}", scan.folded(index), scan.folded(index + 1));
    lexicon.vocabulary.name_token(word_hash(&joined), &joined).is_some()
}

/// Whether a sure word of a name follows: it makes an ambiguous given name one.
fn certain_after(scan: &Scan<'_>, index: usize, lexicon: &Lexicon) -> bool {
    is_connector(scan, index + 1) && scan.folded(index + 1) == "بن"
        || (name_token(scan, index + 1, lexicon).is_some_and(|t| !t.ambiguous) && !is_ordinary(scan, index))
}

fn continues_name(scan: &Scan<'_>, first: usize, index: usize, lexicon: &Lexicon) -> bool {
    let other_sentence = scan.sentence(index) != scan.sentence(first);
    if other_sentence
        || scan.kind(index) != Kind::Word
        || lexicon.vocabulary.is_function_word(scan.text(index))
    {
        return false;
    }
    let found = longest(scan, index, lexicon);
    // «… سامح شكري أنتوني بلينكن»: another person's full name begins here.
    let person = |hit: &NameHit| hit.label == NameLabel::Per && !hit.short;
    if found.as_ref().is_some_and(|m| m.last > m.first && m.hits.iter().any(person)) {
        return false;
    }
    if is_connector(scan, index) {
        return true;
    }
    let token = name_token(scan, index, lexicon);
    if token.is_some_and(|t| !t.ambiguous) {
        return true;
    }
    // A name of the world's begins here: a country behind a name is no part of it.
    // But a family may be named for its town: «الطرابلسي».
    let other = |hit: &NameHit| match hit.label {
        NameLabel::Per => false,
        NameLabel::Norp => lexicon.names.entity(hit.entity).is_some_and(|entity| !entity.country.is_empty()),
        _ => true,
    };
    if found
        .is_some_and(|m| m.hits.iter().any(other) && !m.hits.iter().any(|hit| hit.label == NameLabel::Per))
    {
        return false;
    }
    if let Some(token) = token {
        return !token.ambiguous || after_connector(scan, index) || !is_verbal(scan, index, lexicon);
    }
    if !may_be_name(scan, index, lexicon) || is_verbal(scan, index, lexicon) {
        return false;
    }
    !seems_joined(scan, index) || after_connector(scan, index)
}

/// Whether a word that no table knows seems to bear a proclitic: «ونظيره», «لبيتاس» behind a known stem.
fn seems_joined(scan: &Scan<'_>, index: usize) -> bool {
    if is_whole(scan, index) {
        return false;
    }
    let word = scan.folded(index);
    let stem_known = scan.readings(index).iter().skip(1).any(|reading| !reading.facts.is_empty());
    stem_known || word.starts_with(['و', 'ف'])
}

fn after_connector(scan: &Scan<'_>, index: usize) -> bool {
    index > 0 && is_connector(scan, index - 1)
}

/// Whether an unknown word looks like a verb in the present: ي or ت before three letters and more.
fn is_verbal(scan: &Scan<'_>, index: usize, lexicon: &Lexicon) -> bool {
    let word = scan.folded(index);
    let cue = scan.readings(index).iter().any(|reading| {
        lexicon.cues.forms(reading.hash, scan.stem(reading)).iter().any(|form| form.kind != FormKind::Masdar)
    });
    cue || (name_token(scan, index, lexicon).is_none()
        && (word.starts_with('ي')
            || word.starts_with('ت')
            || word.starts_with("ست")
            || word.starts_with("سي"))
        && word.chars().count() >= 4)
}

/// The names that an article teaches: last words of full names, and what they belong to.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// By [`word_hash`] of the folded last name.
    exact: HashMap<u64, (), foldhash::fast::FixedState>,
    /// By skeleton key, for names of three consonants and more.
    skeletons: HashMap<String, (), foldhash::fast::FixedState>,
}

impl Memory {
    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.exact.clear();
        self.skeletons.clear();
    }

    /// Learns the last name of a full name, or the only name behind a title.
    pub(crate) fn learn(&mut self, scan: &Scan<'_>, first: usize, last: usize, lexicon: &Lexicon) {
        let word = scan.folded(last);
        let letters = word.chars().count();
        if letters < 3 || (is_ordinary(scan, last) && letters < 5) {
            return;
        }
        let given_only =
            first == last && name_token(scan, last, lexicon).is_some_and(|token| token.ambiguous);
        if given_only || lexicon.vocabulary.class(word_hash(word), word).is_some() {
            return;
        }
        self.exact.insert(word_hash(word), ());
        let key = skeleton(word);
        if key.chars().count() >= 4 {
            self.skeletons.insert(key, ());
        }
    }

    /// Whether nothing was learned.
    pub(crate) fn is_empty(&self) -> bool {
        self.exact.is_empty()
    }

    /// The place of a learned last name at a word, without its proclitics.
    pub(crate) fn find(
        &self,
        scan: &Scan<'_>,
        index: usize,
        lexicon: &Lexicon,
        key: &mut String,
    ) -> Option<Span> {
        // Ordinary words are never learned.
        let ordinary = is_ordinary(scan, index)
            && !scan.readings(index).first().is_some_and(|r| r.facts.has(Facts::NAME_TOKEN));
        if ordinary || lexicon.vocabulary.is_function_word(scan.text(index)) {
            return None;
        }
        let end = scan.span(index).end as usize;
        let whole_known = is_whole(scan, index);
        let mut unknown = None;
        for reading in scan.readings(index) {
            let path = reading.path;
            let proclitic = !path.is_none();
            if path.article || path.interrogative || path.particle == Some('س') || (proclitic && whole_known)
            {
                continue;
            }
            let place = Span::new(reading.begin as usize, end);
            if self.exact.contains_key(&reading.hash) {
                return Some(place);
            }
            // Another spelling of a learned name is a word that nothing else is known of.
            if !whole_known && reading.facts.is_empty() {
                key.clear();
                skeleton_into(scan.stem(reading), key);
                if self.skeletons.contains_key(key.as_str())
                    && *unknown.get_or_insert_with(|| may_be_name(scan, index, lexicon))
                {
                    return Some(place);
                }
            }
        }
        None
    }
}
