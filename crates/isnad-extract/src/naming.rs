//! What the extractors of names ask of a word: the lexicon's names that begin at it, and whether it can
//! be part of a person's name at all.

use isnad_core::Span;
use isnad_lexicon::{Facts, Lexicon, NameHit, NameToken, WordClass};

use crate::words::{Kind, Reading, Scan};

/// Words `first..=last` that the lexicon knows as a name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Match<'l> {
    /// The first word.
    pub(crate) first: usize,
    /// The last word.
    pub(crate) last: usize,
    /// Its place in the text, without proclitics.
    pub(crate) span: Span,
    /// What the phrase may be.
    pub(crate) hits: &'l [NameHit],
    /// Proclitics were cut off.
    pub(crate) bare: bool,
}

/// The longest name of the lexicon that begins at a word.
pub(crate) fn longest<'l>(scan: &Scan<'_>, index: usize, lexicon: &'l Lexicon) -> Option<Match<'l>> {
    if !scan.readings(index).iter().any(|reading| reading.facts.has(Facts::NAME_START))
        || !matches!(scan.kind(index), Kind::Word | Kind::Latin)
        || lexicon.vocabulary.is_function_word(scan.text(index))
    {
        return None;
    }
    let mut best: Option<Match<'l>> = None;
    let whole_known = is_whole(scan, index);
    for reading in scan.readings(index) {
        if !reading.facts.has(Facts::NAME_START) || !may_precede_name(reading) {
            continue;
        }
        let Some((last, hits)) = walk(scan, index, reading, lexicon) else { continue };
        let longer = best.is_none_or(|b| last > b.last);
        // «بيان» is no «ب» + «يان»: an ordinary word is not cut for a name of one word.
        let sound = reading.path.is_none() || last > index || !whole_known;
        if longer && sound {
            let span = Span::new(reading.begin as usize, scan.span(last).end as usize);
            best = Some(Match { first: index, last, span, hits, bare: !reading.path.is_none() });
        }
    }
    best
}

fn walk<'l>(
    scan: &Scan<'_>,
    index: usize,
    reading: &Reading,
    lexicon: &'l Lexicon,
) -> Option<(usize, &'l [NameHit])> {
    let phrases = lexicon.names.phrases();
    let mut node = phrases.step(phrases.root(), reading.hash, scan.stem(reading))?;
    let mut found = None;
    let mut last = index;
    loop {
        let values = phrases.values(node);
        if !values.is_empty() {
            found = Some((last, values));
        }
        let mut next = last + 1;
        // A hyphen inside a name: «أبو-ظبي».
        if scan.folded(next) == "-" && scan.is_glued(next) && scan.is_glued(next + 1) {
            next += 1;
        }
        let Some(word) = scan.get(next) else { return found };
        if !matches!(word.kind, Kind::Word | Kind::Latin | Kind::Number)
            || word.sentence != scan.sentence(index)
        {
            return found;
        }
        let folded = scan.folded(next);
        let Some(step) = phrases.step(node, isnad_lexicon::word_hash(folded), folded) else { return found };
        node = step;
        last = next;
    }
}

/// Whether a reading leaves a word that can be a name: ك is rare before names, س never stands there, and
/// an article is part of the name or does not belong to it.
fn may_precede_name(reading: &Reading) -> bool {
    let path = reading.path;
    !path.article && !path.interrogative && path.particle != Some('س')
}

/// Whether the whole word is an ordinary word of the language.
pub(crate) fn is_ordinary(scan: &Scan<'_>, index: usize) -> bool {
    scan.readings(index).first().is_some_and(|whole| whole.facts.has(Facts::ORDINARY))
}

/// Whether the word is known as a whole, so that its first letter is no proclitic.
pub(crate) fn is_whole(scan: &Scan<'_>, index: usize) -> bool {
    scan.readings(index).first().is_some_and(|whole| whole.facts.has(Facts::ORDINARY.or(Facts::WHOLE)))
}

/// The class of the whole word, with its conjunction cut off where needed.
pub(crate) fn word_class(scan: &Scan<'_>, index: usize, lexicon: &Lexicon) -> Option<WordClass> {
    let ordinary = |reading: &&Reading| reading.facts.has(Facts::ORDINARY);
    scan.readings(index)
        .iter()
        .find(ordinary)
        .and_then(|reading| lexicon.vocabulary.class(reading.hash, scan.stem(reading)))
}

/// What is known of a word as part of a person's name.
pub(crate) fn name_token(scan: &Scan<'_>, index: usize, lexicon: &Lexicon) -> Option<NameToken> {
    let whole = scan.readings(index).first().filter(|whole| whole.facts.has(Facts::NAME_TOKEN))?;
    if lexicon.vocabulary.is_function_word(scan.text(index)) {
        return None;
    }
    lexicon.vocabulary.name_token(whole.hash, scan.stem(whole))
}

/// Whether a word joins the parts of a person's name and never ends it.
pub(crate) fn is_connector(scan: &Scan<'_>, index: usize) -> bool {
    scan.readings(index).first().is_some_and(|whole| whole.facts.has(Facts::CONNECTOR))
}

/// Whether a word can stand in a person's name that nothing but its surroundings speaks for: a word of
/// Arabic script that is no ordinary word, verb of speech, title or number.
pub(crate) fn may_be_name(scan: &Scan<'_>, index: usize, lexicon: &Lexicon) -> bool {
    if scan.kind(index) != Kind::Word || lexicon.vocabulary.is_function_word(scan.text(index)) {
        return false;
    }
    if name_token(scan, index, lexicon).is_some_and(|token| !token.ambiguous) || is_connector(scan, index) {
        return true;
    }
    if scan.folded(index).chars().count() < 3 || is_ordinary(scan, index) {
        return false;
    }
    let Some(whole) = scan.readings(index).first() else { return false };
    let other = Facts::TITLE.or(Facts::ORG_HEAD).or(Facts::SOURCE).or(Facts::MODIFIER).or(Facts::VERBAL_CUE);
    !whole.facts.has(other) && (whole.facts.has(Facts::WHOLE) || !is_inflected_ordinary(scan, index, lexicon))
}

/// Whether the word is an ordinary word with proclitics («وبحث», «للحوار») or a pronoun («رئيسها»).
fn is_inflected_ordinary(scan: &Scan<'_>, index: usize, lexicon: &Lexicon) -> bool {
    let ordinary = Facts::ORDINARY.or(Facts::TITLE);
    if scan.readings(index).iter().skip(1).any(|reading| reading.facts.has(ordinary.or(Facts::CUE))) {
        return true;
    }
    let word = scan.folded(index);
    if !word.ends_with(['ا', 'م', 'ن', 'ي']) {
        return false;
    }
    isnad_arabic::enclitics(word).filter(|e| e.pronoun != "ك" && e.pronoun != "ه").any(|enclitic| {
        let stem = word.get(..enclitic.stem).unwrap_or_default();
        lexicon.facts(isnad_lexicon::word_hash(stem)).has(ordinary)
    })
}

/// The longest phrase of a trie that begins at a word: its last word, the reading of the first, its value.
pub(crate) fn longest_phrase<'s, 'l, V>(
    scan: &Scan<'s>,
    index: usize,
    phrases: &'l isnad_lexicon::Phrases<V>,
    start: Facts,
    fits: impl Fn(&Reading) -> bool,
) -> Option<(usize, &'s Reading, &'l V)> {
    let mut best: Option<(usize, &'s Reading, &'l V)> = None;
    for reading in scan.readings(index) {
        if !reading.facts.has(start) || !fits(reading) {
            continue;
        }
        let Some(mut node) = phrases.step(phrases.root(), reading.hash, scan.stem(reading)) else { continue };
        let mut last = index;
        loop {
            if let Some(value) = phrases.values(node).first()
                && best.is_none_or(|(known, _, _)| last > known)
            {
                best = Some((last, reading, value));
            }
            last += 1;
            if scan.sentence(last) != scan.sentence(index) {
                break;
            }
            let folded = scan.folded(last);
            match phrases.step(node, isnad_lexicon::word_hash(folded), folded) {
                Some(next) => node = next,
                None => break,
            }
        }
    }
    best
}

/// The first hit of a match that bears a label.
pub(crate) fn hit_of(found: &Match<'_>, label: isnad_lexicon::NameLabel) -> Option<NameHit> {
    found.hits.iter().find(|hit| hit.label == label).copied()
}

/// Whether the word begins with the article, behind no proclitic or behind و.
pub(crate) fn is_definite(scan: &Scan<'_>, index: usize) -> bool {
    let word = scan.folded(index);
    let word = word.strip_prefix('و').filter(|rest| rest.starts_with("ال")).unwrap_or(word);
    // «التزام», «إلغاء»: the first letters can belong to the word itself.
    let own =
        scan.readings(index).iter().any(|r| r.facts.has(Facts::WHOLE) && scan.stem(r).starts_with("ال"));
    !own && word.starts_with("ال") && word.chars().count() > 3
}
