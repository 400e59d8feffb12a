//! `isnad pipelines`.

use std::io::{self, Write};

use clap::{Args, Subcommand};

use super::Ending;
use super::graph::{self, GraphArgs};

const EXAMPLES: &str = "\
Examples:
  isnad pipelines
  isnad pipelines news > mine.toml        the beginning of a pipeline of your own
  isnad pipelines graph mine.toml         what each stage of it reads and writes, as a picture";

/// What `isnad pipelines` is told.
#[derive(Args)]
#[command(after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub(crate) struct PipelinesArgs {
    /// Print this one
    #[arg(value_name = "NAME")]
    name: Option<String>,
    #[command(subcommand)]
    command: Option<PipelinesCommand>,
}

#[derive(Subcommand)]
enum PipelinesCommand {
    /// Draw a pipeline: its stages, and the layers they read and write
    Graph(GraphArgs),
}

/// Lists the built-in pipelines, prints one, or draws any.
pub(crate) fn pipelines(args: PipelinesArgs) -> Ending {
    if let Some(PipelinesCommand::Graph(args)) = args.command {
        return graph::graph(args);
    }
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
