//! Files as the host lends them, and the half of a stage that writes output.

use std::error::Error;
use std::fmt;
use std::io;

use isnad_core::{Files, Output, Sink, StageError};

use crate::abi::{self, Call, Rc, Str};
use crate::guard::{Stop, current, discard, enter};
use crate::host::{Caller, Refused};
use crate::stage::own_stage;

/// The host's files, during the call that lends them.
pub(crate) struct HostFiles;

/// A file that the host writes for us.
struct HostOutput {
    path: String,
    output: *mut abi::Output,
}

// SAFETY: the pointer is only handed back to the host, in calls that the host makes from one thread at a time.
unsafe impl Send for HostOutput {}

/// The host did not do something with a file, and has noted why; we do not get to know it.
#[derive(Debug)]
struct RefusedFile(String);

impl fmt::Display for RefusedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the host refuses `{}`", self.0)
    }
}

impl Error for RefusedFile {}

/// Whether an error comes from something that the host knows better.
pub(crate) fn is_refused(error: &StageError) -> bool {
    let source = error.source().and_then(|source| source.downcast_ref::<io::Error>());
    source.and_then(io::Error::get_ref).is_some_and(|source| source.is::<RefusedFile>())
}

/// What the pointer of a sink leads to.
type OwnSink = Box<dyn Sink>;

impl Files for HostFiles {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        caller(path)?.read_file(path).map_err(io::Error::other)
    }

    fn create(&self, path: &str) -> io::Result<Box<dyn Output>> {
        let output = caller(path)?.create_file(path).map_err(|Refused| refused(path))?;
        Ok(Box::new(HostOutput { path: path.to_owned(), output }))
    }
}

impl io::Write for HostOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = caller(&self.path)?.write_file(self.output, bytes);
        written.map(|()| bytes.len()).map_err(|Refused| refused(&self.path))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Output for HostOutput {
    fn finish(&mut self) -> io::Result<()> {
        caller(&self.path)?.finish_file(self.output).map_err(|Refused| refused(&self.path))
    }

    fn checkpoint(&mut self) -> io::Result<Option<u64>> {
        Ok(None)
    }

    fn restore(&mut self, _: u64) -> io::Result<()> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "an output of a library cannot be resumed"))
    }
}

/// # Safety
/// As the header says of `open_sink`.
pub(crate) unsafe extern "C" fn open_sink(
    stage: *mut abi::Stage,
    call: *mut Call,
    out: *mut *mut abi::Sink,
) -> Rc {
    let body = |_: &Caller| {
        // SAFETY: the host passes a stage that `create` made and that was not destroyed.
        let (Some(own), false) = (unsafe { own_stage(stage) }, out.is_null()) else {
            return Err(Stop::failed("the host gives no stage, or no place for its sink"));
        };
        let sink: Option<OwnSink> = own.stage.sink(&HostFiles)?;
        let sink = sink.map_or(std::ptr::null_mut(), |sink| Box::into_raw(Box::new(sink)).cast());
        // SAFETY: the host gives a place for one pointer.
        unsafe { out.write(sink) };
        Ok(())
    };
    // SAFETY: the host passes the call that is under way.
    unsafe { enter(call, body) }
}

/// # Safety
/// As the header says of `commit`.
pub(crate) unsafe extern "C" fn commit(sink: *mut abi::Sink, call: *mut Call, bytes: Str) -> Rc {
    let body = |_: &Caller| {
        // SAFETY: the host lends the bytes until this call returns.
        let bytes = unsafe { bytes.bytes() };
        // SAFETY: the host passes a sink of ours, in no two calls at a time.
        Ok(unsafe { own_sink(sink) }?.commit(bytes.to_vec())?)
    };
    // SAFETY: the host passes the call that is under way.
    unsafe { enter(call, body) }
}

/// # Safety
/// As the header says of `finish_sink`.
pub(crate) unsafe extern "C" fn finish_sink(sink: *mut abi::Sink, call: *mut Call) -> Rc {
    // SAFETY: the host passes a sink of ours, in no two calls at a time.
    let body = |_: &Caller| Ok(unsafe { own_sink(sink) }?.finish()?);
    // SAFETY: the host passes the call that is under way.
    unsafe { enter(call, body) }
}

/// # Safety
/// As the header says of `close_sink`.
pub(crate) unsafe extern "C" fn close_sink(sink: *mut abi::Sink) {
    if !sink.is_null() {
        // SAFETY: `open_sink` made it with `Box::into_raw`, and the host closes it once.
        discard("a sink", unsafe { Box::from_raw(sink.cast::<OwnSink>()) });
    }
}

/// The sink behind a pointer that came over the border.
///
/// # Safety
/// `sink` is null or came from [`open_sink`], was not closed, and is in no other call.
unsafe fn own_sink<'s>(sink: *mut abi::Sink) -> Result<&'s mut OwnSink, Stop> {
    // SAFETY: it leads to an `OwnSink` that nobody else uses now, as the caller says.
    unsafe { sink.cast::<OwnSink>().as_mut() }.ok_or_else(|| Stop::failed("the host gives no sink"))
}

fn caller(path: &str) -> io::Result<Caller> {
    let outside = || {
        let message = format!("`{path}` can only be reached in a call of the host, on its thread");
        io::Error::new(io::ErrorKind::Unsupported, message)
    };
    current().ok_or_else(outside)
}

fn refused(path: &str) -> io::Error {
    io::Error::other(RefusedFile(path.to_owned()))
}
