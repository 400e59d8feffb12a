//! Results as JUnit XML, which build servers read.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

/// Results that belong together.
pub(crate) struct Suite {
    pub(crate) name: String,
    pub(crate) cases: Vec<Case>,
}

/// One result.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) class: String,
    pub(crate) status: Status,
}

/// How it went.
pub(crate) enum Status {
    Passed,
    Skipped { why: String },
    Failed { what: &'static str, message: String, text: String },
}

/// The results as XML. Times are left out, so that the same results make the same file; characters that XML
/// does not allow are left out, too.
pub(crate) fn to_xml(title: &str, suites: Vec<Suite>) -> Result<String, String> {
    let mut report = Report::new(title);
    for suite in suites.into_iter().filter(|suite| !suite.cases.is_empty()) {
        let mut out = TestSuite::new(suite.name);
        for case in suite.cases {
            let mut test = TestCase::new(case.name, status(&case.status));
            test.set_classname(case.class);
            out.add_test_case(test);
        }
        report.add_test_suite(out);
    }
    report.to_string().map_err(|error| error.to_string())
}

fn status(status: &Status) -> TestCaseStatus {
    match status {
        Status::Passed => TestCaseStatus::success(),
        Status::Skipped { why } => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(why.as_str());
            status
        }
        Status::Failed { what, message, text } => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type(*what);
            status.set_message(message.lines().next().unwrap_or_default());
            status.set_description(text.as_str());
            status
        }
    }
}
