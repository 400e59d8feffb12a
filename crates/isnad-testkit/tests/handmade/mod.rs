//! Stages for tests, put together from functions.

#![allow(dead_code, unreachable_pub, reason = "each test program uses its part")]
#![allow(clippy::unwrap_used, reason = "a stage whose own contract lacks a name should fall")]

use std::sync::Arc;

use isnad_core::*;

/// A stage that rewrites text.
pub fn rewriter(
    plan: impl Fn(&Content, &mut Edits<'_>) -> Result<(), EditError> + Send + Sync,
) -> impl Stage {
    per_doc(Contract::new().rewrites_text(), |_| Ok(()), move |_, document, cx| Ok(document.edit(cx, &plan)?))
}

/// A stage that marks words in layer `said` with a score of its own.
pub fn marker(score: impl Fn(&str) -> f32 + Send + Sync) -> impl Stage {
    let contract = Contract::new().writes(Writes::rows("said", 1).labels(["said"]).attrs(["length"]));
    per_doc(
        contract,
        |names| Ok(names.clone()),
        move |names, document, cx| {
            let (content, mut rows) = document.annotate(cx);
            let (layer, length) = (names.layer("said").unwrap(), names.sym("length").unwrap());
            for word in content.text().split(char::is_whitespace).filter(|word| !word.is_empty()) {
                let begin = word.as_ptr() as usize - content.text().as_ptr() as usize;
                let span = Span::new(begin, begin + word.len());
                let row = rows.add(layer, span, names.sym("said").unwrap(), Sym::NONE, score(word))?;
                rows.attr(row, length, &word.len().to_string())?;
            }
            Ok(())
        },
    )
}

/// A worker made of a function.
pub struct Handmade<F>(pub Contract, pub F);

impl<F: Fn(&mut u64, &mut Batch, &Context<'_>, &Names) -> Result<(), StageError> + Send + Sync> Stage
    for Handmade<F>
{
    fn contract(&self) -> &Contract {
        &self.0
    }

    fn open(&self, names: &Arc<Names>) -> Result<Box<dyn Worker + '_>, StageError> {
        Ok(Box::new(HandmadeWorker { count: 0, names: names.clone(), process: &self.1 }))
    }
}

struct HandmadeWorker<'s, F> {
    count: u64,
    names: Arc<Names>,
    process: &'s F,
}

impl<F: Fn(&mut u64, &mut Batch, &Context<'_>, &Names) -> Result<(), StageError>> Worker
    for HandmadeWorker<'_, F>
{
    fn process(&mut self, batch: &mut Batch, cx: &Context<'_>) -> Result<(), StageError> {
        (self.process)(&mut self.count, batch, cx, &self.names)
    }
}
