//! `isnad new`: what it makes builds, and passes its own tests as it comes.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::program::{folder, isnad, shell, top};

/// Runs these commands, one after the other, in a folder.
#[track_caller]
fn all_work(here: &Path, commands: &[&str]) {
    for command in commands {
        let outcome = shell(here, command);
        assert_eq!(outcome.code, 0, "{command}: {outcome:?}");
    }
}

#[test]
fn a_new_stage_in_rust() {
    let here = folder("new/rust");
    let path = top().display().to_string();
    let outcome = isnad(&here, &["new", "stage", "acme.flags", "--lang", "rust", "--path", &path]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    let made = here.join("acme-flags");
    // The versions that are here; a user has his own.
    fs::copy(top().join("Cargo.lock"), made.join("Cargo.lock")).unwrap();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("new-target");
    fs::create_dir_all(&target).unwrap();
    std::os::unix::fs::symlink(&target, made.join("target")).unwrap();
    for step in ["build", "test"] {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args([step, "--offline", "--quiet"]).current_dir(&made).env_remove("CARGO_TARGET_DIR");
        cargo.env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_INCREMENTAL", "0");
        let output = cargo.output().unwrap();
        assert!(output.status.success(), "{step}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let library = format!("target/debug/{}", library("acme_flags"));
    all_work(
        &made,
        &[
            &format!("isnad plugin check {library} --cases 4 --batches 500"),
            "isnad test pipeline.toml",
            "isnad run -p pipeline.toml",
        ],
    );
}

#[test]
fn a_new_stage_in_c() {
    let here = folder("new/c");
    all_work(&here, &["isnad new stage acme.flags --lang c"]);
    let made = here.join("acme-flags");
    let header = fs::read_to_string(made.join("isnad.h")).unwrap();
    assert_eq!(header, fs::read_to_string(top().join("crates/isnad-plugin/include/isnad.h")).unwrap());
    all_work(
        &made,
        &[
            "make -s CFLAGS='-Werror -pedantic'",
            &format!("isnad plugin check ./{} --cases 4 --batches 500", library("acme_flags")),
            "isnad test pipeline.toml",
            "isnad run -p pipeline.toml",
        ],
    );
}

#[test]
fn a_new_pipeline() {
    let here = folder("new/pipeline");
    all_work(&here, &["isnad new pipeline desk"]);
    let commands = ["isnad check pipeline.toml", "isnad test pipeline.toml", "isnad run -p pipeline.toml"];
    all_work(&here.join("desk"), &commands);
    assert!(fs::read_to_string(here.join("desk/facts.jsonl")).unwrap().contains("كريم الدباغ"));
}

#[test]
fn nothing_is_left_to_be_filled_in_and_nothing_is_overwritten() {
    let here = folder("new/again");
    for args in
        [&["stage", "a.b", "--lang", "rust"][..], &["stage", "a.c", "--lang", "c"], &["pipeline", "desk"]]
    {
        let new = [&["new"], args].concat();
        let outcome = isnad(&here, &new);
        assert_eq!(outcome.code, 0, "{args:?}: {outcome:?}");
        for path in outcome.stdout.lines() {
            let text = fs::read_to_string(here.join(path)).unwrap();
            assert!(!text.contains("{{"), "{path}: {text}");
        }
        let again = isnad(&here, &new);
        assert_eq!(again.code, 2, "{args:?}: {again:?}");
        assert!(again.stderr.contains("is there already"), "{}", again.stderr);
    }
    for args in [
        &["stage", "flags", "--lang", "c"][..],
        &["stage", "normalize.flags", "--lang", "c"],
        &["stage", "acme.Flags", "--lang", "rust"],
        &["stage", "acme.flags", "--lang", "c", "--path", "."],
        &["stage", "acme.flags", "--lang", "rust", "--path", "."],
        &["pipeline", "../desk"],
    ] {
        let outcome = isnad(&here, &[&["new"], args].concat());
        assert_eq!(outcome.code, 2, "{args:?}: {outcome:?}");
    }
    assert_eq!(fs::read_dir(&here).unwrap().count(), 3);
}

/// The file name of a library on this system.
fn library(name: &str) -> String {
    format!("{}{name}{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX)
}
