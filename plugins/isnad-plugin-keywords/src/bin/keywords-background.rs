//! Builds the table of document frequencies that `keywords.phrases` weighs phrases with.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use isnad_plugin_keywords::Builder;
use serde_json::Value;

/// Builds a table of document frequencies for the stage `keywords.phrases`
#[derive(Debug, Parser)]
#[command(
    name = "keywords-background",
    version,
    after_help = "Example:\n  keywords-background archive.jsonl --source \"Our archive, 40,000 articles\" -o background.tsv\n\n\
                  The same articles make the same table, in whatever order they come."
)]
struct Arguments {
    /// JSON lines, a document each; `-` reads standard input
    #[arg(required = true)]
    corpus: Vec<PathBuf>,

    /// Where the table goes; standard output without it
    #[arg(short, long)]
    output: Option<PathBuf>,

    /// The fields with the text, title first
    #[arg(long, value_delimiter = ',', default_value = "title,text")]
    fields: Vec<String>,

    /// In how many documents a phrase must stand
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    least: u32,

    /// How many words a phrase has at most
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=5))]
    longest: u8,

    /// A line for the head of the table: what the corpus is, and its licence
    #[arg(long, default_value = "not said")]
    source: String,
}

#[expect(clippy::print_stderr, reason = "a command says on standard error what it did")]
fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(done) => {
            eprintln!("{done}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Reads the corpus, writes the table, and says how large they are.
fn run(arguments: &Arguments) -> Result<String, String> {
    let mut builder = Builder::default();
    for path in &arguments.corpus {
        add(&mut builder, path, &arguments.fields)?;
    }
    let table = builder.finish(arguments.least, arguments.longest.into());
    let comments = [
        "In how many documents of a corpus phrases stand: for the stage `keywords.phrases`.".to_owned(),
        format!("source: {}", arguments.source),
        format!("note: made by keywords-background; phrases of up to {} words in at least {} documents", arguments.longest, arguments.least),
        "column phrase: words folded, without what is attached in front, one space between them; `*` stands for all documents.".to_owned(),
        "column documents: how many documents.".to_owned(),
    ];
    let bytes = table.write(&comments);
    let written = match &arguments.output {
        Some(path) => std::fs::write(path, &bytes)
            .map_err(|error| format!("cannot write `{}`: {error}", path.display())),
        None => io::stdout()
            .write_all(bytes.as_bytes())
            .map_err(|error| format!("cannot write the table: {error}")),
    };
    written?;
    Ok(format!("{} documents, {} phrases, {} bytes", table.documents(), table.len(), bytes.len()))
}

/// Adds the documents of one file.
fn add(builder: &mut Builder, path: &Path, fields: &[String]) -> Result<(), String> {
    let name = path.display();
    let reader: Box<dyn BufRead> = if path == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(path).map_err(|error| format!("cannot read `{name}`: {error}"))?))
    };
    for (number, line) in (1..).zip(reader.lines()) {
        let line = line.map_err(|error| format!("cannot read `{name}`, line {number}: {error}"))?;
        if line.trim().is_empty() {
            continue;
        }
        let record: Value =
            serde_json::from_str(&line).map_err(|error| format!("`{name}`, line {number}: {error}"))?;
        let parts: Vec<&str> = fields.iter().filter_map(|field| record.get(field)?.as_str()).collect();
        if parts.is_empty() {
            return Err(format!(
                "`{name}`, line {number}: no field `{}` holds text; name the fields with `--fields`",
                fields.join("`, `")
            ));
        }
        builder.add(&parts.join("\n"));
    }
    Ok(())
}
