//! `isnad new`: a folder to begin with, which builds, has its tests, and passes them as it comes.

mod templates;

use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};

use super::Ending;
use super::terminal::say;
use templates::{Values, write_all};

const EXAMPLES: &str = "\
Examples:
  isnad new stage acme.topics --lang rust       a stage of your own, in the folder acme-topics
  isnad new stage acme.topics --lang c
  isnad new pipeline desk                       a pipeline with a test, in the folder desk";

const STAGE_EXAMPLES: &str = "\
Examples:
  isnad new stage acme.topics --lang rust
  isnad new stage acme.topics --lang rust --path ~/src/isnad     the crates of a checkout of isnad
  isnad new stage acme.topics --lang c

The stage marks announcements of breaking news, and is there to be changed. The folder bears the name of the stage
with a dash in place of the dot; one that is not empty is left alone.";

/// What `isnad new` is told.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct NewArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// A stage as a dynamic library, in Rust or C, with its tests
    Stage(StageArgs),
    /// A pipeline file with its tests
    Pipeline(PipelineArgs),
}

#[derive(Args)]
#[command(after_help = STAGE_EXAMPLES)]
struct StageArgs {
    /// Its name, `group.noun`, such as `acme.topics`
    #[arg(value_name = "NAME")]
    name: String,
    /// The language it is written in
    #[arg(long, value_enum)]
    lang: Language,
    /// Take the crates of isnad from this folder, a checkout of isnad (Rust only)
    #[arg(long, value_name = "FOLDER", conflicts_with = "version")]
    path: Option<PathBuf>,
    /// Take the crates of isnad in this version (Rust only); without it, the version of this program
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Language {
    Rust,
    C,
}

#[derive(Args)]
struct PipelineArgs {
    /// Its name, which is that of the folder too
    #[arg(value_name = "NAME")]
    name: String,
}

/// Makes a folder to begin with.
pub(crate) fn new(args: NewArgs) -> Ending {
    let made = match args.what {
        What::Stage(args) => stage(&args),
        What::Pipeline(args) => pipeline(&args),
    };
    made.unwrap_or_else(|ending| ending)
}

fn stage(args: &StageArgs) -> Result<Ending, Ending> {
    let (group, noun) = parts(&args.name)?;
    let folder = PathBuf::from(format!("{group}-{noun}"));
    let module = folder.display().to_string().replace('-', "_");
    let library = format!("{DLL_PREFIX}{module}{DLL_SUFFIX}");
    let mut values = Values::default();
    values.set("name", &args.name);
    values.set("crate", folder.display());
    values.set("layer", folder.display());
    values.set("module", &module);
    values.set("library", &library);
    values.set("version", env!("CARGO_PKG_VERSION"));
    let (files, next) = match args.lang {
        Language::Rust => {
            let source = Source::of(args)?;
            for name in ["isnad-arabic", "isnad-core", "isnad-testkit"] {
                values.set(&format!("dependency:{name}"), source.dependency(name, ""));
            }
            let plugin = source.dependency("isnad-plugin", ", optional = true");
            values.set("dependency:isnad-plugin optional", plugin);
            values.set("where_crates_come_from", source.told());
            values.set("library_path", format!("target/debug/{library}"));
            (templates::RUST, "cargo build && cargo test && isnad test pipeline.toml")
        }
        Language::C => {
            if args.path.is_some() || args.version.is_some() {
                let message = "`--path` and `--version` are about the crates of a stage in Rust; a stage in C takes \
                               only `isnad.h`, which is copied";
                return Err(Ending::Usage(message.to_owned()));
            }
            values.set("library_path", &library);
            values.set("shared_flag", if cfg!(target_os = "macos") { "-dynamiclib" } else { "-shared" });
            (templates::C, "make && make test")
        }
    };
    make(&folder, files, &values, next)
}

fn pipeline(args: &PipelineArgs) -> Result<Ending, Ending> {
    if !is_word(&args.name) {
        return Err(Ending::Usage(format!(
            "`{}` cannot be the name of a pipeline: take small Latin letters, digits and dashes, such as `desk`",
            args.name
        )));
    }
    let mut values = Values::default();
    values.set("name", &args.name);
    make(
        Path::new(&args.name),
        templates::PIPELINE,
        &values,
        "isnad test pipeline.toml && isnad run -p pipeline.toml",
    )
}

/// Group and noun of a stage's name.
fn parts(name: &str) -> Result<(&str, &str), Ending> {
    let wrong = |what: &str| Ending::Usage(format!("`{name}` cannot be the name of a stage: {what}"));
    let Some((group, noun)) = name.split_once('.').filter(|(group, noun)| is_word(group) && is_word(noun))
    else {
        return Err(wrong(
            "it is a group, a dot and a noun, of small Latin letters, digits and dashes, such as `acme.topics`",
        ));
    };
    // A package named as one of isnad's crates could not be built with it.
    if group == "isnad" || isnad::registry().kinds().iter().any(|kind| kind.group() == group) {
        return Err(wrong(&format!(
            "the group `{group}` is isnad's own; take another one, such as `acme.{noun}`"
        )));
    }
    Ok((group, noun))
}

/// Whether it is letters, digits and dashes, beginning with a letter, and with no dash at an end or behind another.
fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.split('-').all(|part| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        })
}

/// Where a stage in Rust takes the crates of isnad from.
enum Source {
    Folder(PathBuf),
    Version(String),
}

impl Source {
    fn of(args: &StageArgs) -> Result<Self, Ending> {
        let Some(path) = &args.path else {
            return Ok(Source::Version(
                args.version.clone().unwrap_or_else(|| env!("CARGO_PKG_VERSION").to_owned()),
            ));
        };
        let shown = path.display();
        if !path.join("crates/isnad-plugin/Cargo.toml").exists() {
            let message = format!(
                "`{shown}` is no checkout of isnad: there is no `crates/isnad-plugin` in it; name its top folder"
            );
            return Err(Ending::Usage(message));
        }
        let whole = fs::canonicalize(path);
        whole.map(Source::Folder).map_err(|error| Ending::Usage(format!("cannot read `{shown}`: {error}")))
    }

    /// What stands behind the name of a crate in a manifest.
    fn dependency(&self, name: &str, more: &str) -> String {
        match self {
            Source::Folder(folder) => {
                format!(
                    "{{ path = {}{more} }}",
                    quoted(&folder.join("crates").join(name).display().to_string())
                )
            }
            Source::Version(version) if more.is_empty() => quoted(version),
            Source::Version(version) => format!("{{ version = {}{more} }}", quoted(version)),
        }
    }

    /// The same for people.
    fn told(&self) -> String {
        match self {
            Source::Folder(folder) => format!(
                "`Cargo.toml` takes the crates of isnad from `{}`; to build elsewhere, put versions in place of the paths.",
                folder.display()
            ),
            Source::Version(version) => format!(
                "`Cargo.toml` takes the crates of isnad in version {version}. To build with a checkout of isnad instead, put \
                 `{{ path = \"FOLDER/crates/isnad-core\" }}` and the like in place of the versions."
            ),
        }
    }
}

/// A string as TOML and JSON both write it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Writes the files of a folder that is new or empty, lists them, and says what to do next.
fn make(folder: &Path, files: &[(&str, &str)], values: &Values, next: &str) -> Result<Ending, Ending> {
    let shown = folder.display();
    let is_taken = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_some(),
        Err(_) => folder.exists(),
    };
    if is_taken {
        let message = format!(
            "`{shown}` is there already and not empty; nothing was written. Take another name or folder"
        );
        return Err(Ending::Usage(message));
    }
    let written = write_all(folder, files, values)
        .map_err(|error| Ending::Failed(format!("cannot write into `{shown}`: {error}")))?;
    let mut out = io::stdout().lock();
    let printed = written.iter().try_for_each(|path| writeln!(out, "{}", path.display()));
    say(&format!("next: cd {shown} && {next}"));
    Ok(Ending::of_printing(printed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_stages() {
        for good in ["acme.topics", "a.b", "news-desk.flags2"] {
            assert!(parts(good).is_ok(), "{good}");
        }
        for bad in [
            "topics",
            "acme.",
            ".topics",
            "Acme.topics",
            "acme.to_pics",
            "acme.a.b",
            "2.b",
            "a--b.c",
            "خبر.عاجل",
        ] {
            assert!(parts(bad).is_err(), "{bad}");
        }
        assert!(parts("extract.topics").is_err(), "the group is taken");
        assert!(parts("isnad.core").is_err(), "it would be the package `isnad-core`");
    }

    #[test]
    fn dependencies_are_toml() {
        let folder = Source::Folder("/a \"b\"".into());
        assert_eq!(folder.dependency("isnad-core", ""), r#"{ path = "/a \"b\"/crates/isnad-core" }"#);
        let version = Source::Version("0.1.0".to_owned());
        assert_eq!(version.dependency("isnad-core", ""), "\"0.1.0\"");
        assert_eq!(version.dependency("x", ", optional = true"), "{ version = \"0.1.0\", optional = true }");
    }
}
