//! What one stage wrote, or the rows of some layers, in a form for people.

use isnad_core::{Document, Names, RowRef, Span, StageId};

use crate::snapshot::escaped;

/// What a stage wrote on a document, a line for each row in the order of the text: layer, label, «text»,
/// then the attrs and links that this stage gave it. Rows of earlier stages stand here only if it added
/// to them. Places, rules and scores are left out; [`snapshot`](crate::snapshot) has them.
///
/// ```text
/// entity PER «سامح شكري» name=سامح شكري
/// quote direct «…» channel=phone speaker→«سامح شكري»
/// ```
pub fn rows(document: &Document, names: &Names, stage: StageId) -> String {
    listed(document, names, &|_| true, Some(stage))
}

/// The rows of these layers, whatever stages wrote them, in the form of [`rows`].
pub fn layer_rows(document: &Document, names: &Names, layers: &[&str]) -> String {
    listed(document, names, &|layer| layers.contains(&layer), None)
}

/// The rows of the layers that are `wanted`, with what was written `by` one stage, or by all.
fn listed(document: &Document, names: &Names, wanted: &dyn Fn(&str) -> bool, by: Option<StageId>) -> String {
    let tables = document.tables();
    let mut lines: Vec<(Span, usize, String)> = Vec::new();
    for (layer, (id, info)) in names.layers().enumerate().filter(|(_, (_, info))| wanted(&info.name)) {
        for (at, row) in tables.refs(id) {
            let keys = keys(document, names, at, by);
            if by.is_some_and(|stage| row.stage != stage) && keys.is_empty() {
                continue;
            }
            let label = names.name(row.label);
            let gap = if label.is_empty() { "" } else { " " };
            let line = format!("{}{gap}{label} {}{keys}", info.name, quoted(document, at));
            lines.push((row.span, layer, line));
        }
    }
    lines.sort_by(|(a, layer, line), (b, other, rest)| {
        let outer_first = |span: &Span| (span.begin, u32::MAX - span.end);
        (outer_first(a), layer, line).cmp(&(outer_first(b), other, rest))
    });
    lines.into_iter().map(|(.., line)| line + "\n").collect()
}

/// The attrs and links that were given to the row `by` one stage, or by all, each behind a space, in the
/// order of writing.
fn keys(document: &Document, names: &Names, row: RowRef, by: Option<StageId>) -> String {
    let tables = document.tables();
    let counts = |stage| by.is_none_or(|by| by == stage);
    let attrs = tables.attrs(row).filter(|attr| counts(attr.stage));
    let mut attrs: Vec<String> =
        attrs.map(|attr| format!(" {}={}", names.name(attr.key), escaped(tables.value(attr)))).collect();
    let links = tables.links(row).filter(|link| counts(link.stage));
    let mut links: Vec<String> =
        links.map(|link| format!(" {}→{}", names.name(link.key), quoted(document, link.to))).collect();
    attrs.reverse();
    links.reverse();
    attrs.concat() + &links.concat()
}

/// The text of a row, in «…».
fn quoted(document: &Document, row: RowRef) -> String {
    let span = document.tables().row(row).map(|row| row.span).unwrap_or_default();
    format!("«{}»", escaped(span.of(document.content().text())))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use isnad_core::{
        Article, Batch, ChainLink, Context, Contract, Stage, Sym, Writes, check_chain, per_doc,
    };

    use super::*;

    /// A stage that marks «قال», and one that gives the row a value and a link to itself.
    fn stages() -> [Box<dyn Stage>; 2] {
        let said = Contract::new().writes(Writes::rows("said", 1).labels(["verb"]).attrs(["tense"]));
        let marks = per_doc(
            said,
            |names| {
                Ok((
                    names.layer("said").expect("declared"),
                    names.sym("verb").expect("declared"),
                    names.sym("tense").expect("declared"),
                ))
            },
            |(layer, label, tense), document, cx| {
                let (_, mut rows) = document.annotate(cx);
                let row = rows.add(*layer, Span::new(0, "قال".len()), *label, Sym::NONE, 1.0)?;
                rows.attr(row, *tense, "past")?;
                Ok(())
            },
        );
        let more = Contract::new().writes(Writes::onto("said", 1).attrs(["lemma"]).links(["self"]));
        let adds = per_doc(
            more,
            |names| {
                Ok((
                    names.layer("said").expect("declared"),
                    names.sym("lemma").expect("declared"),
                    names.sym("self").expect("declared"),
                ))
            },
            |(layer, lemma, link), document, cx| {
                let (_, mut rows) = document.annotate(cx);
                let row = RowRef { layer: *layer, index: 0 };
                rows.attr(row, *lemma, "قول")?;
                rows.link(row, *link, row)?;
                Ok(())
            },
        );
        [Box::new(marks), Box::new(adds)]
    }

    #[test]
    fn each_stage_has_what_it_wrote_and_no_more() {
        let stages = stages();
        let ids = ["marks", "adds"];
        let links: Vec<ChainLink<'_>> =
            ids.iter().zip(&stages).map(|(id, stage)| ChainLink { id, contract: stage.contract() }).collect();
        let plan = check_chain(&links, &|_, _| Vec::new()).expect("the chain is sound");
        let mut batch =
            Batch::new(vec![Document::new(Article { raw: "قال نعم".into(), ..Article::default() })]);
        let running = AtomicBool::new(false);
        for (index, stage) in stages.iter().enumerate() {
            let cx = Context::new(StageId(index as u16), &plan.grants[index], &running);
            stage.open(&plan.names).and_then(|mut worker| worker.process(&mut batch, &cx)).expect("it runs");
        }
        let document = &batch.documents()[0];
        assert_eq!(rows(document, &plan.names, StageId(0)), "said verb «قال» tense=past\n");
        assert_eq!(rows(document, &plan.names, StageId(1)), "said verb «قال» lemma=قول self→«قال»\n");
        assert_eq!(rows(document, &plan.names, StageId(2)), "");
        let whole = "said verb «قال» tense=past lemma=قول self→«قال»\n";
        assert_eq!(layer_rows(document, &plan.names, &["said"]), whole);
        assert_eq!(layer_rows(document, &plan.names, &["other"]), "");
    }
}
