//! A pipeline that was read and checked: what the engine runs.

use std::fmt;
use std::sync::Arc;

use isnad_core::{Files, Plan, Registry, SinkKind, Stage};
use serde_json::Value;

use crate::config::{self, ConfigError, InputSpec, OnError};

/// A checked pipeline: where documents come from, and the stages they go through.
#[derive(Clone, Debug)]
pub struct Pipeline {
    /// Where documents come from, unless the command line says otherwise.
    pub input: InputSpec,
    /// The stages in their order; those that the file switches off are not among them.
    pub stages: Vec<PreparedStage>,
    /// The stages that the file switches off.
    pub switched_off: Vec<SwitchedOff>,
    /// What the check of their contracts yielded; `plan.grants` has one entry a stage.
    pub plan: Plan,
}

/// A stage of a pipeline, configured and ready to be opened.
#[derive(Clone)]
pub struct PreparedStage {
    /// Its id, unique in the pipeline: what rows and reports name it by.
    pub id: String,
    /// The name of its kind.
    pub kind: String,
    /// What becomes of a document that it cannot handle.
    pub on_error: OnError,
    /// The stage.
    pub stage: Arc<dyn Stage>,
}

/// A stage that the file switches off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SwitchedOff {
    /// Its id.
    pub id: String,
    /// The name of its kind, which this program need not have.
    pub kind: String,
    /// The place in `stages` of the stage before which it would stand.
    pub before: usize,
}

impl Pipeline {
    /// Makes a pipeline of kinds of stages and their options, for tests and for pipelines put together
    /// in code. The options are an object, which may hold `id`, `enabled` and `on_error` too. Errors
    /// name `built-in` in place of a file.
    ///
    /// # Errors
    /// All that is wrong, in the order of the stages.
    pub fn from_stages<K: Into<String>>(
        registry: &Registry,
        files: &dyn Files,
        stages: impl IntoIterator<Item = (K, Value)>,
    ) -> Result<Pipeline, Vec<ConfigError>> {
        let stages = stages.into_iter().map(|(kind, options)| (kind.into(), options));
        config::from_stages(registry, files, stages, "built-in")
    }

    /// The same pipeline with one more stage at its end: an exporter that the command line names, say.
    /// `origin` is what errors name in place of a file.
    ///
    /// # Errors
    /// All that is wrong with the stage, or between it and those before it.
    pub fn with_stage(
        self,
        registry: &Registry,
        files: &dyn Files,
        kind: &str,
        options: Value,
        origin: &str,
    ) -> Result<Pipeline, Vec<ConfigError>> {
        config::append(self, registry, files, (kind.to_owned(), options), origin)
    }

    /// Whether a stage of the pipeline writes output.
    pub fn has_sink(&self) -> bool {
        self.stages.iter().any(|stage| stage.stage.contract().sink != SinkKind::None)
    }
}

impl fmt::Debug for PreparedStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("PreparedStage");
        out.field("id", &self.id)
            .field("kind", &self.kind)
            .field("on_error", &self.on_error)
            .finish_non_exhaustive()
    }
}
