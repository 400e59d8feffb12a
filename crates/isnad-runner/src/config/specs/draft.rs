//! What a file says in `[[test]]` and `[[property]]`, as far as it can be told right from wrong without the
//! pipeline.

use serde_json::Value;

use super::schema::{property_schema, test_schema};
use super::{TestOutcome, string};
use crate::config::check::check;
use crate::config::error::code;
use crate::config::report::{Path, Report};
use crate::config::schema::Schema;
use crate::config::settle::settle;
use crate::config::subject::Subject;
use crate::config::suggest::{list, shown};
use crate::config::tree::{Node, Place, Table, found};
use crate::config::variables::report_faults;

/// The tables of a file that describe tests and properties.
#[derive(Debug, Default)]
pub(crate) struct Drafts {
    pub(crate) tests: Vec<Node>,
    pub(crate) properties: Vec<Node>,
}

/// Reads the tables and reports what is wrong in each.
pub(crate) fn draft(table: &Table, report: &mut Report) -> Drafts {
    let drafts = Drafts {
        tests: tables(table, "test", &test_schema(), report),
        properties: tables(table, "property", &property_schema(), report),
    };
    for (index, test) in drafts.tests.iter().enumerate() {
        test_as_a_whole(test, &format!("test[{index}]"), report);
    }
    for (index, property) in drafts.properties.iter().enumerate() {
        property_as_a_whole(property, &format!("property[{index}]"), report);
    }
    names(&drafts, report);
    drafts
}

/// The tables under a key, each held against the schema.
fn tables(table: &Table, key: &str, schema: &Value, report: &mut Report) -> Vec<Node> {
    let Some(node) = table.get(key) else { return Vec::new() };
    let Some(items) = node.as_array() else {
        let message = format!("`{key}` expects an array of tables, found {}", found(node));
        let help = format!("write `[[{key}]]`, in double brackets (`\"{key}\": [{{ … }}]` in JSON)");
        report.add(node.place, code::TYPE, key, message).help(help);
        return Vec::new();
    };
    let mut read = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let mut item = item.clone();
        let path = format!("{key}[{index}]");
        let fuel = Subject::fuel(&item);
        let subject = Subject { prefix: &path, kind: None, fuel: &fuel };
        let check = |node: &Node, report: &mut Report| {
            check(Schema::new(schema), node, subject, Path::Root, report);
        };
        report_faults(&item, &path, report);
        settle(&mut item, check);
        check(&item, report);
        if item.as_table().is_some() {
            read.push(item);
        }
    }
    read
}

fn test_as_a_whole(test: &Node, path: &str, report: &mut Report) {
    one_of(test, path, &["article", "file"], "the test has no article", report);
    let outcome = string(test, "outcome").and_then(|name| TestOutcome::from_name(&name));
    let Some(outcome) = outcome.filter(|outcome| *outcome != TestOutcome::Kept) else { return };
    for key in ["expect", "absent", "only", "normalized"] {
        let Some(at) = key_place(test, key) else { continue };
        let message = format!(
            "`{key}` cannot stand beside `outcome = \"{}\"`: nothing is written of such a document",
            outcome.name()
        );
        report
            .add(at, code::VALUE, format!("{path}.{key}"), message)
            .help("remove one of the two".to_owned());
    }
}

fn property_as_a_whole(property: &Node, path: &str, report: &mut Report) {
    one_of(property, path, &["law", "every", "never"], "the property claims nothing", report);
    for (key, other) in [("stage", "law"), ("has", "every"), ("inside", "every"), ("outside", "every")] {
        if let (Some(at), None) = (key_place(property, key), key_place(property, other)) {
            let message = format!("`{key}` says nothing without `{other}`");
            report
                .add(at, code::VALUE, format!("{path}.{key}"), message)
                .help(format!("add `{other}`, or remove it"));
        }
    }
    let says = |key| key_place(property, key).is_some();
    if let (Some(at), false) =
        (key_place(property, "every"), says("has") || says("inside") || says("outside"))
    {
        let message = "`every` names rows and does not say what they are to be like";
        report
            .add(at, code::MISSING, format!("{path}.every"), message)
            .help(
                "add `has`, `inside` or `outside` below it, such as `has = { refs = [\"speaker\"] }`"
                    .to_owned(),
            )
            .absence();
    }
    if let Some(has) = property.as_table().and_then(|table| table.get("has"))
        && has.as_table().is_some_and(|has| has.entries.is_empty())
    {
        let message = format!("`{path}.has` must not be empty");
        report.add(has.place, code::VALUE, format!("{path}.has"), message);
    }
}

/// Reports where not exactly one of the keys is there.
fn one_of(node: &Node, path: &str, keys: &[&str], none: &str, report: &mut Report) {
    let there: Vec<&str> = keys.iter().copied().filter(|key| key_place(node, key).is_some()).collect();
    match there.as_slice() {
        [_] => {}
        [] => {
            let help = format!("add {}", list(keys.iter().copied(), "or"));
            report.add(node.place, code::MISSING, path, none).help(help).absence();
        }
        [first, others @ ..] => {
            for other in others {
                let message = format!("`{first}` and `{other}` exclude each other");
                let at = key_place(node, other).unwrap_or(node.place);
                report
                    .add(at, code::VALUE, format!("{path}.{other}"), message)
                    .help("remove one of the two".to_owned());
            }
        }
    }
}

fn key_place(node: &Node, key: &str) -> Option<Place> {
    node.as_table()?.entries.iter().find(|entry| entry.key == key).map(|entry| entry.key_place)
}

/// Reports names that stand twice.
fn names(drafts: &Drafts, report: &mut Report) {
    let mut seen: Vec<(&str, String)> = Vec::new();
    let tests = drafts.tests.iter().enumerate().map(|(index, node)| (format!("test[{index}]"), node));
    let properties =
        drafts.properties.iter().enumerate().map(|(index, node)| (format!("property[{index}]"), node));
    for (path, node) in tests.chain(properties) {
        let Some(name) = node.as_table().and_then(|table| table.get("name")) else { continue };
        let Some(text) = name.as_str().filter(|_| !name.is_unknown()) else { continue };
        if text.contains(char::is_control) {
            let message =
                format!("`{path}.name` holds a line break or another character that cannot be seen");
            report.add(name.place, code::VALUE, format!("{path}.name"), message).help("remove it".to_owned());
        }
        match seen.iter().find(|(other, _)| *other == text) {
            Some((_, first)) => {
                let message = format!("the name `{}` is that of `{first}` already", shown(text));
                report
                    .add(name.place, code::DUPLICATE_ID, format!("{path}.name"), message)
                    .help("give one of the two another `name`".to_owned());
            }
            None => seen.push((text, path)),
        }
    }
}
