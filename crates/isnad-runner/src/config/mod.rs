//! The pipeline file: what it may say, and everything that can be wrong with it, found in one go.
//!
//! A file is read into a tree that knows where everything stands; its keys, the input and the options
//! of the stages are checked on that tree, the options against the schema that the stage's kind
//! publishes; then the stages are made and their chain is checked. No step ends at its first error.

mod alternatives;
mod assemble;
mod check;
mod error;
mod file;
mod from_toml;
mod report;
mod schema;
mod subject;
mod suggest;
mod tree;

use isnad_core::{Files, Registry};
use serde_json::Value;

use crate::pipeline::Pipeline;
use error::code;
use report::{Path, Report};

pub use error::{CODES, ConfigError, Location};

/// Where documents come from, unless the command line says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InputSpec {
    /// The format of all inputs; `None`: it follows the extension of each.
    pub format: Option<Format>,
    /// Files, folders and globs, relative to the pipeline file.
    pub paths: Vec<String>,
    /// Which fields of a record are what.
    pub fields: Fields,
}

/// A format of inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// A document a file.
    Text,
    /// A JSON object a line.
    Jsonl,
}

/// The fields of a record that a document is made of; all others become its metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields {
    /// The field with the document's id.
    pub id: String,
    /// The fields with the text, which are joined by a blank line.
    pub text: Vec<String>,
    /// The field with the date of publication.
    pub published: String,
}

/// What becomes of a document that a stage cannot handle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OnError {
    /// It goes into quarantine; the others go on.
    #[default]
    Quarantine,
    /// It goes on without what the stage would have done.
    SkipStage,
    /// The run stops.
    Stop,
}

/// Reads a pipeline file, makes its stages and checks their chain. `file` is the name that errors give
/// to the source.
///
/// # Errors
/// All that is wrong, in the order of the file.
pub fn load(
    source: impl AsRef<[u8]>,
    file: &str,
    registry: &Registry,
    files: &dyn Files,
) -> Result<Pipeline, Vec<ConfigError>> {
    let mut report = Report::default();
    let source = match text(source.as_ref(), &mut report) {
        Ok(text) => text,
        Err(readable) => return Err(report.into_errors(Some(readable), file)),
    };
    let (tree, trust) = from_toml::parse(source, &mut report);
    // What the parser could not read is no reason to be silent on the rest; but nothing is said that
    // may be an echo of it, so the stages are not made and their chain is not looked at.
    let mut checks = Report::default();
    let specs = file::read(&tree, registry, &mut checks);
    if let Some(trust) = trust {
        checks.distrust(&trust);
        report.absorb(checks);
        return Err(report.into_errors(Some(source), file));
    }
    assemble::assemble(specs, registry, files, Some(source), &mut checks)
        .ok_or_else(|| checks.into_errors(Some(source), file))
}

/// Makes a pipeline of kinds of stages and their options (an object each), as [`load`] does of a file.
pub(crate) fn from_stages(
    registry: &Registry,
    files: &dyn Files,
    stages: impl IntoIterator<Item = (String, Value)>,
    file: &str,
) -> Result<Pipeline, Vec<ConfigError>> {
    let mut report = Report::default();
    let specs = file::from_stages(registry, stages, &mut report);
    assemble::assemble(specs, registry, files, None, &mut report)
        .ok_or_else(|| report.into_errors(None, file))
}

/// Adds a stage to the end of a pipeline.
pub(crate) fn append(
    pipeline: Pipeline,
    registry: &Registry,
    files: &dyn Files,
    stage: (String, Value),
    origin: &str,
) -> Result<Pipeline, Vec<ConfigError>> {
    let mut report = Report::default();
    let specs = file::from_stages(registry, [stage], &mut report);
    let longer = assemble::append(pipeline, specs, registry, files, &mut report);
    // There is one stage that can be wrong, and its place is not one that the user wrote down.
    let unplaced = |error| ConfigError { path: String::new(), ..error };
    longer.ok_or_else(|| report.into_errors(None, origin).into_iter().map(unplaced).collect())
}

/// Far more than anybody writes, and little enough to be checked in no time.
const MOST_BYTES: usize = 1 << 20;

/// The source as text, or what of it is readable up to the error.
fn text<'s>(source: &'s [u8], report: &mut Report) -> Result<&'s str, &'s str> {
    if source.len() > MOST_BYTES {
        let message =
            format!("the file has {} bytes: a pipeline file has at most {MOST_BYTES}", source.len());
        report
            .add(0, code::SIZE, Path::Root, message)
            .help("put long lists into files of their own, which stages read".to_owned());
        return Err("");
    }
    let text = std::str::from_utf8(source).map_err(|error| {
        let at = error.valid_up_to();
        let message = format!("the file is not UTF-8: byte {at} of the file does not fit");
        report.add(at, code::ENCODING, Path::Root, message).help("save it as UTF-8".to_owned());
        source.get(..at).and_then(|valid| std::str::from_utf8(valid).ok()).unwrap_or_default()
    })?;
    let begin = text.trim_start_matches('\u{FEFF}').trim_start(); // BYTE ORDER MARK
    if begin.is_empty() {
        report
            .add(0, code::MISSING, Path::Root, "the file is empty")
            .help("a pipeline file begins with `isnad = 1` and has a `[[stage]]` or more".to_owned());
        return Err(text);
    }
    if begin.starts_with('{') {
        report
            .add(
                text.len() - begin.len(),
                code::UNAVAILABLE,
                Path::Root,
                "pipeline files in JSON are not available in this version",
            )
            .help("write it as TOML".to_owned());
        return Err(text);
    }
    Ok(text)
}

impl Format {
    pub(crate) const ALL: [Format; 2] = [Format::Text, Format::Jsonl];

    /// The name of the format in pipeline files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Jsonl => "jsonl",
        }
    }

    /// The format of a name.
    pub fn from_name(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.name() == name)
    }
}

impl OnError {
    pub(crate) const ALL: [OnError; 3] = [OnError::Quarantine, OnError::SkipStage, OnError::Stop];

    /// The name of the choice in pipeline files.
    pub fn name(self) -> &'static str {
        match self {
            OnError::Quarantine => "quarantine",
            OnError::SkipStage => "skip-stage",
            OnError::Stop => "stop",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<OnError> {
        OnError::ALL.into_iter().find(|choice| choice.name() == name)
    }
}

impl Default for Fields {
    fn default() -> Self {
        Fields { id: "id".into(), text: vec!["text".into()], published: "published".into() }
    }
}
