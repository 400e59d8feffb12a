//! `isnad check`.

use std::io::{self, Write};

use clap::Args;
use isnad::runner::{self, CODES, DiskFiles, InputsFrom, Loader};

use super::Ending;
use super::source::{Source, environment, plugins};

const EXAMPLES: &str = "\
Examples:
  isnad check pipeline.toml
  isnad check pipeline.json
  isnad check news                      a built-in pipeline
  isnad check pipeline.toml --set normalize.letters.hamza=bare
  isnad check pipeline.toml --print     the pipeline with all defaults, each line with its origin
  isnad check --explain E0103           what an error means, and how to mend it

Everything that can fail at the start of a run is looked at: options, the order of the stages, lexicons,
inputs, the folders of outputs. Nothing is written. Exit code 2 where anything is wrong.";

/// What `isnad check` is told.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct CheckArgs {
    /// A pipeline file (TOML or JSON), or the name of a built-in pipeline
    #[arg(value_name = "FILE", required_unless_present = "explain")]
    file: Option<String>,
    /// Change a value of the pipeline, as in `isnad run`
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Print the pipeline as it would run: variables filled in, all defaults, and where each value comes from
    #[arg(long)]
    print: bool,
    /// Explain the code of an error, such as E0103
    #[arg(long, value_name = "CODE", conflicts_with_all = ["file", "set", "print"])]
    explain: Option<String>,
}

/// Checks a pipeline, or explains an error.
pub(crate) fn check(args: CheckArgs) -> Ending {
    let printed = match (&args.explain, &args.file) {
        (Some(code), _) => explain(code),
        (None, Some(file)) => describe(file, &args),
        (None, None) => Err(Ending::Usage("name a pipeline file".to_owned())),
    };
    let print = |text: String| {
        let mut out = io::stdout().lock();
        Ending::of_printing(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
    };
    printed.map_or_else(|ending| ending, print)
}

/// The chain in a line, or the pipeline as it would run.
fn describe(file: &str, args: &CheckArgs) -> Result<String, Ending> {
    let source = Source::find(file)?;
    let registry = isnad::registry();
    let files = DiskFiles::new(&source.base).with_stdout(io::sink()).only_checking();
    files.protect(source.path.as_deref());
    let plugins = plugins(&source.base)?;
    let loader =
        Loader::new(&registry, &files).environment(&environment).settings(&args.set).plugins(&plugins);
    let pipeline =
        loader.check(&source.text, &source.name, &files, InputsFrom::Pipeline).map_err(Ending::Config)?;
    if args.print {
        return loader.print(&source.text, &source.name).map_err(Ending::Config);
    }
    let ids: Vec<&str> = pipeline.stages.iter().map(|stage| stage.id.as_str()).collect();
    Ok(match ids.as_slice() {
        [] => "ok: all stages are switched off\n".to_owned(),
        ids => format!("ok: {}\n", ids.join(" | ")),
    })
}

fn explain(code: &str) -> Result<String, Ending> {
    runner::explain(code).map(|page| format!("{page}\n")).ok_or_else(|| {
        let list: Vec<String> = CODES.iter().map(|(code, about)| format!("  {code}  {about}")).collect();
        Ending::Usage(format!("there is no error `{code}`; there are\n{}", list.join("\n")))
    })
}
