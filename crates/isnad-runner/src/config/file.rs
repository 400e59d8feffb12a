//! What a pipeline file says: its keys, its input and its stages, read from the tree and checked.

use isnad_core::{Registry, StageKind};
use serde_json::{Value, json};

use super::check::{check, check_properties};
use super::error::code;
use super::report::{Path, Report};
use super::schema::Schema;
use super::settle::settle;
use super::subject::Subject;
use super::suggest::{list, nearest, shown};
use super::tree::{Content, Entry, Node, Place, Table, found};
use super::variables::report_faults;
use super::{Fields, Format, InputSpec, OnError, isolation};
use crate::{Encoding, Limits};

/// A pipeline file that was read; where it has errors, with the defaults in their place.
#[derive(Debug)]
pub(crate) struct PipelineFile<'r> {
    pub(crate) input: InputSpec,
    /// What it says of the input, for those who ask where it says so.
    pub(crate) input_table: Table,
    /// Where the version stands.
    pub(crate) version_at: Option<Place>,
    /// All stages of the file, also those that are switched off.
    pub(crate) stages: Vec<StageSpec<'r>>,
}

/// One `[[stage]]` of a file.
#[derive(Debug)]
pub(crate) struct StageSpec<'r> {
    /// Its place in the file, such as `stage[2]`.
    pub(crate) path: String,
    /// Where errors of the stage as a whole point at.
    pub(crate) at: Place,
    /// Where errors of its id point at.
    pub(crate) id_at: Place,
    pub(crate) id: String,
    /// What it says behind `use`.
    pub(crate) name: String,
    /// The kind of that name, if there is one.
    pub(crate) kind: Option<&'r StageKind>,
    pub(crate) on_error: OnError,
    pub(crate) is_enabled: bool,
    /// The limits of its process, where it is to have one of its own.
    pub(crate) isolation: Option<Limits>,
    /// The reserved keys.
    pub(crate) reserved: Table,
    /// The other keys.
    pub(crate) options: Node,
    /// Whether its name or its options have errors.
    pub(crate) is_faulty: bool,
}

/// The version of pipeline files that is read.
pub(super) const VERSION: i128 = 1;

pub(super) const TOP_LEVEL: [&str; 6] = ["isnad", "input", "plugin", "stage", "test", "property"];

/// The keys of a stage that are not its options.
pub(crate) const RESERVED: [&str; 7] = ["use", "id", "enabled", "on_error", "isolation", "timeout", "memory"];

/// More stages than that are a mistake of whatever wrote the file.
pub(super) const MOST_STAGES: usize = 1000;

/// Reads the tree of a file and reports all that is wrong in it.
pub(crate) fn read<'r>(table: &Table, registry: &'r Registry, report: &mut Report) -> PipelineFile<'r> {
    let mut has_stray_keys = false;
    for entry in &table.entries {
        match entry.key.as_str() {
            "isnad" | "input" | "plugin" | "stage" | "test" | "property" => {}
            // Where an editor finds the schema.
            "$schema" => {
                let fuel = Subject::fuel(&entry.node);
                let subject = Subject { prefix: "$schema", kind: None, fuel: &fuel };
                let schema = json!({ "type": "string" });
                check(Schema::new(&schema), &entry.node, subject, Path::Root, report);
            }
            _ => {
                has_stray_keys = true;
                let help = match nearest(&entry.key, TOP_LEVEL) {
                    Some(name) => format!("did you mean `{name}`?"),
                    None => format!(
                        "the keys of a pipeline file are {}; how it runs (threads and such) is said by flags of `isnad run`",
                        list(TOP_LEVEL, "and")
                    ),
                };
                let message = format!("unknown key `{}`", shown(&entry.key));
                report.add(entry.key_place, code::UNKNOWN_KEY, &entry.key, message).help(help);
            }
        }
    }
    check_version(table, report);
    let input = table.get("input").cloned().map(|node| read_input(node, report));
    let (input, input_table) = input.unwrap_or_default();
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
    let version_at = table.get("isnad").map(|node| node.place);
    PipelineFile { input, input_table, version_at, stages }
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
            let node = Node::new(Place::NOWHERE, Content::String(kind));
            table.entries.insert(0, Entry { key: "use".to_owned(), key_place: Place::NOWHERE, node });
        }
        read_stage(&node, index, registry, report)
    };
    let stages = stages.into_iter().enumerate().filter_map(stage).collect();
    PipelineFile { input: InputSpec::default(), input_table: Table::default(), version_at: None, stages }
}

const ADD_A_STAGE: &str = "add one: a line `[[stage]]`, and below it a line such as `use = \"normalize.unicode\"` (`\"stage\": [{ \"use\": \"normalize.unicode\" }]` in JSON)";

fn check_version(table: &Table, report: &mut Report) {
    let line = format!("isnad = {VERSION}");
    let Some(node) = table.get("isnad") else {
        let message = format!("the version line `{line}` is missing");
        let help = format!(
            "write `{line}` at the top (`\"isnad\": {VERSION}` in JSON): it says how the rest is to be read"
        );
        report.add(0, code::VERSION, "isnad", message).help(help).absence();
        return;
    };
    let (message, help) = match node.content {
        Content::Integer(VERSION) => return,
        Content::Integer(other) => (
            format!("version {other} of pipeline files is not known: this program reads version {VERSION}"),
            format!("write `{line}`, or use the isnad that the file was made for"),
        ),
        _ => (
            format!("`isnad` expects the integer {VERSION}, found {}", found(node)),
            format!("write `{line}`"),
        ),
    };
    report.add(node.place, code::VERSION, "isnad", message).help(help);
}

fn read_input(mut node: Node, report: &mut Report) -> (InputSpec, Table) {
    let schema = input_schema();
    let fuel = Subject::fuel(&node);
    let subject = Subject { prefix: "input", kind: None, fuel: &fuel };
    let check = |node: &Node, report: &mut Report| {
        check(Schema::new(&schema), node, subject, Path::Root, report);
    };
    report_faults(&node, "input", report);
    settle(&mut node, check);
    check(&node, report);
    let Content::Table(table) = node.content else { return Default::default() };
    let format = table.get("format").and_then(Node::as_str).and_then(Format::from_name);
    let encoding = table.get("encoding").and_then(Node::as_str).and_then(Encoding::from_name);
    let paths = table.get("paths").map(Node::strings).unwrap_or_default();
    let mut fields = Fields::default();
    if let Some(given) = table.get("fields").and_then(Node::as_table) {
        let name = |key| given.get(key).and_then(Node::as_str).map(str::to_owned);
        fields.id = name("id").unwrap_or(fields.id);
        fields.title = name("title");
        fields.text = given.get("text").map(Node::strings).unwrap_or(fields.text);
        fields.published = name("published").unwrap_or(fields.published);
    }
    (InputSpec { format, paths, encoding: encoding.unwrap_or_default(), fields }, table)
}

/// The schema of `[input]`, which `isnad schema` prints too.
pub(super) fn input_schema() -> Value {
    let name = |about: &str| json!({ "description": about, "type": "string", "minLength": 1 });
    let one = json!({ "type": "string", "minLength": 1 });
    let names = json!({ "type": "array", "items": one, "minItems": 1 });
    let fields = json!({
        "id": name("The field with the document's id. By default `id`."),
        "title": name("The field with the title, with which the text then begins. By default the first of several fields of text is the title."),
        "text": {
            "description": "The field with the text, or several: they are joined by a blank line, and so are the paragraphs of a list. By default `text`.",
            "anyOf": [one, names]
        },
        "published": name("The field with the date of publication. By default `published`."),
    });
    let encodings: Vec<&str> = Encoding::ALL.iter().map(|encoding| encoding.name()).collect();
    let formats: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
    json!({
        "description": "Where documents come from. Inputs on the command line replace `paths`.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "format": {
                "description": "The format of all inputs: `text` (a document a file) or `jsonl` (a JSON object a line). By default it follows the extension of each file.",
                "type": "string",
                "enum": formats
            },
            "encoding": {
                "description": "How the characters of all inputs stand in bytes: `utf-8`, `windows-1256`, `iso-8859-6`, `utf-16`, or `auto`: what each text file, or each record, looks like. A byte order mark always says more. Bytes that do not fit are never replaced: the document goes into quarantine.",
                "type": "string",
                "enum": encodings,
                "default": Encoding::default().name()
            },
            "paths": {
                "description": "Files, folders and globs such as `news/*.jsonl`, relative to the pipeline file; `-` is standard input.",
                "type": "array",
                "items": one
            },
            "fields": {
                "description": "Which fields of a record are what; `meta.date` is the field `date` of the object `meta`. All others become the document's metadata.",
                "type": "object",
                "additionalProperties": false,
                "properties": fields,
                "default": { "id": "id", "text": "text", "published": "published" }
            }
        }
    })
}

fn read_stages<'r>(node: &Node, registry: &'r Registry, report: &mut Report) -> Vec<StageSpec<'r>> {
    let Some(items) = node.as_array() else {
        let message = format!("`stage` expects an array of tables, found {}", found(node));
        report.add(node.place, code::TYPE, "stage", message).help(
            "write `[[stage]]`, in double brackets, above each stage (`\"stage\": [{ … }]` in JSON)"
                .to_owned(),
        );
        return Vec::new();
    };
    if let Some(first_too_many) = items.get(MOST_STAGES) {
        let message = format!("there are {} stages: {MOST_STAGES} are the most", items.len());
        report.add(first_too_many.place, code::SIZE, format!("stage[{MOST_STAGES}]"), message);
        return Vec::new();
    }
    if items.is_empty() {
        report
            .add(node.place, code::MISSING, "stage", "the pipeline has no stage")
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
        let help = node.as_str().map(|name| format!("write `{{ use = \"{}\" }}`", shown(name)));
        report.add(node.place, code::TYPE, &path, message).help(help);
        return None;
    };
    let (reserved, options): (Vec<Entry>, Vec<Entry>) =
        table.entries.iter().cloned().partition(|entry| RESERVED.contains(&entry.key.as_str()));
    let (mut reserved, options) = (Table { entries: reserved }, Table { entries: options });
    check_reserved(&mut reserved, &options, node, &path, report);

    let name = reserved.get("use").and_then(Node::as_str).unwrap_or_default().to_owned();
    let at = reserved.get("use").map_or(node.place, |node| node.place);
    let is_unknown = reserved.get("use").is_some_and(Node::is_unknown);
    let kind = registry.get(&name).filter(|_| !is_unknown);
    let is_enabled = reserved.get("enabled").and_then(Node::as_bool).unwrap_or(true);
    // A stage that is switched off may be one that this machine does not have.
    if let Some(used) = reserved.get("use")
        && kind.is_none()
        && is_enabled
        && !name.is_empty()
        && !is_unknown
    {
        unknown_stage(&name, used, &path, registry, report);
    }
    let before = report.len();
    let isolation = isolation::read(&reserved, &path, report);
    let mut options = Node::new(at, Content::Table(options));
    if is_enabled {
        report_faults(&options, &path, report);
    }
    if let Some(kind) = kind {
        let fuel = Subject::fuel(&options);
        let subject = Subject { prefix: &path, kind: Some(kind.name()), fuel: &fuel };
        let check = |options: &Node, report: &mut Report| {
            if let Content::Table(options) = &options.content {
                check_properties(Schema::new(kind.schema()), options, at, subject, Path::Root, report);
            }
        };
        settle(&mut options, check);
        check(&options, report);
    }
    if let Some(given) = reserved.get("id")
        && given.as_str().is_some_and(|id| id.contains(char::is_control))
    {
        let message = format!("`{path}.id` holds a line break or another character that cannot be seen");
        report.add(given.place, code::VALUE, format!("{path}.id"), message).help("remove it".to_owned());
    }
    let given = [reserved.get("id").and_then(Node::as_str), Some(&name), Some(&path)];
    let id = given.into_iter().flatten().find(|id| !id.is_empty()).unwrap_or_default().to_owned();
    Some(StageSpec {
        at,
        id_at: reserved.get("id").map_or(at, |node| node.place),
        id,
        kind,
        on_error: reserved
            .get("on_error")
            .and_then(Node::as_str)
            .and_then(OnError::from_name)
            .unwrap_or_default(),
        is_enabled,
        isolation,
        reserved,
        options,
        is_faulty: kind.is_none() || report.len() > before,
        name,
        path,
    })
}

fn check_reserved(reserved: &mut Table, options: &Table, node: &Node, path: &str, report: &mut Report) {
    let fuel = Subject::fuel(node);
    let subject = Subject { prefix: path, kind: None, fuel: &fuel };
    for entry in &mut reserved.entries {
        let at_key = Path::Key(&Path::Root, &entry.key);
        let schema = reserved_schema(&entry.key);
        let check = |node: &Node, report: &mut Report| {
            check(Schema::new(&schema), node, subject, at_key, report);
        };
        report_faults(&entry.node, &format!("{path}.{}", entry.key), report);
        settle(&mut entry.node, check);
        check(&entry.node, report);
    }
    if reserved.get("use").is_some() {
        return;
    }
    // Without its name the other keys of a stage cannot be told right from wrong, but for this one.
    let slip = options.entries.iter().find(|entry| nearest(&entry.key, ["use"]).is_some());
    let finding = match slip {
        Some(slip) => report
            .add(
                slip.key_place,
                code::UNKNOWN_KEY,
                format!("{path}.{}", slip.key),
                format!("unknown key `{}`, and the stage has no `use`", shown(&slip.key)),
            )
            .help("did you mean `use`?".to_owned()),
        None => {
            report.add(node.place, code::MISSING, format!("{path}.use"), "the stage has no `use`").help(
                "add a line such as `use = \"normalize.unicode\"` (`\"use\": \"normalize.unicode\"` in JSON); `isnad stages` lists the stages"
                    .to_owned(),
            )
        }
    };
    finding.absence();
}

/// The schema of a key that every stage has, which `isnad schema` prints too.
pub(super) fn reserved_schema(key: &str) -> Value {
    if let Some(schema) = isolation::schema(key) {
        return schema;
    }
    match key {
        "enabled" => json!({
            "description": "Whether the stage takes part. One that is switched off may be one that this program does not have.",
            "type": "boolean",
            "default": true
        }),
        "on_error" => {
            let names: Vec<&str> = OnError::ALL.iter().map(|choice| choice.name()).collect();
            json!({
                "description": "What becomes of a document that the stage cannot handle: `quarantine` sets it aside, `skip-stage` lets it go on without what the stage would have done, `stop` ends the run.",
                "type": "string",
                "enum": names,
                "default": OnError::default().name()
            })
        }
        "id" => json!({
            "description": "What rows and reports call the stage; unique in the pipeline. By default what stands behind `use`.",
            "type": "string",
            "minLength": 1
        }),
        _ => json!({ "type": "string", "minLength": 1 }),
    }
}

fn unknown_stage(name: &str, used: &Node, path: &str, registry: &Registry, report: &mut Report) {
    let near = nearest(name, registry.kinds().iter().map(StageKind::name));
    let help = match near {
        Some(near) => format!("did you mean `{near}`? `isnad stages` lists them all"),
        None => "`isnad stages` lists the stages there are".to_owned(),
    };
    let name = shown(used.filled.as_ref().map_or(name, |filled| &filled.raw));
    report
        .add(used.place, code::UNKNOWN_STAGE, format!("{path}.use"), format!("unknown stage `{name}`"))
        .help(help);
}
