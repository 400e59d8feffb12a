//! What a pipeline file says: its keys, its input and its stages, read from the tree and checked.

use isnad_core::{Registry, StageKind};
use serde_json::{Value, json};

use super::check::{check, check_properties};
use super::error::code;
use super::report::{Path, Report};
use super::schema::Schema;
use super::subject::Subject;
use super::suggest::{list, nearest, shown};
use super::tree::{Content, Entry, Node, Table, found};
use super::{Fields, Format, InputSpec, OnError};

/// A pipeline file that was read; where it has errors, with the defaults in their place.
#[derive(Debug)]
pub(crate) struct PipelineFile<'r> {
    pub(crate) input: InputSpec,
    /// All stages of the file, also those that are switched off.
    pub(crate) stages: Vec<StageSpec<'r>>,
}

/// One `[[stage]]` of a file.
#[derive(Debug)]
pub(crate) struct StageSpec<'r> {
    /// Its place in the file, such as `stage[2]`.
    pub(crate) path: String,
    /// The byte that errors of the stage as a whole point at.
    pub(crate) at: usize,
    /// The byte that errors of its id point at.
    pub(crate) id_at: usize,
    pub(crate) id: String,
    /// What it says behind `use`.
    pub(crate) name: String,
    /// The kind of that name, if there is one.
    pub(crate) kind: Option<&'r StageKind>,
    pub(crate) on_error: OnError,
    pub(crate) is_enabled: bool,
    /// The keys that are not reserved.
    pub(crate) options: Node,
    /// Whether its name or its options have errors.
    pub(crate) is_faulty: bool,
}

/// The version of pipeline files that is read.
const VERSION: i128 = 1;

const TOP_LEVEL: [&str; 6] = ["isnad", "input", "plugin", "stage", "test", "property"];

/// The keys of a stage that are not its options.
pub(crate) const RESERVED: [&str; 7] = ["use", "id", "enabled", "on_error", "isolation", "timeout", "memory"];

const RESERVED_FOR_LATER: [&str; 3] = ["isolation", "timeout", "memory"];

/// More stages than that are a mistake of whatever wrote the file.
const MOST_STAGES: usize = 1000;

/// Reads the tree of a file and reports all that is wrong in it.
pub(crate) fn read<'r>(table: &Table, registry: &'r Registry, report: &mut Report) -> PipelineFile<'r> {
    let mut has_stray_keys = false;
    for entry in &table.entries {
        refuse_variables(&entry.node, &Path::Key(&Path::Root, &entry.key), report);
        match entry.key.as_str() {
            "isnad" | "input" | "stage" => {}
            "plugin" | "test" | "property" => refuse_for_now(entry, report),
            _ => {
                has_stray_keys = true;
                let help = match nearest(&entry.key, TOP_LEVEL) {
                    Some(name) => format!("did you mean `{name}`?"),
                    None => format!("the keys of a pipeline file are {}", list(TOP_LEVEL, "and")),
                };
                let message = format!("unknown key `{}`", shown(&entry.key));
                report.add(entry.key_span.start, code::UNKNOWN_KEY, &entry.key, message).help(help);
            }
        }
    }
    check_version(table, report);
    let input = table.get("input").map(|node| read_input(node, report)).unwrap_or_default();
    let stages = match table.get("stage") {
        Some(node) => read_stages(node, registry, report),
        None => {
            if !has_stray_keys {
                let message = "the pipeline has no stage";
                report.add(0, code::MISSING, "stage", message).help(ADD_A_STAGE.to_owned()).absence();
            }
            Vec::new()
        }
    };
    PipelineFile { input, stages }
}

/// The same for stages that code lists: their options may hold the reserved keys too.
pub(crate) fn from_stages<'r>(
    registry: &'r Registry,
    stages: impl IntoIterator<Item = (String, Value)>,
    report: &mut Report,
) -> PipelineFile<'r> {
    let stage = |(index, (kind, options)): (usize, (String, Value))| {
        let mut node = Node::from_json(options)?;
        if let Content::Table(table) = &mut node.content {
            let node = Node { span: 0..0, content: Content::String(kind) };
            table.entries.insert(0, Entry { key: "use".to_owned(), key_span: 0..0, node });
        }
        read_stage(&node, index, registry, report)
    };
    let stages = stages.into_iter().enumerate().filter_map(stage).collect();
    PipelineFile { input: InputSpec::default(), stages }
}

const ADD_A_STAGE: &str =
    "add one: a line `[[stage]]`, and below it a line such as `use = \"normalize.unicode\"`";

fn check_version(table: &Table, report: &mut Report) {
    let line = format!("isnad = {VERSION}");
    let Some(node) = table.get("isnad") else {
        let message = format!("the version line `{line}` is missing");
        let help = format!("write `{line}` at the top: it says how the rest is to be read");
        report.add(0, code::VERSION, "isnad", message).help(help).absence();
        return;
    };
    let message = match node.content {
        Content::Integer(VERSION) => return,
        Content::Integer(other) => {
            format!("version {other} of pipeline files is not known: this program reads version {VERSION}")
        }
        _ => format!("`isnad` expects the integer {VERSION}, found {}", found(node)),
    };
    report.add(node.span.start, code::VERSION, "isnad", message).help(format!("write `{line}`"));
}

fn refuse_for_now(entry: &Entry, report: &mut Report) {
    let is_empty = match &entry.node.content {
        Content::Array(items) => items.is_empty(),
        Content::Table(table) => table.entries.is_empty(),
        _ => false,
    };
    if !is_empty {
        let message = format!("`{}` is not available in this version", entry.key);
        report.add(entry.key_span.start, code::UNAVAILABLE, &entry.key, message).help("remove it".to_owned());
    }
}

/// `${NAME}` will be filled in by a later version: read as it stands it would change its meaning then.
fn refuse_variables(node: &Node, path: &Path<'_>, report: &mut Report) {
    match &node.content {
        Content::String(text) => {
            if let Some(variable) = variable(text) {
                let message =
                    format!("variables such as `${{{}}}` are not available in this version", shown(variable));
                report
                    .add(node.span.start, code::UNAVAILABLE, path, message)
                    .help("write the value itself".to_owned());
            }
        }
        Content::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                refuse_variables(item, &Path::Index(path, index), report);
            }
        }
        Content::Table(table) => {
            for entry in &table.entries {
                refuse_variables(&entry.node, &Path::Key(path, &entry.key), report);
            }
        }
        Content::Integer(_) | Content::Float(_) | Content::Bool(_) => {}
    }
}

fn variable(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("${")?;
    let (name, _) = rest.split_once('}')?;
    let bare = name.split_once(':').map_or(name, |(bare, _)| bare);
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    (!bare.is_empty() && bare.chars().all(is_name)).then_some(name)
}

fn read_input(node: &Node, report: &mut Report) -> InputSpec {
    let schema = input_schema();
    check(Schema::new(&schema), node, Subject { prefix: "input", kind: None }, Path::Root, report);
    let Some(table) = node.as_table() else { return InputSpec::default() };
    let format = table.get("format").and_then(Node::as_str).and_then(Format::from_name);
    let paths = table.get("paths").map(Node::strings).unwrap_or_default();
    let mut fields = Fields::default();
    if let Some(given) = table.get("fields").and_then(Node::as_table) {
        let name = |key| given.get(key).and_then(Node::as_str).map(str::to_owned);
        fields.id = name("id").unwrap_or(fields.id);
        fields.text = given.get("text").map(Node::strings).unwrap_or(fields.text);
        fields.published = name("published").unwrap_or(fields.published);
    }
    InputSpec { format, paths, fields }
}

fn input_schema() -> Value {
    let name = json!({ "type": "string", "minLength": 1 });
    let names = json!({ "type": "array", "items": name, "minItems": 1 });
    let fields = json!({ "id": name, "text": { "anyOf": [name, names] }, "published": name });
    let formats: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "format": { "type": "string", "enum": formats },
            "paths": { "type": "array", "items": name },
            "fields": { "type": "object", "additionalProperties": false, "properties": fields }
        }
    })
}

fn read_stages<'r>(node: &Node, registry: &'r Registry, report: &mut Report) -> Vec<StageSpec<'r>> {
    let Some(items) = node.as_array() else {
        let message = format!("`stage` expects an array of tables, found {}", found(node));
        report
            .add(node.span.start, code::TYPE, "stage", message)
            .help("write `[[stage]]`, in double brackets, above each stage".to_owned());
        return Vec::new();
    };
    if let Some(first_too_many) = items.get(MOST_STAGES) {
        let message = format!("there are {} stages: {MOST_STAGES} are the most", items.len());
        report.add(first_too_many.span.start, code::SIZE, format!("stage[{MOST_STAGES}]"), message);
        return Vec::new();
    }
    if items.is_empty() {
        report
            .add(node.span.start, code::MISSING, "stage", "the pipeline has no stage")
            .help(ADD_A_STAGE.to_owned());
    }
    items.iter().enumerate().filter_map(|(index, item)| read_stage(item, index, registry, report)).collect()
}

fn read_stage<'r>(
    node: &Node,
    index: usize,
    registry: &'r Registry,
    report: &mut Report,
) -> Option<StageSpec<'r>> {
    let path = format!("stage[{index}]");
    let Some(table) = node.as_table() else {
        let message = format!("`{path}` expects a table, found {}", found(node));
        report.add(node.span.start, code::TYPE, &path, message);
        return None;
    };
    let (reserved, options): (Vec<Entry>, Vec<Entry>) =
        table.entries.iter().cloned().partition(|entry| RESERVED.contains(&entry.key.as_str()));
    let (reserved, options) = (Table { entries: reserved }, Table { entries: options });
    check_reserved(&reserved, &options, node, &path, report);

    let name = reserved.get("use").and_then(Node::as_str).unwrap_or_default().to_owned();
    let at = reserved.get("use").map_or(node.span.start, |node| node.span.start);
    let kind = registry.get(&name);
    let is_enabled = reserved.get("enabled").and_then(Node::as_bool).unwrap_or(true);
    // A stage that is switched off may be one that this machine does not have.
    if kind.is_none() && is_enabled && !name.is_empty() {
        unknown_stage(&name, at, &path, registry, report);
    }
    let before = report.len();
    if let Some(kind) = kind {
        let subject = Subject { prefix: &path, kind: Some(kind.name()) };
        check_properties(Schema::new(kind.schema()), &options, at, subject, Path::Root, report);
    }
    let given = [reserved.get("id").and_then(Node::as_str), Some(&name), Some(&path)];
    let id = given.into_iter().flatten().find(|id| !id.is_empty()).unwrap_or_default().to_owned();
    Some(StageSpec {
        at,
        id_at: reserved.get("id").map_or(at, |node| node.span.start),
        id,
        kind,
        on_error: reserved
            .get("on_error")
            .and_then(Node::as_str)
            .and_then(OnError::from_name)
            .unwrap_or_default(),
        is_enabled,
        options: Node { span: at..at, content: Content::Table(options) },
        is_faulty: kind.is_none() || report.len() > before,
        name,
        path,
    })
}

fn check_reserved(reserved: &Table, options: &Table, node: &Node, path: &str, report: &mut Report) {
    let subject = Subject { prefix: path, kind: None };
    for entry in &reserved.entries {
        let at_key = Path::Key(&Path::Root, &entry.key);
        if RESERVED_FOR_LATER.contains(&entry.key.as_str()) {
            let message = format!("`{}` is not available in this version", entry.key);
            report
                .add(entry.key_span.start, code::UNAVAILABLE, subject.full(at_key), message)
                .help("remove it".to_owned());
        } else {
            let schema = reserved_schema(&entry.key);
            check(Schema::new(&schema), &entry.node, subject, at_key, report);
        }
    }
    if reserved.get("use").is_some() {
        return;
    }
    // Without its name the other keys of a stage cannot be told right from wrong, but for this one.
    let slip = options.entries.iter().find(|entry| nearest(&entry.key, ["use"]).is_some());
    let finding = match slip {
        Some(slip) => report
            .add(
                slip.key_span.start,
                code::UNKNOWN_KEY,
                format!("{path}.{}", slip.key),
                format!("unknown key `{}`, and the stage has no `use`", shown(&slip.key)),
            )
            .help("did you mean `use`?".to_owned()),
        None => {
            report.add(node.span.start, code::MISSING, format!("{path}.use"), "the stage has no `use`").help(
                "add a line such as `use = \"normalize.unicode\"`; `isnad stages` lists the stages"
                    .to_owned(),
            )
        }
    };
    finding.absence();
}

fn reserved_schema(key: &str) -> Value {
    match key {
        "enabled" => json!({ "type": "boolean" }),
        "on_error" => {
            let names: Vec<&str> = OnError::ALL.iter().map(|choice| choice.name()).collect();
            json!({ "type": "string", "enum": names })
        }
        _ => json!({ "type": "string", "minLength": 1 }),
    }
}

fn unknown_stage(name: &str, at: usize, path: &str, registry: &Registry, report: &mut Report) {
    let near = nearest(name, registry.kinds().iter().map(StageKind::name));
    let help = match near {
        Some(near) => format!("did you mean `{near}`? `isnad stages` lists them all"),
        None => "`isnad stages` lists the stages there are".to_owned(),
    };
    report
        .add(at, code::UNKNOWN_STAGE, format!("{path}.use"), format!("unknown stage `{}`", shown(name)))
        .help(help);
}
