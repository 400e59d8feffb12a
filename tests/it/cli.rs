//! The command as users run it: inputs, outputs, exit codes.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::corpus;
use crate::program::{folder, isnad, isnad_reading, json_lines, program, shell};

const ARTICLE: &str = "قال الوزير إن الاجتماع تأجل إلى الأسبوع المقبل.";

/// A folder that holds an article and some JSON lines.
fn desk(name: &str) -> std::path::PathBuf {
    let folder = folder(&format!("cli-{name}"));
    fs::write(folder.join("article.txt"), ARTICLE).unwrap();
    fs::create_dir(folder.join("archive")).unwrap();
    fs::write(folder.join("archive/a.jsonl"), corpus::many(3)).unwrap();
    fs::write(folder.join("archive/b.jsonl"), corpus::many(2)).unwrap();
    folder
}

fn ids(records: &[Value]) -> Vec<&str> {
    records.iter().filter_map(|record| record["id"].as_str()).collect()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn exit_code_0_all_done() {
    let here = desk("done");
    for args in [
        &["run", "article.txt"][..],
        &["check", "news"],
        &["stages"],
        &["pipelines"],
        &["--help"],
        &["--version"],
    ] {
        let outcome = isnad(&here, args);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{args:?}");
        assert!(!outcome.stdout.is_empty(), "{args:?}");
    }
}

#[test]
fn exit_code_1_the_run_failed() {
    // A device on which there is never room; only Linux has it.
    if !Path::new("/dev/full").exists() {
        return;
    }
    let outcome = shell(&desk("failed"), "isnad run article.txt > /dev/full");
    assert_eq!(outcome.code, 1, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("cannot write"), "{}", outcome.stderr);
}

#[test]
fn exit_code_2_usage_or_configuration() {
    let here = desk("usage");
    fs::write(here.join("bad.toml"), "isnad = 1\n[[stage]]\nuse = \"normalize.marsk\"\n").unwrap();
    let cases: &[(&[&str], &str)] = &[
        (&["run"], "input"),
        (&["run", "no.txt"], "no.txt"),
        (&["run", "*.none"], "*.none"),
        (&["run", "article.txt", "--no-such-flag"], "--no-such-flag"),
        (&["run", "article.txt", "--published", "16/05/2023"], "16/05/2023"),
        (&["run", "article.txt", "--layers", "qoute"], "qoute"),
        (&["run", "-p", "no.toml", "article.txt"], "no.toml"),
        (&["run", "article.txt", "-o", "no/such/facts.jsonl"], "no/such"),
        (&["run", "-p", "bad.toml", "article.txt"], "normalize.marks"),
        (&["check", "bad.toml"], "bad.toml:3:7"),
        (&["stages", "extract.qoutes"], "extract.quotes"),
        (&["pipelines", "nwes"], "nwes"),
        (&["frobnicate"], "frobnicate"),
    ];
    for (args, named) in cases {
        let outcome = isnad(&here, args);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{args:?}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(named), "{args:?}: {}", outcome.stderr);
    }
    assert_eq!(names(&here), ["archive", "article.txt", "bad.toml"], "nothing was written");
}

#[test]
fn a_quarantine_file_that_cannot_be_written_is_said_before_anything_is_read() {
    let here = desk("no-quarantine");
    for (quarantine, wrong) in [
        ("no/q.jsonl", "there is no folder"),
        ("some.jsonl", "is read in this run"),
        ("./out.jsonl", "another stage writes to this file"),
    ] {
        fs::write(here.join("some.jsonl"), "{\"text\": \"قال\"}\n").unwrap();
        let outcome = isnad(&here, &["run", "some.jsonl", "--quarantine", quarantine, "-o", "out.jsonl"]);
        assert_eq!(outcome.code, 2, "{}", outcome.stderr);
        assert!(outcome.stderr.contains(wrong), "{}", outcome.stderr);
        assert!(!here.join("out.jsonl").exists());
    }
}

#[test]
fn a_pipeline_file_among_the_inputs_is_remarked_on() {
    let here = desk("pipeline-as-input");
    fs::write(here.join("mine.toml"), "isnad = 1\n[[stage]]\nuse = \"export.text\"\n").unwrap();
    let outcome = isnad(&here, &["run", "mine.toml"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("write `-p mine.toml`"), "{}", outcome.stderr);
    assert!(!isnad(&here, &["run", "article.txt"]).stderr.contains("-p"));
}

#[test]
fn exit_code_3_documents_in_quarantine() {
    let here = desk("quarantine");
    let lines = format!(
        "{{\"id\":\"1\",\"text\":\"{ARTICLE}\"}}\n{{\"id\":\"2\"\n{{\"id\":\"3\",\"text\":\"{ARTICLE}\"}}\n"
    );
    fs::write(here.join("some.jsonl"), lines).unwrap();
    let outcome = isnad(&here, &["run", "some.jsonl"]);
    assert_eq!(outcome.code, 3, "{}", outcome.stderr);
    assert_eq!(ids(&outcome.records()), ["1", "3"]);
    let quarantine = json_lines(&fs::read_to_string(here.join("isnad-quarantine.jsonl")).unwrap());
    assert_eq!(quarantine.len(), 1);
    assert_eq!(quarantine[0]["document"]["record"], 2);
    let message = quarantine[0]["message"].as_str().unwrap_or_default();
    assert!(message.contains("line 2"), "{message}");
    assert!(outcome.stderr.contains("isnad-quarantine.jsonl"), "{}", outcome.stderr);

    let outcome = isnad(&here, &["run", "some.jsonl", "--quarantine", "bad.jsonl", "-o", "good.jsonl"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (3, ""), "{}", outcome.stderr);
    assert!(here.join("bad.jsonl").exists() && here.join("good.jsonl").exists());
}

#[test]
fn exit_code_130_interrupted_and_the_output_keeps_its_partial_name() {
    let here = desk("interrupted");
    let mut command = Command::new(program());
    command
        .args(["run", "-", "-o", "facts.jsonl"])
        .current_dir(&here)
        .stdin(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = command.spawn().expect("the command starts");
    let begin = Instant::now();
    // The output is opened when signals are listened to already.
    while !here.join("facts.jsonl.partial").exists() && begin.elapsed() < Duration::from_secs(30) {
        std::thread::sleep(Duration::from_millis(5));
    }
    let killed =
        Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("there is a `kill`");
    assert!(killed.success());
    // Standard input is still open: the command does not wait for it.
    let input = child.stdin.take();
    let status = child.wait().expect("the child is ours");
    drop(input);
    assert_eq!(status.code(), Some(130));
    assert_eq!(names(&here), ["archive", "article.txt", "facts.jsonl.partial"]);
}

#[test]
fn outputs_have_their_names_after_success() {
    let here = desk("names");
    fs::write(here.join("facts.jsonl"), "older").unwrap();
    let outcome = isnad(&here, &["run", "article.txt", "-o", "facts.jsonl"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (0, ""), "{}", outcome.stderr);
    assert_eq!(names(&here), ["archive", "article.txt", "facts.jsonl"]);
    assert_eq!(json_lines(&fs::read_to_string(here.join("facts.jsonl")).unwrap()).len(), 1);
}

#[test]
fn a_file_with_seven_mistakes_gets_seven_errors() {
    let here = folder("cli-seven");
    let pipeline = r#"isnad = 2
inptu = { paths = ["*.txt"] }
[[stage]]
use = "normalize.marsk"
[[stage]]
use = "normalize.tatweel"
tatwel = true
[[stage]]
use = "extract.entities"
[[stage]]
use = "export.jsonl"
offsets = "bytes"
[[stage]]
use = "export.text"
id = "export.jsonl"
"#;
    fs::write(here.join("seven.toml"), pipeline).unwrap();
    let outcome = isnad(&here, &["check", "seven.toml"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""));
    let errors: Vec<&str> = outcome.stderr.lines().filter(|line| line.contains(": error[")).collect();
    assert_eq!(errors.len(), 7, "{}", outcome.stderr);
    for (error, place) in errors.iter().zip(["1:9", "2:1", "4:7", "7:1", "9:7", "12:11", "15:6"]) {
        assert!(error.starts_with(&format!("seven.toml:{place}: ")), "{place}: {}", outcome.stderr);
    }
    assert_eq!(names(&here), ["seven.toml"], "nothing was written");
}

#[test]
fn inputs_are_files_folders_globs_and_standard_input() {
    let here = desk("inputs");
    let count = |args: &[&str]| isnad(&here, args).records().len();
    assert_eq!(count(&["run", "article.txt"]), 1);
    assert_eq!(count(&["run", "archive"]), 5);
    assert_eq!(count(&["run", "archive/*.jsonl"]), 5);
    assert_eq!(count(&["run", "archive/[b]*", "article.txt"]), 3);
    assert_eq!(isnad_reading(&here, &["run", "-"], ARTICLE.as_bytes()).records()[0]["text"], ARTICLE);
    assert_eq!(isnad_reading(&here, &["run", "-"], corpus::many(4).as_bytes()).records().len(), 4);
    let text = isnad_reading(&here, &["run", "-", "--format", "text"], b"{\"text\":1}").records();
    assert_eq!(text[0]["text"], "{\"text\":1}");
}

#[test]
fn a_record_that_no_input_has_is_told() {
    let here = desk("no-record");
    assert_eq!(isnad(&here, &["run", "article.txt", "--record", "1"]).code, 0);
    let outcome = isnad(&here, &["run", "article.txt", "--record", "2"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{outcome:?}");
    assert!(outcome.stderr.contains("no input has a record 2"), "{}", outcome.stderr);
}

#[test]
fn a_record_has_its_shape() {
    let here = desk("record");
    let line = json!({ "id": "7", "title": "عنوان", "text": ARTICLE, "published": "2026-03-10T08:00:00Z", "tags": ["س", 1, null] });
    let outcome = isnad_reading(&here, &["run", "-", "--format", "jsonl"], line.to_string().as_bytes());
    let records = outcome.records();
    let keys: Vec<&String> = records[0].as_object().map(|record| record.keys().collect()).unwrap_or_default();
    assert_eq!(keys, ["isnad", "id", "meta", "origin", "offsets", "spans", "text", "annotations"]);
    assert_eq!(records[0]["isnad"], 1);
    assert_eq!(records[0]["id"], "7");
    assert_eq!(records[0]["meta"]["tags"], line["tags"]);
    assert_eq!(records[0]["meta"]["published"], line["published"]);
    assert_eq!(records[0]["origin"]["record"], 1);
    assert_eq!(records[0]["offsets"], "char");
    assert_eq!(records[0]["spans"], "raw");
    let rows = records[0]["annotations"].as_array().expect("annotations are an array");
    assert!(!rows.is_empty());
    for row in rows {
        let keys: Vec<&String> = row.as_object().map(|row| row.keys().collect()).unwrap_or_default();
        assert_eq!(keys, ["id", "layer", "label", "span", "text", "attrs", "refs", "by", "rule", "score"]);
    }
}

#[test]
fn the_user_chooses_what_is_printed() {
    let here = desk("to");
    let printed = |args: &[&str]| isnad(&here, &[&["run", "article.txt"], args].concat()).stdout;
    assert_eq!(printed(&["--to", "text"]).trim_end(), ARTICLE);
    assert!(printed(&["--to", "summary"]).contains("Who said what"));
    let rows = printed(&["--layers", "cue,quote"]);
    let layers: Vec<Value> = json_lines(&rows)[0]["annotations"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| row["layer"].clone())
        .collect();
    assert!(
        !layers.is_empty() && layers.iter().all(|layer| layer == "cue" || layer == "quote"),
        "{layers:?}"
    );
    assert_eq!(printed(&[]), printed(&["--to", "jsonl"]), "without a terminal, records");
}

#[test]
fn the_output_does_not_depend_on_threads_or_batches() {
    let here = folder("cli-order");
    fs::write(here.join("news.jsonl"), corpus::many(50)).unwrap();
    for to in ["jsonl", "summary", "text"] {
        let run = |threads: &str, batch: &str| {
            let outcome =
                isnad(&here, &["run", "news.jsonl", "--to", to, "--threads", threads, "--batch", batch]);
            assert_eq!(outcome.code, 0, "{}", outcome.stderr);
            outcome.stdout
        };
        let expected = run("1", "64");
        assert!(expected.lines().count() >= 50);
        for (threads, batch) in [("1", "1"), ("2", "64"), ("2", "1"), ("5", "7")] {
            assert_eq!(
                run(threads, batch),
                expected,
                "{to} with {threads} threads, {batch} documents a batch"
            );
        }
    }
}
