//! Names of persons that the lexicon does not hold as a whole: behind a title, behind a given name, in a
//! speech frame; and the last names that an article teaches.

use std::collections::HashMap;

use isnad_arabic::skeleton;
use isnad_core::Span;
use isnad_lexicon::{FormKind, Lexicon, word_hash};

use crate::naming::{is_connector, is_ordinary, longest, may_be_name, name_token};
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
    while last > first && is_connector(scan, last, lexicon) {
        last -= 1;
    }
    if is_connector(scan, last, lexicon) {
        return None;
    }
    let words = last - first + 1;
    match ground {
        Ground::Title => Some(last),
        Ground::Speech => Some(last),
        Ground::Apposition | Ground::None => {
            let known = (first..=last).filter(|&i| known_token(scan, i, lexicon)).count();
            (words >= 2 && (known >= 2 || (known == 1 && words <= 3 && ground == Ground::Apposition))).then_some(last)
        }
    }
}

fn known_token(scan: &Scan<'_>, index: usize, lexicon: &Lexicon) -> bool {
    name_token(scan, index, lexicon).is_some() || is_connector(scan, index, lexicon)
}

fn begins_name(scan: &Scan<'_>, index: usize, ground: Ground, lexicon: &Lexicon) -> bool {
    let token = name_token(scan, index, lexicon);
    match ground {
        // Behind a title, also a name that is an ordinary word («أمين», «سعيد») when a name follows it.
        Ground::Title | Ground::Apposition => {
            may_be_name(scan, index, lexicon)
                || (token.is_some_and(|t| t.given) && name_token(scan, index + 1, lexicon).is_some())
        }
        Ground::Speech => may_be_name(scan, index, lexicon) && !is_verbal(scan, index, lexicon),
        Ground::None => {
            token.is_some_and(|t| t.given && (!t.ambiguous || certain_after(scan, index, lexicon)))
                && !is_connector(scan, index, lexicon)
        }
    }
}

/// Whether a sure word of a name follows: it makes an ambiguous given name one.
fn certain_after(scan: &Scan<'_>, index: usize, lexicon: &Lexicon) -> bool {
    is_connector(scan, index + 1, lexicon) && scan.folded(index + 1) == "بن"
        || (name_token(scan, index + 1, lexicon).is_some_and(|t| !t.ambiguous) && !is_ordinary(scan, index, lexicon))
}

fn continues_name(scan: &Scan<'_>, first: usize, index: usize, lexicon: &Lexicon) -> bool {
    if scan.sentence(index) != scan.sentence(first) || !matches!(scan.kind(index), Kind::Word) {
        return false;
    }
    if is_connector(scan, index, lexicon) {
        return true;
    }
    let token = name_token(scan, index, lexicon);
    if token.is_some_and(|t| !t.ambiguous) {
        return true;
    }
    let word = scan.folded(index);
    // A name of the world's begins here: a country behind a name is no part of it.
    if longest(scan, index, lexicon).is_some_and(|m| m.hits.iter().all(|hit| hit.label != isnad_lexicon::NameLabel::Per)) {
        return false;
    }
    if let Some(token) = token {
        return !token.ambiguous || after_connector(scan, index, lexicon) || !is_verbal(scan, index, lexicon);
    }
    if !may_be_name(scan, index, lexicon) || is_verbal(scan, index, lexicon) {
        return false;
    }
    // «ونظيره», «بحضور», «لبحث»: an unknown word with what looks like a proclitic ends the name.
    !(word.starts_with(['و', 'ف', 'ب', 'ل', 'ك', 'س']) && word.chars().count() > 4 && !after_connector(scan, index, lexicon))
}

fn after_connector(scan: &Scan<'_>, index: usize, lexicon: &Lexicon) -> bool {
    index > 0 && is_connector(scan, index - 1, lexicon)
}

/// Whether an unknown word looks like a verb in the present: ي or ت before three letters and more.
fn is_verbal(scan: &Scan<'_>, index: usize, lexicon: &Lexicon) -> bool {
    let word = scan.folded(index);
    let cue = scan.readings(index).iter().any(|reading| {
        lexicon.cues.forms(reading.hash, scan.stem(reading)).iter().any(|form| form.kind != FormKind::Masdar)
    });
    cue || (name_token(scan, index, lexicon).is_none()
        && (word.starts_with('ي') || word.starts_with('ت') || word.starts_with("ست") || word.starts_with("سي"))
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
        if letters < 3 || (is_ordinary(scan, last, lexicon) && letters < 5) {
            return;
        }
        let given_only = first == last
            && name_token(scan, last, lexicon).is_some_and(|token| token.ambiguous);
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
    pub(crate) fn find(&self, scan: &Scan<'_>, index: usize, lexicon: &Lexicon) -> Option<Span> {
        let end = scan.span(index).end as usize;
        let whole_known = is_ordinary(scan, index, lexicon);
        for reading in scan.readings(index) {
            let path = reading.path;
            if path.article || path.interrogative || path.particle == Some('س') {
                continue;
            }
            if !path.is_none() && whole_known {
                continue;
            }
            let stem = scan.stem(reading);
            let known = self.exact.contains_key(&reading.hash)
                || (may_be_name(scan, index, lexicon) && self.skeletons.contains_key(skeleton(stem).as_str()));
            if known {
                return Some(Span::new(reading.begin as usize, end));
            }
        }
        None
    }
}
