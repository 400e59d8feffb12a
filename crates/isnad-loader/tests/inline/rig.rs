//! Libraries made of the C files beside this one, and chains of stages to try them in.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use isnad_core::{
    Article, Batch, ChainLink, Context, Document, Names, Plan, Stage, StageError, StageId, Worker,
    check_chain,
};

/// Compiles `source` with these macros into a library.
#[track_caller]
pub(crate) fn compile(name: &str, source: &str, macros: &[&str]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("inline");
    std::fs::create_dir_all(&folder).unwrap();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = format!("{}-unknown-{}-gnu", std::env::consts::ARCH, std::env::consts::OS);
    let compiler =
        cc::Build::new().target(&target).host(&target).opt_level(1).cargo_metadata(false).get_compiler();
    let library = folder.join(format!("lib{name}.so"));
    // The name stands for a finished library, whoever else makes it at the same time.
    let made = folder.join(format!("lib{name}.{}.made", std::process::id()));
    let mut command = Command::new(compiler.path());
    command
        .args([
            "-std=c11",
            "-Wall",
            "-Wextra",
            "-Wno-unused-function",
            "-Wno-unused-const-variable",
            "-Werror",
            "-O1",
            "-shared",
            "-fPIC",
            "-I",
        ])
        .arg(here.join("../isnad-plugin/include"))
        .args(macros.iter().map(|name| format!("-D{name}")))
        .arg("-o")
        .args([&made, &here.join("tests/inline").join(source)]);
    let output = command.output().expect("there is a C compiler; set CC where it has another name");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::rename(made, &library).unwrap();
    library
}

/// Stages in their order, each with its id.
pub(crate) struct Chain<'s> {
    stages: Vec<(&'s str, &'s dyn Stage)>,
    pub(crate) plan: Plan,
}

impl<'s> Chain<'s> {
    #[track_caller]
    pub(crate) fn new(stages: &[(&'s str, &'s Arc<dyn Stage>)]) -> Self {
        let stages: Vec<(&str, &dyn Stage)> = stages.iter().map(|(id, stage)| (*id, &***stage)).collect();
        let links: Vec<ChainLink<'_>> =
            stages.iter().map(|(id, stage)| ChainLink { id, contract: stage.contract() }).collect();
        let plan = check_chain(&links, &|_, _| Vec::new()).unwrap();
        Chain { stages, plan }
    }

    pub(crate) fn names(&self) -> &Arc<Names> {
        &self.plan.names
    }

    /// Opens a worker of each stage.
    #[track_caller]
    pub(crate) fn open(&self) -> Vec<Box<dyn Worker + '_>> {
        self.stages.iter().map(|(_, stage)| stage.open(self.names()).unwrap()).collect()
    }

    /// Takes documents through workers of all stages.
    pub(crate) fn process(
        &self,
        workers: &mut [Box<dyn Worker + '_>],
        documents: Vec<Document>,
    ) -> Result<Batch, StageError> {
        let running = AtomicBool::new(false);
        let mut batch = Batch::new(documents);
        for ((worker, grants), id) in workers.iter_mut().zip(&self.plan.grants).zip(0..) {
            worker.process(&mut batch, &Context::new(StageId(id), grants, &running))?;
        }
        Ok(batch)
    }

    /// The same with workers of their own.
    #[track_caller]
    pub(crate) fn run(&self, texts: &[&str]) -> Vec<Document> {
        let mut workers = self.open();
        let documents = (1u64..).zip(texts).map(|(n, text)| document(n, text)).collect();
        let mut batch = self.process(&mut workers, documents).unwrap();
        for worker in &mut workers {
            worker.finish().unwrap();
        }
        std::mem::take(batch.documents_mut())
    }
}

pub(crate) fn document(number: u64, text: &str) -> Document {
    let meta = serde_json::json!({ "source": "وكالة" });
    Document::new(Article {
        id: format!("n{number}"),
        raw: text.to_owned(),
        meta: meta.as_object().cloned().unwrap_or_default(),
        published: Some(jiff::civil::date(2023, 5, 16)),
        ..Article::default()
    })
}
