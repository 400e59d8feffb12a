//! Libraries with stages, and stages in processes of their own: what the runner asks for, done by the loader.
//!
//! ```no_run
//! use isnad::core::NoFiles;
//! use isnad::plugins::{Environment, Plugins, Program};
//! use isnad::runner::Loader;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // A program of its own that calls `isnad::plugins::serve` when it gets this argument.
//! let program = Program::this(["__stage"])?;
//! let plugins = Plugins::new(program, "pipelines", Environment::of(|name| std::env::var_os(name)));
//! let registry = isnad::registry();
//! let loader = Loader::new(&registry, &NoFiles).plugins(&plugins);
//! let pipeline = loader.load(std::fs::read("pipelines/news.toml")?, "news.toml");
//! # Ok(()) }
//! ```

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use isnad_core::{Files, OptionError, Stage, StageKind};
use isnad_runner as runner;
use serde_json::Value;

pub use isnad_loader::{
    Description, Environment, Found, KindDescription, Listed, PluginError, PluginPart, Program,
};

/// Loads libraries and isolates stages, for [`runner::Loader::plugins`].
pub struct Plugins {
    loader: isnad_loader::Plugins,
    /// The libraries that kinds come from, by name of the kind.
    origins: Mutex<HashMap<&'static str, PathBuf>>,
}

impl Plugins {
    /// `program` is how a process is started that calls [`serve`]; paths of libraries start at the folder `base`.
    pub fn new(program: Program, base: impl Into<PathBuf>, environment: Environment) -> Self {
        let loader = isnad_loader::Plugins::new(program, base, environment);
        Plugins { loader, origins: Mutex::default() }
    }

    /// What a library is: found, compared with its pin, and looked at in a process of its own.
    ///
    /// # Errors
    /// It is not there, is not the one that is meant, or is none.
    pub fn describe(&self, path: &str, sha256: Option<&str>) -> Result<Found, PluginError> {
        self.loader.describe(path, sha256)
    }

    /// Every library in the search path, and what it is or what is wrong with it.
    pub fn list(&self) -> Vec<Listed> {
        self.loader.list()
    }

    fn origins(&self) -> MutexGuard<'_, HashMap<&'static str, PathBuf>> {
        self.origins.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl runner::Plugins for Plugins {
    fn load(&self, plugin: runner::PluginSpec<'_>) -> Result<Vec<StageKind>, runner::PluginError> {
        let found = self.describe(plugin.path, plugin.sha256).map_err(|error| runner::PluginError {
            part: match error.part {
                PluginPart::Sha256 => runner::PluginPart::Sha256,
                _ => runner::PluginPart::Path,
            },
            message: error.message,
            help: error.help,
        })?;
        let kinds = self.loader.kinds(&found);
        self.origins().extend(kinds.iter().map(|kind| (kind.name(), found.path.clone())));
        Ok(kinds)
    }

    fn isolate(
        &self,
        kind: &StageKind,
        options: Value,
        limits: runner::Limits,
        files: &dyn Files,
    ) -> Result<Arc<dyn Stage>, Vec<OptionError>> {
        let library = self.origins().get(kind.name()).cloned();
        let limits = isnad_loader::Limits { timeout: Some(limits.timeout), memory: limits.memory };
        self.loader.isolate(kind.name(), library.as_deref(), &options, limits, files)
    }
}

/// What the program does that [`Program`] names: works on behalf of another process until that one is done. It is
/// to be called before anything is printed, logged or read.
pub fn serve() -> ExitCode {
    isnad_loader::serve(&|name| crate::registry().get(name).cloned())
}
