//! `isnad test`, and the same from a program: tests and properties that hold, that do not, and what is said.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use isnad::core::{Contract, NoFiles, Registry, Span, StageError, StageKind, Sym, Writes, per_doc};
use isnad::runner::{LAWS, Loader};
use isnad::testing::{Kind, Results, Suite};
use isnad_testkit::laws::Law;
use quick_junit::{Report, TestCaseStatus};

use crate::program::{Outcome, folder, isnad, top};

const STAGES: &str = r#"
isnad = 1
[[stage]]
use = "normalize.tatweel"
[[stage]]
use = "extract.sentences"
[[stage]]
use = "extract.tokens"
[[stage]]
use = "extract.cues"
[[stage]]
use = "extract.entities"
[[stage]]
use = "extract.quotes"
[[stage]]
use = "export.jsonl"
path = "no-such-folder/facts.jsonl"
"#;

const SOUND: &str = r#"
[[test]]
name = "قول مباشر"
article = "قـال سامح شكري: «لن نشارك في القمة»."
published = 2023-05-16
normalized = "قال سامح شكري: «لن نشارك في القمة»."
only = ["entity", "quote"]
[[test.expect]]
layer = "entity"
label = "PER"
text = "سامح شكري"
attrs = { name = "سامح شكري" }
count = 1
[[test.expect]]
layer = "quote"
label = "direct"
text = "لن نشارك في القمة"
refs = { speaker = "سامح شكري", addressee = [] }
[[test.absent]]
layer = "quote"
label = "indirect"

[[property]]
name = "الأسماء في جمل"
every = { layer = "entity" }
inside = "sentence"
cases = 20

[[property]]
name = "الكلمات"
law = "batch-free"
stage = "extract.tokens"
cases = 8
"#;

const BROKEN: &str = r#"
[[test]]
name = "قائل آخر"
article = "قال سامح شكري: «لن نشارك\u200F في القمة»."
[[test.expect]]
layer = "quote"
text = "لن نشارك\u200F في القمة"
refs = { speaker = "أيمن الصفدي" }
"#;

/// A folder with these tests below the stages.
fn pipeline(name: &str, tests: &str) -> PathBuf {
    let here = folder(&format!("testing-{name}"));
    fs::write(here.join("p.toml"), format!("{STAGES}{tests}")).unwrap();
    here
}

#[track_caller]
fn check(outcome: &Outcome, code: i32, stdout: &str, stderr: &str) {
    assert_eq!((outcome.code, outcome.stdout.as_str()), (code, stdout), "{}", outcome.stderr);
    assert!(outcome.stderr.contains(stderr), "{}", outcome.stderr);
}

#[test]
fn what_holds_is_ok_and_nothing_is_written() {
    let here = pipeline("sound", SOUND);
    check(
        &isnad(&here, &["test", "p.toml"]),
        0,
        "ok      قول مباشر\nok      الأسماء في جمل\nok      الكلمات\n3 passed\n",
        "",
    );
    assert_eq!(fs::read_dir(&here).unwrap().count(), 1, "only the pipeline file lies there");
}

#[test]
fn what_does_not_hold_is_told_with_what_is_there() {
    let here = pipeline("broken", BROKEN);
    let told = "FAILED  قائل آخر (p.toml:19)
  there is no row
    quote «لن نشارك\\u{200f} في القمة» speaker→«أيمن الصفدي»
  the nearest is
    quote direct «لن نشارك\\u{200f} في القمة» speaker→«سامح شكري» cue→«قال»
      `speaker` leads to «سامح شكري», not to «أيمن الصفدي»
  `quote` holds
    quote direct «لن نشارك\\u{200f} في القمة» speaker→«سامح شكري» cue→«قال»
0 passed, 1 failed
";
    check(&isnad(&here, &["test", "p.toml"]), 1, told, "error: 1 of 1 failed");
}

#[test]
fn names_choose_what_is_run_and_listed() {
    let here = pipeline("filter", &format!("{SOUND}{BROKEN}"));
    let run = |args: &[&str]| isnad(&here, &[&["test", "p.toml"], args].concat());
    check(&run(&["--filter", "قول"]), 0, "ok      قول مباشر\n1 passed\n", "");
    let list = "test      قول مباشر (p.toml:19)\ntest      قائل آخر (p.toml:52)\nproperty  الأسماء في جمل (p.toml:40)\nproperty  الكلمات (p.toml:46)\n";
    check(&run(&["--list"]), 0, list, "");
    check(&run(&["--list", "--filter", "قائل"]), 0, "test      قائل آخر (p.toml:52)\n", "");
    check(&run(&["--filter", "خبر"]), 2, "", "no test or property has `خبر` in its name");
    // What a setting changes, tests see.
    let off = run(&["--filter", "قول", "--set", "normalize.tatweel.enabled=false"]);
    assert!(off.code == 1 && off.stdout.contains("\n    +قـال سامح شكري"), "{}", off.stdout);
}

#[test]
fn the_printed_pipeline_has_the_same_tests() {
    let here = pipeline("print", &format!("{SOUND}{BROKEN}"));
    let printed = isnad(&here, &["check", "p.toml", "--print", "--set", "export.jsonl.path=facts.jsonl"]);
    assert_eq!(printed.code, 0, "{}", printed.stderr);
    fs::write(here.join("q.toml"), printed.stdout).unwrap();
    let verdicts = |file: &str| {
        let run = isnad(&here, &["test", file]).stdout;
        // The lines of the file are others.
        run.lines().map(|line| line.split(" (").next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(verdicts("q.toml"), verdicts("p.toml"));
}

#[test]
fn without_tests_there_is_nothing_to_run() {
    let here = pipeline("none", "");
    check(&isnad(&here, &["test", "p.toml"]), 2, "", "`p.toml` has neither `[[test]]` nor `[[property]]`");
    check(&isnad(&here, &["test", "news"]), 2, "", "`news` has neither");
    check(&isnad(&here, &["test", "q.toml"]), 2, "", "there is no pipeline file `q.toml`");
}

#[test]
fn a_run_does_not_look_at_tests() {
    let here = pipeline("run", "[[test]]\nnmae = \"خطأ\"\n[[property]]\nlaw = 1\n");
    fs::write(here.join("a.txt"), "قال سامح شكري: «لن نشارك في القمة».").unwrap();
    let run = isnad(&here, &["run", "-p", "p.toml", "a.txt", "--set", "export.jsonl.path=facts.jsonl"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(isnad(&here, &["check", "p.toml"]).code, 2);
    assert_eq!(isnad(&here, &["test", "p.toml"]).code, 2);
}

#[test]
fn junit_holds_a_case_for_each_and_what_went_wrong() {
    let here = pipeline(
        "junit",
        &format!(
            "{SOUND}{BROKEN}[[test]]\nname = \"جرس\"\narticle = \"\\u0007\"\nnormalized = \"\\u0001\"\n"
        ),
    );
    let run = isnad(&here, &["test", "p.toml", "--junit", "out.xml"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let xml = fs::read_to_string(here.join("out.xml")).unwrap();
    let report = Report::deserialize_from_str(&xml).unwrap();
    let cases: Vec<(&str, Option<&str>)> = report
        .test_suites
        .iter()
        .flat_map(|suite| &suite.test_cases)
        .map(|case| {
            let failure = match &case.status {
                TestCaseStatus::NonSuccess { description, .. } => description.as_deref(),
                _ => None,
            };
            (case.name.as_str(), failure)
        })
        .collect();
    let names: Vec<&str> = cases.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["قول مباشر", "قائل آخر", "جرس", "الأسماء في جمل", "الكلمات"]);
    let failed: Vec<&str> = cases.iter().filter_map(|(_, failure)| *failure).collect();
    assert_eq!(failed.len(), 2, "{xml}");
    assert!(failed[0].contains("p.toml:52\nthere is no row"), "{}", failed[0]);
    assert!(!xml.contains(['\u{1}', '\u{7}']), "XML has no place for control characters");
    // The same results make the same report.
    isnad(&here, &["test", "p.toml", "--junit", "again.xml"]);
    assert_eq!(fs::read_to_string(here.join("again.xml")).unwrap(), xml);
    // No report takes the place of the pipeline.
    let over = isnad(&here, &["test", "p.toml", "--junit", "./p.toml"]);
    check(&over, 2, "", "would replace the pipeline file");
}

/// A stage for this test: marks every «قال», and panics on «ژ».
fn registry() -> Registry {
    let mut registry = isnad::registry();
    registry.add(StageKind::new("acme.said", "marks a verb", "", |_: BTreeMap<String, bool>, _| {
        let contract = Contract::new().writes(Writes::rows("said", 1));
        let open = |names: &std::sync::Arc<isnad::core::Names>| {
            names.layer("said").ok_or_else(|| StageError::undeclared("said"))
        };
        Ok(per_doc(contract, open, |said, document, cx| {
            let (content, mut rows) = document.annotate(cx);
            assert!(!content.text().contains('ژ'), "poison");
            for (at, word) in content.text().match_indices("قال") {
                rows.add(*said, Span::new(at, at + word.len()), Sym::NONE, Sym::NONE, 1.0)?;
            }
            Ok(())
        }))
    }));
    registry
}

fn run(tests: &str) -> Results {
    let registry = registry();
    let source = format!("isnad = 1\n[[stage]]\nuse = \"acme.said\"\n{tests}");
    let (pipeline, specs) = Loader::new(&registry, &NoFiles)
        .tests(source, "p.toml", top())
        .unwrap_or_else(|errors| panic!("{errors:?}"));
    Suite::new("p.toml", &pipeline, &specs).run()
}

#[test]
fn a_panic_fails_one_test_and_the_others_go_on() {
    let results = run(
        "[[test]]\nname = \"a\"\narticle = \"ژ\"\n[[test]]\nname = \"b\"\narticle = \"ژ\"\noutcome = \"quarantined\"\n\
         [[test]]\nname = \"c\"\narticle = \"قال\"\nonly = [\"said\"]\n[[test]]\nname = \"d\"\narticle = \"قال\"\n[[test.expect]]\nlayer = \"said\"\ncount = 1\n",
    );
    let shown = results.to_string();
    let expected = "FAILED  a (p.toml:4)
  the document should have been kept, and `acme.said` could not handle it (panic): poison
ok      b
FAILED  c (p.toml:11)
  `said` holds what no expectation names
    said «قال»
ok      d
2 passed, 2 failed";
    assert_eq!(shown, expected);
}

#[test]
fn a_counter_example_is_made_small_and_can_be_kept_as_a_test() {
    let never = "[[property]]\nname = \"لا أحد يقول\"\nnever = { layer = \"said\" }\n";
    let results = run(&format!("{never}cases = 200\n"));
    let [verdict] = results.verdicts.as_slice() else { panic!("{results}") };
    let expected = "FAILED  لا أحد يقول (p.toml:4)
  there is a row that should never be
    said «قال»
  the smallest article that shows it, generated with the seed 0, as a test to keep:
    [[test]]
    name = \"لا أحد يقول: counter-example\"
    article = \"قال\"";
    assert_eq!((verdict.kind, verdict.to_string().as_str()), (Kind::Property, expected));
    // What it says to keep is a test, and one that shows the same.
    let (_, kept) = expected.split_once("keep:\n").unwrap();
    let kept = run(&format!("{kept}\n[[test.absent]]\nlayer = \"said\"\n"));
    assert_eq!((kept.passed(), kept.failed()), (0, 1), "{kept}");

    let given = run(&format!("{never}articles = [\"tests/corpus/phone-call.txt\"]\n"));
    assert!(given.to_string().contains("found in `tests/corpus/phone-call.txt`"), "{given}");
}

#[test]
fn a_law_that_a_stage_breaks_is_named() {
    let results = run(
        "[[property]]\nname = \"p\"\nlaw = \"no-panic\"\narticles = [\"tests/corpus/storm.txt\"]\ncases = 0\n",
    );
    assert_eq!(results.failed(), 0, "{results}");
    let results = run("[[property]]\nname = \"p\"\nlaw = \"no-panic\"\ncases = 200\n");
    let shown = results.to_string();
    assert!(shown.contains("`acme.said` breaks the law `no-panic`") && shown.contains('ژ'), "{shown}");
}

#[test]
fn all_laws_can_be_named() {
    let laws: Vec<&str> = Law::ALL.iter().map(|law| law.name()).collect();
    assert_eq!(laws, LAWS);
}

#[test]
fn the_tour_keeps_what_it_promises() {
    isnad::testing::check_file(top().join("docs/tour/pipeline.toml"));
}
