//! How the command ended.

use std::io;
use std::process::ExitCode;

use isnad::runner::ConfigError;

use super::terminal::say;

/// How the command ended. All but `Done` and `Quiet` say something on standard error.
#[derive(Debug)]
pub(crate) enum Ending {
    /// All done.
    Done,
    /// All done that could be: nobody reads the output any more.
    Quiet,
    /// The run failed.
    Failed(String),
    /// The command line or an input is wrong.
    Usage(String),
    /// The pipeline file is wrong.
    Config(Vec<ConfigError>),
    /// Done, with documents in quarantine; the message for the user was printed.
    Quarantine,
    /// Interrupted.
    Interrupted(String),
}

impl Ending {
    /// Says what is to be said and gives the exit code.
    pub(crate) fn report(self) -> ExitCode {
        match self {
            Ending::Done | Ending::Quiet => ExitCode::SUCCESS,
            Ending::Failed(message) => {
                say(&format!("error: {message}"));
                ExitCode::from(1)
            }
            Ending::Usage(message) => {
                for line in message.lines() {
                    // What is indented belongs to the line above.
                    say(&if line.starts_with(' ') { line.to_owned() } else { format!("error: {line}") });
                }
                ExitCode::from(2)
            }
            Ending::Config(errors) => {
                for error in &errors {
                    say(&error.to_string());
                }
                let count = errors.len();
                let noun = if count == 1 { "error" } else { "errors" };
                let code = errors.first().map_or("CODE", |error| error.code);
                say(&format!(
                    "{count} {noun}; nothing was run (`isnad check --explain {code}` says more of the first)"
                ));
                ExitCode::from(2)
            }
            Ending::Quarantine => ExitCode::from(3),
            Ending::Interrupted(message) => {
                say(&message);
                ExitCode::from(130)
            }
        }
    }

    /// The ending of a command that only printed.
    pub(crate) fn of_printing(printed: io::Result<()>) -> Self {
        match printed {
            Ok(()) => Ending::Done,
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ending::Quiet,
            Err(error) => Ending::Failed(format!("cannot write to standard output: {error}")),
        }
    }
}
