//! Verdicts as JUnit XML: a suite for each kind of stage, a test case for each law.

use super::{Outcome, Verdict};
use crate::junit::{Case, Status, Suite, to_xml};

/// The verdicts on the stages of a library, by kind, as XML that build servers read. Times are left out, so that the
/// same results make the same file.
///
/// # Errors
/// The text cannot be made.
pub fn to_junit(verdicts: &[(String, Vec<Verdict>)]) -> Result<String, String> {
    let suite = |(kind, verdicts): &(String, Vec<Verdict>)| {
        let case = |verdict: &Verdict| Case {
            name: verdict.law.name().to_owned(),
            class: kind.clone(),
            status: match &verdict.outcome {
                Outcome::Kept => Status::Passed,
                Outcome::Skipped(why) => Status::Skipped { why: why.clone() },
                Outcome::Broken { message, .. } => {
                    Status::Failed { what: "law", message: message.clone(), text: verdict.to_string() }
                }
            },
        };
        Suite { name: kind.clone(), cases: verdicts.iter().map(case).collect() }
    };
    to_xml("isnad plugin check", verdicts.iter().map(suite).collect())
}
