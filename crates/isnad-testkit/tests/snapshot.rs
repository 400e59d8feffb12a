//! The text form of rows.

use std::sync::atomic::AtomicBool;

use isnad_core::*;
use isnad_testkit::snapshot;

#[test]
fn rows_are_printed_in_the_order_of_the_text() {
    let contract = Contract::new()
        .writes(Writes::rows("entity", 1).labels(["PER"]).attrs(["name"]).rules(["lexicon"]))
        .writes(Writes::rows("quote", 1).links(["speaker"]));
    let chain = [ChainLink { id: "by.hand", contract: &contract }];
    let plan = check_chain(&chain, &|_, _| Vec::new()).unwrap();
    let mut document =
        Document::new(Article { raw: "قال شكري «نعم»".into(), ..Article::default() });
    let running = AtomicBool::new(false);
    let cx = Context::new(StageId(0), &plan.grants[0], &running);
    let names = &plan.names;
    let (_, mut rows) = document.annotate(&cx);
    let quote =
        rows.add(names.layer("quote").unwrap(), Span::new(18, 24), Sym::NONE, Sym::NONE, 0.5).unwrap();
    let (entity, label, rule) =
        (names.layer("entity").unwrap(), names.sym("PER").unwrap(), names.sym("lexicon").unwrap());
    let person = rows.add(entity, Span::new(7, 15), label, rule, 1.0).unwrap();
    rows.attr(person, names.sym("name").unwrap(), "سامح شكري").unwrap();
    rows.link(quote, names.sym("speaker").unwrap(), person).unwrap();
    assert_eq!(
        snapshot(&document, names),
        "entity PER [7..15] «شكري» name=سامح شكري by by.hand lexicon 1\n\
         quote [18..24] «نعم» speaker→entity PER [7..15] by by.hand 0.5\n"
    );
}
