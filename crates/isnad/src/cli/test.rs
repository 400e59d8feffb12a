//! `isnad test`.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use isnad::runner::{DiskFiles, Loader, Specs};
use isnad::testing::Suite;

use super::Ending;
use super::source::{Source, environment, plugins};
use super::terminal::quiet_contained_panics;

const EXAMPLES: &str = "\
Examples:
  isnad test pipeline.toml
  isnad test pipeline.toml --filter speaker        those whose name contains this
  isnad test pipeline.toml --list                  what there is, without running it
  isnad test pipeline.toml --cases 10000           properties on many more articles
  isnad test pipeline.toml --junit results.xml     for a build server

Runs the `[[test]]` and `[[property]]` tables of a pipeline file. Articles go through all stages but those that
write output, so that nothing is written. Exit code 1 where one fails, 2 where the file is wrong or nothing is
there to run.";

/// What `isnad test` is told.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct TestArgs {
    /// A pipeline file with tests
    #[arg(value_name = "PIPELINE")]
    file: String,
    /// Only tests and properties whose name contains this text
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Write the results to this file as JUnit XML, too
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Change a value of the pipeline, as in `isnad run`
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// List tests and properties, and run none
    #[arg(long, conflicts_with_all = ["junit", "cases", "seed"])]
    list: bool,
    /// Try every property on so many generated articles, whatever the file says
    #[arg(long, value_name = "N")]
    cases: Option<u32>,
    /// Generate other articles for properties; the same seed always generates the same ones
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

/// Runs the tests of a pipeline file.
pub(crate) fn test(args: TestArgs) -> Ending {
    quiet_contained_panics();
    try_test(&args).unwrap_or_else(|ending| ending)
}

fn try_test(args: &TestArgs) -> Result<Ending, Ending> {
    let source = Source::find(&args.file)?;
    let registry = isnad::registry();
    let files = DiskFiles::new(&source.base).with_stdout(io::sink()).only_checking();
    let plugins = plugins(&source.base)?;
    let loader =
        Loader::new(&registry, &files).environment(&environment).settings(&args.set).plugins(&plugins);
    let (pipeline, specs) = loader.tests(&source.text, &source.name, &source.base).map_err(Ending::Config)?;
    let mut suite = Suite::new(&source.name, &pipeline, &specs).filter(args.filter.as_deref().unwrap_or(""));
    suite = args.cases.into_iter().fold(suite, Suite::cases);
    suite = args.seed.into_iter().fold(suite, Suite::seed);
    check_some(args, &specs, &suite)?;
    let mut out = io::stdout().lock();
    if args.list {
        let printed = suite.list().try_for_each(|(kind, name, location)| {
            writeln!(out, "{:<9} {name} ({}:{})", kind.name(), location.file, location.line)
        });
        return Ok(Ending::of_printing(printed));
    }
    if let Some(junit) = &args.junit {
        check_junit(junit, &source)?;
    }
    let mut printed = Ok(());
    let results = suite.run_with(&mut |verdict| {
        // Who does not read to the end wants to know no more, but the report is still written.
        if printed.is_ok() {
            printed = writeln!(out, "{verdict}").and_then(|()| out.flush());
        }
    });
    if printed.is_ok() {
        printed = writeln!(out, "{}", results.summary());
    }
    if let Some(junit) = &args.junit {
        let cannot = |error: String| Ending::Failed(format!("cannot write `{}`: {error}", junit.display()));
        let xml = results.to_junit().map_err(cannot)?;
        fs::write(junit, xml).map_err(|error| cannot(error.to_string()))?;
    }
    Ok(match results.failed() {
        0 => Ending::of_printing(printed),
        failed => Ending::Failed(format!("{failed} of {} failed", results.verdicts.len())),
    })
}

/// Whether there is anything to run: what runs nothing cannot fail, and nobody would notice.
fn check_some(args: &TestArgs, specs: &Specs, suite: &Suite<'_>) -> Result<(), Ending> {
    if specs.tests.is_empty() && specs.properties.is_empty() {
        return Err(Ending::Usage(format!(
            "`{}` has neither `[[test]]` nor `[[property]]`; add one to the pipeline file",
            args.file
        )));
    }
    match &args.filter {
        Some(filter) if suite.list().next().is_none() => Err(Ending::Usage(format!(
            "no test or property has `{filter}` in its name; `isnad test {} --list` lists them",
            args.file
        ))),
        _ => Ok(()),
    }
}

/// Whether the report can be written, before the tests take their time.
fn check_junit(junit: &Path, source: &Source) -> Result<(), Ending> {
    let same = |path: &PathBuf| fs::canonicalize(path).ok().zip(fs::canonicalize(junit).ok());
    if source.path.as_ref().and_then(same).is_some_and(|(pipeline, junit)| pipeline == junit) {
        return Err(Ending::Usage(format!(
            "`--junit {}` would replace the pipeline file; write elsewhere",
            junit.display()
        )));
    }
    let opened = fs::File::options().create(true).append(true).open(junit);
    opened.map(drop).map_err(|error| Ending::Usage(format!("cannot write `{}`: {error}", junit.display())))
}
