//! Single articles on their way through a pipeline, for tests: nothing is read and nothing written.

use std::sync::atomic::AtomicBool;

use isnad_core::{Article, Batch, Document, Order, SinkKind};

use super::guard::guard;
use super::lane::{Fault, Flight, Lane};
use crate::{Pipeline, RunError};

/// Takes articles through all stages of a pipeline but those that write output, as a run does: a panic, and
/// what a stage refuses, end up at the document.
pub struct Trial<'p> {
    pipeline: &'p Pipeline,
    lanes: Vec<Lane<'p>>,
}

/// What became of an article.
#[derive(Debug)]
pub struct Tried {
    /// The document as the last stage left it.
    pub document: Document,
    /// The id of the stage that could not handle it.
    pub failed_in: Option<String>,
}

static RUNNING: AtomicBool = AtomicBool::new(false);

impl<'p> Trial<'p> {
    /// Nothing is opened yet.
    pub fn new(pipeline: &'p Pipeline) -> Self {
        Trial { pipeline, lanes: Vec::new() }
    }

    /// Takes an article through the stages. None knows of another article: where a stage remembers what came
    /// before, it begins anew.
    ///
    /// # Errors
    /// A stage cannot start, or ends the run.
    pub fn run(&mut self, article: Article) -> Result<Tried, RunError> {
        let stages = &self.pipeline.stages;
        if self.lanes.is_empty() || stages.iter().any(|stage| stage.stage.contract().order == Order::Input) {
            self.lanes = self.open()?;
        }
        let mut flight = Flight {
            batch: Batch::new(vec![Document::new(article)]),
            faults: vec![None],
            tally: Default::default(),
        };
        for lane in &mut self.lanes {
            if let Err(error) = lane.run(&mut flight) {
                self.lanes.clear();
                return Err(error);
            }
        }
        let fault = flight.faults.pop().flatten();
        let failed_in = fault.map(|fault: Fault| fault.stage(self.pipeline).to_owned());
        match flight.batch.documents_mut().pop() {
            Some(document) => Ok(Tried { document, failed_in }),
            // A lane keeps a batch whole.
            None => Err(RunError::Interrupted),
        }
    }

    /// Lanes of the stages between those that write output.
    fn open(&self) -> Result<Vec<Lane<'p>>, RunError> {
        let stages = &self.pipeline.stages;
        let mut lanes = Vec::new();
        let mut begin = 0;
        let sinks =
            stages.iter().enumerate().filter(|(_, stage)| stage.stage.contract().sink != SinkKind::None);
        for end in sinks.map(|(index, _)| index).chain([stages.len()]) {
            if begin < end {
                lanes.push(Lane::open(self.pipeline, begin..end, &RUNNING)?);
            }
            begin = end + 1;
        }
        Ok(lanes)
    }
}

/// Calls something that may panic; `Err` is the message. Panic hooks that ask
/// [`panic_is_contained`](crate::panic_is_contained) stay silent.
///
/// # Errors
/// It panicked. What the call borrows mutably may be left half done.
pub fn contain<T>(call: impl FnOnce() -> T) -> Result<T, String> {
    guard(call)
}

#[cfg(test)]
mod tests {
    use isnad_core::Fate;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::OnError;
    use crate::testing::{lines, once, pipeline, records, run_jsonl, said, touchy};

    fn chain(on_error: OnError) -> Pipeline {
        pipeline(vec![
            ("said", OnError::Quarantine, said()),
            ("out", OnError::Quarantine, lines("out")),
            ("touchy", on_error, touchy()),
            ("last", OnError::Quarantine, lines("last")),
        ])
    }

    /// What became of a text, and how many rows it has.
    fn tried(pipeline: &Pipeline, texts: &[&str]) -> Vec<(Option<String>, bool, usize)> {
        let mut trial = Trial::new(pipeline);
        let run = |text: &&str| {
            let article = Article { raw: (*text).to_owned(), ..Article::default() };
            let tried = trial.run(article).expect("no stage ends the run");
            (tried.failed_in, tried.document.is_live(), tried.document.tables().row_count())
        };
        texts.iter().map(run).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn an_article_comes_out_of_a_trial_as_out_of_a_run(
            texts in vec(vec(select(vec!["قال", "سم", "خطأ", " "]), 1..4), 1..6),
        ) {
            let texts: Vec<String> = texts.iter().map(|words| words.concat()).collect();
            let chain = pipeline(vec![
                ("said", OnError::Quarantine, said()),
                ("touchy", OnError::Quarantine, touchy()),
                ("out", OnError::Quarantine, lines("out")),
            ]);
            let run = run_jsonl(&chain, &records(&texts), 1, 4);
            let mut trial = Trial::new(&chain);
            for (id, text) in texts.iter().enumerate() {
                let tried = trial.run(Article { raw: text.clone(), ..Article::default() });
                let document = tried.expect("no stage ends the run").document;
                let written = run.out.lines().find(|line| line.starts_with(&format!("{id}|")));
                prop_assert_eq!(document.is_live(), written.is_some());
                let rows = written.map(|line| line.matches(':').count());
                prop_assert_eq!(document.is_live().then(|| document.tables().row_count()), rows);
            }
        }
    }

    #[test]
    fn a_panic_ends_up_at_its_article_and_the_next_one_goes_on() {
        let failed = |stage: &str, rows| (Some(stage.to_owned()), false, rows);
        let texts = ["قال", "سم", "خطأ", "قال"];
        assert_eq!(
            tried(&chain(OnError::Quarantine), &texts),
            [(None, true, 2), failed("touchy", 0), failed("touchy", 1), (None, true, 2)]
        );
        assert_eq!(
            tried(&chain(OnError::SkipStage), &texts),
            [(None, true, 2), (None, true, 0), (None, true, 0), (None, true, 2)]
        );
    }

    #[test]
    fn a_stage_that_stops_the_run_ends_the_trial_and_another_can_begin() {
        let chain = chain(OnError::Stop);
        let mut trial = Trial::new(&chain);
        let article = |raw: &str| Article { raw: raw.to_owned(), ..Article::default() };
        assert!(matches!(trial.run(article("سم")), Err(RunError::Stage { .. })));
        assert!(trial.run(article("قال")).is_ok_and(|tried| tried.document.is_live()));
    }

    #[test]
    fn what_remembers_other_articles_begins_anew() {
        let chain = pipeline(vec![("once", OnError::Quarantine, once())]);
        let mut trial = Trial::new(&chain);
        for _ in 0..2 {
            let tried = trial.run(Article { raw: "قال".to_owned(), ..Article::default() });
            assert_eq!(tried.map(|tried| tried.document.fate().clone()).ok(), Some(Fate::Live));
        }
    }
}
