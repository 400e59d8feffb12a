//! `isnad plugin list` and `isnad plugin check`, on a library that keeps the laws and on one that breaks them.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use isnad_plugin_hostile::library;
use isnad_plugin_stopwords::LIBRARY;
use serde_json::Value;

use crate::program::{Outcome, folder, isnad, program};

/// Checks the hostile stage, which is told to misbehave in some way on nearly every article.
fn check(folder: &Path, how: &str, more: &[&str]) -> Outcome {
    let (library, how) = (library("hostile").display().to_string(), format!("how={how}"));
    let mut args = vec!["plugin", "check", &library, "--set", &how, "--set", "word=ا"];
    if !more.contains(&"--cases") {
        args.extend(["--cases", "4"]);
    }
    args.extend(more);
    isnad(folder, &args)
}

/// The lines of laws that are broken.
fn broken(outcome: &Outcome) -> Vec<&str> {
    outcome.stdout.lines().filter_map(|line| line.strip_prefix("BROKEN  ")).collect()
}

#[test]
fn a_sound_library_is_described_and_keeps_the_laws() {
    let here = folder("plugin-sound");
    let described = isnad(&here, &["plugin", "list", LIBRARY]);
    assert_eq!((described.code, described.stderr.as_str()), (0, ""));
    assert!(
        described.stdout.contains("ABI 0.1") && described.stdout.contains("mark.stopwords"),
        "{described:?}"
    );

    let json = isnad(&here, &["plugin", "list", "--json", LIBRARY]);
    let json: Value = serde_json::from_str(&json.stdout).expect("it is JSON");
    assert_eq!(json[0]["description"]["kinds"][0]["name"], "mark.stopwords");
    assert_eq!(json[0]["sha256"].as_str().map(str::len), Some(64));

    let args = ["plugin", "check", LIBRARY, "--cases", "4", "--batches", "300", "--junit", "laws.xml"];
    let checked = isnad(&here, &args);
    assert_eq!((checked.code, checked.stderr.as_str()), (0, ""), "{}", checked.stdout);
    assert!(
        checked.stdout.ends_with("12 kept, 0 broken, 3 say nothing about these stages\n"),
        "{}",
        checked.stdout
    );
    let xml = fs::read_to_string(here.join("laws.xml")).expect("it was asked for");
    let report = quick_junit::Report::deserialize_from_str(&xml).expect("it is JUnit");
    assert_eq!(
        (report.tests, report.failures, report.test_suites[0].name.as_str()),
        (15, 0, "mark.stopwords")
    );
}

#[test]
fn the_stage_of_a_library_is_described_like_any_other() {
    let here = folder("plugin-described");
    let listed = isnad(&here, &["stages", "mark", "--plugin", LIBRARY]);
    assert_eq!((listed.code, listed.stdout.as_str()), (0, "mark.stopwords  marks function words\n"));
    let stage = isnad(&here, &["stages", "mark.stopwords", "--plugin", LIBRARY]);
    assert!(stage.stdout.contains("Options:") && stage.stdout.contains("words"), "{}", stage.stdout);
    let schema = isnad(&here, &["schema", "--plugin", LIBRARY]);
    let schema: Value = serde_json::from_str(&schema.stdout).expect("it is JSON");
    assert!(schema["$defs"]["mark.stopwords"]["properties"]["words"].is_object(), "{schema:#}");
    let gone = isnad(&here, &["stages", "--plugin", "gone.so"]);
    assert_eq!(gone.code, 2, "{gone:?}");
}

#[test]
fn a_crash_is_found_made_small_and_kept() {
    let here = folder("plugin-crash");
    let outcome = check(&here, "segfault", &["--junit", "laws.xml"]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    assert!(broken(&outcome).contains(&"no-panic"), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("signal: 11 (SIGSEGV)"), "{}", outcome.stdout);
    // The smallest article that does it.
    assert!(outcome.stdout.contains("\n  ا\n"), "{}", outcome.stdout);
    let kept: Vec<_> = fs::read_dir(here.join("laws")).expect("it was made").flatten().collect();
    assert_eq!(kept.len(), 1, "the same crash is kept once");
    let fixture: Value = serde_json::from_slice(&fs::read(kept[0].path()).unwrap()).expect("it is JSON");
    assert_eq!(fixture["articles"][0]["raw"], "ا");
    let xml = fs::read_to_string(here.join("laws.xml")).expect("it was asked for");
    assert!(xml.contains("SIGSEGV"), "{xml}");

    // It is tried first from now on: no article needs to be generated to find it again.
    let again = check(&here, "segfault", &["--cases", "0"]);
    assert!(broken(&again).contains(&"no-panic"), "{}", again.stdout);
    let elsewhere = check(&here, "none", &["--fixtures", "others", "--batches", "200"]);
    assert_eq!((elsewhere.code, here.join("others").exists()), (0, false), "{elsewhere:?}");
    let without = check(&here, "segfault", &["--no-fixtures", "--cases", "0"]);
    assert!(!broken(&without).contains(&"no-panic"), "{}", without.stdout);
}

#[test]
fn results_that_may_not_be_break_the_law_of_honesty() {
    let here = folder("plugin-dishonest");
    for how in ["span-inside", "label", "attr", "edit-undeclared"] {
        let outcome = check(&here, how, &["--batches", "200"]);
        assert_eq!(outcome.code, 1, "{how}: {outcome:?}");
        assert!(broken(&outcome).contains(&"honest"), "{how}: {}", outcome.stdout);
    }
}

#[test]
fn a_leak_and_a_hanging_stage_are_found() {
    let here = folder("plugin-leak");
    let leak = check(&here, "leak", &["--batches", "3000"]);
    assert_eq!(broken(&leak), ["memory"], "{}", leak.stdout);
    let hanging = check(&here, "hang", &["--timeout", "300ms"]);
    assert!(broken(&hanging).contains(&"no-panic"), "{}", hanging.stdout);
    assert!(hanging.stdout.contains("hangs: nothing was heard of it for 300ms"), "{}", hanging.stdout);
}

#[test]
fn what_cannot_be_checked_says_why() {
    let here = folder("plugin-unable");
    let cases: [(&[&str], &str); 10] = [
        (&["plugin", "check", LIBRARY, "--timeout", "0s"], "must be more than nothing"),
        (&["plugin", "check", LIBRARY, "--batches", "0"], "--batches"),
        (&["plugin", "check", LIBRARY, "--set", "=5"], "`--set =5`: write it as in"),
        (&["plugin", "check", LIBRARY, "--junit", "gone/laws.xml"], "cannot write `gone/laws.xml`"),
        (&["plugin", "check", LIBRARY, "--junit", LIBRARY], "would replace the library"),
        (&["plugin", "check", "gone.so"], "gone.so"),
        (
            &["plugin", "check", LIBRARY, "--stage", "mark.names"],
            "the library has no stage `mark.names`; it has `mark.stopwords`",
        ),
        (
            &["plugin", "check", LIBRARY, "--set", "word=من"],
            "`mark.stopwords` has no option `word`; it has `words`, `proclitics`",
        ),
        (&["plugin", "check", LIBRARY, "--set", "words"], "`--set words`: write it as in `--set count=3`"),
        (&["plugin", "check", LIBRARY, "--set", "words=gone.tsv"], "gone.tsv"),
    ];
    for (args, expected) in cases {
        let outcome = isnad(&here, args);
        assert_eq!((outcome.code, outcome.stdout.as_str().lines().count() <= 1), (2, true), "{outcome:?}");
        assert!(outcome.stderr.contains(expected), "{}", outcome.stderr);
    }
    let missing = isnad(&here, &["plugin", "list", "gone.so", LIBRARY]);
    assert_eq!(missing.code, 1);
    assert!(missing.stdout.contains("gone.so: cannot be used") && missing.stdout.contains("mark.stopwords"));
}

/// A check that is ended from outside takes its processes with it, and leaves no file behind.
#[test]
#[cfg(target_os = "linux")]
fn a_check_that_is_ended_leaves_nothing_behind() {
    let here = folder("plugin-ended");
    let temporary = here.join("temporary");
    fs::create_dir(&temporary).unwrap();
    let library = library("hostile");
    let mut check = Command::new(program())
        .args(["plugin", "check", "--set", "how=spin", "--set", "word=ا", "--no-fixtures"])
        .arg(&library)
        .env("TMPDIR", &temporary)
        .current_dir(&here)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let child = soon(|| children(check.id()).into_iter().find(|child| works_on_laws(*child)));
    check.kill().unwrap();
    check.wait().unwrap();
    soon(|| (!works_on_laws(child)).then_some(()));
    assert_eq!(fs::read_dir(&temporary).unwrap().count(), 0);
}

/// Waits until something is so.
#[track_caller]
fn soon<T>(mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..1000 {
        if let Some(seen) = look() {
            return seen;
        }
        thread::sleep(Duration::from_millis(20));
    }
    panic!("this took too long");
}

fn children(process: u32) -> Vec<u32> {
    let path = format!("/proc/{process}/task/{process}/children");
    let text = fs::read_to_string(path).unwrap_or_default();
    text.split_whitespace().filter_map(|number| number.parse().ok()).collect()
}

/// Whether a process is there and checks a law.
fn works_on_laws(process: u32) -> bool {
    fs::read_to_string(format!("/proc/{process}/cmdline")).is_ok_and(|line| line.contains("__laws"))
}

#[test]
fn a_stage_that_falls_over_in_its_process_breaks_laws_and_properties_of_a_pipeline() {
    let here = folder("plugin-property");
    fs::write(here.join("a.txt"), "قال الوزير سمّ.").unwrap();
    let library = library("hostile");
    let pipeline = format!(
        "isnad = 1\n[[plugin]]\npath = {library:?}\n[[stage]]\nuse = \"test.hostile\"\nhow = \"segfault\"\n\
         isolation = \"process\"\n[[property]]\nname = \"law\"\nlaw = \"no-panic\"\narticles = [\"a.txt\"]\n\
         [[property]]\nname = \"rows\"\nnever = {{ layer = \"hostile\", label = \"bad\" }}\narticles = [\"a.txt\"]\n"
    );
    fs::write(here.join("p.toml"), pipeline.replace(", label = \"bad\"", ", text = \"لا شيء\"")).unwrap();
    let outcome = isnad(&here, &["test", "p.toml"]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    assert_eq!(outcome.stdout.matches("FAILED").count(), 2, "{}", outcome.stdout);
    assert!(outcome.stdout.contains("SIGSEGV"), "{}", outcome.stdout);
}
