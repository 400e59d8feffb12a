//! Words that decide where a quotation begins and ends.

use crate::data;
use crate::phrases::Phrases;
use crate::table::{Table, TableError};

/// What a word does at the border of a quotation; a word can do several things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClauseWord {
    /// It opens what was said: أن, إن, بأن …
    Complementizer,
    /// Behind a comma it ends what was said: فيما, بينما …
    Opener,
    /// The أن behind it opens nothing that was said: بعد أن.
    Subordinate,
    /// What stands behind it is no subject.
    Preposition,
    /// It may stand between a subject and its verb: قد, كان.
    Auxiliary,
}

/// The words of `clause_words.tsv`.
#[derive(Clone, Debug, Default)]
pub struct ClauseLexicon {
    phrases: Phrases<ClauseWord>,
}

impl ClauseLexicon {
    pub(crate) fn builtin() -> Result<Self, Vec<TableError>> {
        let mut lexicon = ClauseLexicon::default();
        for record in Table::parse("clause_words.tsv", data::CLAUSE_WORDS, &["word", "kind"])?.records() {
            let word = match record.get("kind") {
                "complementizer" => ClauseWord::Complementizer,
                "opener" => ClauseWord::Opener,
                "subordinate" => ClauseWord::Subordinate,
                "preposition" => ClauseWord::Preposition,
                _ => ClauseWord::Auxiliary,
            };
            lexicon.phrases.add(record.get("word"), word);
        }
        Ok(lexicon)
    }

    /// The trie of the words, some of which are phrases.
    pub fn phrases(&self) -> &Phrases<ClauseWord> {
        &self.phrases
    }

    /// What a single folded word does.
    pub fn of(&self, hash: u64, folded: &str) -> &[ClauseWord] {
        let phrases = &self.phrases;
        phrases.step(phrases.root(), hash, folded).map_or(&[], |node| phrases.values(node))
    }
}
