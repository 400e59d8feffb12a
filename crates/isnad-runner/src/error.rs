//! Why a run ended before its end.

use std::fmt;

/// Why a run ended before its end. Outputs keep the name `NAME.partial` then.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RunError {
    /// A stage cannot do what its options say.
    Config {
        /// The stage, by id.
        stage: String,
        /// What is wrong.
        message: String,
    },
    /// Inputs cannot be read: everything wrong with them, one line each.
    Input(Vec<String>),
    /// A stage cannot go on.
    Stage {
        /// The stage, by id.
        stage: String,
        /// The document it stopped at, by id, where it was one document.
        document: Option<String>,
        /// What happened.
        message: String,
    },
    /// An output cannot be written.
    Output {
        /// What happened, with the name of the file.
        message: String,
    },
    /// The run was told to stop.
    Interrupted,
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RunError::Config { stage, message } => write!(f, "stage `{stage}`: {message}"),
            RunError::Input(problems) => f.write_str(&problems.join("\n")),
            RunError::Stage { stage, document: Some(id), message } => {
                write!(f, "stage `{stage}` stopped the run at document `{id}`: {message}")
            }
            RunError::Stage { stage, document: None, message } => write!(f, "stage `{stage}`: {message}"),
            RunError::Output { message } => f.write_str(message),
            RunError::Interrupted => f.write_str("interrupted"),
        }
    }
}

impl std::error::Error for RunError {}
