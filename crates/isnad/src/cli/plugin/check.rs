//! `isnad plugin check`.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use isnad::checking::Fixture;
use isnad::checking::{LibraryCheck, Outcome, Verdict, to_junit};
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
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    batches: u32,
    /// How long a stage may be silent before it counts as hanging
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = runner::parse_duration)]
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
    let folder = Some(args.fixtures.as_path()).filter(|_| !args.no_fixtures);
    let fixtures = folder.map_or(Ok(Vec::new()), Fixture::read_all).map_err(Ending::Usage)?;
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

/// The options that the command line sets, as an object.
fn options(set: &[String]) -> Result<Value, Ending> {
    let mut options = serde_json::Map::new();
    for setting in set {
        let Some((name, value)) = setting.split_once('=') else {
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
