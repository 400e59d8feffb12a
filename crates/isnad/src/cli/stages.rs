//! `isnad stages`.

use std::io::{self, Write};

use clap::Args;
use isnad::core::{Contract, Registry, StageKind};
use serde_json::{Value, json};

use super::Ending;

const EXAMPLES: &str = "\
Examples:
  isnad stages                       all of them, a line each
  isnad stages normalize             those of a group
  isnad stages extract.quotes        what it does, its options, what it reads and writes
  isnad stages --json                the same for programs, with the JSON Schema of the options";

/// What `isnad stages` is told.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct StagesArgs {
    /// A stage, or a group of stages
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Lists stages, or describes one.
pub(crate) fn stages(args: StagesArgs) -> Ending {
    let registry = isnad::registry();
    let chosen: Vec<&StageKind> = match &args.name {
        None => registry.kinds().iter().collect(),
        Some(name) => {
            registry.kinds().iter().filter(|kind| kind.name() == name || kind.group() == name).collect()
        }
    };
    let mut out = io::stdout().lock();
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
    let properties = kind.schema().get("properties").and_then(Value::as_object);
    match properties.filter(|properties| !properties.is_empty()) {
        None => writeln!(out, "Options: none")?,
        Some(properties) => {
            writeln!(out, "Options:")?;
            for (name, schema) in properties {
                let default =
                    schema.get("default").map(|value| format!(", default {value}")).unwrap_or_default();
                writeln!(out, "  {name} ({}{default})", shape(schema))?;
                let description = schema.get("description").and_then(Value::as_str).unwrap_or_default();
                for line in description.lines() {
                    writeln!(out, "      {line}")?;
                }
                for (value, meaning) in choices(schema) {
                    writeln!(out, "      {value}: {meaning}")?;
                }
            }
        }
    }
    if let Some(contract) = kind.default_contract() {
        write_contract(&contract, out)?;
    }
    Ok(())
}

/// What a value may be, in a few words.
fn shape(schema: &Value) -> String {
    if let Some(one) = schema.get("const") {
        return one.to_string();
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return values.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ");
    }
    for key in ["oneOf", "anyOf"] {
        if let Some(alternatives) = schema.get(key).and_then(Value::as_array) {
            return alternatives.iter().map(shape).collect::<Vec<_>>().join(" | ");
        }
    }
    match schema.get("type") {
        Some(Value::String(name)) if name == "array" => {
            let items = schema.get("items").map_or_else(|| "anything".to_owned(), shape);
            format!("list of {items}")
        }
        Some(Value::String(name)) => name.clone(),
        Some(Value::Array(names)) => {
            let names = names.iter().filter_map(Value::as_str);
            names.map(|name| if name == "null" { "nothing" } else { name }).collect::<Vec<_>>().join(" or ")
        }
        _ => "anything".to_owned(),
    }
}

/// The values of an option that have descriptions of their own.
fn choices(schema: &Value) -> Vec<(String, &str)> {
    let alternatives = schema.get("oneOf").or_else(|| schema.get("anyOf")).and_then(Value::as_array);
    let described =
        |one| Some((Value::get(one, "const")?.to_string(), Value::get(one, "description")?.as_str()?));
    alternatives.into_iter().flatten().filter_map(described).collect()
}

fn write_contract(contract: &Contract, out: &mut impl Write) -> io::Result<()> {
    if contract.text == isnad::core::TextAccess::Rewrites {
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
        "rewrites_text": contract.text == isnad::core::TextAccess::Rewrites,
        "drops_documents": contract.documents == isnad::core::DocumentEffect::Drops,
        "needs_input_order": contract.order == isnad::core::Order::Input,
    })
}
