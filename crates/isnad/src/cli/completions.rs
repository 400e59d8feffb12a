//! `isnad completions`.

use std::io::{self, Write};

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{Cli, Ending};

const EXAMPLES: &str = "\
Examples:
  isnad completions bash > ~/.local/share/bash-completion/completions/isnad
  isnad completions zsh > ~/.zfunc/_isnad
  isnad completions fish > ~/.config/fish/completions/isnad.fish";

/// What `isnad completions` is told.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Prints the script that completes the command line in a shell.
pub(crate) fn completions(args: CompletionsArgs) -> Ending {
    // The generator does not say that writing failed; memory does not fail.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "isnad", &mut script);
    Ending::of_printing(io::stdout().lock().write_all(&script))
}
