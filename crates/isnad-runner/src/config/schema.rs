//! A JSON Schema as the checks ask it, as far as schemars goes when it describes option structs.

use serde_json::{Map, Value};

use super::suggest::list;
use super::tree::{Content, Node};

/// A schema with the document that its references point into.
#[derive(Clone, Copy)]
pub(crate) struct Schema<'s> {
    root: &'s Value,
    here: &'s Value,
    depth: usize,
}

static ANYTHING: Value = Value::Bool(true);

/// References may go in circles: a schema can come from a plugin.
const DEEPEST: usize = 128;

impl<'s> Schema<'s> {
    pub(crate) fn new(root: &'s Value) -> Self {
        Schema { root, here: root, depth: 0 }
    }

    /// Whether no value at all is right.
    pub(crate) fn forbids_all(self) -> bool {
        *self.here == Value::Bool(false)
    }

    /// The options that the schema names.
    pub(crate) fn properties(self) -> Option<&'s Map<String, Value>> {
        self.get("properties")?.as_object()
    }

    pub(crate) fn get(self, key: &str) -> Option<&'s Value> {
        self.here.get(key)
    }

    /// The values that are allowed, if there are only so many.
    pub(crate) fn constants(self) -> Option<Vec<&'s Value>> {
        match (self.get("const"), self.get("enum")) {
            (Some(value), _) => Some(vec![value]),
            (None, Some(values)) => Some(values.as_array()?.iter().collect()),
            (None, None) => None,
        }
    }

    /// The types it states; none means any.
    pub(crate) fn types(self) -> Vec<&'s str> {
        match self.get("type") {
            Some(Value::String(name)) => vec![name],
            Some(names) => strings(names).collect(),
            None => Vec::new(),
        }
    }

    /// Whether the type of a value is one of those that are stated.
    pub(crate) fn admits(self, node: &Node) -> bool {
        let types = self.types();
        let is = |name| types.contains(&name);
        types.is_empty()
            || match &node.content {
                Content::String(_) => is("string"),
                Content::Integer(_) => is("integer") || is("number"),
                Content::Float(_) => is("number"),
                Content::Bool(_) => is("boolean"),
                Content::Array(_) => is("array"),
                Content::Table(_) => is("object"),
            }
    }

    /// What a value has to be, in words.
    pub(crate) fn expected(self) -> String {
        if let Some(constants) = self.constants() {
            let names: Vec<String> = constants.iter().filter(|v| !v.is_null()).map(|v| plain(v)).collect();
            return list(names.iter().map(String::as_str), "or");
        }
        let words = self.types().into_iter().filter(|name| *name != "null").map(|name| match name {
            "string" => "a string",
            "integer" => "an integer",
            "number" => "a number",
            "boolean" => "`true` or `false`",
            "array" => match self.get("items").map(|items| self.at(items).types()).as_deref() {
                Some(["string"]) => "an array of strings",
                Some(["integer"]) => "an array of integers",
                Some(["number"]) => "an array of numbers",
                Some(["object"]) => "an array of tables",
                _ => "an array",
            },
            "object" => "a table",
            _ => "another type",
        });
        words.collect::<Vec<_>>().join(" or ")
    }

    /// The schema itself.
    pub(crate) fn here(self) -> &'s Value {
        self.here
    }

    pub(crate) fn at(self, here: &'s Value) -> Self {
        Schema { here, ..self }
    }

    /// The schema that it refers to.
    pub(crate) fn target(self) -> Option<Schema<'s>> {
        let pointer = self.get("$ref")?.as_str()?.strip_prefix('#')?;
        let here = self.root.pointer(pointer).filter(|_| self.depth < DEEPEST)?;
        Some(Schema { here, depth: self.depth + 1, ..self })
    }

    pub(crate) fn list(self, key: &str) -> impl Iterator<Item = Schema<'s>> + use<'s> {
        self.get(key).and_then(Value::as_array).into_iter().flatten().map(move |here| self.at(here))
    }

    pub(crate) fn number(self, key: &str) -> Option<u64> {
        self.get(key)?.as_u64()
    }

    /// The schema of keys that it does not name. Where it names some and is silent on others, others
    /// are errors: serde would drop them without a word.
    pub(crate) fn others(self) -> Option<Schema<'s>> {
        match self.get("additionalProperties") {
            Some(Value::Bool(false)) => None,
            Some(schema) => Some(self.at(schema)),
            None => (self.get("properties").is_none() || self.is_composite()).then_some(self.at(&ANYTHING)),
        }
    }

    /// Whether the properties of a table stand in several places (`#[serde(flatten)]`): none of them
    /// knows all keys, so that only the constructor can tell which are unknown.
    pub(crate) fn is_composite(self) -> bool {
        let has = |key| self.get(key).is_some();
        has("properties") && (has("allOf") || has("anyOf") || has("oneOf"))
    }

    /// The range of the integer types for which schemars states a format only.
    pub(crate) fn format_range(self) -> (Option<f64>, Option<f64>) {
        match self.get("format").and_then(Value::as_str) {
            Some("int32") => (Some(i32::MIN.into()), Some(i32::MAX.into())),
            Some("uint32") => (Some(0.0), Some(u32::MAX.into())),
            _ => (None, None),
        }
    }
}

/// A constant as a name in a sentence.
pub(crate) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

pub(crate) fn strings(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}
