//! Making a table of document frequencies out of a corpus.

use std::collections::{HashMap, HashSet};
use std::mem;

use foldhash::fast::FixedState;
use isnad_arabic::{fold, is_arabic_letter};

use crate::background::Background;
use crate::phrases::{Key, NONE, Unit, each_phrase, key};
use crate::words::{Role, WORDS};

/// Counts in how many documents words and phrases stand. Documents may come in any order; the table is the
/// same. Kept in memory are four bytes for each word, and each word form once.
#[derive(Debug, Default)]
pub struct Builder {
    forms: Numbers,
    /// In how many documents each form stands.
    documents_of: Vec<u32>,
    /// The forms of all documents, and [`BREAK`] where no phrase goes on.
    words: Vec<u32>,
    /// Where each document ends in `words`.
    ends: Vec<usize>,
}

const BREAK: u32 = u32::MAX;

/// Words with numbers in the order of their coming.
#[derive(Debug, Default)]
struct Numbers {
    numbers: HashMap<Box<str>, u32, FixedState>,
    words: Vec<Box<str>>,
}

impl Builder {
    /// Adds a document.
    pub fn add(&mut self, text: &str) {
        let begin = self.words.len();
        let folded = fold(text);
        let is_letter = |c: char| is_arabic_letter(c) || c.is_ascii_alphabetic();
        let mut rest = folded.as_str();
        while let Some(c) = rest.chars().next() {
            let len = rest.find(|c| !is_letter(c)).unwrap_or(rest.len());
            let (word, behind) = rest.split_at(len);
            if len > 0 {
                let number = self.forms.of(word);
                self.words.push(number);
                rest = behind;
                continue;
            }
            let is_space = matches!(c, ' ' | '\t');
            if !is_space && self.words.last() != Some(&BREAK) {
                self.words.push(BREAK);
            }
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
        }
        self.words.push(BREAK);
        self.documents_of.resize(self.forms.words.len(), 0);
        let forms: HashSet<u32, FixedState> =
            self.words.get(begin..).unwrap_or_default().iter().copied().collect();
        for form in forms {
            if let Some(count) = self.documents_of.get_mut(form as usize) {
                *count += 1;
            }
        }
        self.ends.push(self.words.len());
    }

    /// How many documents there are.
    pub fn documents(&self) -> usize {
        self.ends.len()
    }

    /// The table of the phrases of at most `longest` words that stand in at least `least` documents.
    pub fn finish(self, least: u32, longest: usize) -> Background {
        let (documents, norms) = self.units();
        let mut frequencies: Vec<(Box<str>, u32)> = Vec::new();
        // A phrase is no more frequent than its parts: what is rare is left out before longer ones are counted.
        let mut kept: HashSet<Key, FixedState> = HashSet::default();
        for words in 1..=longest {
            let mut counts: HashMap<Key, u32, FixedState> = HashMap::default();
            let mut seen: HashSet<Key, FixedState> = HashSet::default();
            for units in &documents {
                seen.clear();
                each_phrase(units, words, |first, last| {
                    if last + 1 - first != words {
                        return;
                    }
                    let parts_kept = words == 1
                        || kept.contains(&key(units, first, first)) && kept.contains(&key(units, last, last));
                    if parts_kept {
                        seen.insert(key(units, first, last));
                    }
                });
                for phrase in &seen {
                    *counts.entry(*phrase).or_default() += 1;
                }
            }
            for (phrase, count) in counts.into_iter().filter(|(_, count)| *count >= least) {
                kept.insert(phrase);
                frequencies.push((norms.phrase(&phrase).into(), count));
            }
        }
        Background::new(documents.len() as u32, frequencies)
    }

    /// The documents as words without what is attached to them.
    fn units(self) -> (Vec<Vec<Unit>>, Numbers) {
        let Builder { forms, documents_of, words, ends } = self;
        let none = HashSet::new();
        let roles: Vec<Role> = forms.words.iter().map(|word| WORDS.role(word, &none)).collect();
        // In how many documents a word stands with its article or without, counted twice where it does both.
        let mut with_article: HashMap<&str, u32, FixedState> = HashMap::default();
        for (form, count) in forms.words.iter().zip(&documents_of) {
            let bare = form.get(WORDS.article(form, 0)..).unwrap_or_default();
            *with_article.entry(bare).or_default() += count;
        }
        let frequency = |word: &str| with_article.get(word).copied().unwrap_or(0);
        let mut norms = Numbers::default();
        let mut documents = Vec::with_capacity(ends.len());
        let mut begin = 0;
        for end in ends {
            let words = words.get(begin..end).unwrap_or_default();
            let here: HashSet<u32, FixedState> = words.iter().copied().collect();
            let is_here = |word: &str| forms.numbers.get(word).is_some_and(|number| here.contains(number));
            let mut units = Vec::with_capacity(words.len());
            let mut breaks = true;
            for number in words {
                let Some(form) = forms.words.get(*number as usize) else {
                    breaks = true;
                    continue;
                };
                let mut role = roles.get(*number as usize).copied().unwrap_or(Role::Stop);
                let parts = match role {
                    Role::Content => WORDS.parts(form, &frequency, &is_here),
                    Role::Inner | Role::Stop => Default::default(),
                };
                let norm = form.get(parts.norm..).unwrap_or_default();
                if role == Role::Content && WORDS.has_pronoun(norm, &frequency, &is_here) {
                    role = Role::Inner;
                }
                let norm = norms.of(norm);
                units.push(Unit { norm, role, breaks: mem::take(&mut breaks) || parts.attached });
            }
            documents.push(units);
            begin = end;
        }
        (documents, norms)
    }
}

impl Numbers {
    fn of(&mut self, word: &str) -> u32 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let number = self.words.len() as u32;
        self.words.push(word.into());
        self.numbers.insert(word.into(), number);
        number
    }

    fn phrase(&self, key: &Key) -> String {
        let words = key.iter().take_while(|number| **number != NONE);
        let words: Vec<&str> =
            words.filter_map(|number| self.words.get(*number as usize)).map(|word| &**word).collect();
        words.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use isnad_testkit::arabic::news_text;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn build(texts: &[String]) -> Background {
        let mut builder = Builder::default();
        texts.iter().for_each(|text| builder.add(text));
        builder.finish(1, 3)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

        #[test]
        fn a_table_does_not_depend_on_the_order_of_documents(mut texts in vec(news_text(), 1..8), at in 0usize..8) {
            let table = build(&texts);
            let len = texts.len();
            texts.rotate_left(at % len);
            texts.reverse();
            prop_assert_eq!(build(&texts).write(&[]), table.write(&[]));
        }

        #[test]
        fn a_table_is_read_as_it_was_written(texts in vec(news_text(), 1..4)) {
            let table = build(&texts);
            prop_assert_eq!(Background::parse(&table.write(&["source: generated".to_owned()])), Ok(table));
        }
    }

    #[test]
    fn documents_are_counted_not_words() {
        let table = build(&["السد: سد النهضة، والسد".to_owned(), "سدّ النّهضة".to_owned(), "نهضة".to_owned()]);
        let found: Vec<u32> =
            ["سد", "نهضه", "سد نهضه", "نهضه سد"].map(|phrase| table.frequency(phrase)).to_vec();
        assert_eq!((found.as_slice(), table.documents()), ([2, 3, 2, 0].as_slice(), 3));
    }
}
