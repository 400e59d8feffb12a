//! Results as JUnit XML, which build servers read: a test case for each test and each property.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::{Kind, Results, Verdict};

/// The results as XML. Times are left out, so that the same results make the same file; characters that XML
/// does not allow are left out, too.
pub(super) fn to_string(results: &Results) -> Result<String, String> {
    let mut report = Report::new("isnad test");
    for kind in [Kind::Test, Kind::Property] {
        let verdicts: Vec<&Verdict> =
            results.verdicts.iter().filter(|verdict| verdict.kind == kind).collect();
        if verdicts.is_empty() {
            continue;
        }
        let mut suite = TestSuite::new(format!("{} {}", results.name, kind.name()));
        for verdict in verdicts {
            let mut case = TestCase::new(verdict.name.as_str(), status(verdict));
            case.set_classname(format!("{}.{}", results.name, kind.name()));
            suite.add_test_case(case);
        }
        report.add_test_suite(suite);
    }
    report.to_string().map_err(|error| error.to_string())
}

fn status(verdict: &Verdict) -> TestCaseStatus {
    let Some(first) = verdict.problems.first() else { return TestCaseStatus::success() };
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(verdict.kind.name());
    status.set_message(first.lines().next().unwrap_or_default());
    let place = format!("{}:{}", verdict.location.file, verdict.location.line);
    status.set_description(format!("{place}\n{}", verdict.problems.join("\n")));
    status
}
