//! What the macro `laws!` expands to, at work.

use std::path::PathBuf;
use std::sync::Arc;

use isnad_core::{OptionError, Stage, StageKind};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Map, Value};

use crate::files::MemoryFiles;
use crate::laws::{Law, LawBroken, Laws};
use crate::options;

/// A suite of the macro: a stage, and what it is tested on.
pub struct Suite<T> {
    subject: T,
    options: Given,
    after: Vec<Box<Make>>,
    texts: Vec<String>,
    files: MemoryFiles,
    cases: u32,
    seed: u64,
    memory: Option<u32>,
    fixtures: Option<PathBuf>,
}

/// Makes a stage of options; kinds may want to read files.
type Make = dyn Fn(Value, &MemoryFiles) -> Result<Arc<dyn Stage>, Vec<OptionError>>;

enum Given {
    Json(Value),
    Random,
}

/// What has a stage to test.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no stage",
    label = "the laws need an `impl Stage`, an `Arc<dyn Stage>` or a `StageKind`",
    note = "a function that makes a stage must be called: `laws!(my_stage())`"
)]
pub trait Testable<How> {
    /// The stage or the kind.
    type Subject: Subject;

    /// It.
    fn subject(self) -> Self::Subject;
}

/// A stage, or a kind that makes stages of options.
pub trait Subject: 'static {
    /// The stage with these options.
    fn make(&self, options: Value, files: &MemoryFiles) -> Result<Arc<dyn Stage>, Vec<OptionError>>;

    /// Options that its schema allows.
    fn random_options(&self, count: u32, seed: u64) -> Vec<Value> {
        let _ = (count, seed);
        vec![Value::Object(Map::new())]
    }
}

/// How a value is a stage.
#[derive(Debug)]
pub enum ByItself {}
/// How a value is a stage.
#[derive(Debug)]
pub enum Shared {}
/// How a value is a stage.
#[derive(Debug)]
pub enum Created {}
/// How a value is a stage.
#[derive(Debug)]
pub enum OfKind {}

impl<S: Stage + 'static> Testable<ByItself> for S {
    type Subject = Arc<dyn Stage>;

    fn subject(self) -> Arc<dyn Stage> {
        Arc::new(self)
    }
}

impl Testable<Shared> for Arc<dyn Stage> {
    type Subject = Arc<dyn Stage>;

    fn subject(self) -> Arc<dyn Stage> {
        self
    }
}

impl Testable<Created> for Result<Arc<dyn Stage>, Vec<OptionError>> {
    type Subject = Arc<dyn Stage>;

    fn subject(self) -> Arc<dyn Stage> {
        self.unwrap_or_else(|errors| panic!("the stage cannot be made: {}", listed(&errors)))
    }
}

impl Testable<OfKind> for StageKind {
    type Subject = StageKind;

    fn subject(self) -> StageKind {
        self
    }
}

impl Subject for Arc<dyn Stage> {
    fn make(&self, _: Value, _: &MemoryFiles) -> Result<Arc<dyn Stage>, Vec<OptionError>> {
        Ok(self.clone())
    }
}

impl Subject for StageKind {
    fn make(&self, options: Value, files: &MemoryFiles) -> Result<Arc<dyn Stage>, Vec<OptionError>> {
        self.create(options, files)
    }

    fn random_options(&self, count: u32, seed: u64) -> Vec<Value> {
        let mut bytes = [0; 32];
        for (place, byte) in bytes.iter_mut().zip(seed.to_le_bytes()) {
            *place = byte;
        }
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        let strategy = options(self.schema());
        (0..count).filter_map(|_| Some(strategy.new_tree(&mut runner).ok()?.current())).collect()
    }
}

/// A suite with the usual settings.
pub fn suite<How, T: Testable<How>>(testable: T) -> Suite<T::Subject> {
    Suite {
        subject: testable.subject(),
        options: Given::Json(Value::Object(Map::new())),
        after: Vec::new(),
        texts: Vec::new(),
        files: MemoryFiles::default(),
        cases: 32,
        seed: 0,
        memory: None,
        fixtures: None,
    }
}

impl Suite<StageKind> {
    /// Sets the options of the stage.
    pub fn options(self, options: Value) -> Self {
        Suite { options: Given::Json(options), ..self }
    }

    /// Draws options.
    pub fn random_options(self) -> Self {
        Suite { options: Given::Random, ..self }
    }
}

impl<T: Subject> Suite<T> {
    /// Adds a stage before it.
    pub fn after<How, S: Testable<How>>(mut self, stage: S) -> Self {
        let subject = stage.subject();
        self.after.push(Box::new(move |options, files| subject.make(options, files)));
        self
    }

    /// Sets texts to try first.
    pub fn texts(self, texts: &[&str]) -> Self {
        Suite { texts: texts.iter().map(|text| (*text).to_owned()).collect(), ..self }
    }

    /// Sets the files it may read.
    pub fn files(self, files: MemoryFiles) -> Self {
        Suite { files, ..self }
    }

    /// Sets the number of generated batches.
    pub fn cases(self, cases: u32) -> Self {
        Suite { cases, ..self }
    }

    /// Sets the seed.
    pub fn seed(self, seed: u64) -> Self {
        Suite { seed, ..self }
    }

    /// Sets the number of batches for the law `memory`.
    pub fn memory(self, batches: u32) -> Self {
        Suite { memory: Some(batches), ..self }
    }

    /// Sets the folder of fixtures.
    pub fn fixtures(self, folder: PathBuf) -> Self {
        Suite { fixtures: Some(folder), ..self }
    }

    /// Checks one law.
    #[track_caller]
    pub fn test(&self, law: Law) {
        let options = match &self.options {
            Given::Json(options) => options,
            Given::Random => return self.test_random(law),
        };
        match self.subject.make(options.clone(), &self.files) {
            Ok(stage) => self.laws(&*stage, &refs(&self.upstream()), self.cases, self.seed).test(law),
            Err(errors) => panic!("the stage cannot be made with the options {options}: {}", listed(&errors)),
        }
    }

    /// A few cases for each of several options.
    #[track_caller]
    fn test_random(&self, law: Law) {
        // A law with articles of its own takes long, so that fewer options must do.
        let count = if matches!(law, Law::Hostile | Law::Memory) { 3 } else { (self.cases / 2).max(4) };
        let mut drawn = self.subject.random_options(count, self.seed);
        drawn.insert(0, Value::Object(Map::new()));
        let upstream = self.upstream();
        let upstream = refs(&upstream);
        let mut refused = Vec::new();
        for (number, options) in drawn.iter().enumerate() {
            let stage = match self.subject.make(options.clone(), &self.files) {
                Ok(stage) => stage,
                Err(errors) => {
                    refused.push(format!("{options}: {}", listed(&errors)));
                    continue;
                }
            };
            let laws = self.laws(&*stage, &upstream, 2, self.seed.wrapping_add(number as u64));
            if let Err(found) = laws.try_test(law) {
                let saved = laws.keep(&found);
                let (options, broken) = self.fewer_options(options, &upstream, found.broken);
                panic!("with the options {options}: {broken}{saved}");
            }
        }
        assert!(
            refused.len() < drawn.len(),
            "the stage refuses all options that its schema allows, such as {}",
            refused.join("; ")
        );
    }

    /// The same law broken on the same articles with as few options as that takes.
    fn fewer_options(
        &self,
        options: &Value,
        upstream: &[&dyn Stage],
        broken: LawBroken,
    ) -> (Value, LawBroken) {
        let (mut best, mut found) = (options.clone(), broken);
        let names: Vec<String> =
            best.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect();
        for name in names {
            let mut fewer = best.clone();
            fewer.as_object_mut().and_then(|fewer| fewer.shift_remove(&name));
            let Ok(stage) = self.subject.make(fewer.clone(), &self.files) else { continue };
            match self.laws(&*stage, upstream, 0, 0).run_on(found.law, &found.articles) {
                Err(again) if again.law == found.law => (best, found) = (fewer, again),
                _ => {}
            }
        }
        (best, found)
    }

    /// The stages before it.
    #[track_caller]
    fn upstream(&self) -> Vec<Arc<dyn Stage>> {
        let made = |make: &Make| match make(Value::Object(Map::new()), &self.files) {
            Ok(stage) => stage,
            Err(errors) => {
                panic!("a stage of `after` cannot be made with its default options: {}", listed(&errors))
            }
        };
        self.after.iter().map(|make| made(&**make)).collect()
    }

    fn laws<'s>(&self, stage: &'s dyn Stage, upstream: &[&'s dyn Stage], cases: u32, seed: u64) -> Laws<'s> {
        let texts: Vec<&str> = self.texts.iter().map(String::as_str).collect();
        let mut laws =
            Laws::new(stage).after(upstream).texts(&texts).files(self.files.clone()).cases(cases).seed(seed);
        if let Some(batches) = self.memory {
            laws = laws.memory(batches);
        }
        if let Some(folder) = &self.fixtures {
            laws = laws.fixtures(folder);
        }
        laws
    }
}

fn refs(stages: &[Arc<dyn Stage>]) -> Vec<&dyn Stage> {
    stages.iter().map(|stage| &**stage).collect()
}

fn listed(errors: &[OptionError]) -> String {
    errors.iter().map(OptionError::to_string).collect::<Vec<_>>().join("; ")
}
