//! What the runner asks of whoever loads libraries and starts processes; it does neither itself.

use std::sync::Arc;
use std::time::Duration;

use isnad_core::{Files, OptionError, Stage, StageKind};
use serde_json::Value;

/// Loads the libraries that pipeline files name, and runs stages in processes of their own.
pub trait Plugins {
    /// The kinds of stages that a library has.
    ///
    /// # Errors
    /// The library is not there, is not the one that is meant, or is none.
    fn load(&self, plugin: PluginSpec<'_>) -> Result<Vec<StageKind>, PluginError>;

    /// A stage that does its work in processes of its own. `options` is an object.
    ///
    /// # Errors
    /// All that is wrong with the options, or why the stage cannot be isolated.
    fn isolate(
        &self,
        kind: &StageKind,
        options: Value,
        limits: Limits,
        files: &dyn Files,
    ) -> Result<Arc<dyn Stage>, Vec<OptionError>>;
}

/// A `[[plugin]]` of a pipeline file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PluginSpec<'f> {
    /// The path, as it was written.
    pub path: &'f str,
    /// The SHA-256 of the library, in hexadecimal digits, where the file asks for one.
    pub sha256: Option<&'f str>,
}

/// How far a stage in a process of its own may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// So long it may work on one document.
    pub timeout: Duration,
    /// So many bytes of memory the process may have; `None`: as many as there are.
    pub memory: Option<u64>,
}

/// Why a library cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginError {
    /// What of the `[[plugin]]` is at fault.
    pub part: PluginPart,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// A part of a `[[plugin]]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PluginPart {
    /// The path, or what lies there.
    Path,
    /// The pin.
    Sha256,
}

/// For programs that load no libraries.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoPlugins;

impl Plugins for NoPlugins {
    fn load(&self, _: PluginSpec<'_>) -> Result<Vec<StageKind>, PluginError> {
        let message = "this program loads no libraries".to_owned();
        let help = Some("run the pipeline with the command `isnad`".to_owned());
        Err(PluginError { part: PluginPart::Path, message, help })
    }

    fn isolate(
        &self,
        _: &StageKind,
        _: Value,
        _: Limits,
        _: &dyn Files,
    ) -> Result<Arc<dyn Stage>, Vec<OptionError>> {
        Err(vec![OptionError::new("", "this program starts no processes; leave out `isolation`")])
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits { timeout: Duration::from_secs(60), memory: None }
    }
}
