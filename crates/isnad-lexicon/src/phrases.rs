//! A trie over words: fixed phrases of one or more words, found by walking along the words of a text.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use crate::word_table::WordTable;

/// Phrases and a list of values for each.
#[derive(Clone, Debug)]
pub struct Phrases<V> {
    words: WordTable<u32>,
    nodes: Vec<Vec<V>>,
    edges: HashMap<(u32, u32), u32, FixedState>,
}

/// A place in the trie: the words walked so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node(u32);

impl<V> Default for Phrases<V> {
    fn default() -> Self {
        Phrases { words: WordTable::default(), nodes: vec![Vec::new()], edges: HashMap::default() }
    }
}

impl<V> Phrases<V> {
    /// Adds a phrase of words in any spelling, separated by spaces.
    pub fn add(&mut self, phrase: &str, value: V) {
        let mut node = 0;
        for word in phrase.split([' ', '_']).filter(|word| !word.is_empty()) {
            let next_word = self.words.len() as u32;
            let word = *self.words.entry(word, || next_word);
            let fresh = self.nodes.len() as u32;
            node = *self.edges.entry((node, word)).or_insert(fresh);
            if node == fresh {
                self.nodes.push(Vec::new());
            }
        }
        if node != 0
            && let Some(values) = self.nodes.get_mut(node as usize)
        {
            values.push(value);
        }
    }

    /// Where every walk begins.
    pub fn root(&self) -> Node {
        Node(0)
    }

    /// One word further, if a phrase goes on so. `hash` is the word's [`word_hash`](crate::word_hash).
    pub fn step(&self, node: Node, hash: u64, folded: &str) -> Option<Node> {
        let word = *self.words.get(hash, folded)?;
        self.edges.get(&(node.0, word)).copied().map(Node)
    }

    /// The values of the phrase that ends here; empty where none does.
    pub fn values(&self, node: Node) -> &[V] {
        self.nodes.get(node.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// The values of a whole phrase in any spelling.
    pub fn look_up(&self, phrase: &str) -> &[V] {
        let folded = isnad_arabic::fold(phrase);
        let mut node = self.root();
        for word in folded.split(' ') {
            match self.step(node, crate::word_hash(word), word) {
                Some(next) => node = next,
                None => return &[],
            }
        }
        self.values(node)
    }

    /// The words with which phrases begin, folded, in no particular order.
    pub fn first_words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().filter(|(_, word)| self.edges.contains_key(&(0, **word))).map(|(word, _)| word)
    }

    /// Whether there is no phrase.
    pub fn is_empty(&self) -> bool {
        self.edges.is_empty()
    }
}
