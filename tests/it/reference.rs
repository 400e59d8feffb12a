//! The reference that is made from code: its pages are current, and the examples on them hold.

use std::sync::atomic::AtomicBool;

use isnad::core::{
    Article, Batch, Context, Document, Example, NoFiles, Registry, SinkKind, StageId, StageKind, TextAccess,
};
use isnad::runner::{Pipeline, parse_date};
use serde_json::{Value, json};
use toml::Table;

use crate::expected;
use crate::program::{isnad, top};

/// The day on which the articles of examples were published, as docs/STAGES.md says.
const PUBLISHED: &str = "2026-03-10";

#[test]
fn the_pages_are_current() {
    for (path, args) in [
        ("docs/STAGES.md", ["stages", "--markdown"].as_slice()),
        ("docs/LAYERS.md", &["stages", "--layers", "--markdown"]),
    ] {
        let outcome = isnad(top(), args);
        assert_eq!(outcome.code, 0, "{args:?}: {}", outcome.stderr);
        expected::file(path, &outcome.stdout).unwrap_or_else(|difference| panic!("{difference}"));
    }
}

#[test]
fn every_kind_of_stage_has_an_example() {
    let registry = isnad::registry();
    let without: Vec<&str> =
        registry.kinds().iter().filter(|kind| kind.examples().is_empty()).map(StageKind::name).collect();
    assert!(without.is_empty(), "these have none: {without:?}; see `StageKind::with_examples`");
}

#[test]
fn every_example_holds() {
    let registry = isnad::registry();
    let mut wrong = Vec::new();
    for kind in registry.kinds() {
        for example in kind.examples() {
            let after = run(kind, example, &registry);
            if after != Ok(expectation(kind, example.after)) {
                let found = after.unwrap_or_else(|error| format!("cannot be run: {error}"));
                wrong.push(format!(
                    "`{}`: {}\n{}\n-- is now --\n{found}\n-- with escapes: {found:?}",
                    kind.name(),
                    example.about,
                    example.after
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "examples stand in the sources of their stages:\n\n{}\n", wrong.join("\n\n"));
}

/// What an example says, as [`run`] gives it: line feeds at the end are those of the source.
fn expectation(kind: &StageKind, after: &str) -> String {
    if rewrites(kind) { after.to_owned() } else { after.trim_end().to_owned() }
}

/// What a stage makes of an example: the text, the rows, or what it writes.
fn run(kind: &StageKind, example: &Example, registry: &Registry) -> Result<String, String> {
    let options: Value = serde_json::from_str(example.options).map_err(|error| error.to_string())?;
    let mut chain = if rewrites(kind) { Vec::new() } else { news(kind.name()) };
    chain.push((kind.name().to_owned(), options));
    let pipeline = Pipeline::from_stages(registry, &NoFiles, chain)
        .map_err(|errors| errors.iter().map(|error| error.to_string() + "\n").collect::<String>())?;
    let mut batch = Batch::new(vec![Document::new(Article {
        id: "article".to_owned(),
        raw: example.before.to_owned(),
        meta: json!({ "published": PUBLISHED }).as_object().cloned().unwrap_or_default(),
        published: parse_date(PUBLISHED).ok(),
        ..Article::default()
    })]);
    let running = AtomicBool::new(false);
    let mut last = StageId(0);
    for (index, (stage, grants)) in pipeline.stages.iter().zip(&pipeline.plan.grants).enumerate() {
        last = StageId(index as u16);
        let cx = Context::new(last, grants, &running);
        let outcome = stage.stage.open(&pipeline.plan.names).and_then(|mut worker| {
            worker.process(&mut batch, &cx)?;
            worker.finish()
        });
        outcome.map_err(|error| format!("`{}`: {error}", stage.id))?;
    }
    let written = String::from_utf8(batch.take_chunk(last)).map_err(|error| error.to_string())?;
    let document = batch.documents().first().ok_or("the document is lost")?;
    Ok(match pipeline.stages.last().map(|stage| stage.stage.contract()) {
        Some(contract) if contract.text == TextAccess::Rewrites => document.content().text().to_owned(),
        Some(contract) if contract.sink != SinkKind::None => written.trim_end().to_owned(),
        _ => isnad_testkit::rows(document, &pipeline.plan.names, last).trim_end().to_owned(),
    })
}

fn rewrites(kind: &StageKind) -> bool {
    kind.default_contract().is_some_and(|contract| contract.text == TextAccess::Rewrites)
}

/// The stages of `news` before this one; all of them where it is none of these.
fn news(before: &str) -> Vec<(String, Value)> {
    let table: Table = isnad::NEWS.parse().expect("it is TOML");
    let stages = table["stage"].as_array().expect("it has stages");
    let names = stages.iter().map(|stage| stage["use"].as_str().expect("each has a name").to_owned());
    names.take_while(|name| name != before).map(|name| (name, json!({}))).collect()
}
