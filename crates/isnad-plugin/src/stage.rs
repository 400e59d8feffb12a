//! A configured stage behind the border.

use std::sync::Arc;

use isnad_core::{Contract, Stage};
use serde_json::{Map, Value};

use crate::abi::{self, Call, Kind, Rc, Str};
use crate::export::own;
use crate::guard::{Stop, discard, enter};
use crate::sink::HostFiles;

/// What the pointer of a stage leads to.
pub(crate) struct OwnStage {
    pub(crate) stage: Arc<dyn Stage>,
    pub(crate) contract: Contract,
    /// The contract as JSON.
    json: String,
}

/// The stage behind a pointer that came over the border.
///
/// # Safety
/// `stage` is null or came from [`create`], and was not destroyed.
pub(crate) unsafe fn own_stage<'s>(stage: *mut abi::Stage) -> Option<&'s OwnStage> {
    // SAFETY: it leads to an `OwnStage`, as the caller says, which nobody writes to.
    unsafe { stage.cast::<OwnStage>().as_ref() }
}

/// # Safety
/// As the header says of `create`.
pub(crate) unsafe extern "C" fn create(
    kind: *const Kind,
    call: *mut Call,
    options: Str,
    out: *mut *mut abi::Stage,
) -> Rc {
    let body = |caller: &crate::host::Caller| {
        if out.is_null() {
            return Err(Stop::failed("the host gives no place for the stage"));
        }
        let Some(own) = own(kind) else {
            return Err(Stop::failed("this library has no such kind; pass the pointer that it gave"));
        };
        // SAFETY: the host lends the options until this call returns.
        let options = match unsafe { options.text() } {
            Some("") => Value::Object(Map::new()),
            Some(text) => serde_json::from_str(text)
                .map_err(|error| Stop::failed(format!("the options are no JSON: {error}")))?,
            None => return Err(Stop::failed("the options are no UTF-8")),
        };
        let stage = own.kind.create(options, &HostFiles).map_err(|errors| {
            for error in &errors {
                caller.option_error(&error.path, &error.message);
            }
            if errors.is_empty() {
                Stop::failed("the stage refused its options without a reason")
            } else {
                Stop::Said
            }
        })?;
        let contract = stage.contract().clone();
        let json = serde_json::to_string(&contract)
            .map_err(|error| Stop::failed(format!("the contract does not become JSON: {error}")))?;
        let made = Box::new(OwnStage { stage, contract, json });
        // SAFETY: the host gives a place for one pointer.
        unsafe { out.write(Box::into_raw(made).cast()) };
        Ok(())
    };
    // SAFETY: the host passes the call that is under way.
    unsafe { enter(call, body) }
}

/// # Safety
/// As the header says of `contract`.
pub(crate) unsafe extern "C" fn contract(stage: *mut abi::Stage) -> Str {
    // SAFETY: the host passes a stage that `create` made and that was not destroyed.
    unsafe { own_stage(stage) }.map_or(Str::EMPTY, |own| Str::new(&own.json))
}

/// # Safety
/// As the header says of `destroy`.
pub(crate) unsafe extern "C" fn destroy(stage: *mut abi::Stage) {
    if !stage.is_null() {
        // SAFETY: `create` made it with `Box::into_raw`, and the host destroys it once.
        discard("a stage", unsafe { Box::from_raw(stage.cast::<OwnStage>()) });
    }
}
