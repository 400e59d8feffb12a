//! The description of a library, made once out of what its author registers.

use std::sync::{OnceLock, PoisonError, RwLock};

use isnad_core::{Example, Registry, StageKind};
use serde_json::{Value, json};

use crate::abi::{
    ABI_MAJOR, ABI_MINOR, ABI_MINOR_OLDEST, Attr, Document, Host, Kind, Link, MAGIC, Module, OK, PANICKED,
    Rc, Row, Str, level,
};
use crate::guard::{guard, quieten_panics};
use crate::{log, sink, stage, worker};

/// What [`export!`](crate::export) makes a static of: the description, once it is asked for.
#[derive(Default)]
pub struct Exported {
    made: OnceLock<Made>,
}

struct Made {
    module: Module,
    /// What `register` panicked with.
    failure: Option<String>,
}

// SAFETY: the pointers lead to what is leaked and never written again.
unsafe impl Send for Made {}
// SAFETY: as above.
unsafe impl Sync for Made {}

/// A kind as the border has it, and the author's.
pub(crate) struct OwnKind {
    abi: Kind,
    pub(crate) kind: StageKind,
}

// SAFETY: the pointers lead to what is leaked and never written again.
unsafe impl Send for OwnKind {}
// SAFETY: as above.
unsafe impl Sync for OwnKind {}

/// All kinds of this library. What the host hands back is looked up here, not followed.
static KINDS: RwLock<Vec<&'static OwnKind>> = RwLock::new(Vec::new());

impl Exported {
    /// Nothing yet.
    pub const fn new() -> Self {
        Exported { made: OnceLock::new() }
    }

    /// The description. The first call makes it: `register` is called once, and where it panics there are no
    /// kinds and [`init`](Exported::init) fails.
    pub fn module(
        &'static self,
        register: impl FnOnce(&mut Registry),
        version: &'static str,
        init: unsafe extern "C" fn(*const Host) -> Rc,
    ) -> *const Module {
        &raw const self.made.get_or_init(|| make(register, version, init)).module
    }

    /// Takes the host's log for what the library says.
    ///
    /// # Safety
    /// `host` is null or points to a host's table, which lives as long as the library.
    pub unsafe fn init(&self, host: *const Host) -> Rc {
        // SAFETY: as the caller says.
        let installed = guard(|| unsafe { log::install(host) });
        let failure = self.made.get().and_then(|made| made.failure.as_deref());
        match (installed, failure) {
            (Ok(()), None) => OK,
            (Err(_), _) => PANICKED,
            (Ok(()), Some(message)) => {
                log::to_host(
                    level::ERROR,
                    "isnad_plugin",
                    &format!("panicked while it was registered: {message}"),
                );
                PANICKED
            }
        }
    }
}

/// The kind behind a pointer that came over the border.
pub(crate) fn own(kind: *const Kind) -> Option<&'static OwnKind> {
    let kinds = KINDS.read().unwrap_or_else(PoisonError::into_inner);
    kinds.iter().copied().find(|own| std::ptr::eq(&raw const own.abi, kind))
}

fn make(
    register: impl FnOnce(&mut Registry),
    version: &'static str,
    init: unsafe extern "C" fn(*const Host) -> Rc,
) -> Made {
    quieten_panics();
    let described = guard(|| {
        let mut registry = Registry::new();
        register(&mut registry);
        registry.kinds().iter().map(describe).collect::<Vec<&'static OwnKind>>()
    });
    let (kinds, failure) = match described {
        Ok(kinds) => (kinds, None),
        Err(message) => (Vec::new(), Some(message)),
    };
    KINDS.write().unwrap_or_else(PoisonError::into_inner).extend(&kinds);
    let table: Vec<*const Kind> = kinds.iter().map(|own| &raw const own.abi).collect();
    let module = Module {
        magic: MAGIC,
        size: size_of::<Module>() as u32,
        abi_major: ABI_MAJOR,
        abi_minor: ABI_MINOR,
        abi_minor_needed: ABI_MINOR_OLDEST,
        row_size: size_of::<Row>() as u32,
        attr_size: size_of::<Attr>() as u32,
        link_size: size_of::<Link>() as u32,
        document_size: size_of::<Document>() as u32,
        n_kinds: table.len() as u32,
        version: Str::new(version),
        built_with: Str::new(concat!("isnad-plugin ", env!("CARGO_PKG_VERSION"), " (Rust)")),
        kinds: table.leak().as_ptr(),
        init: Some(init),
    };
    Made { module, failure }
}

fn describe(kind: &StageKind) -> &'static OwnKind {
    let abi = Kind {
        size: size_of::<Kind>() as u32,
        reserved: 0,
        name: Str::new(kind.name()),
        about: Str::new(kind.about()),
        docs: Str::new(kind.docs()),
        schema: leaked(kind.schema()),
        examples: leaked(&kind.examples().iter().map(example).collect()),
        create: Some(stage::create),
        contract: Some(stage::contract),
        open: Some(worker::open),
        process: Some(worker::process),
        finish: Some(worker::finish),
        close: Some(worker::close),
        destroy: Some(stage::destroy),
        open_sink: Some(sink::open_sink),
        commit: Some(sink::commit),
        finish_sink: Some(sink::finish_sink),
        close_sink: Some(sink::close_sink),
        get_extension: None,
    };
    Box::leak(Box::new(OwnKind { abi, kind: kind.clone() }))
}

/// An example as JSON. Options that are no JSON go as the text they are: a test of the author's tells.
fn example(example: &Example) -> Value {
    let options = serde_json::from_str(example.options).unwrap_or_else(|_| Value::from(example.options));
    json!({"about": example.about, "options": options, "before": example.before, "after": example.after})
}

fn leaked(json: &Value) -> Str {
    Str::new(json.to_string().leak())
}
