//! `mark.stopwords`: function words of Arabic articles as rows, by a stage written in C (`stopwords.c`, which the
//! build script of this package compiles), and by the same stage in Rust. Whoever writes a stage in C can read how;
//! the tests of isnad hold the two against each other.
//!
//! ```
//! use isnad_core::Registry;
//!
//! assert!(std::path::Path::new(isnad_plugin_stopwords::LIBRARY).exists());
//!
//! let mut registry = Registry::new();
//! isnad_plugin_stopwords::register(&mut registry);
//! let kind = registry.get("mark.stopwords").expect("it was registered");
//! let contract = kind.default_contract().expect("it needs no options");
//! assert_eq!(contract.writes[0].layer, "stopword");
//! ```

mod in_rust;

pub use in_rust::register;

/// The dynamic library that was compiled from `stopwords.c`.
pub const LIBRARY: &str = env!("STOPWORDS_LIBRARY");

/// The list that comes with the library.
pub const FUNCTION_WORDS: &str = include_str!("../data/function-words.tsv");
