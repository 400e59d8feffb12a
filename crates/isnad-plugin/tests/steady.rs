//! In the steady state the border takes no memory: the worker has all that it needs from its first batches.

mod quiet;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::Arc;

use isnad_core::{Contract, Names, Registry, Span, StageError, StageKind, Sym, Writes, per_doc};

use quiet::Quiet;

thread_local! {
    static TAKEN: Cell<u64> = const { Cell::new(0) };
}

/// Counts what a thread takes.
struct Counting;

// SAFETY: it is the system's, with a number beside it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        TAKEN.set(TAKEN.get() + 1);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(ptr, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

isnad_plugin::export!(register);

fn register(registry: &mut Registry) {
    registry.add(StageKind::new("toy.rows", "", "", |(): (), _| {
        let layer = |names: &Arc<Names>| names.layer("word").ok_or_else(|| StageError::undeclared("word"));
        Ok(per_doc(Contract::new().writes(Writes::rows("word", 1)), layer, |layer, document, cx| {
            let (content, mut rows) = document.annotate(cx);
            for at in 0..content.text().len().min(10) {
                rows.add(*layer, Span::new(at, at + 1), Sym::NONE, Sym::NONE, 1.0)?;
            }
            Ok(())
        }))
    }));
}

#[test]
fn a_batch_like_the_ones_before_takes_no_memory() {
    let texts = (0..64).map(|number| format!("{number} plain words of an article")).collect();
    let mut quiet = Quiet::open(isnad_module_v0(), 0, texts);
    quiet.process();
    quiet.process();
    let before = TAKEN.get();
    for _ in 0..10 {
        quiet.process();
    }
    assert_eq!(TAKEN.get() - before, 0);
}
