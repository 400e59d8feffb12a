//! The `[[plugin]]` tables of a pipeline file: libraries with stages of their own.

use isnad_core::{Registry, StageKind};
use serde_json::{Value, json};

use super::check::check;
use super::error::code;
use super::report::{Path, Report};
use super::schema::Schema;
use super::settle::settle;
use super::subject::Subject;
use super::tree::{Node, Place, Table, found};
use super::variables::report_faults;
use crate::plugins::{PluginPart, PluginSpec, Plugins};

/// The libraries of a file.
#[derive(Debug, Default)]
pub(crate) struct Libraries {
    /// The tables, as they were read.
    pub(crate) tables: Vec<Table>,
    /// All kinds that there are with them.
    pub(crate) registry: Registry,
    /// The places of those that could not be loaded, such as `plugin[1]`.
    pub(crate) lost: Vec<String>,
}

/// More libraries than that are a mistake of whatever wrote the file.
pub(super) const MOST_PLUGINS: usize = 100;

/// Loads the libraries that a file names and reports all that is wrong with them.
pub(crate) fn read(
    table: &Table,
    registry: &Registry,
    plugins: &dyn Plugins,
    report: &mut Report,
) -> Libraries {
    let mut libraries = Libraries { registry: registry.clone(), ..Libraries::default() };
    let Some(node) = table.get("plugin") else { return libraries };
    let Some(items) = node.as_array() else {
        let message = format!("`plugin` expects an array of tables, found {}", found(node));
        let help =
            "write `[[plugin]]`, in double brackets, above each library (`\"plugin\": [{ … }]` in JSON)";
        report.add(node.place, code::TYPE, "plugin", message).help(help.to_owned());
        libraries.lost.push("plugin".to_owned());
        return libraries;
    };
    if let Some(first_too_many) = items.get(MOST_PLUGINS) {
        let message = format!("there are {} plugins: {MOST_PLUGINS} are the most", items.len());
        report.add(first_too_many.place, code::SIZE, format!("plugin[{MOST_PLUGINS}]"), message);
        return libraries;
    }
    let mut from: Vec<(&'static str, String)> = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let path = format!("plugin[{index}]");
        match read_one(item, &path, plugins, report) {
            Some((table, kinds)) => {
                for kind in kinds {
                    add(kind, &path, &table, &mut libraries.registry, &mut from, report);
                }
                libraries.tables.push(table);
            }
            None => libraries.lost.push(path),
        }
    }
    libraries
}

fn read_one(
    item: &Node,
    path: &str,
    plugins: &dyn Plugins,
    report: &mut Report,
) -> Option<(Table, Vec<StageKind>)> {
    let mut node = item.clone();
    let before = report.len();
    let schema = plugin_schema();
    let fuel = Subject::fuel(&node);
    let subject = Subject { prefix: path, kind: None, fuel: &fuel };
    let check = |node: &Node, report: &mut Report| {
        check(Schema::new(&schema), node, subject, Path::Root, report);
    };
    report_faults(&node, path, report);
    settle(&mut node, check);
    check(&node, report);
    let table = node.as_table()?.clone();
    if report.len() > before {
        return None;
    }
    let text = |key| table.get(key).and_then(Node::as_str);
    let spec = PluginSpec { path: text("path")?, sha256: text("sha256") };
    match plugins.load(spec) {
        Ok(kinds) => Some((table, kinds)),
        Err(error) => {
            let key = match error.part {
                PluginPart::Path => "path",
                PluginPart::Sha256 => "sha256",
            };
            let at = table.get(key).map_or(node.place, |node| node.place);
            report.add(at, code::PLUGIN, format!("{path}.{key}"), error.message).help(error.help);
            None
        }
    }
}

/// Adds a kind, unless one of its name is there: nobody would know which one a stage means.
fn add(
    kind: StageKind,
    path: &str,
    table: &Table,
    registry: &mut Registry,
    from: &mut Vec<(&'static str, String)>,
    report: &mut Report,
) {
    if registry.get(kind.name()).is_none() {
        from.push((kind.name(), path.to_owned()));
        registry.add(kind);
        return;
    }
    let earlier = from.iter().find(|(name, _)| *name == kind.name());
    let whose = earlier.map_or("isnad has".to_owned(), |(_, path)| format!("`{path}` has"));
    let message = format!("the library has a stage `{}`, and {whose} one of this name too", kind.name());
    let at = table.get("path").map_or(Place::NOWHERE, |node| node.place);
    let help = "leave one of the two out".to_owned();
    report.add(at, code::SAME_STAGE, format!("{path}.path"), message).help(help);
}

/// The schema of a `[[plugin]]`, which `isnad schema` prints too.
pub(super) fn plugin_schema() -> Value {
    json!({
        "description": "A dynamic library with stages of its own.",
        "type": "object",
        "additionalProperties": false,
        "required": ["path"],
        "properties": {
            "path": {
                "description": "The library: a path that starts at the folder of the pipeline file, or a file that lies in one of the folders of ISNAD_PLUGIN_PATH or in the user's folder for plugins.",
                "type": "string",
                "minLength": 1
            },
            "sha256": {
                "description": "The SHA-256 of the library in 64 hexadecimal digits; another library is not loaded.",
                "type": "string",
                "minLength": 64,
                "maxLength": 64
            }
        }
    })
}
