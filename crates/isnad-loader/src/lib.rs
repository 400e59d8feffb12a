//! The host's side of the border to stages in dynamic libraries.
//!
//! [`Library::open`] loads a library and shakes hands with it, [`Library::create`] makes a stage of it that is used
//! like any other. Documents are lent to it as they lie in memory; whatever it hands over is checked when it is
//! handed over, and takes effect when the library has returned. A result that may not be fails the document it was
//! for, with a message that names the stage, the document and the place.
//!
//! ```no_run
//! use std::path::Path;
//! use isnad_core::NoFiles;
//! use isnad_loader::Library;
//!
//! let library = Library::open(Path::new("/usr/lib/isnad/libacme.so"))?;
//! for kind in &library.description().kinds {
//!     let _ = (&kind.name, &kind.about);
//! }
//! let stage = library.create("acme.topics", &serde_json::json!({}), &NoFiles);
//! # let _ = stage;
//! # Ok::<(), isnad_loader::LoadError>(())
//! ```
//!
//! [`Plugins`] does the same from a safe distance: it finds the libraries of a pipeline, and lets a process of its own
//! load each and make each stage once, before this process does. A stage may stay there ([`Plugins::isolate`]): then
//! a crash, a loop without end or a hunger for memory costs it one document. The program must be one that serves as
//! such a process when it is told to: see [`serve`].
//!
//! A library is code that runs in this process with all its rights. What is checked here protects from mistakes, not
//! from malice: a library can write wherever it likes.

#![cfg_attr(test, allow(clippy::string_slice, reason = "tests slice texts they know"))]

mod apply;
mod call;
mod check;
mod child;
mod description;
mod find;
mod handshake;
mod host;
mod json;
mod lend;
mod library;
mod loaded;
mod pending;
mod plugins;
mod sink;

pub use child::{Limits, Program, serve};
pub use description::{Description, ExampleText, KindDescription, LoadError, LoadErrorKind};
pub use find::Environment;
pub use library::Library;
pub use plugins::{Found, Listed, PluginError, PluginPart, Plugins};
