//! How a run runs, and what the caller lends to it.

use std::io;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use isnad_core::{Files, Origin, Output};
use jiff::civil::Date;

/// How a pipeline runs; what it means stands in the pipeline.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// Threads that work on batches, beside the one that reads and the one that called.
    pub threads: NonZeroUsize,
    /// Documents in a batch, at most.
    pub batch: NonZeroUsize,
    /// Bytes of input after which a batch is full.
    pub batch_bytes: usize,
    /// A record with more bytes is quarantined by reference, without being read whole.
    pub max_document: u64,
    /// The publication date of documents without one.
    pub published: Option<Date>,
    /// Only the record of this number, from 1, of each input.
    pub record: Option<u64>,
}

impl Default for RunOptions {
    fn default() -> Self {
        const BATCH: NonZeroUsize = NonZeroUsize::new(64).expect("64 is not zero");
        RunOptions {
            threads: NonZeroUsize::MIN,
            batch: BATCH,
            batch_bytes: 1 << 20,
            max_document: 8 << 20,
            published: None,
            record: None,
        }
    }
}

/// What the caller lends to a run.
pub struct Host<'h> {
    /// Where stages write.
    pub files: &'h dyn Files,
    /// Opens the quarantine, at the first document that needs it: its name and the output.
    pub quarantine: &'h dyn Fn() -> io::Result<(String, Box<dyn Output>)>,
    /// How a document that a stage failed on is looked at again: a command, for the line in the quarantine.
    pub reproduce: &'h (dyn Fn(&Origin) -> Option<String> + Sync),
    /// Is told how the run goes.
    pub progress: &'h mut dyn Progress,
    /// Set it to end the run as interrupted.
    pub cancelled: &'h Arc<AtomicBool>,
}

/// Is told how a run goes, on the thread that called [`run`](crate::run).
pub trait Progress {
    /// The run begins; `total` is the number of bytes of input, if known.
    fn started(&mut self, total: Option<u64>) {
        let _ = total;
    }

    /// A batch is done: so many documents and bytes of input more.
    fn advanced(&mut self, documents: u64, bytes: u64) {
        let _ = (documents, bytes);
    }
}

/// Progress that nobody looks at.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoProgress;

impl Progress for NoProgress {}
