//! The host during one call, with its functions in Rust.

use std::mem::{align_of, size_of};
use std::ptr;

use crate::abi::{Call, Edit, Host, NewAttr, NewLink, OK, Output, Row, Str};

/// A call into the library that is under way on this thread.
#[derive(Clone, Copy)]
pub(crate) struct Caller {
    call: *mut Call,
    host: Host,
}

/// The host did not do it, and has noted why.
#[derive(Debug)]
pub(crate) struct Refused;

/// The host's functions as far as it has them.
///
/// # Safety
/// `host` is null or points to a host's table, whose first field says how long it is.
pub(crate) unsafe fn table_of(host: *const Host) -> Option<Host> {
    if host.is_null() || !host.is_aligned() {
        return None;
    }
    // SAFETY: it is not null and aligned, and the caller says that it is a table, which begins with its size.
    let size = unsafe { (&raw const (*host).size).read() };
    // Fields that the host does not have read as null; no field is taken in part.
    let known = (size as usize).min(size_of::<Host>()) / align_of::<Host>() * align_of::<Host>();
    let mut table = Host::EMPTY;
    // SAFETY: `known` bytes can be read there, since the table is that long, and written here. Any bytes that a
    // host wrote there as functions, and null, are valid for a field.
    unsafe { ptr::copy_nonoverlapping(host.cast::<u8>(), (&raw mut table).cast::<u8>(), known) };
    Some(table)
}

impl Caller {
    /// The caller behind a pointer that came over the border.
    ///
    /// # Safety
    /// `call` is null or the call that is under way on this thread; the result is not used beyond it.
    pub(crate) unsafe fn of(call: *mut Call) -> Option<Self> {
        if call.is_null() || !call.is_aligned() {
            return None;
        }
        // SAFETY: it is aligned, not null, and a call as the caller says.
        let host = unsafe { (&raw const (*call).host).read() };
        // SAFETY: the host of a call lives as long as the library.
        let host = unsafe { table_of(host) }?;
        Some(Caller { call, host })
    }

    pub(crate) fn error(&self, message: &str) {
        if let Some(error) = self.host.error {
            // SAFETY: the call is under way, and the message is read before the function returns.
            unsafe { error(self.call, Str::new(message)) }
        }
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        // SAFETY: the call is under way.
        self.host.cancelled.is_some_and(|cancelled| unsafe { cancelled(self.call) } != 0)
    }

    pub(crate) fn option_error(&self, path: &str, message: &str) {
        if let Some(option_error) = self.host.option_error {
            // SAFETY: the call is under way, and the texts are read before the function returns.
            unsafe { option_error(self.call, Str::new(path), Str::new(message)) }
        }
    }

    /// The bytes of a file, or why not.
    pub(crate) fn read_file(&self, path: &str) -> Result<Vec<u8>, String> {
        let Some(read_file) = self.host.read_file else { return Err("this host reads no files".to_owned()) };
        let mut bytes = Str::EMPTY;
        // SAFETY: the call is under way, the path is read and `bytes` written before the function returns.
        let rc = unsafe { read_file(self.call, Str::new(path), &raw mut bytes) };
        // SAFETY: what the host answers can be read until this call returns, and is copied before.
        let bytes = unsafe { bytes.bytes() };
        if rc == OK { Ok(bytes.to_vec()) } else { Err(String::from_utf8_lossy(bytes).into_owned()) }
    }

    /// The index of the first of the rows.
    pub(crate) fn add_rows(&self, document: u32, layer: u16, rows: &[Row]) -> Result<u32, Refused> {
        let add_rows = self.host.add_rows.ok_or(Refused)?;
        let mut first = u32::MAX;
        // SAFETY: the call is under way, the rows are read and `first` written before the function returns.
        let rc = unsafe {
            add_rows(self.call, document, u32::from(layer), rows.as_ptr(), rows.len(), &raw mut first)
        };
        done(rc).map(|()| first)
    }

    pub(crate) fn add_attrs(&self, document: u32, layer: u16, attrs: &[NewAttr]) -> Result<(), Refused> {
        let add_attrs = self.host.add_attrs.ok_or(Refused)?;
        // SAFETY: the call is under way, and the attrs are read before the function returns.
        done(unsafe { add_attrs(self.call, document, u32::from(layer), attrs.as_ptr(), attrs.len()) })
    }

    pub(crate) fn add_links(&self, document: u32, layer: u16, links: &[NewLink]) -> Result<(), Refused> {
        let add_links = self.host.add_links.ok_or(Refused)?;
        // SAFETY: the call is under way, and the links are read before the function returns.
        done(unsafe { add_links(self.call, document, u32::from(layer), links.as_ptr(), links.len()) })
    }

    pub(crate) fn edit(&self, document: u32, edits: &[Edit]) -> Result<(), Refused> {
        let edit = self.host.edit.ok_or(Refused)?;
        // SAFETY: the call is under way, and the edits are read before the function returns.
        done(unsafe { edit(self.call, document, edits.as_ptr(), edits.len()) })
    }

    pub(crate) fn fail(&self, document: u32, code: &str, message: &str) -> Result<(), Refused> {
        let fail = self.host.fail.ok_or(Refused)?;
        // SAFETY: the call is under way, and the texts are read before the function returns.
        done(unsafe { fail(self.call, document, Str::new(code), Str::new(message)) })
    }

    pub(crate) fn drop_for(&self, document: u32, reason: &str) -> Result<(), Refused> {
        let drop = self.host.drop.ok_or(Refused)?;
        // SAFETY: the call is under way, and the text is read before the function returns.
        done(unsafe { drop(self.call, document, Str::new(reason)) })
    }

    pub(crate) fn warn(&self, document: u32, code: &str, message: &str) -> Result<(), Refused> {
        let warn = self.host.warn.ok_or(Refused)?;
        // SAFETY: the call is under way, and the texts are read before the function returns.
        done(unsafe { warn(self.call, document, Str::new(code), Str::new(message)) })
    }

    pub(crate) fn write(&self, bytes: &[u8]) -> Result<(), Refused> {
        let write = self.host.write.ok_or(Refused)?;
        // SAFETY: the call is under way, and the bytes are read before the function returns.
        done(unsafe { write(self.call, Str::of_bytes(bytes)) })
    }

    pub(crate) fn create_file(&self, path: &str) -> Result<*mut Output, Refused> {
        let create_file = self.host.create_file.ok_or(Refused)?;
        let mut output = ptr::null_mut();
        // SAFETY: the call is under way, the path is read and `output` written before the function returns.
        done(unsafe { create_file(self.call, Str::new(path), &raw mut output) })?;
        if output.is_null() { Err(Refused) } else { Ok(output) }
    }

    pub(crate) fn write_file(&self, output: *mut Output, bytes: &[u8]) -> Result<(), Refused> {
        let write_file = self.host.write_file.ok_or(Refused)?;
        // SAFETY: the call is under way, the bytes are read before the function returns, and the host takes
        // no output that it did not make.
        done(unsafe { write_file(self.call, output, Str::of_bytes(bytes)) })
    }

    pub(crate) fn finish_file(&self, output: *mut Output) -> Result<(), Refused> {
        let finish_file = self.host.finish_file.ok_or(Refused)?;
        // SAFETY: the call is under way, and the host takes no output that it did not make.
        done(unsafe { finish_file(self.call, output) })
    }
}

fn done(rc: crate::abi::Rc) -> Result<(), Refused> {
    if rc == OK { Ok(()) } else { Err(Refused) }
}
