//! One thread's workers, and a batch's way through them: what fails, what panics, what goes on.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use isnad_core::{
    Batch, Context, DocError, Document, Fate, Mark, StageError, StageErrorKind, StageId, Worker,
};

use super::guard::{discard, guard};
use super::tally::{SKIPPED, Tally};
use crate::{OnError, Pipeline, RunError};

/// A batch on its way.
#[derive(Default)]
pub(super) struct Flight {
    pub(super) batch: Batch,
    /// Per document where it failed, if it did.
    pub(super) faults: Vec<Option<Fault>>,
    pub(super) tally: Tally,
}

/// Where a document failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Its record could not be read.
    Input,
    /// The stage of this number.
    Stage(usize),
}

impl Fault {
    /// The name of the place.
    pub(super) fn stage(self, pipeline: &Pipeline) -> &str {
        match self {
            Fault::Input => "input",
            Fault::Stage(index) => pipeline.stages.get(index).map_or("", |stage| stage.id.as_str()),
        }
    }
}

/// One thread's workers of some consecutive stages.
pub(super) struct Lane<'p> {
    pipeline: &'p Pipeline,
    stages: Range<usize>,
    /// By number of the stage less the first; `None` after a panic, until it is needed again.
    workers: Vec<Option<Box<dyn Worker + 'p>>>,
    cancelled: &'p AtomicBool,
    /// Documents of the stage at work that were taken back to before it.
    skipped: u64,
}

impl<'p> Lane<'p> {
    /// Opens a worker of each of these stages, on the calling thread.
    pub(super) fn open(
        pipeline: &'p Pipeline,
        stages: Range<usize>,
        cancelled: &'p AtomicBool,
    ) -> Result<Self, RunError> {
        let workers = Vec::with_capacity(stages.len());
        let mut lane = Lane { pipeline, stages: stages.clone(), workers, cancelled, skipped: 0 };
        for index in stages {
            let worker = lane.open_worker(index)?;
            lane.workers.push(Some(worker));
        }
        Ok(lane)
    }

    /// Takes a batch through the stages.
    ///
    /// # Errors
    /// The run cannot go on; the batch is lost.
    pub(super) fn run(&mut self, flight: &mut Flight) -> Result<(), RunError> {
        for index in self.stages.clone() {
            if self.cancelled.load(Ordering::Relaxed) {
                return Err(RunError::Interrupted);
            }
            self.run_stage(index, flight)?;
        }
        Ok(())
    }

    /// Ends the workers, in the order of the chain.
    pub(super) fn finish(mut self) -> Result<(), RunError> {
        for (index, worker) in self.stages.clone().zip(&mut self.workers) {
            let Some(worker) = worker else { continue };
            match guard(|| worker.finish()) {
                Ok(Ok(())) => {}
                Ok(Err(error)) => return Err(stage_error(self.pipeline, index, &error)),
                Err(panic) => {
                    return Err(broken(self.pipeline, index, format!("panicked at the end: {panic}")));
                }
            }
        }
        Ok(())
    }

    fn run_stage(&mut self, index: usize, flight: &mut Flight) -> Result<(), RunError> {
        let live = flight.batch.live_mut().count();
        let (Some(grants), true) = (self.pipeline.plan.grants.get(index), live > 0) else {
            return Ok(());
        };
        let cx = Context::new(StageId(index as u16), grants, self.cancelled);
        let begin = Instant::now();
        if let Some(panic) = self.attempt(index, &cx, &mut flight.batch)? {
            let documents = std::mem::take(flight.batch.documents_mut());
            let mut rest = Isolated { chunk: flight.batch.take_chunk(cx.stage()), documents: Vec::new() };
            self.isolate(index, &cx, documents, &panic, &mut rest)?;
            *flight.batch.documents_mut() = rest.documents;
            flight.batch.set_chunk(cx.stage(), rest.chunk);
        }
        if let Some(stage) = flight.tally.stages.get_mut(index) {
            stage.time += begin.elapsed();
            stage.documents += live as u64;
            stage.skipped += std::mem::take(&mut self.skipped);
        }
        self.note_faults(index, flight)
    }

    /// Lets the worker have the batch. After a panic the documents and the chunk are what they were
    /// before, the worker is gone, and the message is returned.
    fn attempt(
        &mut self,
        index: usize,
        cx: &Context<'_>,
        batch: &mut Batch,
    ) -> Result<Option<String>, RunError> {
        let mut worker = match self.slot(index).and_then(Option::take) {
            Some(worker) => worker,
            None => self.open_worker(index)?,
        };
        let marks: Vec<Option<Mark>> = batch
            .documents_mut()
            .iter_mut()
            .map(|document| document.is_live().then(|| document.mark()))
            .collect();
        let written = batch.chunk(cx).1.len();
        let result = guard(|| worker.process(batch, cx));
        if batch.documents().len() != marks.len() {
            discard(worker);
            let message = format!(
                "left {} documents of the {} in a batch; drop documents with `drop_for` instead",
                batch.documents().len(),
                marks.len()
            );
            return Err(broken(self.pipeline, index, message));
        }
        match result {
            Ok(Ok(())) => {
                if let Some(slot) = self.slot(index) {
                    *slot = Some(worker);
                }
                for (document, mark) in batch.documents_mut().iter_mut().zip(&marks) {
                    if let Some(mark) = mark {
                        self.settle(index, document, mark);
                    }
                }
                Ok(None)
            }
            Ok(Err(error)) => {
                discard(worker);
                let cancelled = error.kind() == StageErrorKind::Cancelled && cx.is_cancelled();
                Err(if cancelled { RunError::Interrupted } else { stage_error(self.pipeline, index, &error) })
            }
            Err(panic) => {
                discard(worker);
                tracing::debug!(stage = self.id(index), panic, "a stage panicked; its worker is opened anew");
                for (document, mark) in batch.documents_mut().iter_mut().zip(&marks) {
                    if let Some(mark) = mark {
                        document.rollback(mark);
                    }
                }
                batch.chunk(cx).1.truncate(written);
                Ok(Some(panic))
            }
        }
    }

    /// Finds the documents on which the stage panics: those of a half that goes well are done.
    fn isolate(
        &mut self,
        index: usize,
        cx: &Context<'_>,
        mut documents: Vec<Document>,
        panic: &str,
        rest: &mut Isolated,
    ) -> Result<(), RunError> {
        if documents.iter().filter(|document| document.is_live()).count() <= 1 {
            for document in documents.iter_mut().filter(|document| document.is_live()) {
                let mark = document.mark();
                document.fail(DocError::new("panic", panic));
                self.settle(index, document, &mark);
            }
            rest.documents.append(&mut documents);
            return Ok(());
        }
        let second = documents.split_off(documents.len() / 2);
        for half in [documents, second] {
            if half.iter().all(|document| !document.is_live()) {
                rest.documents.extend(half);
                continue;
            }
            let mut batch = Batch::new(half);
            batch.set_chunk(cx.stage(), std::mem::take(&mut rest.chunk));
            let panic = self.attempt(index, cx, &mut batch)?;
            rest.chunk = batch.take_chunk(cx.stage());
            let mut half = std::mem::take(batch.documents_mut());
            match panic {
                None => rest.documents.append(&mut half),
                Some(panic) => self.isolate(index, cx, half, &panic, rest)?,
            }
        }
        Ok(())
    }

    /// Where the stage may be skipped, a document that failed in it goes on as it was before.
    fn settle(&mut self, index: usize, document: &mut Document, mark: &Mark) {
        let Some(stage) = self.pipeline.stages.get(index) else { return };
        if stage.on_error != OnError::SkipStage {
            return;
        }
        if let Fate::Failed(error) = document.fate().clone() {
            document.rollback(mark);
            document.warn(SKIPPED, format!("goes on without `{}`: {}", stage.id, error.message));
            self.skipped += 1;
        }
    }

    fn note_faults(&self, index: usize, flight: &mut Flight) -> Result<(), RunError> {
        let Some(stage) = self.pipeline.stages.get(index) else { return Ok(()) };
        for (document, fault) in flight.batch.documents().iter().zip(&mut flight.faults) {
            if let (Fate::Failed(error), None) = (document.fate(), &fault) {
                if stage.on_error == OnError::Stop {
                    return Err(RunError::Stage {
                        stage: stage.id.clone(),
                        document: Some(document.content().id().to_owned()),
                        message: format!("{} ({})", error.message, error.code),
                    });
                }
                *fault = Some(Fault::Stage(index));
            }
        }
        Ok(())
    }

    fn open_worker(&self, index: usize) -> Result<Box<dyn Worker + 'p>, RunError> {
        let Some(stage) = self.pipeline.stages.get(index) else {
            return Err(broken(self.pipeline, index, "is not in the chain".to_owned()));
        };
        match guard(|| stage.stage.open(&self.pipeline.plan.names)) {
            Ok(Ok(worker)) => Ok(worker),
            Ok(Err(error)) => Err(stage_error(self.pipeline, index, &error)),
            Err(panic) => Err(broken(self.pipeline, index, format!("panicked at the start: {panic}"))),
        }
    }

    fn slot(&mut self, index: usize) -> Option<&mut Option<Box<dyn Worker + 'p>>> {
        self.workers.get_mut(index.checked_sub(self.stages.start)?)
    }

    fn id(&self, index: usize) -> &str {
        self.pipeline.stages.get(index).map_or("", |stage| stage.id.as_str())
    }
}

impl Drop for Lane<'_> {
    fn drop(&mut self) {
        self.workers.drain(..).for_each(discard);
    }
}

/// What the search for poison documents leaves: all documents in their order, and the sink's bytes.
struct Isolated {
    documents: Vec<Document>,
    chunk: Vec<u8>,
}

/// The error of a run that a stage ended.
pub(super) fn stage_error(pipeline: &Pipeline, index: usize, error: &StageError) -> RunError {
    let stage = Fault::Stage(index).stage(pipeline).to_owned();
    match error.kind() {
        StageErrorKind::Options => RunError::Config { stage, message: error.to_string() },
        _ => RunError::Stage { stage, document: None, message: error.to_string() },
    }
}

fn broken(pipeline: &Pipeline, index: usize, message: String) -> RunError {
    RunError::Stage { stage: Fault::Stage(index).stage(pipeline).to_owned(), document: None, message }
}
