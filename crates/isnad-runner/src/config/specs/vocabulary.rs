//! What the stages of a pipeline write: the names that tests and properties may use.

use std::collections::BTreeMap;

use isnad_core::{Contract, StageKind, Text};

use super::Surroundings;
use crate::config::suggest::{list, nearest, shown};

/// What there is to be named.
pub(super) struct Vocabulary {
    layers: BTreeMap<String, Keys>,
    /// The ids of the stages that take part, in their order.
    pub(super) stages: Vec<String>,
    /// Whether nothing is missing: what a stage with errors writes is not known.
    is_whole: bool,
}

/// What the rows of a layer may have.
#[derive(Default)]
struct Keys {
    labels: Vec<String>,
    attrs: Vec<String>,
    links: Vec<String>,
}

/// What of a row is named.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Label,
    Attr,
    Link,
}

impl Vocabulary {
    pub(super) fn of(around: &Surroundings<'_>) -> Self {
        let mut vocabulary = Vocabulary { layers: BTreeMap::new(), stages: Vec::new(), is_whole: true };
        match around.pipeline {
            Some(pipeline) => {
                for stage in &pipeline.stages {
                    vocabulary.stages.push(stage.id.clone());
                    vocabulary.add(stage.stage.contract());
                }
            }
            None => {
                for stage in around.file.stages.iter().filter(|stage| stage.is_enabled) {
                    vocabulary.stages.push(stage.id.clone());
                    match stage.kind.and_then(StageKind::default_contract) {
                        Some(contract) => vocabulary.add(&contract),
                        None => vocabulary.is_whole = false,
                    }
                }
                vocabulary.is_whole &= !around.file.stages.is_empty();
            }
        }
        vocabulary
    }

    /// Why there is no such layer, and what to do; `None` if there is.
    pub(super) fn layer(&self, name: &str) -> Option<(String, String)> {
        if !self.is_whole || self.layers.contains_key(name) {
            return None;
        }
        let message = format!("no stage of the pipeline makes the layer `{}`", shown(name));
        let names = || self.layers.keys().map(String::as_str);
        Some((message, advice(name, names, "the pipeline makes no rows", "there are")))
    }

    /// Why rows of a layer have no such label, attr or link, and what to do; `None` if they have, or
    /// there is no such layer.
    pub(super) fn key(&self, layer: &str, part: Part, name: &str) -> Option<(String, String)> {
        let keys = self.layers.get(layer).filter(|_| self.is_whole)?;
        let (word, names) = match part {
            Part::Label => ("label", &keys.labels),
            Part::Attr => ("attr", &keys.attrs),
            Part::Link => ("link", &keys.links),
        };
        if names.iter().any(|known| known == name) {
            return None;
        }
        let message = format!("rows of `{}` never have the {word} `{}` here", shown(layer), shown(name));
        let none = format!("they have no {word}s");
        Some((message, advice(name, || names.iter().map(String::as_str), &none, "they have")))
    }

    /// Why there is no such stage, and what to do; `None` if there is.
    pub(super) fn stage(&self, id: &str) -> Option<(String, String)> {
        if self.stages.iter().any(|stage| stage == id) {
            return None;
        }
        let message = format!("the pipeline has no stage `{}`, or it is switched off", shown(id));
        let names = || self.stages.iter().map(String::as_str);
        Some((message, advice(id, names, "it has no stage at all", "its stages are")))
    }

    fn add(&mut self, contract: &Contract) {
        for writes in &contract.writes {
            let keys = self.layers.entry(writes.layer.to_string()).or_default();
            let add = |to: &mut Vec<String>, from: &[Text]| {
                for name in from {
                    let name = name.to_string();
                    if !to.contains(&name) {
                        to.push(name);
                    }
                }
            };
            add(&mut keys.labels, &writes.labels);
            add(&mut keys.attrs, &writes.attrs);
            add(&mut keys.links, &writes.links);
        }
    }
}

fn advice<'n, I>(name: &str, names: impl Fn() -> I, none: &str, there_are: &str) -> String
where
    I: Iterator<Item = &'n str>,
{
    match (nearest(name, names()), names().count()) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, 0) => none.to_owned(),
        (None, 1) => format!("there is only {}", list(names(), "and")),
        (None, _) => format!("{there_are} {}", list(names(), "and")),
    }
}
