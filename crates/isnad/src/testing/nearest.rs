//! Which of the rows that are there was probably meant.

use isnad_runner::RowPattern;

use super::rows::Found;

/// The row that is most like a pattern, of those that have anything in common with it; the first of several.
pub(super) fn nearest<'f>(pattern: &RowPattern, found: &'f [Found]) -> Option<&'f Found> {
    let rated = found.iter().map(|row| (rate(pattern, &row.row), row)).filter(|(rating, _)| *rating > 0.0);
    rated
        .fold(None, |best: Option<(f64, &Found)>, (rating, row)| match best {
            Some((highest, _)) if highest >= rating => best,
            _ => Some((rating, row)),
        })
        .map(|(_, row)| row)
}

/// The text counts most, for it says which row is meant.
fn rate(pattern: &RowPattern, row: &RowPattern) -> f64 {
    let text = match (&pattern.text, &row.text) {
        (Some(wanted), Some(text)) => 8.0 * likeness(wanted, text),
        _ => 0.0,
    };
    let label = if pattern.label.is_some() && pattern.label == row.label { 2.0 } else { 0.0 };
    let attrs = pattern.attrs.iter().filter(|attr| row.attrs.contains(attr)).count();
    let refs = pattern.refs.iter().filter(|link| row.refs.contains(link)).count();
    let open = pattern.text.is_none() && pattern.label.is_none();
    text + label + 2.0 * (attrs + refs) as f64 + if open { 0.5 } else { 0.0 }
}

/// From 0 to 1; texts that have little in common count as strangers.
fn likeness(a: &str, b: &str) -> f64 {
    if a == b {
        return 1.0;
    }
    // Long quotations are told apart by how they begin.
    let begin = |text: &str| text.chars().take(LONGEST).collect::<String>();
    let same = strsim::normalized_levenshtein(&begin(a), &begin(b));
    let part = if a.contains(b) || b.contains(a) { 0.6 } else { 0.0 };
    let same = same.max(part);
    if same < 0.4 { 0.0 } else { 0.9 * same }
}

const LONGEST: usize = 200;
