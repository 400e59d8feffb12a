//! Shown only the layers that its contract names, a stage writes the same.
//!
//! The stages before that rewrite text run as always; then the rows of the lent layers are copied into
//! the new document, and all else is left out.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

use isnad_core::{
    Article, Batch, ChainLink, Context, Contract, Document, Names, Plan, RowRef, SinkKind, StageId, Sym,
    TextAccess, Writes, check_chain,
};

use super::rig::{Rig, UNDER_TEST};
use super::{Law, LawBroken};
use crate::snapshot::{escaped, title};

pub(super) fn needs_its_reads(rig: &Rig<'_>, articles: &[Article]) -> Result<(), LawBroken> {
    let rewrites = |index: &usize| rig.upstream[*index].contract().text == TextAccess::Rewrites;
    let rewriters: Vec<usize> = (0..rig.upstream.len()).filter(rewrites).collect();
    let annotators = rig.upstream.len() - rewriters.len();
    let mixed = rewriters.iter().any(|&index| !rig.upstream[index].contract().writes.is_empty());
    if annotators == 0 || mixed || rig.contract().sink != SinkKind::None {
        return Ok(());
    }
    let lent = lent_layers(rig);
    let Some(plan) = plan(rig, &rewriters, &lent) else { return Ok(()) };

    let full = rig.prepare(articles)?;
    let mut shown = Batch::new(Vec::new());
    let running = AtomicBool::new(false);
    for (article, full) in articles.iter().zip(full.documents()) {
        let mut document = rewritten(rig, &rewriters, &plan, article)?;
        if full.is_live() {
            copy(rig.names(), full, &plan, StageId(rewriters.len() as u16), &mut document);
        } else {
            document.drop_for("out before the stage");
        }
        shown.documents_mut().push(document);
    }
    let id = StageId(rewriters.len() as u16 + 1);
    let grants = plan.grants.last().expect("the chain ends with the stage under test");
    let mut worker =
        rig.stage.open(&plan.names).map_err(|error| broken(format!("no worker could be opened: {error}")))?;
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        worker.process(&mut shown, &Context::new(id, grants, &running))
    }));
    match outcome {
        Ok(Ok(())) => {}
        Ok(Err(error)) => return Err(broken(format!("the stage ended the run: {error}"))),
        Err(_) => return Err(broken("the stage panicked".to_owned())),
    }

    let mut full = full;
    rig.process(&mut *rig.worker()?, &mut full)?;
    for (full, shown) in full.documents().iter().zip(shown.documents()) {
        if matches!(shown.fate(), isnad_core::Fate::Dropped(reason) if reason == "out before the stage") {
            continue;
        }
        let (all, few) = (written(full, rig.names(), rig.id()), written(shown, &plan.names, id));
        let all_lines: BTreeSet<&String> = all.iter().collect();
        let few_lines: BTreeSet<&String> = few.iter().collect();
        if let Some(line) = all_lines.difference(&few_lines).next() {
            return Err(broken(format!("only when shown all layers, the stage writes\n  {line}")));
        }
        if let Some(line) = few_lines.difference(&all_lines).next() {
            return Err(broken(format!("only when shown its own layers, the stage writes\n  {line}")));
        }
        if all != few {
            return Err(broken(
                "the order of what the stage writes depends on layers it does not read".to_owned(),
            ));
        }
    }
    Ok(())
}

fn broken(what: String) -> LawBroken {
    LawBroken::of(Law::NeedsItsReads, format!("shown only the layers its contract names: {what}"))
}

/// The layers that the contract reads or writes, and the stages before it make.
fn lent_layers(rig: &Rig<'_>) -> BTreeSet<String> {
    let contract = rig.contract();
    let named = contract
        .reads
        .iter()
        .map(|reads| &reads.layer)
        .chain(contract.writes.iter().map(|writes| &writes.layer));
    let made = |layer: &&isnad_core::Text| {
        rig.upstream.iter().any(|stage| stage.contract().writes.iter().any(|writes| writes.layer == ***layer))
    };
    named.filter(made).map(|layer| layer.to_string()).collect()
}

/// The plan of: rewriters, one stage that gives the lent layers, the stage under test.
fn plan(rig: &Rig<'_>, rewriters: &[usize], lent: &BTreeSet<String>) -> Option<Plan> {
    let mut lender = Contract::new();
    for stage in &rig.upstream {
        for writes in stage.contract().writes.iter().filter(|writes| lent.contains(&*writes.layer)) {
            lender.writes.push(Writes { rows: true, exclusive: false, ..writes.clone() });
        }
    }
    let ids: Vec<String> = rewriters.iter().map(|index| format!("upstream-{}", index + 1)).collect();
    let mut chain: Vec<ChainLink<'_>> = rewriters
        .iter()
        .zip(&ids)
        .map(|(&index, id)| ChainLink { id, contract: rig.upstream[index].contract() })
        .collect();
    chain.push(ChainLink { id: "lender", contract: &lender });
    chain.push(ChainLink { id: UNDER_TEST, contract: rig.contract() });
    check_chain(&chain, &|_, _| Vec::new()).ok()
}

fn rewritten(
    rig: &Rig<'_>,
    rewriters: &[usize],
    plan: &Plan,
    article: &Article,
) -> Result<Document, LawBroken> {
    let mut batch = Batch::new(vec![Document::new(article.clone())]);
    let running = AtomicBool::new(false);
    for (place, &index) in rewriters.iter().enumerate() {
        let cx = Context::new(StageId(place as u16), &plan.grants[place], &running);
        let outcome =
            rig.upstream[index].open(&plan.names).and_then(|mut worker| worker.process(&mut batch, &cx));
        outcome.map_err(|error| {
            LawBroken::of(Law::Chain, format!("`upstream-{}` failed: {error}", index + 1))
        })?;
    }
    Ok(batch.documents_mut().pop().expect("a stage leaves its documents in the batch"))
}

/// Copies the rows of the layers that the new plan knows, with attrs and links among them.
fn copy(names: &Names, from: &Document, plan: &Plan, lender: StageId, to: &mut Document) {
    let running = AtomicBool::new(false);
    let cx = Context::new(lender, &plan.grants[lender.0 as usize], &running);
    let tables = from.tables();
    let sym = |sym: Sym| plan.names.sym(names.name(sym)).unwrap_or(Sym::NONE);
    let there = |row: RowRef| {
        let layer = plan.names.layer(&names.layer_info(row.layer)?.name)?;
        Some(RowRef { layer, ..row })
    };
    let (_, mut rows) = to.annotate(&cx);
    for (layer, info) in names.layers() {
        let Some(new) = plan.names.layer(&info.name).filter(|layer| cx.grants().rows(*layer)) else {
            continue;
        };
        for row in tables.rows(layer) {
            let _ = rows.add(new, row.span, sym(row.label), sym(row.rule), row.score);
        }
    }
    for (layer, _) in names.layers() {
        for (row, _) in tables.refs(layer) {
            let Some(new) = there(row) else { continue };
            let attrs: Vec<_> = tables.attrs(row).collect();
            for attr in attrs.into_iter().rev() {
                let _ = rows.attr(new, sym(attr.key), tables.value(attr));
            }
            let links: Vec<_> = tables.links(row).collect();
            for link in links.into_iter().rev() {
                // Links to rows that are not lent read as none.
                if let Some(target) = there(link.to) {
                    let _ = rows.link(new, sym(link.key), target);
                }
            }
        }
    }
}

/// What one stage wrote, by name.
fn written(document: &Document, names: &Names, stage: StageId) -> Vec<String> {
    let tables = document.tables();
    let mut lines =
        vec![format!("text «{}»", escaped(document.content().text())), format!("fate {:?}", document.fate())];
    let mut layers: Vec<_> = names.layers().collect();
    layers.sort_by_key(|(_, info)| &info.name);
    for (layer, _) in layers {
        for (row, found) in tables.refs(layer) {
            let at = title(tables, names, row);
            if found.stage == stage {
                lines.push(format!("{at} rule {:?} score {}", names.name(found.rule), found.score));
            }
            let mut own: Vec<String> = tables
                .attrs(row)
                .filter(|attr| attr.stage == stage)
                .map(|attr| format!("{at} {}={:?}", names.name(attr.key), tables.value(attr)))
                .collect();
            let links = tables.links(row).filter(|link| link.stage == stage);
            own.extend(
                links.map(|link| format!("{at} {}→{}", names.name(link.key), title(tables, names, link.to))),
            );
            lines.append(&mut own);
        }
    }
    lines
}
