//! `isnad schema`.

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use isnad::core::{Contract, StageKind};

use super::Ending;

const EXAMPLES: &str = "\
Examples:
  isnad schema > pipeline.schema.json
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
    let registry = isnad::registry();
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
