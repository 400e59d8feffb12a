//! `isnad stages`.

mod layers;
mod options;
mod page;
pub(super) mod points;

use std::io::{self, Write};

use clap::Args;
use isnad::core::{Contract, Registry, StageKind, TextAccess};
use serde_json::{Value, json};

use super::Ending;
use super::source::registry_with;
use options::options;

const EXAMPLES: &str = "\
Examples:
  isnad stages                       all of them, a line each
  isnad stages normalize             those of a group
  isnad stages extract.quotes        what it does, its options, what it reads and writes, with examples
  isnad stages acme.topics --plugin ./libacme.so    the same of a stage of a library
  isnad stages --layers              the layers: what stages find, by name
  isnad stages --json                the same for programs, with the JSON Schema of the options";

/// What `isnad stages` is told.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct StagesArgs {
    /// A stage, or a group of stages
    #[arg(value_name = "NAME", conflicts_with_all = ["layers", "markdown"])]
    name: Option<String>,
    /// List the layers instead
    #[arg(long, conflicts_with = "json")]
    layers: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Print the page of the manual: everything about all of them
    #[arg(long, conflicts_with = "json")]
    markdown: bool,
    /// Those of this library, too. May be repeated
    #[arg(long = "plugin", value_name = "LIBRARY")]
    plugins: Vec<String>,
}

/// Lists stages or layers, or describes a stage.
pub(crate) fn stages(args: StagesArgs) -> Ending {
    let registry = match registry_with(&args.plugins) {
        Ok(registry) => registry,
        Err(ending) => return ending,
    };
    let mut out = io::stdout().lock();
    match (args.layers, args.markdown) {
        (true, true) => return Ending::of_printing(out.write_all(layers::page(&registry).as_bytes())),
        (false, true) => return Ending::of_printing(out.write_all(page::page(&registry).as_bytes())),
        (true, false) => return Ending::of_printing(list_layers(&registry, &mut out)),
        (false, false) => {}
    }
    let chosen: Vec<&StageKind> = match &args.name {
        None => registry.kinds().iter().collect(),
        Some(name) => {
            registry.kinds().iter().filter(|kind| kind.name() == name || kind.group() == name).collect()
        }
    };
    match (chosen.as_slice(), &args.name) {
        ([], Some(name)) => Ending::Usage(unknown(name, &registry)),
        ([kind], Some(name)) if kind.name() == name => Ending::of_printing(match args.json {
            true => print_json(&kind_json(kind), &mut out),
            false => describe(kind, &mut out),
        }),
        (kinds, _) if args.json => {
            let all: Vec<Value> = kinds.iter().map(|kind| kind_json(kind)).collect();
            Ending::of_printing(print_json(&Value::Array(all), &mut out))
        }
        (kinds, _) => Ending::of_printing(list(kinds, &mut out)),
    }
}

fn unknown(name: &str, registry: &Registry) -> String {
    let close = |kind: &&StageKind| {
        let noun = kind.name().rsplit('.').next().unwrap_or_default();
        strsim::jaro_winkler(kind.name(), name).max(strsim::jaro_winkler(noun, name))
    };
    let best = registry.kinds().iter().max_by(|a, b| close(a).total_cmp(&close(b)));
    match best.filter(|kind| close(kind) > 0.8) {
        Some(kind) => format!("there is no stage `{name}`; did you mean `{}`?", kind.name()),
        None => format!("there is no stage `{name}`; `isnad stages` lists them"),
    }
}

fn list(kinds: &[&StageKind], out: &mut impl Write) -> io::Result<()> {
    let width = kinds.iter().map(|kind| kind.name().len()).max().unwrap_or(0);
    let mut group = "";
    for kind in kinds {
        if !group.is_empty() && group != kind.group() {
            writeln!(out)?;
        }
        group = kind.group();
        writeln!(out, "{:width$}  {}", kind.name(), kind.about())?;
    }
    Ok(())
}

fn describe(kind: &StageKind, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}: {}\n", kind.name(), kind.about())?;
    writeln!(out, "{}\n", kind.docs().trim())?;
    let options = options(kind);
    if options.is_empty() {
        writeln!(out, "Options: none")?;
    } else {
        writeln!(out, "Options:")?;
    }
    for option in options {
        let default = option.default.map(|default| format!(", default {default}")).unwrap_or_default();
        writeln!(out, "  {} ({}{default})", option.name, option.values)?;
        for line in option.what.lines() {
            writeln!(out, "      {line}")?;
        }
        for (value, meaning) in option.choices {
            writeln!(out, "      {value}: {meaning}")?;
        }
    }
    if let Some(contract) = kind.default_contract() {
        write_contract(&contract, out)?;
    }
    for (index, example) in kind.examples().iter().enumerate() {
        let heading = if index == 0 { "\nExamples:\n" } else { "" };
        let options =
            if example.options == "{}" { String::new() } else { format!(" with {}", example.options) };
        writeln!(out, "{heading}  {}{options}", example.about)?;
        for (sign, text) in [('<', example.before), ('>', example.after)] {
            for line in text.lines() {
                writeln!(out, "    {sign} {}", points::visible(line))?;
            }
        }
    }
    Ok(())
}

fn list_layers(registry: &Registry, out: &mut impl Write) -> io::Result<()> {
    let layers = layers::layers(registry);
    let width = layers.iter().map(|layer| layer.name.len()).max().unwrap_or(0);
    for layer in layers {
        let about = layers::about(&layer.name);
        writeln!(out, "{:width$}  {about} ({})", layer.name, layer.givers.join(", "))?;
    }
    Ok(())
}

fn write_contract(contract: &Contract, out: &mut impl Write) -> io::Result<()> {
    if contract.text == TextAccess::Rewrites {
        writeln!(out, "\nRewrites the text.")?;
    }
    if !contract.reads.is_empty() {
        writeln!(out, "\nReads:")?;
    }
    for reads in &contract.reads {
        let optional = if reads.optional { " (if it is there)" } else { "" };
        writeln!(out, "  {}{}{optional}", reads.layer, keys(&reads.keys))?;
    }
    if !contract.writes.is_empty() {
        writeln!(out, "\nWrites:")?;
    }
    for writes in &contract.writes {
        let what = if writes.rows { "" } else { " of earlier stages" };
        writeln!(out, "  {}{what}", writes.layer)?;
        for (name, names) in [("labels", &writes.labels), ("attrs", &writes.attrs), ("links", &writes.links)]
        {
            if !names.is_empty() {
                writeln!(out, "    {name}: {}", names.join(" "))?;
            }
        }
    }
    Ok(())
}

fn keys(keys: &[std::borrow::Cow<'static, str>]) -> String {
    if keys.is_empty() { String::new() } else { format!(" with {}", keys.join(", ")) }
}

fn print_json(value: &Value, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)
}

fn kind_json(kind: &StageKind) -> Value {
    let contract = kind.default_contract().unwrap_or_default();
    let reads = contract.reads.iter().map(|reads| {
        json!({ "layer": reads.layer, "version": reads.version, "keys": reads.keys, "optional": reads.optional })
    });
    let writes = contract.writes.iter().map(|writes| {
        json!({
            "layer": writes.layer, "version": writes.version, "rows": writes.rows, "exclusive": writes.exclusive,
            "labels": writes.labels, "attrs": writes.attrs, "links": writes.links, "rules": writes.rules,
        })
    });
    json!({
        "name": kind.name(),
        "about": kind.about(),
        "docs": kind.docs(),
        "options": kind.schema(),
        "reads": reads.collect::<Vec<_>>(),
        "writes": writes.collect::<Vec<_>>(),
        "examples": kind.examples().iter().map(example_json).collect::<Vec<_>>(),
        "rewrites_text": contract.text == TextAccess::Rewrites,
        "drops_documents": contract.documents == isnad::core::DocumentEffect::Drops,
        "needs_input_order": contract.order == isnad::core::Order::Input,
    })
}

fn example_json(example: &isnad::core::Example) -> Value {
    let options: Value = serde_json::from_str(example.options).unwrap_or_default();
    json!({ "about": example.about, "options": options, "before": example.before, "after": example.after })
}
