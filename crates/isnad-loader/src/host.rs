//! The functions that libraries call. Each looks at every pointer before it follows it, takes nothing from a call that
//! is not running on its thread, and unwinds nowhere.

use std::cell::RefCell;
use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

use isnad_core::OptionError;
use isnad_plugin::abi::{self, Call, Host, Output, Rc, Str};
use tracing::level_filters::LevelFilter;

use crate::call::{State, Task, behind};
use crate::json::ABSENT;
use crate::pending::{Checked, Pending, Refused};

/// What libraries are told about us: the functions of this file. One for all, for ever.
pub(crate) fn table() -> &'static Host {
    static TABLE: OnceLock<Host> = OnceLock::new();
    TABLE.get_or_init(make_table)
}

fn make_table() -> Host {
    let log_level = match LevelFilter::current() {
        LevelFilter::OFF => 0,
        LevelFilter::ERROR => abi::level::ERROR,
        LevelFilter::WARN => abi::level::WARN,
        LevelFilter::INFO => abi::level::INFO,
        LevelFilter::DEBUG => abi::level::DEBUG,
        _ => abi::level::TRACE,
    };
    Host {
        size: size_of::<Host>() as u32,
        abi_major: abi::ABI_MAJOR,
        abi_minor: abi::ABI_MINOR,
        // What a library says when it cannot be made ready is heard in any case.
        log_level: log_level.max(abi::level::ERROR),
        log: Some(log),
        get_extension: Some(get_extension),
        error: Some(error),
        cancelled: Some(cancelled),
        json: Some(json),
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
    }
}

/// Calls something, and gives the last error that a library logs meanwhile on this thread.
pub(crate) fn hearing_errors<T>(call: impl FnOnce() -> T) -> (T, Option<String>) {
    let before = HEARD.replace(Some(String::new()));
    let result = call();
    let heard = HEARD.replace(before).filter(|heard| !heard.is_empty());
    (result, heard)
}

thread_local! {
    static HEARD: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// No array is longer than this: a length beyond it is a slip.
const LONGEST_ARRAY: usize = 1 << 28;

extern "C" fn log(_: *const Host, level: u32, target: Str, message: Str) {
    guarded((), || {
        // SAFETY: the library lends both texts for this call.
        let (target, said) = unsafe { both_lossy(target, message) };
        if level == abi::level::ERROR {
            // A thread that is about to end has nobody who hears it.
            let _ = HEARD.try_with(|heard| heard.borrow_mut().as_mut().map(|heard| heard.clone_from(&said)));
        }
        match level {
            abi::level::ERROR => tracing::error!(target, said, "a plugin reports"),
            abi::level::WARN => tracing::warn!(target, said, "a plugin reports"),
            abi::level::INFO => tracing::info!(target, said, "a plugin reports"),
            abi::level::DEBUG => tracing::debug!(target, said, "a plugin reports"),
            _ => tracing::trace!(target, said, "a plugin reports"),
        }
    });
}

extern "C" fn get_extension(_: *const Host, _: Str) -> *const c_void {
    std::ptr::null()
}

extern "C" fn error(call: *mut Call, message: Str) {
    guarded((), || {
        behind(call, |state| {
            // SAFETY: the library lends the text for this call.
            state.error = Some(unsafe { lossy(message) });
        });
    });
}

extern "C" fn cancelled(call: *mut Call) -> i32 {
    guarded(0, || {
        let asked = behind(call, |state| match &state.task {
            Task::Process(pending) => pending.is_cancelled(),
            _ => false,
        });
        i32::from(asked.unwrap_or(false))
    })
}

extern "C" fn json(call: *mut Call, json: Str, pointer: Str) -> abi::Value {
    guarded(ABSENT, || {
        let answer = behind(call, |state| {
            // SAFETY: the library lends both texts for this call.
            let asked = unsafe { both(json, pointer) };
            let (Ok(json), Ok(pointer)) = asked else {
                state.refuse("`json` was called with something that is no text");
                return ABSENT;
            };
            state.json.ask(json, pointer).unwrap_or(ABSENT)
        });
        answer.unwrap_or(ABSENT)
    })
}

extern "C" fn option_error(call: *mut Call, path: Str, message: Str) {
    guarded((), || {
        behind(call, |state| {
            // SAFETY: the library lends both texts for this call.
            let (path, message) = unsafe { both_lossy(path, message) };
            match state.wrong_options() {
                Some(wrong) => wrong.push(OptionError::new(path, message)),
                None => state.refuse_function("option_error"),
            }
        });
    });
}

extern "C" fn read_file(call: *mut Call, path: Str, bytes: *mut Str) -> Rc {
    in_call(call, |state| {
        // SAFETY: the library lends the text for this call.
        let path = unsafe { text(path) };
        let read = match (path, state.files()) {
            (Ok(path), Some(files)) => {
                files.read(path).map_err(|error| format!("`{path}` cannot be read: {error}"))
            }
            (Err(why), Some(_)) => Err(format!("the path of a file: {why}")),
            (_, None) => {
                state.refuse_function("read_file");
                return Err(Refused);
            }
        };
        let (answer, result) = match read {
            Ok(read) => (state.keep(read), Ok(())),
            Err(why) => {
                let answer = state.keep(why.clone().into_bytes());
                state.refuse(why);
                (answer, Err(Refused))
            }
        };
        // SAFETY: the library lends the place for the answer.
        unsafe { put(bytes, answer) };
        result
    })
}

extern "C" fn add_rows(
    call: *mut Call,
    document: u32,
    layer: u32,
    rows: *const abi::Row,
    n: usize,
    first: *mut u32,
) -> Rc {
    in_process(call, "add_rows", |pending| {
        // SAFETY: the library lends the rows for this call.
        let number = pending.add_rows(document, layer, unsafe { array(rows, n) })?;
        // SAFETY: the library lends the place for the answer.
        unsafe { put(first, number) };
        Ok(())
    })
}

extern "C" fn add_attrs(
    call: *mut Call,
    document: u32,
    layer: u32,
    attrs: *const abi::NewAttr,
    n: usize,
) -> Rc {
    in_process(call, "add_attrs", |pending| {
        // SAFETY: the library lends the attrs for this call.
        match unsafe { array(attrs, n) } {
            Ok(attrs) => attrs.iter().try_for_each(|attr| {
                // SAFETY: the library lends the values for this call.
                let value = unsafe { text(attr.value) };
                pending.add_attr(document, layer, value.map(|value| (attr, value)))
            }),
            Err(why) => pending.add_attr(document, layer, Err(why)),
        }
    })
}

extern "C" fn add_links(
    call: *mut Call,
    document: u32,
    layer: u32,
    links: *const abi::NewLink,
    n: usize,
) -> Rc {
    in_process(call, "add_links", |pending| {
        // SAFETY: the library lends the links for this call.
        pending.add_links(document, layer, unsafe { array(links, n) })
    })
}

extern "C" fn edit(call: *mut Call, document: u32, edits: *const abi::Edit, n: usize) -> Rc {
    in_process(call, "edit", |pending| {
        // SAFETY: the library lends the edits for this call.
        let edits = unsafe { array(edits, n) };
        pending.edit(
            document,
            edits.map(|edits| {
                edits.iter().map(|edit| {
                    // SAFETY: the library lends the texts for this call.
                    (edit, unsafe { text(edit.with) })
                })
            }),
        )
    })
}

extern "C" fn fail(call: *mut Call, document: u32, code: Str, message: Str) -> Rc {
    in_process(call, "fail", |pending| {
        // SAFETY: the library lends both texts for this call.
        let (code, message) = unsafe { both(code, message) };
        pending.fail(document, code, message)
    })
}

extern "C" fn drop_document(call: *mut Call, document: u32, reason: Str) -> Rc {
    in_process(call, "drop", |pending| {
        // SAFETY: the library lends the text for this call.
        pending.drop(document, unsafe { text(reason) })
    })
}

extern "C" fn warn(call: *mut Call, document: u32, code: Str, message: Str) -> Rc {
    in_process(call, "warn", |pending| {
        // SAFETY: the library lends both texts for this call.
        let (code, message) = unsafe { both(code, message) };
        pending.warn(document, code, message)
    })
}

extern "C" fn write(call: *mut Call, bytes: Str) -> Rc {
    in_process(call, "write", |pending| {
        // SAFETY: the library lends the bytes for this call.
        pending.write(unsafe { array(bytes.ptr, bytes.len) })
    })
}

extern "C" fn create_file(call: *mut Call, path: Str, output: *mut *mut Output) -> Rc {
    in_call(call, |state| {
        let Task::OpenSink { files, outputs, .. } = &mut state.task else {
            state.refuse_function("create_file");
            return Err(Refused);
        };
        // SAFETY: the library lends the text for this call.
        let created = unsafe { text(path) }.and_then(|path| {
            files.create(path).map_err(|error| format!("`{path}` cannot be created: {error}"))
        });
        match created {
            Ok(created) => {
                // SAFETY: the library lends the place for the answer.
                unsafe { put(output, outputs.add(created)) };
                Ok(())
            }
            Err(why) => {
                state.refuse(why);
                Err(Refused)
            }
        }
    })
}

extern "C" fn write_file(call: *mut Call, output: *mut Output, bytes: Str) -> Rc {
    in_call(call, |state| {
        let Some(outputs) = state.outputs() else {
            state.refuse_function("write_file");
            return Err(Refused);
        };
        // SAFETY: the library lends the bytes for this call.
        let bytes = unsafe { array(bytes.ptr, bytes.len) };
        bytes.and_then(|bytes| outputs.write(output, bytes)).map_err(|why| {
            state.refuse(why);
            Refused
        })
    })
}

extern "C" fn finish_file(call: *mut Call, output: *mut Output) -> Rc {
    in_call(call, |state| {
        let Some(outputs) = state.outputs() else {
            state.refuse_function("finish_file");
            return Err(Refused);
        };
        outputs.finish(output).map_err(|why| {
            state.refuse(why);
            Refused
        })
    })
}

/// Lets `take` have what is behind a call in which documents are processed.
fn in_process(
    call: *mut Call,
    function: &str,
    take: impl FnOnce(&mut Pending<'_>) -> Result<(), Refused>,
) -> Rc {
    in_call(call, |state| match &mut state.task {
        Task::Process(pending) => take(pending),
        _ => {
            state.refuse_function(function);
            Err(Refused)
        }
    })
}

fn in_call(call: *mut Call, take: impl FnOnce(&mut State<'_>) -> Result<(), Refused>) -> Rc {
    guarded(abi::REFUSED, || match behind(call, take) {
        Some(Ok(())) => abi::OK,
        Some(Err(Refused)) | None => abi::REFUSED,
    })
}

/// A panic of ours does not go over the border.
fn guarded<R>(refused: R, work: impl FnOnce() -> R) -> R {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(refused)
}

/// An array that a library lends, or why it is none.
///
/// # Safety
/// Where pointer and length are possible, so many values lie there, and nobody changes them.
unsafe fn array<'a, T>(ptr: *const T, len: usize) -> Checked<&'a [T]> {
    if len == 0 {
        return Ok(&[]);
    }
    if ptr.is_null() || !ptr.is_aligned() {
        return Err("the pointer is null or not aligned".to_owned());
    }
    if len > LONGEST_ARRAY {
        return Err(format!("{len} are too many"));
    }
    // SAFETY: pointer and length are possible, and the caller promises the rest.
    Ok(unsafe { abi::slice(ptr, len) })
}

/// A text that a library lends, or why it is none.
///
/// # Safety
/// As for [`array`].
unsafe fn text<'a>(text: Str) -> Checked<&'a str> {
    // SAFETY: the caller promises it.
    let bytes = unsafe { array(text.ptr, text.len) }?;
    std::str::from_utf8(bytes).map_err(|error| format!("it is not UTF-8: {error}"))
}

/// Two texts that a library lends.
///
/// # Safety
/// As for [`array`].
unsafe fn both<'a>(first: Str, second: Str) -> (Checked<&'a str>, Checked<&'a str>) {
    // SAFETY: the caller promises it.
    let first = unsafe { text(first) };
    // SAFETY: the caller promises it.
    (first, unsafe { text(second) })
}

/// A text for people that a library lends, whatever it is.
///
/// # Safety
/// As for [`array`].
unsafe fn lossy(text: Str) -> String {
    // SAFETY: the caller promises it.
    match unsafe { array(text.ptr, text.len) } {
        Ok(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Err(why) => format!("(no text: {why})"),
    }
}

/// Two texts for people that a library lends.
///
/// # Safety
/// As for [`array`].
unsafe fn both_lossy(first: Str, second: Str) -> (String, String) {
    // SAFETY: the caller promises it.
    let first = unsafe { lossy(first) };
    // SAFETY: the caller promises it.
    (first, unsafe { lossy(second) })
}

/// Puts an answer where the library wants it, if it does.
///
/// # Safety
/// The place is null, or one that may be written to.
unsafe fn put<T>(place: *mut T, value: T) {
    if !place.is_null() && place.is_aligned() {
        // SAFETY: the place is aligned and not null, and the caller promises the rest.
        unsafe { place.write(value) };
    }
}
