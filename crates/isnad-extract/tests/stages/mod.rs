//! The stages of this crate in the order of a pipeline, with one lexicon for all.

use std::sync::{Arc, LazyLock};

use isnad_core::{NoFiles, Registry, Stage};
use serde_json::{Value, json};

/// The stages as the pipeline `news` has them.
pub(crate) const NAMES: [&str; 13] = [
    "extract.language",
    "extract.regions",
    "extract.sentences",
    "extract.tokens",
    "extract.cues",
    "extract.numbers",
    "extract.times",
    "extract.entities",
    "extract.roles",
    "extract.sources",
    "extract.links",
    "extract.quotes",
    "extract.anchors",
];

/// One for all tests: the lexicon is compiled once.
static REGISTRY: LazyLock<Registry> = LazyLock::new(|| {
    let mut registry = Registry::new();
    isnad_extract::register(&mut registry);
    registry
});

/// All stages, in the order of [`NAMES`]. `options` are of one stage each; the others have their defaults.
pub(crate) fn stages(options: &[(&str, Value)]) -> Vec<Arc<dyn Stage>> {
    let stage = |name: &str| {
        let given = options.iter().find(|(of, _)| *of == name).map(|(_, options)| options.clone());
        let kind = REGISTRY.get(name).expect("the stage is registered");
        kind.create(given.unwrap_or_else(|| json!({})), &NoFiles).expect("the options are right")
    };
    NAMES.iter().map(|name| stage(name)).collect()
}
