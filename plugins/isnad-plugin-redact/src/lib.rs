//! `redact.identifiers`: a stage that takes e-mail addresses, telephone numbers, national id numbers, bank
//! accounts and payment cards out of articles. What it finds is *withheld*: the text gets a word such as
//! `[هاتف]` in its place, and no output of the run shows the original, not the record, not the quarantine,
//! not the log.
//!
//! ```
//! use isnad_core::{NoFiles, Registry};
//!
//! let mut registry = Registry::new();
//! isnad_plugin_redact::register(&mut registry);
//! let kind = registry.get("redact.identifiers").expect("it was registered");
//! assert_eq!(kind.examples()[0].after, "للتواصل: [هاتف] أو [بريد]");
//! let stage = kind.create(serde_json::json!({ "countries": ["EG"] }), &NoFiles).expect("the option is known");
//! # let _ = stage;
//! ```
//!
//! What numbers look like, and which words stand beside them, is in the tables of `data/`.

#![cfg_attr(test, allow(clippy::string_slice, reason = "tests slice texts they know"))]

mod account;
mod address;
mod figure;
mod finder;
mod pattern;
mod rules;
mod stage;
mod table;
mod words;

use isnad_core::Registry;

pub use finder::Kind;
pub use stage::{Options, Replacements};

/// Adds the stage of this plugin.
pub fn register(registry: &mut Registry) {
    registry.add(stage::kind());
}

#[cfg(feature = "export")]
isnad_plugin::export!(register);
