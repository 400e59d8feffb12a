//! `keywords.phrases`: a stage that finds the key phrases of an article, by how often they stand in it and how
//! rarely in other articles (TF-IDF). It reads the rows of `extract.tokens` and writes rows of the layer
//! `keyword`.
//!
//! ```
//! use isnad_core::{NoFiles, Registry};
//! use isnad_plugin_keywords::Background;
//!
//! let mut registry = Registry::new();
//! isnad_plugin_keywords::register(&mut registry);
//! let kind = registry.get("keywords.phrases").expect("it was registered");
//! assert!(kind.create(serde_json::json!({ "count": 5 }), &NoFiles).is_ok());
//!
//! // How rare a phrase is, is looked up in a table of document frequencies: the one that comes with the stage …
//! assert!(Background::builtin().weight("منطاد") > Background::builtin().weight("حكومه"));
//! // … or one made of a corpus of one's own.
//! let mut builder = isnad_plugin_keywords::Builder::default();
//! for text in ["بناء السد", "السد جديد", "سد آخر"] {
//!     builder.add(text);
//! }
//! assert_eq!(builder.finish(2, 3).frequency("سد"), 3);
//! ```
//!
//! Words are compared folded, without attached conjunctions, prepositions and the article, so spelling,
//! vocalization and tatweel make no difference.

#![cfg_attr(test, allow(clippy::string_slice, reason = "tests slice texts they know"))]

mod background;
mod builder;
mod phrases;
mod ranking;
mod stage;
mod words;

use isnad_core::Registry;

pub use background::{Background, TableError};
pub use builder::Builder;
pub use stage::{Occurrences, Options};

/// Adds the stage of this plugin.
pub fn register(registry: &mut Registry) {
    registry.add(stage::kind());
}

#[cfg(feature = "export")]
isnad_plugin::export!(register);
