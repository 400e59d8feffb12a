//! docs/STAGES.md: what each stage does, its options, contract and examples.

use std::fmt::Write;

use isnad::core::{Contract, DocumentEffect, Example, Order, Registry, StageKind, TextAccess};

use super::options::options;
use super::points::{changes, markdown};

const HEAD: &str = "\
# Stages

Made by `isnad stages --markdown` from the program itself; a test keeps it current. What the layers, attrs and links
hold is in [LAYERS.md](LAYERS.md). `isnad stages NAME` prints the same for one stage.

Every stage also takes `id` (what rows and reports call it), `enabled` and `on_error` (`quarantine`, `skip-stage` or
`stop`: what becomes of a document that it cannot handle).

In examples, `⏎` is a line feed, `⇥` a tab, `␣` a space beside another or at an end, `⟨U+200F⟩` a character that shows
nothing. `U+0640 → ∅` says that this code point went, `×3` how often. Extractors stand behind the stages of `news`
before them, exporters behind all of them; articles without a date in them were published on 2026-03-10, a Tuesday.
All examples are run as tests.
";

/// The page.
pub(super) fn page(registry: &Registry) -> String {
    let mut out = HEAD.to_owned();
    let mut group = "";
    for kind in registry.kinds() {
        if kind.group() != group {
            group = kind.group();
            let _ = write!(out, "\n## {group}\n\n");
            for kind in registry.kinds().iter().filter(|kind| kind.group() == group) {
                let anchor: String = kind.name().replace('.', "");
                let _ = writeln!(out, "- [`{}`](#{anchor}) {}", kind.name(), kind.about());
            }
        }
        write_kind(kind, &mut out);
    }
    out
}

fn write_kind(kind: &StageKind, out: &mut String) {
    let _ = write!(out, "\n### {}\n\n{}\n", kind.name(), kind.docs().trim());
    write_options(kind, out);
    if let Some(contract) = kind.default_contract() {
        write_contract(&contract, out);
    }
    let examples = kind.examples();
    if examples.is_empty() {
        return;
    }
    out.push_str("\n**Examples**\n");
    match kind.default_contract().map(|contract| contract.text) {
        Some(TextAccess::Rewrites) => write_texts(examples, out),
        _ => examples.iter().for_each(|example| write_example(example, kind.group(), out)),
    }
}

fn write_options(kind: &StageKind, out: &mut String) {
    let options = options(kind);
    if options.is_empty() {
        out.push_str("\nNo options.\n");
        return;
    }
    out.push_str("\n**Options**\n\n| option | values | default | what |\n|---|---|---|---|\n");
    for option in options {
        let default = option.default.map(|default| code(&default)).unwrap_or_default();
        let mut what = option.what.split_whitespace().collect::<Vec<_>>().join(" ");
        for (value, meaning) in option.choices {
            let _ = write!(what, "<br/>{}: {meaning}", code(&value));
        }
        let values = code(&option.values);
        let _ =
            writeln!(out, "| `{}` | {} | {} | {} |", option.name, cell(&values), cell(&default), cell(&what));
    }
}

fn write_contract(contract: &Contract, out: &mut String) {
    let mut lines: Vec<String> = Vec::new();
    if contract.text == TextAccess::Rewrites {
        lines.push("rewrites the text".to_owned());
    }
    if contract.documents == DocumentEffect::Drops {
        lines.push("drops documents".to_owned());
    }
    if contract.order == Order::Input {
        lines.push("needs the documents in input order".to_owned());
    }
    for reads in &contract.reads {
        let keys =
            if reads.keys.is_empty() { String::new() } else { format!(" with {}", names(&reads.keys)) };
        let optional = if reads.optional { ", if it is there" } else { "" };
        lines.push(format!("reads {}{keys}{optional}", layer(&reads.layer, reads.version)));
    }
    for writes in &contract.writes {
        let what = if writes.rows { "writes" } else { "adds to rows of" };
        let mut line = format!("{what} {}", layer(&writes.layer, writes.version));
        for (what, list) in [("labels", &writes.labels), ("attrs", &writes.attrs), ("links", &writes.links)] {
            if !list.is_empty() {
                let _ = write!(line, "; {what} {}", names(list));
            }
        }
        lines.push(line);
    }
    if !lines.is_empty() {
        out.push_str("\n**Contract**\n\n");
        out.extend(lines.iter().map(|line| format!("- {line}\n")));
    }
}

/// Texts before and after, with the code points that changed.
fn write_texts(examples: &[Example], out: &mut String) {
    out.push_str("\n| | options | before | after | code points |\n|---|---|---|---|---|\n");
    for example in examples {
        let (before, after) = (markdown(example.before), markdown(example.after));
        let (about, changed) = (cell(example.about), changes(example.before, example.after));
        let row = [about, cell(&settings(example)), before, after, changed];
        let _ = writeln!(out, "| {} |", row.join(" | "));
    }
}

/// An article, and what comes of it.
fn write_example(example: &Example, group: &str, out: &mut String) {
    let options = settings(example);
    let options = if options.is_empty() { options } else { format!(", with {options}") };
    let about = capital(example.about.trim_end_matches('.'));
    let _ = write!(out, "\n{about}{options}:\n\n");
    for line in example.before.lines() {
        let _ = writeln!(out, "> {}", markdown(line));
    }
    let language = if group == "export" && example.after.starts_with('{') { "json" } else { "text" };
    let _ = write!(out, "\n```{language}\n{}\n```\n", example.after.trim_end());
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
}

/// The options of an example as a pipeline file has them.
fn settings(example: &Example) -> String {
    let options: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(example.options).unwrap_or_default();
    options.iter().map(|(key, value)| code(&format!("{key} = {value}"))).collect::<Vec<_>>().join(", ")
}

fn layer(name: &str, version: u16) -> String {
    format!("[`{name}@{version}`](LAYERS.md#{name})")
}

fn names(names: &[std::borrow::Cow<'static, str>]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" ")
}

fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("`{text}`") }
}

/// A text inside a cell of a table.
pub(super) fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
