//! What is wrong with a library is said when it is opened, one thing a test library.

use isnad_core::NoFiles;
use isnad_loader::{Library, LoadErrorKind};
use serde_json::json;

use crate::rig::compile;

/// Opens `faulty.c` made with these macros: it is refused, and told why.
#[track_caller]
fn check(name: &str, macros: &[&str], kind: LoadErrorKind, why: &str) {
    let path = compile(name, "faulty.c", macros);
    let error = Library::open(&path).unwrap_err();
    assert_eq!(error.kind, kind, "{error}");
    let message = error.to_string();
    assert!(message.starts_with(&format!("library `{}` ", path.display())), "{message}");
    assert!(message.contains(why), "{message}");
    // Nothing is tried twice.
    assert_eq!(Library::open(&path).unwrap_err(), error);
}

#[test]
fn a_file_that_is_no_library() {
    let path = compile("text", "faulty.c", &[]).with_file_name("text.so");
    std::fs::write(&path, "قال الوزير").unwrap();
    let error = Library::open(&path).unwrap_err();
    assert_eq!(error.kind, LoadErrorKind::File);
    let missing = Library::open(&path.with_file_name("missing.so")).unwrap_err();
    assert_eq!(missing.kind, LoadErrorKind::File);
    assert!(missing.message.contains("cannot be read"), "{missing}");
}

#[test]
fn a_library_of_somebody_else() {
    check("no-symbol", &["NO_SYMBOL"], LoadErrorKind::Symbol, "does not export `isnad_module_v0`");
}

#[test]
fn a_description_that_is_none() {
    use LoadErrorKind::Magic;
    check("magic", &["MAGIC=7"], Magic, "begins with 0x00000007 instead of 0x4e534931");
    check("null-module", &["MODULE=NULL"], Magic, "null or unaligned");
    check(
        "odd-module",
        &["MODULE=(const isnad_module *)(const void *)((const char *)&module + 1)"],
        Magic,
        "unaligned",
    );
    check("null-kinds", &["KINDS=NULL"], Magic, "list of kinds that is null");
    check("null-kind", &["FIRST=NULL"], Magic, "pointer for its kind number 1");
    check("many-kinds", &["N_KINDS=1000000"], Magic, "says that it has 1000000 kinds");
}

#[test]
fn a_version_that_is_not_spoken() {
    use LoadErrorKind::Version;
    check("major", &["MAJOR=1"], Version, "speaks version 1.1 of the plugin ABI, and this isnad speaks 0.1");
    check("needed", &["MINOR=9", "NEEDED=5"], Version, "use an isnad that speaks 0.5 or later");
    check("old", &["MINOR=0", "NEEDED=0"], Version, "build it anew");
}

#[test]
fn a_table_that_is_too_short() {
    use LoadErrorKind::Truncated;
    check("short-module", &["MODULE_SIZE=40"], Truncated, "its description truncated: 40 bytes");
    check("short-kind", &["KIND_SIZE=100"], Truncated, "its kind number 1 truncated: 100 bytes");
    check("no-size", &["KIND_SIZE=0"], Truncated, "its kind number 1 truncated: 0 bytes");
}

#[test]
fn rows_of_another_size() {
    check("row-size", &["ROW_SIZE=24"], LoadErrorKind::Layout, "knows rows of 24 bytes");
    check("document-size", &["DOCUMENT_SIZE=64"], LoadErrorKind::Layout, "knows documents of 64 bytes");
}

#[test]
fn a_function_that_is_missing() {
    check(
        "no-process",
        &["PROCESS=NULL"],
        LoadErrorKind::Function,
        "no function `process` for its kind `test.nothing`",
    );
}

#[test]
fn texts_that_are_none() {
    use LoadErrorKind::Text;
    check(
        "name-utf8",
        &["NAME={\"\\xFF\", 1}"],
        Text,
        "the name of its kind number 1 wrong: it is not UTF-8",
    );
    check("version-null", &["VERSION={0, 4}"], Text, "its version wrong: its pointer is null");
    check("version-long", &["VERSION={\"1\", (size_t)-1}"], Text, "bytes long");
}

#[test]
fn names_that_may_not_be() {
    use LoadErrorKind::Name;
    check("plain", &["NAME=ISNAD_STR(\"topics\")"], Name, "names are `group.noun`");
    check("capital", &["NAME=ISNAD_STR(\"Test.topics\")"], Name, "names are `group.noun`");
    check("three", &["NAME=ISNAD_STR(\"test.topics.all\")"], Name, "names are `group.noun`");
    check("own", &["NAME=ISNAD_STR(\"extract.topics\")"], Name, "the group `extract` is isnad's own");
    check("twice", &["N_KINDS=2", "SECOND=&kind.known"], Name, "two kinds of stages named `test.nothing`");
}

#[test]
fn schemas_and_examples_that_are_none() {
    use LoadErrorKind::{Examples, Schema};
    check("schema-json", &["SCHEMA=\"{\""], Schema, "the options of `test.nothing`: it is no JSON");
    check("schema-array", &["SCHEMA=\"[]\""], Schema, "does not describe an object");
    check(
        "schema-type",
        &["SCHEMA=\"{\\\"type\\\": \\\"string\\\"}\""],
        Schema,
        "does not describe an object",
    );
    check("examples", &["EXAMPLES=\"[{}]\""], Examples, "missing field `about`");
}

#[test]
fn a_library_that_cannot_be_made_ready() {
    check(
        "init",
        &["INIT_RC=ISNAD_FAILED"],
        LoadErrorKind::Init,
        "could not be made ready: the moon is wrong",
    );
    check("init-panic", &["INIT_RC=ISNAD_PANICKED"], LoadErrorKind::Init, "the moon is wrong");
    check("empty", &["N_KINDS=0"], LoadErrorKind::Init, "has no kind of stage");
}

/// Opens `faulty.c` made with these macros, and makes a stage of it.
#[track_caller]
fn check_works(name: &str, macros: &[&str]) {
    let library = Library::open(&compile(name, "faulty.c", macros)).unwrap();
    let stage = library.create("test.nothing", &json!({}), &NoFiles).unwrap();
    assert!(stage.contract().writes.is_empty());
}

#[test]
fn a_newer_library_that_can_do_with_this_isnad() {
    check_works(
        "newer",
        &[
            "MINOR=9",
            "MODULE_SIZE=sizeof(module)",
            "KIND_SIZE=sizeof(kind)",
            "DOCUMENT_SIZE=(sizeof(isnad_document)+64)",
        ],
    );
}

#[test]
fn a_library_whose_tables_end_before_what_may_be_missing() {
    // What stands behind the end would crash if it were called.
    check_works(
        "shorter",
        &[
            "MODULE_SIZE=offsetof(isnad_module,init)",
            "KIND_SIZE=offsetof(isnad_kind,open_sink)",
            "TAIL=(void *)1",
        ],
    );
    // Half a pointer is none.
    check_works(
        "half",
        &[
            "MODULE_SIZE=(offsetof(isnad_module,init)+4)",
            "KIND_SIZE=(offsetof(isnad_kind,open_sink)+4)",
            "TAIL=(void *)1",
        ],
    );
}
