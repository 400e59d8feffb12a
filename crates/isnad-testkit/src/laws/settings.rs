//! What is checked, and on what.

use std::path::PathBuf;

use isnad_core::{Article, Order, SinkKind, Stage, TextAccess};

use super::{Law, LawBroken, memory};
use crate::files::MemoryFiles;
use crate::fixture::Fixture;

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
    pub(super) stage: &'s dyn Stage,
    pub(super) upstream: Vec<&'s dyn Stage>,
    pub(super) texts: Vec<String>,
    pub(super) articles: Vec<Vec<Article>>,
    pub(super) fixtures: Option<PathBuf>,
    pub(super) files: MemoryFiles,
    pub(super) cases: u32,
    pub(super) seed: u64,
    /// `None`: the usual ones.
    only: Option<Vec<Law>>,
    memory: Option<u32>,
}

impl<'s> Laws<'s> {
    /// A check of a stage that stands first in its chain: 32 cases, always the same ones.
    pub fn new(stage: &'s dyn Stage) -> Self {
        Laws {
            stage,
            upstream: Vec::new(),
            texts: Vec::new(),
            articles: Vec::new(),
            fixtures: None,
            files: MemoryFiles::default(),
            cases: 32,
            seed: 0,
            only: None,
            memory: None,
        }
    }

    /// The stages before it in the chain, in order. They should keep the laws themselves.
    #[must_use]
    pub fn after(mut self, upstream: &[&'s dyn Stage]) -> Self {
        self.upstream.extend_from_slice(upstream);
        self
    }

    /// Texts to check before the generated ones, each as an article of its own and all in one batch.
    #[must_use]
    pub fn texts(mut self, texts: &[&str]) -> Self {
        self.texts.extend(texts.iter().map(|text| (*text).to_owned()));
        self
    }

    /// Batches to check before the generated ones, such as earlier counter-examples.
    #[must_use]
    pub fn articles(mut self, batches: &[Vec<Article>]) -> Self {
        self.articles.extend_from_slice(batches);
        self
    }

    /// A folder of [fixtures](crate::Fixture): all its `*.json` are checked before the generated articles,
    /// and where a law is found broken on a generated batch, [`check`](Laws::check) writes a new one there.
    /// The folder need not be there.
    #[must_use]
    pub fn fixtures(mut self, folder: impl Into<PathBuf>) -> Self {
        self.fixtures = Some(folder.into());
        self
    }

    /// Files that the stage may read when it opens its output.
    #[must_use]
    pub fn files(mut self, files: MemoryFiles) -> Self {
        self.files = files;
        self
    }

    /// How many generated batches are tried. With 0 only what was given is checked, so that `hostile` is
    /// left out too unless it is asked for.
    #[must_use]
    pub fn cases(mut self, cases: u32) -> Self {
        self.cases = cases;
        self
    }

    /// Another seed makes other batches; the same seed always the same ones.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Only these laws.
    #[must_use]
    pub fn only(mut self, laws: &[Law]) -> Self {
        self.only = Some(laws.to_vec());
        self
    }

    /// The law `memory` too, over so many batches; a few thousand tell a leak from noise.
    #[must_use]
    pub fn memory(mut self, batches: u32) -> Self {
        self.memory = Some(batches);
        self
    }

    /// Why a law says nothing about this stage, if it does not: its contract does not give the occasion, or
    /// the machine cannot tell.
    pub fn skipped(&self, law: Law) -> Option<&'static str> {
        let contract = self.stage.contract();
        match law {
            Law::Normal if contract.text != TextAccess::Rewrites => Some("the stage does not rewrite text"),
            Law::Sink if contract.sink == SinkKind::None => Some("the stage writes no output"),
            Law::Order | Law::Threads if contract.order == Order::Input => {
                Some("the stage needs documents in input order")
            }
            Law::NeedsItsReads if contract.sink != SinkKind::None => {
                Some("an output shows whatever there is")
            }
            Law::NeedsItsReads if self.upstream.is_empty() => {
                Some("there is no stage before it that could lend it something")
            }
            Law::Memory if memory::resident().is_none() => {
                Some("this system does not tell the memory in use")
            }
            _ => None,
        }
    }

    /// The laws that are checked, each once, in the order of [`Law::ALL`].
    pub(super) fn wanted(&self) -> Vec<Law> {
        let is_wanted = |law: &&Law| match &self.only {
            Some(only) => only.contains(law),
            None => match law {
                Law::Memory => self.memory.is_some(),
                Law::Hostile => self.cases > 0,
                _ => true,
            },
        };
        Law::ALL.iter().filter(is_wanted).copied().collect()
    }

    pub(super) fn memory_batches(&self) -> u32 {
        self.memory.unwrap_or(memory::BATCHES)
    }

    /// The batches that are checked before the generated ones.
    pub(super) fn given(&self) -> Result<Vec<Vec<Article>>, LawBroken> {
        let of_text = |text: &String| Article { id: "text".into(), raw: text.clone(), ..Article::default() };
        let texts: Vec<Article> = self.texts.iter().map(of_text).collect();
        let mut given: Vec<Vec<Article>> = texts.iter().map(|article| vec![article.clone()]).collect();
        given.push(texts);
        given.extend_from_slice(&self.articles);
        if let Some(folder) = &self.fixtures {
            let fixtures = Fixture::read_all(folder).map_err(|what| LawBroken::of(Law::Chain, what))?;
            given.extend(fixtures.into_iter().map(|fixture| fixture.articles));
        }
        Ok(given)
    }
}
