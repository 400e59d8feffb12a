//! Reading the tables: tab-separated text with a comment head, a header row and data rows.

use std::fmt;

/// A parsed table.
#[derive(Clone, Debug)]
pub struct Table<'t> {
    name: String,
    columns: Vec<&'t str>,
    rows: Vec<(usize, Vec<&'t str>)>,
}

/// Something wrong in a table file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableError {
    /// The file's name.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

impl std::error::Error for TableError {}

/// One data row: cells by column name.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a, 't> {
    table: &'a Table<'t>,
    cells: &'a [&'t str],
    /// The line in the file, from 1.
    pub line: usize,
}

impl<'t> Table<'t> {
    /// Parses a table. Lines that begin with `#` and empty lines say nothing; the first other line
    /// names the columns; each row has as many cells as there are columns.
    ///
    /// # Errors
    /// All rows that are not so, and columns of `wanted` that are missing.
    pub fn parse(file: &str, text: &'t str, wanted: &[&str]) -> Result<Self, Vec<TableError>> {
        let error = |line, message| TableError { file: file.to_owned(), line, message };
        let mut lines = text
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line.trim_end_matches('\r')))
            .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        let Some((header_line, header)) = lines.next() else {
            return Err(vec![error(
                1,
                "the table has no header row; name its columns, tab-separated".to_owned(),
            )]);
        };
        let columns: Vec<&str> = header.split('\t').collect();
        let mut errors: Vec<TableError> = wanted
            .iter()
            .filter(|column| !columns.contains(column))
            .map(|column| error(header_line, format!("the column `{column}` is missing")))
            .collect();
        let mut rows = Vec::new();
        for (line, row) in lines {
            let cells: Vec<&str> = row.split('\t').collect();
            if cells.len() == columns.len() {
                rows.push((line, cells));
            } else {
                let message = format!("{} cells where the header has {}", cells.len(), columns.len());
                errors.push(error(line, message));
            }
        }
        if errors.is_empty() { Ok(Table { name: file.to_owned(), columns, rows }) } else { Err(errors) }
    }

    /// The file's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// An error in a line of the table.
    pub(crate) fn error(&self, line: usize, message: String) -> TableError {
        TableError { file: self.name.clone(), line, message }
    }

    /// The data rows.
    pub fn records(&self) -> impl Iterator<Item = Record<'_, 't>> {
        self.rows.iter().map(|(line, cells)| Record { table: self, cells, line: *line })
    }
}

impl<'t> Record<'_, 't> {
    /// The cell of a column; `""` where it is empty or there is no such column.
    pub fn get(&self, column: &str) -> &'t str {
        let index = self.table.columns.iter().position(|name| *name == column);
        index.and_then(|index| self.cells.get(index)).copied().unwrap_or_default()
    }

    /// The values of a cell, which are separated by `|`.
    pub fn list(&self, column: &str) -> impl Iterator<Item = &'t str> + use<'t> {
        self.get(column).split('|').map(str::trim).filter(|value| !value.is_empty())
    }

    /// Whether a cell says `yes`.
    pub fn flag(&self, column: &str) -> bool {
        self.get(column) == "yes"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_by_column_and_all_errors_at_once() {
        let text = "# months\nname\tnumber\nيناير|كانون الثاني\t1\n\nفبراير\t2\n";
        let table = Table::parse("months.tsv", text, &["name", "number"]).unwrap();
        let first = table.records().next().unwrap();
        assert_eq!(first.list("name").collect::<Vec<_>>(), ["يناير", "كانون الثاني"]);
        assert_eq!((first.get("number"), first.line), ("1", 3));
        let errors = Table::parse("x.tsv", "a\tb\n1\n1\t2\t3\n", &["a", "c"]).unwrap_err();
        let shown: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(
            shown,
            [
                "x.tsv:1: the column `c` is missing",
                "x.tsv:2: 1 cells where the header has 2",
                "x.tsv:3: 3 cells where the header has 2"
            ]
        );
    }
}
