//! Calls into stages: a panic in one of them ends the call, not the run.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic on this thread is caught by the engine and ends up in the quarantine or in the error
/// of the run. For panic hooks, which need not print it then.
pub fn panic_is_contained() -> bool {
    GUARDED.get()
}

/// Calls into a stage; `Err` is the message of its panic.
///
/// What `call` borrows mutably may be left half done: the caller throws it away or rolls it back.
pub(crate) fn guard<T>(call: impl FnOnce() -> T) -> Result<T, String> {
    let before = GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(call));
    let result = result.map_err(|payload| {
        let message = message(payload.as_ref());
        discard(payload);
        message
    });
    GUARDED.set(before);
    result
}

/// Drops something that belongs to a stage; a panic in that is ignored.
pub(super) fn discard<T>(thing: T) {
    let before = GUARDED.replace(true);
    if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(thing))) {
        // Its own drop may panic again.
        std::mem::forget(payload);
    }
    GUARDED.set(before);
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("a panic without a message").to_owned()
}
