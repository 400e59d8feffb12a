//! `isnad plugin check`.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, value_parser};
use isnad::checking::Fixture;
use isnad::checking::{LibraryCheck, Outcome, Verdict, to_junit};
use isnad::plugins::KindDescription;
use isnad::runner;
use serde_json::Value;

use crate::cli::Ending;
use crate::cli::source::{CHECKS_LAWS, plugins, program};

const EXAMPLES: &str = "\
Examples:
  isnad plugin check ./libacme.so
  isnad plugin check ./libacme.so --stage acme.topics --set count=3
  isnad plugin check ./libacme.so --cases 500 --seed 7
  isnad plugin check ./libacme.so --fixtures tests/laws --junit laws.xml

The same laws that Rust authors check with `isnad_testkit::laws!`, on a library in any language, each in a process of
its own. Articles that break a law are made as small as can be, printed, and kept in the folder `laws`: they are tried
first from then on. Exit code 1 where a law is broken, 2 where nothing can be checked.";

/// What `isnad plugin check` is told.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct CheckArgs {
    /// The library
    #[arg(value_name = "LIBRARY")]
    library: String,
    /// Only this kind of stage [default: all that the library has]
    #[arg(long, value_name = "NAME")]
    stage: Option<String>,
    /// An option of the stage, such as `count=3`: the value is TOML, or plain text. May be repeated
    #[arg(long, value_name = "OPTION=VALUE")]
    set: Vec<String>,
    /// On how many generated batches of articles each law is tried
    #[arg(long, value_name = "N", default_value_t = 64)]
    cases: u32,
    /// Generate other articles; the same seed always generates the same ones
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Over how many batches memory has to stay flat
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = value_parser!(u32).range(1..))]
    batches: u32,
    /// How long a stage may be silent before it counts as hanging
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = parse_patience)]
    timeout: Duration,
    /// The folder of counter-examples: those there are tried first, new ones are put there
    #[arg(long, value_name = "FOLDER", default_value = "laws")]
    fixtures: PathBuf,
    /// Try no counter-examples of earlier runs, and keep none
    #[arg(long, conflicts_with = "fixtures")]
    no_fixtures: bool,
    /// Write the results to this file as JUnit XML, too
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
}

/// Checks the laws on a library.
pub(super) fn check(args: &CheckArgs) -> Ending {
    try_check(args).unwrap_or_else(|ending| ending)
}

fn try_check(args: &CheckArgs) -> Result<Ending, Ending> {
    let found = plugins("")?.describe(&args.library, None).map_err(|error| {
        let help = error.help.map(|help| format!("\n  help: {help}")).unwrap_or_default();
        Ending::Usage(format!("{}{help}", error.message))
    })?;
    let kinds: Vec<&str> = found.description.kinds.iter().map(|kind| kind.name.as_str()).collect();
    let kinds: Vec<&str> = match &args.stage {
        None => kinds,
        Some(wanted) if kinds.contains(&wanted.as_str()) => vec![wanted],
        Some(wanted) => {
            let message = format!("the library has no stage `{wanted}`; it has `{}`", kinds.join("`, `"));
            return Err(Ending::Usage(message));
        }
    };
    let options = options(&args.set)?;
    for kind in found.description.kinds.iter().filter(|kind| kinds.contains(&kind.name.as_str())) {
        known(kind, &options)?;
    }
    let folder = Some(args.fixtures.as_path()).filter(|_| !args.no_fixtures);
    let fixtures = folder.map_or(Ok(Vec::new()), Fixture::read_all).map_err(Ending::Usage)?;
    if let Some(path) = &args.junit {
        if fs::canonicalize(path).is_ok_and(|path| path == found.path) {
            let message = format!("`--junit {}` would replace the library; write elsewhere", path.display());
            return Err(Ending::Usage(message));
        }
        prepare(path)
            .map_err(|error| Ending::Usage(format!("cannot write `{}`: {error}", path.display())))?;
    }
    let mut out = io::stdout().lock();
    let mut printed = Ok(());
    let mut all = Vec::new();
    let (mut broken, mut kept, mut skipped) = (0, 0, 0);
    for kind in kinds {
        let check = LibraryCheck {
            program: program(CHECKS_LAWS)?,
            library: found.path.clone(),
            kind: kind.to_owned(),
            options: options.clone(),
            cases: args.cases,
            seed: args.seed,
            batches: args.batches,
            timeout: args.timeout,
            fixtures: fixtures.clone(),
        };
        if printed.is_ok() {
            printed = writeln!(out, "{kind}");
        }
        let verdicts = check.run(&mut |verdict| {
            let saved = save(folder, verdict);
            if printed.is_ok() {
                printed = writeln!(out, "{verdict}{saved}").and_then(|()| out.flush());
            }
        });
        let verdicts = verdicts.map_err(|error| Ending::Usage(error.message))?;
        for verdict in &verdicts {
            match verdict.outcome {
                Outcome::Kept => kept += 1,
                Outcome::Skipped(_) => skipped += 1,
                Outcome::Broken { .. } => broken += 1,
            }
        }
        all.push((kind.to_owned(), verdicts));
    }
    if printed.is_ok() {
        printed = writeln!(out, "{kept} kept, {broken} broken, {skipped} say nothing about these stages");
    }
    if let Some(path) = &args.junit {
        let cannot = |error: String| Ending::Failed(format!("cannot write `{}`: {error}", path.display()));
        let xml = to_junit(&all).map_err(cannot)?;
        fs::write(path, xml).map_err(|error| cannot(error.to_string()))?;
    }
    Ok(match broken {
        0 => Ending::of_printing(printed),
        1 => Ending::Failed("a law is broken".to_owned()),
        broken => Ending::Failed(format!("{broken} laws are broken")),
    })
}

/// Tries whether the results can be written, before anything is checked: that takes long. What is there stays.
fn prepare(path: &Path) -> io::Result<()> {
    let is_new = !path.exists();
    File::options().append(true).create(true).open(path)?;
    if is_new { fs::remove_file(path) } else { Ok(()) }
}

fn parse_patience(text: &str) -> Result<Duration, String> {
    match runner::parse_duration(text) {
        Ok(Duration::ZERO) => Err("it must be more than nothing".to_owned()),
        read => read.map_err(|error| error.to_string()),
    }
}

/// Whether a stage has all these options: one that it does not know would be passed over in silence.
fn known(kind: &KindDescription, options: &Value) -> Result<(), Ending> {
    let has = |what: &str| kind.schema.get(what).filter(|value| value.is_object());
    if has("additionalProperties").is_some() {
        return Ok(());
    }
    let names: Vec<&str> = has("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, _)| name.as_str())
        .collect();
    let unknown = options.as_object().into_iter().flatten().find(|(name, _)| !names.contains(&name.as_str()));
    let Some((unknown, _)) = unknown else { return Ok(()) };
    let there =
        if names.is_empty() { "it has none".to_owned() } else { format!("it has `{}`", names.join("`, `")) };
    Err(Ending::Usage(format!("`{}` has no option `{unknown}`; {there}", kind.name)))
}

/// The options that the command line sets, as an object.
fn options(set: &[String]) -> Result<Value, Ending> {
    let mut options = serde_json::Map::new();
    for setting in set {
        let named = setting.split_once('=').filter(|(name, _)| !name.trim().is_empty());
        let Some((name, value)) = named else {
            return Err(Ending::Usage(format!("`--set {setting}`: write it as in `--set count=3`")));
        };
        options.insert(name.trim().to_owned(), runner::setting_value(value));
    }
    Ok(Value::Object(options))
}

/// Keeps a counter-example; says where, in a line of its own.
fn save(folder: Option<&Path>, verdict: &Verdict) -> String {
    let (Some(folder), Some(fixture)) = (folder, verdict.fixture()) else { return String::new() };
    match fixture.write(folder) {
        Ok(path) => format!("\n  kept as `{}`", path.display()),
        Err(error) => format!("\n  it could not be kept: {error}"),
    }
}
