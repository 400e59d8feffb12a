//! The schema of pipeline files as editors and validators read it: all that the checks ask of a file,
//! in one JSON Schema made of the schemas that the checks themselves use.

use std::collections::BTreeSet;

use isnad_core::{Registry, StageKind};
use serde_json::{Map, Value, json};

use super::file::{MOST_STAGES, RESERVED, VERSION, input_schema, reserved_schema};
use super::plugins::{MOST_PLUGINS, plugin_schema};
use super::schema::Schema;
use super::specs::{property_schema, test_schema};

/// The JSON Schema (draft 2020-12) of pipeline files made of these kinds of stages.
///
/// The options of a stage hang on its `use`, so that an editor offers those of this stage, with
/// description and default. Where an option is no free string, a string with a variable is right too: it
/// takes its type when the file is read. What only the chain as a whole can tell (a layer that nobody
/// gives, an id that stands twice) no schema can say.
///
/// ```
/// let schema = isnad_runner::pipeline_schema(&isnad_core::Registry::new());
/// assert_eq!(schema["properties"]["isnad"]["const"], 1);
/// ```
pub fn pipeline_schema(registry: &Registry) -> Value {
    let mut definitions = Map::new();
    definitions.insert("variable".to_owned(), variable());
    definitions.insert("stage".to_owned(), stage(registry));
    for kind in registry.kinds() {
        definitions.insert(kind.name().to_owned(), options(kind));
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "isnad pipeline",
        "description": "A pipeline file of isnad: where documents come from, and the stages they go through.",
        "type": "object",
        "required": ["isnad", "stage"],
        "additionalProperties": false,
        "properties": {
            "$schema": { "description": "Where the schema of this file is, for editors.", "type": "string" },
            "isnad": { "description": "The version of pipeline files.", "const": VERSION as u64 },
            "input": Opened::new("").value(&input_schema()),
            "plugin": {
                "description": "Libraries with stages of their own.",
                "type": "array",
                "maxItems": MOST_PLUGINS,
                "items": Opened::new("").value(&plugin_schema())
            },
            "stage": {
                "description": "The stages, in the order in which documents go through them.",
                "type": "array",
                "minItems": 1,
                "maxItems": MOST_STAGES,
                "items": { "$ref": "#/$defs/stage" }
            },
            "test": { "type": "array", "items": test() },
            "property": { "type": "array", "items": property() }
        },
        // Without a library there are no other stages than those that are known.
        "if": { "not": { "required": ["plugin"] } },
        "then": { "properties": { "stage": { "items": switched_off(&unknown(registry)) } } },
        "$defs": definitions
    })
}

/// A test has one article.
fn test() -> Value {
    one_of(Opened::new("").value(&test_schema()), &["article", "file"])
}

/// A property has one claim, and what belongs to another claim has no place in it.
fn property() -> Value {
    let mut schema = one_of(Opened::new("").value(&property_schema()), &["law", "every", "never"]);
    if let Some(schema) = schema.as_object_mut() {
        let needs = json!({ "stage": ["law"], "has": ["every"], "inside": ["every"], "outside": ["every"] });
        schema.insert("dependentRequired".to_owned(), needs);
    }
    schema
}

/// The schema of a table that has exactly one of these keys.
fn one_of(mut schema: Value, keys: &[&str]) -> Value {
    if let Some(schema) = schema.as_object_mut() {
        let ways = keys.iter().map(|key| json!({ "required": [key] })).collect();
        schema.insert("oneOf".to_owned(), ways);
    }
    schema
}

fn variable() -> Value {
    json!({
        "title": "variable",
        "description": "A variable of the environment, filled in when the file is read: `${NAME}`, `${NAME:-the value where it is not set}`, `${NAME:?what to say where it is not set}`.",
        "type": "string",
        "pattern": r"(^|[^$])\$\{[A-Za-z_][A-Za-z0-9_]*(:[-?][^}]*)?\}"
    })
}

/// What all stages have in common, and which kind asks for what.
fn stage(registry: &Registry) -> Value {
    let names: Vec<&str> = registry.kinds().iter().map(StageKind::name).collect();
    let known =
        registry.kinds().iter().map(|kind| json!({ "const": kind.name(), "description": kind.about() }));
    // A name that is not known is right for a stage that is switched off.
    let known: Vec<Value> = known.chain([json!({ "type": "string", "minLength": 1 })]).collect();
    let mut properties = Map::new();
    properties.insert("use".to_owned(), json!({ "description": "The stage, `group.noun`.", "anyOf": known }));
    for key in RESERVED.into_iter().filter(|key| *key != "use") {
        properties.insert(key.to_owned(), Opened::new("").value(&reserved_schema(key)));
    }
    let mut rules: Vec<Value> = names
        .iter()
        .map(|name| json!({ "if": is_used(&json!({ "const": name })), "then": { "$ref": format!("#/$defs/{name}") } }))
        .collect();
    // A name of another group may be one of a plugin.
    let groups: BTreeSet<&str> = registry.kinds().iter().map(StageKind::group).collect();
    let groups: Vec<&str> = groups.into_iter().collect();
    let ours = json!({ "pattern": format!(r"^(({})\.|[^.]*$)", groups.join("|")) });
    rules.push(switched_off(&json!({ "allOf": [ours, unknown(registry)] })));
    json!({
        "type": "object",
        "required": ["use"],
        "properties": properties,
        "dependentRequired": { "timeout": ["isolation"], "memory": ["isolation"] },
        "allOf": rules
    })
}

/// The names that are neither known nor come from a variable.
fn unknown(registry: &Registry) -> Value {
    let names: Vec<&str> = registry.kinds().iter().map(StageKind::name).collect();
    json!({ "not": { "anyOf": [{ "enum": names }, { "$ref": "#/$defs/variable" }] } })
}

/// Stages of these names are switched off.
fn switched_off(names: &Value) -> Value {
    json!({
        "if": is_used(names),
        "then": {
            "required": ["enabled"],
            "properties": { "enabled": { "anyOf": [{ "const": false }, { "$ref": "#/$defs/variable" }] } }
        }
    })
}

fn is_used(name: &Value) -> Value {
    json!({ "required": ["use"], "properties": { "use": name } })
}

/// A stage of this kind: its options beside the keys that every stage has.
fn options(kind: &StageKind) -> Value {
    let mut schema = match Opened::new(kind.name()).inner(kind.schema()) {
        Value::Object(schema) => schema,
        _ => Map::new(),
    };
    let mut properties = Map::new();
    for key in RESERVED {
        properties.insert(key.to_owned(), Value::Bool(true));
    }
    if let Some(Value::Object(options)) = schema.remove("properties") {
        properties.extend(options);
    }
    schema.insert("title".to_owned(), kind.name().into());
    schema.insert("description".to_owned(), kind.about().into());
    schema.insert("type".to_owned(), "object".into());
    schema.insert("properties".to_owned(), properties.into());
    Value::Object(schema)
}

/// A schema of values, opened for variables and told as the checks understand it.
struct Opened {
    /// Where references start.
    root: String,
}

/// What describes a value and does not bind it.
const ANNOTATIONS: [&str; 5] = ["title", "description", "default", "examples", "deprecated"];

impl Opened {
    /// For schemas that stand in `$defs` under this name; without one they refer to nothing.
    fn new(name: &str) -> Self {
        Opened { root: if name.is_empty() { "#".to_owned() } else { format!("#/$defs/{name}") } }
    }

    /// The schema; where it binds a single value, a variable is an alternative.
    fn value(&self, schema: &Value) -> Value {
        let inner = self.inner(schema);
        let (true, Value::Object(inner)) = (binds_a_scalar(schema), &inner) else { return inner };
        let (mut outer, mut bound): (Map<String, Value>, Map<String, Value>) =
            inner.clone().into_iter().partition(|(key, _)| ANNOTATIONS.contains(&key.as_str()));
        let mut alternatives = match bound.remove("anyOf") {
            Some(Value::Array(alternatives)) if bound.is_empty() => alternatives,
            Some(other) => {
                bound.insert("anyOf".to_owned(), other);
                vec![Value::Object(bound)]
            }
            None => vec![Value::Object(bound)],
        };
        alternatives.push(json!({ "$ref": "#/$defs/variable" }));
        outer.insert("anyOf".to_owned(), alternatives.into());
        Value::Object(outer)
    }

    /// The schema, with variables inside of what it holds.
    fn inner(&self, schema: &Value) -> Value {
        let Value::Object(given) = schema else { return schema.clone() };
        let mut out = Map::new();
        for (key, value) in given {
            let (key, value) = match (key.as_str(), value) {
                ("properties" | "$defs" | "definitions", Value::Object(fields)) => {
                    let open = |(name, field): (&String, &Value)| (name.clone(), self.value(field));
                    (key.as_str(), Value::Object(fields.iter().map(open).collect()))
                }
                ("items" | "additionalProperties", value) => (key.as_str(), self.value(value)),
                ("prefixItems" | "allOf", Value::Array(parts)) => {
                    (key.as_str(), parts.iter().map(|part| self.value(part)).collect())
                }
                // A variable may fit several alternatives, and a file has no `null`.
                ("anyOf" | "oneOf", Value::Array(parts)) => {
                    let parts = parts.iter().filter(|part| part.get("type") != Some(&"null".into()));
                    ("anyOf", parts.map(|part| self.inner(part)).collect())
                }
                ("type", Value::Array(names)) => {
                    let names: Vec<&Value> = names.iter().filter(|name| *name != "null").collect();
                    (key.as_str(), if let [one] = names.as_slice() { (*one).clone() } else { json!(names) })
                }
                ("$ref", Value::String(target)) => {
                    (key.as_str(), format!("{}{}", self.root, target.trim_start_matches('#')).into())
                }
                ("$schema" | "format", _) | ("default", Value::Null) => continue,
                (key, value) => (key, value.clone()),
            };
            out.insert(key.to_owned(), value);
        }
        let asked = Schema::new(schema);
        if asked.properties().is_some() && asked.others().is_none() {
            out.insert("additionalProperties".to_owned(), Value::Bool(false));
        }
        let (low, high) = asked.format_range();
        for (key, bound) in [("minimum", low), ("maximum", high)] {
            if let Some(bound) = bound.filter(|_| !out.contains_key(key)) {
                out.insert(key.to_owned(), json!(bound as i64));
            }
        }
        Value::Object(out)
    }
}

/// Whether a schema takes a single value that not every string is.
fn binds_a_scalar(schema: &Value) -> bool {
    let asked = Schema::new(schema);
    let has = |key: &str| schema.get(key).is_some();
    let types = asked.types();
    let alternatives = || asked.list("anyOf").chain(asked.list("oneOf"));
    let is_free = |part: Schema<'_>| part.types() == ["string"] && !binds_a_scalar(part.here());
    asked.constants().is_some()
        || types.iter().any(|name| matches!(*name, "integer" | "number" | "boolean"))
        || (types.contains(&"string") && (has("maxLength") || has("pattern")))
        || (alternatives().any(|part| binds_a_scalar(part.here())) && !alternatives().any(is_free))
}
