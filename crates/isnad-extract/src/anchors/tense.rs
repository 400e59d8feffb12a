//! Whether a clause speaks of what is to come: the verb nearest to a time tells.

use isnad_core::Span;
use isnad_lexicon::{Lexicon, TimeWord, WordClass};

use crate::numbers::Lexed;

/// How far a verb may stand from the time it governs.
const REACH: usize = 24;

/// What a word says about the time of its clause.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tense {
    Past,
    Coming,
}

/// Whether the time at a word is still to come, by the nearest verb before it in its sentence, or
/// behind it where none stands before.
pub(super) fn is_coming(lexed: &Lexed<'_>, lexicon: &Lexicon, word: usize, span: Span) -> bool {
    let (first, end) = lexed.scan.sentence_words(lexed.scan.sentence(word));
    let before = (first.max(word.saturating_sub(REACH))..word).rev();
    let behind = (word..end.min(word + REACH)).filter(|&at| lexed.scan.span(at).begin >= span.end);
    before.chain(behind).find_map(|at| tense(lexed, lexicon, at)) == Some(Tense::Coming)
}

fn tense(lexed: &Lexed<'_>, lexicon: &Lexicon, index: usize) -> Option<Tense> {
    if !lexed.scan.is_word(index) {
        return None;
    }
    if lexed.is_time(index, TimeWord::Coming) {
        return Some(Tense::Coming);
    }
    if lexed.is_time(index, TimeWord::Gone) {
        return Some(Tense::Past);
    }
    let readings = lexed.scan.readings(index);
    let whole = readings.first()?;
    let known = lexicon.vocabulary.class(whole.hash, lexed.scan.stem(whole));
    if matches!(known, None | Some(WordClass::Noun)) && has_object(lexicon, lexed.scan.stem(whole)) {
        return Some(Tense::Past);
    }
    if known.is_some_and(|class| class != WordClass::Verb) {
        return None;
    }
    let is_verb = |at: usize| {
        readings.get(at).is_some_and(|reading| {
            let stem = lexed.scan.stem(reading);
            lexicon.vocabulary.class(reading.hash, stem) == Some(WordClass::Verb)
                || !lexicon.cues.forms(reading.hash, stem).is_empty()
        })
    };
    for (at, reading) in readings.iter().enumerate() {
        let stem = lexed.scan.stem(reading);
        if reading.path.article || reading.path.interrogative || !(is_verb(at) || (is_verb(0) && at > 0)) {
            continue;
        }
        if reading.path.particle == Some('س') {
            if stem.starts_with(['ي', 'ت', 'ن']) {
                return Some(Tense::Coming);
            }
            continue;
        }
        if reading.path.particle.is_some() || !is_verb(at) {
            continue;
        }
        // «سيجتمع» as one word of the list.
        let future = stem.strip_prefix('س').filter(|rest| rest.starts_with(['ي', 'ت', 'ن']));
        if future.is_some_and(|rest| rest.chars().count() >= 3)
            && lexed.scan.readings(index).len() > 1
            && is_future(stem, lexicon)
        {
            return Some(Tense::Coming);
        }
        match stem.chars().next() {
            Some('ي') if stem.chars().count() >= 3 => {
                let negated = lexed.before(index) == "لم" || lexed.before(index) == "ولم";
                let said = lexicon.cues.forms(reading.hash, stem).iter().next().is_some();
                return (!said || !negated).then_some(if negated || said {
                    Tense::Past
                } else {
                    Tense::Coming
                });
            }
            // «تعقد» and «تحدث» are present and past at once: they say nothing, unless the past has its own ت.
            Some('ت') if stem.ends_with('ت') && stem.chars().count() > 4 => return Some(Tense::Past),
            Some('ت') if stem.chars().count() == 3 => return Some(Tense::Coming),
            Some('ت') => continue,
            _ => return Some(Tense::Past),
        }
    }
    None
}

/// «شهدته», «طورتها»: a perfect with an attached object.
fn has_object(lexicon: &Lexicon, word: &str) -> bool {
    isnad_arabic::enclitics(word).any(|enclitic| {
        let stem = word.get(..enclitic.stem).unwrap_or_default();
        let verb = lexicon.vocabulary.class(isnad_lexicon::word_hash(stem), stem) == Some(WordClass::Verb);
        verb && !stem.starts_with(['ي', 'ت', 'ن', 'س'])
    })
}

/// Whether a word is س with an imperfect that is a verb itself, as opposed to «سيطر».
fn is_future(word: &str, lexicon: &Lexicon) -> bool {
    word.strip_prefix('س').is_some_and(|verb| {
        let hash = isnad_lexicon::word_hash(verb);
        lexicon.vocabulary.class(hash, verb) == Some(WordClass::Verb)
            || !lexicon.cues.forms(hash, verb).is_empty()
    })
}
