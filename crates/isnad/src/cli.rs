//! Flags, printing and exit codes: everything the libraries leave to the command.

mod check;
mod completions;
mod ending;
mod graph;
mod new;
mod pipelines;
mod plugin;
mod reproduce;
mod run;
mod schema;
mod source;
mod stages;
mod summary;
mod terminal;
mod test;
mod units;

use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

pub(crate) use ending::Ending;

const EXAMPLES: &str = "\
Examples:
  isnad run article.txt --published 2023-05-16    what one article says, on the terminal
  isnad run news.jsonl > facts.jsonl              one record of facts a line
  isnad run -p pipeline.toml                      a pipeline of your own
  isnad check pipeline.toml                       is it sound?
  isnad test pipeline.toml                        does it do what it should?
  isnad stages                                    what a pipeline can be made of

Exit codes:
  0 all done
  1 the run failed
  2 usage, inputs that are not there, or the pipeline file
  3 done, with documents in quarantine
  130 interrupted";

const LONG_VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\nlicence: ", env!("CARGO_PKG_LICENSE"));

/// Raw Arabic news into attributed facts: who said what, to whom, when, where, about whom.
#[derive(Parser)]
#[command(name = "isnad", version, long_version = LONG_VERSION, after_help = EXAMPLES, max_term_width = 110)]
struct Cli {
    /// Messages on standard error that say how it works inside
    #[arg(long, global = true, value_name = "LEVEL", default_value = "warn", hide_default_value = true)]
    log: LogLevel,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run a pipeline on files
    Run(run::RunArgs),
    /// Say everything that is wrong with a pipeline file, without running it
    Check(check::CheckArgs),
    /// Run the tests and properties of a pipeline file
    Test(test::TestArgs),
    /// List the stages, or describe one
    Stages(stages::StagesArgs),
    /// List the built-in pipelines, print one, or draw any
    Pipelines(pipelines::PipelinesArgs),
    /// List libraries with stages, or check one
    Plugin(plugin::PluginArgs),
    /// Print the JSON Schema of pipeline files, or of records
    Schema(schema::SchemaArgs),
    /// Make a folder to begin with: a stage of your own, or a pipeline
    New(new::NewArgs),
    /// Print the script that completes this command in a shell
    Completions(completions::CompletionsArgs),
}

#[derive(Clone, Copy, ValueEnum)]
enum LogLevel {
    Off,
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

/// The command: parses the command line, does what it says, and tells the shell how it ended.
pub(crate) fn main() -> ExitCode {
    // This program at work for another process of it: before anything else is done.
    match std::env::args_os().nth(1) {
        Some(argument) if argument == source::WORKS_ON_STAGES => return isnad::plugins::serve(),
        Some(argument) if argument == source::CHECKS_LAWS => return isnad::checking::serve(),
        _ => {}
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Nothing is left to be done where the message cannot be printed.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    terminal::start_log(cli.log);
    let ending = match cli.command {
        Command::Run(args) => run::run(args),
        Command::Check(args) => check::check(args),
        Command::Test(args) => test::test(args),
        Command::Stages(args) => stages::stages(args),
        Command::Pipelines(args) => pipelines::pipelines(args),
        Command::Plugin(args) => plugin::plugin(args),
        Command::Schema(args) => schema::schema(args),
        Command::New(args) => new::new(args),
        Command::Completions(args) => completions::completions(args),
    };
    ending.report()
}

impl From<LogLevel> for tracing::level_filters::LevelFilter {
    fn from(level: LogLevel) -> Self {
        match level {
            LogLevel::Off => Self::OFF,
            LogLevel::Error => Self::ERROR,
            LogLevel::Warn => Self::WARN,
            LogLevel::Info => Self::INFO,
            LogLevel::Debug => Self::DEBUG,
            LogLevel::Trace => Self::TRACE,
        }
    }
}
