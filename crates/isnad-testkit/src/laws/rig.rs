//! A stage in its chain, ready to be run on articles.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use isnad_core::{
    Article, Batch, ChainLink, Context, Contract, Document, Fate, Names, Plan, Stage, StageError,
    StageErrorKind, StageId, Worker, check_chain,
};

use super::{Law, LawBroken};
use crate::files::MemoryFiles;

/// The stage under test behind its upstream, with the plan of this chain.
pub(super) struct Rig<'s> {
    pub(super) stage: &'s dyn Stage,
    pub(super) upstream: Vec<&'s dyn Stage>,
    pub(super) files: MemoryFiles,
    /// The contract as the stage gave it first.
    contract: Contract,
    plan: Plan,
}

/// The name of the stage under test in its chain.
pub(super) const UNDER_TEST: &str = "stage";

impl<'s> Rig<'s> {
    /// Plans the chain.
    pub(super) fn new(
        stage: &'s dyn Stage,
        upstream: &[&'s dyn Stage],
        files: &MemoryFiles,
    ) -> Result<Self, LawBroken> {
        let contract = stage.contract().clone();
        let ids: Vec<String> = (1..=upstream.len()).map(|number| format!("upstream-{number}")).collect();
        let mut chain: Vec<ChainLink<'_>> = ids
            .iter()
            .zip(upstream)
            .map(|(id, stage)| ChainLink { id, contract: stage.contract() })
            .collect();
        chain.push(ChainLink { id: UNDER_TEST, contract: &contract });
        let plan = check_chain(&chain, &|_, _| Vec::new()).map_err(|errors| {
            let lines: Vec<String> =
                errors.iter().map(|error| format!("`{}` {}", chain[error.stage].id, error.kind)).collect();
            LawBroken::of(Law::Chain, lines.join("; "))
        })?;
        Ok(Rig { stage, upstream: upstream.to_vec(), files: files.clone(), contract, plan })
    }

    pub(super) fn contract(&self) -> &Contract {
        &self.contract
    }

    pub(super) fn names(&self) -> &Arc<Names> {
        &self.plan.names
    }

    /// The place of the stage under test.
    pub(super) fn id(&self) -> StageId {
        StageId(self.upstream.len() as u16)
    }

    /// The articles as the stage under test gets them.
    pub(super) fn prepare(&self, articles: &[Article]) -> Result<Batch, LawBroken> {
        let mut batch = Batch::new(articles.iter().cloned().map(Document::new).collect());
        self.run_upstream_workers(&mut self.upstream_workers()?, &mut batch)?;
        Ok(batch)
    }

    /// A worker of the stage under test.
    pub(super) fn worker(&self) -> Result<Box<dyn Worker + 's>, LawBroken> {
        match catch_unwind(AssertUnwindSafe(|| self.stage.open(&self.plan.names))) {
            Ok(Ok(worker)) => Ok(worker),
            Ok(Err(error)) => Err(LawBroken::of(Law::NoPanic, format!("no worker could be opened: {error}"))),
            Err(panic) => {
                Err(LawBroken::of(Law::NoPanic, format!("opening a worker panicked: {}", what(&*panic))))
            }
        }
    }

    /// Runs the stage under test on a batch.
    pub(super) fn process(&self, worker: &mut dyn Worker, batch: &mut Batch) -> Result<(), LawBroken> {
        let running = AtomicBool::new(false);
        let live: Vec<bool> = batch.documents().iter().map(Document::is_live).collect();
        match self.call(worker, batch, &running) {
            Ok(Ok(())) => fallen(&live, batch),
            Ok(Err(error)) => Err(LawBroken::of(Law::NoPanic, format!("the stage ended the run: {error}"))),
            Err(panic) => Err(LawBroken::of(Law::NoPanic, format!("the stage panicked: {panic}"))),
        }
    }

    /// Runs the stage under test on a batch in a run that was told to stop.
    pub(super) fn process_cancelled(
        &self,
        worker: &mut dyn Worker,
        batch: &mut Batch,
    ) -> Result<(), LawBroken> {
        let cancelled = AtomicBool::new(true);
        match self.call(worker, batch, &cancelled) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) if error.kind() == StageErrorKind::Cancelled => Ok(()),
            Ok(Err(error)) => {
                Err(LawBroken::of(Law::Cancel, format!("told to stop, the stage failed with: {error}")))
            }
            Err(panic) => {
                Err(LawBroken::of(Law::Cancel, format!("told to stop, the stage panicked: {panic}")))
            }
        }
    }

    /// The articles gone through upstream and through a new worker of the stage under test.
    pub(super) fn run(&self, articles: &[Article]) -> Result<Batch, LawBroken> {
        let mut batch = self.prepare(articles)?;
        self.process(&mut *self.worker()?, &mut batch)?;
        Ok(batch)
    }

    /// The outer `Err` is the message of a panic.
    fn call(
        &self,
        worker: &mut dyn Worker,
        batch: &mut Batch,
        stop: &AtomicBool,
    ) -> Result<Result<(), StageError>, String> {
        let grants = self.plan.grants.last().expect("the chain ends with the stage under test");
        let cx = Context::new(self.id(), grants, stop);
        catch_unwind(AssertUnwindSafe(|| worker.process(batch, &cx))).map_err(|panic| what(&*panic))
    }

    /// A worker of each stage before the one under test.
    pub(super) fn upstream_workers(&self) -> Result<Vec<Box<dyn Worker + 's>>, LawBroken> {
        let open = |(index, stage): (usize, &&'s dyn Stage)| {
            let stage: &'s dyn Stage = *stage;
            upstream_outcome(index, catch_unwind(AssertUnwindSafe(|| stage.open(&self.plan.names))))
        };
        self.upstream.iter().enumerate().map(open).collect()
    }

    /// Runs the stages before the one under test.
    pub(super) fn run_upstream_workers(
        &self,
        workers: &mut [Box<dyn Worker + 's>],
        batch: &mut Batch,
    ) -> Result<(), LawBroken> {
        let running = AtomicBool::new(false);
        for (index, (worker, grants)) in workers.iter_mut().zip(&self.plan.grants).enumerate() {
            let cx = Context::new(StageId(index as u16), grants, &running);
            upstream_outcome(index, catch_unwind(AssertUnwindSafe(|| worker.process(batch, &cx))))?;
        }
        Ok(())
    }
}

fn upstream_outcome<T>(
    index: usize,
    outcome: std::thread::Result<Result<T, StageError>>,
) -> Result<T, LawBroken> {
    let broken = |what: String| LawBroken::of(Law::Chain, format!("`upstream-{}` {what}", index + 1));
    match outcome {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(broken(format!("ended the run: {error}"))),
        Err(panic) => Err(broken(format!("panicked: {}", what(&*panic)))),
    }
}

/// A stage in a process of its own does not panic here: it fails the documents that it was `live` at.
fn fallen(live: &[bool], batch: &Batch) -> Result<(), LawBroken> {
    for (document, _) in batch.documents().iter().zip(live).filter(|(_, live)| **live) {
        if let Fate::Failed(error) = document.fate()
            && matches!(&*error.code, "panic" | "crash" | "timeout" | "memory")
        {
            return Err(LawBroken::of(Law::NoPanic, error.message.clone()));
        }
    }
    Ok(())
}

/// The message of a panic.
fn what(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "something that is no text".to_owned())
}
