//! Documents with edits and rows as a test says, and what an exporter makes of them.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use isnad_core::*;
use serde_json::Value;

/// An edit of the toy normalizer: byte offsets into the raw text.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    Replace(usize, usize, &'static str),
    Delete(usize, usize),
    Withhold(usize, usize),
}

/// A row of the toy extractor. `links` name other rows of the document by their place in its list.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fact {
    pub(crate) layer: &'static str,
    pub(crate) label: &'static str,
    pub(crate) span: (usize, usize),
    pub(crate) attrs: Vec<(&'static str, String)>,
    pub(crate) links: Vec<(&'static str, usize)>,
    pub(crate) score: f32,
}

/// A document with what the toy stages do to it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Toy {
    pub(crate) article: Article,
    pub(crate) edits: Vec<Edit>,
    pub(crate) facts: Vec<Fact>,
}

impl Toy {
    /// An article of this text.
    pub(crate) fn new(id: &str, raw: &str) -> Self {
        Toy { article: Article { id: id.into(), raw: raw.into(), ..Article::default() }, ..Toy::default() }
    }

    /// Adds a field of the input.
    pub(crate) fn meta(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.article.meta.insert(key.into(), value.into());
        self
    }

    /// Adds an edit of the first place where `old` stands.
    pub(crate) fn edit(mut self, old: &str, edit: impl Fn(usize, usize) -> Edit) -> Self {
        let at = self.article.raw.find(old).expect("the test names a part of its text");
        self.edits.push(edit(at, at + old.len()));
        self
    }

    /// Adds a row on the `nth` place where `text` stands in the article (without edits).
    pub(crate) fn row(mut self, layer: &'static str, label: &'static str, text: &str, nth: usize) -> Self {
        let (at, _) =
            self.article.raw.match_indices(text).nth(nth).expect("the test names a part of its text");
        self.facts.push(Fact { layer, label, span: (at, at + text.len()), score: 0.9, ..Fact::default() });
        self
    }

    /// Adds an attr to the row added last.
    pub(crate) fn attr(mut self, key: &'static str, value: &str) -> Self {
        self.facts.last_mut().expect("a row was added").attrs.push((key, value.into()));
        self
    }

    /// Links the row added last to another.
    pub(crate) fn link(mut self, key: &'static str, to: usize) -> Self {
        self.facts.last_mut().expect("a row was added").links.push((key, to));
        self
    }
}

pub(crate) const LAYERS: [&str; 9] =
    ["language", "region", "token", "cue", "entity", "role", "quote", "time", "number"];
pub(crate) const LABELS: [&str; 11] =
    ["ar", "en", "title", "word", "PER", "ORG", "direct", "indirect", "DATE", "GPE", "NORP"];
pub(crate) const ATTRS: [&str; 8] = ["entity", "name", "name_en", "channel", "value", "expr", "unit", "norm"];
pub(crate) const LINKS: [&str; 5] = ["speaker", "cue", "addressee", "time", "holder"];

/// What an exporter writes for these documents, as one batch.
pub(crate) fn export(name: &str, options: Value, toys: &[Toy]) -> String {
    export_batches(name, options, &[toys])
}

/// What an exporter writes for these documents, batch by batch, with one worker.
pub(crate) fn export_batches(name: &str, options: Value, batches: &[&[Toy]]) -> String {
    let mut registry = Registry::new();
    isnad_export::register(&mut registry);
    let exporter =
        registry.get(name).expect("it is registered").create(options, &NoFiles).expect("good options");
    let toys: HashMap<String, Toy> = batches
        .iter()
        .flat_map(|batch| batch.iter())
        .map(|toy| (toy.article.id.clone(), toy.clone()))
        .collect();
    let toys = Arc::new(toys);
    let (normalizer, extractor) = (normalizer(Arc::clone(&toys)), extractor(toys));

    let stages: [(&str, &dyn Stage); 3] =
        [("toy.normalize", &normalizer), ("toy.extract", &extractor), ("out", &*exporter)];
    let links: Vec<ChainLink<'_>> =
        stages.iter().map(|(id, stage)| ChainLink { id, contract: stage.contract() }).collect();
    let plan = check_chain(&links, &|_, _| Vec::new()).expect("the chain fits");
    let mut workers: Vec<_> =
        stages.iter().map(|(_, stage)| stage.open(&plan.names).expect("it opens")).collect();

    let running = AtomicBool::new(false);
    let mut out = Vec::new();
    for toys in batches {
        let mut batch = Batch::new(toys.iter().map(|toy| Document::new(toy.article.clone())).collect());
        for (index, worker) in workers.iter_mut().enumerate() {
            let cx = Context::new(StageId(index as u16), &plan.grants[index], &running);
            worker.process(&mut batch, &cx).expect("it processes");
        }
        for document in batch.documents() {
            assert_eq!(document.fate(), &Fate::Live);
        }
        out.extend(batch.take_chunk(StageId(2)));
    }
    String::from_utf8(out).expect("the output is UTF-8")
}

fn normalizer(toys: Arc<HashMap<String, Toy>>) -> impl Stage {
    per_doc(
        Contract::new().rewrites_text(),
        |_| Ok(()),
        move |(), document, cx| {
            let edits = toys[document.content().id()].edits.clone();
            document.edit(cx, |_, plan| {
                for edit in edits {
                    // Edits that overlap or lie inside a code point are refused: the test goes on without them.
                    let _ = match edit {
                        Edit::Replace(begin, end, with) => plan.replace(begin..end, with),
                        Edit::Delete(begin, end) => plan.delete(begin..end, Attach::Before),
                        Edit::Withhold(begin, end) => plan.withhold(begin..end, "[…]"),
                    };
                }
                Ok(())
            })?;
            Ok(())
        },
    )
}

fn extractor(toys: Arc<HashMap<String, Toy>>) -> impl Stage {
    let contract = LAYERS.iter().fold(Contract::new(), |contract, layer| {
        contract.writes(Writes::rows(*layer, 1).labels(LABELS).attrs(ATTRS).links(LINKS).rules(["toy"]))
    });
    per_doc(
        contract,
        |names| Ok(Arc::clone(names)),
        move |names, document, cx| {
            let facts = &toys[document.content().id()].facts;
            let (_, mut rows) = document.annotate(cx);
            let mut refs = Vec::new();
            let sym = |name| names.sym(name).expect("the contract declares it");
            for fact in facts {
                let layer = names.layer(fact.layer).expect("the contract declares it");
                let span = Span::new(fact.span.0, fact.span.1);
                let row = rows.add(layer, span, sym(fact.label), sym("toy"), fact.score).ok();
                for (key, value) in &fact.attrs {
                    let _ = row.map(|row| rows.attr(row, sym(key), value));
                }
                refs.push(row);
            }
            for (fact, row) in facts.iter().zip(&refs) {
                for (key, to) in &fact.links {
                    if let (Some(row), Some(Some(to))) = (row, refs.get(*to)) {
                        let _ = rows.link(*row, sym(key), *to);
                    }
                }
            }
            Ok(())
        },
    )
}
