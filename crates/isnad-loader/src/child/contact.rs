//! The first contact with a library or a stage: in a process, where nothing that it does can harm isnad.

use std::borrow::Cow;
use std::collections::HashMap;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::Instant;

use isnad_core::{Contract, Files, OptionError};
use serde_json::Value;

use super::process::{End, Heard, Outbox, Patience, Process, Program};
use super::protocol::{Answer, Making, Request};
use crate::description::Description;

/// A stage that could be made.
#[derive(Clone, Debug)]
pub(crate) struct Tried {
    /// What it reads and writes.
    pub(crate) contract: Contract,
    /// The files that it asked for, for the processes to come: they need no folder to start at.
    pub(crate) files: Read,
}

/// Files that were asked for, by their paths, or why they could not be read.
pub(crate) type Read = HashMap<String, Result<Vec<u8>, String>>;

/// Asks what is in a library.
///
/// # Errors
/// Why it cannot be used, with its name.
pub(crate) fn describe(program: &Program, library: &Path) -> Result<Description, String> {
    let described =
        ask(program, None, &Request::Describe(library.as_os_str().as_bytes()), |answer, _| match answer {
            Answer::Described(Ok(description)) => match serde_json::from_str(&description) {
                Ok(description) => Heard::All(Ok(description)),
                Err(_) => Heard::Nonsense,
            },
            Answer::Described(Err(message)) => Heard::All(Err(message.into_owned())),
            _ => Heard::Nonsense,
        });
    described.unwrap_or_else(|end| Err(format!("`{}` cannot be used: {end}", library.display())))
}

/// Makes a stage and a worker of it, in a process, and lets go of both.
///
/// # Errors
/// All that is wrong with its options, or what happened instead.
pub(crate) fn try_stage(
    program: &Program,
    library: Option<&Path>,
    kind: &str,
    options: &Value,
    memory: Option<u64>,
    files: &dyn Files,
) -> Result<Tried, Vec<OptionError>> {
    let making = Making {
        library: library.map(|path| path.as_os_str().as_bytes()),
        kind,
        options: Cow::Owned(options.to_string()),
    };
    let mut read = Read::new();
    let tried = ask(program, memory, &Request::Try(making), |answer, outbox| match answer {
        Answer::Tried(Ok(contract)) => match serde_json::from_str(&contract) {
            Ok(contract) => Heard::All(Ok(contract)),
            Err(_) => Heard::Nonsense,
        },
        Answer::Tried(Err(refusal)) => Heard::All(Err(refusal.into_option_errors())),
        Answer::Read(path) => {
            let file = read.entry(path.to_owned());
            let file = file.or_insert_with(|| files.read(path).map_err(|error| error.to_string()));
            hand_in(file, outbox)
        }
        _ => Heard::Nonsense,
    });
    match tried {
        Ok(tried) => tried.map(|contract| Tried { contract, files: read }),
        Err(end) => {
            let within = memory.map(|bytes| format!(" with {bytes} bytes of memory"));
            let within = within.unwrap_or_default();
            Err(vec![OptionError::new("", format!("a stage `{kind}` cannot be made{within}: {end}"))])
        }
    }
}

/// Answers the question for a file.
pub(crate) fn hand_in<T>(file: &Result<Vec<u8>, String>, outbox: &mut Outbox) -> Heard<T> {
    let file = file.as_deref().map_err(|message| Cow::Borrowed(message.as_str()));
    let too_long = |error: std::io::Error| Request::File(Err(Cow::Owned(error.to_string())));
    match outbox.put(&Request::File(file)).or_else(|error| outbox.put(&too_long(error))) {
        Ok(()) => Heard::Part,
        Err(_) => Heard::Nonsense,
    }
}

/// Starts a process for one question. The error says what became of it and what it was about to do.
fn ask<T>(
    program: &Program,
    memory: Option<u64>,
    request: &Request<'_>,
    hear: impl FnMut(Answer<'_>, &mut Outbox) -> Heard<T>,
) -> Result<T, String> {
    let unstarted = |error: std::io::Error| {
        format!("`{}` cannot be started for a look at it: {error}", program.path.display())
    };
    let mut process = Process::start(program, memory).map_err(unstarted)?;
    process.outbox().put(request).map_err(unstarted)?;
    let patience = Patience { until: Some(Instant::now() + program.patience), cancelled: &|| false };
    process.listen(&patience, hear).map_err(|end| {
        process.kill();
        ending(program, &process, &end)
    })
}

/// What became of a process before it was ready.
pub(crate) fn ending(program: &Program, process: &Process, end: &End) -> String {
    match end {
        End::TimedOut => {
            format!(
                "the process took longer than {:?} for {}, and was ended",
                program.patience,
                process.step()
            )
        }
        End::Died(_) => format!("the process {end}; it was {}", process.step()),
        End::Nonsense | End::Cancelled => format!("the process {end}"),
    }
}
