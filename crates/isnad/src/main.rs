//! The command `isnad`.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
