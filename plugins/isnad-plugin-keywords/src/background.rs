//! Tables of document frequencies.

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use foldhash::fast::FixedState;

/// In how many documents of a corpus each phrase stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Background {
    documents: u32,
    frequencies: HashMap<Box<str>, u32, FixedState>,
}

/// Something wrong in a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for TableError {}

/// The row that says how many documents there are.
const ALL: &str = "*";

const HEADER: &str = "phrase\tdocuments";

static BUILTIN: LazyLock<Background> = LazyLock::new(|| {
    Background::parse(include_str!("../data/background.tsv"))
        .expect("the table that is compiled in is tested")
});

impl Background {
    /// A table of these frequencies out of so many documents.
    pub(crate) fn new(documents: u32, frequencies: impl IntoIterator<Item = (Box<str>, u32)>) -> Self {
        Background { documents, frequencies: frequencies.into_iter().collect() }
    }

    /// The table that comes with the stage.
    pub fn builtin() -> &'static Background {
        &BUILTIN
    }

    /// Reads a table: comments begin with `#`, then a header row, then phrases with their numbers of
    /// documents; the row `*` says how many documents there are.
    ///
    /// # Errors
    /// The first line that is not so.
    pub fn parse(table: &str) -> Result<Self, TableError> {
        let error = |line, message: &str| Err(TableError { line, message: message.to_owned() });
        let mut background = Background::default();
        let mut has_header = false;
        for (number, line) in (1..).zip(table.lines()) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if !has_header {
                if line != HEADER {
                    return error(
                        number,
                        "the header is not `phrase`, tab, `documents`; make the table with `keywords-background`",
                    );
                }
                has_header = true;
                continue;
            }
            let Some((phrase, Ok(count))) =
                line.split_once('\t').map(|(phrase, count)| (phrase, count.parse()))
            else {
                return error(number, "a row is a phrase, a tab and a number of documents");
            };
            if phrase == ALL {
                background.documents = count;
            } else {
                background.frequencies.insert(phrase.into(), count);
            }
        }
        if background.documents == 0 {
            return error(table.lines().count(), "the row `*` with the number of documents is missing");
        }
        if let Some((phrase, count)) =
            background.frequencies.iter().find(|(_, count)| **count > background.documents)
        {
            let message = format!("`{phrase}` stands in {count} documents, more than there are");
            return Err(TableError { line: 1, message });
        }
        Ok(background)
    }

    /// The table as a file: comment lines, header, and the rows in an order that only the rows decide.
    pub fn write(&self, comments: &[String]) -> String {
        let mut rows: Vec<(&str, u32)> =
            self.frequencies.iter().map(|(phrase, count)| (&**phrase, *count)).collect();
        rows.sort_unstable_by(|(a, more), (b, less)| less.cmp(more).then(a.cmp(b)));
        let mut out = String::new();
        for comment in comments {
            out.push_str(&format!("# {comment}\n"));
        }
        out.push_str(&format!("{HEADER}\n{ALL}\t{}\n", self.documents));
        for (phrase, count) in rows {
            out.push_str(&format!("{phrase}\t{count}\n"));
        }
        out
    }

    /// How many documents there are.
    pub fn documents(&self) -> u32 {
        self.documents
    }

    /// How many phrases there are.
    pub fn len(&self) -> usize {
        self.frequencies.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.frequencies.is_empty()
    }

    /// In how many documents a folded phrase stands, its words without article and one space between them; 0 if
    /// the table does not have it.
    pub fn frequency(&self, phrase: &str) -> u32 {
        self.frequencies.get(phrase).copied().unwrap_or(0)
    }

    /// How much a phrase says, from 0 for one that stands in every document to 1 for one that stands in none:
    /// its inverse document frequency ln((N + 1) / (df + 1)), divided by ln(N + 1).
    pub fn weight(&self, phrase: &str) -> f64 {
        let all = f64::from(self.documents) + 1.0;
        (all / (f64::from(self.frequency(phrase)) + 1.0)).ln() / all.ln()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_that_comes_along_is_sound_and_small() {
        let table = include_str!("../data/background.tsv");
        assert!(table.len() < 1_000_000, "{} bytes", table.len());
        let background = Background::parse(table).expect("it is sound");
        assert!(background.len() > 1_000 && background.documents() > 100);
    }

    #[test]
    fn bad_tables_are_refused() {
        for (table, line, part) in [
            ("", 0, "`*`"),
            ("# x\nword\tcount\n", 2, "header"),
            ("phrase\tdocuments\n*\t5\nسد\tx\n", 3, "number"),
            ("phrase\tdocuments\nسد\t1\n", 2, "`*`"),
            ("phrase\tdocuments\n*\t5\nسد\t6\n", 1, "`سد`"),
        ] {
            let error = Background::parse(table).expect_err(table);
            assert!(error.line == line && error.message.contains(part), "{error}");
        }
    }
}
