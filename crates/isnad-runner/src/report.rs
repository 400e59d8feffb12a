//! What a run comes to.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use crate::Pipeline;
use crate::engine::Tally;

/// What a run comes to.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// Documents by what became of them.
    pub documents: Documents,
    /// Why documents were quarantined.
    pub quarantined: Vec<Faults>,
    /// The quarantine file, if one was needed.
    pub quarantine: Option<String>,
    /// How many documents stages took out on purpose, by reason.
    pub dropped: BTreeMap<String, u64>,
    /// Warnings by code.
    pub warnings: BTreeMap<String, Seen>,
    /// Rows by layer, in the order of the plan.
    pub rows: Vec<(String, u64)>,
    /// The stages in the order of the chain.
    pub stages: Vec<StageReport>,
    /// Bytes of raw text.
    pub raw_bytes: u64,
    /// From start to end.
    pub elapsed: Duration,
    /// Threads that worked on batches.
    pub threads: usize,
}

/// Documents by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Documents {
    /// All.
    pub read: u64,
    /// Went through all stages.
    pub done: u64,
    /// Could not go on, and stand in the quarantine.
    pub quarantined: u64,
    /// Taken out on purpose.
    pub dropped: u64,
    /// Of those done: went on without the rows of a stage that failed on them.
    pub skipped: u64,
}

/// Documents that failed in one stage for one kind of reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Faults {
    /// The stage, by id; `input` for records that could not be read.
    pub stage: String,
    /// The kind of failure.
    pub code: String,
    /// How often, and the first.
    #[serde(flatten)]
    pub seen: Seen,
}

/// Something that was seen a number of times.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// How often.
    pub count: u64,
    /// The first of them in input order: document and message.
    pub first: String,
}

/// One stage in a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StageReport {
    /// Its id.
    pub id: String,
    /// Time spent in it, added up over the threads.
    pub time: Duration,
    /// Documents it was given.
    pub documents: u64,
    /// Rows it made.
    pub rows: u64,
    /// Documents that went on without its rows, because it failed on them.
    pub skipped: u64,
}

impl Report {
    /// Megabytes (10⁶ bytes) of raw text per second of wall-clock time.
    pub fn megabytes_per_second(&self) -> f64 {
        let seconds = self.elapsed.as_secs_f64();
        if seconds > 0.0 { self.raw_bytes as f64 / 1e6 / seconds } else { 0.0 }
    }

    pub(crate) fn new(tally: Tally, pipeline: &Pipeline) -> Self {
        let layers = pipeline.plan.names.layers().map(|(_, info)| info.name.clone());
        let rows = tally.layer_rows.iter().copied().chain(std::iter::repeat(0));
        let stages = pipeline.stages.iter().zip(&tally.stages);
        Report {
            documents: Documents {
                read: tally.read,
                done: tally.done,
                quarantined: tally.quarantined.values().map(|seen| seen.count).sum(),
                dropped: tally.dropped.values().sum(),
                skipped: tally.skipped,
            },
            stages: stages
                .map(|(stage, tally)| StageReport {
                    id: stage.id.clone(),
                    time: tally.time,
                    documents: tally.documents,
                    rows: tally.rows,
                    skipped: tally.skipped,
                })
                .collect(),
            rows: layers.zip(rows).collect(),
            quarantined: tally
                .quarantined
                .into_iter()
                .map(|((stage, code), seen)| Faults { stage, code, seen })
                .collect(),
            dropped: tally.dropped,
            warnings: tally.warnings,
            raw_bytes: tally.raw_bytes,
            ..Report::default()
        }
    }
}

impl Seen {
    /// Counts one more under `key`; `example` is kept if it is the first.
    pub(crate) fn note<K: Ord>(all: &mut BTreeMap<K, Seen>, key: K, example: impl FnOnce() -> String) {
        let seen = all.entry(key).or_default();
        if seen.count == 0 {
            seen.first = example();
        }
        seen.count += 1;
    }

    /// Adds what was seen later.
    pub(crate) fn add<K: Ord>(all: &mut BTreeMap<K, Seen>, later: BTreeMap<K, Seen>) {
        for (key, more) in later {
            let seen = all.entry(key).or_default();
            if seen.count == 0 {
                seen.first = more.first;
            }
            seen.count += more.count;
        }
    }
}
