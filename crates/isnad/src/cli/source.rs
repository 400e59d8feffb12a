//! Which pipeline is meant: a file or a built-in one.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use isnad::BuiltIn;
use isnad::core::Registry;
use isnad::plugins::{Environment, Plugins, Program};
use isnad::runner::{PluginSpec, Plugins as _};

use super::Ending;

/// A pipeline's text and where it comes from.
pub(crate) struct Source {
    /// What errors call it.
    pub(crate) name: String,
    /// The text.
    pub(crate) text: Vec<u8>,
    /// The folder at which its paths start.
    pub(crate) base: PathBuf,
    /// Where it lies; `None` for a built-in one.
    pub(crate) path: Option<PathBuf>,
}

/// The environment of the command, from which the variables of pipeline files are filled in.
pub(crate) fn environment(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

/// The argument with which this program works on a stage for another process; hidden from users.
pub(crate) const WORKS_ON_STAGES: &str = "__stage";
/// The argument with which this program checks a law for another process; hidden from users.
pub(crate) const CHECKS_LAWS: &str = "__laws";

/// This program, started again to do something for this process.
pub(crate) fn program(argument: &str) -> Result<Program, Ending> {
    Program::this([argument])
        .map_err(|error| Ending::Failed(format!("cannot find this program itself: {error}")))
}

/// What loads libraries, whose paths start at a folder, and starts processes for stages.
pub(crate) fn plugins(base: impl Into<PathBuf>) -> Result<Plugins, Ending> {
    Ok(Plugins::new(program(WORKS_ON_STAGES)?, base, Environment::of(environment)))
}

/// The stages that come with isnad, and those of these libraries.
pub(crate) fn registry_with(libraries: &[String]) -> Result<Registry, Ending> {
    let mut registry = isnad::registry();
    if libraries.is_empty() {
        return Ok(registry);
    }
    let plugins = plugins("")?;
    for path in libraries {
        let kinds = plugins.load(PluginSpec { path, sha256: None }).map_err(|error| {
            let help = error.help.map(|help| format!("\n  help: {help}")).unwrap_or_default();
            Ending::Usage(error.message + &help)
        })?;
        kinds.into_iter().for_each(|kind| registry.add(kind));
    }
    Ok(registry)
}

impl Source {
    /// The pipeline that `named` means: a file of this name, else a built-in pipeline.
    pub(crate) fn find(named: &str) -> Result<Source, Ending> {
        let path = Path::new(named);
        // A folder of this name is no pipeline file.
        if !path.exists() || path.is_dir() {
            if let Some(pipeline) = isnad::built_in(named) {
                return Ok(Source::built_in(pipeline));
            }
            let names: Vec<&str> = isnad::PIPELINES.iter().map(|pipeline| pipeline.name).collect();
            return Err(Ending::Usage(format!(
                "there is no pipeline file `{named}`, and no built-in pipeline of this name (there are `{}`)",
                names.join("`, `")
            )));
        }
        let text =
            fs::read(path).map_err(|error| Ending::Usage(format!("cannot read `{named}`: {error}")))?;
        let base = path.parent().map(Path::to_owned).unwrap_or_default();
        Ok(Source { name: named.to_owned(), text, base, path: Some(path.to_owned()) })
    }

    /// A built-in pipeline; its paths start at the current folder.
    pub(crate) fn built_in(pipeline: BuiltIn) -> Source {
        Source {
            name: pipeline.name.to_owned(),
            text: pipeline.source.into(),
            base: PathBuf::new(),
            path: None,
        }
    }
}
