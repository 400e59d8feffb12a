//! Pipeline files as users get them wrong: what `isnad check` says of each, as a transcript beside it.
//!
//! `tests/config/NN-name.expected` holds commands (behind `$ `) with what they print. The commands are run
//! and what they print is compared; `ISNAD_UPDATE=1 cargo test -p isnad-tests` writes it anew.

use std::fs;
use std::path::{Path, PathBuf};

use isnad::runner::{CODES, explain};

use crate::expected;
use crate::program::{files, folder, shell, top};

/// Files whose twin has other errors, since TOML and JSON have not the same syntax.
const OWN_SYNTAX: &str = "-syntax-";

/// A copy of the pipeline files, so that nothing that happens to them changes them.
fn copies(name: &str) -> PathBuf {
    let here = folder(name);
    for path in files(&top().join("tests/config")) {
        fs::copy(&path, here.join(path.file_name().unwrap_or_default())).unwrap();
    }
    here
}

/// The names of the cases, without what stands behind the dot.
fn cases(here: &Path) -> Vec<String> {
    let mut names: Vec<String> = files(here)
        .iter()
        .filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned()))
        .collect();
    names.dedup();
    names
}

/// The commands of a transcript, each with what it prints.
fn run_all(here: &Path, name: &str) -> Vec<(String, String)> {
    let transcript = fs::read_to_string(here.join(format!("{name}.expected"))).unwrap_or_default();
    let mut commands: Vec<String> =
        transcript.lines().filter_map(|line| line.strip_prefix("$ ")).map(str::to_owned).collect();
    if commands.is_empty() {
        let is_there = |file: &String| here.join(file).exists();
        let twins = ["toml", "json"].map(|ending| format!("{name}.{ending}"));
        commands.extend(twins.into_iter().filter(is_there).map(|file| format!("isnad check {file}")));
    }
    let run = |command: String| {
        let outcome = shell(here, &command);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{command}\n{}", outcome.stderr);
        (command, outcome.stderr)
    };
    commands.into_iter().map(run).collect()
}

#[test]
fn broken_pipeline_files_get_the_errors_beside_them_and_twins_the_same() {
    let here = copies("config");
    let (mut stale, mut twins) = (Vec::new(), 0);
    for name in cases(&here) {
        let ran = run_all(&here, &name);
        let transcript: Vec<String> =
            ran.iter().map(|(command, printed)| format!("$ {command}\n{printed}")).collect();
        stale.extend(expected::file(&format!("tests/config/{name}.expected"), &transcript.join("\n")).err());
        let ([(_, toml), (_, json)], false) = (ran.as_slice(), name.contains(OWN_SYNTAX)) else { continue };
        assert_eq!(without_places(toml), without_places(json), "{name}");
        twins += 1;
    }
    assert!(stale.is_empty(), "\n{}", stale.join("\n"));
    assert!(twins > 20, "{twins} twins");
}

/// What was printed without files, lines and columns.
fn without_places(printed: &str) -> String {
    let line = |line: &str| {
        let (place, rest) = line.split_once(": error[").unwrap_or(("", line));
        let place = if place.starts_with("--set") { place } else { "" };
        let mut parts = rest.split("(line ");
        let mut text = format!("{place}{}", parts.next().unwrap_or_default());
        for part in parts {
            text.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
        }
        // What is wrong with the bytes of a file has its place in the message.
        match text.split_once("UTF-8: byte ") {
            Some((before, _)) => format!("{before}UTF-8\n"),
            None => text + "\n",
        }
    };
    printed.lines().map(line).collect()
}

#[test]
fn paths_of_a_pipeline_start_at_its_folder() {
    let here = folder("config-paths");
    fs::create_dir_all(here.join("desk/out")).unwrap();
    fs::write(here.join("desk/article.txt"), "قال الوزير إن الاجتماع تأجل.").unwrap();
    fs::write(here.join("article.txt"), "قالت الوزيرة إن الاجتماع تأجل.").unwrap();
    let pipeline = "isnad = 1\n[input]\npaths = [\"${ARTICLE:-article.txt}\"]\n[[stage]]\nuse = \"export.text\"\npath = \"out/clean.txt\"\n";
    fs::write(here.join("desk/p.toml"), pipeline).unwrap();
    let clean = |name: &str| fs::read_to_string(here.join(name)).unwrap();
    let run = |line: &str| {
        let outcome = shell(&here, line);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (0, ""), "{line}: {}", outcome.stderr);
    };
    run("isnad run -p desk/p.toml");
    assert_eq!(clean("desk/out/clean.txt").trim_end(), "قال الوزير إن الاجتماع تأجل.");
    // What a setting or a variable names stands as if it stood in the file; what is named as an argument does not.
    run("ARTICLE=../article.txt isnad run -p desk/p.toml --set export.text.path=out/second.txt");
    assert_eq!(clean("desk/out/second.txt").trim_end(), "قالت الوزيرة إن الاجتماع تأجل.");
    run("isnad run -p desk/p.toml article.txt --set stage[0].path=../third.txt");
    assert_eq!(clean("third.txt").trim_end(), "قالت الوزيرة إن الاجتماع تأجل.");
    let wrong = shell(
        &here,
        "isnad run -p desk/p.toml --set export.text.path=none/x.txt --set 'input.paths=[\"no.txt\"]'",
    );
    assert_eq!(
        wrong.stderr.lines().next(),
        Some(
            "--set export.text.path=…: error[E0302]: `export.text`: cannot create `none/x.txt`: there is no folder `desk/none`; make it first"
        )
    );
    assert!(
        wrong.stderr.contains("--set input.paths=…: error[E0301]: there is no file `no.txt`"),
        "{}",
        wrong.stderr
    );
}

#[test]
fn a_pipeline_without_rows_prints_its_text_and_all_stages_may_be_off() {
    let here = folder("config-off");
    fs::write(here.join("a.txt"), "قـال").unwrap();
    fs::write(here.join("p.toml"), "isnad = 1\n[[stage]]\nuse = \"normalize.tatweel\"\n").unwrap();
    let run = |args: &str| shell(&here, &format!("isnad run -p p.toml a.txt --to text {args}"));
    assert_eq!(run("").stdout.trim_end(), "قال");
    assert_eq!(run("--set normalize.tatweel.enabled=false").stdout.trim_end(), "قـال");
    let check = shell(&here, "isnad check p.toml --set normalize.tatweel.enabled=false");
    assert_eq!((check.code, check.stdout.as_str()), (0, "ok: all stages are switched off\n"));
}

#[test]
fn every_error_is_explained_by_an_example_that_has_it() {
    // It takes a stage of somebody else to see these.
    const WITHOUT_EXAMPLE: [&str; 3] = ["E0202", "E0303", "E0402"];
    let mut wrong = Vec::new();
    for (code, _) in CODES {
        let page = explain(code).unwrap_or_default();
        let here = folder(&format!("explain-{code}"));
        let Some((language, example)) = page.split_once("\n```").and_then(|(_, rest)| rest.split_once('\n'))
        else {
            assert!(WITHOUT_EXAMPLE.contains(code), "{code} has no example");
            continue;
        };
        let example = example.split("\n```").next().unwrap_or_default();
        let outcome = match language {
            "sh" => shell(&here, example),
            _ => {
                fs::write(here.join(format!("p.{language}")), example).unwrap();
                shell(&here, &format!("isnad check p.{language}"))
            }
        };
        if !outcome.stderr.contains(&format!("error[{code}]")) {
            wrong.push(format!("{code}: {}", outcome.stderr));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
