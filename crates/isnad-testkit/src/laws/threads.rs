//! Two workers at the same time do what one does.

use std::sync::Barrier;
use std::thread;

use isnad_core::{Article, Document, Order};

use super::rig::Rig;
use super::state::{State, same};
use super::{Law, LawBroken};

/// How often each worker gets the batch.
const ROUNDS: usize = 3;

pub(super) fn threads(rig: &Rig<'_>, articles: &[Article]) -> Result<(), LawBroken> {
    if rig.contract().order == Order::Input {
        return Ok(());
    }
    let mut batch = rig.prepare(articles)?;
    rig.process(&mut *rig.worker()?, &mut batch)?;
    let expected = (State::all(&batch, rig.names()), batch.take_chunk(rig.id()));

    let start = Barrier::new(2);
    let one = || {
        let made = rig.prepare(articles).and_then(|batch| Ok((batch, rig.worker()?)));
        // Both must come here, whatever happened, or the other one would wait for ever.
        start.wait();
        let (mut batch, mut worker) = made?;
        let marks: Vec<_> = batch.documents_mut().iter_mut().map(Document::mark).collect();
        for _ in 0..ROUNDS {
            rig.process(&mut *worker, &mut batch)?;
            let what = "one worker by itself (-) and one beside another (+) differ";
            same(Law::Threads, &expected.0, &State::all(&batch, rig.names()), rig.names(), what)?;
            if batch.take_chunk(rig.id()) != expected.1 {
                let what = "one worker by itself and one beside another encode differently";
                return Err(LawBroken::of(Law::Threads, what));
            }
            for (document, mark) in batch.documents_mut().iter_mut().zip(&marks) {
                document.rollback(mark);
            }
        }
        Ok(())
    };
    let (mine, other) = thread::scope(|scope| {
        let other = scope.spawn(one);
        (one(), other.join())
    });
    mine?;
    other.unwrap_or_else(|_| Err(LawBroken::of(Law::Threads, "a worker panicked on a second thread")))
}
