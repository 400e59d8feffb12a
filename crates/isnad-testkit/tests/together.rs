//! Laws about several workers, several batches and the worst texts, broken and kept; and the laws one by
//! one.

#![allow(clippy::unwrap_used, reason = "a stage whose own contract lacks a name should fall")]

mod handmade;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use handmade::{Handmade, marker, rewriter};
use isnad_core::*;
use isnad_testkit::hostile_texts;
use isnad_testkit::laws::{Law, LawBroken, Laws};

/// The stage breaks this law, and the message says so much.
#[track_caller]
fn check(stage: &dyn Stage, law: Law, message: &str) -> LawBroken {
    let broken = Laws::new(stage).run().expect_err("the stage is dishonest");
    assert_eq!(broken.law, law, "{broken}");
    assert!(broken.to_string().contains(message), "{broken}");
    let again = Laws::new(stage).run_on(law, &broken.articles).expect_err("the counter-example shows it");
    assert_eq!(again.law, law, "{again}");
    broken
}

/// A stage that warns documents of what a function says of them.
fn warns(warning: impl Fn(&Content, &mut u64) -> Option<String> + Send + Sync) -> impl Stage {
    Handmade(Contract::new(), move |count: &mut u64, batch: &mut Batch, _: &Context<'_>, _: &Names| {
        for document in batch.live_mut() {
            if let Some(what) = warning(document.content(), count) {
                document.warn("test", what);
            }
        }
        Ok(())
    })
}

#[test]
fn every_law_has_a_name_and_a_sentence() {
    for law in Law::ALL {
        assert_eq!(Law::from_name(law.name()), Some(*law));
        assert!(law.about().ends_with('.'), "{law}");
    }
    assert_eq!(Law::from_name("chain"), None);
}

#[test]
fn a_document_that_depends_on_the_one_before() {
    // Alone and together, a document without a date takes over nothing; in a batch it depends on who is first.
    let first = |batch: &mut Batch, in_order: bool| {
        let ids: Vec<String> =
            batch.documents().iter().map(|document| document.content().id().to_owned()).collect();
        let is_sorted = ids.is_sorted();
        batch
            .live_mut()
            .filter(|_| is_sorted != in_order)
            .for_each(|document| document.warn("order", "not sorted"));
    };
    let stage =
        Handmade(Contract::new(), move |_: &mut u64, batch: &mut Batch, _: &Context<'_>, _: &Names| {
            first(batch, true);
            Ok(())
        });
    let articles = |ids: [&str; 2]| ids.map(|id| Article { id: id.into(), ..Article::default() }).to_vec();
    let laws = Laws::new(&stage).only(&[Law::Order]).cases(0).articles(&[articles(["a", "b"])]);
    let broken = laws.run().expect_err("backwards they are not sorted");
    assert_eq!(broken.law, Law::Order);
    assert!(broken.message.contains("in order (-) and backwards (+) differ"), "{broken}");

    let ordered = Handmade(
        Contract::new().in_input_order(),
        move |_: &mut u64, batch: &mut Batch, _: &Context<'_>, _: &Names| {
            first(batch, true);
            Ok(())
        },
    );
    let laws = Laws::new(&ordered).only(&[Law::Order, Law::Threads]);
    assert_eq!(laws.skipped(Law::Order), Some("the stage needs documents in input order"));
    laws.check();
    Laws::new(&marker(|_| 0.5)).only(&[Law::Order]).check();
}

#[test]
fn workers_that_meet() {
    let busy = AtomicBool::new(false);
    let stage = warns(move |_, _| {
        let is_met = busy.swap(true, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(2));
        busy.store(false, Ordering::SeqCst);
        is_met.then(|| "somebody else is here".to_owned())
    });
    let laws = Laws::new(&stage).only(&[Law::Threads]).texts(&["قال الوزير", "نعم"]);
    let broken = laws.run().expect_err("two workers meet");
    assert_eq!(broken.law, Law::Threads);
    assert!(
        broken.message.contains("one worker by itself (-) and one beside another (+) differ"),
        "{broken}"
    );

    let counted = AtomicU64::new(0);
    let honest = warns(move |content, _| {
        counted.fetch_add(1, Ordering::SeqCst);
        Some(content.text().len().to_string())
    });
    Laws::new(&honest).only(&[Law::Threads]).check();
}

#[test]
fn a_panic_on_a_second_thread_is_no_crash() {
    let busy = AtomicU64::new(0);
    let stage = warns(move |_, _| {
        assert!(busy.fetch_add(1, Ordering::SeqCst) == 0, "somebody else is here");
        std::thread::sleep(Duration::from_millis(2));
        busy.fetch_sub(1, Ordering::SeqCst);
        None
    });
    let broken = Laws::new(&stage).only(&[Law::Threads]).texts(&["نعم"]).run().expect_err("two workers meet");
    assert_eq!(broken.law, Law::NoPanic, "{broken}");
}

#[test]
fn a_text_that_is_too_long() {
    let stage = warns(|content, _| {
        assert!(content.text().len() < 10_000, "too long");
        None
    });
    let broken = check(&stage, Law::Hostile, "ten thousand marks: `no-panic`: the stage panicked: too long");
    assert_eq!(broken.articles.len(), 1);
    let length = broken.articles[0].raw.len();
    assert!((10_000..11_000).contains(&length), "{length} bytes");
    assert!(broken.to_string().len() < 20_000, "a long text is shortened");
}

#[test]
fn a_row_on_a_text_without_letters() {
    let contract = Contract::new().writes(Writes::rows("said", 1));
    let stage = per_doc(
        contract,
        |names| Ok(names.layer("said").unwrap()),
        |said, document, cx| {
            let (content, mut rows) = document.annotate(cx);
            let is_deep = content.text().matches('[').count() > 1000;
            if is_deep {
                rows.add(*said, Span::new(0, 0), Sym::NONE, Sym::NONE, 1.0)?;
            }
            Ok(())
        },
    );
    check(&stage, Law::Hostile, "brackets a hundred thousand deep");
    Laws::new(&marker(|_| 0.5)).only(&[Law::Hostile]).check();
}

#[test]
fn hostile_texts_are_all_different() {
    let texts: std::collections::BTreeSet<String> = hostile_texts().map(|(_, text)| text).collect();
    let names: std::collections::BTreeSet<&str> = hostile_texts().map(|(name, _)| name).collect();
    assert_eq!((texts.len(), names.len()), (hostile_texts().count(), hostile_texts().count()));
    let longest = texts.iter().map(String::len).max();
    assert!(longest.is_some_and(|longest| longest > 1_000_000), "{longest:?}");
    let marks = |text: &String| text.chars().filter(|c| "«»“”\"'‘’„‹".contains(*c)).count();
    assert!(texts.iter().map(marks).max() >= Some(200_000));
}

/// A stage with two contracts.
struct TwoFaced {
    contracts: [Contract; 2],
    asked: AtomicU64,
    worked: AtomicBool,
    /// Whether it changes whenever it is asked, or once it has worked.
    is_fickle: bool,
}

impl TwoFaced {
    fn new(is_fickle: bool) -> Self {
        let contracts = [Contract::new(), Contract::new().writes(Writes::rows("said", 1))];
        TwoFaced { contracts, asked: AtomicU64::new(0), worked: AtomicBool::new(false), is_fickle }
    }
}

impl Stage for TwoFaced {
    fn contract(&self) -> &Contract {
        let asked = self.asked.fetch_add(1, Ordering::SeqCst) as usize;
        match self.is_fickle {
            true => &self.contracts[asked % 2],
            false => &self.contracts[usize::from(self.worked.load(Ordering::SeqCst))],
        }
    }

    fn open(&self, _: &std::sync::Arc<Names>) -> Result<Box<dyn Worker + '_>, StageError> {
        Ok(Box::new(Working(&self.worked)))
    }
}

struct Working<'s>(&'s AtomicBool);

impl Worker for Working<'_> {
    fn process(&mut self, _: &mut Batch, _: &Context<'_>) -> Result<(), StageError> {
        self.0.store(true, Ordering::SeqCst);
        Ok(())
    }
}

#[test]
fn a_contract_that_changes() {
    let broken = Laws::new(&TwoFaced::new(true)).run().expect_err("it has two contracts");
    assert_eq!(
        (broken.law, &*broken.message),
        (Law::Honest, "asked again, the stage gives another contract")
    );
    let broken = Laws::new(&TwoFaced::new(false)).run().expect_err("it has two contracts");
    assert_eq!((broken.law, &*broken.message), (Law::Honest, "after work, the stage gives another contract"));
}

#[test]
fn one_broken_law_does_not_hide_another() {
    // It panics on every second text and grows whatever text it gets.
    let stage = rewriter(|content, edits| {
        assert!(!content.text().contains('!'), "a shout");
        edits.replace(content.text().len()..content.text().len(), ".")
    });
    let laws = Laws::new(&stage).texts(&["نعم!"]).cases(8);
    let outcomes = laws.run_each(&mut |_, _| ());
    let broken: Vec<(Law, Law)> =
        outcomes.iter().filter_map(|(law, outcome)| Some((*law, outcome.as_ref().err()?.law))).collect();
    assert_eq!(broken, [Law::NoPanic, Law::Normal, Law::Hostile].map(|law| (law, law)));
    let checked: Vec<Law> = outcomes.iter().map(|(law, _)| *law).collect();
    assert!(checked.iter().eq(Law::ALL.iter().filter(|law| **law != Law::Memory)));
    // By itself the panic is left to its own law; where nobody else looks for it, it is said.
    let only = Laws::new(&stage).texts(&["نعم!"]).only(&[Law::Deterministic]);
    assert!(only.run_each(&mut |_, _| ())[0].1.is_ok());
    assert_eq!(only.run().expect_err("it panics").law, Law::NoPanic);
}

#[test]
fn who_watches_sees_each_batch_before_it_is_tried() {
    let tried = std::sync::Mutex::new(Vec::new());
    let stage = warns(|content, _| {
        tried.lock().unwrap().push(content.raw().to_owned());
        None
    });
    let mut announced = Vec::new();
    let laws = Laws::new(&stage).only(&[Law::NoPanic, Law::Hostile]).cases(4);
    laws.run_each(&mut |law, articles| {
        assert!(matches!(law, Law::NoPanic | Law::Hostile));
        assert_eq!(announced, *tried.lock().unwrap(), "what was announced was tried, and nothing else");
        announced.extend(articles.iter().map(|article| article.raw.clone()));
    });
    assert_eq!(announced, *tried.lock().unwrap());
}

#[test]
fn a_chain_that_does_not_fit_stands_alone() {
    let stage = per_doc(Contract::new().reads(Reads::layer("token", 1)), |_| Ok(()), |_, _, _| Ok(()));
    let outcomes = Laws::new(&stage).run_each(&mut |_, _| ());
    assert_eq!(outcomes.len(), 1);
    assert_eq!(outcomes[0].0, Law::Chain);
    assert!(outcomes[0].1.is_err());
}
