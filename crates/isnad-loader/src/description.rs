//! What a library says of itself, and why one cannot be used: plain values, which outlive the library and go through
//! a pipe.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a library says of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Description {
    /// Its version, for people.
    pub version: String,
    /// Compiler and SDK it was built with, for people; may be empty.
    pub built_with: String,
    /// The version of the border it was built with: major, minor, and the oldest minor it can work with.
    pub abi: (u32, u32, u32),
    /// The kinds of stages it has.
    pub kinds: Vec<KindDescription>,
}

/// A kind of stage of a library.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KindDescription {
    /// Its name, `group.noun`.
    pub name: String,
    /// What it does, in a line.
    pub about: String,
    /// The same in Markdown.
    pub docs: String,
    /// The JSON Schema of its options.
    pub schema: Value,
    /// Worked examples.
    pub examples: Vec<ExampleText>,
}

/// A worked example of a kind of stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExampleText {
    /// What it shows, in a line.
    pub about: String,
    /// The options, a JSON object.
    pub options: String,
    /// The article that comes in.
    pub before: String,
    /// What comes out.
    pub after: String,
}

/// Why a library cannot be used. Shown as text, it names the library and says what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadError {
    /// What a caller can tell apart.
    pub kind: LoadErrorKind,
    /// What is wrong, for a person.
    pub message: String,
}

/// The kinds of [`LoadError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum LoadErrorKind {
    /// The system cannot load it: no such file, no library, made for another machine, a library that it needs is not
    /// there.
    File,
    /// It does not export the symbol of isnad libraries.
    Symbol,
    /// Its description is not where it says, or does not begin as it must.
    Magic,
    /// It speaks a version of the border that this isnad does not speak.
    Version,
    /// A table is shorter than its version has it.
    Truncated,
    /// It knows rows or documents of other sizes.
    Layout,
    /// A function that must be there is not.
    Function,
    /// A text is not UTF-8, or not what it must be.
    Text,
    /// The name of a kind of stage may not be.
    Name,
    /// The schema of a kind's options is not one.
    Schema,
    /// The examples of a kind are not what they must be.
    Examples,
    /// It could not be made ready.
    Init,
}

impl LoadError {
    pub(crate) fn new(kind: LoadErrorKind, message: impl Into<String>) -> Self {
        LoadError { kind, message: message.into() }
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for LoadError {}
