//! What these tests are made with.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;
use std::time::{Duration, Instant};

use isnad_core::{
    Article, Batch, ChainLink, Context, Document, Fate, NoFiles, Plan, Stage, StageError, StageId,
    check_chain,
};
use isnad_loader::{Environment, Limits, Plugins, Program};
use isnad_testkit::snapshot;
use serde_json::Value;

/// What makes this program a process for stages.
pub(crate) const SERVE: &str = "serve";

/// What makes it one that hangs with such a process.
pub(crate) const HANG: &str = "hang";

/// A test and its name.
pub(crate) type Test = (&'static str, fn());

/// The libraries and processes of a test.
pub(crate) fn plugins() -> Plugins {
    Plugins::new(Program::this([SERVE]).unwrap(), folder(""), Environment::default())
}

/// A folder for a test, under the one for the temporary files of all.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("isolation").join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The library of `trap.c`, compiled with these macros.
pub(crate) fn trap(name: &str, macros: &[(&str, &str)]) -> PathBuf {
    let target = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let target =
        if cfg!(target_os = "macos") { format!("{}-apple-darwin", std::env::consts::ARCH) } else { target };
    let source = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut build = cc::Build::new();
    build.target(&target).host(&target).opt_level(1).cargo_metadata(false).pic(true);
    build.include(source.join("../isnad-plugin/include"));
    for (name, value) in macros {
        build.define(name, format!("\"{value}\"").as_str());
    }
    let library = folder(name).join("libtrap.so");
    let mut command = build.get_compiler().to_command();
    // Tests run side by side: what another one may look at is complete.
    let partial = library.with_extension(std::process::id().to_string());
    command.args(["-std=c11", "-D_GNU_SOURCE", "-shared", "-o"]).arg(&partial);
    let output = command.arg(source.join("tests/isolation/trap.c")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    fs::rename(partial, &library).unwrap();
    library
}

/// An isolated stage of the library `trap`.
pub(crate) fn isolated_trap(library: &Path, options: Value, limits: Limits) -> Arc<dyn Stage> {
    plugins().isolate("trap.said", Some(library), &options, limits, &NoFiles).unwrap()
}

/// An isolated stage of those that are built in.
pub(crate) fn isolated(kind: &str, options: Value, limits: Limits) -> Arc<dyn Stage> {
    plugins().isolate(kind, None, &options, limits, &NoFiles).unwrap()
}

/// The articles that these texts are.
pub(crate) fn articles<'t>(texts: impl IntoIterator<Item = &'t str>) -> Vec<Article> {
    let article = |(number, text): (usize, &str)| Article {
        id: format!("a{number}"),
        raw: text.to_owned(),
        ..Article::default()
    };
    texts.into_iter().enumerate().map(article).collect()
}

/// What becomes of articles, in batches of 64 through one worker.
pub(crate) fn run(stage: &dyn Stage, articles: &[Article]) -> Result<Vec<String>, StageError> {
    let plan = plan(stage);
    let mut worker = stage.open(&plan.names)?;
    let cx = Context::new(StageId(0), &plan.grants[0], &RUNNING);
    let mut seen = Vec::new();
    for articles in articles.chunks(64) {
        let mut batch = Batch::new(articles.iter().cloned().map(Document::new).collect());
        worker.process(&mut batch, &cx)?;
        seen.extend(batch.documents().iter().map(|document| shown(document, &plan)));
    }
    worker.finish()?;
    Ok(seen)
}

/// The plan of a chain of one stage.
pub(crate) fn plan(stage: &dyn Stage) -> Plan {
    check_chain(&[ChainLink { id: "tried", contract: stage.contract() }], &|_, _| Vec::new()).unwrap()
}

/// Everything that a stage can do to a document, as text: its failure alone where it has one.
pub(crate) fn shown(document: &Document, plan: &Plan) -> String {
    let mut out = match document.fate() {
        Fate::Failed(error) => return format!("{}: {}", error.code, error.message),
        Fate::Dropped(reason) => format!("dropped: {reason}\n"),
        Fate::Live => String::new(),
    };
    let content = document.content();
    writeln!(out, "{:?} {:?}", content.text(), content.alignment().segments()).unwrap();
    writeln!(out, "{:?}", document.warnings()).unwrap();
    out + &snapshot(document, &plan.names)
}

/// The numbers of the processes that a process has started and that are still there, where the system tells them.
pub(crate) fn children(process: &str) -> Option<String> {
    let tasks = fs::read_dir(format!("/proc/{process}/task")).ok()?;
    let lists = tasks.filter_map(|task| fs::read_to_string(task.ok()?.path().join("children")).ok());
    Some(lists.collect::<Vec<_>>().join("").trim().to_owned())
}

/// Waits until something is so.
#[track_caller]
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < Duration::from_secs(60), "waited in vain: {what}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// Nobody stops these runs.
pub(crate) static RUNNING: AtomicBool = AtomicBool::new(false);
