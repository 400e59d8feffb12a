//! Stages that do nothing, with options of every shape.

use std::collections::BTreeMap;

use isnad_core::{
    Contract, Files, OptionError, Reads, Registry, SinkKind, Stage, StageKind, Writes, per_doc,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A file that uses most of what there is, without a mistake.
pub(crate) const SOUND: &str = r#"# أخبار
isnad = 1

[input]
format = "jsonl"
paths = ["news/*.jsonl"]
fields = { id = "url", text = ["title", "body"], published = "date" }

[[stage]]
use = "normalize.letters"
alef = "bare"

[[stage]]
use = "normalize.space"
enabled = false

[[stage]]
use = "extract.tokens"
id = "words"
on_error = "stop"

[[stage]]
use = "extract.quotes"
on_error = "skip-stage"
marks = ["«»"]
min_score = 0.5
limits = { chars = 20, words = 2 }
window = { kind = "words", size = 3 }

[[stage]]
use = "export.jsonl"
path = "facts.jsonl"
"#;

/// All toys.
pub(crate) fn registry() -> Registry {
    let mut registry = Registry::new();
    registry.add(StageKind::new("normalize.letters", "", "", |_: Letters, _| Ok(inert(rewriting()))));
    registry.add(StageKind::new("normalize.space", "", "", |_: Space, _| Ok(inert(rewriting()))));
    registry.add(StageKind::new("extract.tokens", "", "", |_: Nothing, _| {
        Ok(inert(Contract::new().writes(Writes::rows("token", 1).exclusive())))
    }));
    registry.add(StageKind::new("extract.quotes", "", "", |_: Quotes, _| {
        Ok(inert(Contract::new().reads(Reads::layer("token", 1)).writes(Writes::rows("quote", 1))))
    }));
    registry.add(StageKind::new("extract.names", "", "", names));
    registry.add(StageKind::new("export.jsonl", "", "", |_: Jsonl, _| {
        Ok(inert(Contract::new().sink(SinkKind::Rows)))
    }));
    registry
}

fn inert(contract: Contract) -> impl Stage {
    per_doc(contract, |_| Ok(()), |(), _, _| Ok(()))
}

fn rewriting() -> Contract {
    Contract::new().rewrites_text()
}

fn names(options: Names, files: &dyn Files) -> Result<impl Stage + use<>, Vec<OptionError>> {
    let mut errors = Vec::new();
    for (index, path) in options.lexicons.iter().enumerate() {
        if let Err(error) = files.read(path) {
            errors.push(OptionError::new(
                format!("lexicons[{index}]"),
                format!("cannot read `{path}`: {error}"),
            ));
        }
    }
    if options.fuzzy > 2 {
        errors.push(OptionError::new("fuzzy", format!("{} letters are too many", options.fuzzy)));
    }
    if options.exact && options.fuzzy > 0 {
        errors.push(OptionError::new("", "`exact` and `fuzzy` do not go together"));
    }
    if errors.is_empty() { Ok(inert(Contract::new().writes(Writes::rows("entity", 1)))) } else { Err(errors) }
}

#[derive(Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Nothing {}

#[derive(Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Letters {
    /// What becomes of alef with hamza.
    alef: Alef,
}

#[derive(Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Alef {
    /// It stays.
    #[default]
    Keep,
    /// It loses its hamza.
    Bare,
}

#[derive(Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Space {
    collapse: bool,
    max: Option<u8>,
}

#[derive(Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Quotes {
    marks: Vec<String>,
    #[schemars(range(min = 0.0, max = 1.0))]
    min_score: f64,
    depth: u8,
    first: Option<char>,
    keep: Option<Keep>,
    speakers: Option<OneOrMany>,
    rules: Vec<Rule>,
    limits: Limits,
    window: Window,
    weights: BTreeMap<String, f32>,
    when: Option<String>,
    anything: serde_json::Value,
    extra: Extra,
    sizes: (u8, u8),
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Keep {
    All,
    Direct,
    Indirect,
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Rule {
    /// How the rule is called in output.
    name: String,
    #[serde(default)]
    weight: f32,
}

#[derive(Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Limits {
    chars: usize,
    words: Option<usize>,
}

#[derive(Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
struct Extra {
    note: String,
    #[serde(flatten)]
    window: Window,
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Window {
    Chars { size: u32 },
    Words { size: u32 },
}

impl Default for Window {
    fn default() -> Self {
        Window::Chars { size: 80 }
    }
}

#[derive(Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Names {
    lexicons: Vec<String>,
    fuzzy: u8,
    exact: bool,
}

#[derive(Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Jsonl {
    path: String,
}
