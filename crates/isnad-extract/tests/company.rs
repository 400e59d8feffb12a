//! In company: a third party's stage writes rows of the open layers first, and the stages of this crate go on beside
//! it: the same row is not written twice, and what it says of a row stays.

mod stages;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use isnad_core::{
    Article, Batch, ChainLink, Context, Contract, Document, LayerId, Names, RowError, Span, Stage,
    StageError, StageId, Sym, Writes, check_chain, per_doc,
};
use stages::{NAMES, stages};

const TEXT: &str =
    "قال وزير الخارجية المغربي ناصر بوريطة في الرباط إن ثلاثة اتفاقات ستوقع يوم الاثنين، بحسب مصدر أمني.";

/// Writes every row that the chain itself would write, each with a value of its own where it can.
fn early(rows: Vec<(&'static str, &'static str, Span)>) -> impl Stage {
    let contract = ["entity", "cue", "number", "time", "role", "source", "region"].iter().fold(
        Contract::new(),
        |c, layer| {
            c.writes(
                Writes::rows(*layer, 1)
                    .labels(["GPE", "PER", "NORP", "ORG", "DATE", "paragraph"])
                    .attrs(["entity", "value"]),
            )
        },
    );
    let open = |names: &Arc<Names>| Ok::<_, StageError>(Arc::clone(names));
    per_doc(contract, open, move |names, document, cx| {
        let (_, mut out) = document.annotate(cx);
        for (layer, label, span) in &rows {
            let layer = names.layer(layer).unwrap_or(LayerId(u16::MAX));
            let row = out.add(layer, *span, names.sym(label).unwrap_or(Sym::NONE), Sym::NONE, 1.0)?;
            for key in ["entity", "value"].iter().filter_map(|key| names.sym(key)) {
                match out.attr(row, key, "mine") {
                    Ok(()) | Err(RowError::Undeclared(..)) => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Ok(())
    })
}

/// All rows of the layers that others may write too, after a run of the chain behind `first`.
fn run(first: Option<&dyn Stage>) -> (Document, Arc<Names>) {
    let own = stages(&[]);
    let mut chain: Vec<ChainLink<'_>> =
        first.iter().map(|s| ChainLink { id: "early", contract: s.contract() }).collect();
    chain.extend(NAMES.iter().zip(&own).map(|(id, stage)| ChainLink { id, contract: stage.contract() }));
    let plan = check_chain(&chain, &|_, _| Vec::new()).expect("the pipeline is sound");
    let mut batch = Batch::new(vec![Document::new(Article { raw: TEXT.to_owned(), ..Article::default() })]);
    let running = AtomicBool::new(false);
    let all = first.into_iter().chain(own.iter().map(|stage| &**stage as &dyn Stage));
    for (index, stage) in all.enumerate() {
        let cx = Context::new(StageId(index as u16), &plan.grants[index], &running);
        stage
            .open(&plan.names)
            .expect("the plan has all names")
            .process(&mut batch, &cx)
            .expect("no text ends a run");
    }
    (batch.documents_mut().remove(0), plan.names)
}

#[test]
fn the_same_rows_by_somebody_else_are_kept_and_nothing_fails() {
    let (alone, names) = run(None);
    let mut rows = Vec::new();
    for layer in ["entity", "cue", "number", "time", "role", "source", "region"] {
        for row in alone.tables().rows(names.layer(layer).expect("the chain writes it")) {
            let label = ["GPE", "PER", "NORP", "ORG", "DATE", "paragraph"]
                .into_iter()
                .find(|l| *l == names.name(row.label));
            rows.push((layer, label.unwrap_or(""), row.span));
        }
    }
    assert!(rows.len() > 8, "{rows:?}");
    let early = early(rows.clone());
    let (together, names) = run(Some(&early));
    assert!(together.is_live(), "{:?}", together.fate());
    for (layer, _, span) in rows {
        let id = names.layer(layer).expect("the chain writes it");
        let here: Vec<_> = together.tables().refs(id).filter(|(_, row)| row.span == span).collect();
        assert_eq!(here.len(), 1, "{layer} at {span:?}");
        assert_eq!(here[0].1.stage, StageId(0));
    }
    let entity = names.layer("entity").expect("the chain writes it");
    let key = names.sym("entity").expect("the chain writes it");
    assert!(together.tables().refs(entity).all(|(row, _)| together.tables().attr(row, key) == Some("mine")));
}
