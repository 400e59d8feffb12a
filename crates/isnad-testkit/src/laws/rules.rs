//! The laws that need nothing but a chain and articles.

use isnad_arabic::{Census, Folded};
use isnad_core::{
    Article, Batch, Document, DocumentEffect, Fate, Order, SegmentKind, Span, Sym, TextAccess, Writes,
};

use super::rig::Rig;
use super::state::{RowState, State, same};
use super::{Law, LawBroken};
use crate::snapshot::line;

type Kept = Result<(), LawBroken>;

/// The laws that one pass over the articles shows.
pub(super) const ONE_PASS: [Law; 4] = [Law::NoPanic, Law::Honest, Law::Rows, Law::Views];

/// Of these laws those that are wanted: no panic; only what is declared changes; rows lie where they may;
/// views fit the text.
pub(super) fn one_pass(rig: &Rig<'_>, articles: &[Article], wants: &dyn Fn(Law) -> bool) -> Kept {
    let mut batch = rig.prepare(articles)?;
    for document in batch.documents() {
        // So that a view that outlives an edit is seen.
        let _ = (document.content().census(), document.content().folded());
    }
    if wants(Law::Honest) {
        same_contract(rig, "asked again, the stage gives another contract")?;
    }
    let before = State::all(&batch, rig.names());
    rig.process(&mut *rig.worker()?, &mut batch)?;
    let after = State::all(&batch, rig.names());
    if wants(Law::Honest) {
        same_contract(rig, "after work, the stage gives another contract")?;
        if before.len() != after.len() {
            let what =
                "put documents into the batch or took some out of it; dropping is done with `drop_for`";
            return Err(LawBroken::of(Law::Honest, format!("the stage {what}")));
        }
        for (before, after) in before.iter().zip(&after) {
            changes(rig, before, after).map_err(|what| LawBroken::of(Law::Honest, what))?;
        }
    }
    for document in batch.documents() {
        if wants(Law::Rows) {
            rows(rig, document).map_err(|what| LawBroken::of(Law::Rows, what))?;
        }
        if wants(Law::Views) {
            views(document).map_err(|what| LawBroken::of(Law::Views, what))?;
        }
    }
    Ok(())
}

/// Rewriting twice is rewriting once; the alignment is sound.
pub(super) fn normal(rig: &Rig<'_>, articles: &[Article]) -> Kept {
    if rig.contract().text != TextAccess::Rewrites {
        return Ok(());
    }
    let mut batch = rig.run(articles)?;
    for document in batch.documents() {
        alignment(document).map_err(|what| LawBroken::of(Law::Normal, what))?;
    }
    let once = State::all(&batch, rig.names());
    rig.process(&mut *rig.worker()?, &mut batch)?;
    let mut twice = State::all(&batch, rig.names());
    for (once, twice) in once.iter().zip(&mut twice) {
        twice.warnings.clone_from(&once.warnings);
    }
    same(Law::Normal, &once, &twice, rig.names(), "rewriting once (-) and twice (+) differ")
}

/// Two workers, and one worker used twice, do the same.
pub(super) fn deterministic(rig: &Rig<'_>, articles: &[Article]) -> Kept {
    let mut worker = rig.worker()?;
    let mut run = |what: &str, first: Option<&Vec<State>>| {
        let mut batch = rig.prepare(articles)?;
        rig.process(&mut *worker, &mut batch)?;
        let states = State::all(&batch, rig.names());
        if let Some(first) = first {
            same(Law::Deterministic, first, &states, rig.names(), what)?;
        }
        Ok(states)
    };
    let first = run("", None)?;
    run("one worker used once (-) and again (+) differs", Some(&first))?;
    let other = State::all(&rig.run(articles)?, rig.names());
    same(Law::Deterministic, &first, &other, rig.names(), "one worker (-) and another (+) differ")
}

/// One batch, and a batch for each document, do the same.
pub(super) fn batch_free(rig: &Rig<'_>, articles: &[Article]) -> Kept {
    let together = State::all(&rig.run(articles)?, rig.names());
    let mut worker = rig.worker()?;
    let mut alone = Vec::new();
    for article in articles {
        let mut batch = rig.prepare(std::slice::from_ref(article))?;
        rig.process(&mut *worker, &mut batch)?;
        alone.extend(State::all(&batch, rig.names()));
    }
    same(Law::BatchFree, &together, &alone, rig.names(), "in one batch (-) and each alone (+) differ")
}

/// Forwards and backwards, documents become the same.
pub(super) fn order(rig: &Rig<'_>, articles: &[Article]) -> Kept {
    if rig.contract().order == Order::Input || articles.len() < 2 {
        return Ok(());
    }
    let forwards = State::all(&rig.run(articles)?, rig.names());
    let backwards: Vec<Article> = articles.iter().rev().cloned().collect();
    let mut backwards = State::all(&rig.run(&backwards)?, rig.names());
    backwards.reverse();
    same(Law::Order, &forwards, &backwards, rig.names(), "in order (-) and backwards (+) differ")
}

/// Mark, process, roll back: as if nothing had happened.
pub(super) fn rollback(rig: &Rig<'_>, articles: &[Article]) -> Kept {
    let mut batch = rig.prepare(articles)?;
    let before = State::all(&batch, rig.names());
    let marks: Vec<_> = batch.documents_mut().iter_mut().map(Document::mark).collect();
    rig.process(&mut *rig.worker()?, &mut batch)?;
    for (document, mark) in batch.documents_mut().iter_mut().zip(&marks) {
        document.rollback(mark);
    }
    let after = State::all(&batch, rig.names());
    same(Law::Rollback, &before, &after, rig.names(), "before (-) and after rolling back (+) differ")?;
    batch.documents().iter().try_for_each(views).map_err(|what| LawBroken::of(Law::Rollback, what))
}

/// Told to stop, the stage stops or goes on, but does not fall.
pub(super) fn cancel(rig: &Rig<'_>, articles: &[Article]) -> Kept {
    let mut batch: Batch = rig.prepare(articles)?;
    rig.process_cancelled(&mut *rig.worker()?, &mut batch)
}

/// A contract holds for the whole life of a stage.
fn same_contract(rig: &Rig<'_>, what: &str) -> Kept {
    match rig.stage.contract() == rig.contract() {
        true => Ok(()),
        false => Err(LawBroken::of(Law::Honest, what)),
    }
}

fn changes(rig: &Rig<'_>, before: &State, after: &State) -> Result<(), String> {
    let contract = rig.contract();
    if (&before.id, &before.raw, &before.about) != (&after.id, &after.raw, &after.about) {
        return Err(
            "the stage changed what a document came with: id, raw text, metadata, date or origin".to_owned()
        );
    }
    if !before.is_live() && before != after {
        return Err("the stage touched a document that was out already; use `Batch::live_mut`".to_owned());
    }
    if before.text != after.text || before.alignment != after.alignment {
        if contract.text != TextAccess::Rewrites {
            return Err("the stage rewrote text, but its contract does not say `rewrites_text`".to_owned());
        }
        if before.layers.iter().any(|rows| !rows.is_empty()) {
            return Err("the stage rewrote text on which rows lay".to_owned());
        }
    }
    match &after.fate {
        Fate::Dropped(reason) if before.is_live() && contract.documents != DocumentEffect::Drops => {
            return Err(format!(
                "the stage dropped a document ({reason}), but its contract does not say `drops_documents`"
            ));
        }
        Fate::Failed(error) if before.is_live() && matches!(&*error.code, "row" | "edit" | "plugin") => {
            return Err(format!("the stage tried something that was refused: {}", error.message));
        }
        _ => {}
    }
    if !after.warnings.starts_with(&before.warnings) {
        return Err("the stage took back a warning".to_owned());
    }
    for (index, (before, after)) in before.layers.iter().zip(&after.layers).enumerate() {
        let layer = rig.names().layers().nth(index).map_or("", |(_, info)| info.name.as_str());
        let writes: Vec<&Writes> = contract.writes.iter().filter(|writes| writes.layer == layer).collect();
        layer_changes(rig, &writes, before, after).map_err(|what| format!("layer `{layer}`: {what}"))?;
    }
    Ok(())
}

fn layer_changes(
    rig: &Rig<'_>,
    writes: &[&Writes],
    before: &[RowState],
    after: &[RowState],
) -> Result<(), String> {
    let name = |sym: Sym| rig.names().name(sym);
    let declared = |sym: Sym, list: fn(&Writes) -> &Vec<isnad_core::Text>| {
        writes.iter().any(|writes| list(writes).iter().any(|text| text == name(sym)))
    };
    if after.len() < before.len() {
        return Err("the stage took rows away".to_owned());
    }
    for (index, state) in after.iter().enumerate() {
        let (attrs, links) = match before.get(index) {
            Some(old) => {
                if old.row != state.row
                    || !state.attrs.starts_with(&old.attrs)
                    || !state.links.starts_with(&old.links)
                {
                    return Err(format!("the stage changed row {index}, which was there before"));
                }
                (old.attrs.len(), old.links.len())
            }
            None => {
                let row = &state.row;
                if !writes.iter().any(|writes| writes.rows) {
                    return Err("the stage added a row, but its contract does not declare that".to_owned());
                }
                if row.stage != rig.id() {
                    return Err(format!("row {index} is new, but bears the name of another stage"));
                }
                if row.label != Sym::NONE && !declared(row.label, |writes| &writes.labels) {
                    return Err(format!("the contract does not declare the label `{}`", name(row.label)));
                }
                if row.rule != Sym::NONE && !declared(row.rule, |writes| &writes.rules) {
                    return Err(format!("the contract does not declare the rule `{}`", name(row.rule)));
                }
                (0, 0)
            }
        };
        for (key, _, stage) in state.attrs.iter().skip(attrs) {
            if *stage != rig.id() || !declared(*key, |writes| &writes.attrs) {
                return Err(format!("the contract does not declare the attr `{}`", name(*key)));
            }
        }
        for (key, _, stage) in state.links.iter().skip(links) {
            if *stage != rig.id() || !declared(*key, |writes| &writes.links) {
                return Err(format!("the contract does not declare the link `{}`", name(*key)));
            }
        }
    }
    Ok(())
}

fn rows(rig: &Rig<'_>, document: &Document) -> Result<(), String> {
    let content = document.content();
    for (layer, _) in rig.names().layers() {
        for (row, found) in document.tables().refs(layer) {
            let wrong = |what: &str| Err(format!("{what}: {}", line(document, rig.names(), row)));
            if found.span.begin >= found.span.end {
                return wrong("a row is empty");
            }
            if content.text().get(found.span.range()).is_none() {
                return wrong("a row does not lie in the text on code-point borders");
            }
            if !(0.0..=1.0).contains(&found.score) {
                return wrong("a score is no number from 0 to 1");
            }
            let raw = content.to_raw(found.span);
            match content.raw().get(raw.range()) {
                None => return wrong("a row does not map into the raw text on code-point borders"),
                Some("") => return wrong("a row maps to nothing in the raw text"),
                Some(_) => {}
            }
        }
    }
    Ok(())
}

fn views(document: &Document) -> Result<(), String> {
    let content = document.content();
    if *content.census() != Census::of(content.text()) {
        return Err("the census is not that of the text".to_owned());
    }
    if content.folded() != &Folded::new(content.text()) {
        return Err("the folded view is not that of the text".to_owned());
    }
    Ok(())
}

fn alignment(document: &Document) -> Result<(), String> {
    let content = document.content();
    let segments = content.alignment().segments();
    let (mut at, mut old) = (0, Span::default());
    let turned = segments.iter().any(|segment| segment.kind == SegmentKind::Reversed);
    for segment in segments {
        if segment.new.begin != at || content.text().get(segment.new.range()).is_none() {
            return Err(format!("the alignment does not cover the text at byte {at}: {segments:?}"));
        }
        if content.raw().get(segment.old.range()).is_none() {
            return Err(format!("the alignment leaves the raw text: {segment:?}"));
        }
        if !turned && (segment.old.begin < old.begin || segment.old.end < old.end) {
            return Err(format!("the alignment goes backwards without being reversed: {segments:?}"));
        }
        (at, old) = (segment.new.end, segment.old);
    }
    if at as usize != content.text().len() {
        return Err(format!("the alignment ends at byte {at} of {}", content.text().len()));
    }
    for (begin, c) in content.text().char_indices() {
        let raw = content.to_raw(Span::new(begin, begin + c.len_utf8()));
        if raw.is_empty() || content.raw().get(raw.range()).is_none() {
            return Err(format!("{c:?} at byte {begin} maps to {}..{} of the raw text", raw.begin, raw.end));
        }
    }
    Ok(())
}
