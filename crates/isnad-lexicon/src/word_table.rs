//! A table from folded words to what is known of them, made for looking one word up in many tables:
//! the word is hashed once.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use isnad_arabic::fold;

/// The hash of a folded word, the same for every [`WordTable`].
pub fn word_hash(folded: &str) -> u64 {
    FixedState::default().hash_one(folded)
}

/// Folded words and a value for each.
#[derive(Clone, Debug)]
pub struct WordTable<V> {
    table: HashTable<(Box<str>, V)>,
}

impl<V> Default for WordTable<V> {
    fn default() -> Self {
        WordTable { table: HashTable::new() }
    }
}

impl<V> WordTable<V> {
    /// The value of a folded word whose hash is known.
    pub fn get(&self, hash: u64, folded: &str) -> Option<&V> {
        self.table.find(hash, |(word, _)| **word == *folded).map(|(_, value)| value)
    }

    /// The value of a folded word.
    pub fn look_up(&self, folded: &str) -> Option<&V> {
        self.get(word_hash(folded), folded)
    }

    /// The value of a word in any spelling, made by `value` if there is none yet.
    pub fn entry(&mut self, word: &str, value: impl FnOnce() -> V) -> &mut V {
        let folded = fold(word);
        let hash = word_hash(&folded);
        let entry = self.table.entry(hash, |(known, _)| **known == *folded, |(known, _)| word_hash(known));
        &mut entry.or_insert_with(|| (folded.as_str().into(), value())).into_mut().1
    }

    /// Adds a word in any spelling. The first value stays.
    pub fn add(&mut self, word: &str, value: V) {
        self.entry(word, || value);
    }

    /// Whether there is no word.
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// All words, folded, in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &V)> {
        self.table.iter().map(|(word, value)| (&**word, value))
    }
}
