//! A library in this process.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use isnad_core::{Files, OptionError, Stage};
use isnad_plugin::abi;
use serde_json::Value;

use crate::description::{Description, LoadError, LoadErrorKind};
use crate::handshake::{Introduced, KindTable, introduce};
use crate::host;
use crate::loaded::LoadedStage;

/// A library that was loaded into this process, where it stays for ever.
pub struct Library {
    path: PathBuf,
    description: Description,
    kinds: Vec<KindTable>,
}

// SAFETY: the tables are static data of a library that stays loaded, nobody writes to them, and the header says that
// the functions of a kind may be called on any thread.
unsafe impl Send for Library {}
// SAFETY: as above.
unsafe impl Sync for Library {}

/// What became of a file that was loaded: nothing is loaded or made ready twice.
struct Known {
    path: PathBuf,
    /// Where its description lies: two names of one file lead to the same.
    module: usize,
    outcome: Result<&'static Library, LoadError>,
}

static KNOWN: Mutex<Vec<Known>> = Mutex::new(Vec::new());

impl Library {
    /// Loads a library, looks at what it says of itself, and makes it ready. Asked again, it gives the same one.
    ///
    /// This runs code of the library in this process: one that crashes when it is loaded takes the process along.
    ///
    /// # Errors
    /// The library cannot be used; the message names it and says what to do. It stays loaded all the same.
    pub fn open(path: &Path) -> Result<&'static Library, LoadError> {
        let real = path.canonicalize().map_err(|error| {
            LoadError::new(
                LoadErrorKind::File,
                format!("library `{}` cannot be read: {error}", path.display()),
            )
        })?;
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.iter().find(|known| known.path == real) {
            return known.outcome.clone();
        }
        let module = load(&real)?;
        let same = known.iter().find(|known| known.module == module.addr());
        let outcome = match same {
            Some(same) => same.outcome.clone(),
            None => start(&real, module),
        };
        known.push(Known { path: real, module: module.addr(), outcome: outcome.clone() });
        outcome
    }

    /// What it says of itself.
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// Where it was loaded from.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes a stage. `options` is an object that fits the schema of the kind; what is left out takes its default.
    ///
    /// # Errors
    /// All that is wrong with the options, as the library says it; or that there is no such kind, or that the library
    /// gave something that is no stage.
    pub fn create(
        &'static self,
        kind: &str,
        options: &Value,
        files: &dyn Files,
    ) -> Result<Arc<dyn Stage>, Vec<OptionError>> {
        let index = self.description.kinds.iter().position(|known| known.name == kind);
        let Some((index, table)) = index.and_then(|index| Some((index, self.kinds.get(index)?))) else {
            let message = format!("library `{}` has no kind of stage `{kind}`", self.path.display());
            return Err(vec![OptionError::new("", message)]);
        };
        let name = self.description.kinds.get(index).map_or("", |known| &known.name);
        Ok(Arc::new(LoadedStage::create(name, table, options, files)?))
    }
}

impl std::fmt::Debug for Library {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Library").field("path", &self.path).finish_non_exhaustive()
    }
}

/// Loads the file and asks it for its description.
fn load(path: &Path) -> Result<*const abi::Module, LoadError> {
    let library = dlopen(path).map_err(|error| {
        // What the system says stands one error deeper.
        let why = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
        let message = format!("library `{}` cannot be loaded: {why}", path.display());
        LoadError::new(LoadErrorKind::File, message)
    })?;
    // Nothing is ever unloaded: threads and destructors of the library may outlive any use that is known of.
    let library: &'static _ = Box::leak(Box::new(library));
    let symbol = abi::ENTRY;
    // SAFETY: the header says that the symbol of this name is a function of this type.
    let entry = unsafe { library.get::<abi::Entry>(symbol) };
    let entry = entry.map_err(|_| {
        let name = String::from_utf8_lossy(symbol.strip_suffix(b"\0").unwrap_or(symbol)).into_owned();
        let message = format!(
            "library `{}` does not export `{name}`: it is no isnad plugin, or was built without its entry function",
            path.display()
        );
        LoadError::new(LoadErrorKind::Symbol, message)
    })?;
    // SAFETY: the header says that the function does no more than give the description; what runs here is in any case
    // code of a library that its user trusts.
    Ok(unsafe { entry() })
}

#[cfg(unix)]
fn dlopen(path: &Path) -> Result<libloading::os::unix::Library, libloading::Error> {
    use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
    // SAFETY: the constructors of a library run here: it is code that its user trusts. That a library that crashes
    // takes no more than a child along is for the caller to see to.
    unsafe { Library::open(Some(path), RTLD_NOW | RTLD_LOCAL) }
}

#[cfg(not(unix))]
fn dlopen(path: &Path) -> Result<libloading::Library, libloading::Error> {
    // SAFETY: as above.
    unsafe { libloading::Library::new(path) }
}

/// Shakes hands with a library and makes it ready.
fn start(path: &Path, module: *const abi::Module) -> Result<&'static Library, LoadError> {
    // SAFETY: the pointer comes from the entry function of a library that stays loaded.
    let Introduced { description, kinds, init } = unsafe { introduce(path, module) }?;
    if let Some(init) = init {
        let (rc, heard) = host::hearing_errors(|| {
            // SAFETY: the header says that it is called once, before anything else, with a host that stays.
            unsafe { init(host::table()) }
        });
        if rc != abi::OK {
            let why = heard.unwrap_or_else(|| format!("its `init` returned {rc} and logged no error"));
            let message = format!("library `{}` could not be made ready: {why}", path.display());
            return Err(LoadError::new(LoadErrorKind::Init, message));
        }
    }
    if kinds.is_empty() {
        let message = format!("library `{}` has no kind of stage", path.display());
        return Err(LoadError::new(LoadErrorKind::Init, message));
    }
    Ok(Box::leak(Box::new(Library { path: path.to_owned(), description, kinds })))
}
