//! One stage on one text, for cases.

use std::sync::atomic::AtomicBool;

use isnad_core::{Article, Batch, ChainLink, Context, Document, Fate, Names, Stage, StageId, check_chain};

use crate::rows::rows;

/// The rows that a stage writes on a text, in the form of [`rows`].
///
/// ```
/// use isnad_core::{Contract, Span, StageError, Sym, Writes, per_doc};
///
/// let shouts = per_doc(
///     Contract::new().writes(Writes::rows("shout", 1)),
///     |names| names.layer("shout").ok_or_else(|| StageError::undeclared("shout")),
///     |shout, document, cx| {
///         let (content, mut rows) = document.annotate(cx);
///         for (at, mark) in content.text().match_indices('!') {
///             rows.add(*shout, Span::new(at, at + mark.len()), Sym::NONE, Sym::NONE, 1.0)?;
///         }
///         Ok(())
///     },
/// );
/// assert_eq!(isnad_testkit::rows_on(&shouts, "لا! لا"), "shout «!»\n");
/// ```
///
/// # Panics
/// The stage needs stages before it, ends the run, or fails the document.
#[track_caller]
pub fn rows_on(stage: &dyn Stage, text: &str) -> String {
    let (document, names) = run(stage, text);
    rows(&document, &names, StageId(0))
}

/// What a stage that rewrites makes of a text.
///
/// # Panics
/// As [`rows_on`].
#[track_caller]
pub fn text_on(stage: &dyn Stage, text: &str) -> String {
    run(stage, text).0.content().text().to_owned()
}

#[track_caller]
fn run(stage: &dyn Stage, text: &str) -> (Document, std::sync::Arc<Names>) {
    let link = ChainLink { id: "stage", contract: stage.contract() };
    let plan = check_chain(&[link], &|_, _| Vec::new())
        .unwrap_or_else(|errors| panic!("the stage does not stand alone: {}", errors[0].kind));
    let article = Article { id: "case".into(), raw: text.into(), ..Article::default() };
    let mut batch = Batch::new(vec![Document::new(article)]);
    let running = AtomicBool::new(false);
    let cx = Context::new(StageId(0), &plan.grants[0], &running);
    let mut worker =
        stage.open(&plan.names).unwrap_or_else(|error| panic!("the stage does not open: {error}"));
    worker.process(&mut batch, &cx).unwrap_or_else(|error| panic!("the stage ended the run: {error}"));
    let document = batch.documents_mut().pop().expect("a stage keeps its documents");
    if let Fate::Failed(error) = document.fate() {
        panic!("the stage failed the document: {}", error.message);
    }
    (document, plan.names)
}
