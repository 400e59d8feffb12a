//! From what a file says to a pipeline that can run: the stages are made, their chain is checked.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use isnad_core::{
    ChainErrorKind, ChainLink, Contract, Files, Plan, Registry, SinkKind, Stage, StageKind, check_chain,
};

use super::InputSpec;
use super::error::code;
use super::file::{PipelineFile, StageSpec};
use super::report::{Cursor, Origin, Report};
use super::start::{self, Start};
use super::tree::{Node, Place};
use crate::pipeline::{Pipeline, PreparedStage, SwitchedOff};
use crate::plugins::Plugins;

/// What stages are made with.
#[derive(Clone, Copy)]
pub(crate) struct Makers<'m> {
    pub(crate) registry: &'m Registry,
    pub(crate) files: &'m dyn Files,
    pub(crate) plugins: &'m dyn Plugins,
}

/// Makes the stages and checks the chain. `None` if there are errors, of this or of an earlier step.
pub(crate) fn assemble(
    file: &PipelineFile<'_>,
    makers: Makers<'_>,
    origin: &Origin<'_>,
    start: Option<&Start<'_>>,
    report: &mut Report,
) -> Option<Pipeline> {
    let mut chain = Chain { cursor: origin.cursor(), ..Chain::default() };
    if let Some(start) = start {
        start::check_inputs(start, file, report);
    }
    chain.extend(&file.stages, makers, report);
    chain.finish(file.input.clone(), makers.registry, start, report)
}

/// Puts the stages of a file behind those of a pipeline. `None` if there are errors.
pub(crate) fn append(
    pipeline: Pipeline,
    file: &PipelineFile<'_>,
    makers: Makers<'_>,
    report: &mut Report,
) -> Option<Pipeline> {
    let mut chain = Chain { switched_off: pipeline.switched_off, ..Chain::default() };
    for stage in pipeline.stages {
        let (contract, id) = (stage.stage.contract().clone(), stage.id.clone());
        chain.members.push(Member::of_code(id, contract));
        chain.stages.push(stage);
    }
    chain.extend(&file.stages, makers, report);
    chain.finish(pipeline.input, makers.registry, None, report)
}

/// A chain as it is put together.
#[derive(Default)]
struct Chain<'s> {
    members: Vec<Member>,
    stages: Vec<PreparedStage>,
    /// The stages that are switched off: name and place.
    off: Vec<(String, String)>,
    /// The same as the pipeline has them.
    switched_off: Vec<SwitchedOff>,
    cursor: Option<Cursor<'s>>,
}

/// A stage as the check of the chain sees it.
struct Member {
    id: String,
    path: String,
    at: Place,
    id_at: Place,
    /// Where its output is named.
    output_at: Place,
    /// The path and the line, for errors of other stages that may follow from those of this one.
    place: String,
    contract: Contract,
    is_faulty: bool,
    /// Its kind is known, and with it what it reads and writes by default.
    is_known: bool,
}

impl Chain<'_> {
    fn extend(&mut self, specs: &[StageSpec<'_>], makers: Makers<'_>, report: &mut Report) {
        for spec in specs {
            let place = match (spec.at, self.cursor.as_mut()) {
                (Place::Source { begin, .. }, Some(cursor)) => {
                    format!("`{}` (line {})", spec.path, cursor.advance(begin).0)
                }
                _ => format!("`{}`", spec.path),
            };
            if !spec.is_enabled {
                self.off.push((spec.name.clone(), place));
                let (id, kind) = (spec.id.clone(), spec.name.clone());
                self.switched_off.push(SwitchedOff { id, kind, before: self.stages.len() });
                continue;
            }
            let stage = create(spec, makers, report);
            let contract = match &stage {
                Some(stage) => stage.contract().clone(),
                None => spec.kind.and_then(StageKind::default_contract).unwrap_or_default(),
            };
            let output_at = output(&spec.options).map_or(spec.at, |node| node.place);
            let (id, path, is_faulty) = (spec.id.clone(), spec.path.clone(), stage.is_none());
            let (at, id_at) = (spec.at, spec.id_at);
            let is_known = spec.kind.is_some();
            let member = Member { id, path, at, id_at, output_at, place, contract, is_faulty, is_known };
            self.members.push(member);
            self.stages.extend(stage.map(|stage| PreparedStage {
                id: spec.id.clone(),
                kind: spec.name.clone(),
                on_error: spec.on_error,
                stage,
            }));
        }
    }

    fn finish(
        self,
        input: InputSpec,
        registry: &Registry,
        start: Option<&Start<'_>>,
        report: &mut Report,
    ) -> Option<Pipeline> {
        let plan = link(&self.members, &self.off, registry, report);
        if let Some(start) = start {
            let made = self.members.iter().filter(|member| !member.is_faulty).zip(&self.stages);
            for (member, stage) in made {
                let places = start::Places { path: &member.path, at: member.at, output_at: member.output_at };
                start::check_stage(start, stage, plan.as_ref(), places, report);
            }
        }
        let plan = plan?;
        report.is_empty().then_some(Pipeline {
            input,
            stages: self.stages,
            switched_off: self.switched_off,
            plan,
        })
    }
}

impl Member {
    /// A stage that was not read from a file.
    fn of_code(id: String, contract: Contract) -> Self {
        let at = Place::NOWHERE;
        let (path, place) = (String::new(), String::new());
        Member { id, path, at, id_at: at, output_at: at, place, contract, is_faulty: false, is_known: true }
    }
}

/// Where options name an output: by the custom of all exporters the option `path`.
fn output(options: &Node) -> Option<&Node> {
    options.as_table()?.get("path")
}

/// Checks the contracts of a chain.
fn link(
    members: &[Member],
    off: &[(String, String)],
    registry: &Registry,
    report: &mut Report,
) -> Option<Plan> {
    let links: Vec<ChainLink<'_>> =
        members.iter().map(|member| ChainLink { id: &member.id, contract: &member.contract }).collect();
    // Asking the registry means making stages of all its kinds; the same is often asked twice.
    let known: RefCell<HashMap<_, Vec<String>>> = RefCell::default();
    let providers = |layer: &str, key: Option<&str>| {
        let mut known = known.borrow_mut();
        let question = (layer.to_owned(), key.map(str::to_owned));
        known.entry(question).or_insert_with(|| registry.providers(layer, key)).clone()
    };
    let errors = match check_chain(&links, &providers) {
        Ok(plan) => return Some(plan),
        Err(errors) => errors,
    };
    for error in errors {
        let Some(member) = members.get(error.stage) else { continue };
        let is_id = matches!(error.kind, ChainErrorKind::DuplicateId { .. });
        let at = if is_id { member.id_at } else { member.at };
        let message = if is_id { error.kind.to_string() } else { format!("`{}` {}", member.id, error.kind) };
        let help = follows(&error.kind, error.stage, members).or_else(|| switched_off(&error.kind, off));
        report.add(at, chain_code(&error.kind), &member.path, message).help(help);
    }
    None
}

/// Makes a stage, unless its name or options are wrong already.
fn create(spec: &StageSpec<'_>, makers: Makers<'_>, report: &mut Report) -> Option<Arc<dyn Stage>> {
    let kind = spec.kind.filter(|_| !spec.is_faulty)?;
    let Makers { files, plugins, .. } = makers;
    let options = spec.options.to_json();
    if spec.isolation.is_some()
        && kind.default_contract().is_some_and(|contract| contract.sink != SinkKind::None)
    {
        let at = spec.reserved.get("isolation").map_or(spec.at, |node| node.place);
        let message =
            format!("`{}` writes output, which a process of its own cannot do in this version", kind.name());
        let help = "remove `isolation`; a stage that writes output is not isolated".to_owned();
        report.add(at, code::UNAVAILABLE, format!("{}.isolation", spec.path), message).help(help);
        return None;
    }
    let made = match spec.isolation {
        Some(limits) => plugins.isolate(kind, options, limits, files),
        None => kind.create(options, files),
    };
    let errors = match made {
        Ok(stage) => return Some(stage),
        Err(errors) => errors,
    };
    for error in &errors {
        let (path, node) = spec.options.follow(&error.path);
        let (path, at) = (path.as_str(), node.place);
        let (place, message) = match path {
            "" => (spec.path.clone(), format!("`{}`: {}", kind.name(), error.message)),
            _ => (
                format!("{}.{path}", spec.path),
                format!("option `{path}` of `{}`: {}", kind.name(), error.message),
            ),
        };
        report.add(at, code::REFUSED, place, message);
    }
    if errors.is_empty() {
        let message = format!("`{}` refuses its options and does not say why", kind.name());
        report.add(spec.at, code::REFUSED, &spec.path, message);
    }
    None
}

/// Whether an error may only be there because a stage could not be looked at as it is meant.
fn follows(error: &ChainErrorKind, at: usize, members: &[Member]) -> Option<String> {
    // A stage whose kind is known gives by default what it can give; its options choose what it reads.
    let is_suspect = |index: usize, member: &Member| match error {
        ChainErrorKind::MissingLayer { .. }
        | ChainErrorKind::MissingKey { .. }
        | ChainErrorKind::NothingToWrite => index == at || (index < at && !member.is_known),
        ChainErrorKind::Version { by: other, .. } | ChainErrorKind::Twice { other, .. } => {
            index == at || member.id == *other
        }
        // Whether a stage rewrites does not hang on its options.
        ChainErrorKind::RewriteAfterRows { .. } | ChainErrorKind::DuplicateId { .. } => false,
    };
    let members = members.iter().enumerate();
    let suspects: Vec<&str> = members
        .filter(|(index, member)| member.is_faulty && is_suspect(*index, member))
        .map(|(_, member)| member.place.as_str())
        .collect();
    match suspects.as_slice() {
        [] => None,
        [one] => Some(format!("this may go away once the error in {one} is mended")),
        [first, second] => {
            Some(format!("this may go away once the errors in {first} and {second} are mended"))
        }
        [first, others @ ..] => {
            let others = others.len();
            Some(format!("this may go away once the errors in {first} and {others} other stages are mended"))
        }
    }
}

/// The provider of what is missing may be there, but switched off.
fn switched_off(error: &ChainErrorKind, off: &[(String, String)]) -> Option<String> {
    let (ChainErrorKind::MissingLayer { providers, .. } | ChainErrorKind::MissingKey { providers, .. }) =
        error
    else {
        return None;
    };
    let (name, place) = off.iter().find(|(name, _)| providers.contains(name))?;
    Some(format!("`{name}` gives it, but is switched off in {place}"))
}

fn chain_code(error: &ChainErrorKind) -> &'static str {
    match error {
        ChainErrorKind::MissingLayer { .. } => code::MISSING_LAYER,
        ChainErrorKind::MissingKey { .. } => code::MISSING_ATTR,
        ChainErrorKind::Version { .. } => code::LAYER_VERSION,
        ChainErrorKind::RewriteAfterRows { .. } => code::LATE_REWRITE,
        ChainErrorKind::Twice { .. } => code::EXCLUSIVE_LAYER,
        ChainErrorKind::NothingToWrite => code::NOTHING_TO_WRITE,
        ChainErrorKind::DuplicateId { .. } => code::DUPLICATE_ID,
    }
}
