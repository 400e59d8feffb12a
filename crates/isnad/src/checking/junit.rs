//! Verdicts as JUnit XML, which build servers read: a suite for each stage, a test case for each law.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::{Outcome, Verdict};

/// The verdicts on the stages of a library, by kind, as XML. Times are left out, so that the same results make
/// the same file; characters that XML does not allow are left out, too.
///
/// # Errors
/// The text cannot be made.
pub fn to_junit(verdicts: &[(String, Vec<Verdict>)]) -> Result<String, String> {
    let mut report = Report::new("isnad plugin check");
    for (kind, verdicts) in verdicts {
        let mut suite = TestSuite::new(kind.as_str());
        for verdict in verdicts {
            let mut case = TestCase::new(verdict.law.name(), status(verdict));
            case.set_classname(kind.as_str());
            suite.add_test_case(case);
        }
        report.add_test_suite(suite);
    }
    report.to_string().map_err(|error| error.to_string())
}

fn status(verdict: &Verdict) -> TestCaseStatus {
    match &verdict.outcome {
        Outcome::Kept => TestCaseStatus::success(),
        Outcome::Skipped(why) => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(why.as_str());
            status
        }
        Outcome::Broken { message, .. } => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type("law");
            status.set_message(message.lines().next().unwrap_or_default());
            status.set_description(verdict.to_string());
            status
        }
    }
}
