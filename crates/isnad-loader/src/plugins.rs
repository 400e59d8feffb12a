//! The libraries of a pipeline: found, looked at from a safe distance, and made into kinds of stages.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::UNIX_EPOCH;

use isnad_core::{Example, Files, OptionError, Stage, StageKind};
use schemars::Schema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::child::{IsolatedStage, Limits, Program, describe, try_stage};
use crate::description::Description;
use crate::find::{Environment, find, folders, is_library, no_file, sha256, sha256_of};
use crate::library::Library;

/// Finds libraries and makes stages of them. Nothing of a library is run in this process before it was tried in
/// another. Clones share what they know.
#[derive(Clone, Debug)]
pub struct Plugins {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    program: Program,
    base: PathBuf,
    environment: Environment,
    /// By path and hash: the texts of kinds live for ever, so they are made once.
    kinds: Mutex<HashMap<(PathBuf, String), Vec<StageKind>>>,
    /// Stages that could be made: library, hash, kind, options.
    tried: Mutex<HashSet<(PathBuf, String, String, String)>>,
    /// The hashes of libraries when they were looked at: no other file of the name is loaded after that.
    seen: Mutex<HashMap<PathBuf, String>>,
}

/// A library that was found and looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Where it lies.
    pub path: PathBuf,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
    /// What it says of itself.
    pub description: Description,
}

/// A file in the search path.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// Where it lies.
    pub path: PathBuf,
    /// What is in it, or why it cannot be used.
    pub outcome: Result<Found, PluginError>,
}

/// Why a library cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginError {
    /// What is at fault.
    pub part: PluginPart,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// The parts of a `[[plugin]]` in a pipeline file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PluginPart {
    /// Its path: there is no such file.
    Path,
    /// Its SHA-256: it is another one.
    Sha256,
    /// The library itself.
    Library,
}

impl Plugins {
    /// `base` is the folder of the pipeline file. `program` is how processes for libraries are started.
    pub fn new(program: Program, base: impl Into<PathBuf>, environment: Environment) -> Self {
        let shared = Shared {
            program,
            base: base.into(),
            environment,
            kinds: Mutex::default(),
            tried: Mutex::default(),
            seen: Mutex::default(),
        };
        Plugins { shared: Arc::new(shared) }
    }

    /// Finds a library by the path of a pipeline file, or by the name of its package, compares its SHA-256 with the
    /// one that is wanted, and looks at it in a process. What was seen is kept in the user's cache.
    ///
    /// # Errors
    /// It is not there, another one, or cannot be used: also where it crashed.
    pub fn describe(&self, path: &str, wanted: Option<&str>) -> Result<Found, PluginError> {
        let shared = &*self.shared;
        let path =
            find(path, &shared.base, &shared.environment).map_err(|looked| not_found(path, &looked))?;
        let unread = |error: io::Error| {
            PluginError::new(PluginPart::Path, format!("cannot read `{}`: {error}", path.display()))
        };
        let sha256 = sha256(&path).map_err(unread)?;
        if let Some(wanted) = wanted {
            compare(&path, wanted, &sha256)?;
        }
        let entry = Entry::of(&path, &sha256).map_err(unread)?;
        let place = shared.cached(&path);
        let known = place.as_deref().and_then(|place| entry.recall(place));
        let description = match known {
            Some(description) => description,
            None => {
                let seen = describe(&shared.program, &path);
                let seen = seen.map_err(|message| PluginError::new(PluginPart::Library, message))?;
                if let Some(place) = &place {
                    entry.keep(place, &seen);
                }
                seen
            }
        };
        lock(&self.shared.seen).insert(path.clone(), sha256.clone());
        Ok(Found { path, sha256, description })
    }

    /// The kinds of stages of a library. Where one is made, it is first made in a process; the library is loaded into
    /// this one after that.
    pub fn kinds(&self, found: &Found) -> Vec<StageKind> {
        let key = (found.path.clone(), found.sha256.clone());
        let mut kinds = lock(&self.shared.kinds);
        kinds.entry(key).or_insert_with(|| self.make_kinds(found)).clone()
    }

    /// A stage that runs in processes of its own; `library` is the path of a library that was found, or `None` for a
    /// stage that is built in.
    ///
    /// The document over which a process ends is lost, after a second try in a new one. A stage that remembers what
    /// came before has then forgotten it.
    ///
    /// # Errors
    /// All that is wrong with its options; at `isolation`, that it writes output, which cannot be done from there; at
    /// no option, what happened when it was tried.
    pub fn isolate(
        &self,
        kind: &str,
        library: Option<&Path>,
        options: &Value,
        limits: Limits,
        files: &dyn Files,
    ) -> Result<Arc<dyn Stage>, Vec<OptionError>> {
        let sha256 = library.and_then(|library| lock(&self.shared.seen).get(library).cloned());
        let library = library.map(|path| Pinned { path: path.to_owned(), sha256 });
        let made = IsolatedStage::create(&self.shared.program, library.clone(), kind, options, limits, files);
        let library = library.as_ref().map(|library| library.path.as_path());
        Ok(Arc::new(made.map_err(|errors| of_library(library, errors))?))
    }

    /// Every library in the search path, by folder and name.
    pub fn list(&self) -> Vec<Listed> {
        let mut listed: Vec<Listed> = Vec::new();
        for folder in self.folders() {
            let Ok(files) = fs::read_dir(folder) else { continue };
            let mut paths: Vec<PathBuf> = files.filter_map(|file| Some(file.ok()?.path())).collect();
            paths.retain(|path| is_library(path) && path.is_file());
            paths.sort();
            for path in paths {
                let path = fs::canonicalize(&path).unwrap_or(path);
                if listed.iter().any(|other| other.path == path) {
                    continue;
                }
                let outcome = match path.to_str() {
                    Some(name) => self.describe(name, None),
                    None => Err(PluginError::new(PluginPart::Path, "its path is no UTF-8; rename it")),
                };
                listed.push(Listed { path, outcome });
            }
        }
        listed
    }

    /// The folders in which libraries are looked for, in their order.
    pub fn folders(&self) -> Vec<PathBuf> {
        folders(&self.shared.base, &self.shared.environment)
    }

    fn make_kinds(&self, found: &Found) -> Vec<StageKind> {
        let kinds = found.description.kinds.iter();
        let kinds = kinds.map(|kind| {
            let examples = kind.examples.iter().map(|example| Example {
                about: forever(&example.about),
                options: forever(&example.options),
                before: forever(&example.before),
                after: forever(&example.after),
            });
            let schema = Schema::try_from(kind.schema.clone()).unwrap_or_default();
            let (name, plugins) = (forever(&kind.name), self.clone());
            let (path, sha256) = (found.path.clone(), found.sha256.clone());
            StageKind::of_parts(
                name,
                forever(&kind.about),
                forever(&kind.docs),
                schema,
                move |options, files| plugins.create(&path, &sha256, name, &options, files),
            )
            .with_examples(Box::leak(examples.collect::<Vec<_>>().into_boxed_slice()))
        });
        kinds.collect()
    }

    fn create(
        &self,
        path: &Path,
        sha256: &str,
        kind: &str,
        options: &Value,
        files: &dyn Files,
    ) -> Result<Arc<dyn Stage>, Vec<OptionError>> {
        let key = (path.to_owned(), sha256.to_owned(), kind.to_owned(), options.to_string());
        // A stage is made more than once: for a look at its contract, for a check, for a run.
        let is_tried = lock(&self.shared.tried).contains(&key);
        if !is_tried {
            let tried = try_stage(&self.shared.program, Some(path), kind, options, None, files);
            tried.map_err(|errors| of_library(Some(path), errors))?;
            unchanged(path, sha256).map_err(|error| vec![OptionError::new("", error.to_string())])?;
            lock(&self.shared.tried).insert(key);
        }
        let library = Library::open(path).map_err(|error| vec![OptionError::new("", error.to_string())])?;
        library.create(kind, options, files)
    }
}

/// The errors of a stage, which say of which library it is where they say no option.
fn of_library(library: Option<&Path>, errors: Vec<OptionError>) -> Vec<OptionError> {
    let Some(library) = library else { return errors };
    let name = |error: OptionError| match error.path.as_str() {
        "" => OptionError::new("", format!("{} (library `{}`)", error.message, library.display())),
        _ => error,
    };
    errors.into_iter().map(name).collect()
}

impl Shared {
    /// Where what was seen of a library is kept.
    fn cached(&self, library: &Path) -> Option<PathBuf> {
        let name = sha256_of(library.as_os_str().as_encoded_bytes());
        let cache = self.environment.cache.as_ref()?;
        Some(cache.join("isnad/plugins").join(format!("{}.json", name.get(..32)?)))
    }
}

impl PluginError {
    fn new(part: PluginPart, message: impl Into<String>) -> Self {
        PluginError { part, message: message.into(), help: None }
    }

    fn with_help(self, help: impl Into<String>) -> Self {
        PluginError { help: Some(help.into()), ..self }
    }
}

impl fmt::Display for PluginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for PluginError {}

/// A library as it was when it was looked at. What a library says is taken from the cache only where all of this is
/// still so.
#[derive(Debug, PartialEq, Eq, Deserialize, Serialize)]
struct Entry {
    /// Who looked: another version may see something else.
    isnad: String,
    path: PathBuf,
    size: u64,
    /// Nanoseconds since 1970.
    modified: u128,
    sha256: String,
}

#[derive(Debug, Deserialize)]
struct Kept {
    library: Entry,
    description: Description,
}

impl Entry {
    fn of(path: &Path, sha256: &str) -> io::Result<Self> {
        let metadata = fs::metadata(path)?;
        let modified = metadata.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
        let (major, minor) = (isnad_plugin::abi::ABI_MAJOR, isnad_plugin::abi::ABI_MINOR);
        Ok(Entry {
            isnad: format!("{}, ABI {major}.{minor}", env!("CARGO_PKG_VERSION")),
            path: path.to_owned(),
            size: metadata.len(),
            modified: modified.as_nanos(),
            sha256: sha256.to_owned(),
        })
    }

    /// What was seen then; nothing where it was another library, or what was kept is damaged.
    fn recall(&self, place: &Path) -> Option<Description> {
        let kept: Kept = serde_json::from_slice(&fs::read(place).ok()?).ok()?;
        (kept.library == *self).then_some(kept.description)
    }

    /// Keeps what was seen. Where that does not go, it is looked at again the next time.
    fn keep(&self, place: &Path, description: &Description) {
        let text = serde_json::json!({"library": self, "description": description}).to_string();
        let written = place.with_extension(format!("{}.partial", std::process::id()));
        let kept = place.parent().map_or(Ok(()), fs::create_dir_all);
        let kept = kept.and_then(|()| fs::write(&written, text)).and_then(|()| fs::rename(&written, place));
        if let Err(error) = kept {
            let _ = fs::remove_file(&written);
            tracing::debug!(place = %place.display(), %error, "what was seen of a library cannot be kept");
        }
    }
}

fn not_found(name: &str, looked: &[PathBuf]) -> PluginError {
    let places = looked.iter().map(|path| match no_file(path) {
        Some(what) => format!("`{}` (which is {what})", path.display()),
        None => format!("`{}`", path.display()),
    });
    let looked: Vec<String> = places.collect();
    let message = format!("there is no library `{name}`; it could have been {}", looked.join(", "));
    let help =
        "write its path from the folder of the pipeline file on, or name its folder in ISNAD_PLUGIN_PATH";
    PluginError::new(PluginPart::Path, message).with_help(help)
}

fn compare(path: &Path, wanted: &str, found: &str) -> Result<(), PluginError> {
    let wanted = wanted.trim();
    if wanted.len() != found.len() || !wanted.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let message = format!("`{wanted}` is no SHA-256, which has 64 hexadecimal digits");
        return Err(PluginError::new(PluginPart::Sha256, message)
            .with_help(format!("that of the library is `{found}`")));
    }
    if wanted.eq_ignore_ascii_case(found) {
        return Ok(());
    }
    let message = format!("`{}` has the SHA-256 `{found}`, not `{wanted}`", path.display());
    let help = "use the library that was meant, or write its new SHA-256 if you trust it; it was not loaded";
    Err(PluginError::new(PluginPart::Sha256, message).with_help(help))
}

/// A library that is loaded only as it was looked at.
#[derive(Clone, Debug)]
pub(crate) struct Pinned {
    pub(crate) path: PathBuf,
    /// `None`: nobody looked at it before.
    sha256: Option<String>,
}

impl Pinned {
    /// Whether the library is still the one that was looked at.
    pub(crate) fn check(&self) -> Result<(), PluginError> {
        self.sha256.as_deref().map_or(Ok(()), |sha256| unchanged(&self.path, sha256))
    }
}

/// What is loaded is what was looked at: somebody may build it anew meanwhile.
fn unchanged(path: &Path, seen: &str) -> Result<(), PluginError> {
    match sha256(path) {
        Ok(found) if found == seen => Ok(()),
        Ok(_) => {
            let message = format!("`{}` was replaced while isnad looked at it", path.display());
            Err(PluginError::new(PluginPart::Library, message).with_help("run it again"))
        }
        Err(error) => {
            let message = format!("cannot read `{}`: {error}", path.display());
            Err(PluginError::new(PluginPart::Library, message))
        }
    }
}

/// Kinds of stages are known for the whole life of the program, as those that are built in.
fn forever(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
