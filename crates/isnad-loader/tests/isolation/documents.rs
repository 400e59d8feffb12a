//! What comes back from a process is what the stage would have done in isnad itself.

use isnad_core::{Article, NoFiles};
use isnad_loader::{Library, Limits};
use isnad_testkit::MemoryFiles;
use isnad_testkit::laws::{Law, Laws};
use serde_json::json;

use crate::rig::{Test, articles, isolated, isolated_trap, plugins, run, trap};
use crate::stages;

pub(crate) const TESTS: &[Test] = &[
    ("words_come_back_as_they_are_made", words_come_back_as_they_are_made),
    ("texts_come_back_as_they_are_rewritten", texts_come_back_as_they_are_rewritten),
    ("the_laws_hold_for_isolated_stages", the_laws_hold_for_isolated_stages),
    ("a_library_does_the_same_here_and_there", a_library_does_the_same_here_and_there),
    ("files_are_read_by_isnad", files_are_read_by_isnad),
];

const TEXTS: &[&str] = &[
    "قال الوزير إن المفاوضات مستمرة",
    "",
    "كرر المتحدث باسم الحكومة ما قاله أمس",
    "قف عند هذا الحد",
    "وصل إلــى بيروت عام ٢٠١٩ على متن طائرة يي",
    "قال قال قال",
];

/// A built-in stage does the same to these articles in isnad and in a process.
#[track_caller]
fn check(kind: &str, articles: &[Article]) {
    let here = stages::kind(kind).unwrap().create(json!({}), &NoFiles).unwrap();
    let there = isolated(kind, json!({}), Limits::default());
    assert_eq!(run(&*there, articles).unwrap(), run(&*here, articles).unwrap());
}

fn words_come_back_as_they_are_made() {
    let mut articles = articles(TEXTS.iter().copied());
    articles[1].meta.insert("out".to_owned(), json!("نعم"));
    articles[0].meta.insert("source".to_owned(), json!({"name": "وكالة", "number": 3}));
    check("test.words", &articles);
}

fn texts_come_back_as_they_are_rewritten() {
    check("test.letters", &articles(TEXTS.iter().copied()));
}

fn the_laws_hold_for_isolated_stages() {
    for kind in ["test.words", "test.letters"] {
        let stage = isolated(kind, json!({}), Limits::default());
        // Each case starts processes.
        Laws::new(&*stage).texts(TEXTS).cases(2).check();
    }
    let library = trap("laws", &[]);
    let stage = isolated_trap(&library, json!({}), Limits::default());
    Laws::new(&*stage)
        .texts(TEXTS)
        .cases(2)
        .only(&[Law::NoPanic, Law::Rows, Law::Deterministic, Law::BatchFree])
        .check();
}

fn a_library_does_the_same_here_and_there() {
    let library = trap("same", &[]);
    let here = Library::open(&library).unwrap().create("trap.said", &json!({}), &NoFiles).unwrap();
    let there = isolated_trap(&library, json!({}), Limits::default());
    let articles = articles(TEXTS.iter().copied());
    let rows = run(&*there, &articles).unwrap();
    assert_eq!(rows, run(&*here, &articles).unwrap());
    assert!(rows[5].contains("said [0..6] «قال»"), "{}", rows[5]);
}

fn files_are_read_by_isnad() {
    let files = MemoryFiles::new([("stopwords.txt", "إن\nعن\n")]);
    let options = json!({"stopwords": "stopwords.txt"});
    let articles = articles(["قال إن الأمر فزع", "قال إن لا خبر عن ذلك"]);
    let stage = plugins().isolate("test.words", None, &options, Limits::default(), &files).unwrap();
    // The first one costs the process nothing but its worker; the file is there for the next one too.
    let rows = run(&*stage, &articles).unwrap();
    assert_eq!(rows[0], "panic: over «فزع»");
    assert!(rows[1].contains("«خبر»") && !rows[1].contains("«إن»"), "{}", rows[1]);

    let missing =
        plugins().isolate("test.words", None, &json!({"stopwords": "none.txt"}), Limits::default(), &files);
    let errors = missing.err().unwrap();
    assert_eq!(errors[0].path, "stopwords");
}
