//! Libraries that misbehave on purpose, for the tests of isnad: `hostile.c` breaks every promise that a stage
//! makes, `faults.c` is wrong before a stage is made, and [`register`] has a stage in Rust that panics.

use std::panic::panic_any;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use isnad_core::{
    Contract, DocError, Names, Registry, Span, Stage, StageError, StageKind, Sym, Writes, per_doc,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The folder of the libraries that were compiled from C; [`library`] names one.
pub const LIBRARIES: &str = env!("HOSTILE_LIBRARIES");

/// A library that was compiled from C: `hostile`, or a fault of `faults.c` in small letters, or `text`, which is no
/// library.
pub fn library(name: &str) -> PathBuf {
    Path::new(LIBRARIES).join(format!("lib{name}.so"))
}

/// Options of `test.panic`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// Where it panics: `process`, `create`, `open`, or `payload` (in `process`, with a value whose drop panics too).
    place: String,
    /// The word of the documents that it panics on.
    word: String,
}

impl Default for Options {
    fn default() -> Self {
        Options { place: "process".to_owned(), word: "سمّ".to_owned() }
    }
}

/// A value that cannot even be thrown away.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("the payload of the panic panics too");
    }
}

/// Adds `test.panic`.
pub fn register(registry: &mut Registry) {
    registry.add(StageKind::new("test.panic", "panics", "For the tests of isnad.", |options: Options, _| {
        assert!(options.place != "create", "this stage panics when it is made");
        Ok(stage(options))
    }));
}

fn stage(options: Options) -> impl Stage {
    let place = options.place.clone();
    let open = move |names: &Arc<Names>| {
        assert!(place != "open", "this stage panics when it is opened");
        names.layer("hostile").ok_or_else(|| StageError::undeclared("hostile"))
    };
    per_doc(Contract::new().writes(Writes::rows("hostile", 1)), open, move |layer, document, cx| {
        let (content, mut rows) = document.annotate(cx);
        let text = content.text();
        let end = text.chars().next().map_or(0, char::len_utf8);
        if end > 0 {
            rows.add(*layer, Span::new(0, end), Sym::NONE, Sym::NONE, 0.5)?;
        }
        if !text.contains(&options.word) {
            return Ok(());
        }
        match options.place.as_str() {
            "process" => panic!("this stage panics on «{}»", options.word),
            "payload" => panic_any(Bomb),
            _ => Err(DocError::new("poison", "the document holds the word")),
        }
    })
}
