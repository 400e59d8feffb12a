//! Which phrases of a document say most about it.

use std::collections::{HashMap, HashSet};

use foldhash::fast::FixedState;

use crate::background::Background;
use crate::phrases::{Key, LONGEST, NONE, Unit, each_phrase, key};
use crate::words::Role;

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    /// How many phrases.
    pub(crate) count: usize,
    /// Most words of a phrase.
    pub(crate) longest: usize,
    /// How often a phrase must stand in the document.
    pub(crate) least: u32,
}

/// A key phrase.
#[derive(Clone, Debug)]
pub(crate) struct Keyword {
    /// Its words, folded and without what is attached, one space between them.
    pub(crate) norm: String,
    /// How many words.
    pub(crate) words: usize,
    /// First and last word of each occurrence, in the order of the text.
    pub(crate) places: Vec<(usize, usize)>,
    /// Term frequency times inverse document frequency, each from 0 to 1.
    pub(crate) score: f64,
}

/// What a phrase gains with each word behind its first one: a name says more than its parts.
const LONGER: f64 = 0.3;

/// What a lone adjective of relation counts: «التركية» says less than «الليرة التركية».
const RELATION: f64 = 0.5;

/// The key phrases of a document, the best one first. `norms` are the words behind the numbers.
pub(crate) fn rank(units: &[Unit], norms: &[&str], background: &Background, wanted: Wanted) -> Vec<Keyword> {
    let mut counts: HashMap<Key, (u32, usize), FixedState> = HashMap::default();
    each_phrase(units, wanted.longest.min(LONGEST), |first, last| {
        counts.entry(key(units, first, last)).or_insert((0, first)).0 += 1;
    });
    let inner: HashSet<u32, FixedState> =
        units.iter().filter(|unit| unit.role == Role::Inner).map(|unit| unit.norm).collect();
    let has_inner = |phrase: &Key| words(phrase).any(|word| inner.contains(&word));
    let inside = inside(&counts);
    let behind_noun = behind_noun(units);
    let most = counts.values().map(|(count, _)| *count).max().unwrap_or(1);
    let mut candidates = Vec::new();
    for (phrase, &(count, first)) in &counts {
        // What stands in a longer phrase two times out of three is a part of it.
        let within = inside.get(phrase).copied().unwrap_or(0);
        if count < wanted.least || within * 3 >= count * 2 {
            continue;
        }
        let parts: Vec<&str> =
            words(phrase).filter_map(|number| norms.get(number as usize).copied()).collect();
        let norm = parts.join(" ");
        let known = parts.len() == 1 || background.frequency(&norm) > 0;
        // Once is no evidence that words belong together, and twice none that a preposition does.
        if !known && count < if has_inner(phrase) { 3 } else { 2 } {
            continue;
        }
        let mean = || parts.iter().map(|word| background.weight(word)).sum::<f64>() / parts.len() as f64;
        let weight = if known { background.weight(&norm) } else { mean() };
        let is_relation = parts.len() == 1
            && norm.chars().count() > 3
            && (norm.ends_with('ي') || norm.ends_with("يه"))
            && words(phrase).any(|word| behind_noun.get(&word).is_some_and(|behind| behind * 3 >= count * 2));
        let form = if is_relation { RELATION } else { 1.0 + LONGER * (parts.len() - 1) as f64 };
        let value = f64::from(count) * weight * form;
        let score = (value / f64::from(most)).min(1.0);
        candidates.push((
            value,
            first,
            *phrase,
            count,
            Keyword { norm, words: parts.len(), places: Vec::new(), score },
        ));
    }
    candidates.sort_by(|(a, first, _, _, one), (b, other, _, _, two)| {
        b.total_cmp(a).then(first.cmp(other)).then_with(|| one.norm.cmp(&two.norm))
    });
    let mut chosen: Vec<(Key, u32, Keyword)> = Vec::new();
    for (_, _, phrase, count, keyword) in candidates {
        if chosen.len() >= wanted.count {
            break;
        }
        let part_of = |(longer, ..): &&(Key, u32, Keyword)| is_part(&phrase, longer);
        let elsewhere =
            chosen.iter().filter(part_of).fold(count, |left, (_, count, _)| left.saturating_sub(*count));
        // Of a phrase that is there already, its parts are wanted only if they stand alone as often as asked.
        let wanted_alone = elsewhere == count || elsewhere >= wanted.least.max(2);
        // «مشروع قانون ضريبة» beside «قانون ضريبة الدخل»: both are cut out of one longer phrase.
        let shifted =
            chosen.iter().any(|(other, ..)| is_shifted(&phrase, other) || is_shifted(other, &phrase));
        if wanted_alone && !shifted {
            chosen.push((phrase, count, keyword));
        }
    }
    let mut keywords: Vec<(Key, Keyword)> =
        chosen.into_iter().map(|(key, _, keyword)| (key, keyword)).collect();
    place(units, &mut keywords);
    keywords.into_iter().map(|(_, keyword)| keyword).collect()
}

/// How often each word stands right behind a word of content.
fn behind_noun(units: &[Unit]) -> HashMap<u32, u32, FixedState> {
    let mut behind: HashMap<u32, u32, FixedState> = HashMap::default();
    for (before, unit) in units.iter().zip(units.iter().skip(1)) {
        if before.role == Role::Content && !unit.breaks {
            *behind.entry(unit.norm).or_default() += 1;
        }
    }
    behind
}

/// For each phrase, how often the longer phrase stands that holds it most often, of those that stand twice.
fn inside(counts: &HashMap<Key, (u32, usize), FixedState>) -> HashMap<Key, u32, FixedState> {
    let mut inside: HashMap<Key, u32, FixedState> = HashMap::default();
    for (phrase, &(count, _)) in counts.iter().filter(|(_, (count, _))| *count > 1) {
        let len = words(phrase).count();
        for begin in 0..len {
            for end in begin + 1..=len {
                if end - begin < len {
                    let most = inside.entry(part(phrase, begin, end)).or_default();
                    *most = count.max(*most);
                }
            }
        }
    }
    inside
}

/// Notes where each keyword stands.
fn place(units: &[Unit], keywords: &mut [(Key, Keyword)]) {
    let index: HashMap<Key, usize, FixedState> =
        keywords.iter().enumerate().map(|(i, (key, _))| (*key, i)).collect();
    let longest = keywords.iter().map(|(_, keyword)| keyword.words).max().unwrap_or(0);
    each_phrase(units, longest, |first, last| {
        if let Some((_, keyword)) =
            index.get(&key(units, first, last)).and_then(|index| keywords.get_mut(*index))
        {
            keyword.places.push((first, last));
        }
    });
}

fn words(phrase: &Key) -> impl Iterator<Item = u32> + '_ {
    phrase.iter().copied().take_while(|number| *number != NONE)
}

fn part(phrase: &Key, begin: usize, end: usize) -> Key {
    let mut part = [NONE; LONGEST];
    let words = phrase.get(begin..end).unwrap_or_default();
    part.iter_mut().zip(words).for_each(|(place, word)| *place = *word);
    part
}

/// Whether the words of `phrase` stand in `longer` side by side, and are not all of it.
fn is_part(phrase: &Key, longer: &Key) -> bool {
    let (len, all) = (words(phrase).count(), words(longer).count());
    len < all && (0..=all - len).any(|begin| part(longer, begin, begin + len) == *phrase)
}

/// Whether two words or more at the end of one phrase are the beginning of the other.
fn is_shifted(phrase: &Key, other: &Key) -> bool {
    let (len, all) = (words(phrase).count(), words(other).count());
    (2..len.min(all)).any(|shared| part(phrase, len - shared, len) == part(other, 0, shared))
}
