//! `isnad schema`.

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use isnad::core::{Contract, StageKind};

use super::Ending;
use super::source::registry_with;

const EXAMPLES: &str = "\
Examples:
  isnad schema > pipeline.schema.json
  isnad schema --plugin ./libacme.so > pipeline.schema.json
  isnad schema record > record.schema.json

An editor that knows the schema completes and describes the keys of a pipeline file. Many find it by a line in
the file: `#:schema pipeline.schema.json` at the top of TOML, `\"$schema\": \"pipeline.schema.json\"` in JSON.";

/// What `isnad schema` is told.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct SchemaArgs {
    /// Whose schema to print
    #[arg(value_name = "WHAT", default_value = "pipeline")]
    what: What,
    /// With the stages of this library. May be repeated
    #[arg(long = "plugin", value_name = "LIBRARY")]
    plugins: Vec<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum What {
    /// Pipeline files, with the options of every stage
    Pipeline,
    /// The records that `export.jsonl` writes
    Record,
}

/// Prints a JSON Schema.
pub(crate) fn schema(args: SchemaArgs) -> Ending {
    let registry = match registry_with(&args.plugins) {
        Ok(registry) => registry,
        Err(ending) => return ending,
    };
    let schema = match args.what {
        What::Pipeline => isnad::runner::pipeline_schema(&registry),
        What::Record => {
            let contracts: Vec<Contract> =
                registry.kinds().iter().filter_map(StageKind::default_contract).collect();
            isnad::export::record_schema(&contracts)
        }
    };
    let mut out = io::stdout().lock();
    Ending::of_printing(writeln!(out, "{schema:#}"))
}
