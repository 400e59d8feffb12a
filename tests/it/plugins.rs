//! Stages in dynamic libraries, as users run them: libraries that misbehave as they are loaded, as stages are made and
//! while documents are processed; and one stage in C, in Rust as a library, and built in.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use isnad::runner::{self, DiskFiles, Host, Inputs, Loader, NoProgress, RunOptions};
use isnad_plugin_hostile::library as hostile_library;
use isnad_testkit::arabic;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use crate::corpus;
use crate::program::{Outcome, files, folder, isnad, json_lines, program, shell, top};

/// A library in Rust that is an example of a package: cargo builds it together with the tests.
fn example(name: &str) -> PathBuf {
    let path = program().with_file_name("examples").join(format!("lib{name}.so"));
    let path = if cfg!(target_os = "macos") { path.with_extension("dylib") } else { path };
    assert!(path.exists(), "`{}` was not built; run `cargo test --workspace`", path.display());
    path
}

/// A pipeline with one stage of a library in its middle; `keys` are more lines of that stage.
fn pipeline(library: &Path, name: &str, keys: &str, input: &str) -> String {
    format!(
        "isnad = 1\n\n[input]\npaths = [{input:?}]\n\n[[plugin]]\npath = {library:?}\n\n\
         [[stage]]\nuse = \"normalize.tatweel\"\n\n[[stage]]\nuse = {name:?}\n{keys}\n\n\
         [[stage]]\nuse = \"extract.sentences\"\n\n[[stage]]\nuse = \"export.jsonl\"\npath = \"facts.jsonl\"\n"
    )
}

// --- libraries that are wrong before the first document ----------------------------------------------------------

/// `check` and `run` refuse the pipeline, name the library and say why, and nothing is written.
#[track_caller]
fn refused(here: &Path, what: &str, pipeline: &str, said: &[&str]) {
    fs::write(here.join("news.txt"), "قال الوزير إن الاجتماع تأجل.").unwrap();
    fs::write(here.join("pipeline.toml"), pipeline).unwrap();
    let before = files(here);
    for args in [&["check", "pipeline.toml"][..], &["run", "-p", "pipeline.toml"]] {
        let outcome = isnad(here, args);
        assert_eq!(outcome.code, 2, "{what}: {args:?} {outcome:?}");
        for part in said {
            assert!(
                outcome.stderr.contains(part),
                "{what}: {args:?} does not say `{part}`:\n{}",
                outcome.stderr
            );
        }
        assert!(
            outcome.stderr.contains("pipeline.toml:"),
            "{what}: the place is missing:\n{}",
            outcome.stderr
        );
        assert_eq!(files(here), before, "{what}: {args:?} leaves something behind");
    }
}

#[test]
fn libraries_that_are_wrong_are_refused_by_name() {
    let here = folder("plugins/faults");
    for (fault, cause) in [
        ("text", "cannot be loaded"),
        ("no_symbol", "isnad_module_v0"),
        ("magic_wrong", "0x12345678"),
        ("major_other", "speaks version 1."),
        ("minor_needed", "needs version 0."),
        ("module_null", "null"),
        ("module_truncated", "truncated"),
        ("kind_truncated", "truncated"),
        ("kinds_null", "null"),
        ("name_shape", "Test Stage"),
        ("name_taken", "normalize"),
        ("name_utf8", "UTF-8"),
        ("no_process", "process"),
        ("row_other", "knows rows of 12 bytes"),
        ("schema_text", "schema"),
        ("init_fails", "init"),
        ("init_crashes", "SIGSEGV"),
        ("entry_crashes", "SIGSEGV"),
        ("constructor_crashes", "SIGSEGV"),
        ("constructor_aborts", "SIGABRT"),
        ("constructor_exits", "ended"),
    ] {
        let library = hostile_library(fault);
        let file = library.file_name().unwrap().to_string_lossy().into_owned();
        refused(&here, fault, &pipeline(&library, "test.faults", "", "news.txt"), &[&file, cause]);
    }
    let missing = pipeline(Path::new("libnone.so"), "test.faults", "", "news.txt");
    refused(&here, "a missing file", &missing, &["libnone.so"]);
}

#[test]
fn libraries_with_longer_and_shorter_tables_work() {
    for fault in ["sound", "longer", "shorter"] {
        let here = folder(&format!("plugins/{fault}"));
        fs::write(here.join("news.txt"), "قال الوزير إن الاجتماع تأجل.").unwrap();
        let text = pipeline(&hostile_library(fault), "test.faults", "", "news.txt");
        fs::write(here.join("pipeline.toml"), text).unwrap();
        let outcome = isnad(&here, &["run", "-p", "pipeline.toml"]);
        assert_eq!(outcome.code, 0, "{fault}: {outcome:?}");
        assert!(here.join("facts.jsonl").exists(), "{fault}");
    }
}

#[test]
fn stages_that_cannot_be_made_are_errors_of_the_pipeline() {
    let here = folder("plugins/create");
    for (how, cause) in [
        ("create-crash", "SIGSEGV"),
        ("create-abort", "SIGABRT"),
        ("create-exit", "ended"),
        ("create-null", "gave no stage"),
        ("create-silent", "gave no reason"),
        ("create-odd", "77"),
        ("create-panicked", "caught an exception"),
        ("create-error", "does not feel like it"),
        ("create-option", "this fault is an error of its option"),
        ("create-option", "and so is the word"),
        ("contract-text", "cannot be read"),
        ("contract-utf8", "UTF-8"),
        ("contract-key", "wrights"),
        ("contract-null", "cannot be read"),
        ("contract-crash", "SIGSEGV"),
        ("open-crash", "SIGSEGV"),
        ("open-null", "gave none"),
        ("open-error", "the worker does not open"),
    ] {
        let text =
            pipeline(&hostile_library("hostile"), "test.hostile", &format!("how = {how:?}"), "news.txt");
        // What is wrong with an option points at the option.
        let library = if how == "create-option" { "how" } else { "libhostile" };
        refused(&here, how, &text, &[cause, library]);
    }
    for (place, cause) in
        [("create", "this stage panics when it is made"), ("open", "this stage panics when it is opened")]
    {
        let keys = format!("place = {place:?}");
        let text = pipeline(&example("hostile_in_rust"), "test.panic", &keys, "news.txt");
        refused(&here, place, &text, &[cause, "libhostile_in_rust"]);
    }
}

// --- libraries that misbehave on some documents -------------------------------------------------------------------

/// The documents of a poisoned run.
const COUNT: usize = 30;

fn is_poison(number: usize) -> bool {
    number % 11 == 5
}

/// JSON lines, some of which hold the word that the stages misbehave on; without `poison`, lines that cannot be
/// read stand in their places, so that all other documents keep their numbers.
fn news(poison: bool) -> String {
    let line = |(number, line): (usize, &str)| match (is_poison(number), poison) {
        (false, _) => format!("{line}\n"),
        (true, true) => line.replacen("خبر رقم", "خبر سمّ رقم", 1) + "\n",
        (true, false) => "{\n".to_owned(),
    };
    corpus::many(COUNT).lines().enumerate().map(line).collect()
}

/// What a run came to: the output, and the documents in quarantine.
fn run(here: &Path, threads: &str, batch: &str) -> (Outcome, String, Vec<Value>) {
    for made in ["facts.jsonl", "isnad-quarantine.jsonl"] {
        let _ = fs::remove_file(here.join(made));
    }
    let outcome = isnad(here, &["run", "-p", "pipeline.toml", "--threads", threads, "--batch", batch]);
    let read = |name: &str| fs::read_to_string(here.join(name)).unwrap_or_default();
    (outcome, read("facts.jsonl"), json_lines(&read("isnad-quarantine.jsonl")))
}

/// A stage that misbehaves on three documents: they are in quarantine, and the others are as without them.
struct Poisoned {
    here: PathBuf,
    library: PathBuf,
    stage: &'static str,
}

impl Poisoned {
    fn new(name: &str, library: PathBuf, stage: &'static str) -> Self {
        Poisoned { here: folder(name), library, stage }
    }

    fn write(&self, keys: &str, poison: bool) {
        fs::write(self.here.join("news.jsonl"), news(poison)).unwrap();
        fs::write(self.here.join("pipeline.toml"), pipeline(&self.library, self.stage, keys, "news.jsonl"))
            .unwrap();
    }

    /// The output of a run without poison.
    #[track_caller]
    fn reference(&self, keys: &str) -> String {
        self.write(keys, false);
        let (outcome, facts, quarantine) = run(&self.here, "1", "8");
        assert_eq!((outcome.code, quarantine.len()), (3, 3), "{outcome:?}");
        assert_eq!(facts.lines().count(), COUNT - 3);
        facts
    }

    #[track_caller]
    fn check(&self, keys: &str, reference: &str, code: &str, sizes: &[(&str, &str)]) -> Vec<Value> {
        self.write(keys, true);
        let mut lines = Vec::new();
        for (threads, batch) in sizes {
            let what = format!("{keys} on {threads} threads, batch {batch}");
            let (outcome, facts, quarantine) = run(&self.here, threads, batch);
            assert_eq!(outcome.code, 3, "{what}: {outcome:?}");
            let failed: Vec<_> =
                quarantine.iter().map(|line| (line["stage"].as_str(), line["code"].as_str())).collect();
            assert_eq!(failed, [(Some(self.stage), Some(code)); 3], "{what}: {quarantine:?}");
            assert!(facts == reference, "{what}: another output");
            lines = quarantine;
        }
        lines
    }

    /// The command of a line of the quarantine fails the same way.
    #[track_caller]
    fn reproduce(&self, line: &Value) {
        let command = line["reproduce"].as_str().unwrap_or_else(|| panic!("no command in {line}"));
        let outcome = shell(&self.here, command);
        assert_eq!(outcome.code, 3, "{command}: {outcome:?}");
        let again = json_lines(&fs::read_to_string(self.here.join("isnad-reproduced.jsonl")).unwrap());
        assert_eq!((again.len(), &again[0]["code"]), (1, &line["code"]), "{command}");
    }
}

const ALL_SIZES: [(&str, &str); 4] = [("1", "1"), ("1", "64"), ("2", "1"), ("2", "64")];
const ONE_SIZE: [(&str, &str); 1] = [("2", "7")];

/// What is refused at the border, and what the stage itself says.
const SURVIVABLE: [(&str, &str); 27] = [
    ("span-out", "plugin"),
    ("span-inside", "plugin"),
    ("span-empty", "plugin"),
    ("span-back", "plugin"),
    ("span-huge", "plugin"),
    ("score", "plugin"),
    ("score-nan", "plugin"),
    ("label", "plugin"),
    ("label-unknown", "plugin"),
    ("rule", "plugin"),
    ("layer", "plugin"),
    ("layer-unknown", "plugin"),
    ("rows-null", "plugin"),
    ("rows-huge", "plugin"),
    ("attr", "plugin"),
    ("attr-row", "plugin"),
    ("attr-utf8", "plugin"),
    ("attr-null", "plugin"),
    ("attr-twice", "plugin"),
    ("link", "plugin"),
    ("link-row", "plugin"),
    ("link-layer", "plugin"),
    ("drop", "plugin"),
    ("document", "plugin"),
    ("edit-undeclared", "plugin"),
    ("fail", "poison"),
    ("panicked", "panic"),
];

const EDITS: [&str; 6] =
    ["edit-unsorted", "edit-overlap", "edit-inside", "edit-out", "edit-kind", "edit-utf8"];

/// Threads and batch sizes of runs.
type Sizes = [(&'static str, &'static str)];

/// What ends the process or never ends; `how`, the code of the quarantine, and how few sizes of runs will do.
const DEADLY: [(&str, &str, &Sizes); 8] = [
    ("segfault", "crash", &ALL_SIZES),
    ("abort", "crash", &ONE_SIZE),
    ("exit", "crash", &ONE_SIZE),
    ("exit-zero", "crash", &ONE_SIZE),
    ("stack", "crash", &ONE_SIZE),
    ("memory", "crash", &ONE_SIZE),
    ("hang", "timeout", &ONE_SIZE),
    ("spin", "timeout", &ONE_SIZE),
];

#[test]
fn what_is_refused_costs_the_document_only() {
    let poisoned = Poisoned::new("plugins/inline", hostile_library("hostile"), "test.hostile");
    let reference = poisoned.reference("how = \"none\"");
    for (how, code) in SURVIVABLE {
        let sizes = if matches!(how, "span-out" | "panicked") { &ALL_SIZES[..] } else { &ONE_SIZE };
        let lines = poisoned.check(&format!("how = {how:?}"), &reference, code, sizes);
        if matches!(how, "span-out" | "panicked") {
            poisoned.reproduce(&lines[0]);
        }
        if how.starts_with("span") {
            let said = lines[0]["message"].as_str().unwrap_or_default();
            assert!(said.contains("test.hostile") && said.contains("bytes "), "{how}: {said}");
        }
    }
    // A stage that declares nothing: its layer is not there, and no document has rows of it.
    let reference = poisoned.reference("how = \"contract-less\"");
    poisoned.check("how = \"contract-less\"", &reference, "plugin", &ONE_SIZE);
    let reference = poisoned.reference("how = \"edit-none\"");
    for how in EDITS {
        poisoned.check(&format!("how = {how:?}"), &reference, "plugin", &ONE_SIZE);
    }
}

#[test]
fn in_a_process_of_its_own_nothing_costs_more_than_the_document() {
    let poisoned = Poisoned::new("plugins/isolated", hostile_library("hostile"), "test.hostile");
    let reference = poisoned.reference("how = \"none\"");
    let isolated = |how: &str, more: &str| format!("how = {how:?}\nisolation = \"process\"\n{more}");
    for (how, code) in SURVIVABLE.into_iter().filter(|(how, _)| matches!(*how, "span-out" | "layer" | "fail"))
    {
        poisoned.check(&isolated(how, ""), &reference, code, &ONE_SIZE);
    }
    for (how, code, sizes) in DEADLY {
        let more = match code {
            _ if how == "memory" => "memory = \"256MiB\"",
            "timeout" => "timeout = \"500ms\"",
            _ => "",
        };
        let lines = poisoned.check(&isolated(how, more), &reference, code, sizes);
        if how == "segfault" {
            poisoned.reproduce(&lines[0]);
        }
    }
    // What a library prints does not get between the processes, and not into the output.
    poisoned.write(&isolated("print", ""), true);
    let (outcome, facts, _) = run(&poisoned.here, "2", "7");
    assert_eq!((outcome.code, outcome.stdout.as_str()), (0, ""), "{outcome:?}");
    assert_eq!(facts.lines().count(), COUNT);
}

#[test]
fn a_panic_in_rust_costs_the_document_only() {
    let poisoned = Poisoned::new("plugins/panic", example("hostile_in_rust"), "test.panic");
    let reference = poisoned.reference("");
    for (place, keys) in [("process", ""), ("payload", ""), ("process", "isolation = \"process\"")] {
        let sizes = if place == "process" { &ALL_SIZES[..] } else { &ONE_SIZE };
        let lines = poisoned.check(&format!("place = {place:?}\n{keys}"), &reference, "panic", sizes);
        let said = lines[0]["message"].as_str().unwrap_or_default();
        assert!(place != "process" || said.contains("this stage panics on «سمّ»"), "{said}");
    }
}

#[test]
fn what_is_no_fault_of_a_document_ends_the_run() {
    let poisoned = Poisoned::new("plugins/ends", hostile_library("hostile"), "test.hostile");
    for (how, said) in
        [("failed", "the library gave up"), ("odd", "77"), ("finish-error", "the end went wrong")]
    {
        poisoned.write(&format!("how = {how:?}"), true);
        let (outcome, facts, _) = run(&poisoned.here, "2", "7");
        assert_eq!((outcome.code, facts.as_str()), (1, ""), "{how}: {outcome:?}");
        assert!(outcome.stderr.contains(said), "{how}: {}", outcome.stderr);
    }
}

#[test]
fn a_leak_breaks_a_law() {
    let here = folder("plugins/leak");
    let library = hostile_library("hostile").display().to_string();
    let check = |how: &str| {
        let how = format!("how={how}");
        isnad(&here, &["plugin", "check", &library, "--set", &how, "--cases", "2", "--batches", "4000"])
    };
    let leak = check("leak");
    assert_eq!(leak.code, 1, "{leak:?}");
    assert!(leak.stdout.contains("memory"), "{}", leak.stdout);
    let sound = check("none");
    assert_eq!(sound.code, 0, "{sound:?}");
}

// --- one stage in three forms ------------------------------------------------------------------------------------

/// Generated articles, or those of the file that `ISNAD_TEST_NEWS` names.
fn articles(here: &Path) -> String {
    if let Ok(path) = std::env::var("ISNAD_TEST_NEWS") {
        return fs::canonicalize(&path)
            .unwrap_or_else(|error| panic!("{path}: {error}"))
            .display()
            .to_string();
    }
    let config = Config { failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let strategy = arabic::article();
    let line = |number: usize| {
        let article = strategy.new_tree(&mut runner).expect("every article is one").current();
        json!({ "id": number.to_string(), "text": article.raw }).to_string() + "\n"
    };
    let path = here.join("news.jsonl");
    fs::write(&path, (0..1000).map(line).collect::<String>()).unwrap();
    path.display().to_string()
}

/// What a stage that is built in writes: a program that links the crate.
fn built_in(text: &str, here: &Path) {
    let mut registry = isnad::registry();
    isnad_plugin_stopwords::register(&mut registry);
    let files = DiskFiles::new(here);
    let pipeline =
        Loader::new(&registry, &files).load(text.as_bytes(), "pipeline.toml").expect("it is sound");
    let inputs = Inputs::find(&pipeline.input.paths, here, None).expect("the input is there");
    let host = Host {
        files: &files,
        quarantine: &|| Err(io::Error::other("no document fails")),
        reproduce: &|_| None,
        progress: &mut NoProgress,
        cancelled: &Arc::default(),
    };
    runner::run(&pipeline, inputs, &RunOptions::default(), host).expect("no document fails");
}

#[test]
fn one_stage_in_c_in_rust_and_built_in_writes_the_same() {
    let top = folder("plugins/stopwords");
    let news = articles(&top);
    let stage = "mark.stopwords";
    let facts = |name: &str, library: Option<&Path>, keys: &str| {
        let here = top.join(name);
        fs::create_dir_all(&here).unwrap();
        let text = pipeline(library.unwrap_or(Path::new("none")), stage, keys, &news);
        match library {
            Some(_) => {
                fs::write(here.join("pipeline.toml"), text).unwrap();
                let outcome = isnad(&here, &["run", "-p", "pipeline.toml"]);
                assert_eq!(outcome.code, 0, "{name}: {outcome:?}");
            }
            None => built_in(&text.replace("[[plugin]]\npath = \"none\"\n", ""), &here),
        }
        fs::read_to_string(here.join("facts.jsonl")).unwrap()
    };
    let library = Path::new(isnad_plugin_stopwords::LIBRARY);
    let (in_c, in_rust) =
        (facts("c", Some(library), ""), facts("rust", Some(&example("stopwords_in_rust")), ""));
    let built_in = facts("built-in", None, "");
    let isolated = facts("isolated", Some(library), "isolation = \"process\"");
    assert!(in_c.lines().count() >= 1000 && in_c.matches("\"stopword\"").count() > 1000, "they find nothing");
    assert!(in_c == in_rust, "C and Rust differ");
    assert!(in_c == built_in, "a library and what is built in differ");
    assert!(in_c == isolated, "inline and isolated differ");
}

// --- the reference -----------------------------------------------------------------------------------------------

#[test]
fn the_reference_names_everything_in_the_header() {
    let header = fs::read_to_string(top().join("crates/isnad-plugin/include/isnad.h")).unwrap();
    let page = fs::read_to_string(top().join("docs/guides/plugin-abi.md")).unwrap();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut names: Vec<&str> =
        header.split(|c| !is_word(c)).filter(|word| word.starts_with("isnad_")).collect();
    // Members that are functions: `name)(` behind `(*`.
    names.extend(header.split("(*").skip(1).filter_map(|rest| rest.split_once(")(").map(|(name, _)| name)));
    names.sort_unstable();
    names.dedup();
    assert!(names.len() > 50, "{names:?}");
    let said: Vec<&str> = page.split(|c| !is_word(c)).collect();
    let missing: Vec<&&str> =
        names.iter().filter(|name| **name != "isnad_rc" && !said.contains(name)).collect();
    assert!(missing.is_empty(), "docs/guides/plugin-abi.md does not name {missing:?}");
}
