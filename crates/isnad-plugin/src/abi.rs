//! The border in Rust: the same structs, in the same order, as `include/isnad.h`, which says what each field
//! means and who owes what to whom. A test compiles the header and compares every size and offset.

use std::ffi::c_void;
use std::marker::{PhantomData, PhantomPinned};
use std::mem::{offset_of, size_of};

use isnad_core as core;

/// What [`Module::magic`] is.
pub const MAGIC: u32 = 0x4E53_4931;
/// The version of the border; a library of another one is refused.
pub const ABI_MAJOR: u32 = 0;
/// What was added to the border since the last major version.
pub const ABI_MINOR: u32 = 1;
/// The oldest minor version whose libraries this host takes.
pub const ABI_MINOR_OLDEST: u32 = 1;
/// The symbol that a library exports, ended by NUL.
pub const ENTRY: &[u8] = b"isnad_module_v0\0";

/// The end of a chain of attrs or links, and a number that is none.
pub const END: u32 = u32::MAX;

/// What a call came to.
pub type Rc = i32;
/// All is well.
pub const OK: Rc = 0;
/// The run cannot go on.
pub const FAILED: Rc = 1;
/// A panic or exception was caught.
pub const PANICKED: Rc = 2;
/// The run was told to stop, and the work was left.
pub const CANCELLED: Rc = 3;
/// The host does not do this.
pub const REFUSED: Rc = 4;

/// Text, not ended by NUL.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Str {
    /// Its first byte; may be null where it is empty.
    pub ptr: *const u8,
    /// Its length in bytes.
    pub len: usize,
}

/// One annotation: as [`core::Row`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
#[expect(missing_docs, reason = "the header has them")]
pub struct Row {
    pub begin: u32,
    pub end: u32,
    pub score: f32,
    pub label: u16,
    pub rule: u16,
    pub stage: u16,
    pub reserved: u16,
}

/// Which row: as [`core::RowRef`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
#[expect(missing_docs, reason = "the header has them")]
pub struct Ref {
    pub index: u32,
    pub layer: u16,
    pub reserved: u16,
}

/// A value on a row: as [`core::Attr`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
#[expect(missing_docs, reason = "the header has them")]
pub struct Attr {
    pub row: u32,
    pub value_at: u32,
    pub value_len: u32,
    pub next: u32,
    pub key: u16,
    pub stage: u16,
}

/// A reference from a row to another one: as [`core::Link`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
#[expect(missing_docs, reason = "the header has them")]
pub struct Link {
    pub row: u32,
    pub to: Ref,
    pub next: u32,
    pub key: u16,
    pub stage: u16,
}

/// The newest attr and link of a row: as [`core::Heads`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
#[expect(missing_docs, reason = "the header has them")]
pub struct Heads {
    pub attr: u32,
    pub link: u32,
}

/// The rows of a layer, and what hangs on them.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
#[expect(missing_docs, reason = "the header has them")]
pub struct Layer {
    pub rows: *const Row,
    pub attrs: *const Attr,
    pub links: *const Link,
    pub heads: *const Heads,
    pub n_rows: u32,
    pub n_attrs: u32,
    pub n_links: u32,
    pub reserved: u32,
}

/// A stretch of the text and the stretch of the raw text it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
#[expect(missing_docs, reason = "the header has them")]
pub struct Segment {
    pub begin: u32,
    pub end: u32,
    pub raw_begin: u32,
    pub raw_end: u32,
    pub kind: u32,
}

/// What [`Segment::kind`] and [`Edit::kind`] may be.
#[expect(missing_docs, reason = "the header has them")]
pub mod kind {
    pub const SAME: u32 = 0;
    pub const REPLACE: u32 = 1;
    pub const DELETE: u32 = 2;
    pub const DELETE_BEFORE: u32 = 3;
    pub const DELETE_BEHIND: u32 = 4;
    pub const REVERSE: u32 = 5;
    pub const WITHHOLD: u32 = 6;
}

/// One edit of the text.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
#[expect(missing_docs, reason = "the header has them")]
pub struct Edit {
    pub begin: u32,
    pub end: u32,
    pub kind: u32,
    pub reserved: u32,
    pub with: Str,
}

/// A value for a row.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
#[expect(missing_docs, reason = "the header has them")]
pub struct NewAttr {
    pub row: u32,
    pub key: u16,
    pub reserved: u16,
    pub value: Str,
}

/// A reference from a row to another one.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
#[expect(missing_docs, reason = "the header has them")]
pub struct NewLink {
    pub row: u32,
    pub key: u16,
    pub reserved: u16,
    pub to: Ref,
}

/// An article, as far as the stage may see it.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
#[expect(missing_docs, reason = "the header has them")]
pub struct Document {
    pub size: u32,
    pub title_len: u32,
    pub id: Str,
    pub raw: Str,
    pub text: Str,
    pub segments: *const Segment,
    pub layers: *const Layer,
    pub arena: Str,
    pub meta: Str,
    pub path: Str,
    pub record: u64,
    pub begin: u64,
    pub end: u64,
    pub n_segments: u32,
    pub n_layers: u32,
    pub published: u32,
    pub reserved: u32,
}

/// The names of the plan, by their numbers.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
#[expect(missing_docs, reason = "the header has them")]
pub struct Names {
    pub size: u32,
    pub n_layers: u32,
    pub n_symbols: u32,
    pub n_stages: u32,
    pub layers: *const Str,
    pub versions: *const u16,
    pub symbols: *const Str,
    pub stages: *const Str,
    pub stage: u32,
    pub reserved: u32,
}

/// A value out of a JSON text.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
#[expect(missing_docs, reason = "the header has them")]
pub struct Value {
    pub kind: u32,
    pub count: u32,
    pub integer: i64,
    pub number: f64,
    pub text: Str,
}

/// What [`Value::kind`] may be.
#[expect(missing_docs, reason = "the header has them")]
pub mod value {
    pub const ABSENT: u32 = 0;
    pub const NULL: u32 = 1;
    pub const BOOLEAN: u32 = 2;
    pub const INTEGER: u32 = 3;
    pub const NUMBER: u32 = 4;
    pub const STRING: u32 = 5;
    pub const ARRAY: u32 = 6;
    pub const OBJECT: u32 = 7;
}

/// The levels of messages.
#[expect(missing_docs, reason = "the header has them")]
pub mod level {
    pub const ERROR: u32 = 1;
    pub const WARN: u32 = 2;
    pub const INFO: u32 = 3;
    pub const DEBUG: u32 = 4;
    pub const TRACE: u32 = 5;
}

macro_rules! opaque {
    ($($(#[$doc:meta])* $name:ident),*) => {$(
        $(#[$doc])*
        #[repr(C)]
        pub struct $name {
            nothing: [u8; 0],
            stays_with_its_owner: PhantomData<(*mut u8, PhantomPinned)>,
        }
    )*};
}

opaque! {
    /// A file being written: the host's.
    Output,
    /// A configured stage: the library's.
    Stage,
    /// One thread's hold on a stage: the library's.
    Worker,
    /// What receives what the workers wrote: the library's.
    Sink
}

/// What belongs to one call into the library; the host has more behind it.
#[derive(Debug)]
#[repr(C)]
pub struct Call {
    /// What the host does for libraries.
    pub host: *const Host,
}

/// What the host does for libraries.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
#[expect(missing_docs, reason = "the header has them")]
pub struct Host {
    pub size: u32,
    pub abi_major: u32,
    pub abi_minor: u32,
    pub log_level: u32,
    pub log: Option<unsafe extern "C" fn(*const Host, u32, Str, Str)>,
    pub get_extension: Option<unsafe extern "C" fn(*const Host, Str) -> *const c_void>,
    pub error: Option<unsafe extern "C" fn(*mut Call, Str)>,
    pub cancelled: Option<unsafe extern "C" fn(*mut Call) -> i32>,
    pub json: Option<unsafe extern "C" fn(*mut Call, Str, Str) -> Value>,
    pub option_error: Option<unsafe extern "C" fn(*mut Call, Str, Str)>,
    pub read_file: Option<unsafe extern "C" fn(*mut Call, Str, *mut Str) -> Rc>,
    pub add_rows: Option<unsafe extern "C" fn(*mut Call, u32, u32, *const Row, usize, *mut u32) -> Rc>,
    pub add_attrs: Option<unsafe extern "C" fn(*mut Call, u32, u32, *const NewAttr, usize) -> Rc>,
    pub add_links: Option<unsafe extern "C" fn(*mut Call, u32, u32, *const NewLink, usize) -> Rc>,
    pub edit: Option<unsafe extern "C" fn(*mut Call, u32, *const Edit, usize) -> Rc>,
    pub fail: Option<unsafe extern "C" fn(*mut Call, u32, Str, Str) -> Rc>,
    pub drop: Option<unsafe extern "C" fn(*mut Call, u32, Str) -> Rc>,
    pub warn: Option<unsafe extern "C" fn(*mut Call, u32, Str, Str) -> Rc>,
    pub write: Option<unsafe extern "C" fn(*mut Call, Str) -> Rc>,
    pub create_file: Option<unsafe extern "C" fn(*mut Call, Str, *mut *mut Output) -> Rc>,
    pub write_file: Option<unsafe extern "C" fn(*mut Call, *mut Output, Str) -> Rc>,
    pub finish_file: Option<unsafe extern "C" fn(*mut Call, *mut Output) -> Rc>,
}

/// A kind of stage.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
#[expect(missing_docs, reason = "the header has them")]
pub struct Kind {
    pub size: u32,
    pub reserved: u32,
    pub name: Str,
    pub about: Str,
    pub docs: Str,
    pub schema: Str,
    pub examples: Str,
    pub create: Option<unsafe extern "C" fn(*const Kind, *mut Call, Str, *mut *mut Stage) -> Rc>,
    pub contract: Option<unsafe extern "C" fn(*mut Stage) -> Str>,
    pub open: Option<unsafe extern "C" fn(*mut Stage, *mut Call, *const Names, *mut *mut Worker) -> Rc>,
    pub process: Option<unsafe extern "C" fn(*mut Worker, *mut Call, *const Document, usize) -> Rc>,
    pub finish: Option<unsafe extern "C" fn(*mut Worker, *mut Call) -> Rc>,
    pub close: Option<unsafe extern "C" fn(*mut Worker)>,
    pub destroy: Option<unsafe extern "C" fn(*mut Stage)>,
    pub open_sink: Option<unsafe extern "C" fn(*mut Stage, *mut Call, *mut *mut Sink) -> Rc>,
    pub commit: Option<unsafe extern "C" fn(*mut Sink, *mut Call, Str) -> Rc>,
    pub finish_sink: Option<unsafe extern "C" fn(*mut Sink, *mut Call) -> Rc>,
    pub close_sink: Option<unsafe extern "C" fn(*mut Sink)>,
    pub get_extension: Option<unsafe extern "C" fn(*const Kind, Str) -> *const c_void>,
}

/// What a library is.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
#[expect(missing_docs, reason = "the header has them")]
pub struct Module {
    pub magic: u32,
    pub size: u32,
    pub abi_major: u32,
    pub abi_minor: u32,
    pub abi_minor_needed: u32,
    pub row_size: u32,
    pub attr_size: u32,
    pub link_size: u32,
    pub document_size: u32,
    pub n_kinds: u32,
    pub version: Str,
    pub built_with: Str,
    pub kinds: *const *const Kind,
    pub init: Option<unsafe extern "C" fn(*const Host) -> Rc>,
}

/// The one function that a library exports, under the name [`ENTRY`].
pub type Entry = unsafe extern "C" fn() -> *const Module;

impl Host {
    /// A host that can do nothing: what a table is before it is filled.
    pub const EMPTY: Host = Host {
        size: 0,
        abi_major: 0,
        abi_minor: 0,
        log_level: 0,
        log: None,
        get_extension: None,
        error: None,
        cancelled: None,
        json: None,
        option_error: None,
        read_file: None,
        add_rows: None,
        add_attrs: None,
        add_links: None,
        edit: None,
        fail: None,
        drop: None,
        warn: None,
        write: None,
        create_file: None,
        write_file: None,
        finish_file: None,
    };
}

impl Str {
    /// No text.
    pub const EMPTY: Str = Str { ptr: std::ptr::null(), len: 0 };

    /// Text that is lent.
    pub const fn new(text: &str) -> Self {
        Str { ptr: text.as_ptr(), len: text.len() }
    }

    /// Bytes that are lent.
    pub const fn of_bytes(bytes: &[u8]) -> Self {
        Str { ptr: bytes.as_ptr(), len: bytes.len() }
    }

    /// The bytes that are lent.
    ///
    /// # Safety
    /// `len` bytes can be read at `ptr` for as long as `'a`, and nobody writes there; or it is empty.
    pub unsafe fn bytes<'a>(self) -> &'a [u8] {
        // SAFETY: the caller promises it.
        unsafe { slice(self.ptr, self.len) }
    }

    /// The text that is lent, or `None` where it is not UTF-8.
    ///
    /// # Safety
    /// As for [`bytes`](Str::bytes).
    pub unsafe fn text<'a>(self) -> Option<&'a str> {
        // SAFETY: the caller promises it.
        std::str::from_utf8(unsafe { self.bytes() }).ok()
    }
}

/// An array that is lent; a null pointer is an empty one.
///
/// # Safety
/// `len` values can be read at `ptr` for as long as `'a`, and nobody writes there; or `ptr` is null or `len` 0.
pub unsafe fn slice<'a, T>(ptr: *const T, len: usize) -> &'a [T] {
    if ptr.is_null() || len == 0 || !ptr.is_aligned() || len > isize::MAX as usize / size_of::<T>().max(1) {
        return &[];
    }
    // SAFETY: the pointer is aligned and not null, the length is possible, and the caller promises the rest.
    unsafe { std::slice::from_raw_parts(ptr, len) }
}

macro_rules! same_layout {
    ($($ours:ty = $core:ty { $($field:ident: $there:ident),* }),* $(,)?) => {
        const _: () = {$(
            assert!(size_of::<$ours>() == size_of::<$core>() && align_of::<$ours>() == align_of::<$core>());
            $(assert!(offset_of!($ours, $field) == offset_of!($core, $there));)*
        )*};
    };
}

// Tables are lent as they lie: what core has and what the header says are the same bytes.
same_layout! {
    Row = core::Row { begin: span, score: score, label: label, rule: rule, stage: stage },
    Ref = core::RowRef { index: index, layer: layer },
    Attr = core::Attr { row: row, value_at: value_at, value_len: value_len, next: next, key: key, stage: stage },
    Link = core::Link { row: row, to: to, next: next, key: key, stage: stage },
    Heads = core::Heads { attr: attr, link: link },
}
