//! The threads of a run and the channels between them.
//!
//! ```text
//! reader ── batches ──> workers ── landed or in flight ──> committer (the calling thread)
//!    ^                                                          │
//!    └────────────────────── empty buffers ─────────────────────┘
//! ```
//! A batch needs a buffer and a buffer comes back when its batch is committed: so the number of batches
//! anywhere, the committer's waiting ones included, never exceeds the number of buffers.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded, select};
use isnad_core::{Batch, Order};

use super::commit::{Landed, Outputs};
use super::lane::{Fault, Flight, Lane};
use super::options::{Host, Progress, RunOptions};
use super::tally::Tally;
use crate::input::{FieldMap, Inputs, Limits, Mapping, RawBatch, RawRecord, document, read_inputs};
use crate::quarantine::{Quarantine, Reproduce};
use crate::report::{Report, Seen};
use crate::{Pipeline, RunError};

/// Runs a pipeline on inputs.
///
/// After `Ok` every output has its name and the report says what happened to each document.
///
/// # Errors
/// The first thing, in input order, with which the run could not go on. Outputs keep the name
/// `NAME.partial` then.
pub fn run(
    pipeline: &Pipeline,
    inputs: Inputs,
    options: &RunOptions,
    host: Host<'_>,
) -> Result<Report, RunError> {
    let begin = Instant::now();
    let Host { files, quarantine, reproduce, progress, cancelled } = host;
    let mut outputs = Outputs::open(pipeline, files, Quarantine::new(quarantine))?;
    tracing::info!(inputs = inputs.len(), threads = options.threads, "the run begins");
    progress.started(inputs.total_bytes());
    let stages = &pipeline.stages;
    // From the first stage that needs input order on, the chain runs where the order is known.
    let ordered = stages.iter().position(|stage| stage.stage.contract().order == Order::Input);
    let ordered = ordered.unwrap_or(stages.len());
    let run = Run {
        pipeline,
        ordered,
        mapping: Mapping {
            fields: FieldMap::new(pipeline.input.fields.clone()),
            published: options.published,
            max_document: options.max_document,
        },
        record: options.record,
        reproduce,
        cancelled,
        failed: AtomicBool::new(false),
    };
    let threads = options.threads.get();
    let result = thread::scope(|scope| {
        let Reading { batches, buffers, reader } = read_ahead(inputs, options, cancelled);
        let (land, landing) = bounded(2 * threads + 2);
        // Closed when the committer is done: then workers finish, or give up.
        let (open, end) = bounded::<()>(0);
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                let (batches, land, end) = (batches.clone(), land.clone(), end.clone());
                scope.spawn(|| run.work(batches, land, end))
            })
            .collect();
        drop((batches, land, end));
        let committed = run.commit_all(landing, buffers, reader, &mut outputs, progress);
        run.failed.store(committed.is_err(), Ordering::Release);
        drop(open);
        let mut result = committed;
        for worker in workers {
            match worker.join() {
                Ok(finished) => result = result.and(finished),
                Err(payload) => std::panic::resume_unwind(payload),
            }
        }
        result
    });
    result?;
    let (tally, quarantine) = outputs.finish()?;
    let mut report = Report::new(tally, pipeline);
    for message in run.mapping.fields.unseen() {
        let count = report.documents.read;
        report.warnings.entry("no-field".to_owned()).or_insert(Seen { count, first: message });
    }
    Ok(Report { quarantine, elapsed: begin.elapsed(), threads, ..report })
}

struct Reading {
    batches: Receiver<RawBatch>,
    buffers: Sender<Vec<u8>>,
    reader: JoinHandle<Result<(), RunError>>,
}

/// Starts the reader. It is not joined when a run ends early: it may wait for standard input for ever.
fn read_ahead(inputs: Inputs, options: &RunOptions, cancelled: &Arc<AtomicBool>) -> Reading {
    let in_flight = 2 * options.threads.get() + 2;
    let (fill, batches) = bounded(in_flight);
    let (buffers, empty) = bounded(in_flight);
    for _ in 0..in_flight {
        let _ = buffers.try_send(Vec::new());
    }
    let limits = Limits {
        documents: options.batch.get(),
        bytes: options.batch_bytes.max(1),
        max_document: options.max_document.min(u64::from(u32::MAX)),
    };
    let cancelled = cancelled.clone();
    let reader = thread::spawn(move || {
        let mut outlet = |batch| {
            fill.send(batch).ok()?;
            empty.recv().ok()
        };
        read_inputs(inputs, limits, Vec::new(), &mut outlet, &cancelled)
    });
    Reading { batches, buffers, reader }
}

/// What the threads of a run share.
struct Run<'r> {
    pipeline: &'r Pipeline,
    /// The number of the first stage that runs on the committing thread.
    ordered: usize,
    mapping: Mapping,
    record: Option<u64>,
    reproduce: &'r Reproduce<'r>,
    cancelled: &'r AtomicBool,
    failed: AtomicBool,
}

/// A batch as it comes from a worker.
struct Arrival {
    number: u64,
    consumed: u64,
    buffer: Vec<u8>,
    batch: Result<Worked, RunError>,
}

enum Worked {
    /// Behind all stages.
    Landed(Landed),
    /// Some stages are left for the committing thread.
    Flying(Flight),
}

impl Run<'_> {
    /// A worker thread.
    fn work(
        &self,
        batches: Receiver<RawBatch>,
        land: Sender<Result<Arrival, RunError>>,
        end: Receiver<()>,
    ) -> Result<(), RunError> {
        let mut lane = match Lane::open(self.pipeline, 0..self.ordered, self.cancelled) {
            Ok(lane) => lane,
            Err(error) => {
                let _ = land.send(Err(error));
                return Ok(());
            }
        };
        loop {
            let raw = select! {
                recv(batches) -> raw => raw,
                recv(end) -> _ => return Ok(()),
            };
            let Ok(raw) = raw else { break };
            let RawBatch { number, consumed, .. } = raw;
            let mut flight = self.decode(&raw);
            let batch = match lane.run(&mut flight) {
                Err(error) => Err(error),
                Ok(()) if self.ordered < self.pipeline.stages.len() => Ok(Worked::Flying(flight)),
                Ok(()) => Ok(Worked::Landed(Landed::new(flight, self.pipeline, self.reproduce))),
            };
            let failed = batch.is_err();
            let mut buffer = raw.bytes;
            buffer.clear();
            if land.send(Ok(Arrival { number, consumed, buffer, batch })).is_err() || failed {
                return Ok(());
            }
        }
        drop(land);
        let _ = end.recv();
        if self.failed.load(Ordering::Acquire) { Ok(()) } else { lane.finish() }
    }

    fn decode(&self, raw: &RawBatch) -> Flight {
        let is_wanted = |record: &&RawRecord| self.record.is_none_or(|number| number == record.origin.record);
        let records = raw.records.iter().filter(is_wanted);
        let documents: Vec<_> = records.map(|record| document(record, &raw.bytes, &self.mapping)).collect();
        Flight {
            faults: documents.iter().map(|document| (!document.is_live()).then_some(Fault::Input)).collect(),
            batch: Batch::new(documents),
            tally: Tally::new(self.pipeline.stages.len()),
        }
    }

    /// The committing thread: puts arrivals in order.
    fn commit_all(
        &self,
        landing: Receiver<Result<Arrival, RunError>>,
        buffers: Sender<Vec<u8>>,
        reader: JoinHandle<Result<(), RunError>>,
        outputs: &mut Outputs<'_>,
        progress: &mut dyn Progress,
    ) -> Result<(), RunError> {
        let mut lane = Lane::open(self.pipeline, self.ordered..self.pipeline.stages.len(), self.cancelled)?;
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        loop {
            match landing.recv_timeout(Duration::from_millis(50)) {
                Ok(arrival) => {
                    let arrival = arrival?;
                    waiting.insert(arrival.number, arrival);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if self.cancelled.load(Ordering::Relaxed) {
                return Err(RunError::Interrupted);
            }
            while let Some(arrival) = waiting.remove(&next) {
                next += 1;
                let landed = match arrival.batch? {
                    Worked::Landed(landed) => landed,
                    Worked::Flying(mut flight) => {
                        lane.run(&mut flight)?;
                        Landed::new(flight, self.pipeline, self.reproduce)
                    }
                };
                let documents = outputs.commit(landed)?;
                progress.advanced(documents, arrival.consumed);
                let _ = buffers.try_send(arrival.buffer);
            }
        }
        match reader.join() {
            Ok(read) => read?,
            Err(payload) => std::panic::resume_unwind(payload),
        }
        if self.cancelled.load(Ordering::Relaxed) {
            return Err(RunError::Interrupted);
        }
        lane.finish()
    }
}
