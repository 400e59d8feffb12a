//! A stage of a library, used like any other.

use std::panic::resume_unwind;
use std::ptr;
use std::sync::Arc;

use isnad_core::{
    Batch, Context, Contract, DocError, Files, Names, OptionError, Sink, SinkKind, Stage, StageError,
    StageErrorKind, Worker,
};
use isnad_plugin::abi;
use serde_json::Value;

use crate::call::{Outcome, Task, run};
use crate::handshake::KindTable;
use crate::lend::Lent;
use crate::pending::{Pending, Slot};
use crate::sink::{LoadedSink, Outputs};

/// A configured stage of a library.
pub(crate) struct LoadedStage {
    handle: Arc<Handle>,
    contract: Contract,
}

/// The library's own stage, which is destroyed when nobody uses it any more.
pub(crate) struct Handle {
    name: &'static str,
    kind: &'static KindTable,
    functions: Functions,
    stage: *mut abi::Stage,
}

/// The functions that every kind has: the handshake has seen them.
#[derive(Clone, Copy)]
struct Functions {
    open: unsafe extern "C" fn(
        *mut abi::Stage,
        *mut abi::Call,
        *const abi::Names,
        *mut *mut abi::Worker,
    ) -> abi::Rc,
    process: unsafe extern "C" fn(*mut abi::Worker, *mut abi::Call, *const abi::Document, usize) -> abi::Rc,
    close: unsafe extern "C" fn(*mut abi::Worker),
    destroy: unsafe extern "C" fn(*mut abi::Stage),
}

// SAFETY: the header says that the functions of a kind may be called on any thread, and a stage is shared by all.
unsafe impl Send for Handle {}
// SAFETY: as above.
unsafe impl Sync for Handle {}

impl LoadedStage {
    /// Makes a stage of a kind of a library.
    pub(crate) fn create(
        name: &'static str,
        kind: &'static KindTable,
        options: &Value,
        files: &dyn Files,
    ) -> Result<Self, Vec<OptionError>> {
        let wrong = |what: String| vec![OptionError::new("", what)];
        let table = &kind.table;
        let (Some(create), Some(contract), Some(open), Some(process), Some(close), Some(destroy)) =
            (table.create, table.contract, table.open, table.process, table.close, table.destroy)
        else {
            return Err(wrong(format!("`{name}` lacks a function")));
        };
        let options = options.to_string();
        let mut stage = ptr::null_mut();
        let (rc, outcome) = run(Task::Create { files, wrong: Vec::new() }, |call| {
            // SAFETY: the kind is the library's own, and the rest is lent for this call.
            unsafe { create(kind.at, call, abi::Str::new(&options), &mut stage) }
        });
        let result = describe(name, "create", rc, &outcome);
        let Task::Create { wrong: named, .. } = outcome.task else { return Err(wrong(String::new())) };
        match result {
            Err((_, _)) if rc == abi::FAILED && !named.is_empty() => return Err(named),
            Err((_, message)) => return Err(wrong(message)),
            Ok(()) if stage.is_null() => {
                return Err(wrong(format!(
                    "`{name}` was made, as it says, but gave no stage; that is a fault of its library"
                )));
            }
            Ok(()) => {}
        }
        let functions = Functions { open, process, close, destroy };
        // From here on it is destroyed whatever happens.
        let handle = Arc::new(Handle { name, kind, functions, stage });
        if !named.is_empty() {
            return Err(named);
        }
        // SAFETY: the stage was made just now.
        let contract = unsafe { contract(stage) };
        // SAFETY: the library promises the text for as long as the stage.
        let contract = unsafe { contract.text() };
        let contract = contract
            .ok_or_else(|| "it is not UTF-8".to_owned())
            .and_then(|text| serde_json::from_str(text).map_err(|error| error.to_string()));
        let contract: Contract = contract.map_err(|why| {
            wrong(format!("the contract of `{name}` cannot be read: {why}; that is a fault of its library"))
        })?;
        let has_sink = [
            table.open_sink.is_some(),
            table.commit.is_some(),
            table.finish_sink.is_some(),
            table.close_sink.is_some(),
        ];
        if contract.sink != SinkKind::None && has_sink.contains(&false) {
            return Err(wrong(format!(
                "the contract of `{name}` says that it writes output, and it lacks `open_sink`, `commit`, `finish_sink` or \
                 `close_sink`; that is a fault of its library"
            )));
        }
        Ok(LoadedStage { handle, contract })
    }
}

impl Stage for LoadedStage {
    fn contract(&self) -> &Contract {
        &self.contract
    }

    fn open(&self, names: &Arc<Names>) -> Result<Box<dyn Worker + '_>, StageError> {
        let layers: Vec<abi::Str> = names.layers().map(|(_, info)| abi::Str::new(&info.name)).collect();
        let versions: Vec<u16> = names.layers().map(|(_, info)| info.version).collect();
        let symbols: Vec<abi::Str> = names.symbols().iter().map(|name| abi::Str::new(name)).collect();
        let stages: Vec<abi::Str> = names.stages().iter().map(|id| abi::Str::new(id)).collect();
        let lent = abi::Names {
            size: size_of::<abi::Names>() as u32,
            n_layers: layers.len() as u32,
            n_symbols: symbols.len() as u32,
            n_stages: stages.len() as u32,
            layers: layers.as_ptr(),
            versions: versions.as_ptr(),
            symbols: symbols.as_ptr(),
            stages: stages.as_ptr(),
            // Nobody tells a stage its number before it processes.
            stage: abi::END,
            reserved: 0,
        };
        let (handle, mut worker) = (&self.handle, ptr::null_mut());
        let (rc, outcome) = run(Task::Open, |call| {
            // SAFETY: the stage is there, and the rest is lent for this call.
            unsafe { (handle.functions.open)(handle.stage, call, &lent, &mut worker) }
        });
        handle.result("open", StageErrorKind::Options, rc, &outcome)?;
        if worker.is_null() {
            let message = format!(
                "`{}` opened a worker, as it says, but gave none; that is a fault of its library",
                handle.name
            );
            return Err(StageError::new(StageErrorKind::Bug, message));
        }
        let writes = self.contract.sink != SinkKind::None;
        Ok(Box::new(LoadedWorker {
            handle,
            worker,
            names: names.clone(),
            writes,
            lent: Lent::default(),
            live: Vec::new(),
            slots: Vec::new(),
            chunk: Vec::new(),
        }))
    }

    fn sink(&self, files: &dyn Files) -> Result<Option<Box<dyn Sink>>, StageError> {
        let handle = &self.handle;
        let Some(open) = handle.table().open_sink.filter(|_| self.contract.sink != SinkKind::None) else {
            return Ok(None);
        };
        let (mut outputs, mut sink) = (Outputs::default(), ptr::null_mut());
        let task = Task::OpenSink { files, wrong: Vec::new(), outputs: &mut outputs };
        let (rc, outcome) = run(task, |call| {
            // SAFETY: the stage is there, and the rest is lent for this call.
            unsafe { open(handle.stage, call, &mut sink) }
        });
        if let Task::OpenSink { wrong, .. } = &outcome.task
            && !wrong.is_empty()
        {
            let wrong: Vec<String> = wrong.iter().map(ToString::to_string).collect();
            return Err(StageError::new(StageErrorKind::Options, wrong.join("; ")));
        }
        handle.result("open_sink", StageErrorKind::Io, rc, &outcome)?;
        if sink.is_null() {
            return Ok(None);
        }
        Ok(Some(Box::new(LoadedSink::new(handle.clone(), sink, outputs))))
    }
}

impl Handle {
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn table(&self) -> &'static abi::Kind {
        &self.kind.table
    }

    /// What a function of the library came to; `kind` is that of the error where it says that it failed.
    pub(crate) fn result(
        &self,
        function: &str,
        kind: StageErrorKind,
        rc: abi::Rc,
        outcome: &Outcome<'_>,
    ) -> Result<(), StageError> {
        describe(self.name, function, rc, outcome).map_err(|(found, message)| {
            let kind = if rc == abi::FAILED { kind } else { found };
            StageError::new(kind, message)
        })
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: the library made the stage, and its workers and sinks are closed, or left alone for good.
        unsafe { (self.functions.destroy)(self.stage) };
    }
}

/// One thread's worker of a library.
struct LoadedWorker<'s> {
    handle: &'s Handle,
    /// Null once it has panicked: then it is left as it is.
    worker: *mut abi::Worker,
    names: Arc<Names>,
    /// Whether it writes for a sink.
    writes: bool,
    lent: Lent,
    live: Vec<u32>,
    slots: Vec<Slot>,
    chunk: Vec<u8>,
}

impl Worker for LoadedWorker<'_> {
    fn process(&mut self, batch: &mut Batch, cx: &Context<'_>) -> Result<(), StageError> {
        self.live.clear();
        self.live.extend(
            (0u32..).zip(batch.documents()).filter(|(_, document)| document.is_live()).map(|(at, _)| at),
        );
        if self.live.is_empty() {
            return Ok(());
        }
        let worker = self.worker()?;
        if self.slots.len() < self.live.len() {
            self.slots.resize_with(self.live.len(), Slot::default);
        }
        self.chunk.clear();
        let layers = self.names.layer_count() as u16;
        let lent = self.lent.lend(
            batch.documents().iter().filter(|document| document.is_live()),
            cx.grants(),
            layers,
        );
        let slots = self.slots.get_mut(..self.live.len()).unwrap_or_default();
        let chunk = self.writes.then_some(&mut self.chunk);
        let pending = Pending::new(cx, &self.names, batch, &self.live, slots, chunk);
        let (rc, outcome) = run(Task::Process(pending), |call| {
            // SAFETY: the worker is one that the library opened on this thread, and the rest is lent for this call.
            unsafe { (self.handle.functions.process)(worker, call, lent.as_ptr(), lent.len()) }
        });
        if rc == abi::PANICKED {
            // Nobody knows in which state it is: it is neither used nor closed again.
            self.worker = ptr::null_mut();
            resume_unwind(Box::new(outcome.reason()));
        }
        self.handle.result("process", StageErrorKind::Bug, rc, &outcome)?;
        let Task::Process(pending) = outcome.task else { return Ok(()) };
        if let Some(fault) = pending.into_fault() {
            return self.blame(batch, cx, &fault);
        }
        let documents = batch.documents_mut();
        for (slot, at) in self.slots.iter_mut().zip(&self.live) {
            if let Some(document) = documents.get_mut(*at as usize) {
                slot.settle(document, cx, &self.names);
            }
        }
        if self.writes {
            batch.chunk(cx).1.extend_from_slice(&self.chunk);
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), StageError> {
        let Some(finish) = self.handle.table().finish else { return Ok(()) };
        let worker = self.worker()?;
        let (rc, outcome) = run(Task::Finish, |call| {
            // SAFETY: the worker is one that the library opened on this thread, and the call is lent.
            unsafe { finish(worker, call) }
        });
        if rc == abi::PANICKED {
            self.worker = ptr::null_mut();
            resume_unwind(Box::new(outcome.reason()));
        }
        self.handle.result("finish", StageErrorKind::Bug, rc, &outcome)
    }
}

impl LoadedWorker<'_> {
    fn worker(&self) -> Result<*mut abi::Worker, StageError> {
        if self.worker.is_null() {
            let message = format!("a worker of `{}` panicked before and is not used again", self.handle.name);
            return Err(StageError::new(StageErrorKind::Bug, message));
        }
        Ok(self.worker)
    }

    /// Something was wrong with a call that no document can be named for: it is the fault of the only one, or
    /// whoever called has to find out whose it is, as after a panic. Nothing was applied.
    fn blame(&self, batch: &mut Batch, cx: &Context<'_>, fault: &str) -> Result<(), StageError> {
        let stage = self.names.stage(cx.stage());
        let message = format!("`{stage}` broke the rules of the border: {fault}");
        if self.live.len() > 1 {
            resume_unwind(Box::new(message));
        }
        for document in batch.live_mut() {
            let id = document.content().id().to_owned();
            document.fail(DocError::new("plugin", format!("document `{id}`: {message}")));
        }
        Ok(())
    }
}

impl Drop for LoadedWorker<'_> {
    fn drop(&mut self) {
        if !self.worker.is_null() {
            // SAFETY: the library opened the worker on this thread, and nobody uses it any more.
            unsafe { (self.handle.functions.close)(self.worker) };
        }
    }
}

/// What a function of a library came to.
fn describe(
    name: &str,
    function: &str,
    rc: abi::Rc,
    outcome: &Outcome<'_>,
) -> Result<(), (StageErrorKind, String)> {
    let reason = || outcome.reason();
    Err(match rc {
        abi::OK => return Ok(()),
        abi::FAILED => (StageErrorKind::Options, format!("`{name}` failed in `{function}`: {}", reason())),
        abi::PANICKED => (StageErrorKind::Bug, format!("`{name}` panicked in `{function}`: {}", reason())),
        abi::CANCELLED => (
            StageErrorKind::Cancelled,
            format!("`{name}` left its work in `{function}`: it was told to stop"),
        ),
        other => (
            StageErrorKind::Bug,
            format!(
                "`{name}` returned {other} from `{function}`, which says nothing; that is a fault of its library"
            ),
        ),
    })
}
