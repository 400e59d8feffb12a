//! `isnad check` is the whole truth on the start of a run: a pipeline file that is broken at random fails in
//! both or in none.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use crate::corpus;
use crate::program::{folder, isnad};

/// Few here, since each runs the command twice; more by hand with `ISNAD_CASES`.
const CASES: u32 = 40;

/// A pipeline in which everything is right.
fn sound() -> Value {
    json!({
        "isnad": 1,
        "input": { "format": "jsonl", "paths": ["news.jsonl"], "fields": { "id": "id", "text": ["text"] } },
        "stage": [
            { "use": "normalize.unicode" },
            { "use": "normalize.marks", "shadda": false, "on_error": "skip-stage" },
            { "use": "extract.tokens", "id": "words" },
            { "use": "extract.cues", "enabled": true },
            { "use": "export.jsonl", "path": "facts.jsonl", "layers": ["token", "cue"], "offsets": "byte" },
            { "use": "export.text", "path": "clean.txt" }
        ]
    })
}

/// A folder with inputs, and with things that look like some.
fn desk(name: &str) -> std::path::PathBuf {
    let here = folder(name);
    fs::write(here.join("news.jsonl"), corpus::many(2)).unwrap();
    fs::write(here.join("article.txt"), "قال الوزير إن الاجتماع تأجل.").unwrap();
    fs::write(here.join("taken.txt.partial"), "").unwrap();
    for folder in ["empty", "archive", "sub", "blocked.txt.partial"] {
        fs::create_dir(here.join(folder)).unwrap();
    }
    fs::write(here.join("archive/a.txt"), "نص").unwrap();
    here
}

/// Places to read from and to write to, good and bad.
const PATHS: [&str; 20] = [
    "news.jsonl",
    "article.txt",
    "archive",
    "archive/*.txt",
    "empty",
    "sub/facts.jsonl",
    "no/such/file.txt",
    "none-*.jsonl",
    "a[.txt",
    "news.jsonl/below",
    "./news.jsonl",
    "pipeline.json",
    "facts.jsonl",
    "taken.txt",
    "blocked.txt",
    "-",
    "",
    ".",
    "${ISNAD_NOT_SET}/x.txt",
    "${ISNAD_NOT_SET:-sub}/x.txt",
];

#[derive(Clone, Debug)]
enum Slip {
    Remove(Index),
    Rename(Index, char),
    Replace(Index, Value),
    Misspell(Index, char),
    Input(Vec<&'static str>),
    Output(Index, &'static str),
    Swap(Index, Index),
    Repeat(Index),
    Off(Index),
}

fn slip() -> impl Strategy<Value = Slip> {
    let values = vec![
        json!(null),
        json!(true),
        json!(7),
        json!(-1.5),
        json!("قال"),
        json!([]),
        json!({}),
        json!(["token"]),
    ];
    prop_oneof![
        1 => any::<Index>().prop_map(Slip::Remove),
        1 => (any::<Index>(), select(vec!['x', 's', '_', 'ق'])).prop_map(|(at, c)| Slip::Rename(at, c)),
        1 => (any::<Index>(), select(values)).prop_map(|(at, value)| Slip::Replace(at, value)),
        1 => (any::<Index>(), select(vec!['x', 's', '@', '{'])).prop_map(|(at, c)| Slip::Misspell(at, c)),
        3 => prop::collection::vec(select(&PATHS[..]), 0..3).prop_map(Slip::Input),
        3 => (any::<Index>(), select(&PATHS[..])).prop_map(|(at, path)| Slip::Output(at, path)),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Slip::Swap(a, b)),
        1 => any::<Index>().prop_map(Slip::Repeat),
        1 => any::<Index>().prop_map(Slip::Off),
    ]
}

/// The ways to all values below the top.
fn pointers(value: &Value, here: &str, found: &mut Vec<String>) {
    let mut add = |key: &str, value: &Value| {
        let way = format!("{here}/{key}");
        found.push(way.clone());
        pointers(value, &way, found);
    };
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| add(&index.to_string(), item))
        }
        Value::Object(fields) => fields.iter().for_each(|(key, value)| add(key, value)),
        _ => {}
    }
}

fn make(slip: &Slip, pipeline: &mut Value) {
    let mut ways = Vec::new();
    pointers(pipeline, "", &mut ways);
    let parent = |pipeline: &mut Value, at: &Index| -> Option<(String, String)> {
        let way = (!ways.is_empty()).then(|| at.get(&ways).clone())?;
        let (parent, key) = way.rsplit_once('/')?;
        pipeline.pointer(parent)?;
        Some((parent.to_owned(), key.to_owned()))
    };
    match slip {
        Slip::Remove(at) | Slip::Rename(at, _) => {
            let Some((parent, key)) = parent(pipeline, at) else { return };
            match pipeline.pointer_mut(&parent) {
                Some(Value::Object(fields)) => {
                    let value = fields.remove(&key).unwrap_or_default();
                    if let Slip::Rename(_, c) = slip {
                        fields.insert(format!("{key}{c}"), value);
                    }
                }
                Some(Value::Array(items)) => {
                    items.remove(key.parse().unwrap());
                }
                _ => {}
            }
        }
        Slip::Replace(at, value) => {
            if let Some(place) =
                (!ways.is_empty()).then(|| pipeline.pointer_mut(at.get::<String>(&ways))).flatten()
            {
                *place = value.clone();
            }
        }
        Slip::Misspell(at, c) => {
            let is_text = |way: &&String| pipeline.pointer(way).is_some_and(Value::is_string);
            let texts: Vec<String> = ways.iter().filter(is_text).cloned().collect();
            let place = (!texts.is_empty()).then(|| pipeline.pointer_mut(at.get::<String>(&texts))).flatten();
            if let Some(Value::String(text)) = place {
                text.push(*c);
            }
        }
        Slip::Input(paths) => {
            if let Some(input) = pipeline["input"].as_object_mut() {
                input.insert("paths".into(), json!(paths));
            }
        }
        Slip::Output(at, path) => {
            let exporters = pipeline["stage"].as_array_mut().into_iter().flatten();
            let mut exporters: Vec<&mut Value> =
                exporters.filter(|stage| stage.get("path").is_some()).collect();
            if !exporters.is_empty() {
                let chosen = at.index(exporters.len());
                exporters[chosen]["path"] = json!(path);
            }
        }
        Slip::Swap(a, b) => {
            if let Some(stages) = pipeline["stage"].as_array_mut().filter(|stages| !stages.is_empty()) {
                let count = stages.len();
                stages.swap(a.index(count), b.index(count));
            }
        }
        Slip::Repeat(at) => {
            if let Some(stages) = pipeline["stage"].as_array_mut().filter(|stages| !stages.is_empty()) {
                stages.push(at.get(stages).clone());
            }
        }
        Slip::Off(at) => {
            if let Some(stages) = pipeline["stage"].as_array_mut().filter(|stages| !stages.is_empty()) {
                let at = at.index(stages.len());
                if let Some(stage) = stages[at].as_object_mut() {
                    stage.insert("enabled".into(), json!(false));
                }
            }
        }
    }
}

fn names(folder: &Path) -> BTreeSet<String> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect()
}

#[test]
fn what_fails_at_the_start_of_a_run_fails_in_the_check() {
    let cases = std::env::var("ISNAD_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let slips = prop::collection::vec(slip(), 0..3);
    let (good, bad) = (Cell::new(0), Cell::new(0));
    let law = |slips: Vec<Slip>| {
        let mut pipeline = sound();
        slips.iter().for_each(|slip| make(slip, &mut pipeline));
        let here = desk("start");
        fs::write(here.join("pipeline.json"), pipeline.to_string()).unwrap();
        let before = names(&here);
        let check = isnad(&here, &["check", "pipeline.json"]);
        prop_assert_eq!(names(&here), before, "a check leaves nothing behind");
        // Without inputs of its own a pipeline waits for those of the command line.
        let has_inputs = pipeline.pointer("/input/paths/0").is_some();
        let input: &[&str] = if has_inputs { &[] } else { &["article.txt"] };
        let run = isnad(&here, &[&["run", "-p", "pipeline.json"], input].concat());
        let sound = check.code == 0;
        prop_assert_eq!(sound, matches!(run.code, 0 | 3), "{}\ncheck: {:?}\nrun: {:?}", pipeline, check, run);
        prop_assert!(matches!(check.code, 0 | 2) && matches!(run.code, 0 | 2 | 3), "{pipeline}: {run:?}");
        let count = if sound { &good } else { &bad };
        count.set(count.get() + 1);
        Ok(())
    };
    if let Err(broken) = runner.run(&slips, law) {
        panic!("{broken}");
    }
    let (good, bad) = (good.get(), bad.get());
    assert!(good > cases / 10 && bad > cases / 3, "{good} sound and {bad} broken files say little");
}
