//! A stage at work in a process: one document at a time, each with a way back after a panic.

use std::any::Any;
use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use isnad_core::{Article, Batch, Context, Document, Names, Stage, StageError, StageErrorKind, Worker};

use super::protocol::{Answer, Failure, Shipped};
use crate::apply::Handed;

/// A stage at work, with the one document that it has at a time.
pub(super) struct Bench<'s> {
    stage: &'s dyn Stage,
    names: &'s Arc<Names>,
    /// `None` after a panic, until it is needed again.
    worker: Option<Box<dyn Worker + 's>>,
    batch: Batch,
}

impl<'s> Bench<'s> {
    /// A stage, with a worker that it has opened.
    pub(super) fn new(stage: &'s dyn Stage, names: &'s Arc<Names>, worker: Box<dyn Worker + 's>) -> Self {
        Bench { stage, names, worker: Some(worker), batch: Batch::default() }
    }

    /// Processes a document. A panic may come from what was before, so the document then gets a new worker; after a
    /// second panic it is its own.
    pub(super) fn process(&mut self, document: &Shipped<'_>, cx: &Context<'_>) -> Answer<'static> {
        match self.attempt(document, cx).or_else(|_| self.attempt(document, cx)) {
            Ok(Ok(handed)) => Answer::Done(handed),
            Ok(Err(error)) => Answer::Failed(error.into()),
            Err(panic) => Answer::Panicked(Cow::Owned(panic)),
        }
    }

    /// The outer error is the message of a panic, after which there is no worker.
    fn attempt(
        &mut self,
        document: &Shipped<'_>,
        cx: &Context<'_>,
    ) -> Result<Result<Handed, StageError>, String> {
        let mut worker = match self.worker.take() {
            Some(worker) => worker,
            None => match guard(|| self.stage.open(self.names))? {
                Ok(worker) => worker,
                Err(error) => return Ok(Err(error)),
            },
        };
        let meta = document.meta();
        let documents = self.batch.documents_mut();
        // Where a stage has taken documents out of the batch, or put some in.
        documents.resize_with(1, || Document::new(Article::default()));
        for copy in documents.iter_mut() {
            copy.copy_of(&document.shown(meta.as_ref()));
        }
        let processed = match guard(|| worker.process(&mut self.batch, cx)) {
            Ok(processed) => processed,
            Err(panic) => {
                let _ = guard(|| drop(worker));
                return Err(panic);
            }
        };
        self.worker = Some(worker);
        if let Err(error) = processed {
            return Ok(Err(error));
        }
        match self.batch.documents() {
            [done] => Ok(Ok(Handed::gather(done))),
            others => {
                let message = format!(
                    "left {} documents of the 1 in a batch; drop documents with `drop_for` instead",
                    others.len()
                );
                Ok(Err(StageError::new(StageErrorKind::Bug, message)))
            }
        }
    }

    /// Behind the last document.
    pub(super) fn finish(&mut self) -> Result<(), Failure> {
        match self.worker.as_mut().map(|worker| guard(|| worker.finish())) {
            None | Some(Ok(Ok(()))) => Ok(()),
            Some(Ok(Err(error))) => Err(error.into()),
            Some(Err(panic)) => Err(Failure::bug(format!("panicked at the end: {panic}"))),
        }
    }
}

/// Calls something of a stage; `Err` is the message of its panic.
pub(super) fn guard<T>(call: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(call)).map_err(|payload| {
        let message = message(payload.as_ref());
        // Its own drop may panic again.
        std::mem::forget(payload);
        message
    })
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("a panic without a message").to_owned()
}
