//! Errors of pipeline files as they are shown, and the table of their codes.

use std::fmt;

/// The codes of [`ConfigError`], each with what it stands for.
pub const CODES: &[(&str, &str)] = &[
    (code::ENCODING, "the file is not UTF-8"),
    (code::SIZE, "the file, or the chain, is too large"),
    (code::SYNTAX, "the file is not TOML, or not JSON"),
    (code::DUPLICATE_KEY, "a key or table stands twice"),
    (code::MORE, "there are more errors than are listed"),
    (code::VERSION, "the version line `isnad = 1` is missing, or not one that is read"),
    (code::UNKNOWN_KEY, "a key that pipeline files do not have"),
    (code::UNKNOWN_OPTION, "an option that the stage does not have"),
    (code::TYPE, "a value of the wrong type"),
    (code::VALUE, "a value that is not allowed"),
    (code::MISSING, "something required is missing"),
    (code::UNKNOWN_STAGE, "a stage that does not exist"),
    (code::UNAVAILABLE, "something that this version cannot do yet"),
    (code::REFUSED, "an option that the stage refuses"),
    (code::UNSET, "a variable that is not set"),
    (code::VARIABLE, "a `${` that is no variable"),
    (code::SETTING, "a `--set` that fits nowhere"),
    (code::MISSING_LAYER, "a stage needs a layer that no stage before it gives"),
    (code::MISSING_ATTR, "a stage needs an attr or link that no stage before it writes"),
    (code::LAYER_VERSION, "two stages speak different versions of a layer"),
    (code::LATE_REWRITE, "a stage rewrites text on which rows lie already"),
    (code::EXCLUSIVE_LAYER, "two stages make the rows of an exclusive layer"),
    (code::NOTHING_TO_WRITE, "a stage writes out rows, and no stage before it makes any"),
    (code::DUPLICATE_ID, "two stages have the same id, or two tests the same name"),
    (code::UNKNOWN_NAME, "a test names what the pipeline does not have"),
    (code::INPUT, "an input that cannot be read"),
    (code::OUTPUT, "an output that cannot be written"),
    (code::START, "a stage that cannot start"),
    (code::PLUGIN, "a library that cannot be loaded"),
    (code::SAME_STAGE, "two stages of the same name"),
];

/// Something wrong with a pipeline. Shown as
///
/// ```text
/// pipeline.toml:7:1: error[E0103]: unknown option `aleff` of `normalize.letters`
///   help: did you mean `alef`?
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// What kind of error it is: one of [`CODES`].
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// Where in the pipeline: keys joined by dots, places in arrays (from 0) in brackets, such as
    /// `stage[2].alef`; empty for the file as a whole.
    pub path: String,
    /// Where in the file.
    pub location: Location,
    /// What to do about it.
    pub help: Option<String>,
}

/// A place in a pipeline file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Location {
    /// The name of the file, as it was given; for a setting of the command line, `--set` and its path.
    pub file: String,
    /// The line, from 1; 0 for a pipeline that was not read from a text, and for settings of the command
    /// line.
    pub line: usize,
    /// The column in characters, from 1; 0 for a pipeline that was not read from a text.
    pub column: usize,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.file),
            line => write!(f, "{}:{line}:{}", self.file, self.column),
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.location)?;
        if self.location.line == 0 && !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        write!(f, "error[{}]: {}", self.code, self.message)?;
        match &self.help {
            Some(help) => write!(f, "\n  help: {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ConfigError {}

pub(crate) mod code {
    pub(crate) const ENCODING: &str = "E0001";
    pub(crate) const SIZE: &str = "E0002";
    pub(crate) const SYNTAX: &str = "E0003";
    pub(crate) const DUPLICATE_KEY: &str = "E0004";
    pub(crate) const MORE: &str = "E0005";
    pub(crate) const VERSION: &str = "E0101";
    pub(crate) const UNKNOWN_KEY: &str = "E0102";
    pub(crate) const UNKNOWN_OPTION: &str = "E0103";
    pub(crate) const TYPE: &str = "E0104";
    pub(crate) const VALUE: &str = "E0105";
    pub(crate) const MISSING: &str = "E0106";
    pub(crate) const UNKNOWN_STAGE: &str = "E0107";
    pub(crate) const UNAVAILABLE: &str = "E0108";
    pub(crate) const REFUSED: &str = "E0109";
    pub(crate) const UNSET: &str = "E0110";
    pub(crate) const VARIABLE: &str = "E0111";
    pub(crate) const SETTING: &str = "E0112";
    pub(crate) const MISSING_LAYER: &str = "E0201";
    pub(crate) const MISSING_ATTR: &str = "E0202";
    pub(crate) const LAYER_VERSION: &str = "E0203";
    pub(crate) const LATE_REWRITE: &str = "E0204";
    pub(crate) const EXCLUSIVE_LAYER: &str = "E0205";
    pub(crate) const NOTHING_TO_WRITE: &str = "E0206";
    pub(crate) const DUPLICATE_ID: &str = "E0207";
    pub(crate) const UNKNOWN_NAME: &str = "E0208";
    pub(crate) const INPUT: &str = "E0301";
    pub(crate) const OUTPUT: &str = "E0302";
    pub(crate) const START: &str = "E0303";
    pub(crate) const PLUGIN: &str = "E0401";
    pub(crate) const SAME_STAGE: &str = "E0402";
}
