//! The `[[test]]` and `[[property]]` tables of pipeline files, run: what `isnad test` does, for programs and
//! for `cargo test`.
//!
//! ```no_run
//! #[test]
//! fn the_pipeline_does_what_it_says() {
//!     isnad::testing::check_file("pipelines/news.toml");
//! }
//! ```
//!
//! Whoever wants to look at the results asks for them:
//!
//! ```
//! use isnad::core::NoFiles;
//! use isnad::runner::Loader;
//! use isnad::testing::Suite;
//!
//! let source = r#"
//! isnad = 1
//! [[stage]]
//! use = "normalize.tatweel"
//!
//! [[test]]
//! name = "letters are not stretched"
//! article = "عاجـــل"
//! normalized = "عاجل"
//!
//! [[test]]
//! name = "this one is wrong"
//! article = "عاجل"
//! normalized = "آجل"
//! "#;
//! let registry = isnad::registry();
//! let loader = Loader::new(&registry, &NoFiles);
//! let (pipeline, specs) = loader.tests(source, "p.toml", ".".as_ref()).expect("the file is sound");
//! let results = Suite::new("p.toml", &pipeline, &specs).run();
//! assert_eq!((results.passed(), results.failed()), (1, 1));
//! assert!(results.verdicts[1].to_string().starts_with("FAILED  this one is wrong (p.toml:11)"));
//! ```

mod article;
mod junit;
mod nearest;
mod properties;
mod rows;
mod tests;

use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

use isnad_runner::{
    ConfigError, DiskFiles, Loader, Location, NoPlugins, Pipeline, Plugins, PropertySpec, Specs, TestSpec,
    contain,
};

/// The tests and properties of a pipeline, ready to be run.
#[derive(Clone, Debug)]
pub struct Suite<'s> {
    name: &'s str,
    pipeline: &'s Pipeline,
    specs: &'s Specs,
    filter: String,
    cases: Option<u32>,
    seed: Option<u64>,
}

/// Whether something is a test or a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A `[[test]]`: one article.
    Test,
    /// A `[[property]]`: any article.
    Property,
}

/// What a test or a property came to. Shown as a line, with what went wrong in the lines below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What it is.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub location: Location,
    /// Everything that is not as it should be, each in one or more lines. Empty if all is well.
    pub problems: Vec<String>,
}

/// What all of them came to, in the order of the file: tests, then properties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Results {
    /// The name of the pipeline.
    pub name: String,
    /// Each by itself.
    pub verdicts: Vec<Verdict>,
}

/// Why nothing was run.
#[derive(Debug)]
pub enum Error {
    /// The file cannot be read.
    Read {
        /// The file as it was named.
        path: String,
        /// What is in the way.
        source: io::Error,
    },
    /// The pipeline, its tests or its properties have errors.
    Config(Vec<ConfigError>),
    /// The file has neither tests nor properties.
    NoTests(String),
}

/// Runs the tests and properties of a pipeline file. Paths in it start at its folder, and variables come from the
/// environment.
///
/// # Errors
/// Nothing was run.
pub fn run_file(path: impl AsRef<Path>) -> Result<Results, Error> {
    run_file_with(path, &NoPlugins)
}

/// The same for a pipeline that loads libraries, or has stages in processes of their own.
///
/// # Errors
/// Nothing was run.
pub fn run_file_with(path: impl AsRef<Path>, plugins: &dyn Plugins) -> Result<Results, Error> {
    let path = path.as_ref();
    let name = path.display().to_string();
    let source = fs::read(path).map_err(|source| Error::Read { path: name.clone(), source })?;
    let base = path.parent().map(Path::to_owned).unwrap_or_default();
    let registry = crate::registry();
    let files = DiskFiles::new(&base).with_stdout(io::sink()).only_checking();
    let environment = |name: &str| std::env::var_os(name);
    let loader = Loader::new(&registry, &files).environment(&environment).plugins(plugins);
    let (pipeline, specs) = loader.tests(source, &name, &base).map_err(Error::Config)?;
    if specs.tests.is_empty() && specs.properties.is_empty() {
        return Err(Error::NoTests(name));
    }
    Ok(Suite::new(&name, &pipeline, &specs).run())
}

/// Runs the tests and properties of a pipeline file, as one test of Rust.
///
/// # Panics
/// One of them fails, or nothing could be run; the message says everything that is to be said.
#[track_caller]
pub fn check_file(path: impl AsRef<Path>) {
    match run_file(path) {
        Ok(results) if results.failed() == 0 => {}
        Ok(results) => panic!("\n{results}"),
        Err(error) => panic!("{error}"),
    }
}

impl<'s> Suite<'s> {
    /// All tests and properties. `name` is what results call the pipeline.
    pub fn new(name: &'s str, pipeline: &'s Pipeline, specs: &'s Specs) -> Self {
        Suite { name, pipeline, specs, filter: String::new(), cases: None, seed: None }
    }

    /// Only those whose name contains this text.
    #[must_use]
    pub fn filter(self, text: impl Into<String>) -> Self {
        Suite { filter: text.into(), ..self }
    }

    /// So many generated articles for every property, whatever it says itself.
    #[must_use]
    pub fn cases(self, cases: u32) -> Self {
        Suite { cases: Some(cases), ..self }
    }

    /// This seed for every property, whatever it says itself.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Suite { seed: Some(seed), ..self }
    }

    /// What would be run: kind, name and place.
    pub fn list(&self) -> impl Iterator<Item = (Kind, &'s str, &'s Location)> {
        let tests = self.tests().map(|test| (Kind::Test, test.name.as_str(), &test.location));
        let properties = self.properties();
        tests.chain(properties.map(|property| (Kind::Property, property.name.as_str(), &property.location)))
    }

    /// Runs them, one after the other. One that makes a stage panic has failed, and the others go on.
    pub fn run(&self) -> Results {
        self.run_with(&mut |_| {})
    }

    /// The same, and hands out every verdict as soon as it is there.
    pub fn run_with(&self, each: &mut dyn FnMut(&Verdict)) -> Results {
        let mut results = Results { name: self.name.to_owned(), verdicts: Vec::new() };
        let mut note = |verdict: Verdict| {
            each(&verdict);
            results.verdicts.push(verdict);
        };
        for test in self.tests() {
            let run = || tests::run(self.pipeline, test);
            note(Verdict::of(Kind::Test, &test.name, &test.location, run));
        }
        for property in self.properties() {
            let mut property = property.clone();
            property.cases = self.cases.unwrap_or(property.cases);
            property.seed = self.seed.unwrap_or(property.seed);
            let run = || properties::run(self.pipeline, &property);
            note(Verdict::of(Kind::Property, &property.name, &property.location, run));
        }
        results
    }

    fn tests(&self) -> impl Iterator<Item = &'s TestSpec> {
        self.specs.tests.iter().filter({
            let filter = self.filter.clone();
            move |test| test.name.contains(&filter)
        })
    }

    fn properties(&self) -> impl Iterator<Item = &'s PropertySpec> {
        self.specs.properties.iter().filter({
            let filter = self.filter.clone();
            move |property| property.name.contains(&filter)
        })
    }
}

impl Verdict {
    /// Whether all is well.
    pub fn is_ok(&self) -> bool {
        self.problems.is_empty()
    }

    fn of(kind: Kind, name: &str, location: &Location, run: impl FnOnce() -> Vec<String>) -> Self {
        // What the stages do is contained already; this is for everything around them.
        let problems = contain(run).unwrap_or_else(|panic| vec![format!("it panicked: {panic}")]);
        Verdict { kind, name: name.to_owned(), location: location.clone(), problems }
    }
}

impl Results {
    /// How many are well.
    pub fn passed(&self) -> usize {
        self.verdicts.iter().filter(|verdict| verdict.is_ok()).count()
    }

    /// How many are not.
    pub fn failed(&self) -> usize {
        self.verdicts.len() - self.passed()
    }

    /// The closing line, such as `3 passed, 1 failed`.
    pub fn summary(&self) -> String {
        match self.failed() {
            0 => format!("{} passed", self.passed()),
            failed => format!("{} passed, {failed} failed", self.passed()),
        }
    }

    /// The same as JUnit XML, which build servers read.
    ///
    /// # Errors
    /// The report cannot be written as XML.
    pub fn to_junit(&self) -> Result<String, String> {
        junit::to_string(self)
    }
}

impl Kind {
    /// What it is called in pipeline files.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Test => "test",
            Kind::Property => "property",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = isnad_testkit::escaped(&self.name);
        if self.is_ok() {
            return write!(f, "ok      {name}");
        }
        write!(f, "FAILED  {name} ({}:{})", self.location.file, self.location.line)?;
        for line in self.problems.iter().flat_map(|problem| problem.lines()) {
            write!(f, "\n  {line}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Results {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for verdict in &self.verdicts {
            writeln!(f, "{verdict}")?;
        }
        f.write_str(&self.summary())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Read { path, source } => write!(f, "cannot read `{path}`: {source}"),
            Error::NoTests(path) => {
                write!(f, "`{path}` has neither `[[test]]` nor `[[property]]`; add one to the pipeline file")
            }
            Error::Config(errors) => {
                let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
                f.write_str(&lines.join("\n"))
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Read { source, .. } => Some(source),
            Error::Config(_) | Error::NoTests(_) => None,
        }
    }
}
