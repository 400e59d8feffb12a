//! `isnad plugin list`.

use std::io::{self, Write};

use clap::Args;
use isnad::plugins::{Found, Listed, PluginError};

use crate::cli::Ending;
use crate::cli::source::plugins;

const EXAMPLES: &str = "\
Examples:
  isnad plugin list
  isnad plugin list ./libacme.so ../other/libother.so
  ISNAD_PLUGIN_PATH=target/release isnad plugin list

Libraries are looked for in the folders of ISNAD_PLUGIN_PATH and in your folder for plugins
(`~/.local/share/isnad/plugins`). Exit code 1 where a library that was named cannot be used.";

/// What `isnad plugin list` is told.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ListArgs {
    /// Libraries to describe [default: all in the search path]
    #[arg(value_name = "LIBRARY")]
    libraries: Vec<String>,
    /// Print the descriptions as JSON, with the schemas of options
    #[arg(long)]
    json: bool,
}

/// Describes libraries.
pub(super) fn list(args: &ListArgs) -> Ending {
    let plugins = match plugins("") {
        Ok(plugins) => plugins,
        Err(ending) => return ending,
    };
    let listed: Vec<Listed> = match args.libraries.as_slice() {
        [] => plugins.list(),
        named => named
            .iter()
            .map(|path| Listed { path: path.into(), outcome: plugins.describe(path, None) })
            .collect(),
    };
    let mut out = io::stdout().lock();
    let printed = if args.json { json(&mut out, &listed) } else { text(&mut out, &listed) };
    if printed.is_err() {
        return Ending::of_printing(printed);
    }
    let bad = listed.iter().filter(|listed| listed.outcome.is_err()).count();
    match (bad, args.libraries.is_empty()) {
        (0, _) | (_, true) => Ending::Done,
        (1, false) => Ending::Failed("a library cannot be used".to_owned()),
        (bad, false) => Ending::Failed(format!("{bad} libraries cannot be used")),
    }
}

fn text(out: &mut impl Write, listed: &[Listed]) -> io::Result<()> {
    if listed.is_empty() {
        writeln!(out, "no library in the folders of ISNAD_PLUGIN_PATH, and none in your folder for plugins")?;
    }
    for Listed { path, outcome } in listed {
        match outcome {
            Ok(found) => describe(out, found)?,
            Err(PluginError { message, help, .. }) => {
                writeln!(out, "{}: cannot be used", path.display())?;
                writeln!(out, "  {}", message.replace('\n', "\n  "))?;
                if let Some(help) = help {
                    writeln!(out, "  help: {help}")?;
                }
            }
        }
    }
    out.flush()
}

fn describe(out: &mut impl Write, found: &Found) -> io::Result<()> {
    let Found { path, sha256, description } = found;
    let (major, minor, _) = description.abi;
    write!(out, "{}: version {}, ABI {major}.{minor}", path.display(), description.version)?;
    match description.built_with.as_str() {
        "" => writeln!(out)?,
        built_with => writeln!(out, ", built with {built_with}")?,
    }
    writeln!(out, "  sha256 {sha256}")?;
    for kind in &description.kinds {
        writeln!(out, "  {:<24} {}", kind.name, kind.about)?;
    }
    Ok(())
}

fn json(out: &mut impl Write, listed: &[Listed]) -> io::Result<()> {
    let libraries: Vec<serde_json::Value> = listed
        .iter()
        .map(|Listed { path, outcome }| match outcome {
            Ok(found) => serde_json::json!({
                "path": found.path,
                "sha256": found.sha256,
                "description": found.description,
            }),
            Err(error) => serde_json::json!({ "path": path, "error": error.message }),
        })
        .collect();
    serde_json::to_writer_pretty(&mut *out, &libraries)?;
    writeln!(out)?;
    out.flush()
}
