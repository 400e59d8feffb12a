//! Every command that README and docs show is run, and what they show of its output is what it prints:
//!
//! | block | what is done |
//! |---|---|
//! | `sh` | lines that run `isnad` are run, in the order of the page, in a folder of the page's own that holds `docs` and `tests/corpus` |
//! | `sh exit=2` | the same for commands that end with this code |
//! | `sh needs=jq` | the same, lines that begin with this program too; passed over where it is not installed |
//! | `console` | commands stand behind `$ ` |
//! | any with `file=NAME` | is written to this file first |
//! | any with `output` | shows what the block of commands before it printed, with `…` for what is left out; `ISNAD_UPDATE=1 cargo test -p isnad-tests` rewrites it |
//!
//! What a block printed is its standard output, and its standard error too where it says `exit=`.

mod outputs;

use std::fs;
use std::path::{Path, PathBuf};

use crate::expected::{difference, updating, write};
use crate::markdown::{Block, blocks, rewritten};
use crate::program::{files, folder, shell, top};

/// What the commands of the documentation may read.
const NEEDED: [&str; 2] = ["docs", "tests/corpus"];

const CARGO_RUN: &str = "cargo run --release -- ";

#[test]
fn every_command_in_the_documentation_works() {
    let mut failed = Vec::new();
    let mut count = 0;
    for (path, text) in pages() {
        let here = folder(&format!("docs/{}", path.replace('/', "-")));
        if !blocks(&text).iter().any(|block| !commands(block).is_empty()) {
            continue;
        }
        for path in NEEDED {
            copy(&top().join(path), &here.join(path));
        }
        let mut play = Play::new(&here);
        for block in blocks(&text) {
            play.block(&block);
        }
        count += play.count;
        if updating() && !play.changes.is_empty() {
            write(&top().join(&path), &rewritten(&text, &play.changes));
            play.failures.retain(|failure| !failure.is_stale);
        }
        failed.extend(play.failures.iter().map(|failure| format!("{path}:{}", failure.message)));
    }
    let hint = "`ISNAD_UPDATE=1 cargo test -p isnad-tests` rewrites outputs";
    assert!(failed.is_empty(), "\n{}\n{hint}\n", failed.join("\n"));
    assert!(count > 10, "the documentation shows no command");
}

/// A page whose commands are run one after the other.
struct Play<'f> {
    folder: &'f Path,
    /// How many commands were run.
    count: usize,
    /// What the last block of commands printed; `None` where it was not run.
    printed: Option<String>,
    failures: Vec<Failure>,
    /// Outputs that have to be written anew.
    changes: Vec<(std::ops::Range<usize>, String)>,
}

struct Failure {
    /// Line and what is wrong.
    message: String,
    /// Whether only what is shown is not what was printed.
    is_stale: bool,
}

impl<'f> Play<'f> {
    fn new(folder: &'f Path) -> Self {
        Play { folder, count: 0, printed: None, failures: Vec::new(), changes: Vec::new() }
    }

    fn block(&mut self, block: &Block) {
        if let Some(file) = block.value("file") {
            fs::write(self.folder.join(file), &block.text).unwrap();
        } else if block.words().any(|word| word == "output") {
            self.output(block);
        } else {
            let commands = commands(block);
            if !commands.is_empty() {
                self.run(block, &commands);
            }
        }
    }

    fn run(&mut self, block: &Block, commands: &[(usize, String)]) {
        self.printed = None;
        if block.value("needs").is_some_and(|program| !is_installed(program)) {
            return;
        }
        let wanted: i32 = block.value("exit").map_or(0, |code| code.parse().unwrap());
        let mut printed = String::new();
        for (line, command) in commands {
            self.count += 1;
            let outcome = shell(self.folder, command);
            if outcome.code != wanted {
                let message = format!("{line}: `{command}` ends with {}:\n{}", outcome.code, outcome.stderr);
                self.failures.push(Failure { message, is_stale: false });
            }
            printed.push_str(&outcome.stdout);
            if wanted != 0 {
                printed.push_str(&outcome.stderr);
            }
        }
        self.printed = Some(printed);
    }

    fn output(&mut self, block: &Block) {
        // The program that the commands need is not here.
        let Some(printed) = &self.printed else { return };
        if outputs::is_shown(&block.text, printed) {
            return;
        }
        let fresh = outputs::refreshed(&block.text, printed);
        if fresh.lines().any(|line| line.trim_start().starts_with(&block.fence)) {
            let message =
                format!("{}: the output holds a fence; open this block with a longer one", block.line);
            return self.failures.push(Failure { message, is_stale: false });
        }
        let message =
            format!("{}: this is not what it prints:\n{}", block.line, difference(&block.text, &fresh));
        self.failures.push(Failure { message, is_stale: block.place.is_some() });
        self.changes.extend(block.place.clone().map(|place| (place, fresh)));
    }
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
    let mut paths = vec![top().join("README.md")];
    for folder in ["docs", "plugins"] {
        let is_page = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "md");
        paths.extend(files(&top().join(folder)).into_iter().filter(is_page));
    }
    let page = |path: &Path| {
        let shown = path.strip_prefix(top()).unwrap_or(path).display().to_string();
        (shown, fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
    };
    paths.iter().map(|path| page(path)).collect()
}

/// The commands of a block, with the numbers of their lines. A line that ends in `\` goes on.
fn commands(block: &Block) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let (language, needs) = (block.words().next().unwrap_or_default(), block.value("needs"));
    let mut lines = block.text.lines().zip(block.line + 1..);
    while let Some((line, number)) = lines.next() {
        let command = match language {
            "sh" => Some(line),
            "console" => line.strip_prefix("$ "),
            _ => None,
        };
        let Some(command) = command else { continue };
        let mut command = command.to_owned();
        while command.ends_with('\\') {
            command.pop();
            command.push_str(lines.next().map_or("", |(more, _)| more.trim_start()));
        }
        let command = command.replace(CARGO_RUN, "isnad ");
        let first = command.split(' ').next().unwrap_or_default();
        if first == "isnad" || Some(first) == needs || command.contains("| isnad ") {
            found.push((number, command));
        }
    }
    found
}

fn is_installed(program: &str) -> bool {
    shell(top(), &format!("command -v {program}")).code == 0
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
                $ cat x | isnad run -\nisnad no\n$ cargo run --release -- stages\n```\n```toml\nisnad = 1\n```\n\
                ```sh needs=jq\njq . x\nls\n```\n";
    let found: Vec<(usize, String)> = blocks(page).iter().flat_map(commands).collect();
    let expected = [(3, "isnad run a b"), (12, "cat x | isnad run -"), (14, "isnad stages"), (20, "jq . x")];
    assert_eq!(found, expected.map(|(line, command)| (line, command.to_owned())));
}

#[test]
fn outputs_are_compared_and_rewritten() {
    let page = "```toml file=x.toml\nisnad = 2\n```\n```sh exit=2\nisnad check x.toml\n```\n```text output\nnothing\n…\n```\n\
                ```sh needs=no-such-program\nisnad no\n```\n```text output\nanything\n```\n```sh\nisnad no\n```\n";
    let here = folder("docs/outputs");
    let mut play = Play::new(&here);
    for block in blocks(page) {
        play.block(&block);
    }
    let messages: Vec<&str> = play.failures.iter().map(|failure| failure.message.as_str()).collect();
    let [stale, failed] = messages.as_slice() else { panic!("{messages:?}") };
    assert!(stale.starts_with("7: this is not what it prints:\n-nothing\n+x.toml:1:"), "{stale}");
    assert!(failed.starts_with("18: `isnad no` ends with 2:\nerror:"), "{failed}");
    assert_eq!(play.changes.len(), 1);
    let fresh = rewritten(page, &play.changes);
    assert!(fresh.contains("```text output\nx.toml:1:"), "{fresh}");
}
