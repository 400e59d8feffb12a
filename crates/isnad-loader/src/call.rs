//! One call into a library, and what the host's functions find behind the `isnad_call` that goes with it.
//!
//! A pointer that a library hands back is never followed: it must be the one of the call that is running on this
//! thread. So one that was kept, or is used on another thread, is refused. The library itself follows it to the host's
//! functions; for that it stays good for ever.

use std::cell::{Cell, RefCell};
use std::ptr;
use std::sync::{Mutex, PoisonError};

use isnad_core::{Files, OptionError};
use isnad_plugin::abi;

use crate::host;
use crate::json::Json;
use crate::pending::Pending;
use crate::sink::Outputs;

/// What is behind a call.
pub(crate) struct State<'a> {
    /// Why the library is about to return something other than `OK`, as it says.
    pub(crate) error: Option<String>,
    /// What it was refused last, in case it says nothing.
    pub(crate) refused: Option<String>,
    pub(crate) task: Task<'a>,
    pub(crate) json: Json,
    /// Bytes that were lent to the library.
    kept: Vec<Vec<u8>>,
}

/// What the library is called for: decides which functions of the host it may use.
pub(crate) enum Task<'a> {
    /// To make a stage.
    Create { files: &'a dyn Files, wrong: Vec<OptionError> },
    /// To open a worker.
    Open,
    /// To process documents.
    Process(Pending<'a>),
    /// To end a worker.
    Finish,
    /// To open a sink.
    OpenSink { files: &'a dyn Files, wrong: Vec<OptionError>, outputs: &'a mut Outputs },
    /// To write, or to end a sink.
    Write { outputs: &'a mut Outputs },
}

/// Calls into a library. `call` gets what the library is to be given, and passes it on; afterwards it is refused.
pub(crate) fn run<'t, T>(task: Task<'t>, call: impl FnOnce(*mut abi::Call) -> T) -> (T, Outcome<'t>) {
    let state = State { error: None, refused: None, task, json: Json::default(), kept: Vec::new() };
    let state = RefCell::new(state);
    let token = TOKENS.with(Tokens::next);
    let before = Restore(RUNNING.replace((token, (&raw const state).cast())));
    let result = call(token);
    drop(before);
    let State { error, refused, task, .. } = state.into_inner();
    (result, Outcome { error, refused, task })
}

/// What is left of a call that is over.
pub(crate) struct Outcome<'a> {
    error: Option<String>,
    refused: Option<String>,
    pub(crate) task: Task<'a>,
}

impl Outcome<'_> {
    /// Why the library returned something other than `OK`.
    pub(crate) fn reason(&self) -> String {
        let reason = self.error.as_ref().or(self.refused.as_ref());
        reason.cloned().unwrap_or_else(|| "it gave no reason".to_owned())
    }
}

/// Lets `with` have what is behind a call; `None` where `call` is not the one that is running on this thread.
pub(crate) fn behind<R>(call: *mut abi::Call, with: impl FnOnce(&mut State<'_>) -> R) -> Option<R> {
    let (token, state) = RUNNING.get();
    if token.is_null() || token != call {
        return None;
    }
    // SAFETY: `run` has put this pointer there, and takes it away before the state is gone; the borrow ends with this
    // function, and `with` cannot keep any of it.
    let state = unsafe { &*state.cast::<RefCell<State<'_>>>() };
    // Functions of the host do not call each other, so it is free.
    let mut state = state.try_borrow_mut().ok()?;
    Some(with(&mut state))
}

impl State<'_> {
    /// Notes what the library was refused.
    pub(crate) fn refuse(&mut self, why: impl Into<String>) {
        let why = why.into();
        match &mut self.task {
            Task::Process(pending) => pending.refuse_call(why),
            _ => self.refused = Some(why),
        }
    }

    /// Notes that a function does not belong to what the library was called for.
    pub(crate) fn refuse_function(&mut self, function: &str) {
        let during = match &self.task {
            Task::Create { .. } => "create",
            Task::Open => "open",
            Task::Process(_) => "process",
            Task::Finish => "finish",
            Task::OpenSink { .. } => "open_sink",
            Task::Write { .. } => "commit or finish_sink",
        };
        self.refuse(format!("`{function}` was called in `{during}`, to which it does not belong"));
    }

    /// Keeps bytes until the call is over, for the library to read.
    pub(crate) fn keep(&mut self, bytes: Vec<u8>) -> abi::Str {
        let kept = abi::Str::of_bytes(&bytes);
        // The bytes stay where they are when the vector that owns them moves.
        self.kept.push(bytes);
        kept
    }

    /// The files that may be read and made in this call.
    pub(crate) fn files(&self) -> Option<&dyn Files> {
        match &self.task {
            Task::Create { files, .. } | Task::OpenSink { files, .. } => Some(*files),
            _ => None,
        }
    }

    /// What is wrong with the options.
    pub(crate) fn wrong_options(&mut self) -> Option<&mut Vec<OptionError>> {
        match &mut self.task {
            Task::Create { wrong, .. } | Task::OpenSink { wrong, .. } => Some(wrong),
            _ => None,
        }
    }

    /// The files that are being written.
    pub(crate) fn outputs(&mut self) -> Option<&mut Outputs> {
        match &mut self.task {
            Task::OpenSink { outputs, .. } | Task::Write { outputs } => Some(outputs),
            _ => None,
        }
    }
}

thread_local! {
    /// The call that is running on this thread: what the library holds for it, and its state.
    static RUNNING: Cell<(*mut abi::Call, *const ())> = const { Cell::new((ptr::null_mut(), ptr::null())) };
    static TOKENS: Tokens = Tokens::new();
}

/// Ends a call: the one around it, if there is one, is running again.
struct Restore((*mut abi::Call, *const ()));

impl Drop for Restore {
    fn drop(&mut self) {
        RUNNING.set(self.0);
    }
}

/// What libraries hold for the calls of a thread. They take turns, so that one that was kept is not soon that of
/// another call; and they are never freed.
struct Tokens {
    first: *mut abi::Call,
    turn: Cell<usize>,
}

/// So many calls take turns.
const TURNS: usize = 64;

/// Where the tokens of threads that have ended begin.
struct Free(Vec<*mut abi::Call>);

// SAFETY: tokens are memory that stays, and whoever takes them from here is their only owner.
unsafe impl Send for Free {}

static FREE: Mutex<Free> = Mutex::new(Free(Vec::new()));

impl Tokens {
    fn new() -> Self {
        let free = FREE.lock().unwrap_or_else(PoisonError::into_inner).0.pop();
        let first = free.unwrap_or_else(|| {
            let tokens: Vec<abi::Call> = (0..TURNS).map(|_| abi::Call { host: host::table() }).collect();
            Vec::leak(tokens).as_mut_ptr()
        });
        Tokens { first, turn: Cell::new(0) }
    }

    fn next(&self) -> *mut abi::Call {
        let turn = self.turn.get();
        self.turn.set((turn + 1) % TURNS);
        self.first.wrapping_add(turn)
    }
}

impl Drop for Tokens {
    fn drop(&mut self) {
        FREE.lock().unwrap_or_else(PoisonError::into_inner).0.push(self.first);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_known(call: *mut abi::Call) -> bool {
        behind(call, |_| ()).is_some()
    }

    #[test]
    fn a_call_is_known_while_it_runs_and_on_its_thread() {
        let (call, _) = run(Task::Open, |call| {
            assert!(is_known(call));
            let elsewhere = call.expose_provenance();
            let known =
                std::thread::spawn(move || is_known(std::ptr::with_exposed_provenance_mut(elsewhere)));
            assert!(!known.join().unwrap());
            call
        });
        assert!(!is_known(call) && !is_known(ptr::null_mut()));
        // Nor is it the next one.
        run(Task::Open, |next| assert!(is_known(next) && !is_known(call)));
    }

    #[test]
    fn a_call_within_a_call_hides_it_until_it_is_over() {
        run(Task::Open, |outer| {
            run(Task::Finish, |inner| assert!(is_known(inner) && !is_known(outer)));
            assert!(is_known(outer));
        });
    }

    #[test]
    fn what_the_library_says_goes_before_what_it_was_refused() {
        let refused = |call| behind(call, |state| state.refuse_function("add_rows"));
        let (_, outcome) = run(Task::Open, refused);
        assert_eq!(outcome.reason(), "`add_rows` was called in `open`, to which it does not belong");
        let (_, outcome) = run(Task::Open, |call| {
            behind(call, |state| state.error = Some("no room".to_owned()));
            refused(call)
        });
        assert_eq!(outcome.reason(), "no room");
    }
}
