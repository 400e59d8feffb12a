//! Laws of pipeline files for all stages there are: what passes the schema decodes, and a pipeline that is
//! printed is the same pipeline.

use isnad::core::NoFiles;
use isnad::runner::{ConfigError, Loader};
use isnad_testkit::options;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

/// What serde says of what it cannot decode.
const UNDECODED: [&str; 7] = [
    "invalid type",
    "invalid value",
    "invalid length",
    "missing field",
    "unknown field",
    "unknown variant",
    "did not match",
];

/// The stages of `news` and an exporter, as JSON.
fn news() -> Vec<Value> {
    let table: toml::Table = isnad::NEWS.parse().unwrap();
    let stages = table["stage"].as_array().unwrap();
    let mut stages: Vec<Value> =
        stages.iter().map(|stage| json!({ "use": stage["use"].as_str().unwrap() })).collect();
    stages.push(json!({ "use": "export.jsonl" }));
    stages
}

/// What a value is in a pipeline file, where `${` begins a variable.
fn escaped(value: &Value) -> Value {
    match value {
        Value::String(text) => text.replace("${", "$${").into(),
        Value::Array(items) => items.iter().map(escaped).collect(),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(key, value)| (key.clone(), escaped(value))).collect())
        }
        other => other.clone(),
    }
}

/// `news` with the options of one stage, which takes the place of the stage of its kind or stands before
/// the exporter.
fn pipeline(kind: &str, options: &Value, enabled: bool) -> String {
    let mut stages = news();
    let mut stage = json!({ "use": kind, "enabled": enabled });
    if let (Some(stage), Value::Object(options)) = (stage.as_object_mut(), escaped(options)) {
        stage.extend(options);
    }
    let last = stages.len() - 1;
    match stages.iter_mut().find(|stage| stage["use"] == kind) {
        Some(place) => *place = stage,
        None if kind.starts_with("normalize") => stages.insert(0, stage),
        None => stages.insert(last, stage),
    }
    json!({ "isnad": 1, "stage": stages }).to_string()
}

fn print(source: &str, name: &str) -> Result<String, Vec<ConfigError>> {
    let registry = isnad::registry();
    Loader::new(&registry, &NoFiles).print(source, name)
}

/// A printed pipeline without what its comments say.
fn bare(printed: &str) -> String {
    let line = |line: &str| format!("{}\n", line.rsplit_once("  # ").map_or(line, |(bare, _)| bare));
    printed.lines().skip(1).map(line).collect()
}

#[test]
fn what_passes_the_schema_decodes_and_prints_as_itself() {
    let registry = isnad::registry();
    for kind in registry.kinds() {
        let mut runner = TestRunner::new_with_rng(
            Config { cases: 6, failure_persistence: None, ..Config::default() },
            proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
        );
        let law = |(options, enabled): (Value, bool)| {
            let source = pipeline(kind.name(), &options, enabled);
            let printed = match print(&source, "p.json") {
                Ok(printed) => printed,
                Err(errors) => {
                    for error in &errors {
                        let is_refusal = error.code == "E0109"
                            && !UNDECODED.iter().any(|word| error.message.contains(word));
                        let is_chain = error.code.starts_with("E02");
                        prop_assert!(is_refusal || is_chain, "{source}\n{error}");
                    }
                    return Ok(());
                }
            };
            let again = print(&printed, "p.toml");
            prop_assert!(again.is_ok(), "{source}\n{printed}\n{again:#?}");
            prop_assert_eq!(bare(&printed), bare(&again.unwrap_or_default()));
            Ok(())
        };
        if let Err(broken) = runner.run(&(options(kind.schema()), any::<bool>()), law) {
            panic!("`{}`: {broken}", kind.name());
        }
    }
}

#[test]
fn the_built_in_pipelines_print_as_themselves() {
    for pipeline in isnad::PIPELINES {
        let printed = print(pipeline.source, pipeline.name).unwrap();
        assert_eq!(bare(&printed), bare(&print(&printed, "p.toml").unwrap()));
        assert!(printed.contains("  # default\n"), "{printed}");
    }
}
