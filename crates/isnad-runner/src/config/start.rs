//! What can fail at the start of a run, tried without running: finding the inputs, opening a worker of
//! each stage, opening each output.

use std::path::Path;

use isnad_core::{Files, Plan, StageError, StageErrorKind};

use super::error::code;
use super::file::PipelineFile;
use super::report::Report;
use super::tree::{Node, Place};
use crate::engine::guard;
use crate::pipeline::PreparedStage;
use crate::{DiskFiles, Inputs};

/// What a run would start with.
pub(crate) struct Start<'s> {
    /// The folder at which the paths of the inputs start; `None`: they are not looked at.
    pub(crate) inputs_at: Option<&'s Path>,
    /// Files that check outputs and do not write them.
    pub(crate) files: &'s DiskFiles,
}

/// The places that errors of a stage point at.
#[derive(Clone, Copy)]
pub(crate) struct Places<'p> {
    pub(crate) path: &'p str,
    pub(crate) at: Place,
    pub(crate) output_at: Place,
}

/// Looks for the inputs that a file names.
pub(crate) fn check_inputs(start: &Start<'_>, file: &PipelineFile<'_>, report: &mut Report) {
    let Some(base) = start.inputs_at else { return };
    let format = file.input.format;
    let nodes = file.input_table.get("paths").and_then(Node::as_array);
    let nodes: Vec<&Node> = nodes.unwrap_or_default().iter().filter(|node| !node.is_unknown()).collect();
    let before = report.len();
    let mut whole = Vec::new();
    for (index, node) in nodes.iter().enumerate() {
        let Some(path) = node.as_str().filter(|path| !path.is_empty()) else { continue };
        whole.push(path.to_owned());
        match Inputs::find(&[path.to_owned()], base, format) {
            Ok(inputs) => start.files.protect(inputs.paths()),
            Err(error) => {
                for problem in error.to_string().lines() {
                    report
                        .add(node.place, code::INPUT, format!("input.paths[{index}]"), problem)
                        .help(IS_RELATIVE.to_owned());
                }
            }
        }
    }
    // What is wrong with all of them together.
    if report.len() == before
        && let Err(error) = Inputs::find(&whole, base, format)
    {
        let at = nodes.first().map_or(Place::NOWHERE, |node| node.place);
        for problem in error.to_string().lines() {
            report.add(at, code::INPUT, "input.paths", problem);
        }
    }
}

const IS_RELATIVE: &str = "paths start at the folder of the pipeline file";

/// Opens a worker and the output of a stage, and lets them go.
pub(crate) fn check_stage(
    start: &Start<'_>,
    stage: &PreparedStage,
    plan: Option<&Plan>,
    places: Places<'_>,
    report: &mut Report,
) {
    let panicked = |panic: String| StageError::new(StageErrorKind::Bug, format!("panicked: {panic}"));
    if let Some(plan) = plan {
        let opened = guard(|| stage.stage.open(&plan.names).map(drop));
        if let Err(error) = opened.unwrap_or_else(|panic| Err(panicked(panic))) {
            report.add(places.at, code::START, places.path, format!("`{}` cannot start: {error}", stage.id));
        }
    }
    let files: &dyn Files = start.files;
    let opened = guard(|| stage.stage.sink(files).map(drop));
    if let Err(error) = opened.unwrap_or_else(|panic| Err(panicked(panic))) {
        let message = format!("`{}`: {error}", stage.id);
        report.add(places.output_at, code::OUTPUT, places.path, message);
    }
}
