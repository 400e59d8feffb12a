//! A pipeline file as a tree that remembers where everything stands. TOML is read into it now, JSON
//! later; all checks are made on it.

use std::ops::Range;

use serde_json::{Map, Number, Value};

use super::suggest::shown;

/// A value of the file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    /// Its bytes in the source; the header alone for a table under a `[header]`.
    pub(crate) span: Range<usize>,
    pub(crate) content: Content,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Content {
    /// A string; dates are strings too.
    String(String),
    Integer(i128),
    /// A finite number.
    Float(f64),
    Bool(bool),
    Array(Vec<Node>),
    Table(Table),
}

/// Keys and values in the order of the source.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Table {
    pub(crate) entries: Vec<Entry>,
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_span: Range<usize>,
    pub(crate) node: Node,
}

impl Table {
    /// The value of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// The same as JSON.
    pub(crate) fn to_json(&self) -> Map<String, Value> {
        self.entries.iter().map(|entry| (entry.key.clone(), entry.node.to_json())).collect()
    }
}

impl Node {
    /// A tree without places. `None` for `null`, which is absent wherever it stands.
    pub(crate) fn from_json(value: Value) -> Option<Node> {
        let content = match value {
            Value::Null => return None,
            Value::Bool(value) => Content::Bool(value),
            Value::String(text) => Content::String(text),
            Value::Number(number) => match number.as_i128() {
                Some(integer) => Content::Integer(integer),
                None => Content::Float(number.as_f64().unwrap_or_default()),
            },
            Value::Array(items) => Content::Array(items.into_iter().filter_map(Node::from_json).collect()),
            Value::Object(fields) => {
                let entry = |(key, value)| Some(Entry { key, key_span: 0..0, node: Node::from_json(value)? });
                Content::Table(Table { entries: fields.into_iter().filter_map(entry).collect() })
            }
        };
        Some(Node { span: 0..0, content })
    }

    /// The same as JSON.
    pub(crate) fn to_json(&self) -> Value {
        match &self.content {
            Content::String(text) => Value::String(text.clone()),
            Content::Integer(integer) => Number::from_i128(*integer).map_or(Value::Null, Value::Number),
            Content::Float(float) => Number::from_f64(*float).map_or(Value::Null, Value::Number),
            Content::Bool(value) => Value::Bool(*value),
            Content::Array(items) => Value::Array(items.iter().map(Node::to_json).collect()),
            Content::Table(table) => Value::Object(table.to_json()),
        }
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        match &self.content {
            Content::String(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_bool(&self) -> Option<bool> {
        match self.content {
            Content::Bool(value) => Some(value),
            _ => None,
        }
    }

    pub(crate) fn as_array(&self) -> Option<&[Node]> {
        match &self.content {
            Content::Array(items) => Some(items),
            _ => None,
        }
    }

    pub(crate) fn as_table(&self) -> Option<&Table> {
        match &self.content {
            Content::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The string, or the strings of the array.
    pub(crate) fn strings(&self) -> Vec<String> {
        let strings = |items: &[Node]| items.iter().filter_map(Node::as_str).map(str::to_owned).collect();
        self.as_array().map_or_else(|| self.as_str().map(str::to_owned).into_iter().collect(), strings)
    }

    /// The deepest value on a way of keys and indices, joined by dots or with the indices in brackets.
    pub(crate) fn follow(&self, path: &str) -> &Node {
        let mut node = self;
        for step in path.split(['.', '[', ']']).filter(|step| !step.is_empty()) {
            let next = match &node.content {
                Content::Table(table) => table.get(step),
                Content::Array(items) => step.parse().ok().and_then(|index: usize| items.get(index)),
                _ => None,
            };
            match next {
                Some(next) => node = next,
                None => break,
            }
        }
        node
    }
}

/// How a value is called in an error.
pub(crate) fn found(node: &Node) -> String {
    match &node.content {
        Content::String(text) if text.chars().nth(40).is_some() => "a long string".to_owned(),
        Content::String(text) => format!("the string \"{}\"", shown(text)),
        Content::Integer(integer) => format!("the integer `{integer}`"),
        Content::Float(float) => format!("the number `{float:?}`"),
        Content::Bool(value) => format!("`{value}`"),
        Content::Array(items) if items.is_empty() => "an empty array".to_owned(),
        Content::Array(_) => "an array".to_owned(),
        Content::Table(_) => "a table".to_owned(),
    }
}
