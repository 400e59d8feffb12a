//! isnad turns raw Arabic news into attributed facts: who said what, to whom, when, where, on which
//! channel, about whom. This crate puts its parts together: the stages that come with it, and pipelines
//! made of them. The command `isnad` is built on it.
//!
//! ```
//! use isnad::core::NoFiles;
//!
//! let registry = isnad::registry();
//! assert!(registry.get("normalize.marks").is_some());
//! let clean = isnad::built_in("clean").expect("it comes with isnad");
//! let pipeline = isnad::runner::load(clean.source, clean.name, &registry, &NoFiles).expect("it is sound");
//! assert_eq!(pipeline.stages.last().map(|stage| stage.id.as_str()), Some("export.text"));
//! ```

#[cfg(feature = "plugins")]
pub mod checking;
#[cfg(feature = "testing")]
mod junit;
mod pipelines;
#[cfg(feature = "plugins")]
pub mod plugins;
#[cfg(feature = "testing")]
pub mod testing;

use isnad_core::Registry;

pub use isnad_arabic as arabic;
pub use isnad_core as core;
pub use isnad_export as export;
pub use isnad_extract as extract;
pub use isnad_lexicon as lexicon;
pub use isnad_normalize as normalize;
pub use isnad_runner as runner;

pub use pipelines::{BuiltIn, NEWS, PIPELINES, built_in};

/// All stages that come with isnad.
pub fn registry() -> Registry {
    let mut registry = Registry::new();
    isnad_normalize::register(&mut registry);
    isnad_extract::register(&mut registry);
    isnad_export::register(&mut registry);
    registry
}
