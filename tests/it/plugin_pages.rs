//! The pages of the plugins: the pipelines that they show run as they stand, with the library beside them.

use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::fs;
use std::path::{Path, PathBuf};

use crate::markdown::blocks;
use crate::program::{folder, isnad, json_lines, top};

const ARTICLE: &str = "القاهرة - قال وزير الري هاني سويلم إن سد النهضة قضية وجود.\n\nوأضاف الوزير أن سد النهضة يؤثر في \
    حصة مصر. للتواصل: press@example.com أو ٠١٠ ١٢٣٤ ٥٦٧٨.\n";

/// A library in Rust, which cargo builds beside these tests.
fn beside_the_tests(name: &str) -> PathBuf {
    let tests = std::env::current_exe().expect("a test knows where it lies");
    tests.with_file_name(format!("{DLL_PREFIX}isnad_plugin_{name}{DLL_SUFFIX}"))
}

/// Runs the first pipeline of a plugin's page; the records that it writes.
fn run(name: &str, library: &Path, facts: &str) -> Vec<serde_json::Value> {
    let here = folder(&format!("plugin-page-{name}"));
    let page = top().join(format!("plugins/isnad-plugin-{name}/README.md"));
    let page = fs::read_to_string(page).expect("each plugin has a page");
    let pipeline = blocks(&page).into_iter().find(|block| block.words().next() == Some("toml"));
    fs::write(here.join("pipeline.toml"), pipeline.expect("it shows a pipeline").text).unwrap();
    fs::write(here.join("news.txt"), ARTICLE).unwrap();
    fs::copy(library, here.join(library.file_name().unwrap_or_default()))
        .unwrap_or_else(|error| panic!("`{}`: {error}; run `cargo test --workspace`", library.display()));
    let outcome = isnad(&here, &["run", "-p", "pipeline.toml", "news.txt"]);
    assert_eq!(outcome.code, 0, "{name}: {outcome:?}");
    json_lines(&fs::read_to_string(here.join(facts)).expect("the pipeline writes it"))
}

/// The texts of the rows of a record.
fn texts(record: &serde_json::Value) -> Vec<&str> {
    let rows = record["annotations"].as_array().expect("a record has rows");
    rows.iter().filter_map(|row| row["text"].as_str()).collect()
}

#[test]
fn the_page_of_redact_shows_a_pipeline_that_runs() {
    let records = run("redact", &beside_the_tests("redact"), "facts.jsonl");
    let text = records[0]["text"].as_str().unwrap_or_default();
    assert!(!text.contains("press") && !text.contains('٥') && text.contains('█'), "{text}");
}

#[test]
fn the_page_of_keywords_shows_a_pipeline_that_runs() {
    let records = run("keywords", &beside_the_tests("keywords"), "keywords.jsonl");
    assert!(texts(&records[0]).contains(&"سد النهضة"), "{:?}", texts(&records[0]));
}

#[test]
fn the_page_of_stopwords_shows_a_pipeline_that_runs() {
    let records = run("stopwords", Path::new(isnad_plugin_stopwords::LIBRARY), "facts.jsonl");
    assert!(texts(&records[0]).contains(&"إن"), "{:?}", texts(&records[0]));
}
