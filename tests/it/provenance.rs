//! Every annotation of every article leads back to its place in the source, in each unit of offsets.

use std::collections::HashSet;
use std::fs;

use serde_json::Value;

use crate::corpus;
use crate::program::{folder, isnad};

fn check(unit: &str, at: impl Fn(&str, usize, usize) -> Option<String>) {
    let folder = folder(&format!("provenance-{unit}"));
    let news = isnad(&folder, &["pipelines", "news"]).stdout;
    let layers = r#"["language", "region", "sentence", "token", "entity", "role", "source", "cue", "quote", "time", "number"]"#;
    for (file, layers) in [("all.toml", layers), ("default.toml", "")] {
        let layers = if layers.is_empty() { String::new() } else { format!("layers = {layers}\n") };
        let pipeline = format!("{news}\n[[stage]]\nuse = \"export.jsonl\"\noffsets = \"{unit}\"\n{layers}");
        fs::write(folder.join(file), pipeline).unwrap();
        let corpus = corpus::path().display().to_string();
        let outcome = isnad(&folder, &["run", "-p", file, "--published", "2026-03-10", &corpus]);
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        let records = outcome.records();
        assert_eq!(records.len(), corpus::articles().len());
        for record in &records {
            check_record(record, unit, &at);
        }
    }
}

fn check_record(record: &Value, unit: &str, at: &impl Fn(&str, usize, usize) -> Option<String>) {
    let id = record["id"].as_str().expect("a record has an id");
    let text = record["text"].as_str().expect("a record has its text");
    let source = corpus::articles().into_iter().find(|(name, _)| id.contains(name.as_str()));
    assert_eq!(source.map(|(_, text)| text).as_deref(), Some(text), "{id}: the raw text is the file");
    assert_eq!(record["offsets"], unit);
    let annotations = record["annotations"].as_array().expect("a record has annotations");
    let ids: HashSet<&str> = annotations.iter().filter_map(|row| row["id"].as_str()).collect();
    assert_eq!(ids.len(), annotations.len(), "{id}: ids name one row each");
    for row in annotations {
        let offset = |index: usize| row["span"][index].as_u64().expect("spans are numbers") as usize;
        let (begin, end) = (offset(0), offset(1));
        assert!(begin < end, "{id}: an empty row {row}");
        assert_eq!(at(text, begin, end).as_deref(), row["text"].as_str(), "{id}: {row}");
        assert!(row["score"].as_f64().is_some_and(|score| (0.0..=1.0).contains(&score)), "{id}: {row}");
        for linked in row["refs"].as_object().expect("refs are an object").values() {
            for to in linked.as_array().expect("every value of refs is an array") {
                assert!(
                    to.as_str().is_some_and(|to| ids.contains(to)),
                    "{id}: {to} is named and not there: {row}"
                );
            }
        }
    }
}

#[test]
fn in_code_points() {
    check("char", |text, begin, end| Some(text.chars().skip(begin).take(end - begin).collect()));
}

#[test]
fn in_bytes() {
    check("byte", |text, begin, end| text.get(begin..end).map(str::to_owned));
}

#[test]
fn in_utf16() {
    check("utf16", |text, begin, end| {
        let units: Vec<u16> = text.encode_utf16().collect();
        String::from_utf16(units.get(begin..end)?).ok()
    });
}

#[test]
fn an_article_that_is_not_arabic_has_its_language_and_no_facts() {
    let path = corpus::path().join("not-arabic.txt");
    let outcome = isnad(&folder("not-arabic"), &["run", &path.display().to_string()]);
    let records = outcome.records();
    let layers: Vec<&str> = records
        .iter()
        .flat_map(|r| r["annotations"].as_array())
        .flatten()
        .filter_map(|a| a["layer"].as_str())
        .collect();
    assert!(layers.contains(&"language"), "{layers:?}");
    assert!(layers.iter().all(|layer| ["language", "region"].contains(layer)), "{layers:?}");
}
