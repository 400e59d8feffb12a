//! What stands behind a call of this host, and the functions of its table.

use std::ptr;
use std::sync::{Mutex, PoisonError};

use isnad_core::{Files, OptionError, Output, StageError, StageErrorKind};
use isnad_plugin::abi::{self, Call, Host, Rc, Str};

/// What stands behind the pointer of a call.
#[repr(C)]
pub(crate) struct Behind<'c> {
    call: Call,
    cancelled: &'c dyn Fn() -> bool,
    pub(crate) errors: Vec<String>,
    pub(crate) option_errors: Vec<OptionError>,
    pub(crate) files: Option<&'c dyn Files>,
    answers: Vec<Vec<u8>>,
    pub(crate) handed: Vec<Handed>,
    pub(crate) written: Vec<u8>,
    pub(crate) outputs: Option<&'c mut Vec<Box<dyn Output>>>,
    /// Rows that were there before, by layer: what new ones are numbered from.
    pub(crate) rows: Vec<Vec<u32>>,
}

/// One thing that was handed over for a document.
pub(crate) enum Handed {
    Edits(u32, Vec<(abi::Edit, String)>),
    Rows(u32, u16, Vec<abi::Row>),
    Attr(u32, u16, abi::NewAttr, String),
    Link(u32, u16, abi::NewLink),
    Fail(u32, String, String),
    Drop(u32, String),
    Warn(u32, String, String),
}

/// What was logged: level, target, message.
pub(crate) static LOG: Mutex<Vec<(u32, String, String)>> = Mutex::new(Vec::new());

/// What this host does.
pub(crate) static HOST: Table = Table(
    Host {
        size: size_of::<Table>() as u32,
        abi_major: abi::ABI_MAJOR,
        abi_minor: abi::ABI_MINOR,
        log_level: abi::level::DEBUG,
        log: Some(log),
        error: Some(error),
        cancelled: Some(cancelled),
        option_error: Some(option_error),
        read_file: Some(read_file),
        add_rows: Some(add_rows),
        add_attrs: Some(add_attrs),
        add_links: Some(add_links),
        edit: Some(edit),
        fail: Some(fail),
        drop: Some(drop_document),
        warn: Some(warn),
        write: Some(write),
        create_file: Some(create_file),
        write_file: Some(write_file),
        finish_file: Some(finish_file),
        ..Host::EMPTY
    },
    [usize::MAX; 2],
);

/// A host that can do nothing, of a version that knows only what stands before its functions.
pub(crate) static EMPTY: Table = Table(Host { size: 16, ..Host::EMPTY }, [0; 2]);

/// A host's table, which all threads share.
#[repr(C)]
pub(crate) struct Table(pub(crate) Host, [usize; 2]);

// SAFETY: it is constant.
unsafe impl Sync for Table {}

impl<'c> Behind<'c> {
    pub(crate) fn new(cancelled: &'c dyn Fn() -> bool) -> Self {
        Behind {
            call: Call { host: &raw const HOST.0 },
            cancelled,
            errors: Vec::new(),
            option_errors: Vec::new(),
            files: None,
            answers: Vec::new(),
            handed: Vec::new(),
            written: Vec::new(),
            outputs: None,
            rows: Vec::new(),
        }
    }

    pub(crate) fn call(&mut self) -> *mut Call {
        (self as *mut Self).cast()
    }

    pub(crate) fn outcome(&self, rc: Rc) -> Result<(), StageError> {
        match rc {
            abi::OK => Ok(()),
            abi::CANCELLED => Err(StageError::new(StageErrorKind::Cancelled, "left")),
            rc => Err(StageError::new(StageErrorKind::Bug, format!("{rc}: {}", self.errors.join("; ")))),
        }
    }
}

/// What stands behind a call of this host.
unsafe fn behind<'c>(call: *mut Call) -> &'c mut Behind<'c> {
    // SAFETY: every call of this host is the beginning of a `Behind` that lives as long, and is used by one thread.
    unsafe { &mut *call.cast() }
}

/// A text that the library lends.
unsafe fn text(text: Str) -> String {
    // SAFETY: the library lends it for as long as the function of the host runs.
    unsafe { text.text() }.expect("text is UTF-8").to_owned()
}

extern "C" fn log(_: *const Host, level: u32, target: Str, message: Str) {
    // SAFETY: the library lends both.
    let said = unsafe { (level, text(target), text(message)) };
    LOG.lock().unwrap_or_else(PoisonError::into_inner).push(said);
}

unsafe extern "C" fn error(call: *mut Call, message: Str) {
    // SAFETY: the call is this host's.
    unsafe { behind(call).errors.push(text(message)) }
}

unsafe extern "C" fn cancelled(call: *mut Call) -> i32 {
    // SAFETY: the call is this host's.
    i32::from((unsafe { behind(call) }.cancelled)())
}

unsafe extern "C" fn option_error(call: *mut Call, path: Str, message: Str) {
    // SAFETY: the call is this host's.
    unsafe { behind(call).option_errors.push(OptionError::new(text(path), text(message))) }
}

unsafe extern "C" fn read_file(call: *mut Call, path: Str, bytes: *mut Str) -> Rc {
    // SAFETY: the call is this host's.
    let (behind, path) = unsafe { (behind(call), text(path)) };
    let (rc, answer) = match behind.files.map(|files| files.read(&path)) {
        Some(Ok(read)) => (abi::OK, read),
        Some(Err(error)) => (abi::REFUSED, error.to_string().into_bytes()),
        None => (abi::REFUSED, b"no files now".to_vec()),
    };
    // SAFETY: the library gives a place. What a vector holds stays where it is when the vector moves.
    unsafe { bytes.write(Str::of_bytes(&answer)) };
    behind.answers.push(answer);
    rc
}

unsafe extern "C" fn add_rows(
    call: *mut Call,
    document: u32,
    layer: u32,
    rows: *const abi::Row,
    n: usize,
    first: *mut u32,
) -> Rc {
    // SAFETY: the call is this host's, and the rows are lent.
    let (behind, rows) = unsafe { (behind(call), abi::slice(rows, n)) };
    let next = &mut behind.rows[document as usize][layer as usize];
    // SAFETY: the SDK gives a place.
    unsafe { first.write(*next) };
    *next += n as u32;
    behind.handed.push(Handed::Rows(document, layer as u16, rows.to_vec()));
    abi::OK
}

unsafe extern "C" fn add_attrs(
    call: *mut Call,
    document: u32,
    layer: u32,
    attrs: *const abi::NewAttr,
    n: usize,
) -> Rc {
    // SAFETY: the call is this host's, and the attrs are lent.
    let (behind, attrs) = unsafe { (behind(call), abi::slice(attrs, n)) };
    for attr in attrs {
        // SAFETY: the value is lent.
        behind.handed.push(Handed::Attr(document, layer as u16, *attr, unsafe { text(attr.value) }));
    }
    abi::OK
}

unsafe extern "C" fn add_links(
    call: *mut Call,
    document: u32,
    layer: u32,
    links: *const abi::NewLink,
    n: usize,
) -> Rc {
    // SAFETY: the call is this host's, and the links are lent.
    let (behind, links) = unsafe { (behind(call), abi::slice(links, n)) };
    behind.handed.extend(links.iter().map(|link| Handed::Link(document, layer as u16, *link)));
    abi::OK
}

unsafe extern "C" fn edit(call: *mut Call, document: u32, edits: *const abi::Edit, n: usize) -> Rc {
    // SAFETY: the call is this host's, and the edits are lent.
    let (behind, edits) = unsafe { (behind(call), abi::slice(edits, n)) };
    // SAFETY: their texts are lent too.
    let edits = edits.iter().map(|edit| (*edit, unsafe { text(edit.with) }));
    behind.handed.push(Handed::Edits(document, edits.collect()));
    abi::OK
}

unsafe extern "C" fn fail(call: *mut Call, document: u32, code: Str, message: Str) -> Rc {
    // SAFETY: the call is this host's, and the texts are lent.
    unsafe { behind(call).handed.push(Handed::Fail(document, text(code), text(message))) };
    abi::OK
}

unsafe extern "C" fn drop_document(call: *mut Call, document: u32, reason: Str) -> Rc {
    // SAFETY: the call is this host's, and the text is lent.
    unsafe { behind(call).handed.push(Handed::Drop(document, text(reason))) };
    abi::OK
}

unsafe extern "C" fn warn(call: *mut Call, document: u32, code: Str, message: Str) -> Rc {
    // SAFETY: the call is this host's, and the texts are lent.
    unsafe { behind(call).handed.push(Handed::Warn(document, text(code), text(message))) };
    abi::OK
}

unsafe extern "C" fn write(call: *mut Call, bytes: Str) -> Rc {
    // SAFETY: the call is this host's, and the bytes are lent.
    unsafe { behind(call).written.extend_from_slice(bytes.bytes()) };
    abi::OK
}

/// The number of an output in its list, from 1, stands for its pointer.
unsafe extern "C" fn create_file(call: *mut Call, path: Str, out: *mut *mut abi::Output) -> Rc {
    // SAFETY: the call is this host's, and the path is lent.
    let (behind, path) = unsafe { (behind(call), text(path)) };
    let (Some(files), Some(outputs)) = (behind.files, &mut behind.outputs) else { return abi::REFUSED };
    match files.create(&path) {
        Ok(output) => {
            outputs.push(output);
            // SAFETY: the library gives a place.
            unsafe { out.write(ptr::without_provenance_mut(outputs.len())) };
            abi::OK
        }
        Err(error) => {
            behind.errors.push(error.to_string());
            abi::REFUSED
        }
    }
}

unsafe fn output<'c>(call: *mut Call, output: *mut abi::Output) -> Option<&'c mut Box<dyn Output>> {
    // SAFETY: the call is this host's.
    unsafe { behind(call) }.outputs.as_deref_mut()?.get_mut(output.addr().checked_sub(1)?)
}

unsafe extern "C" fn write_file(call: *mut Call, to: *mut abi::Output, bytes: Str) -> Rc {
    // SAFETY: the call is this host's, and the bytes are lent.
    let written = unsafe { output(call, to).map(|output| output.write_all(bytes.bytes())) };
    if matches!(written, Some(Ok(()))) { abi::OK } else { abi::REFUSED }
}

unsafe extern "C" fn finish_file(call: *mut Call, of: *mut abi::Output) -> Rc {
    // SAFETY: the call is this host's.
    let finished = unsafe { output(call, of).map(|output| output.finish()) };
    if matches!(finished, Some(Ok(()))) { abi::OK } else { abi::REFUSED }
}
