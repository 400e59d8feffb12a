//! Ordinary words, and words that only seem to begin with a proclitic.

use crate::data;
use crate::facts::Facts;
use crate::table::{Table, TableError};
use crate::word_table::WordTable;

/// The class of an ordinary word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordClass {
    /// A preposition.
    Preposition,
    /// A conjunction.
    Conjunction,
    /// A pronoun, demonstrative or relative.
    Pronoun,
    /// An adverb.
    Adverb,
    /// A particle.
    Particle,
    /// A form of a verb.
    Verb,
    /// A noun.
    Noun,
    /// An adjective.
    Adjective,
    /// A number word.
    Number,
    /// A word of time.
    Time,
}

/// What is known of a word that may stand in a person's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameToken {
    /// Also an ordinary word.
    pub ambiguous: bool,
    /// A given name, as opposed to a family name only.
    pub given: bool,
    /// Usually a woman's.
    pub feminine: bool,
}

/// Ordinary words and words of personal names.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    common: WordTable<WordClass>,
    whole: WordTable<()>,
    names: WordTable<NameToken>,
    unfolded: std::collections::HashSet<&'static str>,
    connectors: WordTable<()>,
}

impl Vocabulary {
    pub(crate) fn builtin() -> Result<Self, Vec<TableError>> {
        let mut vocabulary = Vocabulary::default();
        for record in Table::parse("common_words.tsv", data::COMMON_WORDS, &["word", "class"])?.records() {
            let class = match record.get("class") {
                "prep" => WordClass::Preposition,
                "conj" => WordClass::Conjunction,
                "pron" => WordClass::Pronoun,
                "adv" => WordClass::Adverb,
                "part" => WordClass::Particle,
                "verb" => WordClass::Verb,
                "adj" => WordClass::Adjective,
                "num" => WordClass::Number,
                "time" => WordClass::Time,
                _ => WordClass::Noun,
            };
            vocabulary.common.add(record.get("word"), class);
        }
        for record in Table::parse("pseudo_clitics.tsv", data::PSEUDO_CLITICS, &["word"])?.records() {
            vocabulary.whole.add(record.get("word"), ());
        }
        for record in
            Table::parse("name_tokens.tsv", data::NAME_TOKENS, &["name", "gender", "kind"])?.records()
        {
            let token = NameToken {
                ambiguous: record.flag("ambiguous"),
                given: record.get("kind") != "family",
                feminine: record.get("gender") == "f",
            };
            vocabulary.names.add(record.get("name"), token);
        }
        for record in Table::parse("name_connectors.tsv", data::NAME_CONNECTORS, &["word"])?.records() {
            vocabulary.connectors.add(record.get("word"), ());
        }
        let unfolded = Table::parse("unfolded_words.tsv", data::UNFOLDED_WORDS, &["word"])?;
        vocabulary.unfolded = unfolded.records().map(|record| record.get("word")).collect();
        Ok(vocabulary)
    }

    pub(crate) fn facts(&self, add: &mut impl FnMut(&str, Facts)) {
        self.common.iter().for_each(|(word, _)| add(word, Facts::ORDINARY));
        self.whole.iter().for_each(|(word, ())| add(word, Facts::WHOLE));
        self.names.iter().for_each(|(word, _)| add(word, Facts::NAME_TOKEN));
        self.connectors.iter().for_each(|(word, ())| add(word, Facts::CONNECTOR));
    }

    /// The class of a folded ordinary word.
    pub fn class(&self, hash: u64, folded: &str) -> Option<WordClass> {
        self.common.get(hash, folded).copied()
    }

    /// Whether a word, as it is spelled in the text, is a function word that folding would hide.
    pub fn is_function_word(&self, text: &str) -> bool {
        self.unfolded.contains(text)
    }

    /// Whether a folded word joins the parts of a person's name and never ends it.
    pub fn is_connector(&self, hash: u64, folded: &str) -> bool {
        self.connectors.get(hash, folded).is_some()
    }

    /// Whether a folded word is whole although its first letter could be a proclitic.
    pub fn is_whole(&self, hash: u64, folded: &str) -> bool {
        self.whole.get(hash, folded).is_some()
    }

    /// What is known of a folded word of a personal name.
    pub fn name_token(&self, hash: u64, folded: &str) -> Option<NameToken> {
        self.names.get(hash, folded).copied()
    }
}
