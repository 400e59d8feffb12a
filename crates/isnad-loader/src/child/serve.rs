//! The other side: a process that looks at libraries and runs stages for isnad. Nothing here is trusted by whoever
//! started it.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use isnad_core::{
    ChainLink, Context, Contract, Files, Grants, Names, OptionError, Output, Plan, SinkKind, Stage, StageId,
    StageKind, Writes, check_chain,
};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::Value;

use super::bench::{Bench, guard};
use super::log;
use super::protocol::{
    Answer, Failure, Front, Inbox, Making, PROTOCOL, Place, Refusal, Request, append, read,
};
use crate::library::Library;

/// Serves the program that started this one as a process for stages, until that has no more to ask. `kinds` has the
/// stages that are built in. To be called before anything is read, printed or logged: what libraries print goes to
/// standard error from then on, which whoever started the process keeps, and the log goes where it does for it.
pub fn serve(kinds: &dyn Fn(&str) -> Option<StageKind>) -> ExitCode {
    let served = Connection::take_over().and_then(|connection| connection.serve(kinds));
    match served {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever started it is gone, and nobody is left to be told.
        Err(_) => ExitCode::FAILURE,
    }
}

/// The way to isnad.
struct Connection {
    ears: Mutex<Ears>,
    mouth: Arc<Mouth>,
}

/// What isnad says.
struct Ears {
    pipe: OwnedFd,
    inbox: Inbox,
}

/// What is said to isnad: by the one thread that works, and by all that write to the log.
#[derive(Debug)]
pub(super) struct Mouth {
    pipe: Mutex<(OwnedFd, Vec<u8>)>,
}

/// What was asked first, taken out of the memory of the pipe.
enum Task {
    Describe(Vec<u8>),
    Try(Wish),
    Open(Wish, Post),
}

/// A stage that is to be made.
struct Wish {
    library: Option<Vec<u8>>,
    kind: String,
    options: String,
}

/// Where it stands.
struct Post {
    names: Arc<Names>,
    stage: StageId,
    contract: Contract,
}

impl Connection {
    /// Moves the pipes to where no library prints to or reads from, and ties this process to its parent.
    fn take_over() -> io::Result<Self> {
        let ears = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdin(), FIRST_FREE)?;
        let mouth = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdout(), FIRST_FREE)?;
        rustix::stdio::dup2_stdin(File::open("/dev/null")?)?;
        rustix::stdio::dup2_stdout(rustix::stdio::stderr())?;
        #[cfg(target_os = "linux")]
        rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
        // A crash is looked for here: nobody wants a file of each.
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
        let ears = Mutex::new(Ears { pipe: ears, inbox: Inbox::default() });
        Ok(Connection { ears, mouth: Arc::new(Mouth { pipe: Mutex::new((mouth, Vec::new())) }) })
    }

    fn serve(&self, kinds: &dyn Fn(&str) -> Option<StageKind>) -> io::Result<()> {
        let hello = self.ears().hear(|request| match request {
            Request::Hello { protocol, memory, log } if protocol == PROTOCOL => Some((memory, log)),
            _ => None,
        })?;
        let Some(Some((memory, level))) = hello else { return Err(io::Error::other("no hello")) };
        log::forward(level, self.mouth.clone());
        self.mouth.say(&Answer::Hello(PROTOCOL))?;
        if let Err(error) = limit(memory) {
            self.step(&format!("limiting its memory, which the system refused: {error}"))?;
            return Err(error.into());
        }
        // The ears are free again when the task is known: files are asked for through them.
        let task = self.ears().hear(Task::of)?;
        match task {
            Some(Some(Task::Describe(library))) => self.describe(&library),
            Some(Some(Task::Try(wish))) => {
                let tried = self.try_stage(kinds, &wish)?;
                self.mouth.say(&Answer::Tried(tried.map(Cow::Owned)))
            }
            Some(Some(Task::Open(wish, post))) => self.work(kinds, &wish, &post),
            Some(None) => Err(io::Error::other("no task")),
            None => Ok(()),
        }
    }

    fn describe(&self, library: &[u8]) -> io::Result<()> {
        self.step("loading the library")?;
        let path = Path::new(OsStr::from_bytes(library));
        let described = guard(|| match Library::open(path) {
            Ok(library) => serde_json::to_string(library.description()).map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        });
        let described = described.unwrap_or_else(Err);
        self.mouth.say(&Answer::Described(described.map(Cow::Owned).map_err(Cow::Owned)))
    }

    /// Makes a stage and a worker, lets go of both, and tells the contract.
    fn try_stage(
        &self,
        kinds: &dyn Fn(&str) -> Option<StageKind>,
        wish: &Wish,
    ) -> io::Result<Result<String, Refusal>> {
        let stage = match self.make(kinds, wish)? {
            Ok(stage) => stage,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let contract = stage.contract().clone();
        if let Some(plan) = plan_for(&contract) {
            self.step("opening a worker")?;
            match guard(|| stage.open(&plan.names)) {
                Ok(Ok(worker)) => {
                    self.step("closing a worker")?;
                    if let Err(panic) = guard(|| drop(worker)) {
                        return Ok(Err(panicked("when a worker was closed", &panic)));
                    }
                }
                Ok(Err(error)) => return Ok(Err(Refusal::Stage(error.into()))),
                Err(panic) => return Ok(Err(panicked("when a worker was opened", &panic))),
            }
        }
        self.step("letting go of the stage")?;
        if let Err(panic) = guard(|| drop(stage)) {
            return Ok(Err(panicked("when it was let go", &panic)));
        }
        let contract = serde_json::to_string(&contract);
        Ok(contract.map_err(|error| Refusal::Stage(Failure::bug(error.to_string()))))
    }

    fn make(
        &self,
        kinds: &dyn Fn(&str) -> Option<StageKind>,
        wish: &Wish,
    ) -> io::Result<Result<Arc<dyn Stage>, Refusal>> {
        let files = AskedFiles { connection: self };
        let kind = &wish.kind;
        let Ok(options) = serde_json::from_str::<Value>(&wish.options) else {
            return Err(io::Error::other("the options are no JSON"));
        };
        let made = match &wish.library {
            Some(path) => {
                self.step("loading the library")?;
                let path = Path::new(OsStr::from_bytes(path));
                let library = match guard(|| Library::open(path)) {
                    Ok(Ok(library)) => library,
                    Ok(Err(error)) => return Ok(Err(Refusal::Kind(error.to_string()))),
                    Err(panic) => return Ok(Err(panicked("when its library was loaded", &panic))),
                };
                self.step("making the stage")?;
                guard(|| library.create(kind, &options, &files))
            }
            None => match kinds(kind) {
                Some(kind) => {
                    self.step("making the stage")?;
                    guard(|| kind.create(options, &files))
                }
                None => return Ok(Err(Refusal::Kind(format!("there is no stage `{kind}`")))),
            },
        };
        Ok(match made {
            Ok(Ok(stage)) => Ok(stage),
            Ok(Err(errors)) => {
                let plain = |error: OptionError| (error.path, error.message);
                Err(Refusal::Options(errors.into_iter().map(plain).collect()))
            }
            Err(panic) => Err(panicked("when it was made", &panic)),
        })
    }

    /// Opens a worker and processes documents until there are no more.
    fn work(&self, kinds: &dyn Fn(&str) -> Option<StageKind>, wish: &Wish, post: &Post) -> io::Result<()> {
        let stage = match self.make(kinds, wish)? {
            Ok(stage) => stage,
            Err(refusal) => return self.mouth.say(&Answer::Opened(Err(refusal))),
        };
        self.step("opening a worker")?;
        let worker = match guard(|| stage.open(&post.names)) {
            Ok(Ok(worker)) => worker,
            Ok(Err(error)) => return self.mouth.say(&Answer::Opened(Err(Refusal::Stage(error.into())))),
            Err(panic) => {
                return self.mouth.say(&Answer::Opened(Err(panicked("when a worker was opened", &panic))));
            }
        };
        self.step("processing documents")?;
        self.mouth.say(&Answer::Opened(Ok(())))?;
        let grants = Grants::of(&post.contract, &post.names);
        let cx = Context::new(post.stage, &grants, &RUNNING);
        let mut bench = Bench::new(&*stage, &post.names, worker);
        let mut ears = self.ears();
        loop {
            let heard = ears.hear(|request| match request {
                Request::Document(document) => Some(self.mouth.say(&bench.process(&document, &cx))),
                _ => None,
            })?;
            match heard {
                Some(Some(said)) => said?,
                Some(None) => break,
                None => return Ok(()),
            }
        }
        self.mouth.say(&Answer::Finished(bench.finish()))?;
        // What comes now harms nobody.
        let _ = guard(|| drop(bench));
        let _ = guard(|| drop(stage));
        Ok(())
    }

    fn step(&self, step: &str) -> io::Result<()> {
        self.mouth.say(&Answer::Step(step))
    }

    fn ears(&self) -> MutexGuard<'_, Ears> {
        self.ears.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Limits the memory of this process. Of what it takes, that counts which it can write to: what it asks for.
fn limit(memory: Option<u64>) -> rustix::io::Result<()> {
    let Some(memory) = memory else { return Ok(()) };
    // There may be a lower limit, above which no process gets.
    let most = getrlimit(Resource::Data).maximum.map_or(memory, |most| most.min(memory));
    setrlimit(Resource::Data, Rlimit { current: Some(most), maximum: Some(most) })
}

/// The numbers below are those of standard input, output and error.
const FIRST_FREE: i32 = 3;

/// A process is ended where its run is.
static RUNNING: AtomicBool = AtomicBool::new(false);

impl Ears {
    /// Waits for a message; `None` at the end of the pipe.
    fn hear<T>(&mut self, take: impl FnOnce(Request<'_>) -> T) -> io::Result<Option<T>> {
        loop {
            match self.inbox.front() {
                Front::Message(len) => {
                    let request = read(self.inbox.take(len));
                    return match request {
                        Some(request) => Ok(Some(take(request))),
                        None => Err(io::Error::other("no message")),
                    };
                }
                Front::Nonsense => return Err(io::Error::other("no message")),
                Front::Part => match self.inbox.fill(&self.pipe) {
                    Ok(0) => return Ok(None),
                    Ok(_) | Err(rustix::io::Errno::INTR) => {}
                    Err(error) => return Err(error.into()),
                },
            }
        }
    }
}

impl Mouth {
    /// Says something, whole, before anybody else may.
    pub(super) fn say(&self, answer: &Answer<'_>) -> io::Result<()> {
        let mut pipe = self.pipe.lock().unwrap_or_else(PoisonError::into_inner);
        let (pipe, bytes) = &mut *pipe;
        bytes.clear();
        append(answer, bytes)?;
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            match rustix::io::write(&*pipe, rest) {
                Ok(count) => rest = rest.get(count..).unwrap_or_default(),
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

impl Task {
    fn of(request: Request<'_>) -> Option<Self> {
        match request {
            Request::Describe(library) => Some(Task::Describe(library.to_owned())),
            Request::Try(making) => Some(Task::Try(Wish::of(&making))),
            Request::Open(making, place) => Some(Task::Open(Wish::of(&making), Post::of(&place)?)),
            _ => None,
        }
    }
}

impl Wish {
    fn of(making: &Making<'_>) -> Self {
        Wish {
            library: making.library.map(<[u8]>::to_owned),
            kind: making.kind.to_owned(),
            options: making.options.to_string(),
        }
    }
}

impl Post {
    fn of(place: &Place<'_>) -> Option<Self> {
        let text = |text: &&str| (*text).to_owned();
        let names = Names::of(
            place.layers.iter().map(|(name, version)| ((*name).to_owned(), *version)),
            place.symbols.iter().map(text),
            place.stages.iter().map(text),
        );
        let contract = serde_json::from_str(&place.contract).ok()?;
        Some(Post { names: Arc::new(names), stage: StageId(place.stage), contract })
    }
}

/// Files as isnad reads them for the stage.
struct AskedFiles<'c> {
    connection: &'c Connection,
}

impl Files for AskedFiles<'_> {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        let mut ears = self.connection.ears();
        self.connection.mouth.say(&Answer::Read(path))?;
        let file = ears.hear(|request| match request {
            Request::File(Ok(bytes)) => Ok(bytes.to_owned()),
            Request::File(Err(message)) => Err(io::Error::other(message.into_owned())),
            _ => Err(io::Error::other("no file")),
        })?;
        file.unwrap_or_else(|| Err(io::ErrorKind::UnexpectedEof.into()))
    }

    fn create(&self, path: &str) -> io::Result<Box<dyn Output>> {
        let message = format!("`{path}` is not written here");
        Err(io::Error::new(io::ErrorKind::Unsupported, message))
    }
}

/// A plan in which a stage with this contract stands behind one that gives what it reads; `None` where there is none,
/// which the check of the real chain will find.
fn plan_for(contract: &Contract) -> Option<Plan> {
    let mut giver = Contract::new();
    let mut give = |layer: &str, version, keys: &[isnad_core::Text]| {
        if !giver.writes.iter().any(|writes| writes.layer == layer) {
            giver.writes.push(Writes::rows(layer.to_owned(), version));
        }
        if let Some(writes) = giver.writes.iter_mut().find(|writes| writes.layer == layer) {
            writes.attrs.extend(keys.iter().cloned());
        }
    };
    for reads in contract.reads.iter().filter(|reads| !reads.optional) {
        give(&reads.layer, reads.version, &reads.keys);
    }
    for writes in contract.writes.iter().filter(|writes| !writes.rows) {
        give(&writes.layer, writes.version, &[]);
    }
    if contract.sink == SinkKind::Rows {
        give("row", 1, &[]);
    }
    let chain = [ChainLink { id: "before", contract: &giver }, ChainLink { id: "tried", contract }];
    check_chain(&chain, &|_, _| Vec::new()).ok()
}

fn panicked(when: &str, panic: &str) -> Refusal {
    Refusal::Stage(Failure::bug(format!("the stage panicked {when}: {panic}")))
}
