//! The layers there are: docs/LAYERS.md, made of the contracts of all stages and of `data/layers.tsv`.

use std::fmt::Write;

use isnad::core::{Contract, Registry, Writes};

use super::page::cell;

const NOTES: &str = include_str!("../../../data/layers.tsv");

const HEAD: &str = "\
# Layers

Made by `isnad stages --layers --markdown` from the program itself; a test keeps it current. A layer is a named,
versioned kind of row. An **open** one takes rows from any number of stages, third parties' too; the rows of an
**exclusive** one come from one stage. What each stage does is in [STAGES.md](STAGES.md).
";

/// A layer as all contracts together describe it.
pub(super) struct Layer {
    pub(super) name: String,
    version: u16,
    exclusive: bool,
    /// The stages that make its rows.
    pub(super) givers: Vec<&'static str>,
    labels: Vec<String>,
    /// Names with the stages that write them.
    attrs: Vec<(String, Vec<&'static str>)>,
    links: Vec<(String, Vec<&'static str>)>,
}

/// The layers in the order in which stages give them.
pub(super) fn layers(registry: &Registry) -> Vec<Layer> {
    let mut layers: Vec<Layer> = Vec::new();
    for kind in registry.kinds() {
        for writes in kind.default_contract().iter().flat_map(|contract: &Contract| &contract.writes) {
            let index = layers.iter().position(|layer| layer.name == writes.layer).unwrap_or(layers.len());
            if index == layers.len() {
                layers.push(Layer::new(writes));
            }
            if let Some(layer) = layers.get_mut(index) {
                layer.add(writes, kind.name());
            }
        }
    }
    layers
}

/// What a layer is, in a sentence or two; empty where nobody has written it down.
pub(super) fn about(layer: &str) -> &'static str {
    note(layer, "layer", "").unwrap_or_default()
}

/// The page.
pub(super) fn page(registry: &Registry) -> String {
    let mut out = HEAD.to_owned();
    for layer in layers(registry) {
        let kind = if layer.exclusive { "Exclusive" } else { "Open" };
        let _ = write!(out, "\n## {}\n\n{}\n\n", layer.name, about(&layer.name));
        let _ = writeln!(out, "{kind}, version {}, from {}.", layer.version, stages(&layer.givers));
        layer.write_labels(&mut out);
        for (part, list) in [("attr", &layer.attrs), ("link", &layer.links)] {
            if list.is_empty() {
                continue;
            }
            let _ = write!(out, "\n| {part} | what | by |\n|---|---|---|\n");
            for (name, by) in list {
                let what = note(&layer.name, part, name).unwrap_or_default();
                let _ = writeln!(out, "| `{name}` | {} | {} |", cell(what), stages(by));
            }
        }
    }
    out
}

impl Layer {
    fn new(writes: &Writes) -> Layer {
        Layer {
            name: writes.layer.to_string(),
            version: writes.version,
            exclusive: false,
            givers: Vec::new(),
            labels: Vec::new(),
            attrs: Vec::new(),
            links: Vec::new(),
        }
    }

    fn add(&mut self, writes: &Writes, stage: &'static str) {
        self.exclusive |= writes.exclusive;
        if writes.rows {
            self.givers.push(stage);
        }
        for label in &writes.labels {
            if !self.labels.iter().any(|known| known == label) {
                self.labels.push(label.to_string());
            }
        }
        for (list, names) in [(&mut self.attrs, &writes.attrs), (&mut self.links, &writes.links)] {
            for name in names {
                match list.iter_mut().find(|(known, _)| known == name) {
                    Some((_, by)) => by.push(stage),
                    None => list.push((name.to_string(), vec![stage])),
                }
            }
        }
    }

    /// Labels that are explained stand in a table, the others in a line.
    fn write_labels(&self, out: &mut String) {
        let explained = |label: &&String| note(&self.name, "label", label).is_some();
        let (told, bare): (Vec<&String>, Vec<&String>) = self.labels.iter().partition(explained);
        if !told.is_empty() {
            out.push_str("\n| label | what |\n|---|---|\n");
            for label in told {
                let what = note(&self.name, "label", label).unwrap_or_default();
                let _ = writeln!(out, "| `{label}` | {} |", cell(what));
            }
        }
        if !bare.is_empty() {
            let also = if bare.len() < self.labels.len() { "Other labels" } else { "Labels" };
            let bare: Vec<String> = bare.iter().map(|label| format!("`{label}`")).collect();
            let _ = writeln!(out, "\n{also}: {}.", bare.join(" "));
        }
    }
}

fn note(layer: &str, part: &str, name: &str) -> Option<&'static str> {
    let lines = NOTES.lines().filter(|line| !line.starts_with('#')).skip(1);
    lines.map(|line| line.splitn(4, '\t')).find_map(|mut columns| {
        let is_it = columns.next()? == layer && columns.next()? == part && columns.next()? == name;
        is_it.then(|| columns.next()).flatten()
    })
}

fn stages(names: &[&str]) -> String {
    let link = |name: &&str| format!("[`{name}`](STAGES.md#{})", name.replace('.', ""));
    names.iter().map(link).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layer_attr_and_link_is_explained_and_nothing_else() {
        let layers = layers(&isnad::registry());
        let mut wanted: Vec<[&str; 3]> = Vec::new();
        for layer in &layers {
            wanted.push([&layer.name, "layer", ""]);
            wanted.extend(layer.attrs.iter().map(|(name, _)| [layer.name.as_str(), "attr", name.as_str()]));
            wanted.extend(layer.links.iter().map(|(name, _)| [layer.name.as_str(), "link", name.as_str()]));
        }
        let missing: Vec<_> =
            wanted.iter().filter(|[layer, part, name]| note(layer, part, name).is_none()).collect();
        assert!(missing.is_empty(), "data/layers.tsv does not explain {missing:?}");

        wanted.extend(layers.iter().flat_map(|layer| {
            layer.labels.iter().map(|label| [layer.name.as_str(), "label", label.as_str()])
        }));
        let lines = NOTES.lines().filter(|line| !line.starts_with('#')).skip(1);
        for line in lines {
            let columns: Vec<&str> = line.split('\t').collect();
            let known = matches!(columns.as_slice(), [layer, part, name, what]
                if !what.is_empty() && wanted.contains(&[*layer, *part, *name]));
            assert!(known, "data/layers.tsv explains what no stage writes: {line}");
        }
    }
}
