//! What a stage does to its process costs the document over which it does it, and nothing else.

use std::fs;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use isnad_core::{Batch, Context, Document, NoFiles, StageErrorKind, StageId};
use isnad_loader::{Environment, Library, Limits, Plugins, Program};
use serde_json::{Value, json};

use crate::rig::{
    HANG, SERVE, Test, articles, children, folder, isolated, isolated_trap, plan, run, trap, until,
};

pub(crate) const TESTS: &[Test] = &[
    ("a_crash_costs_one_document", a_crash_costs_one_document),
    ("an_abort_costs_one_document", an_abort_costs_one_document),
    ("an_exit_is_a_crash", an_exit_is_a_crash),
    ("a_hang_is_ended_when_its_time_is_up", a_hang_is_ended_when_its_time_is_up),
    ("talking_without_end_is_a_hang", talking_without_end_is_a_hang),
    ("memory_is_limited", memory_is_limited),
    ("memory_of_c_is_limited_too", memory_of_c_is_limited_too),
    ("a_panic_costs_one_document", a_panic_costs_one_document),
    ("a_library_may_print", a_library_may_print),
    ("a_library_may_close_what_is_not_its_own", a_library_may_close_what_is_not_its_own),
    ("a_crash_that_does_not_come_again_costs_nothing", a_crash_that_does_not_come_again_costs_nothing),
    ("of_a_thousand_articles_three_are_lost", of_a_thousand_articles_three_are_lost),
    ("a_process_that_never_starts_ends_the_run", a_process_that_never_starts_ends_the_run),
    ("a_crash_at_the_end_ends_the_run", a_crash_at_the_end_ends_the_run),
    ("a_process_that_starts_without_end_ends_the_run", a_process_that_starts_without_end_ends_the_run),
    (
        "a_library_that_was_replaced_is_not_loaded_by_a_new_process",
        a_library_that_was_replaced_is_not_loaded_by_a_new_process,
    ),
    #[cfg(target_os = "linux")]
    ("a_process_ends_with_isnad", a_process_ends_with_isnad),
    ("its_log_is_the_log_of_isnad", its_log_is_the_log_of_isnad),
    ("a_run_that_is_told_to_stop_does_not_wait", a_run_that_is_told_to_stop_does_not_wait),
];

/// An article at which the library misbehaves, between two others; what becomes of it.
#[track_caller]
fn check(how: &str, limits: Limits) -> String {
    let library = trap(how, &[]);
    let stage = isolated_trap(&library, json!({"at": "process", "how": how}), limits);
    let good = isolated_trap(&library, json!({}), Limits::default());
    let texts = ["قال الأول", "قال الثاني سم", "قال الثالث"];
    let seen = run(&*stage, &articles(texts)).unwrap();
    let expected = run(&*good, &articles(texts)).unwrap();
    assert_eq!((&seen[0], &seen[2]), (&expected[0], &expected[2]));
    seen[1].clone()
}

fn short() -> Limits {
    Limits { timeout: Some(Duration::from_millis(300)), memory: None }
}

fn a_crash_costs_one_document() {
    let fate = check("segv", Limits::default());
    assert_eq!(fate, "crash: the stage's process was ended by signal 11 (SIGSEGV)");
}

fn an_abort_costs_one_document() {
    let fate = check("abort", Limits::default());
    assert_eq!(fate, "crash: the stage's process was ended by signal 6 (SIGABRT)");
}

fn an_exit_is_a_crash() {
    let fate = check("exit", Limits::default());
    assert_eq!(fate, "crash: the stage's process ended by itself with exit code 0");
}

fn a_hang_is_ended_when_its_time_is_up() {
    let fate = check("hang", short());
    assert_eq!(fate, "timeout: the stage took longer than 300ms, and its process was ended");
}

fn talking_without_end_is_a_hang() {
    let fate = check("spin", short());
    assert_eq!(fate, "timeout: the stage took longer than 300ms, and its process was ended");
}

fn memory_is_limited() {
    let limits = Limits { memory: Some(256 << 20), ..Limits::default() };
    let stage = isolated("test.words", json!({}), limits);
    let seen = run(&*stage, &articles(["كان به جوع", "قال نعم"])).unwrap();
    assert!(seen[0].starts_with("memory: the stage needs more than its 256 MiB of memory"), "{}", seen[0]);
    assert!(seen[1].contains("«نعم»"));
}

fn memory_of_c_is_limited_too() {
    // Its library ends itself where it gets no more.
    let fate = check("memory", Limits { memory: Some(256 << 20), ..Limits::default() });
    assert_eq!(fate, "crash: the stage's process was ended by signal 6 (SIGABRT)");
}

fn a_panic_costs_one_document() {
    let stage = isolated("test.words", json!({}), Limits::default());
    let seen = run(&*stage, &articles(["قال", "في القلب فزع", "قالت"])).unwrap();
    assert_eq!(seen[1], "panic: over «فزع»");
    assert!(seen[0].contains("«قال»") && seen[2].contains("«قالت»"));
}

fn a_library_may_print() {
    assert!(check("print", Limits::default()).contains("«قال»"));
}

fn a_library_may_close_what_is_not_its_own() {
    assert!(check("close", Limits::default()).contains("«قال»"));
}

fn a_crash_that_does_not_come_again_costs_nothing() {
    let library = trap("once", &[]);
    let flag = folder("once").join("flag");
    fs::write(&flag, "").unwrap();
    let options = json!({"at": "process", "how": "once", "flag": flag.to_str()});
    let stage = isolated_trap(&library, options, Limits::default());
    let seen = run(&*stage, &articles(["قال الأول", "قال سم"])).unwrap();
    assert!(seen[1].contains("«قال»"), "{}", seen[1]);
    assert!(!flag.exists());
}

fn of_a_thousand_articles_three_are_lost() {
    let library = trap("thousand", &[]);
    let text = |number: usize| {
        let poison = if [0, 500, 999].contains(&number) { "سم" } else { "" };
        format!("{number} قال الوزير، ثم قال غيره: {poison}{}", "قال ".repeat(number % 13))
    };
    let texts: Vec<String> = (0..1000).map(text).collect();
    let articles = articles(texts.iter().map(String::as_str));
    let stage = isolated_trap(&library, json!({"at": "process", "how": "segv"}), Limits::default());
    let there = run(&*stage, &articles).unwrap();
    let stage = Library::open(&library).unwrap().create("trap.said", &json!({}), &NoFiles).unwrap();
    let here = run(&*stage, &articles).unwrap();
    for (number, (there, here)) in there.iter().zip(&here).enumerate() {
        if [0, 500, 999].contains(&number) {
            assert!(there.starts_with("crash: "), "{there}");
        } else {
            assert_eq!(there, here);
        }
    }
}

fn a_process_that_never_starts_ends_the_run() {
    let library = trap("never", &[]);
    let flag = folder("never").join("flag");
    let _ = fs::remove_file(&flag);
    let options: Value = json!({"at": "open", "how": "abort", "flag": flag.to_str()});
    let stage = isolated_trap(&library, options, Limits::default());
    fs::write(&flag, "").unwrap();
    let error = run(&*stage, &articles(["قال"])).unwrap_err();
    assert_eq!(error.kind(), StageErrorKind::Bug);
    assert_eq!(
        error.to_string(),
        "`trap.said` cannot start in a process of its own: the process was ended by signal 6 (SIGABRT); \
         it was opening a worker; tried twice"
    );
    // A program that is no such process is told from one that is.
    for (program, says) in
        [("/bin/cat", "is no answer"), ("/bin/true", "exit code 0"), ("/none", "cannot be started")]
    {
        let program =
            Program { path: program.into(), arguments: Vec::new(), patience: Duration::from_secs(60) };
        let plugins = Plugins::new(program, "", Environment::default());
        let error =
            plugins.isolate("test.words", None, &json!({}), Limits::default(), &NoFiles).err().unwrap();
        assert!(error[0].message.contains(says), "{error:?}");
    }
}

fn a_process_that_starts_without_end_ends_the_run() {
    let library = trap("late", &[]);
    let flag = folder("late").join("flag");
    let _ = fs::remove_file(&flag);
    let program = Program { patience: Duration::from_millis(500), ..Program::this([SERVE]).unwrap() };
    let plugins = Plugins::new(program, "", Environment::default());
    let isolate = |at: &str, flag: &str| {
        let options = json!({"at": at, "how": "hang", "flag": flag});
        plugins.isolate("trap.said", Some(&library), &options, Limits::default(), &NoFiles)
    };
    let errors = isolate("create", "").err().unwrap();
    let message = errors[0].to_string();
    assert_eq!(
        message.split(" (library").next(),
        Some(
            "a stage `trap.said` cannot be made: the process took longer than 500ms for making the stage, and was ended"
        )
    );
    assert!(message.ends_with("libtrap.so`)"), "{message}");
    let stage = isolate("open", flag.to_str().unwrap()).unwrap();
    fs::write(&flag, "").unwrap();
    let error = run(&*stage, &articles(["قال"])).unwrap_err();
    assert!(error.to_string().contains("took longer than 500ms for opening a worker"), "{error}");
}

fn a_library_that_was_replaced_is_not_loaded_by_a_new_process() {
    let library = trap("replaced", &[]);
    let plugins = Plugins::new(Program::this([SERVE]).unwrap(), "", Environment::default());
    plugins.describe(library.to_str().unwrap(), None).unwrap();
    let stage =
        plugins.isolate("trap.said", Some(&library), &json!({}), Limits::default(), &NoFiles).unwrap();
    assert_eq!(run(&*stage, &articles(["قال"])).unwrap().len(), 1);
    let mut other = fs::read(&library).unwrap();
    other.extend(b"another build");
    fs::write(library.with_extension("new"), other).unwrap();
    fs::rename(library.with_extension("new"), &library).unwrap();
    let error = run(&*stage, &articles(["قال"])).unwrap_err();
    assert!(error.to_string().contains("was replaced"), "{error}");
}

#[cfg(target_os = "linux")]
fn a_process_ends_with_isnad() {
    let library = trap("orphan", &[]);
    let flag = folder("orphan").join("flag");
    fs::write(&flag, "").unwrap();
    let mut isnad = Command::new("/proc/self/exe").arg(HANG).arg(&library).arg(&flag).spawn().unwrap();
    until("its process hangs", || !flag.exists());
    let process = children(&isnad.id().to_string()).unwrap();
    assert!(!process.is_empty());
    isnad.kill().unwrap();
    isnad.wait().unwrap();
    // One that ended and was not waited for has the state Z.
    let stat = || fs::read_to_string(format!("/proc/{process}/stat"));
    until("its process ends", || stat().map_or(true, |stat| stat.contains(") Z ")));
}

/// Hangs in a process of its own, without end: arguments are the library and the file that is gone then.
pub(crate) fn hang(arguments: impl Iterator<Item = String>) {
    let arguments: Vec<String> = arguments.collect();
    let options = json!({"at": "process", "how": "wait", "flag": arguments[1]});
    let stage = isolated_trap(arguments[0].as_ref(), options, Limits { timeout: None, memory: None });
    run(&*stage, &articles(["سم"])).unwrap();
}

fn its_log_is_the_log_of_isnad() {
    let path = folder("log").join("log.txt");
    let log = Arc::new(fs::File::create(&path).unwrap());
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::INFO).with_writer(log).finish();
    tracing::subscriber::with_default(subscriber, || {
        let stage = isolated("test.words", json!({}), Limits::default());
        run(&*stage, &articles(["كرر قوله"])).unwrap();
    });
    let log = fs::read_to_string(path).unwrap();
    assert!(log.contains("an article repeats words=2"), "{log}");
    assert!(!log.contains("nobody wants to know"), "{log}");
}

fn a_crash_at_the_end_ends_the_run() {
    let library = trap("end", &[]);
    let stage = isolated_trap(&library, json!({"at": "finish", "how": "segv"}), Limits::default());
    let error = run(&*stage, &articles(["قال"])).unwrap_err();
    assert_eq!(error.to_string(), "at its end, the process was ended by signal 11 (SIGSEGV)");
    // Nothing is lost any more when a worker or a stage is let go of.
    for at in ["close", "destroy"] {
        let flag = folder("end").join(at);
        let _ = fs::remove_file(&flag);
        let options = json!({"at": at, "how": "segv", "flag": flag.to_str()});
        let stage = isolated_trap(&library, options, Limits::default());
        fs::write(&flag, "").unwrap();
        assert!(run(&*stage, &articles(["قال"])).unwrap()[0].contains("«قال»"));
    }
}

fn a_run_that_is_told_to_stop_does_not_wait() {
    let library = trap("stop", &[]);
    let stage = isolated_trap(&library, json!({"at": "process", "how": "hang"}), Limits::default());
    let plan = plan(&*stage);
    let stopped = AtomicBool::new(false);
    let begin = Instant::now();
    thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(Duration::from_millis(200));
            stopped.store(true, Ordering::Relaxed);
        });
        let cx = Context::new(StageId(0), &plan.grants[0], &stopped);
        let mut batch = Batch::new(articles(["قال", "سم"]).into_iter().map(Document::new).collect());
        let mut worker = stage.open(&plan.names).unwrap();
        let error = worker.process(&mut batch, &cx).unwrap_err();
        assert_eq!(error.kind(), StageErrorKind::Cancelled);
    });
    assert!(begin.elapsed() < Duration::from_secs(30), "it waited for its time to be up");
}
