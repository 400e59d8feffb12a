//! What rows look like, read from a table and held against what the pipeline writes.

use super::vocabulary::Part;
use super::{Bench, RowPattern, string};
use crate::config::error::code;
use crate::config::tree::{Content, Node, Place};

impl Bench<'_> {
    /// The pattern that a table describes; `None` without a layer, which was reported.
    pub(super) fn pattern(&mut self, node: &Node, path: &str) -> Option<RowPattern> {
        let table = node.as_table()?;
        let layer = string(node, "layer")?;
        if let Some(at) = table.get("layer") {
            self.layer(at, &format!("{path}.layer"));
        }
        let label = table.get("label").filter(|label| !label.is_unknown());
        if let Some((at, label)) = label.and_then(|node| Some((node.place, node.as_str()?))) {
            self.key(at, &layer, Part::Label, label, &format!("{path}.label"));
        }
        let mut pattern = RowPattern {
            label: string(node, "label"),
            text: string(node, "text"),
            attrs: Vec::new(),
            refs: Vec::new(),
            layer,
        };
        for entry in table.get("attrs").and_then(Node::as_table).into_iter().flat_map(|table| &table.entries)
        {
            self.key(
                entry.key_place,
                &pattern.layer,
                Part::Attr,
                &entry.key,
                &format!("{path}.attrs.{}", entry.key),
            );
            let value = match &entry.node.content {
                Content::String(text) => text.clone(),
                Content::Integer(integer) => integer.to_string(),
                Content::Bool(value) => value.to_string(),
                _ => continue,
            };
            pattern.attrs.push((entry.key.clone(), value));
        }
        for entry in table.get("refs").and_then(Node::as_table).into_iter().flat_map(|table| &table.entries) {
            self.key(
                entry.key_place,
                &pattern.layer,
                Part::Link,
                &entry.key,
                &format!("{path}.refs.{}", entry.key),
            );
            pattern.refs.push((entry.key.clone(), entry.node.strings()));
        }
        Some(pattern)
    }

    /// The layer that a value names.
    pub(super) fn layer(&mut self, node: &Node, path: &str) -> Option<String> {
        let name = node.as_str().filter(|name| !name.is_empty() && !node.is_unknown())?;
        if let Some((message, help)) = self.vocabulary.layer(name) {
            self.report.add(node.place, code::UNKNOWN_NAME, path, message).help(help);
        }
        Some(name.to_owned())
    }

    /// Reports a label, attr or link that rows of the layer never have.
    pub(super) fn key(&mut self, at: Place, layer: &str, part: Part, name: &str, path: &str) {
        if let Some((message, help)) = self.vocabulary.key(layer, part, name) {
            self.report.add(at, code::UNKNOWN_NAME, path, message).help(help);
        }
    }
}
