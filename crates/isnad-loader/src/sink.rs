//! The writing half of a loaded stage.

use std::io::Write;
use std::sync::Arc;

use isnad_core::{Output, Sink, StageError, StageErrorKind};
use isnad_plugin::abi;

use crate::call::{Task, run};
use crate::loaded::Handle;

/// The sink of a loaded stage.
pub(crate) struct LoadedSink {
    handle: Arc<Handle>,
    /// Null once it has panicked: then it is left as it is.
    sink: *mut abi::Sink,
    outputs: Outputs,
}

/// Files that a sink is writing. The library holds numbers for them, dressed as pointers that nobody follows.
#[derive(Default)]
pub(crate) struct Outputs(Vec<Option<Box<dyn Output>>>);

// SAFETY: the header says that functions of a kind may be called on any thread, and those of a sink from one at a
// time, which `&mut self` keeps.
unsafe impl Send for LoadedSink {}

impl LoadedSink {
    /// A sink that the stage of this handle has opened.
    pub(crate) fn new(handle: Arc<Handle>, sink: *mut abi::Sink, outputs: Outputs) -> Self {
        LoadedSink { handle, sink, outputs }
    }

    fn call(
        &mut self,
        function: &str,
        call: impl FnOnce(*mut abi::Sink, *mut abi::Call) -> abi::Rc,
    ) -> Result<(), StageError> {
        let sink = self.sink;
        if sink.is_null() {
            let message = format!("`{}` panicked before and writes no more", self.handle.name());
            return Err(StageError::new(StageErrorKind::Bug, message));
        }
        let task = Task::Write { outputs: &mut self.outputs };
        let (rc, outcome) = run(task, |at| call(sink, at));
        if rc == abi::PANICKED {
            self.sink = std::ptr::null_mut();
        }
        self.handle.result(function, StageErrorKind::Io, rc, &outcome)
    }
}

impl Sink for LoadedSink {
    fn commit(&mut self, chunk: Vec<u8>) -> Result<(), StageError> {
        let Some(commit) = self.handle.table().commit else { return Ok(()) };
        self.call("commit", |sink, call| {
            // SAFETY: the sink is one that the library opened and did not close, and the rest is lent for this call.
            unsafe { commit(sink, call, abi::Str::of_bytes(&chunk)) }
        })
    }

    fn finish(&mut self) -> Result<(), StageError> {
        let Some(finish) = self.handle.table().finish_sink else { return Ok(()) };
        self.call("finish_sink", |sink, call| {
            // SAFETY: the sink is one that the library opened and did not close.
            unsafe { finish(sink, call) }
        })
    }
}

impl Drop for LoadedSink {
    fn drop(&mut self) {
        if let (Some(close), false) = (self.handle.table().close_sink, self.sink.is_null()) {
            // SAFETY: the library opened the sink, and nobody uses it any more.
            unsafe { close(self.sink) };
        }
    }
}

impl Outputs {
    /// Keeps a file, and gives what the library calls it by.
    pub(crate) fn add(&mut self, output: Box<dyn Output>) -> *mut abi::Output {
        self.0.push(Some(output));
        std::ptr::without_provenance_mut(self.0.len())
    }

    /// Appends to a file.
    pub(crate) fn write(&mut self, output: *mut abi::Output, bytes: &[u8]) -> Result<(), String> {
        let file = self.get(output)?.as_mut().ok_or_else(|| FINISHED.to_owned())?;
        file.write_all(bytes).map_err(|error| format!("a file cannot be written: {error}"))
    }

    /// Ends a file, which gets its name.
    pub(crate) fn finish(&mut self, output: *mut abi::Output) -> Result<(), String> {
        let mut file = self.get(output)?.take().ok_or_else(|| FINISHED.to_owned())?;
        file.finish().map_err(|error| format!("a file cannot be finished: {error}"))
    }

    fn get(&mut self, output: *mut abi::Output) -> Result<&mut Option<Box<dyn Output>>, String> {
        let place = output.addr().checked_sub(1).and_then(|index| self.0.get_mut(index));
        place.ok_or_else(|| "the file is not one that this sink created".to_owned())
    }
}

const FINISHED: &str = "the file was finished before";
