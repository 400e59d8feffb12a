//! The committing side: batches in input order, to the sinks, the quarantine and the counts.

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use isnad_core::{Files, Sink, SinkKind, StageError, StageErrorKind, StageId};

use super::guard::guard;
use super::lane::{Fault, Flight, stage_error};
use super::tally::Tally;
use crate::quarantine::{Quarantine, Reproduce, encode};
use crate::report::Seen;
use crate::{Pipeline, RunError};

/// A batch behind all stages: only what is to be kept of it.
pub(super) struct Landed {
    /// What its stage's sink gets, by number of the stage.
    chunks: Vec<(usize, Vec<u8>)>,
    quarantine: Vec<u8>,
    tally: Tally,
}

impl Landed {
    /// Counts a batch that went through all stages and lets its documents go.
    pub(super) fn new(mut flight: Flight, pipeline: &Pipeline, reproduce: &Reproduce<'_>) -> Self {
        let mut quarantine = Vec::new();
        for (document, fault) in flight.batch.documents().iter().zip(&flight.faults) {
            let stage = fault.map_or("", |fault: Fault| fault.stage(pipeline));
            flight.tally.count(document, stage, &pipeline.plan.names);
            encode(document, stage, reproduce, &mut quarantine);
        }
        let sinks = pipeline.stages.iter().enumerate();
        let sinks = sinks.filter(|(_, stage)| stage.stage.contract().sink != SinkKind::None);
        let chunks =
            sinks.map(|(index, _)| (index, flight.batch.take_chunk(StageId(index as u16)))).collect();
        Landed { chunks, quarantine, tally: flight.tally }
    }
}

/// All outputs of a run.
pub(super) struct Outputs<'r> {
    pipeline: &'r Pipeline,
    sinks: BTreeMap<usize, Box<dyn Sink>>,
    quarantine: Quarantine<'r>,
    tally: Tally,
    seen: HashSet<u64>,
}

/// So many ids are remembered for finding those that come twice: memory does not grow with the input.
const REMEMBERED: usize = 1 << 20;

impl<'r> Outputs<'r> {
    /// Opens the sinks of a pipeline.
    pub(super) fn open(
        pipeline: &'r Pipeline,
        files: &dyn Files,
        quarantine: Quarantine<'r>,
    ) -> Result<Self, RunError> {
        let mut sinks = BTreeMap::new();
        for (index, stage) in pipeline.stages.iter().enumerate() {
            let opened = guard(|| stage.stage.sink(files));
            match opened.unwrap_or_else(|panic| Err(panicked(&panic))) {
                Ok(None) => {}
                Ok(Some(sink)) => {
                    sinks.insert(index, sink);
                }
                Err(error) if error.kind() == StageErrorKind::Io => {
                    let stage = Fault::Stage(index).stage(pipeline).to_owned();
                    return Err(RunError::Config { stage, message: error.to_string() });
                }
                Err(error) => return Err(stage_error(pipeline, index, &error)),
            }
        }
        let tally = Tally::new(pipeline.stages.len());
        Ok(Outputs { pipeline, sinks, quarantine, tally, seen: HashSet::new() })
    }

    /// Takes the next batch in input order; the number of its documents.
    pub(super) fn commit(&mut self, landed: Landed) -> Result<u64, RunError> {
        for (index, chunk) in landed.chunks {
            let Some(sink) = self.sinks.get_mut(&index).filter(|_| !chunk.is_empty()) else { continue };
            let done = guard(|| sink.commit(chunk)).unwrap_or_else(|panic| Err(panicked(&panic)));
            done.map_err(|error| output_error(self.pipeline, index, &error))?;
        }
        self.quarantine.write(&landed.quarantine)?;
        let mut tally = landed.tally;
        self.find_twice(&mut tally);
        let documents = tally.read;
        self.tally.add(tally);
        Ok(documents)
    }

    /// Completes all outputs: what was counted, and the name of the quarantine file.
    pub(super) fn finish(mut self) -> Result<(Tally, Option<String>), RunError> {
        for (index, sink) in &mut self.sinks {
            let done = guard(|| sink.finish()).unwrap_or_else(|panic| Err(panicked(&panic)));
            done.map_err(|error| output_error(self.pipeline, *index, &error))?;
        }
        let quarantine = self.quarantine.finish()?;
        Ok((self.tally, quarantine))
    }

    fn find_twice(&mut self, tally: &mut Tally) {
        for id in std::mem::take(&mut tally.ids) {
            let mut hasher = DefaultHasher::new();
            id.hash(&mut hasher);
            let hash = hasher.finish();
            if self.seen.contains(&hash) {
                let message =
                    || format!("`{id}`: this id has come before; nothing is keyed by id, all are kept");
                Seen::note(&mut tally.warnings, "duplicate-id".to_owned(), message);
            } else if self.seen.len() < REMEMBERED {
                self.seen.insert(hash);
            }
        }
    }
}

fn panicked(message: &str) -> StageError {
    StageError::new(StageErrorKind::Bug, format!("panicked while writing: {message}"))
}

fn output_error(pipeline: &Pipeline, index: usize, error: &StageError) -> RunError {
    match error.kind() {
        StageErrorKind::Io => RunError::Output { message: error.to_string() },
        _ => stage_error(pipeline, index, error),
    }
}
