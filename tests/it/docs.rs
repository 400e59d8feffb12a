//! Every command that README and docs show is run.

use std::fs;
use std::path::Path;

use crate::program::{files, folder, shell, top};

/// What the commands of the documentation may read.
const NEEDED: [&str; 2] = ["docs", "tests/corpus"];

const CARGO_RUN: &str = "cargo run --release -- ";

#[test]
fn every_command_in_the_documentation_works() {
    let mut failed = Vec::new();
    let mut count = 0;
    let here = folder("docs");
    for path in NEEDED {
        copy(&top().join(path), &here.join(path));
    }
    for (path, text) in pages() {
        for (line, command) in commands(&text) {
            count += 1;
            let outcome = shell(&here, &command);
            if outcome.code != 0 {
                failed.push(format!(
                    "{path}:{line}: `{command}` ends with {}:\n{}",
                    outcome.code, outcome.stderr
                ));
            }
        }
    }
    assert!(failed.is_empty(), "\n{}\n", failed.join("\n"));
    assert!(count > 0, "the documentation shows no command");
}

#[test]
fn links_between_pages_lead_somewhere() {
    let mut dead = Vec::new();
    for (path, text) in pages() {
        let folder = top().join(&path).parent().map(Path::to_owned).unwrap_or_default();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
            if !target.is_empty() && !target.contains("://") && !folder.join(target).exists() {
                dead.push(format!("{path}: there is no `{target}`"));
            }
        }
    }
    assert!(dead.is_empty(), "\n{}\n", dead.join("\n"));
}

#[test]
fn the_code_map_names_files_that_are_there() {
    let map = fs::read_to_string(top().join("docs/ARCHITECTURE.md")).unwrap();
    let files: Vec<String> = ["crates", "plugins", "tests"]
        .into_iter()
        .flat_map(|folder| files(&top().join(folder)))
        .map(|path| path.display().to_string())
        .collect();
    let named = map.split('`').skip(1).step_by(2).filter(|name| name.ends_with(".rs") || name.ends_with('/'));
    let gone: Vec<&str> =
        named.filter(|name| !files.iter().any(|file| file.contains(&format!("/{name}")))).collect();
    assert!(gone.is_empty(), "docs/ARCHITECTURE.md names what is not there: {gone:?}");
}

/// The pages of the documentation, by their paths from the top.
fn pages() -> Vec<(String, String)> {
    let mut paths = vec![top().join("README.md"), top().join("plugins/README.md")];
    paths.extend(
        files(&top().join("docs")).into_iter().filter(|path| path.extension().is_some_and(|e| e == "md")),
    );
    let page = |path: &Path| {
        let shown = path.strip_prefix(top()).unwrap_or(path).display().to_string();
        (shown, fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
    };
    paths.iter().map(|path| page(path)).collect()
}

/// The lines of `sh` and `console` blocks that run `isnad`, with the numbers of the lines. In a `console`
/// block commands stand behind `$ ` and what they print without. A line that ends in `\` goes on.
fn commands(page: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut block = None;
    let mut lines = page.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        if let Some(language) = line.trim_start().strip_prefix("```") {
            // A block without a language is no block of commands, but it has an end.
            block = match block {
                None => Some(language.trim()),
                Some(_) => None,
            };
            continue;
        }
        let command = match block {
            Some("sh") => Some(line),
            Some("console") => line.strip_prefix("$ "),
            _ => None,
        };
        let Some(command) = command else { continue };
        let mut command = command.to_owned();
        while command.ends_with('\\') {
            command.pop();
            command.push_str(lines.next().map_or("", |(_, more)| more.trim_start()));
        }
        let command = command.replace(CARGO_RUN, "isnad ");
        if command.starts_with("isnad ") || command.contains("| isnad ") {
            found.push((number + 1, command));
        }
    }
    found
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(&from, &to).unwrap();
        }
    }
}

#[test]
fn commands_are_found_in_blocks() {
    let page = "`isnad no`\n```sh\nisnad run a \\\n    b\ncargo build\n```\n```\nisnad no\n```\nisnad no\n```console\n\
                $ cat x | isnad run -\nisnad no\n$ cargo run --release -- stages\n```\n```toml\nisnad = 1\n```\n";
    let found: Vec<(usize, String)> = commands(page);
    let expected = [(3, "isnad run a b"), (12, "cat x | isnad run -"), (14, "isnad stages")];
    assert_eq!(found, expected.map(|(line, command)| (line, command.to_owned())));
}
