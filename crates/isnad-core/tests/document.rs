//! Documents from outside: edits, views, rollback, what is withheld, and sinks that can be resumed.

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

use std::io::{self, Write};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use isnad_arabic::Class;
use isnad_core::{
    Article, Attach, ByteSink, ChainLink, Context, Contract, Document, EditError, Files, Output, Plan,
    RowError, Sink, Span, StageId, Sym, Writes, check_chain,
};

/// A plan of one stage that may rewrite text and write `name` rows.
fn plan() -> Plan {
    let rewrite = Contract::new().rewrites_text();
    let write = Contract::new().writes(Writes::rows("name", 1).labels(["PER"]).attrs(["key"]));
    let chain =
        [ChainLink { id: "rewrite", contract: &rewrite }, ChainLink { id: "write", contract: &write }];
    check_chain(&chain, &|_, _| Vec::new()).unwrap()
}

fn document(raw: &str) -> Document {
    let meta =
        serde_json::json!({"phone": "0612345678", "call": 612345678, "note": "اتصل على 0612345678 غدا"});
    let meta = meta.as_object().unwrap().clone();
    Document::new(Article { id: "d".into(), raw: raw.into(), meta, ..Article::default() })
}

fn with(stage: u16, test: impl FnOnce(&Plan, &Context<'_>)) {
    let (plan, running) = (plan(), AtomicBool::new(false));
    let grants = Arc::clone(&plan.grants[stage as usize]);
    test(&plan, &Context::new(StageId(stage), &grants, &running));
}

#[test]
fn an_edit_drops_the_views_and_maps_back() {
    with(0, |_, cx| {
        let mut doc = document("قـال الوزير");
        assert!(doc.content().census().has(Class::Tatweel));
        assert_eq!(doc.content().view(|content| content.text().len()), &21);
        doc.edit(cx, |_, edits| edits.delete(2..4, Attach::Before)).unwrap();
        assert_eq!(doc.content().text(), "قال الوزير");
        assert_eq!(doc.content().folded().text(), "قال الوزير");
        assert!(!doc.content().census().has(Class::Tatweel));
        assert_eq!(doc.content().view(|content| content.text().len()), &19);
        assert_eq!(doc.content().to_raw(Span::new(0, 6)), Span::new(0, 8));
        assert_eq!(doc.content().raw(), "قـال الوزير");
    });
}

#[test]
fn views_of_several_types_stand_side_by_side() {
    let doc = document("نص");
    let words = doc.content().view(|content| {
        // A view may be made out of another.
        vec![*content.view(|content| content.text().chars().count()); 2]
    });
    assert_eq!(words, &[2, 2]);
    assert_eq!(doc.content().view::<usize>(|_| unreachable!("made already")), &2);
}

#[test]
fn rows_freeze_the_text_and_contracts_hold() {
    with(1, |plan, cx| {
        let mut doc = document("قال بوريطة");
        assert_eq!(doc.edit(cx, |_, edits| edits.reverse(0..6)), Err(EditError::NotDeclared));
        let (name, per, key) = (
            plan.names.layer("name").unwrap(),
            plan.names.sym("PER").unwrap(),
            plan.names.sym("key").unwrap(),
        );
        let (_, mut rows) = doc.annotate(cx);
        let row = rows.add(name, Span::new(7, 19), per, Sym::NONE, 0.5).unwrap();
        rows.attr(row, key, "#1").unwrap();
        assert_eq!(rows.attr(row, per, "x"), Err(RowError::Undeclared(name, per)));
        assert_eq!(rows.link(row, key, row), Err(RowError::Undeclared(name, key)));
        for (span, error) in [
            (Span::new(3, 3), RowError::Empty(Span::new(3, 3))),
            (Span::new(0, 99), RowError::OutOfText(Span::new(0, 99))),
            (Span::new(1, 4), RowError::InsideCodePoint(Span::new(1, 4))),
            (Span::new(7, 19), RowError::Duplicate(row)),
        ] {
            assert_eq!(rows.add(name, span, per, Sym::NONE, 0.5), Err(error));
        }
        assert_eq!(rows.add(name, Span::new(0, 6), per, Sym::NONE, f32::NAN), Err(RowError::Score));
        with(0, |_, rewriting| {
            assert_eq!(doc.edit(rewriting, |_, edits| edits.reverse(0..6)), Err(EditError::Frozen));
        });
    });
}

#[test]
fn rollback_undoes_every_edit_since_the_mark() {
    with(0, |_, cx| {
        let mut doc = document("«أ»  «ب»");
        doc.edit(cx, |_, edits| edits.replace(0..2, "\"")).unwrap();
        let (before, mark) = (doc.content().text().to_owned(), doc.mark());
        doc.edit(cx, |content, edits| edits.delete(0..content.text().len(), Attach::Nothing)).unwrap();
        doc.edit(cx, |_, edits| edits.replace(0..0, "x").or(Ok(()))).unwrap();
        doc.warn("odd", "something");
        doc.drop_for("a reason");
        doc.rollback(&mark);
        assert_eq!(doc.content().text(), before);
        assert!(doc.is_live() && doc.warnings().is_empty());
        assert_eq!(doc.content().to_raw(Span::new(0, 1)), Span::new(0, 2));
    });
}

#[test]
fn reversed_stretches_map_letter_by_letter() {
    with(0, |_, cx| {
        let mut doc = document("abc دمحم xyz");
        doc.edit(cx, |_, edits| edits.reverse(4..12)).unwrap();
        assert_eq!(doc.content().text(), "abc محمد xyz");
        // The first letter of the turned word is the last one of the raw word.
        assert_eq!(doc.content().to_raw(Span::new(4, 6)), Span::new(10, 12));
        assert_eq!(doc.content().to_raw(Span::new(4, 12)), Span::new(4, 12));
    });
}

#[test]
fn what_is_withheld_is_printed_as_blocks_everywhere() {
    with(0, |_, cx| {
        let raw = "اتصلوا على 0612345678 الآن، أو 0612345678 غدا";
        let mut doc = document(raw);
        let at = raw.find("0612345678").unwrap();
        doc.edit(cx, |_, edits| edits.withhold(at..at + 10, "[رقم]")).unwrap();
        let shown = doc.disclosure();
        assert!(shown.is_masked());
        let blocks = "\u{2588}".repeat(10); // FULL BLOCK
        assert_eq!(shown.raw(), raw.replace("0612345678", &blocks));
        let meta = serde_json::to_string(shown.meta()).unwrap();
        assert!(!meta.contains("0612345678") && meta.contains(&blocks), "{meta}");
        assert_eq!(shown.mask("رقمه 0612345678"), format!("رقمه {blocks}"));
        // Offsets count in the text as printed; a border inside what is withheld widens to it.
        let printed = shown.printed(Span::new(at + 3, at + 10));
        assert_eq!(printed.of(shown.raw()), blocks);
        let behind = shown.printed(Span::new(at + 11, raw.len()));
        assert!(behind.of(shown.raw()).starts_with("الآن"));
    });
}

/// Outputs in memory that can be cut back.
#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Vec<u8>>>);

impl Files for Memory {
    fn read(&self, _: &str) -> io::Result<Vec<u8>> {
        Err(io::Error::from(io::ErrorKind::NotFound))
    }

    fn create(&self, _: &str) -> io::Result<Box<dyn Output>> {
        Ok(Box::new(self.clone()))
    }
}

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Output for Memory {
    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn checkpoint(&mut self) -> io::Result<Option<u64>> {
        Ok(Some(self.0.lock().unwrap().len() as u64))
    }

    fn restore(&mut self, len: u64) -> io::Result<()> {
        let mut bytes = self.0.lock().unwrap();
        if (bytes.len() as u64) < len {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the output is shorter than the checkpoint",
            ));
        }
        bytes.truncate(len as usize);
        Ok(())
    }
}

#[test]
fn a_sink_goes_on_behind_its_checkpoint() {
    let files = Memory::default();
    let mut sink = ByteSink::create(&files, "out").unwrap();
    sink.commit(b"one\n".to_vec()).unwrap();
    let token = sink.checkpoint().unwrap().unwrap();
    sink.commit(b"lost\n".to_vec()).unwrap();

    let mut resumed = ByteSink::create(&files, "out").unwrap();
    resumed.restore(&token).unwrap();
    resumed.commit(b"two\n".to_vec()).unwrap();
    resumed.finish().unwrap();
    assert_eq!(files.0.lock().unwrap().as_slice(), b"one\ntwo\n");
    assert!(resumed.restore(&isnad_core::Token(vec![1])).is_err());
}
