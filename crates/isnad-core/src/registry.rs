//! The kinds of stages there are: names, docs, option schemas, and how to make one.

use std::fmt;
use std::sync::Arc;

use schemars::{JsonSchema, Schema};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::contract::Contract;
use crate::sink::Files;
use crate::stage::Stage;

/// A kind of stage: what `use = "group.noun"` names.
#[derive(Clone)]
pub struct StageKind {
    name: &'static str,
    about: &'static str,
    docs: &'static str,
    examples: &'static [Example],
    schema: Schema,
    make: Arc<Make>,
}

/// A worked example of a kind: the reference shows it, and a test of the project runs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// What it shows, in a line.
    pub about: &'static str,
    /// The options, a JSON object.
    pub options: &'static str,
    /// The article that comes in.
    pub before: &'static str,
    /// What comes out: the text of a stage that rewrites, the rows of one that annotates (a line
    /// each), what an exporter writes.
    pub after: &'static str,
}

type Make = dyn Fn(Value, &dyn Files) -> Result<Arc<dyn Stage>, Vec<OptionError>> + Send + Sync;

/// Something wrong with a stage's options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionError {
    /// Where: option names and indices joined by dots; empty for the options as a whole.
    pub path: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl OptionError {
    /// An error at an option.
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        OptionError { path: path.into(), message: message.into() }
    }
}

impl fmt::Display for OptionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => f.write_str(&self.message),
            path => write!(f, "`{path}`: {}", self.message),
        }
    }
}

impl StageKind {
    /// A kind whose options are an `O`. The type's doc comments, defaults and
    /// `#[serde(deny_unknown_fields)]` make the schema and the manual.
    ///
    /// `about` is one line; `docs` is Markdown: what the stage does, with a table of what it touches.
    pub fn new<O, S, F>(name: &'static str, about: &'static str, docs: &'static str, make: F) -> Self
    where
        O: DeserializeOwned + JsonSchema + Default,
        S: Stage + 'static,
        F: Fn(O, &dyn Files) -> Result<S, Vec<OptionError>> + Send + Sync + 'static,
    {
        let schema = schemars::generate::SchemaSettings::draft2020_12()
            .with(|settings| settings.inline_subschemas = true)
            .into_generator()
            .into_root_schema_for::<O>();
        let make = move |options: Value, files: &dyn Files| -> Result<Arc<dyn Stage>, Vec<OptionError>> {
            let options: O = serde_path_to_error::deserialize(options).map_err(|error| {
                let path = error.path().to_string();
                let path = if path == "." { String::new() } else { path };
                vec![OptionError::new(path, error.inner().to_string())]
            })?;
            Ok(Arc::new(make(options, files)?))
        };
        StageKind { name, about, docs, examples: &[], schema, make: Arc::new(make) }
    }

    /// A kind whose parts were made elsewhere: in a library that is loaded. `schema` describes the options, and
    /// `make` gets them as the user gave them.
    pub fn of_parts(
        name: &'static str,
        about: &'static str,
        docs: &'static str,
        schema: Schema,
        make: impl Fn(Value, &dyn Files) -> Result<Arc<dyn Stage>, Vec<OptionError>> + Send + Sync + 'static,
    ) -> Self {
        StageKind { name, about, docs, examples: &[], schema, make: Arc::new(make) }
    }

    /// The same kind with these worked examples.
    #[must_use]
    pub fn with_examples(self, examples: &'static [Example]) -> Self {
        StageKind { examples, ..self }
    }

    /// The name, `group.noun`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The group: what stands before the dot.
    pub fn group(&self) -> &'static str {
        self.name.split('.').next().unwrap_or(self.name)
    }

    /// What it does, in a line.
    pub fn about(&self) -> &'static str {
        self.about
    }

    /// What it does, in Markdown.
    pub fn docs(&self) -> &'static str {
        self.docs
    }

    /// Worked examples, each run as a test.
    pub fn examples(&self) -> &'static [Example] {
        self.examples
    }

    /// The JSON Schema of its options: an object whose properties bear description, type and default.
    pub fn schema(&self) -> &Value {
        self.schema.as_value()
    }

    /// Makes a stage. `options` is an object; a missing option takes its default.
    ///
    /// # Errors
    /// All that is wrong with the options.
    pub fn create(&self, options: Value, files: &dyn Files) -> Result<Arc<dyn Stage>, Vec<OptionError>> {
        (self.make)(options, files)
    }

    /// The contract of the stage with default options, if it can be made of them.
    pub fn default_contract(&self) -> Option<Contract> {
        let stage = self.create(Value::Object(serde_json::Map::new()), &NoFiles).ok()?;
        Some(stage.contract().clone())
    }
}

impl fmt::Debug for StageKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StageKind").field("name", &self.name).finish_non_exhaustive()
    }
}

/// All kinds of stages that a pipeline can use, by name.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    kinds: Vec<StageKind>,
}

impl Registry {
    /// A registry without any kind.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a kind. A later one of the same name takes the place of an earlier one.
    pub fn add(&mut self, kind: StageKind) {
        match self.kinds.iter_mut().find(|known| known.name == kind.name) {
            Some(known) => *known = kind,
            None => self.kinds.push(kind),
        }
    }

    /// The kind of this name.
    pub fn get(&self, name: &str) -> Option<&StageKind> {
        self.kinds.iter().find(|kind| kind.name == name)
    }

    /// All kinds, in the order they were added.
    pub fn kinds(&self) -> &[StageKind] {
        &self.kinds
    }

    /// The kinds that give a layer by default (and write `key` on it), for the advice in errors.
    pub fn providers(&self, layer: &str, key: Option<&str>) -> Vec<String> {
        let gives = |kind: &&StageKind| {
            kind.default_contract().is_some_and(|contract| {
                contract.writes.iter().any(|writes| {
                    let has = |key| writes.attrs.iter().chain(&writes.links).any(|k| k == key);
                    writes.layer == layer && key.map_or(writes.rows, has)
                })
            })
        };
        self.kinds.iter().filter(gives).map(|kind| kind.name.to_owned()).collect()
    }
}

/// A file system without files, for making stages only to look at them.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFiles;

impl Files for NoFiles {
    fn read(&self, path: &str) -> std::io::Result<Vec<u8>> {
        Err(std::io::Error::new(std::io::ErrorKind::NotFound, format!("`{path}` is not read here")))
    }

    fn create(&self, path: &str) -> std::io::Result<Box<dyn crate::Output>> {
        Err(std::io::Error::new(std::io::ErrorKind::Unsupported, format!("`{path}` is not written here")))
    }
}
