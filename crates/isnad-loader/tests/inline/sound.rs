//! Sound stages in C: what they are given and what they hand over, the laws of stages, and the same stages in Rust.

use std::sync::{Arc, LazyLock, Mutex};

use isnad_core::{
    Attach, Contract, Document, Fate, NoFiles, Span, Stage, StageError, StageId, Writes, per_doc,
};
use isnad_loader::Library;
use isnad_testkit::arabic::news_text;
use isnad_testkit::{MemoryFiles, laws, layer_rows, snapshot};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::rig::{Chain, compile, document};

static GOOD: LazyLock<&'static Library> =
    LazyLock::new(|| Library::open(&compile("good", "good.c", &[])).unwrap());

fn stage(kind: &str, options: Value) -> Arc<dyn Stage> {
    GOOD.create(kind, &options, &NoFiles).unwrap()
}

#[test]
fn a_library_says_what_it_is() {
    let description = GOOD.description();
    assert_eq!((description.version.as_str(), description.abi), ("1.2.3", (0, 1, 1)));
    let names: Vec<&str> = description.kinds.iter().map(|kind| kind.name.as_str()).collect();
    assert_eq!(names, ["test.said", "test.onto", "test.tidy", "test.out", "test.nothing"]);
    let said = &description.kinds[0];
    assert_eq!(said.schema["properties"]["word"]["default"], "قال");
    assert_eq!((said.examples[0].options.as_str(), said.examples[0].before.as_str()), ("{}", "قال"));
}

#[test]
fn a_library_is_opened_once() {
    let again = Library::open(GOOD.path()).unwrap();
    assert!(std::ptr::eq(again, *GOOD));
    let link = GOOD.path().with_file_name("linked.so");
    let _ = std::fs::remove_file(&link);
    std::os::unix::fs::symlink(GOOD.path(), &link).unwrap();
    assert!(std::ptr::eq(Library::open(&link).unwrap(), *GOOD));
}

#[test]
fn what_a_library_logs_is_logged() {
    let written: Arc<Mutex<Vec<u8>>> = Arc::default();
    let writer = {
        let written = written.clone();
        move || Writer(written.clone())
    };
    let subscriber = tracing_subscriber::fmt().with_ansi(false).without_time().with_writer(writer).finish();
    tracing::subscriber::with_default(subscriber, || {
        Library::open(&compile("good-for-log", "good.c", &[])).unwrap();
    });
    let log = String::from_utf8(written.lock().unwrap().clone()).unwrap();
    assert!(log.contains("INFO") && log.contains("a plugin reports target=\"test\" said=\"ready\""), "{log}");
}

struct Writer(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The rows of all layers after a chain of these stages.
#[track_caller]
fn check(stages: &[(&str, &Arc<dyn Stage>)], text: &str, expected: &str) {
    let chain = Chain::new(stages);
    let documents = chain.run(&[text]);
    assert_eq!(documents[0].fate(), &Fate::Live);
    assert_eq!(layer_rows(&documents[0], chain.names(), &["said"]).trim(), expected.trim());
}

#[test]
fn rows_with_attrs_and_links() {
    check(
        &[("said", &stage("test.said", json!({})))],
        "قال الوزير وقال المتحدث",
        "said VERB «قال» norm=قال\nsaid VERB «قال» norm=قال before→«قال»",
    );
}

#[test]
fn rows_of_others_and_metadata_are_lent() {
    let (said, onto) = (stage("test.said", json!({ "word": "أعلن" })), stage("test.onto", json!({})));
    check(
        &[("said", &said), ("onto", &onto)],
        "أعلن",
        "said VERB «أعلن» norm=أعلن source=وكالة, أعلن, 20230516",
    );
}

#[test]
fn a_row_that_is_there_stands_for_the_one_that_is_handed_over() {
    // The second stage marks the words of the first, and one more: that one leads to a row that it did not make.
    let (first, second) = (stage("test.said", json!({})), stage("test.nothing", json!({})));
    let chain = Chain::new(&[("first", &first), ("nothing", &second)]);
    assert_eq!(chain.run(&["قال"])[0].tables().row_count(), 1);
    let files = MemoryFiles::new([("words.txt", "قال\nأعلن\nقال\n")]);
    let twice = GOOD.create("test.said", &json!({ "file": "words.txt" }), &files).unwrap();
    let chain = Chain::new(&[("twice", &twice)]);
    let documents = chain.run(&["أعلن ثم قال"]);
    let Fate::Failed(error) = documents[0].fate() else { panic!("{:?}", documents[0].fate()) };
    // The row is no second one, so its attr is there already.
    assert!(
        error.message.contains("the attr `norm` on row 2 of layer `said`, which bears it already"),
        "{error:?}"
    );
}

#[test]
fn files_are_read_through_the_host() {
    let files = MemoryFiles::new([("words.txt", "قال\nأعلن\n")]);
    let said = GOOD.create("test.said", &json!({ "file": "words.txt" }), &files).unwrap();
    let chain = Chain::new(&[("said", &said)]);
    assert_eq!(chain.run(&["أعلن ثم قال"])[0].tables().row_count(), 2);

    let errors = GOOD.create("test.said", &json!({ "file": "none.txt" }), &files).err().unwrap();
    assert_eq!(errors[0].to_string(), "`file`: `none.txt` cannot be read: there is no `none.txt`");
    let errors = GOOD.create("test.said", &json!({ "word": "" }), &files).err().unwrap();
    assert_eq!(errors[0].to_string(), "`word`: is empty; give a word");
}

#[test]
fn edits_keep_their_alignment() {
    let tidy = stage("test.tidy", json!({}));
    let chain = Chain::new(&[("tidy", &tidy)]);
    let documents = chain.run(&["قـال 7 - نعم"]);
    let content = documents[0].content();
    assert_eq!(content.text(), "قال # – نعم");
    // The letter takes its tatweel along.
    assert_eq!(content.to_raw(Span::new(0, 2)), Span::new(0, 4));
    let withheld: Vec<&str> = content.alignment().withheld().map(|span| span.of(content.raw())).collect();
    assert_eq!(withheld, ["7"]);
}

#[test]
fn documents_are_dropped_warned_of_and_failed() {
    let tidy = stage("test.tidy", json!({}));
    let chain = Chain::new(&[("tidy", &tidy)]);
    let documents = chain.run(&["[drop]", "[warn]", "[fail]", "قال"]);
    assert_eq!(documents[0].fate(), &Fate::Dropped("marked".into()));
    assert_eq!((documents[1].is_live(), documents[1].warnings()[0].code.as_ref()), (true, "odd-mark"));
    let Fate::Failed(error) = documents[2].fate() else { panic!("{:?}", documents[2].fate()) };
    assert_eq!((error.code.as_ref(), error.message.as_str()), ("bad-mark", "a mark"));
    assert!(documents[3].is_live() && documents[3].warnings().is_empty());
}

#[test]
fn a_sink_appends_what_its_workers_wrote() {
    let files = MemoryFiles::default();
    let out = GOOD.create("test.out", &json!({ "path": "ids.txt" }), &files).unwrap();
    let chain = Chain::new(&[("out", &out)]);
    let mut sink = out.sink(&files).unwrap().unwrap();
    let mut workers = chain.open();
    for texts in [["قال", "أعلن"], ["نعم", "لا"]] {
        let documents = texts.iter().map(|text| document(1, text)).collect();
        let mut batch = chain.process(&mut workers, documents).unwrap();
        sink.commit(batch.take_chunk(StageId(0))).unwrap();
    }
    assert_eq!(files.finished("ids.txt"), None);
    sink.finish().unwrap();
    assert_eq!(files.finished("ids.txt").unwrap(), "قال\nأعلن\nنعم\nلا\n".as_bytes());
    // The file was finished before, and the library is told so.
    let error = sink.finish().unwrap_err();
    assert_eq!(error.to_string(), "`test.out` failed in `finish_sink`: the file was finished before");
}

#[test]
fn a_sink_that_cannot_be_opened() {
    let out = stage("test.out", json!({}));
    let error = out.sink(&NoFiles).err().unwrap();
    assert_eq!(
        error.to_string(),
        "`test.out` failed in `open_sink`: `out.txt` cannot be created: `out.txt` is not written here"
    );
}

#[test]
fn loaded_stages_keep_the_laws() {
    let said = stage("test.said", json!({}));
    laws::check(&*said, &[]);
    laws::check(&*stage("test.onto", json!({})), &[&*said]);
    laws::check(&*stage("test.tidy", json!({})), &[]);
    laws::check(&*stage("test.out", json!({})), &[]);
}

/// `test.said` in Rust.
fn said() -> impl Stage {
    let said = Writes::rows("said", 1).labels(["VERB"]).attrs(["norm"]).links(["before"]).rules(["listed"]);
    per_doc(
        Contract::new().writes(said),
        |names| {
            let sym = |name: &str| names.sym(name).ok_or_else(|| StageError::undeclared(name));
            let layer = names.layer("said").ok_or_else(|| StageError::undeclared("said"))?;
            Ok((layer, sym("VERB")?, sym("norm")?, sym("before")?, sym("listed")?))
        },
        |(layer, verb, norm, before, listed), document, cx| {
            let (content, mut hand) = document.annotate(cx);
            let mut last = None;
            for (at, word) in content.text().match_indices("قال") {
                let row = hand.add(*layer, Span::new(at, at + word.len()), *verb, *listed, 0.5)?;
                hand.attr(row, *norm, word)?;
                if let Some(last) = last.replace(row) {
                    hand.link(row, *before, last)?;
                }
            }
            Ok(())
        },
    )
}

/// `test.tidy` in Rust.
fn tidy() -> impl Stage {
    per_doc(
        Contract::new().rewrites_text().drops_documents(),
        |_| Ok(()),
        |(), document, cx| {
            document.edit(cx, |content, edits| {
                for (at, c) in content.text().char_indices() {
                    match c {
                        '-' => edits.replace(at..at + 1, "–")?,
                        '0'..='9' => edits.withhold(at..at + 1, "#")?,
                        '\u{0640}' => edits.delete(at..at + 2, Attach::Before)?, // TATWEEL
                        _ => {}
                    }
                }
                Ok(())
            })?;
            Ok(())
        },
    )
}

fn shown(chain: &Chain<'_>, texts: &[String]) -> Vec<String> {
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let documents: Vec<Document> = chain.run(&texts);
    let shown = |document: &Document| {
        let (content, rows) = (document.content(), snapshot(document, chain.names()));
        format!("{}\n{:?}\n{rows}", content.text(), content.alignment())
    };
    documents.iter().map(shown).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_loaded_stage_does_what_the_same_one_does_built_in(texts in prop::collection::vec(news_text(), 1..6)) {
        let built_in: [Arc<dyn Stage>; 2] = [Arc::new(tidy()), Arc::new(said())];
        let loaded = [stage("test.tidy", json!({})), stage("test.said", json!({}))];
        let chain = |stages: &[Arc<dyn Stage>; 2]| {
            shown(&Chain::new(&[("tidy", &stages[0]), ("said", &stages[1])]), &texts)
        };
        prop_assert_eq!(chain(&loaded), chain(&built_in));
    }
}
