//! What the whole chain makes of a text, stage by stage: first the promises of each stage's documentation,
//! then what real news does to them. A case is a text and its rows in document order, a line each; the layers
//! that its lines begin with are compared whole («entity —»: no row of it), the others not at all.
//!
//! | line | behind the text of the row |
//! |---|---|
//! | `language`, `region`, `sentence`, `token` | `norm`, `clitics` |
//! | `cue` | lemma, rule |
//! | `number` | value, unit |
//! | `time` | expression, then what there is of offset, direction, mod, calendar, and `=` value |
//! | `entity`, `source` | rule |
//! | `role` | rule, tense, holder |
//! | `quote` | rule, then what there is of speaker, addressee, time, channel, within |
//! | `same` | mentions that are one entity, where there are several, or its Wikidata id |

mod stages;

#[path = "cases/attribution.rs"]
mod attribution;
#[path = "cases/documentation.rs"]
mod documentation;
#[path = "cases/names.rs"]
mod names;
#[path = "cases/values.rs"]
mod values;

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::sync::atomic::AtomicBool;

use isnad_core::{
    Article, Batch, ChainLink, Context, Document, Names, Plan, RowRef, Span, Stage, StageId, check_chain,
};
use jiff::civil::Date;
use stages::{NAMES, stages};

/// A text and its rows.
type Case = (&'static str, &'static [&'static str]);

/// Compares the cases, and shows all that differ as they would have to stand here.
#[track_caller]
fn check(cases: &[Case]) {
    check_article(None, 0, cases);
}

/// The same for articles that were published on this day.
#[track_caller]
fn check_on(day: &str, cases: &[Case]) {
    check_article(Some(day.parse().expect("a day as 2018-02-21")), 0, cases);
}

/// The same for articles whose first so many bytes are a title.
#[track_caller]
fn check_article(published: Option<Date>, title_len: usize, cases: &[Case]) {
    let mut wrong = String::new();
    for (text, expected) in cases {
        let article = Article { raw: (*text).to_owned(), published, title_len, ..Article::default() };
        let document = run(article);
        let mut layers: Vec<&str> = Vec::new();
        for line in *expected {
            let layer = line.split(' ').next().unwrap_or_default();
            if !layers.contains(&layer) {
                layers.push(layer);
            }
        }
        let found: Vec<String> = layers.iter().flat_map(|layer| lines(&document, layer)).collect();
        if found != *expected {
            wrong.push_str(&format!("({text:?}, &{found:#?}),\n"));
        }
    }
    assert!(wrong.is_empty(), "these are found:\n{wrong}");
}

struct Chain {
    stages: Vec<std::sync::Arc<dyn Stage>>,
    plan: Plan,
}

static CHAIN: LazyLock<Chain> = LazyLock::new(|| {
    let stages = stages(&[]);
    let links: Vec<ChainLink<'_>> =
        NAMES.iter().zip(&stages).map(|(id, stage)| ChainLink { id, contract: stage.contract() }).collect();
    let plan = check_chain(&links, &|_, _| Vec::new()).expect("the pipeline is sound");
    Chain { stages, plan }
});

fn run(article: Article) -> Document {
    let Chain { stages, plan } = &*CHAIN;
    let mut batch = Batch::new(vec![Document::new(article)]);
    let running = AtomicBool::new(false);
    for (index, stage) in stages.iter().enumerate() {
        let cx = Context::new(StageId(index as u16), &plan.grants[index], &running);
        let mut worker = stage.open(&plan.names).expect("the plan has all names");
        worker.process(&mut batch, &cx).expect("no text ends a run");
    }
    batch.documents_mut().pop().expect("the document comes out again")
}

/// The rows of a layer as lines.
fn lines(document: &Document, layer: &str) -> Vec<String> {
    let page = Page { document, names: &CHAIN.plan.names };
    let mut lines = if layer == "same" { page.clusters() } else { page.rows(layer) };
    if lines.is_empty() {
        lines.push(format!("{layer} —"));
    }
    lines
}

/// A document to be read.
struct Page<'d> {
    document: &'d Document,
    names: &'d Names,
}

impl Page<'_> {
    fn rows(&self, layer: &str) -> Vec<String> {
        let id = self.names.layer(layer).unwrap_or_else(|| panic!("there is no layer `{layer}`"));
        let tables = self.document.tables();
        let mut rows: Vec<(Span, String)> =
            tables.refs(id).map(|(row, found)| (found.span, self.line(layer, row))).collect();
        rows.sort_by_key(|(span, _)| (span.begin, u32::MAX - span.end));
        rows.into_iter().map(|(_, line)| line).collect()
    }

    fn line(&self, layer: &str, row: RowRef) -> String {
        let tables = self.document.tables();
        let found = tables.row(row).expect("it was listed");
        let rule = self.names.name(found.rule);
        let mut parts = vec![layer.to_owned()];
        parts.extend(Some(self.names.name(found.label).to_owned()).filter(|label| !label.is_empty()));
        if layer != "language" {
            parts.push(self.text(row));
        }
        let plain = |keys: &[&str]| keys.iter().filter_map(|key| self.attr(row, key)).collect::<Vec<_>>();
        let named = |keys: &[&str]| {
            let named = |key: &&str| Some(format!("{key} {}", self.attr(row, key)?));
            keys.iter().filter_map(named).collect::<Vec<_>>()
        };
        match layer {
            "token" => parts.extend(named(&["norm", "clitics"])),
            "cue" => parts.extend(plain(&["lemma"]).into_iter().chain([rule.to_owned()])),
            "number" => parts.extend(plain(&["value", "unit"])),
            "time" => {
                parts.extend(plain(&["expr", "offset", "direction", "mod", "calendar"]));
                let value =
                    self.attr(row, "value").filter(|value| Some(value) != self.attr(row, "expr").as_ref());
                parts.extend(value.map(|value| format!("= {value}")));
            }
            "entity" | "source" => parts.push(rule.to_owned()),
            "role" => {
                parts.push(rule.to_owned());
                parts.extend(plain(&["tense"]));
                parts.extend(self.links(row, &["holder"]));
            }
            "quote" => {
                parts.push(rule.to_owned());
                parts.extend(self.links(row, &["speaker", "addressee", "time"]));
                parts.extend(named(&["channel"]));
                parts.extend(self.links(row, &["within"]));
            }
            _ => {}
        }
        parts.join(" ")
    }

    /// Which mentions of names and sources are one.
    fn clusters(&self) -> Vec<String> {
        let mut clusters: BTreeMap<String, Vec<(u32, String)>> = BTreeMap::new();
        for layer in ["entity", "source"] {
            let id = self.names.layer(layer).expect("the chain has it");
            for (row, found) in self.document.tables().refs(id) {
                let key = self.attr(row, "entity").unwrap_or_else(|| "none".to_owned());
                clusters.entry(key).or_default().push((found.span.begin, self.text(row)));
            }
        }
        let mut lines: Vec<(u32, String)> = Vec::new();
        for (key, mut mentions) in clusters {
            mentions.sort();
            let first = mentions[0].0;
            let mut texts: Vec<String> = mentions.into_iter().map(|(_, text)| text).collect();
            texts.dedup();
            let known = if key.starts_with('Q') { format!("{key} ") } else { String::new() };
            if texts.len() > 1 || !known.is_empty() {
                lines.push((first, format!("same {known}{}", texts.join(" "))));
            }
        }
        lines.sort();
        lines.into_iter().map(|(_, line)| line).collect()
    }

    fn text(&self, row: RowRef) -> String {
        let span = self.document.tables().row(row).map(|row| row.span).unwrap_or_default();
        format!("«{}»", span.of(self.document.content().text()))
    }

    fn attr(&self, row: RowRef, key: &str) -> Option<String> {
        self.document.tables().attr(row, self.names.sym(key)?).map(str::to_owned)
    }

    fn links(&self, row: RowRef, keys: &[&str]) -> Vec<String> {
        let mut parts = Vec::new();
        for key in keys {
            let sym = self.names.sym(key).expect("the chain declares it");
            let texts: Vec<String> =
                self.document.tables().linked(row, sym).into_iter().map(|to| self.text(to)).collect();
            if !texts.is_empty() {
                parts.push(format!("{key} {}", texts.join(" ")));
            }
        }
        parts
    }
}
