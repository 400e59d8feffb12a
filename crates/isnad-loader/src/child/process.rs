//! A process that runs stages, as isnad sees it: started, asked, waited for with a deadline, ended.

use std::ffi::OsString;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process_group};

use super::log;
use super::protocol::{Answer, Front, Inbox, PROTOCOL, Request, append, read};

/// How a process that runs stages is started: a program that calls [`serve`](crate::serve).
#[derive(Clone, Debug)]
pub struct Program {
    /// The program.
    pub path: PathBuf,
    /// What it is told so that it serves.
    pub arguments: Vec<OsString>,
    /// How long a library may take to load and a stage to be made, before the process is ended.
    pub patience: Duration,
}

impl Program {
    /// The program that is running, with these arguments; a stage may take a minute to be made.
    ///
    /// # Errors
    /// The system does not say where it lies.
    pub fn this(arguments: impl IntoIterator<Item = impl Into<OsString>>) -> io::Result<Self> {
        // The path of a program may lead to another one by now; Linux knows the one that is running.
        let running = PathBuf::from("/proc/self/exe");
        let path = if running.exists() { running } else { std::env::current_exe()? };
        Ok(Program { path, arguments: arguments.into_iter().map(Into::into).collect(), patience: PATIENCE })
    }
}

/// How long something is waited for.
pub(crate) struct Patience<'p> {
    /// `None`: for ever.
    pub(crate) until: Option<Instant>,
    /// Whether the run was told to stop, which is looked at now and then.
    pub(crate) cancelled: &'p dyn Fn() -> bool,
}

/// Why an answer did not come.
#[derive(Debug)]
pub(crate) enum End {
    /// The process is gone.
    Died(Death),
    /// The time was up.
    TimedOut,
    /// It said something that is no answer.
    Nonsense,
    /// The run was told to stop.
    Cancelled,
}

/// How a process died.
#[derive(Debug)]
pub(crate) struct Death {
    /// What a person is told: `was ended by signal 11 (SIGSEGV)`, and what it said before.
    pub(crate) text: String,
    /// Whether it asked for more memory than it may have.
    pub(crate) memory: bool,
}

/// What is to be done after an answer.
pub(crate) enum Heard<T> {
    /// It was the one that was waited for.
    All(T),
    /// There will be more.
    Part,
    /// It does not belong here.
    Nonsense,
}

/// What is to be sent, and how much of it was.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    bytes: Vec<u8>,
    sent: usize,
}

/// A process. When it is dropped it is ended and waited for.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    to: Option<ChildStdin>,
    from: ChildStdout,
    errors: Option<ChildStderr>,
    outbox: Outbox,
    inbox: Inbox,
    greeted: bool,
    /// What it was last about to do.
    step: String,
    /// The last that it wrote to its standard error.
    said: Vec<u8>,
    /// Known once it was waited for.
    status: Option<ExitStatus>,
}

/// How long a library may take to load and a stage to be made: lexicons are large, and machines slow.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is looked whether the run was told to stop.
const SLICE: Duration = Duration::from_millis(50);
/// How long a process may take to end when it is asked to.
const GRACE: Duration = Duration::from_secs(1);
/// How much is kept of what a process says to its standard error.
const SAID: usize = 4 << 10;
/// How large pipes are made where that is possible: a batch fits in.
#[cfg(target_os = "linux")]
const PIPE: usize = 1 << 20;

impl Outbox {
    /// Puts a message behind the others.
    ///
    /// # Errors
    /// It is too long.
    pub(crate) fn put(&mut self, request: &Request<'_>) -> io::Result<()> {
        append(request, &mut self.bytes)
    }

    /// How many bytes are still to be sent.
    pub(crate) fn waiting(&self) -> usize {
        self.bytes.len() - self.sent
    }

    fn send(&mut self, pipe: impl AsFd) -> rustix::io::Result<()> {
        self.sent += rustix::io::write(pipe, self.bytes.get(self.sent..).unwrap_or_default())?;
        if self.sent == self.bytes.len() {
            self.bytes.clear();
            self.sent = 0;
        }
        Ok(())
    }
}

impl Process {
    /// Starts a process that may take so much memory.
    ///
    /// # Errors
    /// The system does not start it.
    pub(crate) fn start(program: &Program, memory: Option<u64>) -> io::Result<Self> {
        let mut child = Command::new(&program.path)
            .args(&program.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // An interrupt at the terminal is for isnad alone, and all that a stage starts ends with it.
            .process_group(0)
            .spawn()?;
        let (to, from, errors) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let from = from.expect("it was started with a pipe for its output");
        let mut outbox = Outbox::default();
        outbox.put(&Request::Hello { protocol: PROTOCOL, memory, log: log::wanted() })?;
        let process = Process {
            child,
            to,
            from,
            errors,
            outbox,
            inbox: Inbox::default(),
            greeted: false,
            step: "starting".to_owned(),
            said: Vec::new(),
            status: None,
        };
        if let (Some(to), Some(errors)) = (&process.to, &process.errors) {
            for pipe in [to.as_fd(), process.from.as_fd(), errors.as_fd()] {
                rustix::io::ioctl_fionbio(pipe, true)?;
            }
            #[cfg(target_os = "linux")]
            for pipe in [to.as_fd(), process.from.as_fd()] {
                // Smaller ones do too.
                let _ = rustix::pipe::fcntl_setpipe_size(pipe, PIPE);
            }
        }
        Ok(process)
    }

    /// What is to be sent.
    pub(crate) fn outbox(&mut self) -> &mut Outbox {
        &mut self.outbox
    }

    /// What it was last about to do.
    pub(crate) fn step(&self) -> &str {
        &self.step
    }

    /// Waits for answers and hands each to `hear`, until that has all it needs.
    ///
    /// # Errors
    /// Nothing more can be had from the process.
    pub(crate) fn listen<T>(
        &mut self,
        patience: &Patience<'_>,
        mut hear: impl FnMut(Answer<'_>, &mut Outbox) -> Heard<T>,
    ) -> Result<T, End> {
        loop {
            let len = self.wait(patience)?;
            let answer = read(self.inbox.take(len)).ok_or(End::Nonsense)?;
            match answer {
                Answer::Hello(PROTOCOL) if !self.greeted => self.greeted = true,
                _ if !self.greeted => return Err(End::Nonsense),
                Answer::Log(level, target, message) => {
                    log::pass_on(level, target, &message);
                    // One that talks without end says nothing.
                    if patience.until.is_some_and(|until| until + GRACE < Instant::now()) {
                        return Err(End::TimedOut);
                    }
                }
                Answer::Step(step) => {
                    self.step.clear();
                    self.step.push_str(step);
                }
                answer => match hear(answer, &mut self.outbox) {
                    Heard::All(all) => return Ok(all),
                    Heard::Part => {}
                    Heard::Nonsense => return Err(End::Nonsense),
                },
            }
        }
    }

    /// Waits until a message is there, and tells its length.
    fn wait(&mut self, patience: &Patience<'_>) -> Result<usize, End> {
        loop {
            match self.inbox.front() {
                Front::Message(len) => return Ok(len),
                Front::Nonsense => return Err(End::Nonsense),
                Front::Part if (patience.cancelled)() => return Err(End::Cancelled),
                Front::Part => {}
            }
            let left = patience.until.map(|until| until.saturating_duration_since(Instant::now()));
            // Where the time is up, what came meanwhile still counts.
            let came = self.exchange(left.unwrap_or(SLICE).min(SLICE))?;
            if !came && left.is_some_and(|left| left.is_zero()) {
                return Err(End::TimedOut);
            }
        }
    }

    /// Sends and receives what can be within this time; whether anything came.
    fn exchange(&mut self, time: Duration) -> Result<bool, End> {
        let time = Timespec { tv_sec: time.as_secs() as i64, tv_nsec: time.subsec_nanos().into() };
        let (mut readable, mut writable, mut complains) = (false, false, false);
        {
            let mut pipes = vec![PollFd::new(&self.from, PollFlags::IN)];
            pipes.extend(self.errors.as_ref().map(|errors| PollFd::new(errors, PollFlags::IN)));
            let sends = self.outbox.waiting() > 0;
            pipes.extend(self.to.as_ref().filter(|_| sends).map(|to| PollFd::new(to, PollFlags::OUT)));
            match poll(&mut pipes, Some(&time)) {
                Ok(0) | Err(Errno::INTR) => return Ok(false),
                Ok(_) => {}
                Err(error) => return Err(End::Died(Death::without(error))),
            }
            let mut ready = pipes.iter().map(|pipe| !pipe.revents().is_empty());
            readable |= ready.next() == Some(true);
            if self.errors.is_some() {
                complains |= ready.next() == Some(true);
            }
            writable |= ready.next() == Some(true);
        }
        if complains {
            self.overhear();
        }
        if let (true, Some(to)) = (writable, &self.to) {
            match self.outbox.send(to) {
                Ok(()) | Err(Errno::AGAIN | Errno::INTR) => {}
                // Nobody listens any more; what was said before that is still to be heard.
                Err(_) => self.to = None,
            }
        }
        if readable {
            match self.inbox.fill(&self.from) {
                Ok(0) => return Err(End::Died(self.death())),
                Ok(_) | Err(Errno::AGAIN | Errno::INTR) => {}
                Err(error) => return Err(End::Died(Death::without(error))),
            }
        }
        Ok(readable)
    }

    /// Keeps the last of what it writes to its standard error.
    fn overhear(&mut self) {
        while let Some(errors) = &self.errors {
            self.said.reserve(SAID);
            match rustix::io::read(errors, rustix::buffer::spare_capacity(&mut self.said)) {
                Ok(0) => self.errors = None,
                Ok(_) => {}
                Err(Errno::INTR) => continue,
                Err(Errno::AGAIN) => return,
                Err(_) => self.errors = None,
            }
            if self.said.len() > SAID {
                self.said.drain(..self.said.len() - SAID);
                // One read is enough where it writes without end.
                return;
            }
        }
    }

    /// Waits for its end, which is near, and says how it came.
    fn death(&mut self) -> Death {
        let status = self.end();
        self.overhear();
        let how = match status {
            // As in `signal: 11 (SIGSEGV)`.
            Some(status) if status.signal().is_some() => {
                format!("was ended by {}", status.to_string().replacen(": ", " ", 1))
            }
            Some(status) => format!("ended by itself with exit code {}", status.code().unwrap_or_default()),
            None => "is gone".to_owned(),
        };
        let said = String::from_utf8_lossy(&self.said);
        let lines: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let last = lines.get(lines.len().saturating_sub(LINES)..).unwrap_or_default().join(" | ");
        let text = if last.is_empty() { how } else { format!("{how}; the last it said: {last}") };
        // So says the allocator of Rust.
        Death { text, memory: said.contains("memory allocation of ") }
    }

    /// Ends it, first by closing the pipe on which it listens, then by force, and waits for it.
    fn end(&mut self) -> Option<ExitStatus> {
        self.to = None;
        let until = Instant::now() + GRACE;
        let mut pause = Duration::from_micros(100);
        while self.status.is_none() {
            // Nothing that it still says may keep it from ending.
            self.overhear();
            let _ = self.inbox.fill(&self.from);
            match self.child.try_wait() {
                Ok(Some(status)) => self.status = Some(status),
                Ok(None) if Instant::now() < until => {
                    thread::sleep(pause);
                    pause = (pause * 2).min(SLICE);
                }
                _ => self.kill(),
            }
        }
        self.status
    }

    /// Ends it by force, and all that it started.
    pub(crate) fn kill(&mut self) {
        if self.status.is_some() {
            return;
        }
        if let Some(group) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            // Where it is gone already there is nothing to end.
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = self.child.kill();
        self.status = self.child.wait().ok().or_else(|| Some(ExitStatus::default()));
    }
}

/// How many lines of what it said are shown.
const LINES: usize = 5;

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

impl Death {
    fn without(error: Errno) -> Self {
        Death { text: format!("cannot be reached: {error}"), memory: false }
    }
}

impl std::fmt::Display for End {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            End::Died(death) => f.write_str(&death.text),
            End::TimedOut => f.write_str("did not answer in time, and was ended"),
            End::Nonsense => f.write_str("answered with something that is no answer, and was ended"),
            End::Cancelled => f.write_str("was ended, since the run was told to stop"),
        }
    }
}
