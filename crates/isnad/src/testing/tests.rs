//! A `[[test]]`: its article goes through the stages, and what comes out is held against what is expected.

use isnad_core::{Document, Fate, Names};
use isnad_runner::{ExpectedRow, Pipeline, RowPattern, TestOutcome, TestSpec, Trial, Tried};
use isnad_testkit::escaped;
use similar::{ChangeTag, TextDiff};

use super::nearest::nearest;
use super::rows::{Found, differences, found, is_like, line};

/// Everything that is not as it should be.
pub(super) fn run(pipeline: &Pipeline, test: &TestSpec) -> Vec<String> {
    let tried = match Trial::new(pipeline).run(test.article.clone()) {
        Ok(tried) => tried,
        Err(error) => return vec![format!("the run ended: {error}")],
    };
    if let Some(problem) = outcome(test.outcome, &tried) {
        return vec![problem];
    }
    if test.outcome != TestOutcome::Kept {
        return Vec::new();
    }
    let (document, names) = (&tried.document, &*pipeline.plan.names);
    let mut problems = Vec::new();
    problems.extend(test.normalized.as_ref().and_then(|text| text_is(document.content().text(), text)));
    problems.extend(test.expect.iter().filter_map(|expected| is_there(expected, document, names)));
    problems.extend(test.absent.iter().filter_map(|pattern| is_absent(pattern, document, names)));
    problems.extend(test.only.iter().filter_map(|layer| is_all(layer, &test.expect, document, names)));
    problems
}

fn outcome(wanted: TestOutcome, tried: &Tried) -> Option<String> {
    let (is, happened) = match tried.document.fate() {
        Fate::Live => (TestOutcome::Kept, "it went through all stages".to_owned()),
        Fate::Dropped(reason) => (TestOutcome::Dropped, format!("it was dropped: {}", escaped(reason))),
        Fate::Failed(error) => {
            let stage = tried.failed_in.as_deref().unwrap_or("input");
            let what = escaped(&error.message);
            (TestOutcome::Quarantined, format!("`{stage}` could not handle it ({}): {what}", error.code))
        }
    };
    (is != wanted).then(|| format!("the document should have been {}, and {happened}", wanted.name()))
}

fn text_is(text: &str, wanted: &str) -> Option<String> {
    if text == wanted {
        return None;
    }
    let mut out = "the normalized text is not the expected one (-: expected, +: found):".to_owned();
    for change in TextDiff::from_lines(wanted, text).iter_all_changes() {
        let sign = match change.tag() {
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
            ChangeTag::Equal => ' ',
        };
        let value = change.value();
        let (line, end) = match value.strip_suffix('\n') {
            Some(line) => (line, ""),
            None => (value, " (no line break at the end)"),
        };
        // Whether a text ends in a line break is said only where that is all there is to say.
        let end = if text.trim_end_matches('\n') == wanted.trim_end_matches('\n') { end } else { "" };
        out.push_str(&format!("\n  {sign}{}{end}", escaped(line)));
    }
    Some(out)
}

fn is_there(expected: &ExpectedRow, document: &Document, names: &Names) -> Option<String> {
    let rows = found(document, names, &expected.row.layer);
    let like: Vec<&Found> = rows.iter().filter(|row| is_like(&row.row, &expected.row)).collect();
    let wanted = line(&expected.row);
    let mut out = match expected.count {
        None if like.is_empty() => format!("there is no row\n  {wanted}"),
        Some(count) if like.is_empty() => format!("there is no row, and should be {count}, like\n  {wanted}"),
        Some(count) if like.len() != count => {
            let are =
                if like.len() == 1 { "is 1 row".to_owned() } else { format!("are {} rows", like.len()) };
            format!("there {are}, and should be {count}, like\n  {wanted}")
        }
        _ => return None,
    };
    if like.is_empty()
        && let Some(near) = nearest(&expected.row, &rows)
    {
        out.push_str(&format!("\nthe nearest is\n  {}", line(&near.row)));
        for difference in differences(&near.row, &expected.row) {
            out.push_str(&format!("\n    {difference}"));
        }
    }
    out.push_str(&listed(&expected.row.layer, &rows));
    Some(out)
}

fn is_absent(pattern: &RowPattern, document: &Document, names: &Names) -> Option<String> {
    let rows = found(document, names, &pattern.layer);
    let like: Vec<String> = rows
        .iter()
        .filter(|row| is_like(&row.row, pattern))
        .map(|row| format!("\n  {}", line(&row.row)))
        .collect();
    (!like.is_empty())
        .then(|| format!("there should be no row\n  {}\nand there is{}", line(pattern), like.concat()))
}

/// Whether a layer holds no rows but the expected ones.
fn is_all(layer: &str, expected: &[ExpectedRow], document: &Document, names: &Names) -> Option<String> {
    let rows = found(document, names, layer);
    let is_expected = |row: &&Found| expected.iter().any(|expected| is_like(&row.row, &expected.row));
    let more: Vec<String> = rows
        .iter()
        .filter(|row| row.row.layer == layer && !is_expected(row))
        .map(|row| format!("\n  {}", line(&row.row)))
        .collect();
    (!more.is_empty()).then(|| format!("`{layer}` holds what no expectation names{}", more.concat()))
}

/// All rows of a layer, below what is said of them.
fn listed(layer: &str, rows: &[Found]) -> String {
    if rows.is_empty() {
        return format!("\n`{layer}` holds no row");
    }
    let lines: Vec<String> = rows.iter().take(MOST).map(|row| format!("\n  {}", line(&row.row))).collect();
    let more = match rows.len().saturating_sub(MOST) {
        0 => String::new(),
        more => format!("\n  … {more} more"),
    };
    format!("\n`{layer}` holds{}{more}", lines.concat())
}

/// More rows than that nobody reads.
const MOST: usize = 40;
