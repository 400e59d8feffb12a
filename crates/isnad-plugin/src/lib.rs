//! For authors of stages in dynamic libraries: the C ABI of isnad, its header, and the macro that exports stages
//! written in Rust.
//!
//! A stage for a library is written as one that is built in: an options struct, a contract, a worker or
//! [`per_doc`](isnad_core::per_doc), and a `register` function. One line exports it.
//!
//! ```
//! use isnad_core::{Contract, OptionError, Registry, Span, Stage, StageError, StageKind, Sym, Writes, per_doc};
//! use schemars::JsonSchema;
//! use serde::{Deserialize, Serialize};
//!
//! /// The sentences here are what users read about the options.
//! #[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
//! #[serde(default, deny_unknown_fields)]
//! struct Options {
//!     /// The word that marks urgent news.
//!     word: String,
//! }
//!
//! impl Default for Options {
//!     fn default() -> Self {
//!         Options { word: "عاجل".into() }
//!     }
//! }
//!
//! fn urgent(options: Options) -> Result<impl Stage, Vec<OptionError>> {
//!     if options.word.is_empty() {
//!         return Err(vec![OptionError::new("word", "is empty; give the word to look for")]);
//!     }
//!     Ok(per_doc(
//!         Contract::new().writes(Writes::rows("urgent", 1)),
//!         |names| names.layer("urgent").ok_or_else(|| StageError::undeclared("urgent")),
//!         move |layer, document, cx| {
//!             let (content, mut rows) = document.annotate(cx);
//!             for (at, word) in content.text().match_indices(&options.word) {
//!                 rows.add(*layer, Span::new(at, at + word.len()), Sym::NONE, Sym::NONE, 1.0)?;
//!             }
//!             Ok(())
//!         },
//!     ))
//! }
//!
//! /// Also called by programs in which the stage is built in.
//! pub fn register(registry: &mut Registry) {
//!     let (about, docs) = ("Marks urgent news.", "Marks the word «عاجل», or another one.");
//!     registry.add(StageKind::new("acme.urgent", about, docs, |options, _| urgent(options)));
//! }
//!
//! isnad_plugin::export!(register);
//! # fn main() {
//! #     // SAFETY: the description is constant.
//! #     assert_eq!(unsafe { (*isnad_module_v0()).n_kinds }, 1);
//! # }
//! ```
//!
//! In `Cargo.toml`, `crate-type = ["cdylib", "rlib"]` makes a library to load and a crate to build in. A program may
//! hold the exported symbol once: where several such crates are built into one, put the line behind a feature that
//! is on by default, `#[cfg(feature = "export")] isnad_plugin::export!(register);`.
//!
//! # What is promised
//!
//! - **A panic does not leave the library.** It ends the call; the host finds the document that it was on, and all
//!   others go on with a new worker. So a panic has to unwind: with `panic = "abort"`, `export!` does not compile.
//! - **Nothing is printed.** The message of a panic goes to the host, and what is said with `tracing` to its log, as
//!   far as the host's level asks for it. Spans are left out.
//! - **The documents are copies**, in memory that the worker keeps. Of other stages' rows, they have those of the
//!   layers that the contract names. What the stage did to them is handed over when
//!   [`process`](isnad_core::Worker::process) has returned `Ok`; the host checks it once more.
//! - **[`Context::is_cancelled`](isnad_core::Context::is_cancelled) asks the host**, so it is right at once.
//! - **Files are the host's**: those that `create` and [`Stage::sink`](isnad_core::Stage::sink) are given lead to the
//!   folder of the pipeline file. They, and outputs, work during calls of the host and on its thread.
//!
//! Authors in other languages need [`HEADER`] only. What is the same for both, versions above all, stands in
//! `docs/guides/plugin-abi.md`.

pub mod abi;
#[doc(hidden)]
pub mod export;

mod convert;
mod given;
mod guard;
mod host;
mod lent;
mod log;
mod sink;
mod stage;
mod worker;

pub use convert::{day_to_number, number_to_day};

/// The text of `isnad.h`: the border in C, and the contract between its two sides.
pub const HEADER: &str = include_str!("../include/isnad.h");

/// Exports the stages that a function registers: makes the one symbol that isnad looks for in a library.
///
/// `export!(register)` takes a `fn(&mut Registry)`. The version that users are shown is that of the crate;
/// `export!(register, version = "…")` says another one. The crate needs no `unsafe` for it.
#[macro_export]
macro_rules! export {
    ($register:expr $(,)?) => {
        $crate::export!($register, version = ::core::env!("CARGO_PKG_VERSION"));
    };
    ($register:expr, version = $version:expr $(,)?) => {
        #[cfg(not(panic = "unwind"))]
        ::core::compile_error!(
            "a panic in a stage is caught at the border of its library, so it has to unwind: remove `panic = \"abort\"` from the profile"
        );

        /// What this library is, for isnad.
        #[unsafe(no_mangle)]
        pub extern "C" fn isnad_module_v0() -> *const $crate::abi::Module {
            static EXPORTED: $crate::export::Exported = $crate::export::Exported::new();

            unsafe extern "C" fn init(host: *const $crate::abi::Host) -> $crate::abi::Rc {
                // SAFETY: the host passes its table, which lives as long as the library.
                unsafe { EXPORTED.init(host) }
            }

            EXPORTED.module($register, $version, init)
        }
    };
}
