//! The process that checks a law, from both sides.

use std::cell::RefCell;
use std::fmt;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::FileExt;
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use isnad_core::{Article, OptionError, Stage};
use isnad_loader::Library;
use isnad_runner::DiskFiles;
use isnad_testkit::laws::{Law, LawBroken, Laws};
use isnad_testkit::{Fixture, shrink};
use serde_json::Value;

use super::upstream::upstream;
use super::{Event, LibraryCheck, Outcome, Request};

/// Why nothing could be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckError {
    /// What is in the way.
    pub message: String,
}

impl fmt::Display for CheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for CheckError {}

/// How often a crash is tried again on fewer articles.
const TRIES: usize = 120;
/// The same for a process that hangs, each of which costs [`PATIENCE`].
const TRIES_OF_HANGING: usize = 24;
/// How long a process may hang while what it hangs on is made smaller.
const PATIENCE: Duration = Duration::from_secs(2);

/// Checks a law in a process of its own. `before` is the law whose process fell first, and how: a crash that is
/// found again under another law is not worth being made smaller once more.
pub(super) fn check(
    check: &LibraryCheck,
    law: Law,
    before: &mut Option<(Law, String)>,
) -> Result<Outcome, CheckError> {
    let heard = run(check, law, None, check.timeout)?;
    let fallen = match heard.end {
        End::Answer(outcome) => return Ok(outcome),
        End::Unable(message) => return Err(CheckError { message }),
        End::Fallen(fallen) => fallen,
    };
    let message = fallen.to_string();
    match before {
        Some((first, same)) if *same == message => {
            let message = format!("as under `{first}`: {message}");
            return Ok(Outcome::Broken { message, articles: Vec::new() });
        }
        Some(_) => {}
        None => *before = Some((law, message.clone())),
    }
    let Some(articles) = heard.trying else {
        return Ok(Outcome::Broken { message, articles: Vec::new() });
    };
    let (tries, timeout) =
        if fallen.hung { (TRIES_OF_HANGING, PATIENCE.min(check.timeout)) } else { (TRIES, check.timeout) };
    let articles = shrink(&articles, tries, &mut |articles| {
        let fixture = Fixture { law, message: String::new(), articles: articles.to_vec() };
        run(check, law, Some(&fixture), timeout).is_ok_and(|heard| matches!(heard.end, End::Fallen(_)))
    });
    Ok(Outcome::Broken { message, articles })
}

/// What was heard of a process.
struct Heard {
    /// What it tried last.
    trying: Option<Vec<Article>>,
    end: End,
}

enum End {
    Answer(Outcome),
    Unable(String),
    Fallen(Fallen),
}

/// How a process ended that did not answer.
struct Fallen {
    hung: bool,
    status: Option<ExitStatus>,
    timeout: Duration,
    stderr: String,
}

fn run(
    check: &LibraryCheck,
    law: Law,
    only: Option<&Fixture>,
    timeout: Duration,
) -> Result<Heard, CheckError> {
    let failed = |what: &str, error: io::Error| CheckError { message: format!("{what}: {error}") };
    // Files without a name: nothing is left of them, however this process ends.
    let file = || {
        let file = tempfile::tempfile()?;
        Ok((file.try_clone()?, file))
    };
    let unmade = |error| failed("cannot make a temporary file", error);
    let ((to_events, events), (to_stderr, stderr)) = (file().map_err(unmade)?, file().map_err(unmade)?);
    let request = Request {
        library: check.library.clone(),
        kind: check.kind.clone(),
        options: check.options.clone(),
        law: law.name().to_owned(),
        cases: check.cases,
        seed: check.seed,
        batches: check.batches,
        fixtures: check.fixtures.iter().map(Fixture::to_json).collect(),
        only: only.map(Fixture::to_json),
    };
    let mut child = Command::new(&check.program.path)
        .args(&check.program.arguments)
        .stdin(Stdio::piped())
        .stdout(to_events)
        .stderr(to_stderr)
        .spawn()
        .map_err(|error| failed(&format!("cannot start `{}`", check.program.path.display()), error))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A child that is gone already is noticed below.
        let _ = serde_json::to_writer(&mut stdin, &request);
    }
    let status =
        wait(&mut child, &events, timeout).map_err(|error| failed("cannot wait for a process", error))?;
    Ok(heard(&events, &stderr, status, timeout))
}

/// Waits for the end of a process; `None` if it had to be ended, since nothing was heard of it for too long.
fn wait(child: &mut Child, events: &File, timeout: Duration) -> io::Result<Option<ExitStatus>> {
    let (mut size, mut since) = (0, Instant::now());
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        let now = events.metadata().map_or(0, |events| events.len());
        if now != size {
            (size, since) = (now, Instant::now());
        } else if since.elapsed() > timeout {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

fn heard(events: &File, stderr: &File, status: Option<ExitStatus>, timeout: Duration) -> Heard {
    let mut trying = None;
    let mut end = None;
    // The last line may be cut in two: it was not said then.
    for line in String::from_utf8_lossy(&tail(events, u64::MAX)).lines() {
        let Ok(event) = serde_json::from_str::<Event>(line) else { continue };
        match event {
            Event::Trying(json) => trying = Fixture::from_json(&json).ok().map(|fixture| fixture.articles),
            Event::Kept => end = Some(End::Answer(Outcome::Kept)),
            Event::Skipped(why) => end = Some(End::Answer(Outcome::Skipped(why))),
            Event::Unable(message) => end = Some(End::Unable(message)),
            Event::Broken { message, articles } => {
                let articles = articles.and_then(|json| Some(Fixture::from_json(&json).ok()?.articles));
                let articles = articles.unwrap_or_default();
                end = Some(End::Answer(Outcome::Broken { message, articles }));
            }
        }
    }
    let fallen = || {
        let stderr = String::from_utf8_lossy(&tail(stderr, 2048)).trim().to_owned();
        Fallen { hung: status.is_none(), status, timeout, stderr }
    };
    // An answer does not count if the process fell over behind it.
    let is_sound = status.is_some_and(|status| status.success());
    let end = match end {
        Some(end @ End::Unable(_)) => end,
        Some(end) if is_sound => end,
        _ => End::Fallen(fallen()),
    };
    Heard { trying, end }
}

/// The last so many bytes of a file, as far as they can be read. It is read by place: the one who writes to it
/// shares the position.
fn tail(file: &File, count: u64) -> Vec<u8> {
    let len = file.metadata().map_or(0, |metadata| metadata.len());
    let mut at = len.saturating_sub(count);
    let mut bytes = Vec::new();
    let mut part = vec![0; 64 << 10];
    while at < len {
        match file.read_at(&mut part, at) {
            Ok(0) => break,
            Ok(count) => {
                bytes.extend(part.iter().take(count));
                at += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => break,
        }
    }
    bytes
}

impl fmt::Display for Fallen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.status {
            None => write!(f, "the stage hangs: nothing was heard of it for {:?}", self.timeout)?,
            Some(status) if status.success() => f.write_str("the stage ended its process")?,
            Some(status) => write!(f, "the stage brought its process down: {status}")?,
        }
        match self.stderr.as_str() {
            "" => Ok(()),
            stderr => write!(f, "\n  it said: {}", stderr.replace('\n', "\n           ")),
        }
    }
}

/// The process itself: reads a request, checks, and says what it does.
pub fn serve() -> ExitCode {
    let Ok(events) = take_over() else { return ExitCode::FAILURE };
    let mut request = String::new();
    let read = io::stdin().read_to_string(&mut request);
    let Ok(request) = read.and_then(|_| serde_json::from_str::<Request>(&request).map_err(io::Error::other))
    else {
        return ExitCode::FAILURE;
    };
    let events = RefCell::new(events);
    let say = |event: &Event| {
        if let Ok(mut line) = serde_json::to_vec(event) {
            line.push(b'\n');
            // Nobody listens any more: there is nothing left to do.
            let _ = events.borrow_mut().write_all(&line);
        }
    };
    say(&judge(&request, &say).unwrap_or_else(Event::Unable));
    ExitCode::SUCCESS
}

/// Moves the standard output to where no library prints to, and ties this process to the one that started it: one
/// that hangs would stay for ever.
fn take_over() -> io::Result<File> {
    let events = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdout(), FIRST_FREE)?;
    rustix::stdio::dup2_stdout(io::stderr().as_fd())?;
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
    Ok(events.into())
}

/// The first number of a file that is none of the standard ones.
const FIRST_FREE: i32 = 3;

fn judge(request: &Request, say: &dyn Fn(&Event)) -> Result<Event, String> {
    let law = Law::from_name(&request.law).ok_or_else(|| format!("there is no law `{}`", request.law))?;
    let library = Library::open(&request.library).map_err(|error| error.to_string())?;
    let stage = create(library, request)?;
    let upstream = upstream(stage.contract())?;
    let upstream: Vec<&dyn Stage> = upstream.iter().map(|stage| &**stage).collect();
    let parse = |json: &String| Fixture::from_json(json).map_err(|error| error.to_string());
    let given: Vec<Fixture> = request.fixtures.iter().map(parse).collect::<Result<_, _>>()?;
    let given: Vec<Vec<Article>> = given.into_iter().map(|fixture| fixture.articles).collect();
    let mut laws = Laws::new(&*stage).after(&upstream).cases(request.cases).seed(request.seed).only(&[law]);
    if law == Law::Memory {
        laws = laws.memory(request.batches);
    }
    if let Some(why) = laws.skipped(law) {
        return Ok(Event::Skipped(why.to_owned()));
    }
    if let Some(only) = &request.only {
        let only = parse(only)?;
        return Ok(answer(laws.run_on(law, &only.articles)));
    }
    let mut observe = |law: Law, articles: &[Article]| {
        let fixture = Fixture { law, message: String::new(), articles: articles.to_vec() };
        say(&Event::Trying(fixture.to_json()));
    };
    // What its author shows of it is what it is most likely to work on.
    let kinds = library.description().kinds.iter().filter(|kind| kind.name == request.kind);
    let examples: Vec<&str> =
        kinds.flat_map(|kind| &kind.examples).map(|example| example.before.as_str()).collect();
    let laws = laws.articles(&given).texts(&examples);
    let results = laws.run_each(&mut observe);
    let broken = results.into_iter().find_map(|(_, outcome)| outcome.err());
    Ok(answer(broken.map_or(Ok(()), Err)))
}

fn answer(outcome: Result<(), LawBroken>) -> Event {
    match outcome {
        Ok(()) => Event::Kept,
        Err(broken) => Event::Broken {
            articles: (!broken.articles.is_empty()).then(|| Fixture::from(&broken).to_json()),
            message: match broken.law {
                Law::Chain => format!("the stage cannot be checked: {}", broken.message),
                _ => broken.message,
            },
        },
    }
}

fn create(library: &'static Library, request: &Request) -> Result<Arc<dyn Stage>, String> {
    let files = DiskFiles::new("").only_checking();
    library.create(&request.kind, &request.options, &files).map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(OptionError::to_string).collect();
        format!(
            "`{}` cannot be made with the options {}: {}",
            request.kind,
            shown(&request.options),
            lines.join("; ")
        )
    })
}

fn shown(options: &Value) -> String {
    match options.as_object() {
        Some(options) if options.is_empty() => "it has by default".to_owned(),
        _ => options.to_string(),
    }
}
