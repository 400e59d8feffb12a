//! What a stage behind a border has handed over for one document, and how it takes effect.

use std::collections::HashMap;

use isnad_core::{
    Attach, Context, DocError, Document, Edit, EditKind, Edits, Fate, LayerId, Names, RowError, RowRef, Span,
    Sym,
};
use serde::{Deserialize, Serialize};

use crate::check::{Border, Fault, NewRow, Range32};

/// What was done to one document behind a border. Plain values, which go through a pipe as they are; strings lie one
/// behind the other in `texts`.
///
/// Rows are numbered as the stage sees them: those of a layer that were lent, then those handed over, in their order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Handed {
    /// The edits of all rounds.
    pub(crate) edits: Vec<HandedEdit>,
    /// Where each round of edits ends in `edits`; those of a round belong to the text that the round before it made.
    pub(crate) rounds: Vec<u32>,
    pub(crate) rows: Vec<HandedRow>,
    pub(crate) attrs: Vec<HandedAttr>,
    pub(crate) links: Vec<HandedLink>,
    pub(crate) warnings: Vec<(String, String)>,
    pub(crate) fate: Option<HandedFate>,
    pub(crate) texts: String,
}

/// A place in [`Handed::texts`].
pub(crate) type TextAt = (u32, u32);

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct HandedEdit {
    pub(crate) span: Range32,
    pub(crate) kind: HandedEditKind,
    pub(crate) with: TextAt,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum HandedEditKind {
    Replace,
    Delete,
    DeleteBefore,
    DeleteBehind,
    Reverse,
    Withhold,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct HandedRow {
    pub(crate) layer: u16,
    pub(crate) span: Range32,
    pub(crate) score: f32,
    pub(crate) label: u16,
    pub(crate) rule: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct HandedAttr {
    pub(crate) layer: u16,
    pub(crate) row: u32,
    pub(crate) key: u16,
    pub(crate) value: TextAt,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct HandedLink {
    pub(crate) layer: u16,
    pub(crate) row: u32,
    pub(crate) key: u16,
    pub(crate) to_layer: u16,
    pub(crate) to_row: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum HandedFate {
    Failed { code: String, message: String },
    Dropped { reason: String },
}

/// Does to a document what was done to it behind the border. Where something of it may not be, the document fails,
/// with the code `plugin`; what was applied before that stays, as with any stage that fails half-way.
pub(crate) fn apply(document: &mut Document, cx: &Context<'_>, names: &Names, handed: &Handed) {
    let border = Border { names, grants: cx.grants(), stage: names.stage(cx.stage()) };
    if let Err(fault) =
        edit(document, cx, &border, handed).and_then(|()| annotate(document, cx, &border, handed))
    {
        let error = border.error(document, document.content().text(), &fault);
        document.fail(error);
        return;
    }
    for (code, message) in &handed.warnings {
        document.warn(code.clone(), message.clone());
    }
    match &handed.fate {
        None => {}
        Some(HandedFate::Failed { code, message }) => {
            document.fail(DocError::new(code.clone(), message.clone()))
        }
        Some(HandedFate::Dropped { reason }) => match border.drops() {
            Ok(()) => document.drop_for(reason.clone()),
            Err(fault) => document.fail(border.error(document, "", &fault)),
        },
    }
}

impl Handed {
    /// What a stage did to a [copy](Document::copy_of) of a document.
    pub(crate) fn gather(document: &Document) -> Self {
        let mut handed = Handed::default();
        for round in document.rewrites() {
            for edit in &round {
                let kind = HandedEditKind::from(edit.kind);
                let with = handed.text(edit.with);
                handed.edits.push(HandedEdit {
                    span: (edit.range.start as u32, edit.range.end as u32),
                    kind,
                    with,
                });
            }
            handed.rounds.push(handed.edits.len() as u32);
        }
        for (LayerId(layer), added) in document.added() {
            handed.rows.extend(added.rows.iter().map(|row| HandedRow {
                layer,
                span: (row.span.begin, row.span.end),
                score: row.score,
                label: row.label.0,
                rule: row.rule.0,
            }));
            for attr in added.attrs {
                let value = handed.text(document.tables().value(attr));
                handed.attrs.push(HandedAttr { layer, row: attr.row, key: attr.key.0, value });
            }
            handed.links.extend(added.links.iter().map(|link| HandedLink {
                layer,
                row: link.row,
                key: link.key.0,
                to_layer: link.to.layer.0,
                to_row: link.to.index,
            }));
        }
        let warnings = document.warnings().iter();
        handed.warnings =
            warnings.map(|warning| (warning.code.to_string(), warning.message.clone())).collect();
        handed.fate = match document.fate() {
            Fate::Live => None,
            Fate::Failed(error) => {
                Some(HandedFate::Failed { code: error.code.to_string(), message: error.message.clone() })
            }
            Fate::Dropped(reason) => Some(HandedFate::Dropped { reason: reason.to_string() }),
        };
        handed
    }

    /// Empties it and keeps its memory.
    pub(crate) fn clear(&mut self) {
        self.edits.clear();
        self.rounds.clear();
        self.rows.clear();
        self.attrs.clear();
        self.links.clear();
        self.warnings.clear();
        self.fate = None;
        self.texts.clear();
    }

    /// Keeps a text.
    pub(crate) fn text(&mut self, text: &str) -> TextAt {
        let begin = self.texts.len() as u32;
        self.texts.push_str(text);
        (begin, self.texts.len() as u32)
    }

    /// A text that is kept.
    pub(crate) fn text_at(&self, (begin, end): TextAt) -> Result<&str, Fault> {
        let text = self.texts.get(begin as usize..end as usize);
        text.ok_or_else(|| Fault::new("a text that is not there"))
    }

    /// Makes the edits of a round of a text; all are checked.
    pub(crate) fn make_edits<'t>(
        &self,
        border: &Border<'_>,
        round: usize,
        text: &'t str,
        edits: &mut Edits<'t>,
    ) -> Result<(), Fault> {
        let mut done = 0;
        for edit in self.round(round) {
            let (kind, with) = (EditKind::from(edit.kind), self.text_at(edit.with)?);
            border.edit(text, done, edit.span, kind, with)?;
            done = edit.span.1;
            let range = edit.span.0 as usize..edit.span.1 as usize;
            let made = edits.make(&Edit { range: range.clone(), kind, with });
            made.map_err(|error| Fault {
                at: Some(range),
                what: format!("an edit that is refused: {error}"),
            })?;
        }
        Ok(())
    }

    fn round(&self, round: usize) -> &[HandedEdit] {
        let end = self.rounds.get(round).copied().unwrap_or_default();
        let begin =
            round.checked_sub(1).and_then(|before| self.rounds.get(before)).copied().unwrap_or_default();
        self.edits.get(begin as usize..end as usize).unwrap_or_default()
    }
}

impl From<EditKind> for HandedEditKind {
    fn from(kind: EditKind) -> Self {
        match kind {
            EditKind::Replace => HandedEditKind::Replace,
            EditKind::Delete(Attach::Nothing) => HandedEditKind::Delete,
            EditKind::Delete(Attach::Before) => HandedEditKind::DeleteBefore,
            EditKind::Delete(Attach::After) => HandedEditKind::DeleteBehind,
            EditKind::Reverse => HandedEditKind::Reverse,
            EditKind::Withhold => HandedEditKind::Withhold,
        }
    }
}

impl From<HandedEditKind> for EditKind {
    fn from(kind: HandedEditKind) -> Self {
        match kind {
            HandedEditKind::Replace => EditKind::Replace,
            HandedEditKind::Delete => EditKind::Delete(Attach::Nothing),
            HandedEditKind::DeleteBefore => EditKind::Delete(Attach::Before),
            HandedEditKind::DeleteBehind => EditKind::Delete(Attach::After),
            HandedEditKind::Reverse => EditKind::Reverse,
            HandedEditKind::Withhold => EditKind::Withhold,
        }
    }
}

fn edit(
    document: &mut Document,
    cx: &Context<'_>,
    border: &Border<'_>,
    handed: &Handed,
) -> Result<(), Fault> {
    for round in 0..handed.rounds.len() {
        border.edits(!document.tables().is_empty())?;
        let mut fault = None;
        let edited = document.edit(cx, |content, edits| {
            fault = handed.make_edits(border, round, content.text(), edits).err();
            // An edit that may not be takes its whole round along.
            if fault.is_some() { Err(isnad_core::EditError::NotDeclared) } else { Ok(()) }
        });
        match (fault, edited) {
            (Some(fault), _) => return Err(fault),
            (None, Err(error)) => return Err(Fault::new(format!("edits that are refused: {error}"))),
            (None, Ok(())) => {}
        }
    }
    Ok(())
}

fn annotate(
    document: &mut Document,
    cx: &Context<'_>,
    border: &Border<'_>,
    handed: &Handed,
) -> Result<(), Fault> {
    if handed.rows.is_empty() && handed.attrs.is_empty() && handed.links.is_empty() {
        return Ok(());
    }
    let (content, mut annotator) = document.annotate(cx);
    let text = content.text();
    let mut numbers = Numbers::default();
    let mut layer = None;
    for row in &handed.rows {
        let id = LayerId(row.layer);
        if layer != Some(id) {
            border.layer(u32::from(row.layer))?;
            border.rows(id)?;
            layer = Some(id);
        }
        let new = NewRow { span: row.span, score: row.score, label: Sym(row.label), rule: Sym(row.rule) };
        border.row(text, id, &new)?;
        let span = Span { begin: row.span.0, end: row.span.1 };
        match annotator.add(id, span, new.label, new.rule, new.score) {
            Ok(made) => numbers.made(made),
            Err(RowError::Duplicate(there)) => {
                numbers.stands_for(there, annotator.tables().rows(id).len());
            }
            Err(error) => return Err(refused("a row", &error)),
        }
    }
    for attr in &handed.attrs {
        let (layer, key) = (border.layer(u32::from(attr.layer))?, Sym(attr.key));
        border.attr(layer, key)?;
        let row = numbers.real(RowRef { layer, index: attr.row });
        let value = handed.text_at(attr.value)?;
        annotator.attr(row, key, value).map_err(|error| match error {
            RowError::NoRow(_) => {
                border.no_row("an attr on", layer, attr.row, annotator.tables().rows(layer).len())
            }
            RowError::Written(..) => twice(border, "the attr", layer, key, attr.row),
            error => refused("an attr", &error),
        })?;
    }
    for link in &handed.links {
        let (layer, key) = (border.layer(u32::from(link.layer))?, Sym(link.key));
        let to_layer = border.layer(u32::from(link.to_layer))?;
        border.link(layer, key)?;
        let to = RowRef { layer: to_layer, index: link.to_row };
        if !border.grants.lent(to_layer) {
            return Err(border.no_row("a link to", to_layer, link.to_row, 0));
        }
        let row = numbers.real(RowRef { layer, index: link.row });
        annotator.link(row, key, numbers.real(to)).map_err(|error| match error {
            RowError::NoRow(at) if at == row => {
                border.no_row("a link on", layer, link.row, annotator.tables().rows(layer).len())
            }
            RowError::NoRow(at) => {
                border.no_row("a link to", at.layer, link.to_row, annotator.tables().rows(at.layer).len())
            }
            RowError::Written(..) => twice(border, "the link", layer, key, link.row),
            error => refused("a link", &error),
        })?;
    }
    Ok(())
}

fn refused(what: &str, error: &RowError) -> Fault {
    Fault::new(format!("{what} that is refused: {error}"))
}

fn twice(border: &Border<'_>, what: &str, layer: LayerId, key: Sym, row: u32) -> Fault {
    let (key, layer) = (border.names.name(key), border.layer_name(layer));
    Fault::new(format!("{what} `{key}` on row {row} of layer `{layer}`, which bears it already"))
}

/// From the numbers of rows as the stage counts them to those that they have: different where rows were handed over
/// that were there already.
#[derive(Default)]
struct Numbers {
    /// For layers with such rows: by number on the other side.
    differ: HashMap<LayerId, Vec<u32>>,
}

impl Numbers {
    fn made(&mut self, row: RowRef) {
        if !self.differ.is_empty()
            && let Some(numbers) = self.differ.get_mut(&row.layer)
        {
            numbers.push(row.index);
        }
    }

    /// The next row of its layer is one that is there; `count` rows of it are, each so far with its own number.
    fn stands_for(&mut self, row: RowRef, count: usize) {
        self.differ.entry(row.layer).or_insert_with(|| (0..count as u32).collect()).push(row.index);
    }

    fn real(&self, row: RowRef) -> RowRef {
        if self.differ.is_empty() {
            return row;
        }
        let index = self.differ.get(&row.layer).map(|numbers| numbers.get(row.index as usize).copied());
        match index {
            None => row,
            // A number that no row has stays one.
            Some(index) => RowRef { index: index.unwrap_or(u32::MAX), ..row },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use isnad_core::{Article, ChainLink, Contract, Plan, Reads, StageId, Writes, check_chain};
    use proptest::prelude::*;

    use super::*;

    /// A chain in which the second stage may write rows of `b` and attrs on `a`, or, where it `rewrites`, edit.
    fn plan(rewrites: bool) -> Plan {
        let first = Contract::new().writes(Writes::rows("a", 1).labels(["A"]));
        let second = Contract::new()
            .reads(Reads::layer("a", 1))
            .writes(Writes::onto("a", 1).attrs(["note"]))
            .writes(Writes::rows("b", 1).labels(["A"]).attrs(["note"]).links(["to"]).rules(["r"]));
        let mut chain =
            vec![ChainLink { id: "first", contract: &first }, ChainLink { id: "second", contract: &second }];
        let rewriter = Contract::new().rewrites_text().drops_documents();
        if rewrites {
            chain = vec![ChainLink { id: "rewriter", contract: &rewriter }];
        }
        check_chain(&chain, &|_, _| Vec::new()).unwrap()
    }

    fn document(text: &str, plan: &Plan, cancelled: &AtomicBool) -> Document {
        let mut document = Document::new(Article { id: "n".into(), raw: text.into(), ..Article::default() });
        if let (Some(layer), Some(first)) = (plan.names.layer("a"), text.chars().next()) {
            let cx = Context::new(StageId(0), &plan.grants[0], cancelled);
            let (_, mut hand) = document.annotate(&cx);
            hand.add(layer, Span::new(0, first.len_utf8()), Sym::NONE, Sym::NONE, 1.0).unwrap();
        }
        document
    }

    prop_compose! {
        /// What a process that does what it likes might hand over: numbers that are often good, and often not.
        fn handed()(
            edits in prop::collection::vec(((0u32..9, 0u32..9), 0usize..6, (0u32..6, 0u32..6)), 0..4),
            rounds in prop::collection::vec(0u32..5, 0..3),
            rows in prop::collection::vec((0u16..4, (0u32..9, 0u32..9), prop_oneof![Just(0.5f32), Just(f32::NAN)], 0u16..6, 0u16..6), 0..5),
            attrs in prop::collection::vec((0u16..4, 0u32..4, 0u16..6, (0u32..6, 0u32..6)), 0..3),
            links in prop::collection::vec((0u16..4, 0u32..4, 0u16..6, 0u16..4, 0u32..4), 0..3),
            drops in any::<bool>(),
        ) -> Handed {
            use HandedEditKind::*;
            let kinds = [Replace, Delete, DeleteBefore, DeleteBehind, Reverse, Withhold];
            let edit = |(span, kind, with): (_, usize, _)| HandedEdit { span, kind: kinds[kind], with };
            Handed {
                edits: edits.into_iter().map(edit).collect(),
                rounds,
                rows: rows.into_iter().map(|(layer, span, score, label, rule)| HandedRow { layer, span, score, label, rule }).collect(),
                attrs: attrs.into_iter().map(|(layer, row, key, value)| HandedAttr { layer, row, key, value }).collect(),
                links: links.into_iter().map(|(layer, row, key, to_layer, to_row)| HandedLink { layer, row, key, to_layer, to_row }).collect(),
                warnings: Vec::new(),
                fate: drops.then(|| HandedFate::Dropped { reason: "x".into() }),
                texts: "ab\u{0627}c".into(), // ALEF
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        /// Whatever is handed over, what comes of it is sound, or the document has failed and says who did it.
        #[test]
        fn nothing_that_is_handed_over_does_harm(handed in handed(), text in "[a\u{0627}\u{0644} ]{0,6}", rewrites in any::<bool>()) {
            let (plan, cancelled) = (plan(rewrites), AtomicBool::new(false));
            let mut document = document(&text, &plan, &cancelled);
            let id = plan.grants.len() - 1;
            let cx = Context::new(StageId(id as u16), &plan.grants[id], &cancelled);
            apply(&mut document, &cx, &plan.names, &handed);
            let content = document.content();
            for (layer, _) in plan.names.layers() {
                for row in document.tables().rows(layer) {
                    prop_assert!(!row.span.is_empty() && content.text().get(row.span.range()).is_some());
                    prop_assert!(!content.to_raw(row.span).is_empty());
                }
            }
            if let Fate::Failed(error) = document.fate() {
                prop_assert_eq!(&error.code, "plugin");
                prop_assert!(error.message.starts_with("document `n`") && error.message.contains("handed over"), "{:?}", error);
            }
        }

        /// What was done to a copy, done to the document, makes it the copy.
        #[test]
        fn gathered_and_applied_is_done(first in handed(), text in "[a\u{0627}\u{0644} ]{1,6}", rewrites in any::<bool>()) {
            let (plan, cancelled) = (plan(rewrites), AtomicBool::new(false));
            let mut document = document(&text, &plan, &cancelled);
            let id = plan.grants.len() - 1;
            let cx = Context::new(StageId(id as u16), &plan.grants[id], &cancelled);
            let mut copy = Document::new(Article::default());
            copy.copy_of(&document.shown(&plan.grants[id], plan.names.layer_count() as u16));
            apply(&mut copy, &cx, &plan.names, &first);
            apply(&mut document, &cx, &plan.names, &Handed::gather(&copy));
            prop_assert_eq!(document.content().text(), copy.content().text());
            prop_assert_eq!(document.content().alignment(), copy.content().alignment());
            prop_assert_eq!(document.fate(), copy.fate());
            for (layer, _) in plan.names.layers() {
                prop_assert_eq!(document.tables().rows(layer), copy.tables().rows(layer));
                prop_assert_eq!(document.tables().layer(layer).attrs, copy.tables().layer(layer).attrs);
                prop_assert_eq!(document.tables().layer(layer).links, copy.tables().layer(layer).links);
            }
        }
    }
}
