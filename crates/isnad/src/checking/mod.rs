//! The laws of stages, checked on a library in any language: what `isnad plugin check` does.
//!
//! Each law of each kind is checked in a process of its own, so that a library that crashes or hangs breaks
//! that law and no other. The process says what it is about to try before it tries it: the last thing it
//! said is what it crashed on, and that is made smaller by trying parts of it in further processes.

mod child;
mod junit;
mod upstream;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use isnad_core::Article;
use isnad_testkit::laws::{Law, LawBroken};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use child::{CheckError, serve};
pub use isnad_testkit::Fixture;
pub use junit::to_junit;

/// A check of one kind of stage of a library.
#[derive(Clone, Debug)]
pub struct LibraryCheck {
    /// The program that calls [`serve`], with the arguments that make it do so.
    pub program: crate::plugins::Program,
    /// The library.
    pub library: PathBuf,
    /// The kind of stage.
    pub kind: String,
    /// Its options, an object.
    pub options: Value,
    /// How many generated batches each law is tried on.
    pub cases: u32,
    /// Another seed generates other articles.
    pub seed: u64,
    /// Over how many batches memory has to stay flat.
    pub batches: u32,
    /// So long nothing may be heard of a process.
    pub timeout: Duration,
    /// Counter-examples from before, which are tried first.
    pub fixtures: Vec<Fixture>,
}

/// What the check of a law came to.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The law.
    pub law: Law,
    /// How it went.
    pub outcome: Outcome,
}

/// How the check of a law went.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It holds on everything that was tried.
    Kept,
    /// It says nothing about this stage, for this reason.
    Skipped(String),
    /// It is broken, on these articles.
    Broken {
        /// What was expected and what happened.
        message: String,
        /// The smallest batch found; empty if it happened before there was any.
        articles: Vec<Article>,
    },
}

impl LibraryCheck {
    /// Checks all laws; `observe` is told of each as it is done.
    ///
    /// # Errors
    /// Nothing could be checked: the stage cannot be made with these options, or what it reads is not to be had.
    pub fn run(&self, observe: &mut dyn FnMut(&Verdict)) -> Result<Vec<Verdict>, CheckError> {
        let mut verdicts = Vec::with_capacity(Law::ALL.len());
        let mut fallen = None;
        for &law in Law::ALL {
            let verdict = Verdict { law, outcome: child::check(self, law, &mut fallen)? };
            observe(&verdict);
            verdicts.push(verdict);
        }
        Ok(verdicts)
    }
}

impl Verdict {
    /// The counter-example, to be kept and tried again.
    pub fn fixture(&self) -> Option<Fixture> {
        match &self.outcome {
            Outcome::Broken { message, articles } if !articles.is_empty() => Some(Fixture {
                law: self.law,
                message: message.lines().next().unwrap_or_default().to_owned(),
                articles: articles.clone(),
            }),
            _ => None,
        }
    }

    /// Whether the law is broken.
    pub fn is_broken(&self) -> bool {
        matches!(self.outcome, Outcome::Broken { .. })
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.outcome {
            Outcome::Kept => write!(f, "ok      {}", self.law),
            Outcome::Skipped(why) => write!(f, "skipped {} ({why})", self.law),
            Outcome::Broken { message, articles } => {
                let (message, articles) = (message.clone(), articles.clone());
                let broken = LawBroken { law: self.law, message, articles }.to_string();
                let title = format!("law `{}` is broken: ", self.law);
                let broken = broken.strip_prefix(&title).unwrap_or(&broken);
                write!(f, "BROKEN  {}\n  {}", self.law, broken.replace('\n', "\n  "))
            }
        }
    }
}

/// What a process is asked to check; a line of JSON.
#[derive(Debug, Serialize, Deserialize)]
struct Request {
    library: PathBuf,
    kind: String,
    options: Value,
    law: String,
    cases: u32,
    seed: u64,
    batches: u32,
    /// Fixtures as JSON, tried first.
    fixtures: Vec<String>,
    /// Only this: a fixture as JSON.
    only: Option<String>,
}

/// What a process says, a line of JSON each.
#[derive(Debug, Serialize, Deserialize)]
enum Event {
    /// It is about to try these articles, a fixture as JSON.
    Trying(String),
    /// The law holds.
    Kept,
    /// The law says nothing about the stage.
    Skipped(String),
    /// The law is broken, on these articles: a fixture as JSON.
    Broken { message: String, articles: Option<String> },
    /// Nothing can be checked.
    Unable(String),
}
