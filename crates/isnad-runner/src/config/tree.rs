//! A pipeline file as a tree that remembers where everything comes from. TOML and JSON are read into
//! it, variables and settings of the command line change it, and all checks are made on it.

use serde_json::{Map, Number, Value};

use super::suggest::shown;
use super::variables::Filled;

/// Where something was written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Place {
    /// These bytes of the source; the header alone for a table under a `[header]`.
    Source { begin: usize, end: usize },
    /// The setting of this number on the command line.
    Setting(usize),
}

/// A value of the file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    pub(crate) place: Place,
    pub(crate) content: Content,
    /// What it may be read as where its content is not what is expected: the text of a variable as a
    /// number, a number of the command line as text.
    pub(crate) reading: Option<Box<Content>>,
    /// The variables of the string it was.
    pub(crate) filled: Option<Box<Filled>>,
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
    pub(crate) key_place: Place,
    pub(crate) node: Node,
}

impl Place {
    /// Of what was not written down anywhere.
    pub(crate) const NOWHERE: Place = Place::Source { begin: 0, end: 0 };
}

impl From<usize> for Place {
    fn from(begin: usize) -> Self {
        Place::Source { begin, end: begin }
    }
}

impl From<std::ops::Range<usize>> for Place {
    fn from(span: std::ops::Range<usize>) -> Self {
        Place::Source { begin: span.start, end: span.end }
    }
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
    pub(crate) fn new(place: impl Into<Place>, content: Content) -> Node {
        Node { place: place.into(), content, reading: None, filled: None }
    }

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
                let entry = |(key, value)| {
                    Some(Entry { key, key_place: Place::NOWHERE, node: Node::from_json(value)? })
                };
                Content::Table(Table { entries: fields.into_iter().filter_map(entry).collect() })
            }
        };
        Some(Node::new(Place::NOWHERE, content))
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

    /// The nodes in it.
    pub(crate) fn children(&self) -> Vec<&Node> {
        match &self.content {
            Content::Array(items) => items.iter().collect(),
            Content::Table(table) => table.entries.iter().map(|entry| &entry.node).collect(),
            _ => Vec::new(),
        }
    }

    /// The same, to be changed.
    pub(crate) fn children_mut(&mut self) -> Vec<&mut Node> {
        match &mut self.content {
            Content::Array(items) => items.iter_mut().collect(),
            Content::Table(table) => table.entries.iter_mut().map(|entry| &mut entry.node).collect(),
            _ => Vec::new(),
        }
    }

    /// The string, or the strings of the array.
    pub(crate) fn strings(&self) -> Vec<String> {
        let strings = |items: &[Node]| items.iter().filter_map(Node::as_str).map(str::to_owned).collect();
        self.as_array().map_or_else(|| self.as_str().map(str::to_owned).into_iter().collect(), strings)
    }

    /// The deepest value on a way of keys and indices, joined by dots or with the indices in brackets;
    /// and the whole way, with the indices in brackets.
    pub(crate) fn follow(&self, path: &str) -> (String, &Node) {
        let (mut node, mut shown, mut is_there) = (self, String::new(), true);
        for step in path.split(['.', '[', ']']).filter(|step| !step.is_empty()) {
            let next = match &node.content {
                Content::Table(table) => table.get(step),
                Content::Array(items) => step.parse().ok().and_then(|index: usize| items.get(index)),
                _ => None,
            };
            match &node.content {
                Content::Array(_) if is_there => shown.extend(["[", step, "]"]),
                _ if shown.is_empty() => shown.push_str(step),
                _ => shown.extend([".", step]),
            }
            match next.filter(|_| is_there) {
                Some(next) => node = next,
                None => is_there = false,
            }
        }
        (shown, node)
    }
}

/// How a value is called in an error. What came from a variable is not shown: it may be a secret.
pub(crate) fn found(node: &Node) -> String {
    if let Some(filled) = &node.filled {
        return format!("what `{}` comes to", shown(&filled.raw));
    }
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
