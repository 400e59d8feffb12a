//! What outputs may show of a document: withheld stretches are printed as one U+2588 FULL BLOCK per
//! code point, in the raw text, in rows and in metadata.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::document::Content;
use crate::span::Span;

/// The printed forms of a document's raw text and metadata. Where nothing is withheld they are the
/// originals, borrowed. Every output that shows source text goes through this.
#[derive(Debug)]
pub struct Disclosure<'d> {
    raw: Cow<'d, str>,
    meta: Cow<'d, Map<String, Value>>,
    /// Per withheld stretch, in order: raw span and printed span.
    hidden: Vec<(Span, Span)>,
    secrets: Vec<&'d str>,
}

const BLOCK: char = '\u{2588}'; // FULL BLOCK

impl<'d> Disclosure<'d> {
    pub(crate) fn new(content: &'d Content) -> Self {
        let mut spans: Vec<Span> = content.alignment().withheld().filter(|span| !span.is_empty()).collect();
        if spans.is_empty() {
            return Disclosure {
                raw: Cow::Borrowed(content.raw()),
                meta: Cow::Borrowed(content.meta()),
                hidden: Vec::new(),
                secrets: Vec::new(),
            };
        }
        spans.sort();
        let secrets: Vec<&str> = spans.iter().map(|span| span.of(content.raw())).collect();
        let mut spans = merged(spans.into_iter().chain(repeated(content.raw(), &secrets)).collect());
        spans.dedup();
        let (raw, hidden) = print(content.raw(), &spans);
        let mut meta = content.meta().clone();
        for value in meta.values_mut() {
            mask_value(value, &secrets);
        }
        Disclosure { raw: Cow::Owned(raw), meta: Cow::Owned(meta), hidden, secrets }
    }

    /// The raw text as printed.
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// The metadata as printed.
    pub fn meta(&self) -> &Map<String, Value> {
        &self.meta
    }

    /// Whether anything is withheld.
    pub fn is_masked(&self) -> bool {
        !self.hidden.is_empty()
    }

    /// Where a raw span lies in the raw text as printed. A border inside a withheld stretch widens to it.
    pub fn printed(&self, raw: Span) -> Span {
        if self.hidden.is_empty() {
            return raw;
        }
        Span { begin: self.printed_at(raw.begin, false), end: self.printed_at(raw.end, true) }
    }

    /// Any other string that is to be shown, with what is withheld masked in it.
    pub fn mask<'s>(&self, text: &'s str) -> Cow<'s, str> {
        mask_text(text, &self.secrets)
    }

    fn printed_at(&self, at: u32, end: bool) -> u32 {
        let index = self.hidden.partition_point(|(raw, _)| raw.end <= at);
        let shift = |(raw, shown): &(Span, Span)| shown.end + (at - raw.end);
        match self.hidden.get(index) {
            Some((raw, shown)) if raw.begin < at => {
                if end {
                    shown.end
                } else {
                    shown.begin
                }
            }
            _ => index.checked_sub(1).and_then(|i| self.hidden.get(i)).map_or(at, shift),
        }
    }
}

/// Other places of the text where the same words stand: hiding one and showing the other hides nothing.
fn repeated(text: &str, secrets: &[&str]) -> Vec<Span> {
    let mut spans = Vec::new();
    for secret in secrets.iter().filter(|secret| worth_hiding(secret)) {
        spans.extend(text.match_indices(secret).map(|(at, _)| Span::new(at, at + secret.len())));
    }
    spans
}

/// A secret of a code point or two would blot out half of the text; only its own place is hidden.
fn worth_hiding(secret: &str) -> bool {
    secret.trim().chars().nth(2).is_some()
}

fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort();
    let mut out: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match out.last_mut() {
            Some(last) if span.begin < last.end => *last = last.hull(span),
            _ => out.push(span),
        }
    }
    out
}

fn print(raw: &str, spans: &[Span]) -> (String, Vec<(Span, Span)>) {
    let mut out = String::with_capacity(raw.len());
    let mut hidden = Vec::with_capacity(spans.len());
    let mut done = 0;
    for span in spans {
        out.push_str(raw.get(done..span.begin as usize).unwrap_or_default());
        let begin = out.len();
        out.extend(span.of(raw).chars().map(|_| BLOCK));
        hidden.push((*span, Span::new(begin, out.len())));
        done = span.end as usize;
    }
    out.push_str(raw.get(done..).unwrap_or_default());
    (out, hidden)
}

fn mask_text<'s>(text: &'s str, secrets: &[&str]) -> Cow<'s, str> {
    let spans = merged(repeated(text, secrets));
    if spans.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(print(text, &spans).0) }
}

fn mask_value(value: &mut Value, secrets: &[&str]) {
    match value {
        Value::String(text) => {
            if let Cow::Owned(masked) = mask_text(text, secrets) {
                *text = masked;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| mask_value(item, secrets)),
        Value::Object(fields) => fields.values_mut().for_each(|field| mask_value(field, secrets)),
        Value::Number(number) => {
            if let Cow::Owned(masked) = mask_text(&number.to_string(), secrets) {
                *value = Value::String(masked);
            }
        }
        _ => {}
    }
}
