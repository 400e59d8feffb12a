//! The laws that every stage keeps, checked on generated articles.
//!
//! | law | what holds |
//! |---|---|
//! | `no-panic` | no text makes the stage panic or end the run |
//! | `rows` | rows are not empty, lie in the text on code-point borders, and map to something in the raw text |
//! | `honest` | only what the contract declares changes: layers, labels, attrs, links, rules, text, dropped documents; what was there before stays as it was; raw text and metadata never change; documents that were out already stay untouched |
//! | `needs-its-reads` | shown only the layers that its contract names, the stage writes the same |
//! | `deterministic` | same input, same output, whichever worker, however often |
//! | `batch-free` | what becomes of a document does not depend on the others of its batch |
//! | `normal` | for stages that rewrite text: twice is once, and the alignment covers the text and is monotone |
//! | `views` | census and folded text are those of the text as it is now |
//! | `rollback` | a rolled-back document is as it was |
//! | `cancel` | told to stop, the stage returns `Ok` or a cancellation |
//! | `sink` | for stages that write output: equal documents make equal bytes, whatever the batches; no file has its name before `finish` |

use std::cell::RefCell;
use std::fmt;

use isnad_core::{Article, Stage};
use proptest::collection::vec;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use crate::arabic;
use crate::files::MemoryFiles;

mod lend;
mod rig;
mod rules;
mod sinks;
mod state;

/// Checks all laws for a stage on a few articles. `upstream` are the stages before it in the chain:
/// those that give what it reads, in order.
///
/// # Panics
/// A law is broken; the message names it and shows the smallest input found.
#[track_caller]
pub fn check(stage: &dyn Stage, upstream: &[&dyn Stage]) {
    Laws::new(stage).after(upstream).check();
}

/// A check of the laws, to be configured.
///
/// ```
/// use isnad_core::{Attach, Contract, per_doc};
/// use isnad_testkit::laws::{Law, Laws};
///
/// // It removes one exclamation mark at a time, so twice is not once.
/// let stage = per_doc(
///     Contract::new().rewrites_text(),
///     |_| Ok(()),
///     |_, document, cx| {
///         document.edit(cx, |content, edits| match content.text().find('!') {
///             Some(at) => edits.delete(at..at + 1, Attach::Nothing),
///             None => Ok(()),
///         })?;
///         Ok(())
///     },
/// );
/// let broken = Laws::new(&stage).texts(&["لا!!"]).run().unwrap_err();
/// assert_eq!(broken.law, Law::Normal);
/// ```
#[derive(Clone)]
pub struct Laws<'s> {
    stage: &'s dyn Stage,
    upstream: Vec<&'s dyn Stage>,
    texts: Vec<String>,
    files: MemoryFiles,
    cases: u32,
    seed: u64,
}

/// A law of stages; the module page says what each one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Law {
    /// Not a law of the stage: the stages before it do not work, or do not fit.
    Chain,
    /// No text makes the stage panic or end the run.
    NoPanic,
    /// Rows lie where they may.
    Rows,
    /// Only what is declared changes.
    Honest,
    /// The layers that the contract names are enough.
    NeedsItsReads,
    /// Same input, same output.
    Deterministic,
    /// Documents do not depend on their batch.
    BatchFree,
    /// Rewriting twice is rewriting once, on a sound alignment.
    Normal,
    /// Derived views fit the text.
    Views,
    /// Rolling back restores.
    Rollback,
    /// Stopping is clean.
    Cancel,
    /// Encoding depends on the documents only.
    Sink,
}

/// A law that a stage broke, with the smallest input found that shows it.
#[derive(Clone, Debug)]
pub struct LawBroken {
    /// Which one.
    pub law: Law,
    /// What was expected and what happened.
    pub message: String,
    /// The articles it happened on, in one batch; empty if it happened before there were any.
    pub articles: Vec<Article>,
}

impl<'s> Laws<'s> {
    /// A check of a stage that stands first in its chain: 32 cases, always the same ones.
    pub fn new(stage: &'s dyn Stage) -> Self {
        Laws {
            stage,
            upstream: Vec::new(),
            texts: Vec::new(),
            files: MemoryFiles::default(),
            cases: 32,
            seed: 0,
        }
    }

    /// The stages before it in the chain, in order. They should keep the laws themselves.
    pub fn after(mut self, upstream: &[&'s dyn Stage]) -> Self {
        self.upstream.extend_from_slice(upstream);
        self
    }

    /// Texts to check before the generated ones, each as an article of its own and all in one batch.
    pub fn texts(mut self, texts: &[&str]) -> Self {
        self.texts.extend(texts.iter().map(|text| (*text).to_owned()));
        self
    }

    /// Files that the stage may read when it opens its output.
    pub fn files(mut self, files: MemoryFiles) -> Self {
        self.files = files;
        self
    }

    /// How many generated batches are tried.
    pub fn cases(mut self, cases: u32) -> Self {
        self.cases = cases;
        self
    }

    /// Another seed makes other batches; the same seed always the same ones.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Checks all laws.
    ///
    /// # Panics
    /// A law is broken; the message names it and shows the smallest input found.
    #[track_caller]
    pub fn check(&self) {
        if let Err(broken) = self.run() {
            panic!("{broken}");
        }
    }

    /// Checks all laws.
    ///
    /// # Errors
    /// The first law found broken.
    pub fn run(&self) -> Result<(), LawBroken> {
        let rig = rig::Rig::new(self.stage, &self.upstream, &self.files)?;
        let case = |articles: &[Article]| {
            check_case(&rig, articles).map_err(|broken| LawBroken { articles: articles.to_vec(), ..broken })
        };
        let of_text = |text: &String| Article { id: "text".into(), raw: text.clone(), ..Article::default() };
        let texts: Vec<Article> = self.texts.iter().map(of_text).collect();
        for article in &texts {
            case(std::slice::from_ref(article))?;
        }
        case(&texts)?;

        let last = RefCell::new(None);
        let outcome = self.runner().run(&vec(arabic::article(), 1..4), |articles| {
            case(&articles).map_err(|broken| {
                let reason = broken.message.clone();
                // While proptest shrinks, the last failure is the smallest.
                last.replace(Some(broken));
                TestCaseError::fail(reason)
            })
        });
        match (outcome, last.into_inner()) {
            (Ok(()), _) => Ok(()),
            (Err(_), Some(broken)) => Err(broken),
            (Err(TestError::Abort(reason) | TestError::Fail(reason, _)), None) => {
                Err(LawBroken::of(Law::Chain, reason.to_string()))
            }
        }
    }

    fn runner(&self) -> TestRunner {
        let config = Config {
            cases: self.cases,
            failure_persistence: None,
            max_shrink_iters: 4096,
            ..Config::default()
        };
        let mut seed = [0; 32];
        for (place, byte) in seed.iter_mut().zip(self.seed.to_le_bytes()) {
            *place = byte;
        }
        TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed))
    }
}

impl LawBroken {
    fn of(law: Law, message: impl Into<String>) -> Self {
        LawBroken { law, message: message.into(), articles: Vec::new() }
    }
}

impl Law {
    /// Its name as the module page has it.
    pub fn name(self) -> &'static str {
        match self {
            Law::Chain => "chain",
            Law::NoPanic => "no-panic",
            Law::Rows => "rows",
            Law::Honest => "honest",
            Law::NeedsItsReads => "needs-its-reads",
            Law::Deterministic => "deterministic",
            Law::BatchFree => "batch-free",
            Law::Normal => "normal",
            Law::Views => "views",
            Law::Rollback => "rollback",
            Law::Cancel => "cancel",
            Law::Sink => "sink",
        }
    }
}

impl fmt::Display for LawBroken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "law `{}` is broken: {}", self.law.name(), self.message)?;
        for (index, article) in self.articles.iter().enumerate() {
            write!(f, "\narticle {} of {}, id {:?}", index + 1, self.articles.len(), article.id)?;
            match article.published {
                Some(date) => write!(f, ", published {date}")?,
                None => f.write_str(", without date")?,
            }
            write!(
                f,
                ", title of {} bytes, raw text\n  {}\n  {:?}",
                article.title_len, article.raw, article.raw
            )?;
        }
        Ok(())
    }
}

impl std::error::Error for LawBroken {}

fn check_case(rig: &rig::Rig<'_>, articles: &[Article]) -> Result<(), LawBroken> {
    rules::honest(rig, articles)?;
    rules::normal(rig, articles)?;
    lend::needs_its_reads(rig, articles)?;
    rules::deterministic(rig, articles)?;
    rules::batch_free(rig, articles)?;
    rules::rollback(rig, articles)?;
    rules::cancel(rig, articles)?;
    sinks::sink(rig, articles)
}
