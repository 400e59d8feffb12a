//! `isnad pipelines graph`.

use std::fmt::Write as _;
use std::io::{self, Write};

use clap::{Args, ValueEnum};
use isnad::core::{Contract, SinkKind, TextAccess};
use isnad::runner::{DiskFiles, Loader, Pipeline};

use super::Ending;
use super::source::{Source, environment, plugins};
use super::stages::points::visible;

const EXAMPLES: &str = "\
Examples:
  isnad pipelines graph news                                 Mermaid, as Markdown pages show it
  isnad pipelines graph mine.toml --format dot | dot -Tsvg > mine.svg

Thick arrows are the way of a document through the stages; rounded boxes are layers, with the attrs and links
(→) that a stage writes; dotted arrows are layers that a stage reads if they are there. Six-sided stages
rewrite the text; dashed ones are switched off.";

/// What `isnad pipelines graph` is told.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct GraphArgs {
    /// A pipeline file, or the name of a built-in pipeline
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    file: String,
    /// Change a value of the pipeline, as in `isnad run`
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// The language of the picture
    #[arg(long, value_name = "FORMAT", default_value = "mermaid")]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// Mermaid, which Markdown pages show
    Mermaid,
    /// The language of Graphviz
    Dot,
}

/// Draws a pipeline; one with errors is not drawn, they are said as `isnad check` says them.
pub(crate) fn graph(args: GraphArgs) -> Ending {
    let pipeline = match load(&args) {
        Ok(pipeline) => pipeline,
        Err(ending) => return ending,
    };
    let graph = Graph::of(&pipeline);
    let text = match args.format {
        Format::Mermaid => graph.mermaid(),
        Format::Dot => graph.dot(),
    };
    Ending::of_printing(io::stdout().lock().write_all(text.as_bytes()))
}

fn load(args: &GraphArgs) -> Result<Pipeline, Ending> {
    let source = Source::find(&args.file)?;
    let registry = isnad::registry();
    let files = DiskFiles::new(&source.base).with_stdout(io::sink()).only_checking();
    let plugins = plugins(&source.base)?;
    let loader =
        Loader::new(&registry, &files).environment(&environment).settings(&args.set).plugins(&plugins);
    loader.load(&source.text, &source.name).map_err(Ending::Config)
}

/// A picture of a pipeline, whatever language it is written in.
#[derive(Default)]
struct Graph {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
}

struct Node {
    id: String,
    /// One line each.
    label: Vec<String>,
    shape: Shape,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Input,
    Stage,
    Rewriter,
    Exporter,
    Off,
    Layer,
}

struct Edge {
    from: String,
    to: String,
    label: String,
    line: Line,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    /// The way of a document.
    Way,
    /// Beside the way.
    Off,
    Plain,
    Optional,
}

impl Graph {
    fn of(pipeline: &Pipeline) -> Graph {
        let mut graph = Graph::default();
        let mut label = vec!["input".to_owned()];
        label.extend(pipeline.input.paths.iter().cloned());
        graph.nodes.push(Node { id: "input".to_owned(), label, shape: Shape::Input });
        let mut last = "input".to_owned();
        for (index, stage) in pipeline.stages.iter().enumerate() {
            let id = format!("s{index}");
            let contract = stage.stage.contract();
            let shape = shape_of(contract);
            let mut label = names(&stage.id, &stage.kind);
            if shape == Shape::Rewriter {
                label.push("rewrites the text".to_owned());
            }
            graph.switched_off(pipeline, index, &last, Some(&id));
            graph.nodes.push(Node { id: id.clone(), label, shape });
            graph.edge(&last, &id, String::new(), Line::Way);
            graph.read_and_write(&id, contract);
            last = id;
        }
        graph.switched_off(pipeline, pipeline.stages.len(), &last, None);
        graph
    }

    /// The stages that are switched off before a place, beside the way.
    fn switched_off(&mut self, pipeline: &Pipeline, before: usize, last: &str, next: Option<&str>) {
        let mut last = last.to_owned();
        let off = pipeline.switched_off.iter().enumerate().filter(|(_, stage)| stage.before == before);
        let count = off.clone().count();
        for (index, stage) in off {
            let id = format!("off{index}");
            let label = names(&stage.id, &stage.kind);
            self.nodes.push(Node { id: id.clone(), label, shape: Shape::Off });
            self.edge(&last, &id, String::new(), Line::Off);
            last = id;
        }
        if let Some(next) = next.filter(|_| count > 0) {
            self.edge(&last, next, String::new(), Line::Off);
        }
    }

    fn read_and_write(&mut self, stage: &str, contract: &Contract) {
        for reads in &contract.reads {
            // A layer that nobody before the stage gives has no box: the stage goes without.
            if let Some(layer) = self.layer(&reads.layer) {
                let line = if reads.optional { Line::Optional } else { Line::Plain };
                self.edge(&layer, stage, reads.keys.join(", "), line);
            }
        }
        for writes in &contract.writes {
            let layer = self.layer(&writes.layer).unwrap_or_else(|| {
                let id = format!("l{}", self.nodes.len());
                let label = vec![format!("{}@{}", writes.layer, writes.version)];
                self.nodes.push(Node { id: id.clone(), label, shape: Shape::Layer });
                id
            });
            let links = writes.links.iter().map(|link| format!("→{link}"));
            let keys: Vec<String> = writes.attrs.iter().map(ToString::to_string).chain(links).collect();
            self.edge(stage, &layer, keys.join(", "), Line::Plain);
        }
    }

    /// The box of a layer.
    fn layer(&self, name: &str) -> Option<String> {
        let is_it = |label: &str| label.rsplit_once('@').is_some_and(|(layer, _)| layer == name);
        let mut nodes = self.nodes.iter().filter(|node| node.shape == Shape::Layer);
        nodes.find(|node| node.label.iter().any(|label| is_it(label))).map(|node| node.id.clone())
    }

    fn edge(&mut self, from: &str, to: &str, label: String, line: Line) {
        self.edges.push(Edge { from: from.to_owned(), to: to.to_owned(), label, line });
    }

    fn mermaid(&self) -> String {
        let mut out = "flowchart TD\n".to_owned();
        for Node { id, label, shape } in &self.nodes {
            let (open, close) = match shape {
                Shape::Input => ("([", "])"),
                Shape::Stage | Shape::Off => ("[", "]"),
                Shape::Rewriter => ("{{", "}}"),
                Shape::Exporter => ("[[", "]]"),
                Shape::Layer => ("(", ")"),
            };
            let label: Vec<String> = label.iter().map(|line| for_mermaid(line)).collect();
            let _ = writeln!(out, "  {id}{open}\"{}\"{close}", label.join("<br/>"));
        }
        for Edge { from, to, label, line } in &self.edges {
            let arrow = match line {
                Line::Way => "==>",
                Line::Off => "-.-",
                Line::Plain => "-->",
                Line::Optional => "-.->",
            };
            let label =
                if label.is_empty() { String::new() } else { format!("|\"{}\"|", for_mermaid(label)) };
            let _ = writeln!(out, "  {from} {arrow}{label} {to}");
        }
        let off: Vec<&str> = self.nodes.iter().filter(|n| n.shape == Shape::Off).map(|n| &*n.id).collect();
        if !off.is_empty() {
            let _ = writeln!(out, "  classDef off stroke-dasharray: 5 5\n  class {} off", off.join(","));
        }
        out
    }

    fn dot(&self) -> String {
        let mut out =
            "digraph pipeline {\n  node [fontname=\"sans-serif\"]\n  edge [fontname=\"sans-serif\"]\n"
                .to_owned();
        for Node { id, label, shape } in &self.nodes {
            let look = match shape {
                Shape::Input => "shape=ellipse",
                Shape::Stage => "shape=box",
                Shape::Rewriter => "shape=hexagon",
                Shape::Exporter => "shape=box peripheries=2",
                Shape::Off => "shape=box style=dashed",
                Shape::Layer => "shape=box style=rounded",
            };
            let label: Vec<String> = label.iter().map(|line| for_dot(line)).collect();
            let _ = writeln!(out, "  {id} [{look} label=\"{}\"]", label.join("\\n"));
        }
        for Edge { from, to, label, line } in &self.edges {
            let look = match line {
                Line::Way => "style=bold",
                Line::Off => "style=dashed dir=none",
                Line::Plain => "style=solid",
                Line::Optional => "style=dotted",
            };
            let label =
                if label.is_empty() { String::new() } else { format!(" label=\"{}\"", for_dot(label)) };
            let _ = writeln!(out, "  {from} -> {to} [{look}{label}]");
        }
        out.push_str("}\n");
        out
    }
}

/// What a stage is called: its id, and its kind where that is another name.
fn names(id: &str, kind: &str) -> Vec<String> {
    if id == kind { vec![id.to_owned()] } else { vec![id.to_owned(), format!("({kind})")] }
}

fn shape_of(contract: &Contract) -> Shape {
    match (contract.sink, contract.text) {
        (SinkKind::None, TextAccess::Reads) => Shape::Stage,
        (SinkKind::None, TextAccess::Rewrites) => Shape::Rewriter,
        _ => Shape::Exporter,
    }
}

/// A text inside quotes of Mermaid, where `#` begins a character reference and markup works.
fn for_mermaid(text: &str) -> String {
    let mut out = String::new();
    for c in visible(text).chars() {
        match c {
            '"' | '#' | '&' | '<' | '>' | '`' | '\\' => {
                let _ = write!(out, "#{};", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

/// A text inside quotes of DOT.
fn for_dot(text: &str) -> String {
    visible(text).replace('\\', "\\\\").replace('"', "\\\"")
}
