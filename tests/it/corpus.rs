//! The articles of `tests/corpus`.

use std::fs;
use std::path::PathBuf;

use serde_json::json;

use crate::program::top;

/// Where they lie.
pub(crate) fn path() -> PathBuf {
    top().join("tests/corpus")
}

/// Name and text of every article, by name.
pub(crate) fn articles() -> Vec<(String, String)> {
    let entries = fs::read_dir(path()).expect("the corpus is part of the repository");
    let mut articles: Vec<(String, String)> = entries
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "txt"))
        .map(|path| {
            let text = fs::read_to_string(&path).expect("the articles are UTF-8");
            (path.file_name().expect("it is a file").to_string_lossy().into_owned(), text)
        })
        .collect();
    articles.sort();
    assert!(articles.len() >= 8, "the corpus has gone: {articles:?}");
    articles
}

/// So many different articles as JSON lines: the corpus again and again, each time with another beginning,
/// date and length.
pub(crate) fn many(count: usize) -> String {
    let articles = articles();
    let mut out = String::new();
    for (number, (name, text)) in articles.iter().cycle().take(count).enumerate() {
        let round = number / articles.len();
        let text = format!("خبر رقم {number}.\n{}", text.repeat(round + 1));
        let day = number % 28 + 1;
        let record = json!({ "id": format!("{name}-{round}"), "text": text, "published": format!("2026-02-{day:02}"), "round": round });
        out.push_str(&record.to_string());
        out.push('\n');
    }
    out
}
