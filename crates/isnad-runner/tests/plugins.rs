//! `[[plugin]]`, and stages in processes of their own: what the file may say, and what is asked of whoever
//! loads and isolates.

#[path = "config/toys.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod toys;

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use isnad_core::{Contract, Files, NoFiles, OptionError, SinkKind, Stage, StageKind, Writes, per_doc};
use isnad_runner::{Limits, Loader, PluginError, PluginPart, PluginSpec, Plugins};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

/// Libraries by path; what was asked for is noted.
#[derive(Default)]
struct Shelf {
    isolated: RefCell<Vec<(String, Value, Limits)>>,
}

const PIN: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

impl Plugins for Shelf {
    fn load(&self, plugin: PluginSpec<'_>) -> Result<Vec<StageKind>, PluginError> {
        let error = |part, message: &str| PluginError { part, message: message.to_owned(), help: None };
        match (plugin.path, plugin.sha256) {
            (_, Some(pin)) if pin != PIN => Err(error(PluginPart::Sha256, "it is another library")),
            ("acme.so", _) => Ok(vec![topics(), table()]),
            ("twin.so", _) => Ok(vec![topics()]),
            (path, _) => Err(error(PluginPart::Path, &format!("there is no `{path}`"))),
        }
    }

    fn isolate(
        &self,
        kind: &StageKind,
        options: Value,
        limits: Limits,
        files: &dyn Files,
    ) -> Result<Arc<dyn Stage>, Vec<OptionError>> {
        self.isolated.borrow_mut().push((kind.name().to_owned(), options.clone(), limits));
        kind.create(options, files)
    }
}

#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Nothing {}

fn topics() -> StageKind {
    StageKind::new("acme.topics", "finds topics", "", |_: Nothing, _| {
        let contract = Contract::new().writes(Writes::rows("topic", 1));
        Ok(per_doc(contract, |_| Ok(()), |(), _, _| Ok(())))
    })
}

fn table() -> StageKind {
    StageKind::new("acme.table", "writes a table", "", |_: Nothing, _| {
        let contract = Contract::new().sink(SinkKind::Documents);
        Ok(per_doc(contract, |_| Ok(()), |(), _, _| Ok(())))
    })
}

/// The errors of a file; or the stages of the pipeline it makes.
fn check(source: &str) -> String {
    let (registry, shelf) = (toys::registry(), Shelf::default());
    match Loader::new(&registry, &NoFiles).plugins(&shelf).load(source, "p.toml") {
        Ok(pipeline) => {
            let ids: Vec<&str> = pipeline.stages.iter().map(|stage| stage.id.as_str()).collect();
            ids.join(" | ")
        }
        Err(errors) => errors.iter().map(|error| format!("{error}\n")).collect(),
    }
}

#[test]
fn a_stage_of_a_library_is_used_like_any_other() {
    let source = format!(
        "isnad = 1\n[[plugin]]\npath = \"acme.so\"\nsha256 = \"{PIN}\"\n[[stage]]\nuse = \"acme.topics\"\n[[stage]]\nuse = \"acme.table\"\n"
    );
    assert_eq!(check(&source), "acme.topics | acme.table");
    let json = r#"{"isnad": 1, "plugin": [{"path": "acme.so"}], "stage": [{"use": "acme.topics"}]}"#;
    assert_eq!(check(json), "acme.topics");
}

#[test]
fn everything_wrong_with_libraries_comes_at_once_and_in_place() {
    let source = r#"isnad = 1
[[plugin]]
path = "gone.so"
[[plugin]]
path = "acme.so"
sha256 = "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
[[plugin]]
pat = "acme.so"
[[plugin]]
path = "acme.so"
sha256 = "abc"
[[stage]]
use = "acme.topics"
"#;
    assert_eq!(
        check(source),
        r#"p.toml:3:8: error[E0401]: there is no `gone.so`
p.toml:6:10: error[E0401]: it is another library
p.toml:8:1: error[E0102]: unknown key `pat` in `plugin[2]`
  help: did you mean `path`?
p.toml:11:10: error[E0105]: `plugin[3].sha256` must have at least 64 characters, found the string "abc"
p.toml:13:7: error[E0107]: unknown stage `acme.topics`
  help: it may be one of `plugin[0]`, `plugin[1]`, `plugin[2]`, `plugin[3]`, which could not be loaded
"#
    );
    assert_eq!(
        check("isnad = 1\n[plugin]\npath = \"acme.so\"\n[[stage]]\nuse = \"extract.tokens\"\n"),
        "p.toml:2:1: error[E0104]: `plugin` expects an array of tables, found a table\n  help: write `[[plugin]]`, in double brackets, above each library (`\"plugin\": [{ … }]` in JSON)\n"
    );
    assert_eq!(
        check(
            "isnad = 1\n[[plugin]]\npath = \"acme.so\"\n[[plugin]]\npath = \"twin.so\"\n[[stage]]\nuse = \"acme.topics\"\n"
        ),
        "p.toml:5:8: error[E0402]: the library has a stage `acme.topics`, and `plugin[0]` has one of this name too\n  help: leave one of the two out\n"
    );
}

#[test]
fn a_stage_may_have_a_process_of_its_own() {
    let registry = toys::registry();
    let shelf = Shelf::default();
    let source = r#"isnad = 1
[[plugin]]
path = "acme.so"
[[stage]]
use = "acme.topics"
isolation = "process"
timeout = "500ms"
memory = "64MiB"
[[stage]]
use = "extract.tokens"
isolation = "process"
[[stage]]
use = "extract.tokens"
id = "here"
isolation = "inline"
enabled = false
"#;
    let loader = Loader::new(&registry, &NoFiles).plugins(&shelf);
    loader.load(source, "p.toml").expect("the file is sound");
    let limits = |milliseconds, memory| Limits { timeout: Duration::from_millis(milliseconds), memory };
    let empty = Value::Object(serde_json::Map::new());
    assert_eq!(
        *shelf.isolated.borrow(),
        [
            ("acme.topics".to_owned(), empty.clone(), limits(500, Some(64 << 20))),
            ("extract.tokens".to_owned(), empty, limits(60_000, None)),
        ]
    );
    let printed = loader.print(source, "p.toml").expect("the file is sound");
    assert!(printed.contains("\n[[plugin]]\npath = \"acme.so\"  # p.toml:3:8\n"), "{printed}");
    assert!(printed.contains("timeout = \"500ms\"  # p.toml:7:11\n"), "{printed}");
    loader.load(&printed, "p.toml").expect("what is printed is a pipeline file");
}

#[test]
fn what_the_keys_of_isolation_cannot_be() {
    let stage = |lines: &str| {
        check(&format!(
            "isnad = 1\n[[plugin]]\npath = \"acme.so\"\n[[stage]]\nuse = \"acme.topics\"\n{lines}\n"
        ))
    };
    assert_eq!(
        stage("isolation = \"proces\"\ntimeout = \"5 days\"\nmemory = \"0\""),
        r#"p.toml:6:13: error[E0105]: `stage[0].isolation` must be one of `inline` or `process`, found the string "proces"
  help: did you mean `process`?
p.toml:7:11: error[E0105]: `stage[0].timeout`: `days` is no unit of time; write a duration as in `5s` or `500ms`
p.toml:8:10: error[E0105]: `stage[0].memory` must be more than nothing
"#
    );
    assert_eq!(
        stage("timeout = \"5s\""),
        "p.toml:6:11: error[E0105]: `stage[0].timeout` holds for stages in a process of their own only\n  help: write `isolation = \"process\"` beside it, or remove it\n"
    );
    assert_eq!(
        stage("[[stage]]\nuse = \"acme.table\"\nisolation = \"process\""),
        "p.toml:8:13: error[E0108]: `acme.table` writes output, which a process of its own cannot do in this version\n  help: remove `isolation`; a stage that writes output is not isolated\n"
    );
}

#[test]
fn a_program_that_loads_no_libraries_says_so() {
    let registry = toys::registry();
    let source = "isnad = 1\n[[plugin]]\npath = \"acme.so\"\n[[stage]]\nuse = \"extract.tokens\"\nisolation = \"process\"\n";
    let errors = Loader::new(&registry, &NoFiles).load(source, "p.toml").expect_err("nothing loads it");
    let shown: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "p.toml:3:8: error[E0401]: this program loads no libraries\n  help: run the pipeline with the command `isnad`",
            "p.toml:5:7: error[E0109]: `extract.tokens`: this program starts no processes; leave out `isolation`",
        ]
    );
}
