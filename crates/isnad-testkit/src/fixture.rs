//! Counter-examples as files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use isnad_arabic::{Class, class};
use isnad_core::{Article, Origin};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::laws::{Law, LawBroken};

/// A batch of articles on which a law was broken once, to be tried again for ever.
///
/// Its form as a file is JSON. Characters that show nothing, and marks, stand there as `\u…`, so that the
/// file can be read and compared.
///
/// ```
/// use isnad_testkit::{Fixture, laws::Law};
///
/// let json = r#"{
///   "law": "rows",
///   "message": "a row is empty",
///   "articles": [{ "raw": "عنوان\n\nقال: «»", "title": "عنوان", "published": "2023-05-16" }]
/// }"#;
/// let fixture = Fixture::from_json(json)?;
/// assert_eq!(fixture.law, Law::Rows);
/// assert_eq!(fixture.articles[0].title_len, "عنوان".len());
/// assert_eq!(Fixture::from_json(&fixture.to_json())?.articles[0].raw, fixture.articles[0].raw);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Fixture {
    /// The law that was broken.
    pub law: Law,
    /// What was seen then.
    pub message: String,
    /// The articles it was broken on, in one batch.
    pub articles: Vec<Article>,
}

impl Fixture {
    /// The fixture as JSON, with a line feed at its end.
    pub fn to_json(&self) -> String {
        let stored = Stored {
            law: self.law.name().to_owned(),
            message: self.message.clone(),
            articles: self.articles.iter().map(StoredArticle::from).collect(),
        };
        let json = serde_json::to_string_pretty(&stored).expect("strings, numbers and maps with string keys");
        escaped(&json) + "\n"
    }

    /// The fixture that a JSON text holds.
    ///
    /// # Errors
    /// The text is no JSON or has other fields, there is no such law or date, or a `title` is not the
    /// beginning of its `raw`.
    pub fn from_json(json: &str) -> serde_json::Result<Fixture> {
        let stored: Stored = serde_json::from_str(json)?;
        let law =
            Law::from_name(&stored.law).ok_or_else(|| wrong(format!("there is no law `{}`", stored.law)))?;
        let articles = stored.articles.into_iter().map(Article::try_from).collect::<Result<_, _>>()?;
        Ok(Fixture { law, message: stored.message, articles })
    }

    /// A name for its file. It follows from law and articles, so that one counter-example makes one file.
    pub fn file_name(&self) -> String {
        format!("{}-{:08x}.json", self.law, self.number())
    }

    /// Writes the fixture into a folder, which is made if it is not there, under its
    /// [name](Fixture::file_name).
    ///
    /// # Errors
    /// The folder cannot be made, or the file cannot be written.
    pub fn write(&self, folder: &Path) -> io::Result<PathBuf> {
        let path = folder.join(self.file_name());
        fs::create_dir_all(folder)?;
        fs::write(&path, self.to_json())?;
        Ok(path)
    }

    /// All fixtures of a folder, its `*.json`, by the names of these files; none if the folder is not there.
    ///
    /// # Errors
    /// The folder or a file cannot be read, or is no fixture; the message names it.
    pub fn read_all(folder: &Path) -> Result<Vec<Fixture>, String> {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => {
                return Err(format!("the fixtures in `{}` cannot be read: {error}", folder.display()));
            }
        };
        let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
        paths.sort();
        let read = |path: &PathBuf| {
            let failed = |what: String| format!("the fixture `{}` cannot be read: {what}", path.display());
            let json = fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
            Fixture::from_json(&json).map_err(|error| failed(error.to_string()))
        };
        paths.iter().map(read).collect()
    }

    /// A number that hardly another fixture has: FNV-1a over law and articles.
    fn number(&self) -> u32 {
        let plain = Fixture { message: String::new(), ..self.clone() };
        plain
            .to_json()
            .bytes()
            .fold(0x811C_9DC5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
    }
}

impl From<&LawBroken> for Fixture {
    fn from(broken: &LawBroken) -> Self {
        Fixture { law: broken.law, message: broken.message.clone(), articles: broken.articles.clone() }
    }
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    law: String,
    message: String,
    articles: Vec<StoredArticle>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct StoredArticle {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    id: String,
    raw: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    published: Option<String>,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    meta: Map<String, Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    origin: Option<StoredOrigin>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct StoredOrigin {
    path: Option<String>,
    record: u64,
    bytes: (u64, u64),
}

impl From<&Article> for StoredArticle {
    fn from(article: &Article) -> Self {
        let origin = &article.origin;
        StoredArticle {
            id: article.id.clone(),
            raw: article.raw.clone(),
            title: article.raw.get(..article.title_len).unwrap_or_default().to_owned(),
            published: article.published.map(|date| date.to_string()),
            meta: article.meta.clone(),
            origin: (*origin != Origin::default()).then(|| StoredOrigin {
                path: origin.path.as_deref().map(str::to_owned),
                record: origin.record,
                bytes: origin.bytes,
            }),
        }
    }
}

impl TryFrom<StoredArticle> for Article {
    type Error = serde_json::Error;

    fn try_from(stored: StoredArticle) -> serde_json::Result<Self> {
        if !stored.raw.starts_with(&stored.title) {
            return Err(wrong(format!("the title `{}` is not the beginning of `raw`", stored.title)));
        }
        let published = stored.published.map(|date| {
            date.parse::<Date>().map_err(|_| wrong(format!("`{date}` is no date such as 2023-05-16")))
        });
        let origin = stored.origin.map(|origin| Origin {
            path: origin.path.map(Into::into),
            record: origin.record,
            bytes: origin.bytes,
        });
        Ok(Article {
            id: stored.id,
            title_len: stored.title.len(),
            raw: stored.raw,
            meta: stored.meta,
            published: published.transpose()?,
            origin: origin.unwrap_or_default(),
        })
    }
}

fn wrong(what: String) -> serde_json::Error {
    serde::de::Error::custom(what)
}

/// The same JSON with `\u…` for what shows nothing or depends on the letter before it. Outside of strings
/// there is no such character.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        let is_seen = c.is_ascii()
            || !matches!(
                class(c),
                Class::Mark
                    | Class::Tatweel
                    | Class::Presentation
                    | Class::Bidi
                    | Class::ZeroWidth
                    | Class::Control
                    | Class::Break
                    | Class::OddSpace
            );
        if is_seen {
            out.push(c);
        } else {
            c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::arabic;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_is_read_is_what_was_written(articles in vec(arabic::article(), 0..3)) {
            let fixture = Fixture { law: Law::Honest, message: "«».".into(), articles };
            let read = Fixture::from_json(&fixture.to_json()).expect("it was written just now");
            prop_assert_eq!(format!("{fixture:?}"), format!("{read:?}"));
        }
    }

    #[track_caller]
    fn check(json: &str, message: &str) {
        let error = Fixture::from_json(json).expect_err("it is wrong").to_string();
        assert!(error.contains(message), "{error}");
    }

    #[test]
    fn what_is_wrong_is_said() {
        let with = |article: &str| format!(r#"{{ "law": "rows", "message": "", "articles": [{article}] }}"#);
        check(r#"{ "law": "row", "message": "", "articles": [] }"#, "there is no law `row`");
        check(&with(r#"{ "raw": "قال", "title": "لا" }"#), "is not the beginning of `raw`");
        check(&with(r#"{ "raw": "قال", "published": "أمس" }"#), "`أمس` is no date");
        check(&with(r#"{ "raw": "قال", "text": "" }"#), "unknown field `text`");
    }

    #[test]
    fn what_cannot_be_seen_is_written_as_escapes() {
        let articles = vec![Article { raw: "قَـال\u{200F}\u{E0001}".into(), ..Article::default() }]; // FATHA, TATWEEL, RIGHT-TO-LEFT MARK, LANGUAGE TAG
        let json = Fixture { law: Law::Rows, message: String::new(), articles }.to_json();
        assert!(json.contains(r#""raw": "ق\u064e\u0640ال\u200f"#), "{json}");
    }
}
