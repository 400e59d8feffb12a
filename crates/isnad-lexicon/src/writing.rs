//! Conventions of writing: what a full stop belongs to other than a sentence.

use std::collections::{BTreeSet, HashMap};

use crate::data;
use crate::table::{Table, TableError};

/// Abbreviations whose full stop does not end a sentence.
#[derive(Clone, Debug)]
pub struct Abbreviations(HashMap<&'static str, bool>);

impl Abbreviations {
    /// Compiles the table that comes with the crate.
    ///
    /// # Errors
    /// None in practice: a test holds the table to its format.
    pub fn builtin() -> Result<Self, Vec<TableError>> {
        let table = Table::parse("abbreviations.tsv", data::ABBREVIATIONS, &["word", "needs"])?;
        Ok(Abbreviations(
            table.records().map(|record| (record.get("word"), record.get("needs") == "number")).collect(),
        ))
    }

    /// Whether what stands before a full stop is an abbreviation; `number` says whether one follows it.
    pub fn has(&self, word: &str, number: bool) -> bool {
        self.0.get(word).is_some_and(|&needs| number || !needs)
            || word.bytes().any(|byte| byte.is_ascii_uppercase())
                && self.has(&word.to_ascii_lowercase(), number)
    }
}

/// Known top-level domains.
#[derive(Clone, Debug)]
pub struct TopLevelDomains(BTreeSet<&'static str>);

impl TopLevelDomains {
    /// Compiles the table that comes with the crate.
    ///
    /// # Errors
    /// None in practice: a test holds the table to its format.
    pub fn builtin() -> Result<Self, Vec<TableError>> {
        let table = Table::parse("tlds.tsv", data::TLDS, &["tld"])?;
        Ok(TopLevelDomains(table.records().map(|record| record.get("tld")).collect()))
    }

    /// Whether it is one of them, in any case.
    pub fn contains(&self, tld: &str) -> bool {
        self.0.contains(tld)
            || tld.bytes().any(|byte| byte.is_ascii_uppercase())
                && self.0.contains(tld.to_ascii_lowercase().as_str())
    }

    /// The longest one outside ASCII at the beginning of a text.
    pub fn beginning(&self, text: &str) -> Option<&'static str> {
        let outside = self.0.range("\u{80}"..).filter(|tld| text.starts_with(**tld));
        outside.max_by_key(|tld| tld.len()).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_stops_that_end_nothing() {
        let abbreviations = Abbreviations::builtin().unwrap();
        assert!(abbreviations.has("Dr", false) && abbreviations.has("No", true));
        assert!(!abbreviations.has("No", false) && !abbreviations.has("قال", false));
    }

    #[test]
    fn domains_of_all_scripts() {
        let domains = TopLevelDomains::builtin().unwrap();
        assert!(domains.contains("com") && domains.contains("SA") && !domains.contains("js"));
        assert_eq!(domains.beginning("みんなです"), Some("みんな"));
        assert_eq!(domains.beginning("com"), None);
    }
}
