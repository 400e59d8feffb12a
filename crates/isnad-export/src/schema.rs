//! The JSON Schema of a record, made of what contracts declare.

use std::collections::BTreeSet;

use isnad_core::Contract;
use serde_json::{Map, Value, json};

use crate::ruler::Unit;

/// The JSON Schema (draft 2020-12) of one record of `export.jsonl`, version 1, as stages with these
/// contracts make it.
///
/// It is strict: members, layers, labels, attrs and refs that no contract declares are not allowed. Which
/// of the members for the text are there depends on the options of the exporter.
///
/// ```
/// use isnad_core::{Contract, Writes};
///
/// let contracts = [Contract::new().writes(Writes::rows("quote", 1).labels(["direct"]).attrs(["channel"]))];
/// let schema = isnad_export::record_schema(&contracts);
/// assert_eq!(schema["$defs"]["annotation"]["properties"]["layer"]["enum"], serde_json::json!(["quote"]));
/// ```
pub fn record_schema<'c>(contracts: impl IntoIterator<Item = &'c Contract>) -> Value {
    let layers = gather(contracts);
    let names: Vec<&str> = layers.iter().map(|layer| layer.name).collect();
    let by_layer: Vec<Value> = layers.iter().map(Layer::rule).collect();
    let any_text = |about: &str| json!({ "description": about, "type": "string" });
    let annotation = json!({
        "description": "One row: something that a stage found in the text.",
        "type": "object",
        "required": ["id", "layer", "label", "span", "text", "attrs", "refs", "by", "rule", "score"],
        "additionalProperties": false,
        "properties": {
            "id": { "description": "Its id in this record.", "$ref": "#/$defs/id" },
            "layer": { "description": "What kind of row it is.", "enum": names },
            "label": any_text("What kind of its layer it is; empty in layers without labels."),
            "span": {
                "description": "Where it begins and ends, in the unit that `offsets` names, in the text that `spans` names. The end is not part of it.",
                "type": "array",
                "prefixItems": [{ "$ref": "#/$defs/offset" }, { "$ref": "#/$defs/offset" }],
                "items": false,
                "minItems": 2
            },
            "text": any_text("What stands at the span."),
            "attrs": { "description": "Values, by name.", "type": "object" },
            "refs": {
                "description": "The annotations that it refers to, by name, in document order.",
                "type": "object",
                "additionalProperties": { "type": "array", "items": { "$ref": "#/$defs/id" } }
            },
            "by": any_text("The id of the stage that wrote the row."),
            "rule": any_text("The rule of that stage by which it was found; may be empty."),
            "score": { "description": "How sure the stage is.", "type": "number", "minimum": 0, "maximum": 1 }
        },
        "allOf": by_layer
    });
    let units = [Unit::Char, Unit::Byte, Unit::Utf16].map(Unit::name);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "isnad record",
        "description": "One document as `export.jsonl` writes it, version 1.",
        "type": "object",
        "required": ["isnad", "id", "meta", "origin", "offsets", "spans", "annotations"],
        "additionalProperties": false,
        "properties": {
            "isnad": { "description": "The version of the record.", "const": 1 },
            "id": any_text("The document's id; need not be unique."),
            "meta": {
                "description": "Every field of the input that was not mapped, as it came, and `published`.",
                "type": "object"
            },
            "origin": {
                "description": "Where the document came from.",
                "type": "object",
                "required": ["path", "record"],
                "additionalProperties": false,
                "properties": {
                    "path": { "description": "The input, as it was named.", "type": ["string", "null"] },
                    "record": { "description": "The record's number in it, from 1.", "type": "integer", "minimum": 0 }
                }
            },
            "offsets": { "description": "What spans count: code points, bytes of UTF-8, or UTF-16 code units.", "enum": units },
            "spans": { "description": "The text that spans point into.", "enum": ["raw", "normalized"] },
            "text": any_text("The text as it came, or as it was normalized, by the exporter's option `text`."),
            "normalized_text": any_text("The normalized text, where `text = \"both\"` asks for it."),
            "annotations": {
                "description": "The rows, in document order.",
                "type": "array",
                "items": { "$ref": "#/$defs/annotation" }
            }
        },
        "$defs": {
            "id": { "description": "The id of an annotation.", "type": "string", "pattern": "^a[1-9][0-9]*$" },
            "offset": { "type": "integer", "minimum": 0 },
            "annotation": annotation
        }
    })
}

/// What all contracts together say of a layer.
struct Layer<'c> {
    name: &'c str,
    labels: Vec<&'c str>,
    /// Whether a stage makes rows without saying which labels they bear: then they bear none.
    bare: bool,
    attrs: BTreeSet<&'c str>,
    links: BTreeSet<&'c str>,
}

fn gather<'c>(contracts: impl IntoIterator<Item = &'c Contract>) -> Vec<Layer<'c>> {
    let mut layers: Vec<Layer<'c>> = Vec::new();
    for writes in contracts.into_iter().flat_map(|contract| &contract.writes) {
        let index = layers.iter().position(|layer| layer.name == writes.layer).unwrap_or(layers.len());
        if index == layers.len() {
            let (attrs, links) = (BTreeSet::new(), BTreeSet::new());
            layers.push(Layer { name: &writes.layer, labels: Vec::new(), bare: false, attrs, links });
        }
        let Some(layer) = layers.get_mut(index) else { continue };
        layer.bare |= writes.rows && writes.labels.is_empty();
        for label in &writes.labels {
            if !layer.labels.contains(&&**label) {
                layer.labels.push(label);
            }
        }
        layer.attrs.extend(writes.attrs.iter().map(|key| &**key));
        layer.links.extend(writes.links.iter().map(|key| &**key));
    }
    layers
}

impl Layer<'_> {
    /// What holds for the rows of this layer.
    fn rule(&self) -> Value {
        let mut labels = self.labels.clone();
        if self.bare {
            labels.push("");
        }
        let attrs: Map<String, Value> =
            self.attrs.iter().map(|key| ((*key).to_owned(), json!({ "type": "string" }))).collect();
        let refs: Map<String, Value> =
            self.links.iter().map(|key| ((*key).to_owned(), Value::Bool(true))).collect();
        json!({
            "if": { "required": ["layer"], "properties": { "layer": { "const": self.name } } },
            "then": {
                "properties": {
                    "label": { "enum": labels },
                    "attrs": { "properties": attrs, "additionalProperties": false },
                    "refs": { "properties": refs, "additionalProperties": false }
                }
            }
        })
    }
}
