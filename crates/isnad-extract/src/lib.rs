//! Stages that annotate Arabic news: language, regions, sentences, tokens, cues, numbers, times,
//! entities, roles, sources, links, quotes, anchors. What they know of words and of the world is in
//! `isnad-lexicon`; what they write is in the table of layers in the project's documentation.
//!
//! ```
//! let mut registry = isnad_core::Registry::new();
//! isnad_extract::register(&mut registry);
//! assert!(registry.get("extract.quotes").is_some());
//! ```

#![cfg_attr(test, allow(clippy::string_slice, reason = "tests slice texts they know"))]

mod anchors;
mod cues;
mod entities;
mod language;
mod links;
mod naming;
mod numbers;
mod offices;
mod places;
mod plan;
mod quotes;
mod regions;
mod roles;
mod sentences;
mod sources;
mod times;
mod tokens;
mod words;

use std::sync::{Arc, OnceLock};

use isnad_core::Registry;
use isnad_lexicon::Lexicon;

pub use words::{Kind, Reading, Scan, Word, WordNames};

/// Adds all stages of this crate. They share one lexicon, compiled when the first of them is made.
pub fn register(registry: &mut Registry) {
    let lexicon = SharedLexicon::default();
    registry.add(language::kind());
    registry.add(regions::kind(&lexicon));
    registry.add(sentences::kind());
    registry.add(tokens::kind(&lexicon));
    registry.add(cues::kind(&lexicon));
    registry.add(numbers::kind(&lexicon));
    registry.add(times::kind(&lexicon));
    registry.add(entities::kind(&lexicon));
    registry.add(roles::kind(&lexicon));
    registry.add(sources::kind(&lexicon));
    registry.add(links::kind(&lexicon));
    registry.add(quotes::kind(&lexicon));
    registry.add(anchors::kind(&lexicon));
}

/// The lexicon that comes with isnad, compiled on first use.
#[derive(Clone, Debug, Default)]
pub(crate) struct SharedLexicon(Arc<OnceLock<Arc<Lexicon>>>);

impl SharedLexicon {
    pub(crate) fn get(&self) -> Arc<Lexicon> {
        let compile = || {
            Arc::new(Lexicon::builtin().expect("the tables of isnad-lexicon are tested to be well formed"))
        };
        Arc::clone(self.0.get_or_init(compile))
    }
}
