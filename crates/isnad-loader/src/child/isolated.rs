//! A stage that runs in processes, one for each worker: a crash, a loop without end or a hunger for memory cost a
//! document, not the run.

use std::borrow::Cow;
use std::os::unix::ffi::OsStrExt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use isnad_core::{
    Batch, Context, Contract, DocError, Document, Files, Grants, Names, OptionError, SinkKind, Stage,
    StageError, StageErrorKind, Worker,
};
use serde_json::Value;

use super::contact::{Read, ending, hand_in, try_stage};
use super::process::{End, Heard, Patience, Process, Program};
use super::protocol::{Answer, Failure, Making, Place, Request, Shipped};
use crate::apply::{Handed, apply};
use crate::plugins::Pinned;

/// What a stage in a process of its own may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The time for one document; `None`: any. By default a minute.
    pub timeout: Option<Duration>,
    /// The memory of the process in bytes; `None`: any, which is the default.
    pub memory: Option<u64>,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { timeout: Some(Duration::from_secs(60)), memory: None }
    }
}

/// A stage of a library, or one that is built in, in processes of its own.
#[derive(Debug)]
pub(crate) struct IsolatedStage {
    program: Program,
    library: Option<Pinned>,
    kind: String,
    /// A JSON object.
    options: String,
    limits: Limits,
    contract: Contract,
    files: Read,
}

/// One thread's process of a stage.
struct IsolatedWorker<'s> {
    stage: &'s IsolatedStage,
    names: Arc<Names>,
    /// Started when it is needed.
    process: Option<Process>,
}

/// How documents went that were sent to a process.
enum Went {
    /// All came back.
    Well,
    /// The one at this place of the batch did not; those before it did.
    Wrong(usize, End),
    /// The stage ended the run.
    Failed(StageError),
}

/// So much is sent ahead of the answers, in bytes: the process never waits, and memory stays bounded.
const AHEAD: usize = 256 << 10;

impl IsolatedStage {
    /// Tries in a process whether the stage can be made.
    ///
    /// # Errors
    /// All that is wrong with its options; it writes output, which only isnad itself can do; or it crashed.
    pub(crate) fn create(
        program: &Program,
        library: Option<Pinned>,
        kind: &str,
        options: &Value,
        limits: Limits,
        files: &dyn Files,
    ) -> Result<Self, Vec<OptionError>> {
        let path = library.as_ref().map(|library| library.path.as_path());
        let tried = try_stage(program, path, kind, options, limits.memory, files)?;
        if tried.contract.sink != SinkKind::None {
            let message = format!(
                "`{kind}` writes output, which a process of its own cannot do in the order of the input; remove `isolation`"
            );
            return Err(vec![OptionError::new("isolation", message)]);
        }
        Ok(IsolatedStage {
            program: program.clone(),
            library,
            kind: kind.to_owned(),
            options: options.to_string(),
            limits,
            contract: tried.contract,
            files: tried.files,
        })
    }
}

impl Stage for IsolatedStage {
    fn contract(&self) -> &Contract {
        &self.contract
    }

    fn open(&self, names: &Arc<Names>) -> Result<Box<dyn Worker + '_>, StageError> {
        Ok(Box::new(IsolatedWorker { stage: self, names: names.clone(), process: None }))
    }
}

impl Worker for IsolatedWorker<'_> {
    /// Answers come one by one, so the document over which a process ends is known at once: the first that was not
    /// answered. Nothing has to be divided to find it.
    fn process(&mut self, batch: &mut Batch, cx: &Context<'_>) -> Result<(), StageError> {
        let documents = batch.documents_mut();
        let mut begin = 0;
        // The place of a document that is tried once more, alone in a new process: what came before it may have left
        // the old one in a state in which nothing could go well.
        let mut again = None;
        while let Some(first) = next_live(documents, begin) {
            let end = if again == Some(first) { first + 1 } else { documents.len() };
            cx.checkpoint()?;
            let mut process = match self.process.take() {
                Some(process) => process,
                None => self.start(cx)?,
            };
            match run(self.stage, &self.names, &mut process, documents, first..end, cx) {
                Went::Well => {
                    self.process = Some(process);
                    (begin, again) = (end, None);
                }
                Went::Failed(error) => return Err(error),
                Went::Wrong(place, reason) => {
                    process.kill();
                    cx.checkpoint()?;
                    tracing::debug!(
                        stage = self.names.stage(cx.stage()),
                        reason = %reason,
                        "the process of a stage ended over a document; a new one is started"
                    );
                    // What took too long once does so again.
                    let is_its_own = again == Some(place) || matches!(reason, End::TimedOut);
                    (begin, again) = (place, (!is_its_own).then_some(place));
                    if let (true, Some(document)) = (is_its_own, documents.get_mut(place)) {
                        document.fail(self.stage.error(&reason));
                    }
                }
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), StageError> {
        let Some(mut process) = self.process.take() else { return Ok(()) };
        process
            .outbox()
            .put(&Request::Finish)
            .map_err(|error| StageError::io("cannot end a stage's process", error))?;
        let patience = Patience {
            until: self.stage.limits.timeout.map(|time| Instant::now() + time),
            cancelled: &|| false,
        };
        let finished = process.listen(&patience, |answer, _| match answer {
            Answer::Finished(result) => Heard::All(result),
            _ => Heard::Nonsense,
        });
        match finished {
            Ok(result) => result.map_err(StageError::from),
            Err(end) => {
                process.kill();
                Err(StageError::new(StageErrorKind::Bug, format!("at its end, the process {end}")))
            }
        }
    }
}

impl IsolatedWorker<'_> {
    /// Starts a process in which a worker waits for documents.
    fn start(&self, cx: &Context<'_>) -> Result<Process, StageError> {
        let mut why = match self.try_start(cx)? {
            Ok(process) => return Ok(process),
            Err(why) => why,
        };
        tracing::debug!(
            stage = self.names.stage(cx.stage()),
            why,
            "the process of a stage did not start; once more"
        );
        match self.try_start(cx)? {
            Ok(process) => Ok(process),
            Err(second) => {
                if second != why {
                    why = format!("{why}; the second time {second}");
                }
                let kind = &self.stage.kind;
                let message = format!("`{kind}` cannot start in a process of its own: {why}; tried twice");
                Err(StageError::new(StageErrorKind::Bug, message))
            }
        }
    }

    /// Starts a process and opens a worker in it; the inner error is one that may not come again.
    fn try_start(&self, cx: &Context<'_>) -> Result<Result<Process, String>, StageError> {
        let stage = self.stage;
        if let Some(library) = &stage.library {
            // A new process in the midst of a run loads it anew.
            library.check().map_err(|error| StageError::new(StageErrorKind::Options, error.to_string()))?;
        }
        let mut process = match Process::start(&stage.program, stage.limits.memory) {
            Ok(process) => process,
            Err(error) => {
                return Ok(Err(format!("`{}` does not start: {error}", stage.program.path.display())));
            }
        };
        let names = &*self.names;
        let contract = serde_json::to_string(&stage.contract).unwrap_or_default();
        let place = Place {
            layers: names.layers().map(|(_, info)| (info.name.as_str(), info.version)).collect(),
            symbols: names.symbols().iter().map(String::as_str).collect(),
            stages: names.stages().iter().map(String::as_str).collect(),
            stage: cx.stage().0,
            contract: Cow::Owned(contract),
        };
        let making = Making {
            library: stage.library.as_ref().map(|library| library.path.as_os_str().as_bytes()),
            kind: &stage.kind,
            options: Cow::Borrowed(&stage.options),
        };
        let put = process.outbox().put(&Request::Open(making, place));
        put.map_err(|error| StageError::io(format!("`{}` cannot be opened", stage.kind), error))?;
        let patience = Patience {
            until: Some(Instant::now() + stage.program.patience),
            cancelled: &|| cx.is_cancelled(),
        };
        let opened = process.listen(&patience, |answer, outbox| match answer {
            Answer::Opened(result) => Heard::All(result),
            Answer::Read(path) => match stage.files.get(path) {
                Some(file) => hand_in(file, outbox),
                None => hand_in(&Err("it did not ask for this file the first time".to_owned()), outbox),
            },
            _ => Heard::Nonsense,
        });
        match opened {
            Ok(Ok(())) => Ok(Ok(process)),
            Ok(Err(refusal)) => Err(refusal.into_stage_error()),
            Err(end) => {
                process.kill();
                cx.checkpoint()?;
                Ok(Err(ending(&stage.program, &process, &end)))
            }
        }
    }
}

impl IsolatedStage {
    /// The error of a document over which a process ended.
    fn error(&self, end: &End) -> DocError {
        match end {
            End::TimedOut => {
                let time = self.limits.timeout.unwrap_or_default();
                DocError::new(
                    "timeout",
                    format!("the stage took longer than {time:?}, and its process was ended"),
                )
            }
            End::Died(death) => match self.limits.memory {
                Some(memory) if death.memory => {
                    let message = format!(
                        "the stage needs more than its {} MiB of memory: its process {end}",
                        memory >> 20
                    );
                    DocError::new("memory", message)
                }
                _ => DocError::new("crash", format!("the stage's process {end}")),
            },
            End::Nonsense | End::Cancelled => DocError::new("crash", format!("the stage's process {end}")),
        }
    }
}

/// The next document that goes on, from a place on.
fn next_live(documents: &[Document], begin: usize) -> Option<usize> {
    let rest = documents.get(begin..)?;
    rest.iter().position(Document::is_live).map(|place| begin + place)
}

/// Sends documents of a batch to a process, and does to them what it answers.
fn run(
    stage: &IsolatedStage,
    names: &Names,
    process: &mut Process,
    documents: &mut [Document],
    range: std::ops::Range<usize>,
    cx: &Context<'_>,
) -> Went {
    let (mut sent, mut awaited) = (range.start, range.start);
    let live = |documents: &[Document], from| next_live(documents, from).filter(|place| *place < range.end);
    while let Some(place) = live(documents, awaited) {
        while process.outbox().waiting() < AHEAD
            && let Some(next) = live(documents, sent)
        {
            sent = next + 1;
            let Some(document) = documents.get_mut(next) else { break };
            if let Err(error) = ship(document, names, cx.grants(), process) {
                // Not sent, so not awaited.
                document
                    .fail(DocError::new("too-long", format!("cannot go to the stage's process: {error}")));
            }
        }
        if documents.get(place).is_none_or(|document| !document.is_live()) {
            continue;
        }
        let until = stage.limits.timeout.map(|time| Instant::now() + time);
        let patience = Patience { until, cancelled: &|| cx.is_cancelled() };
        let answered = process.listen(&patience, |answer, _| match answer {
            Answer::Done(handed) => Heard::All(Ok(Ok(handed))),
            Answer::Panicked(message) => Heard::All(Ok(Err(message.into_owned()))),
            Answer::Failed(failure) => Heard::All(Err(failure)),
            _ => Heard::Nonsense,
        });
        let Some(document) = documents.get_mut(place) else { break };
        match answered {
            Ok(answer) => {
                if let Err(error) = settle(document, names, cx, answer) {
                    return Went::Failed(error);
                }
            }
            Err(end) => return Went::Wrong(place, end),
        }
        awaited = place + 1;
    }
    Went::Well
}

/// Does to a document what was done to it in the process.
fn settle(
    document: &mut Document,
    names: &Names,
    cx: &Context<'_>,
    answer: Result<Result<Handed, String>, Failure>,
) -> Result<(), StageError> {
    match answer? {
        Ok(handed) => apply(document, cx, names, &handed),
        // As where the stage runs in isnad itself.
        Err(panic) => document.fail(DocError::new("panic", panic)),
    }
    Ok(())
}

fn ship(document: &Document, names: &Names, grants: &Grants, process: &mut Process) -> std::io::Result<()> {
    let shown = document.shown(grants, names.layer_count() as u16);
    process.outbox().put(&Request::Document(Box::new(Shipped::of(&shown))))
}
