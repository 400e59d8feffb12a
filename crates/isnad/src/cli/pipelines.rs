//! `isnad pipelines`.

use std::io::{self, Write};

use clap::Args;

use super::Ending;

const EXAMPLES: &str = "\
Examples:
  isnad pipelines
  isnad pipelines news > mine.toml    the beginning of a pipeline of your own";

/// What `isnad pipelines` is told.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct PipelinesArgs {
    /// Print this one
    #[arg(value_name = "NAME")]
    name: Option<String>,
}

/// Lists the built-in pipelines, or prints one.
pub(crate) fn pipelines(args: PipelinesArgs) -> Ending {
    let mut out = io::stdout().lock();
    let Some(name) = args.name else {
        let mut list = isnad::PIPELINES.iter();
        return Ending::of_printing(
            list.try_for_each(|pipeline| writeln!(out, "{:<8}  {}", pipeline.name, pipeline.about())),
        );
    };
    match isnad::built_in(&name) {
        Some(pipeline) => Ending::of_printing(out.write_all(pipeline.source.as_bytes())),
        None => {
            Ending::Usage(format!("there is no built-in pipeline `{name}`; `isnad pipelines` lists them"))
        }
    }
}
