//! Laws and cases of the engine, on toy stages.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use isnad_core::{Contract, DocError, Stage, StageError, StageErrorKind, per_doc};
use proptest::prelude::*;

use crate::testing::{Outcome, lines, once, pipeline, records, run_jsonl, run_with, said, touchy};
use crate::{OnError, Pipeline, Report, RunError, RunOptions};

fn chain(on_error: OnError) -> Pipeline {
    pipeline(vec![
        ("said", OnError::Quarantine, said()),
        ("touchy", on_error, touchy()),
        ("once", OnError::Quarantine, once()),
        ("out", OnError::Quarantine, lines("out")),
    ])
}

/// The same pipeline without a stage that needs input order: all of it runs on the workers.
fn free(on_error: OnError) -> Pipeline {
    pipeline(vec![
        ("said", OnError::Quarantine, said()),
        ("touchy", on_error, touchy()),
        ("out", OnError::Quarantine, lines("out")),
    ])
}

/// Runs it in every way, asserts that nothing depends on it, and returns what came out.
fn check(pipeline: &Pipeline, input: &str) -> Outcome {
    let expected = run_jsonl(pipeline, input, 1, 64);
    for (threads, batch) in [(1, 1), (1, 7), (2, 1), (2, 64), (4, 1), (4, 7), (4, 64)] {
        let other = run_jsonl(pipeline, input, threads, batch);
        let how = format!("{threads} threads, batches of {batch}");
        assert_eq!(other.result.as_ref().map(counts), expected.result.as_ref().map(counts), "{how}");
        if expected.result.is_ok() {
            assert_eq!(other.out, expected.out, "{how}");
            assert_eq!(other.quarantine, expected.quarantine, "{how}");
        }
    }
    expected
}

/// All of a report that does not depend on the machine.
fn counts(report: &Report) -> String {
    let stages: Vec<_> = report.stages.iter().map(|s| (&s.id, s.documents, s.rows, s.skipped)).collect();
    format!(
        "{:?} {:?} {:?} {:?} {:?} {stages:?} {}",
        report.documents, report.quarantined, report.dropped, report.warnings, report.rows, report.raw_bytes
    )
}

fn codes(quarantine: &str) -> Vec<String> {
    let line = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).expect("the quarantine is JSON lines");
        format!(
            "{} {} {}",
            line["stage"].as_str().unwrap(),
            line["code"].as_str().unwrap(),
            line["document"]["id"]
        )
    };
    quarantine.lines().map(line).collect()
}

#[test]
fn output_is_in_input_order() {
    let texts: Vec<String> = (0..500).map(|number| format!("قال {number}")).collect();
    let outcome = check(&free(OnError::Quarantine), &records(&texts));
    let expected: String =
        (0..500).map(|number| format!("{number}|قال {number}| said:0 first:0\n")).collect();
    assert_eq!(outcome.out, expected);
    let report = outcome.result.unwrap();
    assert_eq!((report.documents.read, report.documents.done), (500, 500));
    assert_eq!(report.rows, [("said".to_owned(), 500), ("first".to_owned(), 500)]);
    assert_eq!(outcome.finished, 1, "without failures there is no quarantine");
}

#[test]
fn a_document_that_panics_or_fails_goes_into_quarantine_alone() {
    let texts = ["قال", "سم أول", "خبر", "خطأ", "سم ثان", "سم ثالث", "خاتمة"];
    let outcome = check(&free(OnError::Quarantine), &records(&texts));
    assert_eq!(outcome.out, "0|قال| said:0 first:0\n2|خبر| first:0\n6|خاتمة| first:0\n");
    assert_eq!(
        codes(&outcome.quarantine),
        ["touchy panic \"1\"", "touchy wrong \"3\"", "touchy panic \"4\"", "touchy panic \"5\""]
    );
    let report = outcome.result.unwrap();
    assert_eq!((report.documents.done, report.documents.quarantined), (3, 4));
    assert_eq!(report.quarantined[0].seen.first, "`1`: poison in 1");
    assert_eq!(report.quarantine.as_deref(), Some("quarantine"));
}

#[test]
fn a_panic_while_encoding_leaves_no_half_line() {
    let outcome = check(&free(OnError::Quarantine), &records(&["أول", "سيئ", "ثان", "ثالث"]));
    assert_eq!(outcome.out, "0|أول| first:0\n2|ثان| first:0\n3|ثالث| first:0\n");
    assert_eq!(codes(&outcome.quarantine), ["out panic \"1\""]);
}

#[test]
fn a_stage_that_may_be_skipped_leaves_the_document_as_it_was() {
    let outcome = check(&free(OnError::SkipStage), &records(&["قال خطأ", "سم", "خبر"]));
    assert_eq!(outcome.out, "0|قال خطأ| said:0\n1|سم|\n2|خبر| first:0\n");
    assert_eq!(outcome.quarantine, "");
    let report = outcome.result.unwrap();
    assert_eq!((report.documents.done, report.documents.skipped, report.stages[1].skipped), (3, 2, 2));
    assert_eq!(report.warnings["skipped-stage"].first, "`0`: goes on without `touchy`: it says «خطأ»");
}

#[test]
fn a_stage_that_must_not_fail_ends_the_run_at_the_first_such_document() {
    let texts: Vec<&str> = std::iter::repeat_n("خبر", 200).chain(["خطأ", "سم"]).collect();
    let outcome = check(&free(OnError::Stop), &records(&texts));
    assert_eq!(
        outcome.result.unwrap_err().to_string(),
        "stage `touchy` stopped the run at document `200`: it says «خطأ» (wrong)"
    );
    assert_eq!(outcome.finished, 0, "no output is completed");
}

#[test]
fn a_stage_that_needs_input_order_sees_it() {
    let texts: Vec<String> = (0..300).map(|number| format!("خبر {}", number % 100)).collect();
    let outcome = check(&chain(OnError::Quarantine), &records(&texts));
    let expected: String = (0..100).map(|number| format!("{number}|خبر {number}| first:0\n")).collect();
    assert_eq!(outcome.out, expected);
    assert_eq!(outcome.result.unwrap().dropped["came before"], 200);
}

#[test]
fn ids_that_come_twice_are_kept_and_counted() {
    let input = "{\"id\":7,\"text\":\"أ\"}\n{\"id\":\"7\",\"text\":\"ب\"}\n";
    let outcome = check(&free(OnError::Quarantine), input);
    assert_eq!(outcome.out, "7|أ| first:0\n7|ب| first:0\n");
    assert_eq!(outcome.result.unwrap().warnings["duplicate-id"].count, 1);
}

#[test]
fn no_documents_make_an_empty_output() {
    let outcome = check(&free(OnError::Quarantine), "\n \r\n");
    assert_eq!((outcome.out.as_str(), outcome.finished), ("", 1));
    assert_eq!(outcome.result.unwrap().documents.read, 0);
}

#[test]
fn a_run_that_is_told_to_stop_completes_nothing() {
    let cancelled = Arc::new(AtomicBool::new(true));
    let outcome =
        run_with(&free(OnError::Quarantine), &records(&["خبر"]), &RunOptions::default(), &cancelled);
    assert_eq!(outcome.result.unwrap_err(), RunError::Interrupted);
    assert_eq!((outcome.out.as_str(), outcome.finished), ("", 0));
}

#[test]
fn the_first_error_in_input_order_ends_the_run() {
    let stage: Arc<dyn Stage> = Arc::new(Picky(Contract::new()));
    let picky =
        pipeline(vec![("picky", OnError::Quarantine, stage), ("out", OnError::Quarantine, lines("out"))]);
    let texts: Vec<String> = (0..100).map(|number| format!("خبر {number}")).collect();
    let error = check(&picky, &records(&texts)).result.unwrap_err();
    assert_eq!(error.to_string(), "stage `picky`: the disk is full at 50");
}

#[test]
fn a_stage_that_cannot_be_opened_ends_the_run() {
    let fails = |message: &'static str| -> Arc<dyn Stage> {
        let open = move |_: &Arc<isnad_core::Names>| -> Result<(), StageError> {
            assert!(!message.is_empty(), "nothing to say");
            Err(StageError::new(StageErrorKind::Options, message))
        };
        Arc::new(per_doc(Contract::new(), open, |_, _, _| Ok::<(), DocError>(())))
    };
    let run = |stage| check(&pipeline(vec![("it", OnError::Quarantine, stage)]), "").result.unwrap_err();
    assert_eq!(
        run(fails("the lexicon is empty")),
        RunError::Config { stage: "it".into(), message: "the lexicon is empty".into() }
    );
    assert_eq!(run(fails("")).to_string(), "stage `it`: panicked at the start: nothing to say");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// However the input is cut into batches and given to threads, the output is the same.
    #[test]
    fn splits_do_not_matter(
        texts in prop::collection::vec("(قال|خبر|سم|خطأ|سيئ| ){0,3}", 0..40),
        threads in 1usize..4,
        batch in 1usize..10,
        batch_bytes in 1usize..400,
    ) {
        let input = records(&texts);
        let options = RunOptions {
            threads: threads.try_into().unwrap(),
            batch: batch.try_into().unwrap(),
            batch_bytes,
            ..RunOptions::default()
        };
        for on_error in [OnError::Quarantine, OnError::SkipStage] {
            for pipeline in [chain(on_error), free(on_error)] {
                let expected = run_jsonl(&pipeline, &input, 1, 64);
                let other = run_with(&pipeline, &input, &options, &Arc::default());
                prop_assert_eq!(&other.out, &expected.out);
                prop_assert_eq!(&other.quarantine, &expected.quarantine);
                let (other, expected) = (other.result.unwrap(), expected.result.unwrap());
                prop_assert_eq!(counts(&other), counts(&expected));
            }
        }
    }
}

/// Ends the run at the documents 50 and 70.
struct Picky(Contract);

impl Stage for Picky {
    fn contract(&self) -> &Contract {
        &self.0
    }

    fn open(&self, _: &Arc<isnad_core::Names>) -> Result<Box<dyn isnad_core::Worker + '_>, StageError> {
        Ok(Box::new(PickyWorker))
    }
}

struct PickyWorker;

impl isnad_core::Worker for PickyWorker {
    fn process(
        &mut self,
        batch: &mut isnad_core::Batch,
        _: &isnad_core::Context<'_>,
    ) -> Result<(), StageError> {
        for document in batch.live_mut() {
            if matches!(document.content().id(), "50" | "70") {
                let message = format!("the disk is full at {}", document.content().id());
                return Err(StageError::new(StageErrorKind::Bug, message));
            }
        }
        Ok(())
    }
}
