//! Stages that break one law each, and the laws that catch them.

#![allow(clippy::unwrap_used, reason = "a stage whose own contract lacks a name should fall")]

mod handmade;

use std::sync::atomic::{AtomicU64, Ordering};

use handmade::{Handmade, marker, rewriter};
use isnad_core::*;
use isnad_testkit::laws::{Law, Laws};

/// The stage breaks this law, and the message says so much.
#[track_caller]
fn check(stage: &dyn Stage, upstream: &[&dyn Stage], law: Law, message: &str) {
    let broken =
        Laws::new(stage).after(upstream).texts(&["قال الوزير!"]).run().expect_err("the stage is dishonest");
    assert_eq!(broken.law, law, "{broken}");
    assert!(broken.to_string().contains(message), "{broken}");
}

#[test]
fn honest_stages_pass() {
    let marker = marker(|_| 0.5);
    Laws::new(&marker).check();
    let tatweel = rewriter(|content, edits| {
        content
            .text()
            .match_indices('\u{0640}')
            .try_for_each(|(at, c)| edits.delete(at..at + c.len(), Attach::Before)) // TATWEEL
    });
    Laws::new(&tatweel).check();
    Laws::new(&marker).after(&[&tatweel]).seed(7).cases(8).check();
}

#[test]
fn a_panic_is_caught_and_its_input_made_small() {
    let stage = rewriter(|content, _| {
        assert!(!content.text().contains('\u{064E}'), "a fatha!"); // FATHA
        Ok(())
    });
    let broken = Laws::new(&stage).cases(256).run().expect_err("the stage panics");
    assert_eq!(broken.law, Law::NoPanic);
    assert!(broken.to_string().contains("a fatha!"), "{broken}");
    assert_eq!(broken.articles.len(), 1);
    assert!(broken.articles[0].raw.chars().count() <= 3, "{broken}");
}

#[test]
fn ending_the_run_for_a_text_is_no_better() {
    let stage = Handmade(Contract::new(), |_: &mut u64, _: &mut Batch, _: &Context<'_>, _: &Names| {
        Err(StageError::new(StageErrorKind::Bug, "no"))
    });
    check(&stage, &[], Law::NoPanic, "the stage ended the run: no");
}

#[test]
fn an_undeclared_edit() {
    let delete_first = |content: &Content, edits: &mut Edits<'_>| {
        let first = content.text().chars().next().map_or(0, char::len_utf8);
        edits.delete(0..first, Attach::Nothing)
    };
    let refused =
        per_doc(Contract::new(), |_| Ok(()), move |_, document, cx| Ok(document.edit(cx, delete_first)?));
    check(&refused, &[], Law::Honest, "its contract does not say so");

    let forged =
        Handmade(Contract::new(), move |_: &mut u64, batch: &mut Batch, cx: &Context<'_>, _: &Names| {
            let mut grants = Grants::default();
            grants.edits = true;
            let running = false.into();
            let forged = Context::new(cx.stage(), &grants, &running);
            batch.live_mut().for_each(|document| document.edit(&forged, delete_first).unwrap_or_default());
            Ok(())
        });
    check(&forged, &[], Law::Honest, "does not say `rewrites_text`");
}

#[test]
fn undeclared_documents() {
    let swaps = Handmade(Contract::new(), |_: &mut u64, batch: &mut Batch, _: &Context<'_>, _: &Names| {
        for document in batch.documents_mut() {
            *document = Document::new(Article { raw: "غير ذلك".into(), ..Article::default() });
        }
        Ok(())
    });
    check(&swaps, &[], Law::Honest, "what a document came with");

    let removes = Handmade(Contract::new(), |_: &mut u64, batch: &mut Batch, _: &Context<'_>, _: &Names| {
        batch.documents_mut().clear();
        Ok(())
    });
    check(&removes, &[], Law::Honest, "drop_for");

    let drops = per_doc(
        Contract::new(),
        |_| Ok(()),
        |_, document, _| {
            document.drop_for("too short");
            Ok(())
        },
    );
    check(&drops, &[], Law::Honest, "drops_documents");
}

#[test]
fn an_undeclared_label_of_another_stage() {
    let contract = Contract::new().writes(Writes::rows("shout", 1));
    let stage = per_doc(
        contract,
        |names| Ok(names.clone()),
        |names, document, cx| {
            let (content, mut rows) = document.annotate(cx);
            for (at, _) in content.text().match_indices('!') {
                let (layer, label) = (names.layer("shout").unwrap(), names.sym("said").unwrap());
                rows.add(layer, Span::new(at, at + 1), label, Sym::NONE, 1.0)?;
            }
            Ok(())
        },
    );
    check(&stage, &[&marker(|_| 0.5)], Law::Honest, "does not declare the label `said`");
}

#[test]
fn a_layer_that_is_not_declared_is_read() {
    let contract = Contract::new().writes(Writes::rows("shout", 1));
    let stage = per_doc(
        contract,
        |names| Ok(names.clone()),
        |names, document, cx| {
            let (_, mut rows) = document.annotate(cx);
            // A plan that does not know the layer is no excuse: the stage looks for it all the same.
            let Some(said) = names.layer("said") else { return Ok(()) };
            for row in rows.tables().rows(said).to_vec() {
                rows.add(names.layer("shout").unwrap(), row.span, Sym::NONE, Sym::NONE, 1.0)?;
            }
            Ok(())
        },
    );
    check(&stage, &[&marker(|_| 0.5)], Law::NeedsItsReads, "only when shown all layers");

    let contract = Contract::new().reads(Reads::layer("said", 1)).writes(Writes::rows("shout", 1));
    let honest = per_doc(
        contract,
        |names| Ok(names.clone()),
        |names, document, cx| {
            let (_, mut rows) = document.annotate(cx);
            let (said, length) = (names.layer("said").unwrap(), names.sym("length").unwrap());
            let long = |(row, _): &(RowRef, &Row)| rows.tables().attr(*row, length) != Some("1");
            let spans: Vec<Span> =
                rows.tables().refs(said).filter(long).map(|(_, found)| found.span).collect();
            for span in spans {
                rows.add(names.layer("shout").unwrap(), span, Sym::NONE, Sym::NONE, 1.0)?;
            }
            Ok(())
        },
    );
    Laws::new(&honest).after(&[&marker(|_| 0.5)]).check();
}

#[test]
fn output_that_depends_on_time() {
    let calls = AtomicU64::new(0);
    let stage = marker(move |_| 1.0 / (2 + calls.fetch_add(1, Ordering::Relaxed)) as f32);
    check(&stage, &[], Law::Deterministic, "one worker used once (-) and again (+) differs");
}

#[test]
fn a_worker_that_remembers() {
    let stage =
        Handmade(Contract::new(), |count: &mut u64, batch: &mut Batch, _: &Context<'_>, _: &Names| {
            *count += 1;
            let seen = *count;
            batch.live_mut().for_each(|document| document.warn("seen", seen.to_string()));
            Ok(())
        });
    check(&stage, &[], Law::Deterministic, "again");
}

#[test]
fn a_document_that_depends_on_its_batch() {
    let stage = Handmade(Contract::new(), |_: &mut u64, batch: &mut Batch, _: &Context<'_>, _: &Names| {
        let count = batch.documents().len();
        batch.live_mut().for_each(|document| document.warn("mates", count.to_string()));
        Ok(())
    });
    check(&stage, &[], Law::BatchFree, "in one batch (-) and each alone (+) differ");

    let first = Handmade(Contract::new(), |_: &mut u64, batch: &mut Batch, _: &Context<'_>, _: &Names| {
        let ids: Vec<String> =
            batch.documents().iter().map(|document| document.content().id().to_owned()).collect();
        let is_first = |index: usize| ids.iter().position(|id| *id == ids[index]) == Some(index);
        let twins: Vec<bool> = (0..ids.len()).map(is_first).collect();
        for (document, _) in batch.live_mut().zip(twins).filter(|(_, first)| !first) {
            document.warn("twin", "the id was there before");
        }
        Ok(())
    });
    let broken =
        Laws::new(&first).texts(&["ا", "ب"]).run().expect_err("the second of two equal ids is warned of");
    assert_eq!(broken.law, Law::BatchFree);
}

#[test]
fn twice_is_not_once() {
    let stage = rewriter(|content, edits| match content.text().find('!') {
        Some(at) => edits.replace(at..at + 1, "!!"),
        None => Ok(()),
    });
    check(&stage, &[], Law::Normal, "once (-) and twice (+)");
}

#[test]
fn a_row_that_was_refused() {
    let contract = Contract::new().writes(Writes::rows("said", 1));
    let stage = per_doc(
        contract,
        |names| Ok(names.clone()),
        |names, document, cx| {
            let (_, mut rows) = document.annotate(cx);
            rows.add(names.layer("said").unwrap(), Span::new(0, 1), Sym::NONE, Sym::NONE, 1.0)?;
            Ok(())
        },
    );
    check(&stage, &[], Law::Honest, "refused");
}

#[test]
fn falling_when_told_to_stop() {
    let stage = Handmade(Contract::new(), |_: &mut u64, _: &mut Batch, cx: &Context<'_>, _: &Names| {
        if cx.is_cancelled() {
            return Err(StageError::new(StageErrorKind::Bug, "interrupted"));
        }
        Ok(())
    });
    check(&stage, &[], Law::Cancel, "interrupted");
}

#[test]
fn a_sink_with_a_line_per_batch() {
    let encode = |header: &'static str| {
        Handmade(
            Contract::new().sink(SinkKind::Documents),
            move |_: &mut u64, batch: &mut Batch, cx: &Context<'_>, _: &Names| {
                let (documents, chunk) = batch.chunk(cx);
                chunk.extend_from_slice(header.as_bytes());
                documents.for_each(|document| {
                    chunk.extend_from_slice(document.content().id().as_bytes());
                    chunk.push(b'\n');
                });
                Ok(())
            },
        )
    };
    Laws::new(&encode("")).check();
    check(&encode("ids:\n"), &[], Law::Sink, "encoded differently");
}

#[test]
fn a_chain_that_does_not_fit_is_said_so() {
    let stage = per_doc(Contract::new().reads(Reads::layer("token", 1)), |_| Ok(()), |_, _, _| Ok(()));
    check(&stage, &[], Law::Chain, "needs layer `token`");
}
