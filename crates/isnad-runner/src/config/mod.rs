//! The pipeline file: what it may say, and everything that can be wrong with it, found in one go.
//!
//! A file is read into a tree that knows where everything stands; variables are filled in, and what the
//! command line sets is written over it; its keys, the input and the options
//! of the stages are checked on that tree, the options against the schema that the stage's kind
//! publishes; then the stages are made and their chain is checked. No step ends at its first error.

mod alternatives;
mod assemble;
mod check;
mod error;
mod explain;
mod file;
mod from_json;
mod from_toml;
mod isolation;
mod plugins;
mod print;
mod publish;
mod report;
mod schema;
mod settings;
mod settle;
mod specs;
mod start;
mod subject;
mod suggest;
mod tree;
mod variables;

use std::ffi::OsString;

use isnad_core::{Files, Registry};
use serde_json::Value;

use crate::DiskFiles;
use crate::Encoding;
use crate::pipeline::Pipeline;
use crate::plugins::{NoPlugins, Plugins};
use assemble::Makers;
use error::code;
use file::PipelineFile;
use plugins::Libraries;
use report::{Origin, Path, Report};
use specs::{Drafts, Surroundings};
use start::Start;
use variables::Environment;

pub use error::{CODES, ConfigError, Location};
pub use explain::explain;
pub use publish::pipeline_schema;
pub use settings::setting_value;
pub use specs::{Claim, ExpectedRow, LAWS, PropertySpec, RowPattern, Specs, TestOutcome, TestSpec};

/// Where documents come from, unless the command line says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InputSpec {
    /// The format of all inputs; `None`: it follows the extension of each.
    pub format: Option<Format>,
    /// Files, folders and globs, relative to the pipeline file.
    pub paths: Vec<String>,
    /// How their characters stand in bytes.
    pub encoding: Encoding,
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

/// The fields of a record that a document is made of; all others become its metadata. A field is named by
/// its name, or by its path in objects: `meta.date` is the field `date` of the object in the field `meta`,
/// where the record has no field of just this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields {
    /// The field with the document's id.
    pub id: String,
    /// The field with the title, which the text begins with. Without one the first of several fields of
    /// text is the title.
    pub title: Option<String>,
    /// The fields with the text, which are joined by a blank line; so are the paragraphs of a list.
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

/// Reads pipeline files: says which stages there are, which files they may read, which variables of the
/// environment are set, and what the command line sets.
///
/// A name that ends in `.json`, or a text that begins with `{`, is JSON; everything else is TOML.
#[derive(Clone, Copy)]
pub struct Loader<'l> {
    registry: &'l Registry,
    files: &'l dyn Files,
    environment: &'l Environment<'l>,
    settings: &'l [String],
    plugins: &'l dyn Plugins,
}

/// Which inputs a run is going to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputsFrom {
    /// Those that the pipeline file names.
    Pipeline,
    /// Others, which the caller has found.
    Caller,
}

impl<'l> Loader<'l> {
    /// A loader without variables, settings and plugins.
    pub fn new(registry: &'l Registry, files: &'l dyn Files) -> Self {
        Loader { registry, files, environment: &|_| None, settings: &[], plugins: &NoPlugins }
    }

    /// Fills in `${NAME}` with what `environment` says of `NAME`.
    #[must_use]
    pub fn environment(self, environment: &'l dyn Fn(&str) -> Option<OsString>) -> Self {
        Loader { environment, ..self }
    }

    /// Lets `plugins` load the libraries that the file names, and start the processes of isolated stages.
    #[must_use]
    pub fn plugins(self, plugins: &'l dyn Plugins) -> Self {
        Loader { plugins, ..self }
    }

    /// Writes settings over what the file says: `PATH=VALUE` each, such as `input.format=jsonl`,
    /// `stage[2].alef="bare"` or, with the id of a stage, `normalize.letters.alef=bare`. A value is read
    /// as TOML where it is TOML, else as the text that it is; variables in it are not filled in.
    #[must_use]
    pub fn settings(self, settings: &'l [String]) -> Self {
        Loader { settings, ..self }
    }

    /// Reads a pipeline file, makes its stages and checks their chain. `file` is the name that errors
    /// give to the source. Its tests and properties are not looked at: they change nothing about a run.
    ///
    /// # Errors
    /// All that is wrong, in the order of the file; what is wrong with settings comes last.
    pub fn load(&self, source: impl AsRef<[u8]>, file: &str) -> Result<Pipeline, Vec<ConfigError>> {
        self.read(source.as_ref(), file, None, None, |made| made.pipeline)
    }

    /// The same, and tries all that can fail at the start of a run: finding inputs, opening stages and
    /// outputs. `files` should only check; paths of inputs start where its paths start.
    ///
    /// # Errors
    /// All that is wrong, in one list.
    pub fn check(
        &self,
        source: impl AsRef<[u8]>,
        file: &str,
        files: &DiskFiles,
        inputs: InputsFrom,
    ) -> Result<Pipeline, Vec<ConfigError>> {
        let inputs_at = (inputs == InputsFrom::Pipeline).then(|| files.base());
        let loader = Loader { files, ..*self };
        let start = Start { inputs_at, files };
        loader.read(source.as_ref(), file, Some(&start), Some(files.base()), |made| made.pipeline)
    }

    /// Reads a pipeline file with its tests and properties, whose paths start at the folder `base`.
    ///
    /// # Errors
    /// All that is wrong with the pipeline, its tests and its properties, in one list.
    pub fn tests(
        &self,
        source: impl AsRef<[u8]>,
        file: &str,
        base: &std::path::Path,
    ) -> Result<(Pipeline, Specs), Vec<ConfigError>> {
        self.read(source.as_ref(), file, None, Some(base), |made| (made.pipeline, made.specs))
    }

    /// What a pipeline file comes to, as a pipeline file in TOML: variables filled in, settings made,
    /// every option written out, each with a comment that says where its value comes from.
    ///
    /// # Errors
    /// All that is wrong with the file, as [`load`](Self::load) says it.
    pub fn print(&self, source: impl AsRef<[u8]>, file: &str) -> Result<String, Vec<ConfigError>> {
        self.read(source.as_ref(), file, None, None, |made| {
            print::print(made.file, made.libraries, made.drafts, made.origin)
        })
    }

    fn read<T>(
        &self,
        source: &[u8],
        file: &str,
        start: Option<&Start<'_>>,
        tests_at: Option<&std::path::Path>,
        finish: impl FnOnce(Made<'_>) -> T,
    ) -> Result<T, Vec<ConfigError>> {
        let mut report = Report::default();
        let origin = |source| Origin { file, source: Some(source), settings: self.settings };
        let source = match text(source, &mut report) {
            Ok(text) => text,
            Err(readable) => return Err(report.into_errors(&origin(readable))),
        };
        let origin = origin(source);
        let (mut table, trust) = match is_json(source, file) {
            true => from_json::parse(source, &mut report),
            false => from_toml::parse(source, &mut report),
        };
        table.entries.iter_mut().for_each(|entry| variables::fill(&mut entry.node, self.environment));
        // What the parser could not read is no reason to be silent on the rest; but nothing is said that
        // may be an echo of it, so the stages are not made and their chain is not looked at.
        let mut checks = Report::default();
        settings::apply(self.settings, &mut table, &mut checks);
        let libraries = plugins::read(&table, self.registry, self.plugins, &mut checks);
        let registry = &libraries.registry;
        let specs = file::read(&table, registry, &mut checks);
        if !libraries.lost.is_empty() {
            let lost = libraries.lost.join("`, `");
            checks.explain(
                code::UNKNOWN_STAGE,
                &format!("it may be one of `{lost}`, which could not be loaded"),
            );
        }
        let mut unread = Report::default();
        let drafts = specs::draft(&table, if tests_at.is_some() { &mut checks } else { &mut unread });
        if let Some(trust) = trust {
            checks.distrust(&trust);
            report.absorb(checks);
            return Err(report.into_errors(&origin));
        }
        let makers = Makers { registry, files: self.files, plugins: self.plugins };
        let pipeline = assemble::assemble(&specs, makers, &origin, start, &mut checks);
        let tests = tests_at.map(|base| {
            let around = Surroundings { pipeline: pipeline.as_ref(), file: &specs, base };
            specs::make(&drafts, &around, &origin, &mut checks)
        });
        match pipeline.filter(|_| checks.is_empty()) {
            Some(pipeline) => {
                let tests = tests.unwrap_or_default();
                Ok(finish(Made {
                    pipeline,
                    specs: tests,
                    file: &specs,
                    libraries: &libraries,
                    drafts: &drafts,
                    origin: &origin,
                }))
            }
            None => Err(checks.into_errors(&origin)),
        }
    }
}

/// What was made of a file without an error.
struct Made<'m> {
    pipeline: Pipeline,
    /// Empty, unless they were asked for.
    specs: Specs,
    file: &'m PipelineFile<'m>,
    libraries: &'m Libraries,
    drafts: &'m Drafts,
    origin: &'m Origin<'m>,
}

/// Reads a pipeline file as [`Loader::load`] does, without variables and settings.
///
/// # Errors
/// All that is wrong, in the order of the file.
pub fn load(
    source: impl AsRef<[u8]>,
    file: &str,
    registry: &Registry,
    files: &dyn Files,
) -> Result<Pipeline, Vec<ConfigError>> {
    Loader::new(registry, files).load(source, file)
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
    let origin = Origin::named(file);
    let makers = Makers { registry, files, plugins: &NoPlugins };
    assemble::assemble(&specs, makers, &origin, None, &mut report).ok_or_else(|| report.into_errors(&origin))
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
    let makers = Makers { registry, files, plugins: &NoPlugins };
    let longer = assemble::append(pipeline, &specs, makers, &mut report);
    // There is one stage that can be wrong, and its place is not one that the user wrote down.
    let unplaced = |error| ConfigError { path: String::new(), ..error };
    longer.ok_or_else(|| report.into_errors(&Origin::named(origin)).into_iter().map(unplaced).collect())
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
        let message = match source {
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => "the file is UTF-16, not UTF-8".to_owned(),
            _ => format!("the file is not UTF-8: byte {at} of the file does not fit"),
        };
        let help = "save it as UTF-8; an editor offers that as the encoding of the file";
        report.add(at, code::ENCODING, Path::Root, message).help(help.to_owned());
        source.get(..at).and_then(|valid| std::str::from_utf8(valid).ok()).unwrap_or_default()
    })?;
    let begin = text.trim_start_matches('\u{FEFF}').trim_start(); // BYTE ORDER MARK
    if begin.is_empty() {
        report
            .add(0, code::MISSING, Path::Root, "the file is empty")
            .help("a pipeline file begins with `isnad = 1` and has a `[[stage]]` or more".to_owned());
        return Err(text);
    }
    Ok(text)
}

/// Whether a file is to be read as JSON: by its name, or since TOML cannot begin as it does.
fn is_json(source: &str, file: &str) -> bool {
    let by_name = std::path::Path::new(file).extension();
    let by_name = by_name.is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    by_name || source.trim_start_matches('\u{FEFF}').trim_start().starts_with(['{', '/']) // BYTE ORDER MARK
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
        Fields { id: "id".into(), title: None, text: vec!["text".into()], published: "published".into() }
    }
}
