//! The published schemas tell the truth: pipeline files and records against `isnad schema`.

use std::fs;
use std::path::Path;

use boon::{Compiler, SchemaIndex, Schemas};
use isnad::core::NoFiles;
use isnad::runner::Pipeline;
use serde_json::{Value, json};
use toml::Table;

use crate::corpus;
use crate::program::{Outcome, files, folder, isnad, top};

/// A schema that `isnad schema` printed, ready for use.
struct Judge {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Judge {
    fn of(args: &[&str]) -> Judge {
        let outcome = isnad(top(), args);
        assert_eq!(outcome.code, 0, "{args:?}: {}", outcome.stderr);
        let schema: Value = serde_json::from_str(&outcome.stdout).expect("it is JSON");
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.add_resource("https://isnad.test/schema.json", schema).expect("the address is one");
        let index = compiler.compile("https://isnad.test/schema.json", &mut schemas);
        Judge { index: index.unwrap_or_else(|error| panic!("{args:?} prints no schema: {error:#}")), schemas }
    }

    fn check(&self, value: &Value) -> Result<(), String> {
        self.schemas.validate(value, self.index).map_err(|error| format!("{error:#}"))
    }
}

/// A pipeline in TOML as the JSON that a validator sees.
fn pipeline(source: &str) -> Value {
    json_of(toml::Value::Table(source.parse::<Table>().unwrap_or_else(|error| panic!("{error} in {source}"))))
}

fn json_of(value: toml::Value) -> Value {
    match value {
        toml::Value::Datetime(date) => date.to_string().into(),
        toml::Value::Array(items) => items.into_iter().map(json_of).collect(),
        toml::Value::Table(table) => {
            Value::Object(table.into_iter().map(|(key, value)| (key, json_of(value))).collect())
        }
        other => serde_json::to_value(other).expect("the rest is plain"),
    }
}

#[test]
fn all_pipeline_files_of_the_repository_are_right() {
    let judge = Judge::of(&["schema"]);
    let mut count = 0;
    for place in ["crates/isnad/pipelines", "docs", "tests"] {
        for path in files(&top().join(place)) {
            let Some(file) = read_pipeline(&path) else { continue };
            count += 1;
            judge.check(&file).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        }
    }
    assert!(count >= 3, "the pipeline files have gone");
}

/// A pipeline file, unless it is something else or broken on purpose.
fn read_pipeline(path: &Path) -> Option<Value> {
    if path.starts_with(top().join("tests/config")) {
        return None;
    }
    let text = |path| fs::read_to_string(path).expect("a file of the repository is UTF-8");
    match path.extension()?.to_str()? {
        "toml" => Some(pipeline(&text(path))).filter(|file| file.get("isnad").is_some()),
        "json" => serde_json::from_str::<Value>(&text(path)).ok().filter(|file| file.get("isnad").is_some()),
        _ => None,
    }
}

#[test]
fn what_a_schema_can_see_it_sees() {
    let judge = Judge::of(&["schema"]);
    let stage = |lines: &str| format!("isnad = 1\n[[stage]]\n{lines}\n");
    let sound = [
        stage("use = 'normalize.marks'"),
        stage("use = 'normalize.marks'\nid = 'a'\nenabled = false\non_error = 'skip-stage'\nshadda = false"),
        stage("use = 'normalize.marks'\nshadda = '${SHADDA:-true}'\nenabled = '${ON}'"),
        stage("use = 'export.jsonl'\noffsets = '${UNIT}'\npath = '${DIR}/facts.jsonl'\nlayers = ['quote']"),
        stage("use = 'extract.regions'\ndateline_words = '${WORDS:?how many}'"),
        stage("use = 'acme.topics'\nenabled = false\nanything = 1"),
        stage("use = 'acme.topics'\nanything = 1\n[[plugin]]\npath = 'libacme.so'"),
        stage("use = 'normalize.marks'\nisolation = 'process'\ntimeout = '5s'\nmemory = '${MEMORY:-1GiB}'"),
        format!(
            "'$schema' = 'pipeline.schema.json'\ninput.paths = ['a.txt']\n{}",
            stage("use = 'export.text'")
        ),
        format!("input.fields.text = ['title', 'body']\n{}", stage("use = 'export.text'")),
        stage(
            "use = 'export.text'\n[[test]]\nname = 'a'\narticle = 'قال'\npublished = 2023-05-16\nonly = ['quote']\n[[test.expect]]\nlayer = 'quote'\nattrs = { channel = 'tv', number = 1 }\nrefs = { speaker = ['شكري'], cue = 'قال' }\ncount = 2\n[[test.absent]]\nlayer = 'cue'",
        ),
        stage(
            "use = 'export.text'\n[[test]]\nname = 'a'\nfile = '${ARTICLE}'\noutcome = 'dropped'\nmeta = { source = 'وفا', depth = { at = 1 } }",
        ),
        stage(
            "use = 'export.text'\n[[property]]\nname = 'a'\nlaw = 'batch-free'\nstage = 'export.text'\ncases = '${CASES:-10}'",
        ),
        stage(
            "use = 'export.text'\n[[property]]\nname = 'a'\nevery = { layer = 'quote' }\nhas = { refs = ['cue'] }\ninside = 'sentence'\narticles = ['a/*.txt']",
        ),
    ];
    for source in sound {
        judge.check(&pipeline(&source)).unwrap_or_else(|error| panic!("{source}{error}"));
    }
    let broken = [
        "[[stage]]\nuse = 'normalize.marks'".to_owned(),
        "isnad = 2\n[[stage]]\nuse = 'normalize.marks'".to_owned(),
        "isnad = 1".to_owned(),
        "isnad = 1\nstage = []".to_owned(),
        format!("inptu.paths = ['a']\n{}", stage("use = 'normalize.marks'")),
        format!("input.paths = 'a'\n{}", stage("use = 'normalize.marks'")),
        format!("input.format = 'docx'\n{}", stage("use = 'normalize.marks'")),
        stage("shadda = true"),
        stage("use = 'normalize.marsk'"),
        stage("use = 'acme.topics'\nenabled = true"),
        stage("use = 'normalize.marks'\nshaddah = true"),
        stage("use = 'normalize.marks'\nshadda = 'yes'"),
        stage("use = 'normalize.marks'\nshadda = '$SHADDA'"),
        stage("use = 'normalize.marks'\nenabled = 'false'"),
        stage("use = 'normalize.marks'\non_error = 'ignore'"),
        stage("use = 'normalize.marks'\nisolation = 'proces'"),
        stage("use = 'normalize.marks'\ntimeout = '5s'"),
        stage("use = 'normalize.colour'\n[[plugin]]\npath = 'libacme.so'"),
        stage("use = 'acme.topics'\n[[plugin]]\npath = 'libacme.so'\nsha256 = 'abc'"),
        stage("use = 'normalize.tatweel'\nlone = 'drop'"),
        stage("use = 'export.jsonl'\nlayers = 'quote'"),
        stage("use = 'export.jsonl'\nlayers = [1]"),
        stage("use = 'extract.regions'\ndateline_words = 0"),
        stage("use = 'extract.regions'\ndateline_words = 2.5"),
        stage("use = 'export.text'\n[[test]]\narticle = 'قال'"),
        stage("use = 'export.text'\n[[test]]\nname = 'a'"),
        stage("use = 'export.text'\n[[test]]\nname = 'a'\narticle = 'قال'\nfile = 'a.txt'"),
        stage("use = 'export.text'\n[[test]]\nname = 'a'\narticle = 'قال'\noutcome = 'lost'"),
        stage("use = 'export.text'\n[[test]]\nname = 'a'\narticle = 'قال'\n[[test.expect]]\nlabel = 'PER'"),
        stage(
            "use = 'export.text'\n[[test]]\nname = 'a'\narticle = 'قال'\n[[test.absent]]\nlayer = 'cue'\ncount = 1",
        ),
        stage("use = 'export.text'\n[[property]]\nname = 'a'"),
        stage("use = 'export.text'\n[[property]]\nname = 'a'\nlaw = 'batchfree'"),
        stage("use = 'export.text'\n[[property]]\nname = 'a'\nlaw = 'rows'\nnever = { layer = 'cue' }"),
        stage(
            "use = 'export.text'\n[[property]]\nname = 'a'\nnever = { layer = 'cue' }\ninside = 'sentence'",
        ),
        stage("use = 'export.text'\n[[property]]\nname = 'a'\nlaw = 'rows'\ncases = -1"),
    ];
    for source in broken {
        assert!(judge.check(&pipeline(&source)).is_err(), "this should not pass:\n{source}");
    }
}

#[test]
fn a_file_may_name_its_schema() {
    let here = folder("schema-named");
    let files = [
        ("p.toml", "\"$schema\" = \"pipeline.schema.json\"\nisnad = 1\n[[stage]]\nuse = \"export.text\"\n"),
        (
            "p.json",
            "{ \"$schema\": \"pipeline.schema.json\", \"isnad\": 1, \"stage\": [{ \"use\": \"export.text\" }] }",
        ),
    ];
    for (name, source) in files {
        fs::write(here.join(name), source).unwrap();
        let outcome = isnad(&here, &["check", name]);
        assert_eq!(outcome.code, 0, "{name}: {}", outcome.stderr);
    }
}

/// Whatever stands behind an option: the schema and the check of the program agree.
#[test]
fn the_schema_and_the_check_say_the_same_of_every_option() {
    let judge = Judge::of(&["schema"]);
    let registry = isnad::registry();
    let plain = json!([true, 7, -1, 0, 2.5, 100_000, "", "x", "quote", [], ["x"], [7], {}, { "x": 1 }]);
    let mut differences = Vec::new();
    let mut count = 0;
    for kind in registry.kinds() {
        let mut names: Vec<&str> = vec!["no_such_option"];
        let mut values = plain.as_array().cloned().unwrap_or_default();
        for (name, schema) in kind.schema()["properties"].as_object().into_iter().flatten() {
            names.push(name);
            constants(schema, &mut values);
        }
        for name in names {
            for value in &values {
                count += 1;
                let options = json!({ name: value });
                let checked = Pipeline::from_stages(&registry, &NoFiles, [(kind.name(), options)]);
                // Only what a schema can say counts: names, types, values, presence.
                let errors: Vec<String> =
                    checked.err().into_iter().flatten().map(|error| error.code.into()).collect();
                let refused = errors.iter().any(|code| ("E0102"..="E0106").contains(&code.as_str()));
                let stage = json!({ "use": kind.name(), name: value });
                let judged = judge.check(&json!({ "isnad": 1, "stage": [stage] }));
                if judged.is_err() != refused {
                    differences.push(format!(
                        "{}: `{name}` = {value}: check {errors:?}, schema {judged:?}",
                        kind.name()
                    ));
                }
            }
        }
    }
    assert!(differences.is_empty(), "\n{}\n", differences.join("\n"));
    assert!(count > 500, "nothing was compared");
}

/// An option of such a name could never be set: the runner takes the key for its own.
#[test]
fn no_option_bears_the_name_of_a_key_that_every_stage_has() {
    const RESERVED: [&str; 7] = ["use", "id", "enabled", "on_error", "isolation", "timeout", "memory"];
    for kind in isnad::registry().kinds() {
        let options = kind.schema()["properties"].as_object().into_iter().flatten();
        for (name, _) in options {
            assert!(!RESERVED.contains(&name.as_str()), "`{}` has an option `{name}`", kind.name());
        }
    }
}

/// The values that a schema names, at any depth.
fn constants(schema: &Value, values: &mut Vec<Value>) {
    values.extend(schema.get("const").cloned());
    values.extend(schema.get("default").filter(|value| !value.is_null()).cloned());
    values.extend(
        schema.get("enum").and_then(Value::as_array).into_iter().flatten().filter(|v| !v.is_null()).cloned(),
    );
    for key in ["oneOf", "anyOf"] {
        schema
            .get(key)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .for_each(|one| constants(one, values));
    }
}

/// All layers there are, as the schema of records has them.
fn layers() -> Vec<String> {
    let schema: Value =
        serde_json::from_str(&isnad(top(), &["schema", "record"]).stdout).expect("it is JSON");
    let names = schema["$defs"]["annotation"]["properties"]["layer"]["enum"].as_array().cloned();
    names.into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

#[test]
fn every_record_is_right() {
    let judge = Judge::of(&["schema", "record"]);
    let check = |outcome: &Outcome| {
        assert!(outcome.code == 0 && !outcome.stdout.is_empty(), "{}", outcome.stderr);
        for record in outcome.records() {
            judge.check(&record).unwrap_or_else(|error| panic!("{}: {error}", record["id"]));
        }
    };
    let corpus = corpus::path().display().to_string();
    let tour = top().join("docs/tour/article.txt").display().to_string();
    let layers = layers();
    let here = folder("schema-record");
    check(&isnad(&here, &["run", &corpus, &tour, "--to", "jsonl"]));
    check(&isnad(
        &here,
        &["run", &corpus, &tour, "--published", "2026-03-10", "--to", "jsonl", "--layers", &layers.join(",")],
    ));

    fs::write(here.join("news.jsonl"), corpus::many(8)).unwrap();
    for (text, spans, offsets) in
        [("both", "normalized", "utf16"), ("none", "raw", "byte"), ("normalized", "raw", "char")]
    {
        let exporter = format!(
            "[[stage]]\nuse = 'export.jsonl'\ntext = '{text}'\nspans = '{spans}'\noffsets = '{offsets}'\n"
        );
        fs::write(here.join("mine.toml"), isnad::NEWS.to_owned() + &exporter).unwrap();
        check(&isnad(&here, &["run", "-p", "mine.toml", "news.jsonl"]));
    }
}

#[test]
fn a_record_that_is_not_one_is_refused() {
    let judge = Judge::of(&["schema", "record"]);
    let tour = top().join("docs/tour/article.txt").display().to_string();
    let record = isnad(&folder("schema-broken"), &["run", &tour, "--to", "jsonl"]).records().remove(0);
    judge.check(&record).expect("as it was written it is right");
    let place = |layer: &str| {
        let rows = record["annotations"].as_array().expect("an array");
        let index = rows.iter().position(|row| row["layer"] == layer).expect("the article has one");
        format!("/annotations/{index}")
    };
    let (quote, entity) = (place("quote"), place("entity"));
    let broken: Vec<(String, Value)> = vec![
        ("/isnad".to_owned(), json!(2)),
        ("/extra".to_owned(), json!(1)),
        ("/origin/extra".to_owned(), json!(1)),
        ("/offsets".to_owned(), json!("chars")),
        ("/meta".to_owned(), json!(null)),
        (format!("{quote}/id"), json!("7")),
        (format!("{quote}/layer"), json!("qoute")),
        (format!("{quote}/label"), json!("")),
        (format!("{quote}/extra"), json!(1)),
        (format!("{quote}/span"), json!([1])),
        (format!("{quote}/span"), json!([1, 2, 3])),
        (format!("{quote}/span"), json!([-1, 2])),
        (format!("{quote}/score"), json!(1.5)),
        (format!("{quote}/attrs/name"), json!("x")),
        (format!("{quote}/attrs/channel"), json!(1)),
        (format!("{quote}/refs/speaker"), json!("a1")),
        (format!("{quote}/refs/speaker"), json!(["1"])),
        (format!("{quote}/refs/holder"), json!([])),
        (format!("{entity}/label"), json!("PERSON")),
        (format!("{entity}/attrs/lemma"), json!("x")),
    ];
    for (at, value) in broken {
        let (parent, key) = at.rsplit_once('/').expect("it begins with one");
        let mut changed = record.clone();
        changed.pointer_mut(parent).unwrap_or_else(|| panic!("there is no `{parent}`"))[key] = value.clone();
        assert!(judge.check(&changed).is_err(), "`{at}` = {value} should not pass");
    }
    for member in ["id", "meta", "origin", "annotations"] {
        let mut changed = record.clone();
        changed.as_object_mut().expect("an object").remove(member);
        assert!(judge.check(&changed).is_err(), "a record has to have `{member}`");
    }
}
