//! From the fields of a record to an article: which of them is what, and what is left.

use std::sync::atomic::{AtomicBool, Ordering};

use isnad_core::{Article, DocError};
use serde_json::{Map, Value};

use crate::{Fields, parse_date};

/// Fields as a run looks for them.
#[derive(Debug)]
pub(crate) struct FieldMap {
    fields: Fields,
    /// Those that the user has named, and whether any record has them.
    named: Vec<Named>,
}

#[derive(Debug)]
struct Named {
    /// What names it, such as `published`.
    by: &'static str,
    path: String,
    seen: AtomicBool,
}

/// Something odd about a record: code and message.
pub(super) type Oddity = (&'static str, String);

impl FieldMap {
    pub(crate) fn new(fields: Fields) -> Self {
        let default = Fields::default();
        let one = |by, path: &String, usual: &String| (path != usual).then(|| (by, path.clone()));
        let texts = fields.text.iter().filter(|_| fields.text != default.text);
        let named = one("id", &fields.id, &default.id)
            .into_iter()
            .chain(one("published", &fields.published, &default.published))
            .chain(fields.title.iter().map(|path| ("title", path.clone())))
            .chain(texts.map(|path| ("text", path.clone())))
            .map(|(by, path)| Named { by, path, seen: AtomicBool::new(false) });
        FieldMap { named: named.collect(), fields }
    }

    /// What the user has named and no record has: a slip, most likely.
    pub(crate) fn unseen(&self) -> impl Iterator<Item = String> {
        let unseen = self.named.iter().filter(|named| !named.seen.load(Ordering::Relaxed));
        unseen.map(|named| {
            format!("no record has the field `{}`, which `fields.{}` names", named.path, named.by)
        })
    }

    /// Makes an article of a record. On an error it has what could be read before.
    pub(super) fn fill(
        &self,
        article: &mut Article,
        mut record: Map<String, Value>,
        oddities: &mut Vec<Oddity>,
    ) -> Result<(), DocError> {
        for named in self.named.iter().filter(|named| !named.seen.load(Ordering::Relaxed)) {
            named.seen.fetch_or(find(&record, &named.path).is_some(), Ordering::Relaxed);
        }
        let fields = &self.fields;
        match find(&record, &fields.id) {
            None | Some(Value::Null) => {}
            Some(Value::String(id)) if id.is_empty() => {}
            Some(Value::String(id)) => article.id.clone_from(id),
            Some(Value::Number(id)) => article.id = id.to_string(),
            Some(other) => {
                return Err(wrong(&fields.id, kind(other), "an id is a string or a number"));
            }
        }
        let date = find(&record, &fields.published).filter(|date| !date.is_null()).cloned();
        (article.raw, article.title_len) = self.take_text(&mut record)?;
        take(&mut record, &fields.id);
        article.meta = match date {
            Some(date) => {
                self.read_date(article, &date, oddities);
                with_date(record, &fields.published, date, oddities)
            }
            None => {
                take(&mut record, &fields.published);
                record
            }
        };
        Ok(())
    }

    /// The text of a record with the length of its title, both taken out of the record.
    fn take_text(&self, record: &mut Map<String, Value>) -> Result<(String, usize), DocError> {
        let Fields { title, text, .. } = &self.fields;
        let mut joined: Option<String> = None;
        let mut title_len = 0;
        // Of several texts the first is the title, unless a field of its own is.
        let begins_with_title = title.is_some() || text.len() > 1;
        let mut has_body = false;
        for (index, path) in title.iter().chain(text).enumerate() {
            let Some(value) = take(record, path) else { continue };
            let Some(part) = text_of(value, path)? else { continue };
            has_body |= index > 0 || title.is_none();
            match &mut joined {
                None => joined = Some(part),
                Some(joined) => append(joined, &part),
            }
            if index == 0 && begins_with_title {
                title_len = joined.as_ref().map_or(0, String::len);
            }
        }
        let whole = joined.filter(|_| has_body);
        whole.map(|text| (text, title_len)).ok_or_else(|| self.no_text(record))
    }

    fn no_text(&self, record: &Map<String, Value>) -> DocError {
        let present = record.iter().filter(|(_, value)| !value.is_null()).take(12);
        let names: Vec<String> = present.map(|(name, _)| format!("`{name}`")).collect();
        let message = format!(
            "the record has no text: no field `{}` (it has {}); say with `fields` in `[input]` where the text is",
            self.fields.text.join("` or `"),
            if names.is_empty() { "none".to_owned() } else { names.join(", ") },
        );
        DocError::new("field", message)
    }

    fn read_date(&self, article: &mut Article, date: &Value, oddities: &mut Vec<Oddity>) {
        let text = date.as_str().map_or_else(|| date.to_string(), str::to_owned);
        let parsed = if date.is_string() || date.is_number() { parse_date(&text).ok() } else { None };
        if parsed.is_none() {
            let field = &self.fields.published;
            oddities.push(("bad-date", format!("`{text}` in field `{field}` {}", crate::dates::BadDate)));
        }
        article.published = parsed;
    }
}

/// The value at a path: a field of this name, or the names of fields in fields with dots between them.
fn find<'r>(record: &'r Map<String, Value>, path: &str) -> Option<&'r Value> {
    if let Some(value) = record.get(path) {
        return Some(value);
    }
    splits(path).find_map(|(name, rest)| find(record.get(name)?.as_object()?, rest))
}

/// Takes the value at a path out of a record; an object that is empty then goes too.
fn take(record: &mut Map<String, Value>, path: &str) -> Option<Value> {
    if let Some(value) = record.shift_remove(path) {
        return Some(value);
    }
    splits(path).find_map(|(name, rest)| {
        let inner = record.get_mut(name)?.as_object_mut()?;
        let value = take(inner, rest)?;
        if inner.is_empty() {
            record.shift_remove(name);
        }
        Some(value)
    })
}

fn splits(path: &str) -> impl Iterator<Item = (&str, &str)> {
    path.match_indices('.').filter_map(|(dot, _)| Some((path.get(..dot)?, path.get(dot + 1..)?)))
}

/// The metadata with the date as it was given under `published`, in its place if it is a field of the
/// record itself.
fn with_date(
    mut record: Map<String, Value>,
    path: &str,
    date: Value,
    oddities: &mut Vec<Oddity>,
) -> Map<String, Value> {
    const NAME: &str = "published";
    if path == NAME {
        return record;
    }
    if record.shift_remove(NAME).is_some_and(|other| !other.is_null()) {
        let message = format!("field `{path}` takes the place of field `{NAME}`, which is not kept");
        oddities.push(("field", message));
    }
    if record.contains_key(path) {
        let rename = |(name, value)| if name == path { (NAME.to_owned(), value) } else { (name, value) };
        return record.into_iter().map(rename).collect();
    }
    take(&mut record, path);
    record.insert(NAME.to_owned(), date);
    record
}

/// A text, or a list of paragraphs joined by blank lines; `null` is none.
fn text_of(value: Value, path: &str) -> Result<Option<String>, DocError> {
    let paragraphs = match value {
        Value::Null => return Ok(None),
        Value::String(text) => return Ok(Some(text)),
        Value::Array(paragraphs) => paragraphs,
        other => return Err(wrong(path, kind(&other), "a text must be a string or a list of strings")),
    };
    let mut joined = String::new();
    for (index, paragraph) in paragraphs.iter().enumerate() {
        match paragraph {
            Value::Null => {}
            Value::String(paragraph) => append(&mut joined, paragraph),
            other => {
                let path = format!("{path}[{index}]");
                return Err(wrong(&path, kind(other), "a paragraph must be a string"));
            }
        }
    }
    Ok(Some(joined))
}

/// Adds a part of a text behind a blank line.
fn append(text: &mut String, part: &str) {
    if !text.is_empty() && !part.is_empty() {
        text.push_str("\n\n");
    }
    text.push_str(part);
}

fn wrong(path: &str, found: &str, expected: &str) -> DocError {
    DocError::new("field", format!("field `{path}` is {found}; {expected}"))
}

/// What a value is, in words.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
