//! A law that a stage broke, in a form for people.

use std::fmt;

use isnad_arabic::{Class, class};
use isnad_core::Article;

use super::Law;

/// A law that a stage broke, with the smallest input found that shows it.
///
/// Shown as text, each article stands there twice: as it is, to be pasted into a file, and as a string of
/// Rust in which invisible characters and marks are written as `\u{…}`.
#[derive(Clone, Debug)]
pub struct LawBroken {
    /// Which one.
    pub law: Law,
    /// What was expected and what happened.
    pub message: String,
    /// The articles it happened on, in one batch; empty if it happened before there were any.
    pub articles: Vec<Article>,
}

impl LawBroken {
    pub(crate) fn of(law: Law, message: impl Into<String>) -> Self {
        LawBroken { law, message: message.into(), articles: Vec::new() }
    }

    pub(super) fn on(self, articles: &[Article]) -> Self {
        LawBroken { articles: articles.to_vec(), ..self }
    }
}

impl fmt::Display for LawBroken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "law `{}` is broken: {}", self.law.name(), self.message)?;
        for (index, article) in self.articles.iter().enumerate() {
            write!(f, "\narticle {} of {}", index + 1, self.articles.len())?;
            if !article.id.is_empty() {
                write!(f, ", id {}", literal(&article.id))?;
            }
            if let Some(date) = article.published {
                write!(f, ", published {date}")?;
            }
            if let Some(title) = article.raw.get(..article.title_len).filter(|title| !title.is_empty()) {
                write!(f, ", title {}", literal(title))?;
            }
            if !article.meta.is_empty() {
                let meta = serde_json::to_string(&article.meta).unwrap_or_default();
                write!(f, ", metadata {meta}")?;
            }
            let raw = &article.raw;
            write!(f, "\n  as it is\n{}\n  escaped\n{}", shortened(raw), literal(&shortened(raw)))?;
        }
        Ok(())
    }
}

impl std::error::Error for LawBroken {}

/// So many code points of a text are shown from its beginning, and so many from its end.
const SHOWN: (usize, usize) = (1000, 200);

/// The text, or its two ends if it is long.
fn shortened(text: &str) -> String {
    let count = text.chars().count();
    let (first, last) = SHOWN;
    if count <= first + last {
        return text.to_owned();
    }
    let begin: String = text.chars().take(first).collect();
    let end: String = text.chars().skip(count - last).collect();
    format!("{begin} [… {} of {count} code points left out …] {end}", count - first - last)
}

/// The text as a string of Rust: what shows nothing, or only together with the letter before it, as `\u{…}`.
fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match class(c) {
            Class::Space | Class::Letter => out.push(c),
            Class::Mark
            | Class::Tatweel
            | Class::Presentation
            | Class::Bidi
            | Class::ZeroWidth
            | Class::OddSpace => out.extend(c.escape_unicode()),
            _ => out.extend(c.escape_debug()),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(article: Article) -> String {
        LawBroken::of(Law::Rows, "a row is empty").on(&[article]).to_string()
    }

    #[test]
    fn an_article_can_be_pasted() {
        let article = Article { raw: "قَـال\n«نعم\"\u{200F}".into(), ..Article::default() }; // RIGHT-TO-LEFT MARK
        assert_eq!(
            shown(article),
            "law `rows` is broken: a row is empty\narticle 1 of 1\n  as it is\nقَـال\n«نعم\"\u{200F}\n  escaped\n\
             \"ق\\u{64e}\\u{640}ال\\n«نعم\\\"\\u{200f}\""
        );
    }

    #[test]
    fn what_it_came_with_is_told() {
        let article = Article {
            id: "a-1".into(),
            raw: "عنوان\n\nنص".into(),
            title_len: "عنوان".len(),
            published: Some(jiff::civil::date(2023, 5, 16)),
            ..Article::default()
        };
        assert!(
            shown(article).contains("article 1 of 1, id \"a-1\", published 2023-05-16, title \"عنوان\"\n")
        );
    }

    #[test]
    fn a_long_text_is_shown_by_its_ends() {
        let article = Article { raw: "ا".repeat(5000) + "ب", ..Article::default() };
        let shown = shown(article);
        assert!(shown.contains("[… 3801 of 5001 code points left out …]") && shown.chars().count() < 3000);
    }
}
