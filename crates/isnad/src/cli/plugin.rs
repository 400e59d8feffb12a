//! `isnad plugin`.

mod check;
mod list;

use clap::{Args, Subcommand};

use super::Ending;

const EXAMPLES: &str = "\
Examples:
  isnad plugin list
  isnad plugin list ./libacme.so                   what one library has
  isnad plugin check ./libacme.so                  the laws of stages, on a library in any language
  isnad plugin check ./libacme.so --cases 500 --junit laws.xml

A library is looked at in a process of its own, so none can bring this command down.";

/// What `isnad plugin` is told.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct PluginArgs {
    #[command(subcommand)]
    command: PluginCommand,
}

#[derive(Subcommand)]
enum PluginCommand {
    /// List the libraries in the search path, or describe some
    List(list::ListArgs),
    /// Check the laws of stages on a library
    Check(check::CheckArgs),
}

/// Lists libraries, or checks one.
pub(crate) fn plugin(args: PluginArgs) -> Ending {
    match args.command {
        PluginCommand::List(args) => list::list(&args),
        PluginCommand::Check(args) => check::check(&args),
    }
}
