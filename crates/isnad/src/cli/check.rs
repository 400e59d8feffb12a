//! `isnad check`.

use std::io::{self, Write};

use clap::Args;
use isnad::runner::{self, DiskFiles, Inputs};

use super::Ending;
use super::source::Source;
use super::terminal::say;

const EXAMPLES: &str = "\
Examples:
  isnad check pipeline.toml
  isnad check news             a built-in pipeline

Everything that can fail at the start of a run is looked at: options, the order of the stages, lexicons,
inputs, the folders of outputs. Nothing is written. Exit code 2 where anything is wrong.";

/// What `isnad check` is told.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct CheckArgs {
    /// A pipeline file, or the name of a built-in pipeline
    #[arg(value_name = "FILE")]
    file: String,
}

/// Checks a pipeline.
pub(crate) fn check(args: CheckArgs) -> Ending {
    match problems(&args.file) {
        Err(ending) => ending,
        Ok((chain, problems)) if problems.is_empty() => {
            let printed = writeln!(io::stdout(), "ok: {chain}").and_then(|()| io::stdout().flush());
            Ending::of_printing(printed)
        }
        Ok((_, problems)) => {
            for problem in &problems {
                say(&format!("{}: error: {problem}", args.file));
            }
            Ending::Usage(format!("`{}` cannot run as it is", args.file))
        }
    }
}

/// The chain in a line, and what is wrong behind the text of the file.
fn problems(file: &str) -> Result<(String, Vec<String>), Ending> {
    let source = Source::find(file)?;
    let registry = isnad::registry();
    let files = DiskFiles::new(&source.base).with_stdout(io::sink()).only_checking();
    let pipeline = runner::load(&source.text, &source.name, &registry, &files).map_err(Ending::Config)?;
    let mut problems = Vec::new();
    if let Err(error) = Inputs::find(&pipeline.input.paths, &source.base, pipeline.input.format) {
        problems.extend(error.to_string().lines().map(str::to_owned));
    }
    for stage in &pipeline.stages {
        let opened = stage.stage.open(&pipeline.plan.names).map(drop);
        if let Err(error) = opened.and_then(|()| stage.stage.sink(&files).map(drop)) {
            problems.push(format!("stage `{}`: {error}", stage.id));
        }
    }
    let ids: Vec<&str> = pipeline.stages.iter().map(|stage| stage.id.as_str()).collect();
    Ok((ids.join(" | "), problems))
}
