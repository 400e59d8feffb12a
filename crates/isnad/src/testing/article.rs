//! An article as it would stand in a pipeline file.

use isnad_core::Article;

use isnad_testkit::is_unseen;

/// The article as the beginning of a `[[test]]` of this name, to be copied into a pipeline file.
pub(super) fn as_test(article: &Article, name: &str) -> String {
    let mut lines = vec!["[[test]]".to_owned(), format!("name = {}", quoted(name))];
    let title = article.raw.get(..article.title_len).filter(|title| !title.is_empty());
    let body = title.and_then(|title| article.raw.strip_prefix(title)?.strip_prefix("\n\n"));
    if let (Some(title), Some(_)) = (title, body) {
        lines.push(format!("title = {}", quoted(title)));
    }
    lines.push(format!("article = {}", quoted(body.unwrap_or(&article.raw))));
    if !article.id.is_empty() {
        lines.push(format!("id = {}", quoted(&article.id)));
    }
    if let Some(date) = article.published {
        lines.push(format!("published = {date}"));
    }
    lines.join("\n")
}

/// A string of TOML in which everything can be seen.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    // `${` would be a variable.
    for c in text.replace("${", "$${").chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if is_unseen(c) && u32::from(c) <= 0xFFFF => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c if is_unseen(c) => out.push_str(&format!("\\U{:08X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
