//! Checks a value of the tree against a schema: types, constants, ranges, lengths, items, properties,
//! alternatives. What a schema cannot say is left to the constructor of the stage.

use serde_json::Value;

use super::alternatives::check_alternatives;
use super::error::code;
use super::report::{Path, Report};
use super::schema::{Schema, plain, strings};
use super::subject::Subject;
use super::suggest::{list, nearest, shown};
use super::tree::{Content, Node, Place, Table, found};

/// Checks a value and reports all that is wrong.
pub(crate) fn check(
    schema: Schema<'_>,
    node: &Node,
    subject: Subject<'_>,
    path: Path<'_>,
    report: &mut Report,
) {
    if node.is_unknown() || !subject.may_go_on() {
        return;
    }
    if schema.forbids_all() {
        report.add(
            node.place,
            code::VALUE,
            subject.full(path),
            format!("{} is not allowed", subject.name(path)),
        );
        return;
    }
    if let Some(target) = schema.target() {
        check(target, node, subject, path, report);
    }
    if let Some(allowed) = schema.constants() {
        check_constant(&allowed, node, subject, path, report);
        return;
    }
    if !schema.is_composite() {
        for part in schema.list("allOf") {
            check(part, node, subject, path, report);
        }
        let alternatives: Vec<Schema<'_>> = schema.list("anyOf").chain(schema.list("oneOf")).collect();
        if !alternatives.is_empty() {
            check_alternatives(&alternatives, node, subject, path, report);
        }
    }
    if !schema.admits(node) {
        wrong_type(&schema.expected(), schema, node, subject, path, report);
        return;
    }
    match &node.content {
        Content::String(text) => check_length(schema, text, node, subject, path, report),
        Content::Integer(integer) => check_range(schema, *integer as f64, node, subject, path, report),
        Content::Float(float) => check_range(schema, *float, node, subject, path, report),
        Content::Array(items) => check_items(schema, items, node, subject, path, report),
        Content::Table(table) => check_properties(schema, table, node.place, subject, path, report),
        Content::Bool(_) => {}
    }
}

/// Reports a value of the wrong type.
pub(crate) fn wrong_type(
    expected: &str,
    schema: Schema<'_>,
    node: &Node,
    subject: Subject<'_>,
    path: Path<'_>,
    report: &mut Report,
) {
    let message = format!("{} expects {expected}, found {}", subject.name(path), found(node));
    report.add(node.place, code::TYPE, subject.full(path), message).help(mend(schema, node));
}

/// Reports the keys that nobody reads and those that are missing.
pub(crate) fn check_properties(
    schema: Schema<'_>,
    table: &Table,
    at: Place,
    subject: Subject<'_>,
    path: Path<'_>,
    report: &mut Report,
) {
    let properties = schema.properties();
    let names = || properties.into_iter().flatten().map(|(name, _)| name.as_str());
    let required: Vec<&str> = schema.get("required").into_iter().flat_map(strings).collect();
    let missing = |name: &&&str| table.get(name).is_none();
    let mut meant = Vec::new();
    for entry in &table.entries {
        let at_key = Path::Key(&path, &entry.key);
        if let Some(property) = properties.and_then(|properties| properties.get(&entry.key)) {
            check(schema.at(property), &entry.node, subject, at_key, report);
        } else if let Some(other) = schema.others() {
            check(other, &entry.node, subject, at_key, report);
        } else {
            let near = nearest(&entry.key, names().chain(subject.reserved(path)));
            meant.extend(near);
            let help = match near {
                Some(name) => format!("did you mean `{name}`?"),
                None => subject.names_help(path, names()),
            };
            let (code, message) = subject.unknown(path, &entry.key);
            report.add(entry.key_place, code, subject.full(at_key), message).help(help);
        }
    }
    // A misspelt key is one error, not two.
    for name in required.iter().filter(missing).filter(|name| !meant.contains(*name)) {
        let at_key = Path::Key(&path, name);
        let description =
            properties.and_then(|properties| properties.get(*name)?.get("description")?.as_str());
        let message = format!("{} is missing", subject.name(at_key));
        report
            .add(at, code::MISSING, subject.full(at_key), message)
            .help(description.map(|text| format!("`{name}`: {}", first_line(text))))
            .absence();
    }
}

fn check_constant(
    allowed: &[&Value],
    node: &Node,
    subject: Subject<'_>,
    path: Path<'_>,
    report: &mut Report,
) {
    let value = node.to_json();
    if allowed.contains(&&value) {
        return;
    }
    let names: Vec<String> =
        allowed.iter().filter(|value| !value.is_null()).map(|value| plain(value)).collect();
    let names = || names.iter().map(String::as_str);
    let near = node.as_str().and_then(|text| nearest(text, names()));
    let is_string = |value: &&Value| value.is_string();
    let code = if allowed.iter().any(is_string) && !value.is_string() { code::TYPE } else { code::VALUE };
    let message =
        format!("{} must be one of {}, found {}", subject.name(path), list(names(), "or"), found(node));
    let help = near.map(|name| format!("did you mean `{name}`?"));
    let help = if node.filled.is_some() { mend(Schema::new(&Value::Null), node) } else { help };
    report.add(node.place, code, subject.full(path), message).help(help);
}

fn check_range(
    schema: Schema<'_>,
    value: f64,
    node: &Node,
    subject: Subject<'_>,
    path: Path<'_>,
    report: &mut Report,
) {
    let (low, high) = schema.format_range();
    let bounds = [
        ("minimum", "at least", low, f64::lt as fn(&f64, &f64) -> bool),
        ("exclusiveMinimum", "more than", None, f64::le),
        ("maximum", "at most", high, f64::gt),
        ("exclusiveMaximum", "less than", None, f64::ge),
    ];
    for (key, words, by_format, is_out) in bounds {
        let stated = schema.get(key).filter(|bound| bound.is_number());
        let Some(bound) = stated.and_then(Value::as_f64).or(by_format) else { continue };
        if is_out(&value, &bound) {
            let bound = stated.map_or_else(|| bound.to_string(), plain);
            let bound = bound.strip_suffix(".0").unwrap_or(&bound);
            let message = format!("{} must be {words} {bound}, found {}", subject.name(path), found(node));
            report.add(node.place, code::VALUE, subject.full(path), message);
        }
    }
}

fn check_length(
    schema: Schema<'_>,
    text: &str,
    node: &Node,
    subject: Subject<'_>,
    path: Path<'_>,
    report: &mut Report,
) {
    let length = text.chars().count() as u64;
    let name = || subject.name(path);
    let message = match (schema.number("minLength"), schema.number("maxLength")) {
        (Some(1), Some(1)) if length != 1 => {
            format!("{} must be a single character, found {}", name(), found(node))
        }
        (Some(1), _) if length == 0 => format!("{} must not be empty", name()),
        (Some(low), _) if length < low => {
            format!("{} must have at least {low} characters, found {}", name(), found(node))
        }
        (_, Some(high)) if length > high => {
            format!("{} must have at most {high} characters, found {}", name(), found(node))
        }
        _ => return,
    };
    report.add(node.place, code::VALUE, subject.full(path), message);
}

fn check_items(
    schema: Schema<'_>,
    items: &[Node],
    node: &Node,
    subject: Subject<'_>,
    path: Path<'_>,
    report: &mut Report,
) {
    let first: Vec<Schema<'_>> = schema.list("prefixItems").collect();
    let rest = schema.get("items").map(|items| schema.at(items));
    for (index, item) in items.iter().enumerate() {
        if let Some(schema) = first.get(index).copied().or(rest) {
            check(schema, item, subject, Path::Index(&path, index), report);
        }
    }
    let count = items.len() as u64;
    let message = match (schema.number("minItems"), schema.number("maxItems")) {
        (Some(1), _) if count == 0 => format!("{} must not be empty", subject.name(path)),
        (Some(low), _) if count < low => {
            format!("{} must have at least {low} items, found {count}", subject.name(path))
        }
        (_, Some(high)) if count > high => {
            format!("{} must have at most {high} items, found {count}", subject.name(path))
        }
        _ => return,
    };
    report.add(node.place, code::VALUE, subject.full(path), message);
}

/// What would make the value right, where that is plain.
fn mend(schema: Schema<'_>, node: &Node) -> Option<String> {
    // What came from a variable is not shown, and what is mended in the file would not help.
    if let Some(filled) = &node.filled {
        let names = list(filled.names.iter().map(String::as_str), "and");
        return Some(format!("look at the value of {names}; it is not shown here, for it may be a secret"));
    }
    let takes = |name| schema.types().contains(&name);
    match &node.content {
        Content::String(text) if takes("boolean") && matches!(text.as_str(), "true" | "false") => {
            Some(format!("write `{text}` without quotes"))
        }
        Content::String(text) if takes("boolean") && matches!(text.as_str(), "yes" | "on") => {
            Some("write `true`".to_owned())
        }
        Content::String(text) if takes("boolean") && matches!(text.as_str(), "no" | "off") => {
            Some("write `false`".to_owned())
        }
        Content::Integer(value @ (0 | 1)) if takes("boolean") => Some(format!("write `{}`", *value == 1)),
        Content::String(text) if takes("integer") && text.parse::<i64>().is_ok() => {
            Some(format!("write `{text}` without quotes"))
        }
        Content::String(text) if takes("number") && text.parse::<f64>().is_ok_and(f64::is_finite) => {
            Some(format!("write `{text}` without quotes"))
        }
        Content::String(text) if takes("array") && text.chars().nth(40).is_none() => {
            Some(format!("write `[\"{}\"]`", shown(text)))
        }
        Content::Integer(_) if takes("string") && schema.get("examples").is_some() => {
            let example = schema.get("examples")?.get(0)?.as_str()?;
            Some(format!("write it as in `\"{}\"`", shown(example)))
        }
        Content::Integer(integer) if takes("string") => Some(format!("write `\"{integer}\"`")),
        _ => None,
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
