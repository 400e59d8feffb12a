//! What the border costs on the side of the library: documents of 3.6 KB in batches of 64, for a stage that does
//! nothing and for one that adds ten rows; beside the same stage built in. The host takes what it is given and
//! does nothing with it; the loader's bench has both sides.

#[path = "../tests/quiet/mod.rs"]
mod quiet;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use divan::Bencher;
use divan::counter::ItemsCount;
use isnad_core::{
    Article, Batch, ChainLink, Context, Contract, Document, Names, Registry, Span, Stage, StageError,
    StageId, StageKind, Sym, Writes, check_chain, per_doc,
};
use quiet::Quiet;

const BATCH: usize = 64;

fn main() {
    divan::main();
}

isnad_plugin::export!(register);

fn register(registry: &mut Registry) {
    registry.add(StageKind::new("toy.nothing", "", "", |(): (), _| Ok(rows(0))));
    registry.add(StageKind::new("toy.rows", "", "", |(): (), _| Ok(rows(10))));
}

/// A stage that adds a row for each of the first words.
fn rows(many: usize) -> impl Stage {
    let layer = |names: &Arc<Names>| names.layer("word").ok_or_else(|| StageError::undeclared("word"));
    per_doc(Contract::new().writes(Writes::rows("word", 1)), layer, move |layer, document, cx| {
        let (content, mut rows) = document.annotate(cx);
        let text = content.text();
        for word in text.split(' ').take(many) {
            let at = word.as_ptr().addr() - text.as_ptr().addr();
            rows.add(*layer, Span::new(at, at + word.len()), Sym::NONE, Sym::NONE, 1.0)?;
        }
        Ok(())
    })
}

fn text() -> String {
    "قال وزير الخارجية المصري في مؤتمر صحفي عقده في القاهرة إن بلاده ترفض التهجير. ".repeat(26)
}

#[divan::bench(args = [0, 10])]
fn built_in(bencher: Bencher<'_, '_>, many: usize) {
    let stage = rows(many);
    let plan = check_chain(&[ChainLink { id: "rows", contract: stage.contract() }], &|_, _| Vec::new())
        .expect("the chain is sound");
    let mut worker = stage.open(&plan.names).expect("a worker");
    let running = AtomicBool::new(false);
    let cx = Context::new(StageId(0), &plan.grants[0], &running);
    let article = Article { raw: text(), ..Article::default() };
    bencher
        .counter(ItemsCount::new(BATCH))
        .with_inputs(|| Batch::new((0..BATCH).map(|_| Document::new(article.clone())).collect()))
        .bench_local_values(|mut batch| {
            worker.process(&mut batch, &cx).expect("it goes on");
            batch
        });
}

#[divan::bench(args = [0, 10])]
fn behind_the_border(bencher: Bencher<'_, '_>, many: usize) {
    let texts = (0..BATCH).map(|_| text()).collect();
    let mut quiet = Quiet::open(isnad_module_v0(), usize::from(many > 0), texts);
    bencher.counter(ItemsCount::new(BATCH)).bench_local(|| quiet.process());
}
