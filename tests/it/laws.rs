//! The laws of stages for the pipelines as they are built in: every stage behind all that stand before it,
//! normalizers and extractors together, and every exporter behind the whole of `news`.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use isnad::core::{Batch, Context, Document, NoFiles, Stage, StageId};
use isnad::runner::Pipeline;
use isnad_testkit::laws::Laws;
use proptest::prelude::*;
use serde_json::{Value, json};
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

/// The normalizers of `news` with any options, letters and digits among them, and what follows them there.
fn news_with_any_switches() -> impl Strategy<Value = Vec<(String, Value)>> {
    let registry = isnad::registry();
    let normalizers = registry.kinds().iter().filter(|kind| kind.group() == "normalize");
    let any: Vec<_> = normalizers
        .map(|kind| (Just(kind.name().to_owned()), isnad_testkit::options(kind.schema())))
        .collect();
    any.prop_map(|mut stages| {
        let extractors = names_of("news").into_iter().filter(|name| name.starts_with("extract."));
        stages.extend(extractors.map(|name| (name, json!({}))));
        stages.push((
            "export.jsonl".to_owned(),
            json!({ "layers": ["token", "sentence", "entity", "quote", "time"] }),
        ));
        stages
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn rows_lie_on_the_raw_text_under_any_switches(
        stages in news_with_any_switches(),
        articles in prop::collection::vec(isnad_testkit::arabic::article(), 1..4),
    ) {
        let pipeline = Pipeline::from_stages(&isnad::registry(), &NoFiles, stages).unwrap();
        let mut batch = Batch::new(articles.into_iter().map(Document::new).collect());
        let running = AtomicBool::new(false);
        for (index, (stage, grants)) in pipeline.stages.iter().zip(&pipeline.plan.grants).enumerate() {
            let cx = Context::new(StageId(index as u16), grants, &running);
            stage.stage.open(&pipeline.plan.names).unwrap().process(&mut batch, &cx).unwrap();
        }
        let last = StageId(pipeline.stages.len() as u16 - 1);
        let written = String::from_utf8(batch.take_chunk(last)).unwrap();
        for (line, document) in written.lines().zip(batch.documents()) {
            let record: Value = serde_json::from_str(line).unwrap();
            let raw = document.content().raw();
            prop_assert_eq!(record["text"].as_str(), Some(raw));
            for row in record["annotations"].as_array().unwrap() {
                let at = |index: usize| row["span"][index].as_u64().unwrap() as usize;
                let covered: String = raw.chars().skip(at(0)).take(at(1) - at(0)).collect();
                prop_assert!(!covered.is_empty());
                prop_assert_eq!(row["text"].as_str(), Some(covered.as_str()), "{}", row);
            }
        }
        prop_assert_eq!(written.lines().count(), batch.documents().len());
    }
}
