//! What the border costs a document: batches of 64 articles of 3.6 KB through a stage in C and through the same one
//! built in. `taking_back` is what each measurement contains for making the documents what they were.
//!
//! In one run (2 shared cores, without LTO), nanoseconds a document, median and fastest: taking back 11, nothing in C 61
//! (border 50), ten rows built in 225 (218), in C with one call 910 (727), with ten calls 920 (915). So the border costs
//! 0.5 to 0.7 microseconds for ten rows.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use divan::Bencher;
use divan::counter::ItemsCount;
use isnad_core::{
    Article, Batch, ChainLink, Context, Contract, Document, NoFiles, Span, Stage, StageError, StageId, Sym,
    Writes, check_chain, per_doc,
};
use isnad_loader::Library;
use serde_json::json;

const DOCUMENTS: usize = 64;

fn main() {
    divan::main();
}

#[divan::bench]
fn taking_back(bencher: Bencher<'_, '_>) {
    bench(bencher, &Arc::new(per_doc(Contract::new(), |_| Ok(()), |(), _, _| Ok(()))));
}

#[divan::bench]
fn nothing_in_c(bencher: Bencher<'_, '_>) {
    bench(bencher, &loaded("bench.nothing", false));
}

#[divan::bench]
fn ten_rows_built_in(bencher: Bencher<'_, '_>) {
    let stage = per_doc(
        Contract::new().writes(Writes::rows("word", 1)),
        |names| names.layer("word").ok_or_else(|| StageError::undeclared("word")),
        |word, document, cx| {
            let (content, mut hand) = document.annotate(cx);
            let mut begin = 0;
            for (at, _) in content.text().match_indices(' ').take(10) {
                hand.add(*word, Span::new(begin, at), Sym::NONE, Sym::NONE, 1.0)?;
                begin = at + 1;
            }
            Ok(())
        },
    );
    bench(bencher, &Arc::new(stage));
}

#[divan::bench]
fn ten_rows_in_c(bencher: Bencher<'_, '_>) {
    bench(bencher, &loaded("bench.ten", false));
}

#[divan::bench]
fn ten_rows_in_c_one_by_one(bencher: Bencher<'_, '_>) {
    bench(bencher, &loaded("bench.ten", true));
}

fn bench(bencher: Bencher<'_, '_>, stage: &Arc<impl Stage + ?Sized>) {
    let links = [ChainLink { id: "bench", contract: stage.contract() }];
    let plan = check_chain(&links, &|_, _| Vec::new()).expect("the stage reads nothing");
    let mut worker = stage.open(&plan.names).expect("the stage is sound");
    let running = AtomicBool::new(false);
    let cx = Context::new(StageId(0), &plan.grants[0], &running);
    let mut batch = Batch::new((0..DOCUMENTS).map(|_| article()).collect());
    let marks: Vec<_> = batch.documents_mut().iter_mut().map(Document::mark).collect();
    bencher.counter(ItemsCount::new(DOCUMENTS)).bench_local(|| {
        worker.process(&mut batch, &cx).expect("the stage is sound");
        for (document, mark) in batch.documents_mut().iter_mut().zip(&marks) {
            document.rollback(mark);
        }
    });
}

/// An article of 3.6 KB.
fn article() -> Document {
    let paragraph = "قال وزير الخارجية المصري سامح شكري اليوم إن بلاده تتابع التطورات في المنطقة عن كثب. ";
    let raw = paragraph.repeat(3600usize.div_ceil(paragraph.len()));
    Document::new(Article { raw, ..Article::default() })
}

fn loaded(kind: &str, one_by_one: bool) -> Arc<dyn Stage> {
    let library = Library::open(&compile()).expect("the library is sound");
    library.create(kind, &json!({ "one_by_one": one_by_one }), &NoFiles).expect("the stage is sound")
}

fn compile() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = format!("{}-unknown-{}-gnu", std::env::consts::ARCH, std::env::consts::OS);
    let compiler =
        cc::Build::new().target(&target).host(&target).opt_level(2).cargo_metadata(false).get_compiler();
    let library = Path::new(env!("CARGO_TARGET_TMPDIR")).join("libten.so");
    let status = Command::new(compiler.path())
        .args(["-std=c11", "-O2", "-shared", "-fPIC", "-I"])
        .arg(here.join("../isnad-plugin/include"))
        .arg("-o")
        .args([&library, &here.join("benches/ten.c")])
        .status();
    assert!(
        status.is_ok_and(|status| status.success()),
        "there is a C compiler; set CC where it has another name"
    );
    library
}
