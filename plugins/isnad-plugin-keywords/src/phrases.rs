//! Phrases as runs of words.

use crate::words::Role;

/// Most words of a phrase.
pub(crate) const LONGEST: usize = 5;

/// A word of a document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unit {
    /// The number of what it is compared by.
    pub(crate) norm: u32,
    /// What it is for phrases.
    pub(crate) role: Role,
    /// No phrase goes on from the word before: a sign, the end of a sentence, or something attached stands
    /// between.
    pub(crate) breaks: bool,
}

/// The words of a phrase; the places behind the last one are [`NONE`].
pub(crate) type Key = [u32; LONGEST];

/// No word.
pub(crate) const NONE: u32 = u32::MAX;

/// Calls `phrase` with the first and the last word of every phrase of at most `longest` words, in the order of
/// the text: it begins and ends with a word of content, and nothing in it stops it.
pub(crate) fn each_phrase(units: &[Unit], longest: usize, mut phrase: impl FnMut(usize, usize)) {
    for (first, unit) in units.iter().enumerate() {
        if unit.role != Role::Content {
            continue;
        }
        phrase(first, first);
        let rest = units.iter().enumerate().skip(first + 1).take(longest.saturating_sub(1));
        for (last, unit) in rest.take_while(|(_, unit)| !unit.breaks && unit.role != Role::Stop) {
            if unit.role == Role::Content {
                phrase(first, last);
            }
        }
    }
}

/// The key of the words from one through another.
pub(crate) fn key(units: &[Unit], first: usize, last: usize) -> Key {
    let mut key = [NONE; LONGEST];
    let words = units.get(first..=last).unwrap_or_default();
    key.iter_mut().zip(words).for_each(|(place, unit)| *place = unit.norm);
    key
}
