//! The macro `laws!`, as authors of stages use it, and the fixtures that it leaves.

mod handmade;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use handmade::{marker, rewriter};
use isnad_core::*;
use isnad_testkit::laws::{Law, Laws};
use isnad_testkit::{Fixture, MemoryFiles, laws};
use schemars::JsonSchema;
use serde::Deserialize;

fn said() -> impl Stage {
    marker(|_| 0.5)
}

fn shared() -> Arc<dyn Stage> {
    Arc::new(marker(|_| 0.25))
}

fn no_tatweel() -> impl Stage {
    rewriter(|content, edits| {
        content
            .text()
            .match_indices('\u{0640}') // TATWEEL
            .try_for_each(|(at, c)| edits.delete(at..at + c.len(), Attach::Before))
    })
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// The score of all rows.
    score: u8,
    /// A file of words.
    words: Option<String>,
}

/// A kind that refuses most scores, and files that are not there.
fn kind() -> StageKind {
    StageKind::new("test.marker", "", "", |options: Options, files: &dyn Files| {
        if options.score > 100 {
            return Err(vec![OptionError::new("score", "the score is at most 100")]);
        }
        if let Some(words) = &options.words {
            files.read(words).map_err(|error| vec![OptionError::new("words", error.to_string())])?;
        }
        Ok(marker(move |_| f32::from(options.score) / 100.0))
    })
}

/// A kind for stages before the one under test.
fn kind_before() -> StageKind {
    StageKind::new("test.tatweel", "", "", |_: Options, _: &dyn Files| Ok(no_tatweel()))
}

/// A name that the macro must not take from us.
fn rows() -> impl Stage {
    said()
}

const CASES: u32 = 4;

laws!(said());
laws!(named, said());
laws!(of_a_name_like_a_test, rows(), cases = CASES);
laws!(in_a_chain, shared(), after = [no_tatweel(), kind_before()], cases = CASES * 2, seed = 7,);
laws!(rewriting, no_tatweel(), texts = ["", "قـال"], cases = CASES);
laws!(created, kind().create(serde_json::json!({ "score": 50 }), &NoFiles), cases = CASES);
laws!(of_defaults, kind(), cases = CASES);
laws!(
    of_options,
    kind(),
    options = { "score": 50, "words": "words.txt" },
    files = MemoryFiles::new([("words.txt", "قال")]),
    cases = CASES,
);
laws!(of_any_options, kind(), options = random);
laws!(flat, said(), memory = 1000, cases = CASES, fixtures = "tests/no-such-folder");

/// A folder for one test, which is not there yet.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("isnad-testkit-{}-{name}", std::process::id()));
    assert!(!folder.exists());
    folder
}

fn message(run: impl FnOnce() + std::panic::UnwindSafe) -> String {
    let panic = std::panic::catch_unwind(run).expect_err("a law is broken");
    panic.downcast_ref::<String>().cloned().expect("the message is a string")
}

fn fixtures(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("a file").path())
        .collect()
}

#[test]
fn a_counter_example_is_kept_and_tried_again() {
    let folder = folder("kept");
    let fails_on = |bad: char| {
        rewriter(move |content, _| {
            assert!(!content.text().contains(bad), "a bad letter");
            Ok(())
        })
    };
    let stage = fails_on('و');
    let run = || Laws::new(&stage).fixtures(&folder).check();
    let first = message(std::panic::AssertUnwindSafe(run));
    let files = fixtures(&folder);
    assert_eq!(files.len(), 1, "{first}");
    assert!(first.contains(&format!("saved as `{}`", files[0].display())), "{first}");
    let json = std::fs::read_to_string(&files[0]).expect("it was written");
    let fixture = Fixture::from_json(&json).expect("it was written by the same code");
    assert_eq!((fixture.law, fixture.articles.len()), (Law::NoPanic, 1));
    assert_eq!(fixture.articles[0].raw, "و");

    // It is found without any generated article, and not written again.
    let again =
        message(std::panic::AssertUnwindSafe(|| Laws::new(&stage).fixtures(&folder).cases(0).check()));
    assert!(again.contains("a bad letter") && !again.contains("saved"), "{again}");
    assert_eq!(fixtures(&folder), files);
    Laws::new(&fails_on('ڭ')).fixtures(&folder).cases(0).check(); // a letter of other languages

    std::fs::write(folder.join("broken.json"), "{}").expect("the folder is there");
    let broken = Laws::new(&said()).fixtures(&folder).run().expect_err("a fixture cannot be read");
    assert_eq!(broken.law, Law::Chain);
    assert!(broken.message.contains("broken.json"), "{broken}");
    std::fs::remove_dir_all(&folder).expect("it is ours");
}

#[test]
fn options_that_break_a_law_are_told() {
    let kind = StageKind::new("test.marker", "", "", |options: Options, _: &dyn Files| {
        Ok(rewriter(move |_, _| {
            assert!(options.score < 20, "a score of {}", options.score);
            Ok(())
        }))
    });
    let suite = isnad_testkit::__laws::suite(kind).random_options();
    let said = message(std::panic::AssertUnwindSafe(|| suite.test(Law::NoPanic)));
    assert!(said.starts_with("with the options {\"score\":"), "{said}");
    assert!(said.contains("law `no-panic` is broken: the stage panicked: a score of "), "{said}");
}

#[test]
fn a_kind_that_refuses_everything_is_told() {
    let kind = StageKind::new("test.marker", "", "", |_: Options, _: &dyn Files| {
        Err::<Never, _>(vec![OptionError::new("", "no")])
    });
    let suite = isnad_testkit::__laws::suite(kind).random_options();
    let said = message(std::panic::AssertUnwindSafe(|| suite.test(Law::NoPanic)));
    assert!(said.contains("refuses all options that its schema allows, such as {}: no"), "{said}");
}

enum Never {}

impl Stage for Never {
    fn contract(&self) -> &Contract {
        match *self {}
    }

    fn open(&self, _: &Arc<Names>) -> Result<Box<dyn Worker + '_>, StageError> {
        match *self {}
    }
}
