//! The results of tests and properties as JUnit XML: a suite for each kind, a test case for each of them.

use super::{Kind, Results, Verdict};
use crate::junit::{Case, Status, Suite, to_xml};

pub(super) fn to_string(results: &Results) -> Result<String, String> {
    let suite = |kind: Kind| {
        let class = format!("{}.{}", results.name, kind.name());
        let verdicts = results.verdicts.iter().filter(|verdict| verdict.kind == kind);
        let case = |verdict: &Verdict| Case {
            name: verdict.name.clone(),
            class: class.clone(),
            status: status(verdict),
        };
        Suite { name: format!("{} {}", results.name, kind.name()), cases: verdicts.map(case).collect() }
    };
    to_xml("isnad test", vec![suite(Kind::Test), suite(Kind::Property)])
}

fn status(verdict: &Verdict) -> Status {
    let Some(first) = verdict.problems.first() else { return Status::Passed };
    let place = format!("{}:{}", verdict.location.file, verdict.location.line);
    let text = format!("{place}\n{}", verdict.problems.join("\n"));
    Status::Failed { what: verdict.kind.name(), message: first.clone(), text }
}
