//! What is counted on the way: per batch, added up in input order.

use std::collections::BTreeMap;
use std::time::Duration;

use isnad_core::{Document, Fate, Names};

use crate::report::Seen;

/// Counts of a batch or of a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) read: u64,
    pub(crate) done: u64,
    pub(crate) skipped: u64,
    pub(crate) raw_bytes: u64,
    /// By stage and code.
    pub(crate) quarantined: BTreeMap<(String, String), Seen>,
    /// By reason.
    pub(crate) dropped: BTreeMap<String, u64>,
    /// By code.
    pub(crate) warnings: BTreeMap<String, Seen>,
    /// By number of the layer.
    pub(crate) layer_rows: Vec<u64>,
    /// By number of the stage.
    pub(crate) stages: Vec<StageTally>,
    /// Ids of the documents, for finding those that come twice; empty once added up.
    pub(crate) ids: Vec<String>,
}

/// Counts of one stage.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct StageTally {
    pub(crate) time: Duration,
    pub(crate) documents: u64,
    pub(crate) rows: u64,
    pub(crate) skipped: u64,
}

/// The code of the warning on documents that go on without the rows of a stage that failed on them.
pub(super) const SKIPPED: &str = "skipped-stage";

impl Tally {
    pub(crate) fn new(stages: usize) -> Self {
        Tally { stages: vec![StageTally::default(); stages], ..Tally::default() }
    }

    /// Counts a document at the end of its way; `stage` is where it failed, if it did.
    pub(super) fn count(&mut self, document: &Document, stage: &str, names: &Names) {
        let content = document.content();
        self.read += 1;
        self.raw_bytes += content.raw().len() as u64;
        let id = content.id();
        for warning in document.warnings() {
            Seen::note(&mut self.warnings, warning.code.to_string(), || {
                format!("`{id}`: {}", warning.message)
            });
        }
        match document.fate() {
            Fate::Live => {
                self.done += 1;
                self.skipped += u64::from(document.warnings().iter().any(|warning| warning.code == SKIPPED));
                self.count_rows(document, names);
            }
            Fate::Failed(error) => {
                let key = (stage.to_owned(), error.code.to_string());
                Seen::note(&mut self.quarantined, key, || format!("`{id}`: {}", error.message));
            }
            Fate::Dropped(reason) => *self.dropped.entry(reason.to_string()).or_default() += 1,
        }
        self.ids.push(id.to_owned());
    }

    /// Adds the counts of the batch that follows.
    pub(crate) fn add(&mut self, later: Tally) {
        self.read += later.read;
        self.done += later.done;
        self.skipped += later.skipped;
        self.raw_bytes += later.raw_bytes;
        Seen::add(&mut self.quarantined, later.quarantined);
        Seen::add(&mut self.warnings, later.warnings);
        for (reason, count) in later.dropped {
            *self.dropped.entry(reason).or_default() += count;
        }
        self.layer_rows.resize(self.layer_rows.len().max(later.layer_rows.len()), 0);
        for (rows, more) in self.layer_rows.iter_mut().zip(later.layer_rows) {
            *rows += more;
        }
        for (stage, more) in self.stages.iter_mut().zip(later.stages) {
            stage.time += more.time;
            stage.documents += more.documents;
            stage.rows += more.rows;
            stage.skipped += more.skipped;
        }
    }

    fn count_rows(&mut self, document: &Document, names: &Names) {
        self.layer_rows.resize(names.layer_count(), 0);
        for ((layer, _), count) in names.layers().zip(&mut self.layer_rows) {
            let rows = document.tables().rows(layer);
            *count += rows.len() as u64;
            for row in rows {
                if let Some(stage) = self.stages.get_mut(row.stage.0 as usize) {
                    stage.rows += 1;
                }
            }
        }
    }
}
