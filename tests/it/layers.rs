//! The layers of the workspace, read from manifests and sources: who may depend on whom, what only some may
//! do, how long a file may be, what stands at the top.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use toml::{Table, Value};

use crate::program::{files, top};

/// What a crate may depend on inside the workspace. A new crate gets its line here.
const MAY_DEPEND_ON: &[(&str, &[&str])] = &[
    ("isnad-arabic", &[]),
    ("isnad-core", &["isnad-arabic"]),
    ("isnad-lexicon", &["isnad-arabic", "isnad-core"]),
    ("isnad-normalize", &["isnad-arabic", "isnad-core", "isnad-lexicon"]),
    ("isnad-extract", &["isnad-arabic", "isnad-core", "isnad-lexicon"]),
    ("isnad-export", &["isnad-arabic", "isnad-core", "isnad-lexicon"]),
    ("isnad-plugin", &["isnad-core"]),
    ("isnad-plugin-hostile", &["isnad-core"]),
    ("isnad-plugin-keywords", &["isnad-arabic", "isnad-core", "isnad-plugin"]),
    ("isnad-plugin-redact", &["isnad-arabic", "isnad-core", "isnad-plugin"]),
    ("isnad-plugin-stopwords", &["isnad-core"]),
    ("isnad-loader", &["isnad-core", "isnad-plugin"]),
    ("isnad-runner", &["isnad-core"]),
    ("isnad-testkit", &["isnad-arabic", "isnad-core"]),
    (
        "isnad",
        &[
            "isnad-arabic",
            "isnad-core",
            "isnad-export",
            "isnad-extract",
            "isnad-lexicon",
            "isnad-loader",
            "isnad-normalize",
            "isnad-plugin",
            "isnad-runner",
            "isnad-testkit",
        ],
    ),
    ("isnad-tests", &["isnad", "isnad-testkit"]),
];

/// What only some sources may say, as it stands in code without comments and strings. The sources are named
/// by how their path begins.
const ONLY_IN: &[(&[&str], &[&str])] = &[
    (&["unsafe"], MAY_BE_UNSAFE),
    (&["libloading"], &["crates/isnad-loader/"]),
    (
        &["println!", "eprintln!", "print!", "eprint!", "process::exit"],
        &["crates/isnad/src/main.rs", "crates/isnad/src/cli"],
    ),
    (
        &["fs::", "env::", "thread::", "Instant", "SystemTime", "std::fs", "std::env", "std::thread"],
        // The testkit has a law about threads, and keeps counter-examples in files.
        &["crates/isnad-runner/", "crates/isnad-loader/", "crates/isnad/", "crates/isnad-testkit/"],
    ),
];

/// The crates of the border to libraries.
const MAY_BE_UNSAFE: &[&str] = &["crates/isnad-plugin/", "crates/isnad-loader/"];

/// What may stand at the top of the repository.
const AT_THE_TOP: &[&str] = &[
    ".cargo",
    ".ci",
    ".clippy.toml",
    ".gitignore",
    ".rustfmt.toml",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "crates",
    "deny.toml",
    "docs",
    "plugins",
    "tests",
];

const LONGEST_FILE: usize = 800;

#[test]
fn dependencies_run_downwards_only() {
    let mut wrong = Vec::new();
    for (path, manifest) in manifests() {
        let name = manifest["package"]["name"].as_str().expect("a package has a name");
        let Some((_, allowed)) = MAY_DEPEND_ON.iter().find(|(known, _)| *known == name) else {
            wrong.push(format!("{path}: say in tests/it/layers.rs what `{name}` may depend on"));
            continue;
        };
        for other in ["dependencies", "build-dependencies"].iter().flat_map(|kind| own(&manifest, kind)) {
            if !allowed.contains(&other.as_str()) {
                wrong.push(format!("{path}: `{name}` may not depend on `{other}`"));
            }
        }
        let siblings = ["isnad-normalize", "isnad-extract", "isnad-export"];
        for other in own(&manifest, "dev-dependencies") {
            if siblings.contains(&name) && siblings.contains(&other.as_str()) {
                wrong.push(format!("{path}: `{name}` may not see `{other}`, not even in its tests"));
            }
        }
    }
    none(&wrong);
}

#[test]
fn every_package_is_described_and_keeps_the_common_lints_and_versions() {
    let mut wrong = Vec::new();
    for (path, manifest) in manifests() {
        let lints = manifest.get("lints");
        let from_workspace = lints.and_then(|lints| lints.get("workspace")) == Some(&Value::Boolean(true));
        if MAY_BE_UNSAFE.iter().any(|folder| path.starts_with(folder)) {
            wrong.extend(lints.map_or_else(Vec::new, |lints| other_lints(&path, lints)));
        } else if !from_workspace {
            wrong.push(format!("{path}: add `lints.workspace = true`"));
        }
        let description = manifest["package"].get("description").and_then(Value::as_str).unwrap_or("TODO");
        if description.contains("TODO") {
            wrong.push(format!("{path}: the description is missing"));
        }
        for kind in ["dependencies", "build-dependencies", "dev-dependencies"] {
            for (name, wanted) in manifest.get(kind).and_then(Value::as_table).into_iter().flatten() {
                if wanted.get("workspace") != Some(&Value::Boolean(true)) {
                    wrong.push(format!("{path}: take the version of `{name}` from the workspace"));
                }
            }
        }
    }
    none(&wrong);
}

#[test]
fn only_some_may_do_what_is_risky() {
    let product: Vec<_> = sources("crates").into_iter().filter(|(path, _)| is_of_the_product(path)).collect();
    assert!(product.len() > 50, "the sources have gone");
    let mut wrong = Vec::new();
    for (path, source) in product {
        for (number, line) in code(without_tests(&source)).lines().enumerate() {
            for (words, places) in ONLY_IN {
                let allowed = places.iter().any(|place| path.starts_with(place));
                if let Some(word) = words.iter().find(|word| !allowed && says(line, word)) {
                    wrong.push(format!("{path}:{}: `{word}` has no place here: {}", number + 1, line.trim()));
                }
            }
        }
    }
    none(&wrong);
}

#[test]
fn no_file_is_too_long_to_be_read_at_once() {
    let all = ["crates", "plugins", "tests"].into_iter().flat_map(sources);
    let long = all.filter(|(_, source)| source.lines().count() > LONGEST_FILE);
    none(
        &long
            .map(|(path, _)| format!("{path} has more than {LONGEST_FILE} lines; split it"))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn nothing_else_stands_at_the_top() {
    let listed = Command::new("git").args(["ls-tree", "--name-only", "HEAD"]).current_dir(top()).output();
    let names = match listed {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout).into_owned(),
        // An unpacked archive: nobody has worked in it yet.
        _ => return,
    };
    let other = names.lines().filter(|name| !AT_THE_TOP.contains(name));
    none(&other.map(|name| format!("`{name}` belongs into a folder")).collect::<Vec<_>>());
}

#[test]
fn every_table_of_the_lexicon_names_its_source() {
    let folder = top().join("crates/isnad-lexicon/data");
    let mut wrong = Vec::new();
    for path in files(&folder).into_iter().filter(|path| path.extension().is_some_and(|e| e == "tsv")) {
        let text = fs::read_to_string(&path).unwrap();
        let mut head = text.lines().take_while(|line| line.starts_with('#'));
        if !head.any(|line| line.starts_with("# source:")) {
            wrong.push(format!("{}: add a line `# source: … (licence)` to its head", path.display()));
        }
    }
    none(&wrong);
}

/// In what the lints of a crate differ from those of the workspace, but for the one that forbids `unsafe`.
fn other_lints(path: &str, lints: &Value) -> Vec<String> {
    let workspace: Table = fs::read_to_string(top().join("Cargo.toml")).unwrap().parse().unwrap();
    let common = workspace["workspace"]["lints"].as_table().expect("the workspace has lints");
    let mut wrong = Vec::new();
    for (tool, names) in common {
        for (name, level) in names.as_table().into_iter().flatten() {
            let own = lints.get(tool).and_then(|names| names.get(name));
            let expected = if name == "unsafe_code" { Value::from("allow") } else { level.clone() };
            if own != Some(&expected) {
                wrong.push(format!("{path}: its lint `{name}` is not {expected}, as elsewhere"));
            }
        }
    }
    wrong
}

fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// The manifests of all packages, by their paths from the top.
fn manifests() -> BTreeMap<String, Table> {
    let root = top();
    let mut found = BTreeMap::new();
    for folder in ["crates", "plugins"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            found.insert(format!("{folder}/{}", entry.unwrap().file_name().to_string_lossy()), ());
        }
    }
    found.insert("tests".to_owned(), ());
    let manifest = |folder: String| {
        let path = format!("{folder}/Cargo.toml");
        let text = fs::read_to_string(root.join(&path)).ok()?;
        let table = text.parse().unwrap_or_else(|error| panic!("{path}: {error}"));
        Some((path, table))
    };
    let manifests: BTreeMap<_, _> = found.into_keys().filter_map(manifest).collect();
    assert!(manifests.len() >= 10, "the packages have gone: {:?}", manifests.keys());
    manifests
}

/// The crates of the workspace that a manifest names.
fn own(manifest: &Table, kind: &str) -> Vec<String> {
    let named = manifest.get(kind).and_then(Value::as_table).into_iter().flatten();
    named.map(|(name, _)| name.clone()).filter(|name| name.starts_with("isnad")).collect()
}

/// All Rust files below a folder, by their paths from the top.
fn sources(folder: &str) -> Vec<(String, String)> {
    let rust =
        files(&top().join(folder)).into_iter().filter(|path| path.extension().is_some_and(|e| e == "rs"));
    rust.map(|path| {
        let shown = path.strip_prefix(top()).unwrap_or(&path).to_string_lossy().into_owned();
        (shown, fs::read_to_string(&path).unwrap())
    })
    .collect()
}

/// Whether a file becomes part of what users run: not its tests, benches and examples.
fn is_of_the_product(path: &str) -> bool {
    let mut parts = path.split('/').skip(2);
    parts.next() == Some("src") && !parts.any(|part| matches!(part, "tests.rs" | "testing.rs" | "tests"))
}

/// A source without the module of unit tests at its end.
fn without_tests(source: &str) -> &str {
    source.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or(source)
}

/// Whether a line of code says a word, and not just another word that holds it.
fn says(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        let after = line.get(at + word.len()..).and_then(|after| after.chars().next());
        let ends = word.chars().next_back().is_some_and(is_word);
        !(before.is_some_and(is_word) || ends && after.is_some_and(is_word))
    })
}

/// A source with its comments and the contents of its strings blotted out; line breaks stay.
fn code(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |at| at + 2),
            '"' => string(rest),
            'r' if rest.starts_with("r\"") || rest.starts_with("r#") => raw_string(rest),
            '\'' => character(rest),
            _ => 0,
        };
        if length == 0 {
            out.push(c);
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
        } else {
            let (blotted, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
            out.push(' ');
            out.extend(blotted.chars().filter(|c| *c == '\n'));
            rest = behind;
        }
    }
    out
}

fn string(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// 0 where it is no raw string but a raw name.
fn raw_string(rest: &str) -> usize {
    let hashes = rest.chars().skip(1).take_while(|c| *c == '#').count();
    if rest.chars().nth(1 + hashes) != Some('"') {
        return 0;
    }
    let (begin, end) = (hashes + 2, format!("\"{}", "#".repeat(hashes)));
    rest.get(begin..).and_then(|inside| inside.find(&end)).map_or(rest.len(), |at| begin + at + end.len())
}

/// 0 where it is no character but a lifetime.
fn character(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), Some(_)) => {
            rest.get(3..).and_then(|inside| inside.find('\'')).map_or(0, |at| at + 4)
        }
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 0,
    }
}

#[test]
fn code_is_told_from_comments_and_strings() {
    let source = "a; // unsafe\nb(\"unsafe \\\" unsafe\"); c::<'static>('\"', '\\'', r#\"unsafe\"#); /* unsafe */ d /* x\n */ e";
    let shown = code(source);
    assert!(!says(&shown, "unsafe") && shown.lines().count() == 3, "{shown}");
    for word in ["a", "b", "static", "d", "e"] {
        assert!(says(&shown, word), "{word}: {shown}");
    }
    assert!(says("unsafe {", "unsafe") && !says("unsafe_code", "unsafe") && !says("dbg_print!(", "print!"));
}
