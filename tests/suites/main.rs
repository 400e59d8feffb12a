//! Runs test cases that other projects wrote for Arabic text, through pipelines as users write them, and says
//! where isnad agrees.
//!
//! ```text
//! cargo run --release -p isnad-tests --example suites -- FOLDER [SUITE…]
//! ```
//!
//! `FOLDER` holds the cases, a file `SUITE.jsonl` each: `id`, `input`, `expected`, and what the suite needs
//! more. They are not part of this repository. What a suite leaves out, and where isnad differs on purpose,
//! is said in its module and in `disagreements.tsv`; whatever differs beyond that is listed, and the exit code
//! is 1.

mod camel;
mod charabia;
mod disagreements;
mod languages;
mod lucene;
mod rig;
mod rows;
mod sentences;
mod twitter;
mod unicode_forms;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use disagreements::Disagreements;
use rig::{Row, Verdict};

/// What is expected of a row, and what came of it.
type Judge = fn(&Row) -> Verdict;

/// A suite: the name of its file, and what is expected of each row. A new one gets its line here.
const SUITES: &[(&str, Judge)] = &[
    ("unicode_normalization_ar", unicode_forms::judge),
    ("lucene_ar", lucene::judge),
    ("camel_charmaps", camel::judge),
    ("charabia_ar", charabia::judge),
    ("langid_misc", languages::judge),
    ("sbd_ar", sentences::judge),
    ("twitter_text", twitter::judge),
];

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let wanted: Option<(String, Vec<String>)> = args.next().map(|folder| (folder, args.collect()));
    let Some((folder, names)) = wanted else {
        let _ = writeln!(io::stderr(), "usage: suites FOLDER [SUITE…]");
        return ExitCode::from(2);
    };
    match run(Path::new(&folder), &names, &mut io::stdout().lock()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::from(2)
        }
    }
}

/// Runs the suites of these names, or all; true if nothing remains to be explained.
fn run(folder: &Path, names: &[String], out: &mut impl Write) -> io::Result<bool> {
    if let Some(unknown) = names.iter().find(|name| !SUITES.iter().any(|(known, _)| known == name)) {
        let known: Vec<&str> = SUITES.iter().map(|(name, _)| *name).collect();
        return Err(io::Error::other(format!(
            "there is no suite `{unknown}`; there are {}",
            known.join(", ")
        )));
    }
    let table = Disagreements::new(include_str!("disagreements.tsv")).map_err(io::Error::other)?;
    writeln!(
        out,
        "{:<26}{:>6}{:>12}{:>8}{:>11}{:>6}",
        "suite", "rows", "applicable", "passed", "explained", "open"
    )?;
    let mut is_clean = true;
    for (name, judge) in SUITES.iter().filter(|(name, _)| names.is_empty() || names.iter().any(|n| n == name))
    {
        let rows = rig::read(&folder.join(format!("{name}.jsonl")))?;
        let mut count = Count::default();
        let mut open = Vec::new();
        for row in &rows {
            let why = table.why(name, row.number);
            match (judge(row), why) {
                (Verdict::NotApplicable, _) => count.left_out += 1,
                (Verdict::Passed, None) => count.passed += 1,
                (Verdict::Passed, Some(_)) => {
                    count.passed += 1;
                    open.push(format!("{}: it passes; take it out of the table", row.id));
                }
                (Verdict::Differs { .. }, Some(why)) => *count.explained.entry(why).or_default() += 1,
                (Verdict::Differs { got, expected }, None) => {
                    open.push(format!(
                        "{}: «{}»\n    got      {got:?}\n    expected {expected:?}",
                        row.id, row.input
                    ));
                }
            }
        }
        let explained: usize = count.explained.values().sum();
        let applicable = rows.len() - count.left_out;
        writeln!(
            out,
            "{name:<26}{:>6}{applicable:>12}{:>8}{explained:>11}{:>6}",
            rows.len(),
            count.passed,
            open.len()
        )?;
        for (why, rows) in &count.explained {
            writeln!(out, "  {rows} × {why}")?;
        }
        for line in &open {
            writeln!(out, "  {line}")?;
        }
        is_clean &= open.is_empty();
    }
    Ok(is_clean)
}

#[derive(Default)]
struct Count<'t> {
    left_out: usize,
    passed: usize,
    explained: BTreeMap<&'t str, usize>,
}
