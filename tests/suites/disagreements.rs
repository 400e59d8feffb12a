//! The table of disagreements: rows of suites where isnad differs, and why it should.

/// The table, read.
pub(crate) struct Disagreements<'t> {
    entries: Vec<Entry<'t>>,
}

struct Entry<'t> {
    suite: &'t str,
    rows: Vec<(u32, u32)>,
    why: &'t str,
}

impl<'t> Disagreements<'t> {
    /// Reads the table: suite, rows (numbers and ranges `3-8`, with blanks between), why.
    pub(crate) fn new(table: &'t str) -> Result<Self, String> {
        let lines = table.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        let entries = lines.map(|(number, line)| {
            entry(line).ok_or_else(|| format!("disagreements.tsv:{}: not understood", number + 1))
        });
        Ok(Disagreements { entries: entries.collect::<Result<_, _>>()? })
    }

    /// Why isnad differs in this row.
    pub(crate) fn why(&self, suite: &str, row: u32) -> Option<&'t str> {
        let holds = |entry: &&Entry<'_>| {
            entry.suite == suite && entry.rows.iter().any(|(first, last)| (*first..=*last).contains(&row))
        };
        self.entries.iter().find(holds).map(|entry| entry.why)
    }
}

fn entry(line: &str) -> Option<Entry<'_>> {
    let mut columns = line.split('\t');
    let (suite, rows, why) = (columns.next()?, columns.next()?, columns.next()?);
    let range = |rows: &str| match rows.split_once('-') {
        Some((first, last)) => Some((first.parse().ok()?, last.parse().ok()?)),
        None => rows.parse().ok().map(|row| (row, row)),
    };
    Some(Entry { suite, rows: rows.split_whitespace().map(range).collect::<Option<_>>()?, why })
}
