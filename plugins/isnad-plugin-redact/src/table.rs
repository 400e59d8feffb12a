//! Reading the tables of `data/`: lines of cells with tabs between them, `#` before comments, a header row.

/// The rows of a table that is compiled in, as arrays of `N` cells.
///
/// # Panics
/// A row has another number of cells. The tables are part of the source; a test reads them all.
pub(crate) fn rows<const N: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    let lines = table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).skip(1);
    lines.map(|line| {
        let mut cells = line.split('\t');
        let row = std::array::from_fn(|_| cells.next().expect("a row has a cell in every column"));
        assert!(cells.next().is_none(), "`{line}` has a cell too many");
        row
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_the_header_are_no_rows() {
        let found: Vec<[&str; 2]> = rows("# about\na\tb\n1\t2\n\n3\t\n").collect();
        assert_eq!(found, [["1", "2"], ["3", ""]]);
    }
}
