//! What this crate's tests share: folders, toy stages, and a run in memory.

use std::collections::{BTreeMap, HashSet};
use std::io::{self, Cursor, Write};
use std::num::NonZeroUsize;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use isnad_core::{
    Batch, ByteSink, ChainLink, Context, Contract, DocError, Files, LayerId, Names, Output, Sink, SinkKind,
    Span, Stage, StageError, Sym, Worker, Writes, check_chain, per_doc,
};

use crate::{
    Format, Host, InputSpec, Inputs, NoProgress, OnError, Pipeline, PreparedStage, Report, RunError,
    RunOptions, run,
};

/// A folder of one test, which goes with it.
pub(crate) struct Folder(PathBuf);

/// An empty folder of this test.
pub(crate) fn folder(name: &str) -> Folder {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("isnad-runner-{}-{name}-{number}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("the folder for temporary files can be written");
    Folder(folder)
}

impl Deref for Folder {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left behind is in the folder for temporary files.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A pipeline of these stages: id, what to do with documents that fail, the stage.
pub(crate) fn pipeline(stages: Vec<(&str, OnError, Arc<dyn Stage>)>) -> Pipeline {
    let chain: Vec<ChainLink<'_>> =
        stages.iter().map(|(id, _, stage)| ChainLink { id, contract: stage.contract() }).collect();
    let plan = check_chain(&chain, &|_, _| Vec::new()).expect("the toy stages fit");
    let stages = stages
        .into_iter()
        .map(|(id, on_error, stage)| PreparedStage {
            id: id.into(),
            kind: format!("toy.{id}"),
            on_error,
            stage,
        })
        .collect();
    Pipeline { input: InputSpec::default(), stages, switched_off: Vec::new(), plan }
}

/// Marks every «قال».
pub(crate) fn said() -> Arc<dyn Stage> {
    let contract = Contract::new().writes(Writes::rows("said", 1));
    let open = |names: &Arc<Names>| names.layer("said").ok_or_else(|| StageError::undeclared("said"));
    Arc::new(per_doc(contract, open, |said: &mut LayerId, document, cx| {
        let (content, mut rows) = document.annotate(cx);
        for (at, word) in content.text().match_indices("قال") {
            rows.add(*said, Span::new(at, at + word.len()), Sym::NONE, Sym::NONE, 1.0)?;
        }
        Ok(())
    }))
}

/// Marks the first code point of each document, then panics on «سم» and fails on «خطأ».
pub(crate) fn touchy() -> Arc<dyn Stage> {
    let contract = Contract::new().writes(Writes::rows("first", 1));
    let open = |names: &Arc<Names>| names.layer("first").ok_or_else(|| StageError::undeclared("first"));
    Arc::new(per_doc(contract, open, |first: &mut LayerId, document, cx| {
        let (content, mut rows) = document.annotate(cx);
        let text = content.text().to_owned();
        if let Some(letter) = text.chars().next() {
            rows.add(*first, Span::new(0, letter.len_utf8()), Sym::NONE, Sym::NONE, 1.0)?;
        }
        assert!(!text.contains("سم"), "poison in {}", document.content().id());
        if text.contains("خطأ") {
            return Err(DocError::new("wrong", "it says «خطأ»"));
        }
        Ok(())
    }))
}

/// Drops texts that came before: needs input order.
pub(crate) fn once() -> Arc<dyn Stage> {
    let contract = Contract::new().drops_documents().in_input_order();
    Arc::new(per_doc(
        contract,
        |_| Ok(HashSet::new()),
        |seen: &mut HashSet<String>, document, _| {
            if !seen.insert(document.content().text().to_owned()) {
                document.drop_for("came before");
            }
            Ok(())
        },
    ))
}

/// Writes `id|text|rows` lines; panics on «سيئ» as a broken exporter would, in the middle of a line.
pub(crate) struct Lines {
    contract: Contract,
    path: &'static str,
}

pub(crate) fn lines(path: &'static str) -> Arc<dyn Stage> {
    Arc::new(Lines { contract: Contract::new().sink(SinkKind::Documents), path })
}

impl Stage for Lines {
    fn contract(&self) -> &Contract {
        &self.contract
    }

    fn open(&self, names: &Arc<Names>) -> Result<Box<dyn Worker + '_>, StageError> {
        Ok(Box::new(LinesWorker { names: names.clone() }))
    }

    fn sink(&self, files: &dyn Files) -> Result<Option<Box<dyn Sink>>, StageError> {
        Ok(Some(Box::new(ByteSink::create(files, self.path)?)))
    }
}

struct LinesWorker {
    names: Arc<Names>,
}

impl Worker for LinesWorker {
    fn process(&mut self, batch: &mut Batch, cx: &Context<'_>) -> Result<(), StageError> {
        let (documents, out) = batch.chunk(cx);
        for document in documents {
            let content = document.content();
            write!(out, "{}|{}|", content.id(), content.text()).expect("memory can be written");
            assert!(!content.text().contains("سيئ"), "cannot write this");
            for (layer, info) in self.names.layers() {
                for row in document.tables().rows(layer) {
                    write!(out, " {}:{}", info.name, row.span.begin).expect("memory can be written");
                }
            }
            out.push(b'\n');
        }
        Ok(())
    }
}

/// What a run in memory came to.
pub(crate) struct Outcome {
    pub(crate) result: Result<Report, RunError>,
    pub(crate) out: String,
    pub(crate) quarantine: String,
    /// How often outputs were completed.
    pub(crate) finished: usize,
}

/// Runs a pipeline on JSON lines given as standard input. Panics of stages stay silent.
pub(crate) fn run_jsonl(pipeline: &Pipeline, input: &str, threads: usize, batch: usize) -> Outcome {
    let options = RunOptions {
        threads: NonZeroUsize::new(threads).expect("a test runs on a thread"),
        batch: NonZeroUsize::new(batch).expect("a batch holds a document"),
        ..RunOptions::default()
    };
    run_with(pipeline, input, &options, &Arc::default())
}

pub(crate) fn run_with(
    pipeline: &Pipeline,
    input: &str,
    options: &RunOptions,
    cancelled: &Arc<AtomicBool>,
) -> Outcome {
    quiet();
    let memory = Memory::default();
    let inputs =
        Inputs::find(&["-".to_owned()], Path::new(""), Some(Format::Jsonl)).expect("`-` is always there");
    let inputs = inputs.with_stdin(Cursor::new(input.to_owned()));
    let host = Host {
        reproduce: &|_| None,
        files: &memory,
        quarantine: &|| Ok(("quarantine".to_owned(), memory.create("quarantine")?)),
        progress: &mut NoProgress,
        cancelled,
    };
    let result = run(pipeline, inputs, options, host);
    Outcome {
        result,
        out: memory.text("out"),
        quarantine: memory.text("quarantine"),
        finished: memory.finished.load(Ordering::Relaxed),
    }
}

/// Records `{"id": …, "text": …}` numbered from 0.
pub(crate) fn records<T: AsRef<str>>(texts: &[T]) -> String {
    let record =
        |(id, text): (usize, &T)| serde_json::json!({ "id": id, "text": text.as_ref() }).to_string() + "\n";
    texts.iter().enumerate().map(record).collect()
}

fn quiet() {
    use std::sync::Once;
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !crate::panic_is_contained() {
                before(panic);
            }
        }));
    });
}

#[derive(Default)]
struct Memory {
    files: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    finished: Arc<AtomicUsize>,
}

impl Memory {
    fn text(&self, name: &str) -> String {
        let files = self.files.lock().expect("no test panics while it holds this");
        String::from_utf8(files.get(name).cloned().unwrap_or_default()).expect("tests write text")
    }
}

impl Files for Memory {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        Ok(self.text(path).into_bytes())
    }

    fn create(&self, path: &str) -> io::Result<Box<dyn Output>> {
        Ok(Box::new(MemoryOutput {
            name: path.into(),
            files: self.files.clone(),
            finished: self.finished.clone(),
        }))
    }
}

struct MemoryOutput {
    name: String,
    files: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    finished: Arc<AtomicUsize>,
}

impl Write for MemoryOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut files = self.files.lock().expect("no test panics while it holds this");
        files.entry(self.name.clone()).or_default().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Output for MemoryOutput {
    fn finish(&mut self) -> io::Result<()> {
        self.finished.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    fn checkpoint(&mut self) -> io::Result<Option<u64>> {
        Ok(None)
    }

    fn restore(&mut self, _: u64) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
