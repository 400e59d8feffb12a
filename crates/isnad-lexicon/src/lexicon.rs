//! Everything together.

use crate::clauses::ClauseLexicon;
use crate::cues::CueLexicon;
use crate::facts::{FactTable, Facts};
use crate::names::NameLexicon;
use crate::numbers::NumberLexicon;
use crate::table::TableError;
use crate::times::TimeLexicon;
use crate::titles::TitleLexicon;
use crate::vocabulary::Vocabulary;

/// All compiled tables.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    /// Names of things and people.
    pub names: NameLexicon,
    /// Words at the borders of quotations.
    pub clauses: ClauseLexicon,
    /// Words that introduce speech.
    pub cues: CueLexicon,
    /// Words of number, currencies, measures.
    pub numbers: NumberLexicon,
    /// Words of time.
    pub times: TimeLexicon,
    /// Titles, speaking nouns, channels.
    pub titles: TitleLexicon,
    /// Ordinary words and words of personal names.
    pub vocabulary: Vocabulary,
    facts: FactTable,
}

impl Lexicon {
    /// Compiles the tables that come with the crate; some ten milliseconds.
    ///
    /// # Errors
    /// None in practice: a test holds the tables to their format.
    pub fn builtin() -> Result<Self, Vec<TableError>> {
        let mut lexicon = Lexicon {
            names: NameLexicon::builtin()?,
            clauses: ClauseLexicon::builtin()?,
            cues: CueLexicon::builtin()?,
            numbers: NumberLexicon::builtin()?,
            times: TimeLexicon::builtin()?,
            titles: TitleLexicon::builtin()?,
            vocabulary: Vocabulary::builtin()?,
            facts: FactTable::default(),
        };
        lexicon.facts = FactTable::gather(&lexicon);
        Ok(lexicon)
    }

    /// What the tables know of the folded word of this [`word_hash`](crate::word_hash).
    pub fn facts(&self, hash: u64) -> Facts {
        self.facts.get(hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_well_formed() {
        if let Err(errors) = Lexicon::builtin() {
            let shown: Vec<String> = errors.iter().map(ToString::to_string).collect();
            panic!("{}", shown.join("\n"));
        }
    }
}
