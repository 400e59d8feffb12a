//! A library is looked at from a safe distance, and only what held there is loaded.

use std::fs;
use std::path::Path;

use isnad_core::NoFiles;
use isnad_loader::{Environment, Limits, PluginPart, Plugins, Program};
use serde_json::json;

use crate::rig::{SERVE, Test, folder, plugins, trap};

pub(crate) const TESTS: &[Test] = &[
    ("a_library_says_what_is_in_it", a_library_says_what_is_in_it),
    (
        "a_library_that_crashes_when_it_is_loaded_is_refused",
        a_library_that_crashes_when_it_is_loaded_is_refused,
    ),
    ("a_stage_that_crashes_when_it_is_made_is_refused", a_stage_that_crashes_when_it_is_made_is_refused),
    ("a_file_that_is_no_library_is_refused", a_file_that_is_no_library_is_refused),
    ("a_pin_is_compared_before_anything_is_loaded", a_pin_is_compared_before_anything_is_loaded),
    ("what_was_seen_is_kept", what_was_seen_is_kept),
    ("a_list_is_not_crashed", a_list_is_not_crashed),
    ("what_writes_output_cannot_be_isolated", what_writes_output_cannot_be_isolated),
];

/// What is said of a library that was compiled with this macro.
#[track_caller]
fn refused(name: &str, bad: &str, how: &str) -> String {
    let library = trap(name, &[(bad, how)]);
    let error = plugins().describe(library.to_str().unwrap(), None).unwrap_err();
    assert_eq!(error.part, PluginPart::Library);
    error.to_string().replace(library.to_str().unwrap(), "libtrap.so")
}

fn a_library_says_what_is_in_it() {
    let library = trap("good", &[]);
    let plugins = plugins();
    let found = plugins.describe(library.to_str().unwrap(), None).unwrap();
    assert_eq!(found.description.version, "1.0");
    let kinds = plugins.kinds(&found);
    assert_eq!(kinds[0].name(), "trap.said");
    let stage = kinds[0].create(json!({}), &NoFiles).unwrap();
    assert_eq!(stage.contract().writes[0].layer, "said");
}

fn a_library_that_crashes_when_it_is_loaded_is_refused() {
    assert_eq!(
        refused("load-segv", "BAD_LOAD", "segv"),
        "`libtrap.so` cannot be used: the process was ended by signal 11 (SIGSEGV); it was loading the library"
    );
    assert_eq!(
        refused("load-exit", "BAD_LOAD", "exit"),
        "`libtrap.so` cannot be used: the process ended by itself with exit code 0; it was loading the library"
    );
    assert_eq!(
        refused("init-abort", "BAD_INIT", "abort"),
        "`libtrap.so` cannot be used: the process was ended by signal 6 (SIGABRT); it was loading the library"
    );
}

fn a_stage_that_crashes_when_it_is_made_is_refused() {
    let library = trap("make", &[]);
    let plugins = plugins();
    let found = plugins.describe(library.to_str().unwrap(), None).unwrap();
    let kind = plugins.kinds(&found).remove(0);
    for (at, doing) in [
        ("create", "making the stage"),
        ("open", "opening a worker"),
        ("close", "closing a worker"),
        ("destroy", "letting go of the stage"),
    ] {
        let errors = kind.create(json!({"at": at, "how": "segv"}), &NoFiles).err().unwrap();
        let message = errors[0].to_string();
        let expected = format!(
            "a stage `trap.said` cannot be made: the process was ended by signal 11 (SIGSEGV); it was {doing}"
        );
        assert_eq!(message.split(" (library").next(), Some(expected.as_str()));
        assert!(message.ends_with("libtrap.so`)"), "{message}");
    }
}

fn a_file_that_is_no_library_is_refused() {
    let file = folder("text").join("libtext.so");
    fs::write(&file, "هذا نص وليس مكتبة").unwrap();
    let error = plugins().describe(file.to_str().unwrap(), None).unwrap_err();
    assert_eq!(error.part, PluginPart::Library);
    assert!(error.message.contains("libtext.so"), "{error}");

    let error = plugins().describe("nowhere/libnone.so", None).unwrap_err();
    assert_eq!(error.part, PluginPart::Path);
    assert!(
        error.message.starts_with("there is no library `nowhere/libnone.so`; it could have been `"),
        "{error}"
    );
}

fn a_pin_is_compared_before_anything_is_loaded() {
    // It would crash if it were loaded.
    let library = trap("pin", &[("BAD_LOAD", "segv")]);
    let library = library.to_str().unwrap();
    let wrong = "0".repeat(64);
    let error = plugins().describe(library, Some(&wrong)).unwrap_err();
    assert_eq!(error.part, PluginPart::Sha256);
    assert!(error.message.contains(&format!("not `{wrong}`")), "{error}");
    assert_eq!(plugins().describe(library, Some("1234")).unwrap_err().part, PluginPart::Sha256);

    let good = trap("pinned", &[]);
    let found = plugins().describe(good.to_str().unwrap(), None).unwrap();
    let pinned = plugins().describe(good.to_str().unwrap(), Some(&found.sha256.to_uppercase()));
    assert_eq!(pinned.unwrap(), found);
}

fn what_was_seen_is_kept() {
    let library = trap("kept", &[]);
    let library = library.to_str().unwrap();
    let cache = folder("kept/cache");
    let kept = || fs::read_dir(cache.join("isnad/plugins")).unwrap().next().unwrap().unwrap().path();
    let _ = fs::remove_dir_all(cache.join("isnad"));
    let with = |program: Program| {
        let environment = Environment { cache: Some(cache.clone()), ..Environment::default() };
        Plugins::new(program, folder("kept"), environment)
    };
    let able = || with(Program::this([SERVE]).unwrap());
    // It cannot look at anything.
    let unable = || with(Program { path: "/none".into(), ..Program::this([SERVE]).unwrap() });
    let found = able().describe(library, None).unwrap();
    assert_eq!(unable().describe(library, None).unwrap(), found);

    // What is damaged is made again.
    fs::write(kept(), "{").unwrap();
    unable().describe(library, None).unwrap_err();
    assert_eq!(able().describe(library, None).unwrap(), found);
    assert_eq!(unable().describe(library, None).unwrap(), found);

    // Another library is looked at, though it has the same name.
    let mut other = fs::read(library).unwrap();
    other.push(0);
    fs::write(library, other).unwrap();
    unable().describe(library, None).unwrap_err();
}

fn a_list_is_not_crashed() {
    let (good, bad) = (trap("list-good", &[]), trap("list-bad", &[("BAD_LOAD", "abort")]));
    let folder_of = |path: &Path| path.parent().unwrap().to_owned();
    let environment =
        Environment { plugin_path: vec![folder_of(&good), folder_of(&bad)], ..Environment::default() };
    let plugins = Plugins::new(Program::this([SERVE]).unwrap(), folder("list-none"), environment);
    let listed = plugins.list();
    assert_eq!(listed.len(), 2);
    assert_eq!(listed[0].outcome.as_ref().unwrap().description.kinds[0].name, "trap.said");
    assert!(listed[1].outcome.as_ref().unwrap_err().message.contains("SIGABRT"));
}

fn what_writes_output_cannot_be_isolated() {
    let errors =
        plugins().isolate("test.output", None, &json!({}), Limits::default(), &NoFiles).err().unwrap();
    assert_eq!(errors[0].path, "isolation");
    let errors = plugins().isolate("test.none", None, &json!({}), Limits::default(), &NoFiles).err().unwrap();
    assert_eq!(errors[0].to_string(), "there is no stage `test.none`");
    let unknown = json!({"word": 1});
    let errors = plugins().isolate("test.words", None, &unknown, Limits::default(), &NoFiles).err().unwrap();
    assert!(errors[0].message.contains("unknown field `word`"), "{errors:?}");
}
