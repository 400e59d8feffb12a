//! Stages behind the border: the same as before it, whatever they do, and no trouble to anybody else.

mod host;
mod toys;

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::atomic::AtomicBool;
use std::sync::{LazyLock, PoisonError};

use isnad_core::{
    Article, Batch, ChainLink, Context, Document, NoFiles, Plan, Registry, Stage, StageErrorKind, StageId,
    check_chain,
};
use isnad_plugin::abi::{self, Str};
use isnad_plugin::export::Exported;
use isnad_testkit::{MemoryFiles, arabic, laws, snapshot};
use proptest::prelude::*;
use serde_json::{Value, json};

use host::{LOG, Library, Loaded, no_files};

isnad_plugin::export!(toys::register, version = "1.2.3");

static LIBRARY: LazyLock<Library> =
    LazyLock::new(|| Library::open(isnad_module_v0()).expect("the library is in order"));

/// A stage behind the border.
fn loaded(kind: &str, options: &Value) -> Loaded {
    LIBRARY.create(kind, &options.to_string(), &no_files()).expect("the options are good")
}

/// The same stage in this program.
fn direct(kind: &str, options: &Value) -> std::sync::Arc<dyn Stage> {
    let mut registry = Registry::new();
    toys::register(&mut registry);
    registry
        .get(kind)
        .expect("there is such a kind")
        .create(options.clone(), &NoFiles)
        .expect("the options are good")
}

fn plan(stages: &[&dyn Stage]) -> Plan {
    let ids: Vec<String> = (0..stages.len()).map(|index| format!("stage-{index}")).collect();
    let links: Vec<ChainLink<'_>> =
        ids.iter().zip(stages).map(|(id, stage)| ChainLink { id, contract: stage.contract() }).collect();
    check_chain(&links, &|_, _| Vec::new()).expect("the chain is sound")
}

/// All that can be seen of the documents after these stages, batch by batch.
fn run(stages: &[&dyn Stage], articles: &[Article], batch_size: usize) -> Vec<String> {
    let plan = plan(stages);
    let running = AtomicBool::new(false);
    let mut workers: Vec<_> = stages.iter().map(|stage| stage.open(&plan.names).expect("a worker")).collect();
    let mut seen = Vec::new();
    for articles in articles.chunks(batch_size) {
        let mut batch = Batch::new(articles.iter().cloned().map(Document::new).collect());
        for (index, worker) in workers.iter_mut().enumerate() {
            let cx = Context::new(StageId(index as u16), &plan.grants[index], &running);
            worker.process(&mut batch, &cx).expect("nothing stops the run");
        }
        seen.extend(batch.documents().iter().map(|document| shown(document, &plan)));
    }
    workers.iter_mut().for_each(|worker| worker.finish().expect("it ends well"));
    seen
}

fn shown(document: &Document, plan: &Plan) -> String {
    let content = document.content();
    format!(
        "{}\n{:?}\n{:?} {:?}\n{}",
        content.text(),
        content.alignment(),
        document.fate(),
        document.warnings(),
        snapshot(document, &plan.names)
    )
}

fn check(stages: &[(&str, Value)], articles: &[Article], batch_size: usize) {
    let loaded: Vec<Loaded> = stages.iter().map(|(kind, options)| loaded(kind, options)).collect();
    let direct: Vec<_> = stages.iter().map(|(kind, options)| direct(kind, options)).collect();
    let behind: Vec<&dyn Stage> = loaded.iter().map(|stage| stage as &dyn Stage).collect();
    let before: Vec<&dyn Stage> = direct.iter().map(|stage| &**stage).collect();
    pretty(&run(&behind, articles, batch_size), &run(&before, articles, batch_size));
}

#[track_caller]
fn pretty(left: &[String], right: &[String]) {
    for (left, right) in left.iter().zip(right) {
        assert!(left == right, "behind the border:\n{left}\nbefore it:\n{right}");
    }
    assert_eq!(left.len(), right.len());
}

fn article(raw: &str) -> Article {
    Article { raw: raw.to_owned(), ..Article::default() }
}

fn chain() -> impl Strategy<Value = Vec<(&'static str, Value)>> {
    let space = prop_oneof![Just(Value::Null), Just(json!("\u{00A0}")), Just(json!("  ")), Just(json!(""))]; // NO-BREAK SPACE
    let tidy = (space, any::<bool>(), any::<bool>())
        .prop_map(|(space, hides, turns)| json!({"space": space, "hides": hides, "turns": turns}));
    let words = (1usize..12, 1usize..16, any::<bool>())
        .prop_map(|(most, long, linked)| json!({"most": most, "long": long, "linked": linked}));
    let pairs = (proptest::option::of(1usize..20), 0usize..4)
        .prop_map(|(fails_at, least)| json!({"fails_at": fails_at, "least": least}));
    (tidy, words, pairs)
        .prop_map(|(tidy, words, pairs)| vec![("toy.tidy", tidy), ("toy.words", words), ("toy.pairs", pairs)])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_stage_does_the_same_behind_the_border(
        chain in chain(),
        articles in prop::collection::vec(arabic::article(), 1..8),
        batch_size in 1usize..5,
    ) {
        check(&chain, &articles, batch_size);
    }
}

#[test]
fn the_laws_hold_behind_the_border() {
    let (tidy, words) = (loaded("toy.tidy", &json!({"hides": false})), loaded("toy.words", &json!({})));
    laws::check(&tidy, &[]);
    laws::check(&words, &[]);
    laws::check(&loaded("toy.pairs", &json!({"least": 1})), &[&words]);
    laws::check(&loaded("toy.lines", &json!({})), &[]);
}

#[test]
fn a_library_describes_itself() {
    let module = &LIBRARY.module;
    assert_eq!((module.magic, module.abi_major, module.abi_minor), (abi::MAGIC, 0, 1));
    // SAFETY: texts of a module are constant.
    let text = |text: Str| unsafe { text.text() }.expect("UTF-8");
    assert_eq!(text(module.version), "1.2.3");
    assert!(text(module.built_with).starts_with("isnad-plugin "));
    let (_, words) = LIBRARY.kind("toy.words");
    assert_eq!(text(words.about), "Marks words.");
    let schema: Value = serde_json::from_str(text(words.schema)).expect("JSON");
    assert_eq!(schema["properties"]["most"]["default"], 10);
    let examples: Value = serde_json::from_str(text(words.examples)).expect("JSON");
    assert_eq!(examples[0]["options"], json!({"most": 2}));
    assert_eq!(examples[0]["before"], "قال نعم");
    assert!(ptr::eq(isnad_module_v0(), isnad_module_v0()), "it is made once");
}

#[test]
fn a_register_that_panics_leaves_no_kinds_and_fails_at_init() {
    static BROKEN: Exported = Exported::new();
    unsafe extern "C" fn init(host: *const abi::Host) -> abi::Rc {
        // SAFETY: the host passes its table.
        unsafe { BROKEN.init(host) }
    }
    let module = BROKEN.module(|_| panic!("no table of words"), "1", init);
    // SAFETY: the module is constant.
    assert_eq!(unsafe { (*module).n_kinds }, 0);
    assert_eq!(Library::open(module).err(), Some(abi::PANICKED));
    assert!(logged("panicked while it was registered: no table of words"), "the log says why");
}

#[test]
fn options_are_checked_all_at_once() {
    let errors = |kind, options| LIBRARY.create(kind, options, &no_files()).err().unwrap_or_default();
    let said = |kind, options| errors(kind, options).iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(
        said("toy.words", r#"{"most": 0, "long": 0}"#),
        ["`most`: is 0; mark one word at least", "`long`: is 0; no word is that short"]
    );
    assert_eq!(
        said("toy.words", r#"{"most": "ten"}"#),
        [r#"`most`: invalid type: string "ten", expected usize"#]
    );
    assert!(said("toy.words", "{")[0].starts_with("1: the options are no JSON"));
    assert_eq!(said("toy.words", ""), [""; 0], "no options are the defaults");
    assert_eq!(said("toy.listed", r#"{"words": "a.txt"}"#), ["`words`: there is no `a.txt`"]);
}

#[test]
fn files_are_those_of_the_host() {
    let files = MemoryFiles::new([("words.txt", "قال\nنعم\n")]);
    let listed =
        LIBRARY.create("toy.listed", r#"{"words": "words.txt"}"#, &files).expect("there is such a file");
    let seen = run(&[&listed], &[article("نعم قال الوزير")], 1);
    assert_eq!(seen[0].matches("listed [").count(), 2, "{}", seen[0]);
}

#[test]
fn a_sink_writes_through_the_host() {
    let files = no_files();
    let lines = loaded("toy.lines", &json!({"path": "out.txt"}));
    let plan = plan(&[&lines]);
    let mut sink = lines.sink(&files).expect("it opens").expect("there is one");
    let mut worker = lines.open(&plan.names).expect("a worker");
    let running = AtomicBool::new(false);
    let cx = Context::new(StageId(0), &plan.grants[0], &running);
    for texts in [&["قال", "نعم"][..], &["لا"]] {
        let mut batch = Batch::new(texts.iter().map(|text| Document::new(article(text))).collect());
        worker.process(&mut batch, &cx).expect("it goes on");
        sink.commit(batch.take_chunk(StageId(0))).expect("it is written");
    }
    assert_eq!(files.finished("out.txt"), None, "it has its name only at the end");
    sink.finish().expect("it is finished");
    assert_eq!(files.finished("out.txt").as_deref(), Some("قال\nنعم\nلا\n".as_bytes()));
}

#[test]
fn a_file_that_cannot_be_made_fails_the_sink() {
    let lines = loaded("toy.lines", &json!({"path": "out.txt"}));
    let error = lines.sink(&NoFiles).err().expect("there are no files").to_string();
    assert_eq!(error, "1: `out.txt` is not written here", "the host's own reason, and nothing over it");
}

/// What a naughty stage comes to on these texts: the message of its panic, or how it ended.
fn naughty(what: &str, texts: &[&str]) -> Result<Result<(), (StageErrorKind, String)>, String> {
    let stage = loaded("toy.naughty", &json!({"what": what, "word": "سمّ"}));
    let plan = plan(&[&stage]);
    // The run is told to stop while the stage is at work.
    let asked = Cell::new(0);
    let is_cancelled = || asked.replace(asked.get() + 1) > 100;
    let cx = Context::asking(StageId(0), &plan.grants[0], &is_cancelled);
    let mut worker = stage.open(&plan.names).expect("a worker");
    let mut batch = Batch::new(texts.iter().map(|text| Document::new(article(text))).collect());
    let outcome = catch_unwind(AssertUnwindSafe(|| worker.process(&mut batch, &cx)));
    let outcome = outcome.map_err(|panic| *panic.downcast::<String>().expect("the host passes a text on"))?;
    Ok(outcome.map_err(|error| (error.kind(), error.to_string())))
}

#[test]
fn a_panic_comes_to_the_host_with_its_message_and_place() {
    let message = naughty("panics", &["خبر", "فيه سمّ"]).expect_err("it panics");
    assert!(message.starts_with("cannot bear «سمّ» (") && message.contains("toys/mod.rs:"), "{message}");
    assert!(logged("cannot bear «سمّ»"), "the log has it too");
    assert_eq!(naughty("panics", &["خبر"]), Ok(Ok(())));
}

#[test]
fn a_panic_that_panics_again_when_it_is_dropped_is_kept() {
    let message = naughty("panics-oddly", &["سمّ"]).expect_err("it panics");
    assert!(
        message.starts_with("a panic without a message (") && message.contains("toys/mod.rs:"),
        "{message}"
    );
}

#[test]
fn a_panic_while_opening_is_caught() {
    let stage = loaded("toy.naughty", &json!({"what": "opens-badly"}));
    let message = stage.open(&plan(&[&stage]).names).err().expect("it panics").to_string();
    assert!(message.starts_with("2: assertion") && message.contains("no worker today"), "{message}");
}

#[test]
fn a_stage_that_waits_is_told_to_stop() {
    assert_eq!(naughty("waits", &["سمّ"]), Ok(Err((StageErrorKind::Cancelled, "left".to_owned()))));
}

#[test]
fn a_stage_that_ends_the_run_says_why() {
    let stopped = naughty("stops", &["سمّ"]);
    assert_eq!(stopped, Ok(Err((StageErrorKind::Bug, "1: cannot go on".to_owned()))));
    let lost = naughty("loses", &["سمّ", "خبر"]);
    let Ok(Err((_, message))) = lost else { panic!("{lost:?}") };
    assert_eq!(message, "1: left 1 documents of the 2 in a batch; drop documents with `drop_for` instead");
}

#[test]
fn what_the_library_says_goes_to_the_log_of_the_host() {
    assert_eq!(naughty("logs", &["سمّ"]), Ok(Ok(())));
    let log = LOG.lock().unwrap_or_else(PoisonError::into_inner);
    let said: Vec<_> = log.iter().filter(|(_, target, _)| target == "toy").collect();
    let expected =
        (abi::level::WARN, "toy".to_owned(), "found count=3 word=\"سمّ\" note=\"two\\nlines\"".to_owned());
    assert_eq!(said, [&expected]);
}

#[test]
fn two_workers_on_two_threads_do_what_one_does() {
    let words = loaded("toy.words", &json!({}));
    let articles: Vec<Article> =
        (0..200).map(|number| article(&format!("قال الوزير {number} مرة"))).collect();
    let alone = run(&[&words], &articles, 7);
    let together = std::thread::scope(|scope| {
        let (words, articles) = (&words, &articles);
        let threads = [3, 11].map(|size| scope.spawn(move || run(&[words], articles, size)));
        threads.map(|thread| thread.join().expect("it ends"))
    });
    for seen in together {
        pretty(&seen, &alone);
    }
}

#[test]
fn metadata_is_lent_where_the_contract_says_so() {
    let meta = json!({"section": "سياسة"});
    let article =
        Article { meta: meta.as_object().cloned().unwrap_or_default(), ..article("قال الوزير") };
    let (words, pairs) = (loaded("toy.words", &json!({})), loaded("toy.pairs", &json!({})));
    let seen = run(&[&words, &pairs], &[article], 1);
    assert!(seen[0].contains(r#"meta={"section":"سياسة"}"#), "{}", seen[0]);
}

#[test]
fn what_no_host_would_pass_is_refused() {
    let (at, kind) = LIBRARY.kind("toy.words");
    let mut stage = ptr::null_mut();
    let (create, open) = (kind.create.expect("it is there"), kind.open.expect("it is there"));
    // SAFETY: a null call is none.
    assert_eq!(unsafe { create(at, ptr::null_mut(), Str::new("{}"), &raw mut stage) }, abi::FAILED);
    let mut call = abi::Call { host: &raw const host::EMPTY.0 };
    let mut create = |kind| {
        // SAFETY: all is lent as the header says, but for what is tried.
        unsafe { create(kind, &raw mut call, Str::new("{}"), &raw mut stage) }
    };
    assert_eq!(create(&raw const kind), abi::FAILED, "a kind that is not one of the library's");
    assert_eq!(create(at), abi::OK, "a host that can do nothing is a host");
    let mut worker = ptr::null_mut();
    // SAFETY: null names are none.
    let opened = unsafe { open(stage, &raw mut call, ptr::null(), &raw mut worker) };
    assert_eq!(opened, abi::FAILED);
    let process = kind.process.expect("it is there");
    // SAFETY: a null worker is none.
    let processed = unsafe { process(ptr::null_mut(), &raw mut call, ptr::null(), 0) };
    assert_eq!(processed, abi::FAILED);
    // SAFETY: the stage was made above.
    unsafe { kind.destroy.expect("it is there")(stage) };
    // SAFETY: null is nothing to close.
    unsafe { kind.close.expect("it is there")(ptr::null_mut()) };
}

fn logged(message: &str) -> bool {
    LOG.lock().unwrap_or_else(PoisonError::into_inner).iter().any(|(_, _, said)| said.contains(message))
}
