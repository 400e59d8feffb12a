//! What `redact.identifiers` withholds is nowhere: not in the records, not on the page for a person, not in the
//! quarantine that a later stage fills, not in the log at its most talkative.

use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::fs;
use std::path::{Path, PathBuf};

use isnad_plugin_hostile::library as hostile;
use serde_json::json;

use crate::program::{Outcome, files, folder, isnad, json_lines, top};

/// Two documents, one with the words on which the last stage fails: «خبر سم».
const ARTICLES: [&str; 2] = [
    "الرياض (وكالات) - قالت وزيرة الصحة ليلى حداد إن الوزارة فتحت باب التسجيل في 16/5/2023 بكلفة 1,250,000 دولار.",
    "الرياض (وكالات) - قالت وزيرة الصحة ليلى حداد إن خبر سم في المستشفى غير صحيح.",
];

const CONTACTS: &str = "\nوأضافت: «للتواصل: ٠١٠ ١٢٣٤ ٥٦٧٨ أو +966 50 765 4321 أو layla.haddad@example.com، واتساب 00971-55-\u{200F}443-2198». \
    وقال المتحدث سامي نور إن هاتف المكتب (02) 2345-6789.\n\
    الرقم القومي ٢٩٠٠١٠١٢١١٢٣٤٥، والهوية 1098765439، والحساب SA03 8000 0000 6080 1016 7519."; // RIGHT-TO-LEFT MARK

/// What may not be seen, as digits of one set without anything between, or small letters.
const SECRETS: [&str; 8] = [
    "01012345678",
    "966507654321",
    "layla.haddad",
    "971554432198",
    "0223456789",
    "29001012112345",
    "1098765439",
    "380000000608010167519",
];

#[test]
fn what_is_withheld_is_nowhere() {
    let here = folder("redact/hidden");
    for (own, last) in
        [("", "how = \"fail\""), ("isolation = \"process\"", "how = \"segfault\"\nisolation = \"process\"")]
    {
        let outcome = run(&here, Some(own), last);
        assert_eq!(outcome.code, 3, "{outcome:?}");
        for (name, text) in printed(&here, &outcome) {
            let seen: Vec<&str> = SECRETS.into_iter().filter(|secret| shows(&text, secret)).collect();
            assert!(seen.is_empty(), "{name} shows {seen:?}:\n{text}");
        }
        let facts = fs::read_to_string(here.join("facts.jsonl")).unwrap();
        for said in ["للتواصل: █████", "16/5/2023", "1,250,000"] {
            assert!(facts.contains(said), "`{said}` is not in {facts}");
        }
        let failed = json_lines(&fs::read_to_string(here.join("isnad-quarantine.jsonl")).unwrap());
        assert_eq!((failed.len(), &failed[0]["stage"]), (1, &json!("test.hostile")), "{failed:?}");
        assert!(
            outcome.stdout.contains("ليلى حداد") && outcome.stderr.contains("the run begins"),
            "{outcome:?}"
        );
    }
}

/// That the test before this one would notice: without the stage every secret is seen.
#[test]
fn without_the_stage_all_of_it_is_shown() {
    let here = folder("redact/shown");
    let outcome = run(&here, None, "how = \"fail\"");
    let facts = fs::read_to_string(here.join("facts.jsonl")).unwrap();
    let unseen: Vec<&str> = SECRETS.into_iter().filter(|secret| !shows(&facts, secret)).collect();
    assert!(unseen.is_empty(), "{unseen:?} {outcome:?}");
    assert!(SECRETS.iter().any(|secret| shows(&outcome.stdout, secret)), "{outcome:?}");
}

/// Runs the stages of `news`, before them the stage with these keys, behind them one that fails on a document.
fn run(here: &Path, redact: Option<&str>, last: &str) -> Outcome {
    let news = fs::read_to_string(top().join("crates/isnad/pipelines/news.toml")).unwrap();
    let stages = news.split_once("[[stage]]").expect("it has stages").1;
    let first =
        redact.map_or(String::new(), |keys| format!("[[stage]]\nuse = \"redact.identifiers\"\n{keys}\n\n"));
    let text = format!(
        "isnad = 1\n\n[input]\npaths = [\"news.jsonl\"]\n\n[[plugin]]\npath = {:?}\n\n[[plugin]]\npath = {:?}\n\n\
         {first}[[stage]]{stages}\n\n[[stage]]\nuse = \"test.hostile\"\nword = \"خبر سم\"\n{last}\n\n\
         [[stage]]\nuse = \"export.jsonl\"\npath = \"facts.jsonl\"\n\n[[stage]]\nuse = \"export.summary\"\n",
        library(),
        hostile("hostile")
    );
    fs::write(here.join("pipeline.toml"), text).unwrap();
    let line = |text: &str| {
        let meta = json!({ "text": format!("{text}{CONTACTS}"), "title": "للتواصل 00971-55-\u{200F}443-2198",
            "office": "(02) 2345-6789", "contacts": ["layla.haddad@example.com", "٠١٠ ١٢٣٤ ٥٦٧٨"] });
        meta.to_string() + "\n"
    };
    fs::write(here.join("news.jsonl"), ARTICLES.map(line).concat()).unwrap();
    let _ = fs::remove_file(here.join("isnad-quarantine.jsonl"));
    isnad(here, &["run", "-p", "pipeline.toml", "--log", "trace", "--report"])
}

/// The library, which cargo builds beside these tests.
fn library() -> PathBuf {
    let tests = std::env::current_exe().expect("a test knows where it lies");
    let path = tests.with_file_name(format!("{DLL_PREFIX}isnad_plugin_redact{DLL_SUFFIX}"));
    assert!(path.exists(), "`{}` was not built", path.display());
    path
}

/// Everything that a run leaves behind, by name.
fn printed(here: &Path, outcome: &Outcome) -> Vec<(String, String)> {
    let ours = ["news.jsonl", "pipeline.toml"].map(|name| here.join(name));
    let written = files(here).into_iter().filter(|path| !ours.contains(path));
    let mut all: Vec<(String, String)> =
        written.map(|path| (path.display().to_string(), fs::read_to_string(&path).unwrap())).collect();
    assert!(all.len() >= 2, "{all:?}");
    all.push(("standard output".to_owned(), outcome.stdout.clone()));
    all.push(("standard error".to_owned(), outcome.stderr.clone()));
    all
}

/// Whether a text shows a secret, in digits of any set, in any groups, with invisible characters escaped or not.
fn shows(text: &str, secret: &str) -> bool {
    let text = text.replace("\\u{200f}", "").replace("\\u200f", "").to_lowercase();
    if secret.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return text.contains(secret);
    }
    let value = |c: char| match c {
        '\u{0660}'..='\u{0669}' => Some(u32::from(c) - 0x0660), // ARABIC-INDIC DIGITS
        '\u{06F0}'..='\u{06F9}' => Some(u32::from(c) - 0x06F0), // EXTENDED ARABIC-INDIC DIGITS
        c => c.to_digit(10),
    };
    let digits: String =
        text.chars().filter_map(value).filter_map(|value| char::from_digit(value, 10)).collect();
    digits.contains(secret)
}
