//! A host that takes what it is given and does nothing with it, so that what is left is the library's own work.

use std::ptr;

use isnad_plugin::abi::{self, Call, Host, Kind, Module, Rc, Str};

/// A worker of a kind whose stage may add rows of the one layer `word`, and documents to lend it.
pub(crate) struct Quiet {
    call: Box<(Call, Host)>,
    kind: Kind,
    stage: *mut abi::Stage,
    worker: *mut abi::Worker,
    documents: Vec<abi::Document>,
    _texts: Vec<String>,
}

impl Quiet {
    /// A worker of the kind of this number.
    pub(crate) fn open(module: *const Module, number: usize, texts: Vec<String>) -> Self {
        let host = Host {
            size: size_of::<Host>() as u32,
            cancelled: Some(cancelled),
            add_rows: Some(add_rows),
            ..Host::EMPTY
        };
        let mut call = Box::new((Call { host: ptr::null() }, host));
        call.0.host = &raw const call.1;
        // SAFETY: a module is constant, and says how many kinds it has.
        let kinds = unsafe { abi::slice((*module).kinds, (*module).n_kinds as usize) };
        // SAFETY: kinds are constant.
        let kind = unsafe { kinds[number].read() };
        let (mut stage, mut worker) = (ptr::null_mut(), ptr::null_mut());
        let (layers, versions) = ([Str::new("word")], [1]);
        let (symbols, stages) = ([Str::EMPTY], [Str::new("rows")]);
        let names = abi::Names {
            size: size_of::<abi::Names>() as u32,
            n_layers: 1,
            n_symbols: 1,
            n_stages: 1,
            layers: layers.as_ptr(),
            versions: versions.as_ptr(),
            symbols: symbols.as_ptr(),
            stages: stages.as_ptr(),
            stage: 0,
            reserved: 0,
        };
        let (create, open) = (kind.create.expect("it is there"), kind.open.expect("it is there"));
        // SAFETY: all is lent as the header says.
        let created = unsafe { create(kinds[number], &raw mut call.0, Str::new("null"), &raw mut stage) };
        assert_eq!(created, abi::OK);
        // SAFETY: as above.
        let opened = unsafe { open(stage, &raw mut call.0, &raw const names, &raw mut worker) };
        assert_eq!(opened, abi::OK);
        let documents = texts.iter().map(|text| document(text)).collect();
        Quiet { call, kind, stage, worker, documents, _texts: texts }
    }

    /// Lends all documents once.
    pub(crate) fn process(&mut self) {
        let process = self.kind.process.expect("it is there");
        let (documents, n) = (self.documents.as_ptr(), self.documents.len());
        // SAFETY: all is lent as the header says.
        assert_eq!(unsafe { process(self.worker, &raw mut self.call.0, documents, n) }, abi::OK);
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        // SAFETY: it was opened, and nobody uses it any longer.
        unsafe { self.kind.close.expect("it is there")(self.worker) };
        // SAFETY: as above.
        unsafe { self.kind.destroy.expect("it is there")(self.stage) };
    }
}

fn document(text: &str) -> abi::Document {
    abi::Document {
        size: size_of::<abi::Document>() as u32,
        title_len: 0,
        id: Str::new("news.jsonl#1"),
        raw: Str::new(text),
        text: Str::new(text),
        segments: ptr::null(),
        layers: ptr::null(),
        arena: Str::EMPTY,
        meta: Str::EMPTY,
        path: Str::new("news.jsonl"),
        record: 1,
        begin: 0,
        end: 4000,
        n_segments: 0,
        n_layers: 0,
        published: 20_260_310,
        reserved: 0,
    }
}

unsafe extern "C" fn cancelled(_: *mut Call) -> i32 {
    0
}

unsafe extern "C" fn add_rows(
    _: *mut Call,
    _: u32,
    _: u32,
    rows: *const abi::Row,
    n: usize,
    first: *mut u32,
) -> Rc {
    // SAFETY: the library lends that many rows.
    std::hint::black_box(unsafe { abi::slice(rows, n) });
    // SAFETY: the library gives a place.
    unsafe { first.write(0) };
    abi::OK
}
