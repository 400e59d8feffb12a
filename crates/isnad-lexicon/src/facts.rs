//! What the tables know of a single word, gathered so that a word is looked up once: which tables are
//! worth asking about it.

use hashbrown::HashTable;
use isnad_arabic::fold_into;

use crate::lexicon::Lexicon;
use crate::word_table::word_hash;

/// A set of facts about a folded word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts(u32);

impl Facts {
    /// A name of the lexicon begins with it.
    pub const NAME_START: Facts = Facts(1);
    /// A noun that begins the name of an organisation or building begins with it.
    pub const ORG_HEAD: Facts = Facts(1 << 1);
    /// It is a title.
    pub const TITLE: Facts = Facts(1 << 2);
    /// A title of several words begins with it.
    pub const TITLE_START: Facts = Facts(1 << 3);
    /// It is an adjective of titles.
    pub const MODIFIER: Facts = Facts(1 << 4);
    /// What a ministry is called begins with it.
    pub const MINISTRY: Facts = Facts(1 << 5);
    /// It is an ordinary word.
    pub const ORDINARY: Facts = Facts(1 << 6);
    /// It only seems to begin with a proclitic.
    pub const WHOLE: Facts = Facts(1 << 7);
    /// It can stand in a person's name.
    pub const NAME_TOKEN: Facts = Facts(1 << 8);
    /// It joins the parts of a person's name.
    pub const CONNECTOR: Facts = Facts(1 << 9);
    /// It is a form of a word of speech.
    pub const CUE: Facts = Facts(1 << 10);
    /// It is such a form other than a verbal noun.
    pub const VERBAL_CUE: Facts = Facts(1 << 11);
    /// A phrase that introduces speech begins with it.
    pub const CUE_START: Facts = Facts(1 << 12);
    /// It is a common noun that speaks, or such a phrase begins with it.
    pub const SOURCE: Facts = Facts(1 << 13);
    /// A phrase that names a channel begins with it.
    pub const CHANNEL: Facts = Facts(1 << 14);
    /// It stands at the border of quotations.
    pub const CLAUSE: Facts = Facts(1 << 15);
    /// It is a word of number, or a unit or a phrase of time begins with it.
    pub const QUANTITY: Facts = Facts(1 << 16);

    /// Whether one of these facts holds.
    pub fn has(self, any: Facts) -> bool {
        self.0 & any.0 != 0
    }

    /// These facts and others.
    pub const fn or(self, other: Facts) -> Facts {
        Facts(self.0 | other.0)
    }

    /// Whether nothing is known of the word.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// The facts of all words of a lexicon, by [`word_hash`] alone: with 64 bits of hash and some hundred thousand
/// words, a word that is taken for another is not to be expected, and what it could do is cost a look-up.
#[derive(Clone, Debug, Default)]
pub(crate) struct FactTable(HashTable<(u64, Facts)>);

impl FactTable {
    /// Gathers them.
    pub(crate) fn gather(lexicon: &Lexicon) -> Self {
        let mut table = HashTable::new();
        let mut folded = String::new();
        let mut add = |word: &str, fact: Facts| {
            folded.clear();
            fold_into(word, &mut folded);
            let hash = word_hash(&folded);
            let entry = table.entry(hash, |known: &(u64, Facts)| known.0 == hash, |known| known.0);
            let facts = &mut entry.or_insert((hash, Facts::default())).into_mut().1;
            *facts = facts.or(fact);
        };
        for word in lexicon.names.phrases().first_words() {
            add(word, Facts::NAME_START);
        }
        lexicon.titles.facts(&mut add);
        lexicon.vocabulary.facts(&mut add);
        lexicon.cues.facts(&mut add);
        for word in lexicon.clauses.phrases().first_words() {
            add(word, Facts::CLAUSE);
        }
        lexicon.numbers.facts(&mut add);
        for word in lexicon.times.phrases().first_words() {
            add(word, Facts::QUANTITY);
        }
        FactTable(table)
    }

    /// What is known of the word of a hash.
    pub(crate) fn get(&self, hash: u64) -> Facts {
        self.0.find(hash, |known| known.0 == hash).map_or(Facts::default(), |known| known.1)
    }
}
