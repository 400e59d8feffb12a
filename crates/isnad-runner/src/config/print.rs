//! What a pipeline file comes to, as a pipeline file in which everything is written out and says where
//! it comes from. Read again, it is the same pipeline.

use std::fmt::Write;

use serde_json::{Value, json};

use super::OnError;
use super::file::{PipelineFile, StageSpec, VERSION, input_schema};
use super::plugins::Libraries;
use super::report::{Cursor, Origin};
use super::schema::Schema;
use super::specs::Drafts;
use super::suggest::{is_invisible, shown};
use super::tree::{Content, Node, Place, Table};
use super::variables;

/// Writes a file that was read without an error.
pub(crate) fn print(
    file: &PipelineFile<'_>,
    libraries: &Libraries,
    drafts: &Drafts,
    origin: &Origin<'_>,
) -> String {
    let mut page = Page { out: String::new(), origin, cursor: origin.cursor() };
    let name = shown(origin.file);
    page.text(&format!("# what `{name}` comes to; relative paths start at the folder of `{name}`\n"));
    let version = Node::new(file.version_at.unwrap_or(Place::NOWHERE), Content::Integer(VERSION));
    page.given("isnad", &version);
    page.text("\n[input]\n");
    page.options(Schema::new(&input_schema()), &file.input_table, "");
    for table in &libraries.tables {
        page.text("\n[[plugin]]\n");
        table.entries.iter().for_each(|entry| page.given(&entry.key, &entry.node));
    }
    for stage in &file.stages {
        page.text("\n[[stage]]\n");
        page.stage(stage);
    }
    for (key, tables) in [("test", &drafts.tests), ("property", &drafts.properties)] {
        for table in tables.iter().filter_map(Node::as_table) {
            page.text(&format!("\n[[{key}]]\n"));
            table.entries.iter().for_each(|entry| page.given(&entry.key, &entry.node));
        }
    }
    page.out
}

struct Page<'p> {
    out: String,
    origin: &'p Origin<'p>,
    cursor: Option<Cursor<'p>>,
}

impl Page<'_> {
    fn stage(&mut self, stage: &StageSpec<'_>) {
        let defaults = [
            ("use", json!(stage.name)),
            ("id", json!(stage.id)),
            ("enabled", json!(true)),
            ("on_error", json!(OnError::default().name())),
        ];
        for (key, default) in defaults {
            match stage.reserved.get(key) {
                Some(node) => self.given(key, node),
                None => self.default(key, &default),
            }
        }
        for key in ["isolation", "timeout", "memory"] {
            if let Some(node) = stage.reserved.get(key) {
                self.given(key, node);
            }
        }
        let Content::Table(options) = &stage.options.content else { return };
        match stage.kind {
            Some(kind) => self.options(Schema::new(kind.schema()), options, ""),
            // It is switched off, and nobody knows what it would have.
            None => options.entries.iter().for_each(|entry| self.given(&key(&entry.key), &entry.node)),
        }
    }

    /// The options of a table, the given and the others, in the order of the schema.
    fn options(&mut self, schema: Schema<'_>, table: &Table, prefix: &str) {
        let properties = schema.properties();
        for (name, property) in properties.into_iter().flatten() {
            let path = format!("{prefix}{}", key(name));
            match table.get(name) {
                Some(node) => self.option(schema.at(property), node, &path),
                None => match property.get("default") {
                    None | Some(Value::Null) => self.text(&format!("# {path} is not set\n")),
                    Some(default) => self.default_option(schema.at(property), default, &path),
                },
            }
        }
        let is_named = |name: &String| properties.is_some_and(|properties| properties.contains_key(name));
        for entry in table.entries.iter().filter(|entry| !is_named(&entry.key)) {
            self.given(&format!("{prefix}{}", key(&entry.key)), &entry.node);
        }
    }

    /// A value that is given. What a table with named options leaves open is filled in.
    fn option(&mut self, schema: Schema<'_>, node: &Node, path: &str) {
        if let Content::Table(table) = &node.content
            && schema.properties().is_some()
            && !schema.is_composite()
            && !table.entries.is_empty()
        {
            return self.options(schema, table, &format!("{path}."));
        }
        self.given(path, node);
    }

    /// A value that is not given.
    fn default_option(&mut self, schema: Schema<'_>, value: &Value, path: &str) {
        let properties = schema.properties().filter(|_| !schema.is_composite());
        match (value.as_object().filter(|fields| !fields.is_empty()), properties) {
            (Some(fields), Some(properties)) => {
                for name in properties.keys() {
                    let path = format!("{path}.{}", key(name));
                    match fields.get(name) {
                        None | Some(Value::Null) => self.text(&format!("# {path} is not set\n")),
                        Some(value) => self.default(&path, value),
                    }
                }
            }
            _ => self.default(path, value),
        }
    }

    fn given(&mut self, path: &str, node: &Node) {
        let mut origins = Vec::new();
        self.origins(node, &mut origins);
        self.text(&format!("{path} = {}  # {}\n", inline(node), origins.join(", ")));
    }

    fn default(&mut self, path: &str, value: &Value) {
        if let Some(node) = Node::from_json(value.clone()) {
            self.text(&format!("{path} = {}  # default\n", inline(&node)));
        }
    }

    fn text(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Where a value and all that is in it come from, each place once.
    fn origins(&mut self, node: &Node, origins: &mut Vec<String>) {
        let children = node.children();
        if children.is_empty() {
            let place = match node.place {
                Place::Setting(_) => "--set".to_owned(),
                at => shown(&self.origin.location(at, self.cursor.as_mut()).to_string()),
            };
            let variables = node.filled.iter().flat_map(|filled| &filled.names);
            for origin in std::iter::once(place).chain(variables.map(|name| format!("${{{name}}}"))) {
                if !origins.contains(&origin) {
                    origins.push(origin);
                }
            }
        }
        children.into_iter().for_each(|child| self.origins(child, origins));
    }
}

/// A key as TOML writes it.
fn key(name: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if !name.is_empty() && name.chars().all(is_bare) { name.to_owned() } else { quoted(name) }
}

/// A value in one line of TOML.
fn inline(node: &Node) -> String {
    match &node.content {
        Content::String(text) if node.is_unknown() => quoted(text),
        Content::String(text) => quoted(&variables::escape(text)),
        Content::Integer(integer) => integer.to_string(),
        Content::Float(float) => format!("{float:?}"),
        Content::Bool(value) => value.to_string(),
        Content::Array(items) => {
            format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", "))
        }
        Content::Table(table) if table.entries.is_empty() => "{}".to_owned(),
        Content::Table(table) => {
            let entry = |entry: &super::tree::Entry| format!("{} = {}", key(&entry.key), inline(&entry.node));
            format!("{{ {} }}", table.entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
    }
}

/// A string in double quotes in which everything can be seen.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if is_invisible(c) => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
