//! The guard around every entry into a library: no panic leaves it, nothing is printed, and what the call came
//! to is told to the host.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook, take_hook};
use std::ptr;
use std::sync::Once;

use isnad_core::{StageError, StageErrorKind};

use crate::abi::{CANCELLED, Call, FAILED, OK, PANICKED, Rc};
use crate::host::Caller;
use crate::log;
use crate::sink::is_refused;

thread_local! {
    /// How many guards there are around what runs now.
    static GUARDS: Cell<u32> = const { Cell::new(0) };
    /// The message of the last panic inside a guard, and where it was.
    static LAST: RefCell<Option<(String, String)>> = const { RefCell::new(None) };
    /// The call that is under way.
    static CALL: Cell<*mut Call> = const { Cell::new(ptr::null_mut()) };
}

/// Why a call does not return [`OK`].
#[derive(Debug)]
pub(crate) enum Stop {
    /// With this message for the host.
    Failed(String),
    /// The host knows why already.
    Said,
    /// The run was told to stop.
    Cancelled,
}

impl Stop {
    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Stop::Failed(message.into())
    }
}

impl From<StageError> for Stop {
    fn from(error: StageError) -> Self {
        match error.kind() {
            StageErrorKind::Cancelled => Stop::Cancelled,
            _ if is_refused(&error) => Stop::Said,
            _ => Stop::Failed(error.to_string()),
        }
    }
}

/// An entry with a call: what `body` comes to, as the border has it.
///
/// # Safety
/// `call` is null or the call that is under way on this thread.
pub(crate) unsafe fn enter(call: *mut Call, body: impl FnOnce(&Caller) -> Result<(), Stop>) -> Rc {
    // SAFETY: as the caller says; `caller` is not used beyond this function.
    let Some(caller) = (unsafe { Caller::of(call) }) else { return FAILED };
    let before = CALL.replace(call);
    let result = guard(|| body(&caller));
    CALL.set(before);
    match result {
        Ok(Ok(())) => OK,
        Ok(Err(Stop::Cancelled)) => CANCELLED,
        Ok(Err(Stop::Said)) => FAILED,
        Ok(Err(Stop::Failed(message))) => {
            caller.error(&message);
            FAILED
        }
        Err(message) => {
            caller.error(&message);
            PANICKED
        }
    }
}

/// Runs `body`; `Err` is the message of its panic.
pub(crate) fn guard<T>(body: impl FnOnce() -> T) -> Result<T, String> {
    GUARDS.set(GUARDS.get() + 1);
    // What `body` leaves half done belongs to a worker, stage or sink that is not used after a panic.
    let result = catch_unwind(AssertUnwindSafe(body));
    GUARDS.set(GUARDS.get() - 1);
    result.map_err(|payload| {
        let text = text_of(payload.as_ref()).map(str::to_owned);
        if text.is_some() {
            drop(payload);
        } else {
            // The drop of something unknown may panic again, and that would be outside of the guard.
            std::mem::forget(payload);
        }
        let text = text.unwrap_or_else(|| "a panic without a message".to_owned());
        // A panic that was passed on has not come by the hook: then this is another one's place.
        match LAST.try_with(RefCell::take) {
            Ok(Some((message, place))) if message == text => format!("{text} ({place})"),
            _ => text,
        }
    })
}

/// Drops something of the author's; `what` is for the log, should that panic.
pub(crate) fn discard<T>(what: &str, thing: T) {
    if let Err(message) = guard(|| drop(thing)) {
        log::to_host(
            crate::abi::level::WARN,
            "isnad_plugin",
            &format!("panicked while {what} was dropped: {message}"),
        );
    }
}

/// The call that is under way on this thread, if there is one.
pub(crate) fn current() -> Option<Caller> {
    // SAFETY: `enter` puts the call here for as long as it is under way, and nobody else does.
    unsafe { Caller::of(CALL.get()) }
}

/// Sees to it that panics inside a guard print nothing. All others go where they went before: they are on a
/// thread of the author's own, and nobody else would tell.
pub(crate) fn quieten_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |panic| if GUARDS.get() > 0 { note(panic) } else { before(panic) }));
    });
}

fn note(panic: &PanicHookInfo<'_>) {
    let message = text_of(panic.payload()).unwrap_or("a panic without a message");
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    log::to_host(crate::abi::level::DEBUG, "isnad_plugin", &format!("panicked at {place}: {message}"));
    // A thread that is about to end has no such place any more; then only the message is told.
    let _ = LAST.try_with(|last| last.replace(Some((message.to_owned(), place))));
}

fn text_of(payload: &(dyn Any + Send)) -> Option<&str> {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str))
}
