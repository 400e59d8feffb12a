//! The laws of stages for the pipelines as they are built in: every stage behind all that stand before it,
//! normalizers and extractors together, and every exporter behind the whole of `news`.

use std::sync::Arc;

use isnad::core::{NoFiles, Stage};
use isnad_testkit::laws::Laws;
use serde_json::json;
use toml::Table;

/// Few here: each crate of stages searches its own stages deeper.
const CASES: u32 = 12;

fn stages(names: &[&str]) -> Vec<Arc<dyn Stage>> {
    let registry = isnad::registry();
    let make = |name: &&str| registry.get(name).unwrap().create(json!({}), &NoFiles).unwrap();
    names.iter().map(make).collect()
}

fn names_of(pipeline: &str) -> Vec<String> {
    let table: Table = isnad::built_in(pipeline).unwrap().source.parse().unwrap();
    let stages = table["stage"].as_array().unwrap();
    stages.iter().map(|stage| stage["use"].as_str().unwrap().to_owned()).collect()
}

#[track_caller]
fn check_chain(names: &[&str], from: usize) {
    let stages = stages(names);
    for place in from..stages.len() {
        let upstream: Vec<&dyn Stage> = stages[..place].iter().map(|stage| &**stage).collect();
        if let Err(broken) = Laws::new(&*stages[place]).after(&upstream).cases(CASES).run() {
            panic!("`{}` behind {:?}: {broken}", names[place], &names[..place]);
        }
    }
}

#[test]
fn every_stage_of_news_behind_those_before_it() {
    let names = names_of("news");
    check_chain(&names.iter().map(String::as_str).collect::<Vec<_>>(), 0);
}

#[test]
fn every_exporter_behind_news() {
    let news = names_of("news");
    for exporter in ["export.jsonl", "export.summary", "export.text"] {
        let mut names: Vec<&str> = news.iter().map(String::as_str).collect();
        names.push(exporter);
        check_chain(&names, news.len());
    }
}

#[test]
fn the_chains_of_text_with_their_exporter() {
    for name in ["clean", "search", "train"] {
        let source = isnad::built_in(name).unwrap().source;
        let pipeline = isnad::runner::load(source, name, &isnad::registry(), &NoFiles).unwrap();
        let stages: Vec<&dyn Stage> = pipeline.stages.iter().map(|prepared| &*prepared.stage).collect();
        for place in 0..stages.len() {
            if let Err(broken) = Laws::new(stages[place]).after(&stages[..place]).cases(CASES).run() {
                panic!("`{}` in `{name}`: {broken}", pipeline.stages[place].id);
            }
        }
    }
}
