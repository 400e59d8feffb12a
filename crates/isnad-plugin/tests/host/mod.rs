//! A small host for tests: it takes a module as it is exported, and makes stages of its kinds that lend real
//! documents and apply what is handed over. It checks little; the loader is the one that does. Its documents and
//! its table are longer than the library knows them, as those of a newer minor version are.

#![allow(dead_code, reason = "each program that includes it uses another part")]

mod table;

use std::ptr;
use std::sync::Arc;

use isnad_core::{
    Batch, Context, Contract, DocError, Document, Files, LayerId, Names, OptionError, Output, RowRef, Sink,
    Span, Stage, StageError, StageErrorKind, Sym, Worker,
};
use isnad_plugin::abi::{self, Kind, Module, Rc, Str};
use isnad_plugin::day_to_number;
use isnad_testkit::MemoryFiles;

use table::{Behind, Handed};
pub(crate) use table::{EMPTY, HOST, LOG};

/// A library as the host sees it.
pub(crate) struct Library {
    pub(crate) module: Module,
    kinds: Vec<*const Kind>,
}

// SAFETY: what a library describes is constant.
unsafe impl Sync for Library {}
// SAFETY: as above.
unsafe impl Send for Library {}

/// A stage of a library.
pub(crate) struct Loaded {
    kind: Kind,
    stage: *mut abi::Stage,
    contract: Contract,
}

// SAFETY: the functions of a kind may be called on any thread, and the kinds are constant.
unsafe impl Send for Loaded {}
// SAFETY: as above.
unsafe impl Sync for Loaded {}

impl Library {
    /// Takes a module and initialises it; `Err` is what `init` came to.
    pub(crate) fn open(module: *const Module) -> Result<Self, Rc> {
        // SAFETY: the module is as `export!` makes it.
        let module = unsafe { module.read() };
        // SAFETY: the table lives for ever.
        let rc = module.init.map_or(abi::OK, |init| unsafe { init(&raw const HOST.0) });
        // SAFETY: the module says how many kinds it has.
        let kinds = unsafe { abi::slice(module.kinds, module.n_kinds as usize) }.to_vec();
        if rc == abi::OK { Ok(Library { module, kinds }) } else { Err(rc) }
    }

    /// The kind of this name.
    pub(crate) fn kind(&self, name: &str) -> (*const Kind, Kind) {
        let kinds = self.kinds.iter().map(|&kind| {
            // SAFETY: kinds are constant.
            (kind, unsafe { kind.read() })
        });
        // SAFETY: names of kinds are constant.
        kinds
            .into_iter()
            .find(|(_, kind)| unsafe { kind.name.text() } == Some(name))
            .expect("there is such a kind")
    }

    /// Makes a stage.
    pub(crate) fn create(
        &self,
        name: &str,
        options: &str,
        files: &dyn Files,
    ) -> Result<Loaded, Vec<OptionError>> {
        let (at, kind) = self.kind(name);
        let mut behind = Behind::new(&|| false);
        behind.files = Some(files);
        let mut stage = ptr::null_mut();
        let create = kind.create.expect("it is there");
        // SAFETY: all is lent as the header says.
        let rc = unsafe { create(at, behind.call(), Str::new(options), &raw mut stage) };
        if rc != abi::OK {
            let message = behind.errors.join("; ");
            let said = (!message.is_empty()).then(|| OptionError::new("", format!("{rc}: {message}")));
            return Err(behind.option_errors.into_iter().chain(said).collect());
        }
        // SAFETY: the stage was made just now, and what it answers lives as long.
        let json = unsafe { kind.contract.expect("it is there")(stage).text() }.expect("JSON is UTF-8");
        Ok(Loaded { kind, stage, contract: serde_json::from_str(json).expect("a contract") })
    }
}

impl Drop for Loaded {
    fn drop(&mut self) {
        // SAFETY: it was made by this kind, and nobody uses it any longer.
        unsafe { self.kind.destroy.expect("it is there")(self.stage) }
    }
}

impl Stage for Loaded {
    fn contract(&self) -> &Contract {
        &self.contract
    }

    fn open(&self, names: &Arc<Names>) -> Result<Box<dyn Worker + '_>, StageError> {
        let layers: Vec<Str> = names.layers().map(|(_, info)| Str::new(&info.name)).collect();
        let versions: Vec<u16> = names.layers().map(|(_, info)| info.version).collect();
        let symbols: Vec<Str> = names.symbols().iter().map(|name| Str::new(name)).collect();
        let stages: Vec<Str> = names.stages().iter().map(|name| Str::new(name)).collect();
        let lent = abi::Names {
            size: size_of::<abi::Names>() as u32,
            n_layers: layers.len() as u32,
            n_symbols: symbols.len() as u32,
            n_stages: stages.len() as u32,
            layers: layers.as_ptr(),
            versions: versions.as_ptr(),
            symbols: symbols.as_ptr(),
            stages: stages.as_ptr(),
            stage: abi::END,
            reserved: 0,
        };
        let (mut behind, mut worker) = (Behind::new(&|| false), ptr::null_mut());
        let open = self.kind.open.expect("it is there");
        // SAFETY: all is lent as the header says.
        let rc = unsafe { open(self.stage, behind.call(), &raw const lent, &raw mut worker) };
        behind.outcome(rc)?;
        Ok(Box::new(LoadedWorker { stage: self, names: names.clone(), worker }))
    }

    fn sink(&self, files: &dyn Files) -> Result<Option<Box<dyn Sink>>, StageError> {
        let mut sink = LoadedSink { kind: self.kind, sink: ptr::null_mut(), outputs: Vec::new() };
        let mut behind = Behind::new(&|| false);
        (behind.files, behind.outputs) = (Some(files), Some(&mut sink.outputs));
        // SAFETY: all is lent as the header says.
        let rc = unsafe {
            self.kind.open_sink.expect("it is there")(self.stage, behind.call(), &raw mut sink.sink)
        };
        behind.outcome(rc)?;
        Ok(if sink.sink.is_null() { None } else { Some(Box::new(sink)) })
    }
}

struct LoadedWorker<'s> {
    stage: &'s Loaded,
    names: Arc<Names>,
    /// Null after a panic.
    worker: *mut abi::Worker,
}

impl Worker for LoadedWorker<'_> {
    fn process(&mut self, batch: &mut Batch, cx: &Context<'_>) -> Result<(), StageError> {
        let is_cancelled = || cx.is_cancelled();
        let mut behind = Behind::new(&is_cancelled);
        let rc = {
            let lent = Lent::of(batch, cx, &self.names);
            behind
                .rows
                .extend(lent.layers.iter().map(|layers| layers.iter().map(|layer| layer.n_rows).collect()));
            let process = self.stage.kind.process.expect("it is there");
            // SAFETY: all is lent as the header says.
            unsafe {
                process(self.worker, behind.call(), lent.documents.as_ptr().cast(), lent.documents.len())
            }
        };
        if rc == abi::PANICKED {
            // It is not closed.
            self.worker = ptr::null_mut();
            std::panic::resume_unwind(Box::new(behind.errors.join("; ")));
        }
        behind.outcome(rc)?;
        let (_, chunk) = batch.chunk(cx);
        chunk.append(&mut behind.written);
        let mut live: Vec<&mut Document> = batch.live_mut().collect();
        for handed in behind.handed {
            apply(&mut live, cx, &handed)?;
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), StageError> {
        let mut behind = Behind::new(&|| false);
        let Some(finish) = self.stage.kind.finish.filter(|_| !self.worker.is_null()) else { return Ok(()) };
        // SAFETY: the worker was opened and not closed.
        let rc = unsafe { finish(self.worker, behind.call()) };
        behind.outcome(rc)
    }
}

impl Drop for LoadedWorker<'_> {
    fn drop(&mut self) {
        if !self.worker.is_null() {
            // SAFETY: the worker was opened, and nobody uses it any longer.
            unsafe { self.stage.kind.close.expect("it is there")(self.worker) }
        }
    }
}

/// Documents as they are lent, and what they point to.
struct Lent {
    documents: Vec<Longer>,
    layers: Vec<Vec<abi::Layer>>,
    segments: Vec<Vec<abi::Segment>>,
    metas: Vec<String>,
}

/// A document of a newer minor version.
#[repr(C)]
struct Longer(abi::Document, u64);

impl Lent {
    fn of(batch: &mut Batch, cx: &Context<'_>, names: &Names) -> Self {
        let mut lent =
            Lent { documents: Vec::new(), layers: Vec::new(), segments: Vec::new(), metas: Vec::new() };
        for document in batch.live_mut() {
            let shown = document.shown(cx.grants(), names.layer_count() as u16);
            let none = abi::Layer {
                rows: ptr::null(),
                attrs: ptr::null(),
                links: ptr::null(),
                heads: ptr::null(),
                n_rows: 0,
                n_attrs: 0,
                n_links: 0,
                reserved: 0,
            };
            let mut layers = vec![none; names.layer_count()];
            for (LayerId(at), tables) in shown.layers.clone() {
                layers[at as usize] = abi::Layer {
                    rows: tables.rows.as_ptr().cast(),
                    attrs: tables.attrs.as_ptr().cast(),
                    links: tables.links.as_ptr().cast(),
                    heads: tables.heads.as_ptr().cast(),
                    n_rows: tables.rows.len() as u32,
                    n_attrs: tables.attrs.len() as u32,
                    n_links: tables.links.len() as u32,
                    reserved: 0,
                };
            }
            let segments: Vec<abi::Segment> = match shown.text {
                Some(_) => shown.alignment.iter().map(abi::Segment::of).collect(),
                None => Vec::new(),
            };
            let meta = shown.meta.map(|meta| serde_json::to_string(meta).expect("JSON")).unwrap_or_default();
            lent.documents.push(Longer(
                abi::Document {
                    size: size_of::<Longer>() as u32,
                    title_len: shown.title_len as u32,
                    id: Str::new(shown.id),
                    raw: Str::new(shown.raw),
                    text: Str::new(shown.text.unwrap_or(shown.raw)),
                    segments: segments.as_ptr(),
                    layers: layers.as_ptr(),
                    arena: Str::new(shown.arena),
                    meta: Str::new(&meta),
                    path: Str::new(shown.path.unwrap_or_default()),
                    record: shown.record,
                    begin: shown.bytes.0,
                    end: shown.bytes.1,
                    n_segments: segments.len() as u32,
                    n_layers: layers.len() as u32,
                    published: day_to_number(shown.published),
                    reserved: 0,
                },
                u64::MAX,
            ));
            // What vectors hold stays where it is when they move.
            lent.layers.push(layers);
            lent.segments.push(segments);
            lent.metas.push(meta);
        }
        lent
    }
}

/// Does to a document what was handed over for it.
fn apply(documents: &mut [&mut Document], cx: &Context<'_>, handed: &Handed) -> Result<(), StageError> {
    let (Handed::Edits(at, ..)
    | Handed::Rows(at, ..)
    | Handed::Attr(at, ..)
    | Handed::Link(at, ..)
    | Handed::Fail(at, ..)
    | Handed::Drop(at, ..)
    | Handed::Warn(at, ..)) = handed;
    let document = &mut *documents[*at as usize];
    let bad = |error: &dyn std::fmt::Display| StageError::new(StageErrorKind::Bug, error.to_string());
    match handed {
        Handed::Edits(_, edits) => document
            .edit(cx, |_, made| {
                edits.iter().try_for_each(|(edit, with)| {
                    let kind = edit.kind_to_core().expect("the SDK knows the kinds");
                    made.make(&isnad_core::Edit { range: edit.begin as usize..edit.end as usize, kind, with })
                })
            })
            .map_err(|error| bad(&error)),
        Handed::Rows(_, layer, rows) => {
            let (_, mut annotator) = document.annotate(cx);
            rows.iter().try_for_each(|row| {
                let span = Span { begin: row.begin, end: row.end };
                let row = annotator.add(LayerId(*layer), span, Sym(row.label), Sym(row.rule), row.score);
                row.map(drop).map_err(|error| bad(&error))
            })
        }
        Handed::Attr(_, layer, attr, value) => {
            let row = RowRef { index: attr.row, layer: LayerId(*layer) };
            document.annotate(cx).1.attr(row, Sym(attr.key), value).map_err(|error| bad(&error))
        }
        Handed::Link(_, layer, link) => {
            let row = RowRef { index: link.row, layer: LayerId(*layer) };
            let to = RowRef { index: link.to.index, layer: LayerId(link.to.layer) };
            document.annotate(cx).1.link(row, Sym(link.key), to).map_err(|error| bad(&error))
        }
        Handed::Fail(_, code, message) => {
            document.fail(DocError::new(code.clone(), message));
            Ok(())
        }
        Handed::Drop(_, reason) => {
            document.drop_for(reason.clone());
            Ok(())
        }
        Handed::Warn(_, code, message) => {
            document.warn(code.clone(), message);
            Ok(())
        }
    }
}

struct LoadedSink {
    kind: Kind,
    sink: *mut abi::Sink,
    outputs: Vec<Box<dyn Output>>,
}

// SAFETY: a sink is used by one thread at a time.
unsafe impl Send for LoadedSink {}

impl Sink for LoadedSink {
    fn commit(&mut self, chunk: Vec<u8>) -> Result<(), StageError> {
        let mut behind = Behind::new(&|| false);
        behind.outputs = Some(&mut self.outputs);
        // SAFETY: the sink was opened and not closed.
        let rc = unsafe {
            self.kind.commit.expect("it is there")(self.sink, behind.call(), Str::of_bytes(&chunk))
        };
        behind.outcome(rc)
    }

    fn finish(&mut self) -> Result<(), StageError> {
        let mut behind = Behind::new(&|| false);
        behind.outputs = Some(&mut self.outputs);
        // SAFETY: the sink was opened and not closed.
        let rc = unsafe { self.kind.finish_sink.expect("it is there")(self.sink, behind.call()) };
        behind.outcome(rc)
    }
}

impl Drop for LoadedSink {
    fn drop(&mut self) {
        // SAFETY: the sink was opened, and nobody uses it any longer.
        unsafe { self.kind.close_sink.expect("it is there")(self.sink) }
    }
}

/// No file at all.
pub(crate) fn no_files() -> MemoryFiles {
    MemoryFiles::default()
}
