//! The literate cases of `tests/cases`: pages of prose, articles, and what isnad makes of them. The format
//! stands in `tests/cases/README.md`; `ISNAD_UPDATE=1 cargo test -p isnad-tests` rewrites what is expected.

mod harness;
mod page;
mod run;
mod shown;

use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::expected::{difference, updating, write};
use crate::markdown::rewritten;
use crate::program::{files, top};
use page::{Case, Page};
use run::Setups;

#[test]
fn every_page_holds() {
    let paths = paths();
    assert!(paths.len() > 5, "the cases have gone");
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    let lanes = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..lanes {
            scope.spawn(|| {
                while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let name = path.strip_prefix(top()).unwrap_or(path).display().to_string();
                    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"));
                    let mut outcome = check(&name, &text);
                    if updating() && outcome.text != text {
                        write(path, &outcome.text);
                        // What makes no sense stays a failure.
                        outcome = check(&name, &outcome.text);
                    }
                    failures.lock().unwrap().extend(outcome.failures);
                }
            });
        }
    });
    let mut failures = failures.into_inner().unwrap();
    failures.sort();
    assert!(
        failures.is_empty(),
        "\n{}\n`ISNAD_UPDATE=1 cargo test -p isnad-tests` writes what is found into the pages\n",
        failures.join("\n")
    );
}

/// What the check of a page comes to.
struct Outcome {
    /// What is wrong, each beginning with `file:line`.
    failures: Vec<String>,
    /// The page with what is found in place of what is expected.
    text: String,
}

/// Checks a page of cases.
fn check(name: &str, text: &str) -> Outcome {
    let page = match Page::read(text) {
        Ok(page) => page,
        Err(errors) => {
            let failures = errors.into_iter().map(|(line, error)| format!("{name}:{line}: {error}"));
            return Outcome { failures: failures.collect(), text: text.to_owned() };
        }
    };
    let (mut failures, mut changes) = (Vec::new(), Vec::new());
    let mut setups = Setups::default();
    for case in &page.cases {
        match setups.run(case) {
            Ok(found) if found == case.expected => {}
            Ok(found) => {
                failures.push(failure(name, case, &found));
                changes.push((case.place.clone(), found));
            }
            Err(error) => failures.push(format!("{name}:{}: {error}", case.line)),
        }
    }
    Outcome { failures, text: rewritten(text, &changes) }
}

fn failure(name: &str, case: &Case, found: &str) -> String {
    let title = case.title.join(" › ");
    let wrong = match &case.wrong {
        Some(why) => format!("  this is said to be wrong today ({why}); is it right now?\n"),
        None => String::new(),
    };
    format!("{name}:{}: {title}\n{wrong}{}", case.line, difference(&case.expected, found))
}

fn paths() -> Vec<PathBuf> {
    let is_page = |path: &PathBuf| {
        path.extension().is_some_and(|ending| ending == "md")
            && path.file_name().is_none_or(|name| name != "README.md")
    };
    files(&top().join("tests/cases")).into_iter().filter(is_page).collect()
}
