//! Stages and their workers: what a pipeline is made of.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::chain::Grants;
use crate::contract::Contract;
use crate::document::{DocError, Document};
use crate::names::{Names, StageId};
use crate::sink::{Files, Sink};

/// A configured, immutable step of a pipeline, shared by all threads.
pub trait Stage: Send + Sync {
    /// What this stage reads and writes as configured; the same for the whole life of the stage.
    fn contract(&self) -> &Contract;

    /// Opens a worker for the calling thread. `names` are those of the plan: a worker looks up the
    /// numbers of its layers, labels and keys here, once.
    ///
    /// # Errors
    /// The pipeline cannot run; nothing has been processed.
    fn open(&self, names: &Arc<Names>) -> Result<Box<dyn Worker + '_>, StageError>;

    /// Opens the half that receives what the workers encoded, for a stage that writes output. Called
    /// once, after the check of the chain and before the first document.
    ///
    /// # Errors
    /// The output cannot be opened.
    fn sink(&self, files: &dyn Files) -> Result<Option<Box<dyn Sink>>, StageError> {
        let _ = files;
        Ok(None)
    }
}

/// One thread's hold on a stage; it owns the scratch memory and never leaves its thread.
pub trait Worker {
    /// Handles one batch in place, its live documents only.
    ///
    /// A document that cannot go on is marked with [`Document::fail`], not returned: later stages skip
    /// it. A sink's worker encodes the live documents into [`Batch::chunk`].
    ///
    /// # Errors
    /// `Err` ends the run. After it, or after a panic, the worker is dropped without `finish`.
    fn process(&mut self, batch: &mut Batch, cx: &Context<'_>) -> Result<(), StageError>;

    /// Called once, behind the last batch, if every call returned `Ok` and nothing was cancelled.
    ///
    /// # Errors
    /// `Err` ends the run as failed.
    fn finish(&mut self) -> Result<(), StageError> {
        Ok(())
    }
}

/// Documents that go through the stages together, and what sinks' workers made of them.
#[derive(Debug, Default)]
pub struct Batch {
    documents: Vec<Document>,
    chunks: Vec<Vec<u8>>,
}

impl Batch {
    /// A batch of these documents.
    pub fn new(documents: Vec<Document>) -> Self {
        Batch { documents, chunks: Vec::new() }
    }

    /// All documents, also failed and dropped ones.
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// The same, to change.
    pub fn documents_mut(&mut self) -> &mut Vec<Document> {
        &mut self.documents
    }

    /// The documents that go on.
    pub fn live_mut(&mut self) -> impl Iterator<Item = &mut Document> {
        self.documents.iter_mut().filter(|document| document.is_live())
    }

    /// The documents that go on, and the bytes that the sink of the stage that `cx` names gets to
    /// commit for this batch: append to them.
    pub fn chunk(&mut self, cx: &Context<'_>) -> (impl Iterator<Item = &Document>, &mut Vec<u8>) {
        let index = cx.stage().0 as usize;
        if self.chunks.len() <= index {
            self.chunks.resize_with(index + 1, Vec::new);
        }
        (self.documents.iter().filter(|document| document.is_live()), &mut self.chunks[index])
    }

    /// Takes what was encoded for the sink of a stage.
    pub fn take_chunk(&mut self, stage: StageId) -> Vec<u8> {
        self.chunks.get_mut(stage.0 as usize).map(std::mem::take).unwrap_or_default()
    }

    /// Puts encoded bytes in place of what is there for the sink of a stage.
    pub fn set_chunk(&mut self, stage: StageId, bytes: Vec<u8>) {
        let index = stage.0 as usize;
        if self.chunks.len() <= index {
            self.chunks.resize_with(index + 1, Vec::new);
        }
        self.chunks[index] = bytes;
    }
}

/// What a worker is told about the run while it processes.
#[derive(Debug)]
pub struct Context<'r> {
    stage: StageId,
    grants: &'r Grants,
    cancelled: Cancelled<'r>,
}

/// How to learn whether the run was told to stop.
enum Cancelled<'r> {
    Flag(&'r AtomicBool),
    Ask(&'r dyn Fn() -> bool),
}

impl fmt::Debug for Cancelled<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cancelled::Flag(flag) => flag.fmt(f),
            Cancelled::Ask(_) => f.write_str("asked"),
        }
    }
}

impl<'r> Context<'r> {
    /// The context of one stage on one thread.
    pub fn new(stage: StageId, grants: &'r Grants, cancelled: &'r AtomicBool) -> Self {
        Context { stage, grants, cancelled: Cancelled::Flag(cancelled) }
    }

    /// The same where the run is on the other side of a border, and `cancelled` asks there.
    pub fn asking(stage: StageId, grants: &'r Grants, cancelled: &'r dyn Fn() -> bool) -> Self {
        Context { stage, grants, cancelled: Cancelled::Ask(cancelled) }
    }

    /// The stage's number in the plan.
    pub fn stage(&self) -> StageId {
        self.stage
    }

    /// What the stage may write.
    pub fn grants(&self) -> &Grants {
        self.grants
    }

    /// Whether the run was told to stop.
    pub fn is_cancelled(&self) -> bool {
        match self.cancelled {
            Cancelled::Flag(flag) => flag.load(Ordering::Relaxed),
            Cancelled::Ask(ask) => ask(),
        }
    }

    /// Call this in long work: `Err` once the run was told to stop.
    ///
    /// # Errors
    /// Of kind [`StageErrorKind::Cancelled`], to be returned from `process`.
    pub fn checkpoint(&self) -> Result<(), StageError> {
        if self.is_cancelled() {
            return Err(StageError::new(StageErrorKind::Cancelled, "the run was told to stop"));
        }
        Ok(())
    }
}

/// A pipeline that cannot go on.
#[derive(Debug)]
pub struct StageError {
    kind: StageErrorKind,
    message: String,
    source: Option<io::Error>,
}

/// What a caller can tell apart about a [`StageError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StageErrorKind {
    /// The stage's options do not work together with the plan or the machine.
    Options,
    /// The run was told to stop.
    Cancelled,
    /// A file could not be read or written.
    Io,
    /// The stage broke a promise.
    Bug,
}

impl StageError {
    /// An error of this kind.
    pub fn new(kind: StageErrorKind, message: impl Into<String>) -> Self {
        StageError { kind, message: message.into(), source: None }
    }

    /// A failed file operation; `what` says which one, on which file.
    pub fn io(what: impl Into<String>, source: io::Error) -> Self {
        StageError { kind: StageErrorKind::Io, message: what.into(), source: Some(source) }
    }

    /// A name that the contract declares is missing from the plan.
    pub fn undeclared(name: &str) -> Self {
        Self::new(StageErrorKind::Bug, format!("the plan does not know `{name}`, which the stage uses"))
    }

    /// Its kind.
    pub fn kind(&self) -> StageErrorKind {
        self.kind
    }
}

impl fmt::Display for StageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Some(source) => write!(f, "{}: {source}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for StageError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source as &dyn std::error::Error)
    }
}

/// The easy way to write a stage: one document at a time.
///
/// `open` looks up the numbers of names and returns what it needs of them (or any scratch memory);
/// `process` gets it with each document. A document for which `process` returns `Err` is marked as failed.
///
/// ```
/// use isnad_core::{Contract, StageError, Writes, per_doc, Span, Sym};
///
/// let contract = Contract::new().writes(Writes::rows("shout", 1));
/// let stage = per_doc(
///     contract,
///     |names| names.layer("shout").ok_or_else(|| StageError::undeclared("shout")),
///     |shout, document, cx| {
///         let (content, mut rows) = document.annotate(cx);
///         for (at, mark) in content.text().match_indices('!') {
///             rows.add(*shout, Span::new(at, at + mark.len()), Sym::NONE, Sym::NONE, 1.0)?;
///         }
///         Ok(())
///     },
/// );
/// # let _ = stage;
/// ```
pub fn per_doc<S, O, F>(contract: Contract, open: O, process: F) -> impl Stage
where
    S: 'static,
    O: Fn(&Arc<Names>) -> Result<S, StageError> + Send + Sync,
    F: Fn(&mut S, &mut Document, &Context<'_>) -> Result<(), DocError> + Send + Sync,
{
    PerDoc { contract, open, process }
}

struct PerDoc<O, F> {
    contract: Contract,
    open: O,
    process: F,
}

impl<S, O, F> Stage for PerDoc<O, F>
where
    S: 'static,
    O: Fn(&Arc<Names>) -> Result<S, StageError> + Send + Sync,
    F: Fn(&mut S, &mut Document, &Context<'_>) -> Result<(), DocError> + Send + Sync,
{
    fn contract(&self) -> &Contract {
        &self.contract
    }

    fn open(&self, names: &Arc<Names>) -> Result<Box<dyn Worker + '_>, StageError> {
        Ok(Box::new(PerDocWorker { state: (self.open)(names)?, process: &self.process }))
    }
}

struct PerDocWorker<'s, S, F> {
    state: S,
    process: &'s F,
}

impl<S, F> Worker for PerDocWorker<'_, S, F>
where
    F: Fn(&mut S, &mut Document, &Context<'_>) -> Result<(), DocError>,
{
    fn process(&mut self, batch: &mut Batch, cx: &Context<'_>) -> Result<(), StageError> {
        for document in batch.live_mut() {
            cx.checkpoint()?;
            if let Err(error) = (self.process)(&mut self.state, document, cx) {
                document.fail(error);
            }
        }
        Ok(())
    }
}
