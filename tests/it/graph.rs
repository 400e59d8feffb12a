//! Pictures of pipelines, and the scripts that complete the command line.

use std::fs;

use crate::program::{folder, isnad, top};

/// A stage that is off, ids that mean something to the languages of pictures, a layer that may be missing.
const PIPELINE: &str = r#"isnad = 1
input.paths = ["a.txt"]
[[stage]]
use = "normalize.marks"
id = "say \"no\" <b> #1"
[[stage]]
use = "normalize.space"
enabled = false
[[stage]]
use = "extract.sentences"
[[stage]]
use = "extract.tokens"
attrs = false
[[stage]]
use = "export.jsonl"
layers = ["token"]
"#;

/// The picture of the pipeline in a language.
fn picture(name: &str, args: &[&str]) -> String {
    let here = folder(name);
    fs::write(here.join("p.toml"), PIPELINE).unwrap();
    let outcome = isnad(&here, &[&["pipelines", "graph", "p.toml"], args].concat());
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    outcome.stdout
}

#[test]
fn a_picture_for_markdown() {
    let expected = r#"flowchart TD
  input(["input<br/>a.txt"])
  s0{{"say #34;no#34; #60;b#62; #35;1<br/>(normalize.marks)<br/>rewrites the text"}}
  off0["normalize.space"]
  s1["extract.sentences"]
  l4("sentence@1")
  s2["extract.tokens"]
  l6("token@1")
  s3[["export.jsonl"]]
  input ==> s0
  s0 -.- off0
  off0 -.- s1
  s0 ==> s1
  s1 --> l4
  s1 ==> s2
  l4 -.-> s2
  s2 -->|"norm, clitics"| l6
  s2 ==> s3
  l6 --> s3
  classDef off stroke-dasharray: 5 5
  class off0 off
"#;
    assert_eq!(picture("graph-mermaid", &[]), expected);
}

#[test]
fn a_picture_for_graphviz() {
    let expected = r#"digraph pipeline {
  node [fontname="sans-serif"]
  edge [fontname="sans-serif"]
  input [shape=ellipse label="input\na.txt"]
  s0 [shape=hexagon label="say \"no\" <b> #1\n(normalize.marks)\nrewrites the text"]
  off0 [shape=box style=dashed label="normalize.space"]
  s1 [shape=box label="extract.sentences"]
  l4 [shape=box style=rounded label="sentence@1"]
  s2 [shape=box label="extract.tokens"]
  l6 [shape=box style=rounded label="token@1"]
  s3 [shape=box peripheries=2 label="export.jsonl"]
  input -> s0 [style=bold]
  s0 -> off0 [style=dashed dir=none]
  off0 -> s1 [style=dashed dir=none]
  s0 -> s1 [style=bold]
  s1 -> l4 [style=solid]
  s1 -> s2 [style=bold]
  l4 -> s2 [style=dotted]
  s2 -> l6 [style=solid label="norm, clitics"]
  s2 -> s3 [style=bold]
  l6 -> s3 [style=solid]
}
"#;
    assert_eq!(picture("graph-dot", &["--format", "dot"]), expected);
}

#[test]
fn built_in_pipelines_are_drawn_and_printed() {
    for name in ["news", "clean"] {
        let drawn = isnad(top(), &["pipelines", "graph", name]);
        assert!(drawn.code == 0 && drawn.stdout.starts_with("flowchart"), "{name}: {}", drawn.stderr);
        assert!(isnad(top(), &["pipelines", name]).stdout.contains("[[stage]]"), "{name}");
    }
}

#[test]
fn a_pipeline_with_errors_is_not_drawn() {
    let here = folder("graph-errors");
    fs::write(here.join("p.toml"), "isnad = 1\n[[stage]]\nuse = \"extract.qoutes\"\n").unwrap();
    let (drawn, checked) =
        (isnad(&here, &["pipelines", "graph", "p.toml"]), isnad(&here, &["check", "p.toml"]));
    assert_eq!((drawn.code, drawn.stdout.as_str()), (2, ""));
    assert_eq!(drawn.stderr, checked.stderr);
}

#[test]
fn every_shell_gets_its_completions() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let outcome = isnad(top(), &["completions", shell]);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{shell}");
        for word in ["pipelines", "graph", "quarantine"] {
            assert!(outcome.stdout.contains(word), "{shell} does not complete `{word}`");
        }
    }
    assert_eq!(isnad(top(), &["completions", "tcsh"]).code, 2);
}
