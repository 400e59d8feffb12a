//! A stage that misbehaves on one document: it is that document's failure, and the others are as they would be.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, LazyLock};

use isnad_core::{DocError, Fate, NoFiles, Stage, StageErrorKind};
use isnad_loader::Library;
use isnad_testkit::snapshot;
use serde_json::json;

use crate::rig::{Chain, compile, document};

static NAUGHTY: LazyLock<&'static Library> =
    LazyLock::new(|| Library::open(&compile("naughty", "naughty.c", &[])).unwrap());
static GOOD: LazyLock<&'static Library> =
    LazyLock::new(|| Library::open(&compile("good-for-faults", "good.c", &[])).unwrap());

const MARKS: &str = r#"{"writes": [{"layer": "mark", "rows": true, "labels": ["GOOD"], "attrs": ["note"], "links": ["GOOD"]}]}"#;
const EDITS: &str =
    r#"{"text": "rewrites", "writes": [{"layer": "mark", "rows": true, "labels": ["GOOD"]}]}"#;

const TEXTS: [&str; 3] = ["قال الوزير", "سم poison", "أعلن المتحدث"];

fn naughty(todo: &str, contract: &str) -> Arc<dyn Stage> {
    NAUGHTY.create("test.naughty", &json!({ "do": todo, "contract": contract }), &NoFiles).unwrap()
}

/// The stage does `todo` on the second of three documents, for which that one fails; `message` is a part of what is
/// said then.
#[track_caller]
fn check_with(contract: &str, todo: &str, message: &str) {
    let said = GOOD.create("test.said", &json!({}), &NoFiles).unwrap();
    let (good, bad) = (naughty("", contract), naughty(todo, contract));
    let chain = [("said", &said), ("bad", &bad)];
    // A stage that rewrites stands before rows.
    let chain = if contract == EDITS { Chain::new(&[chain[1], chain[0]]) } else { Chain::new(&chain) };
    let expected = if contract == EDITS {
        Chain::new(&[("bad", &good), ("said", &said)]).run(&TEXTS)
    } else {
        Chain::new(&[("said", &said), ("bad", &good)]).run(&TEXTS)
    };
    let documents = chain.run(&TEXTS);
    for other in [0, 2] {
        assert_eq!(
            snapshot(&documents[other], chain.names()),
            snapshot(&expected[other], chain.names()),
            "{todo}: another document"
        );
    }
    match documents[1].fate() {
        Fate::Failed(DocError { code, message: found }) => {
            assert_eq!(code, "plugin", "{todo}: {found}");
            assert!(found.starts_with("document `n2`") && found.contains("`bad`"), "{todo}: {found}");
            assert!(found.contains(message), "{todo}: {found}");
        }
        fate => panic!("{todo}: {fate:?}"),
    }
    // Nothing that was handed over for it is there.
    let mark = chain.names().layer("mark").unwrap();
    if todo != "attr-twice" {
        assert!(documents[1].tables().rows(mark).is_empty(), "{todo}");
    }
}

#[track_caller]
fn check(todo: &str, message: &str) {
    check_with(MARKS, todo, message);
}

#[test]
fn rows_in_bad_places() {
    check(
        "row-outside",
        "bytes 0..12 («سم poison»): `bad` handed over a row of layer `mark` that lies outside the text",
    );
    check(
        "row-far-outside",
        "bytes 21..31: `bad` handed over a row of layer `mark` that lies outside the text, which has 11 bytes",
    );
    check(
        "row-inside",
        "bytes 0..3 («سم»): `bad` handed over a row of layer `mark` that begins or ends inside a code point",
    );
    check("row-empty", "ends before it has begun");
    check(
        "row-backwards",
        "bytes 4..2: `bad` handed over a row of layer `mark` that ends before it has begun",
    );
}

#[test]
fn rows_that_are_not_declared() {
    check("row-layer", "something for layer number 999, and the pipeline has 2 layers");
    check("row-other-layer", "rows of layer `said`, which its contract does not declare");
    check("row-label", "bears the label `VERB`, which its contract does not declare");
    check("row-no-label", "bears the label number 9999");
    check("row-rule", "names the rule `VERB`, which its contract does not declare");
    check("row-score", "has the score 1.5; a score lies between 0 and 1");
    check("row-nan", "has the score NaN");
}

#[test]
fn arrays_that_are_none() {
    check("row-null", "rows: the pointer is null or not aligned");
    check("row-unaligned", "rows: the pointer is null or not aligned");
    check("row-many", "are too many");
    check("attr-null", "attrs: the pointer is null or not aligned");
}

#[test]
fn attrs_and_links_that_may_not_be() {
    check("attr-key", "the attr `GOOD` on a row of layer `mark`, which its contract does not declare");
    check("attr-row", "an attr on row 77 of layer `mark`, which has 1 rows");
    check("attr-utf8", "attrs: it is not UTF-8");
    check("attr-twice", "the attr `note` on row 0 of layer `mark`, which bears it already");
    check("link-key", "the link `note` on a row of layer `mark`");
    check("link-row", "a link on row 77 of layer `mark`");
    check("link-to", "a link to row 77 of layer `mark`, which has 1 rows");
    check("link-to-layer", "a link to row 0 of layer `said`, which its contract does not name");
}

#[test]
fn edits_that_may_not_be() {
    check("edit-undeclared", "edits, and its contract does not say that it rewrites text");
    check_with(EDITS, "edit-frozen", "edits of a text on which rows lie already");
    check_with(
        EDITS,
        "edit-inside",
        "bytes 0..1 («س»): `bad` handed over an edit that begins or ends inside a code point",
    );
    check_with(EDITS, "edit-outside", "an edit that lies outside the text, which has 11 bytes");
    check_with(EDITS, "edit-kind", "an edit of kind 42, which there is not");
    check_with(EDITS, "edit-same", "an edit of kind 0, which there is not");
    check_with(EDITS, "edit-utf8", "an edit with a bad text: it is not UTF-8");
    check_with(
        EDITS,
        "edit-unsorted",
        "bytes 0..2 («س»): `bad` handed over an edit that begins before the end of the one before it",
    );
    check_with(
        EDITS,
        "edit-overlap",
        "bytes 2..6 («م p»): `bad` handed over an edit that begins before the end",
    );
}

#[test]
fn ends_and_warnings_that_may_not_be() {
    check("drop-undeclared", "a reason to drop it, and its contract does not say that it drops documents");
    check("fail-code", "`Not A Code` is no code");
    check("warn-utf8", "a warning that says nothing: it is not UTF-8");
}

/// What is wrong with a call, but not with one document of it, is the fault of the only one, or unwinds so that the
/// engine looks for it.
#[track_caller]
fn check_call(todo: &str, message: &str) {
    let bad = naughty(todo, MARKS);
    let chain = Chain::new(&[("bad", &bad)]);
    let alone = chain.run(&[TEXTS[1]]);
    let Fate::Failed(error) = alone[0].fate() else { panic!("{todo}: {:?}", alone[0].fate()) };
    assert!(error.code == "plugin" && error.message.contains(message), "{todo}: {error:?}");

    let unwound = catch_unwind(AssertUnwindSafe(|| chain.run(&TEXTS))).unwrap_err();
    let said = unwound.downcast_ref::<String>().unwrap();
    assert!(said.contains(message), "{todo}: {said}");
}

#[test]
fn calls_that_do_not_belong_there() {
    check_call("number", "for document number 1000 of a batch of");
    check_call("write", "`write` was called by a stage whose contract says no `sink`");
    check_call("create-file", "`create_file` was called in `process`");
    check_call("option-error", "`option_error` was called in `process`");
    check_call("read-file", "`read_file` was called in `process`");
}

#[test]
fn a_call_that_is_over_is_refused() {
    let bad = naughty("late-call", MARKS);
    let chain = Chain::new(&[("bad", &bad)]);
    let mut workers = chain.open();
    for round in 0..3 {
        let documents = TEXTS.iter().map(|text| document(round, text)).collect();
        let batch = chain.process(&mut workers, documents).unwrap();
        assert!(batch.documents().iter().all(|document| document.is_live()));
    }
    // `finish` uses one too.
    workers[0].finish().unwrap();
}

/// What `process` returns ends the run.
#[track_caller]
fn check_end(todo: &str, kind: StageErrorKind, message: &str) {
    let bad = naughty(todo, MARKS);
    let chain = Chain::new(&[("bad", &bad)]);
    let mut workers = chain.open();
    let error = chain.process(&mut workers, vec![document(1, TEXTS[1])]).unwrap_err();
    assert_eq!((error.kind(), error.to_string().as_str()), (kind, message), "{todo}");
}

#[test]
fn a_stage_that_cannot_go_on() {
    check_end("fails", StageErrorKind::Bug, "`test.naughty` failed in `process`: no disk");
    check_end("fails-silently", StageErrorKind::Bug, "`test.naughty` failed in `process`: it gave no reason");
    check_end(
        "odd-code",
        StageErrorKind::Bug,
        "`test.naughty` returned -3 from `process`, which says nothing; that is a fault of its library",
    );
    check_end(
        "cancelled",
        StageErrorKind::Cancelled,
        "`test.naughty` left its work in `process`: it was told to stop",
    );
}

#[test]
fn a_panic_unwinds_and_its_worker_is_not_used_again() {
    let bad = naughty("panic", MARKS);
    let chain = Chain::new(&[("bad", &bad)]);
    let mut workers = chain.open();
    let documents = |texts: &[&str]| texts.iter().map(|text| document(1, text)).collect();
    let unwound = catch_unwind(AssertUnwindSafe(|| chain.process(&mut workers, documents(&TEXTS)).map(drop)));
    assert_eq!(unwound.unwrap_err().downcast_ref::<String>().unwrap(), "out of tea");
    let again = chain.process(&mut workers, documents(&TEXTS[..1])).unwrap_err();
    assert_eq!(again.kind(), StageErrorKind::Bug);
}

/// A stage that cannot be made: all that is wrong with it.
#[track_caller]
fn check_create(todo: &str, contract: &str, expected: &[&str]) {
    let made = NAUGHTY.create("test.naughty", &json!({ "do": todo, "contract": contract }), &NoFiles);
    let errors: Vec<String> = made.err().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(errors.len(), expected.len(), "{errors:?}");
    for (error, expected) in errors.iter().zip(expected) {
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn stages_that_cannot_be_made() {
    check_create("create-fails", MARKS, &["`test.naughty` failed in `create`: the stars are wrong"]);
    check_create("create-nothing", MARKS, &["gave no stage"]);
    check_create("create-panics", MARKS, &["`test.naughty` panicked in `create`"]);
    check_create("create-options", MARKS, &["`do`: is not nice", "`contract`: is not nice either"]);
    check_create("create-rows", MARKS, &["`add_rows` was called in `create`, to which it does not belong"]);
}

#[test]
fn contracts_that_are_none() {
    check_create("", "all that I like", &["the contract of `test.naughty` cannot be read: expected value"]);
    check_create("", r#"{"write": []}"#, &["unknown field `write`"]);
    check_create("", r#"{"writes": [{"rows": true}]}"#, &["missing field `layer`"]);
    check_create("", r#"{"sink": "rows"}"#, &["lacks `open_sink`, `commit`, `finish_sink` or `close_sink`"]);
}

#[track_caller]
fn check_open(todo: &str, kind: StageErrorKind, message: &str) {
    let bad = naughty(todo, MARKS);
    let chain = Chain::new(&[("bad", &bad)]);
    let error = bad.open(chain.names()).err().unwrap();
    assert_eq!(error.kind(), kind, "{error}");
    assert!(error.to_string().contains(message), "{error}");
}

#[test]
fn workers_that_cannot_be_opened() {
    check_open("open-fails", StageErrorKind::Options, "`test.naughty` failed in `open`: no room");
    check_open("open-nothing", StageErrorKind::Bug, "gave none");
    check_open("open-odd", StageErrorKind::Bug, "returned 17 from `open`");
}

#[test]
fn a_kind_that_is_not_there() {
    let error = NAUGHTY.create("test.nice", &json!({}), &NoFiles).err().unwrap();
    assert!(error[0].message.contains("has no kind of stage `test.nice`"), "{}", error[0]);
}
