//! Stages in processes of their own: whatever they do there, the run goes on. Run with the argument `serve`, this
//! program is such a process.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a helper of tests fails as a test does")]

mod contact;
mod documents;
mod processes;
mod rig;
mod stages;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some(rig::SERVE) => return isnad_loader::serve(&stages::kind),
        Some(rig::HANG) => processes::hang(arguments),
        _ => {}
    }
    let tests = [contact::TESTS, documents::TESTS, processes::TESTS].concat();
    let tests = tests.into_iter().map(|(name, test)| {
        Trial::test(name, move || {
            test();
            Ok(())
        })
    });
    let conclusion = libtest_mimic::run(&Arguments::from_args(), tests.collect());
    if let Some(left) = rig::children("self").filter(|left| !left.is_empty()) {
        eprintln!("processes are left: {left}");
        return ExitCode::FAILURE;
    }
    conclusion.exit_code()
}
