//! The options of a stage, as people read them.

use isnad::core::StageKind;
use serde_json::Value;

/// An option.
pub(super) struct OptionDoc<'s> {
    /// Its name; that of an option inside another with a dot.
    pub(super) name: String,
    /// What it may be, in a few words.
    pub(super) values: String,
    /// The default, as TOML writes it.
    pub(super) default: Option<String>,
    /// What it is for.
    pub(super) what: &'s str,
    /// The values that are explained one by one, with their meanings.
    pub(super) choices: Vec<(String, &'s str)>,
}

/// The options of a kind, those inside of others behind them.
pub(super) fn options(kind: &StageKind) -> Vec<OptionDoc<'_>> {
    let mut options = Vec::new();
    collect(kind.schema(), "", &mut options);
    options
}

fn collect<'s>(schema: &'s Value, prefix: &str, options: &mut Vec<OptionDoc<'s>>) {
    for (name, schema) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let name = format!("{prefix}{name}");
        let default = schema.get("default").filter(|value| !value.is_null()).map(toml);
        let what = schema.get("description").and_then(Value::as_str).unwrap_or_default();
        let inside = format!("{name}.");
        options.push(OptionDoc { name, values: shape(schema), default, what, choices: choices(schema) });
        collect(schema, &inside, options);
    }
}

/// What a value may be, in a few words.
fn shape(schema: &Value) -> String {
    if let Some(one) = schema.get("const") {
        return toml(one);
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        let values = values.iter().filter(|value| !value.is_null());
        return values.map(toml).collect::<Vec<_>>().join(" | ");
    }
    for key in ["oneOf", "anyOf"] {
        if let Some(alternatives) = schema.get(key).and_then(Value::as_array) {
            let stated = alternatives.iter().filter(|one| one.get("type") != Some(&"null".into()));
            return stated.map(shape).collect::<Vec<_>>().join(" | ");
        }
    }
    let names: Vec<&str> = match schema.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    // A file has no `null`: it leaves the option out.
    let words = names.iter().filter(|name| **name != "null").map(|name| match *name {
        "array" => {
            let items = schema.get("items").map_or_else(|| "anything".to_owned(), shape);
            format!("list of {items}")
        }
        "object" => "table".to_owned(),
        "boolean" => "true | false".to_owned(),
        "integer" | "number" => format!("{name}{}", range(schema)),
        name => name.to_owned(),
    });
    let words: Vec<String> = words.collect();
    if words.is_empty() { "anything".to_owned() } else { words.join(" | ") }
}

fn range(schema: &Value) -> String {
    let bound = |key| schema.get(key).filter(|bound| bound.is_number());
    // The greatest number that a type can hold is no choice of anybody.
    let high = bound("maximum").filter(|high| high.as_u64().is_some_and(|high| high < u64::from(u16::MAX)));
    match (bound("minimum").filter(|low| low.as_f64() != Some(0.0)), high) {
        (Some(low), Some(high)) => format!(" from {low} to {high}"),
        (Some(low), None) => format!(", {low} or more"),
        (None, Some(high)) => format!(" up to {high}"),
        (None, None) => String::new(),
    }
}

/// The values of an option that have descriptions of their own.
fn choices(schema: &Value) -> Vec<(String, &str)> {
    let alternatives = schema.get("oneOf").or_else(|| schema.get("anyOf")).and_then(Value::as_array);
    let mut found = Vec::new();
    for one in alternatives.into_iter().flatten() {
        let description = one.get("description").and_then(Value::as_str);
        match (one.get("const"), description) {
            (Some(value), Some(description)) => found.push((toml(value), description)),
            (None, _) => found.extend(choices(one)),
            _ => {}
        }
    }
    found
}

/// A value as a pipeline file has it; for what options hold, JSON and TOML write it the same way.
fn toml(value: &Value) -> String {
    value.to_string()
}
