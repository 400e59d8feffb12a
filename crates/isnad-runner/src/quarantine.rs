//! The quarantine: documents that could not go on, one JSON line each.

use std::io;

use isnad_core::{Document, Fate, Origin, Output};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::RunError;

/// Texts of more bytes are not repeated; their place in the input is named.
const LARGE: usize = 64 * 1024;

/// Opens the quarantine: its name and the output.
pub(crate) type Open<'h> = dyn Fn() -> io::Result<(String, Box<dyn Output>)> + 'h;

/// The command by which a document that a stage failed on is looked at again.
pub(crate) type Reproduce<'h> = dyn Fn(&Origin) -> Option<String> + Sync + 'h;

/// The quarantine file, made when it is needed first.
pub(crate) struct Quarantine<'h> {
    open: &'h Open<'h>,
    file: Option<(String, Box<dyn Output>)>,
}

impl<'h> Quarantine<'h> {
    pub(crate) fn new(open: &'h Open<'h>) -> Self {
        Quarantine { open, file: None }
    }

    /// Appends lines.
    pub(crate) fn write(&mut self, lines: &[u8]) -> Result<(), RunError> {
        if lines.is_empty() {
            return Ok(());
        }
        let (name, output) = match &mut self.file {
            Some(file) => file,
            None => {
                let made = (self.open)();
                let message = |error| format!("cannot create the quarantine file: {error}");
                self.file.insert(made.map_err(|error| RunError::Output { message: message(error) })?)
            }
        };
        output.write_all(lines).map_err(|error| failed(name, &error))
    }

    /// Completes the file; its name, if there is one.
    pub(crate) fn finish(self) -> Result<Option<String>, RunError> {
        let Some((name, mut output)) = self.file else { return Ok(None) };
        output.finish().map_err(|error| failed(&name, &error))?;
        Ok(Some(name))
    }
}

/// Appends the line of a document that failed at `stage`. What a stage withheld is masked.
pub(crate) fn encode(document: &Document, stage: &str, reproduce: &Reproduce<'_>, out: &mut Vec<u8>) {
    let Fate::Failed(error) = document.fate() else { return };
    let content = document.content();
    let shown = document.disclosure();
    let origin = content.origin();
    let unreadable = stage == "input";
    let place = Place {
        path: origin.path.as_deref(),
        record: origin.record,
        bytes: [origin.bytes.0, origin.bytes.1],
    };
    let by_reference = unreadable || shown.raw().len() > LARGE;
    let id = shown.mask(content.id());
    let reproduce = if unreadable { None } else { reproduce(origin) };
    let line = Line {
        isnad_quarantine: 1,
        stage,
        code: &error.code,
        message: &shown.mask(&error.message),
        reproduce: reproduce.as_deref(),
        document: match by_reference {
            true => Shown { id: &id, meta: None, text: None, place: Some(&place), origin: None },
            false => Shown {
                id: &id,
                meta: Some(shown.meta()),
                text: Some(shown.raw()),
                place: None,
                origin: Some(&place),
            },
        },
    };
    let begin = out.len();
    match serde_json::to_writer(&mut *out, &line) {
        Ok(()) => out.push(b'\n'),
        // Strings, numbers and maps with string keys cannot fail to be written to memory.
        Err(_) => out.truncate(begin),
    }
}

#[derive(Serialize)]
struct Line<'d> {
    isnad_quarantine: u8,
    stage: &'d str,
    code: &'d str,
    message: &'d str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reproduce: Option<&'d str>,
    document: Shown<'d>,
}

#[derive(Serialize)]
struct Shown<'d> {
    id: &'d str,
    #[serde(skip_serializing_if = "Option::is_none")]
    meta: Option<&'d Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'d str>,
    #[serde(flatten)]
    place: Option<&'d Place<'d>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<&'d Place<'d>>,
}

#[derive(Serialize)]
struct Place<'d> {
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'d str>,
    record: u64,
    bytes: [u64; 2],
}

fn failed(name: &str, error: &io::Error) -> RunError {
    RunError::Output { message: format!("cannot write `{name}`: {error}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use isnad_core::{Article, Attach, ChainLink, Context, Contract, DocError, StageId, check_chain};

    fn check(raw: String, stage: &str, expected: Value) {
        let mut document = article(raw);
        document.fail(DocError::new("wrong", "لا يصح «رقم الهاتف 0555»"));
        let mut out = Vec::new();
        encode(&document, stage, &|_| None, &mut out);
        assert_eq!(out.pop(), Some(b'\n'));
        assert_eq!(serde_json::from_slice::<Value>(&out).unwrap(), expected);
    }

    fn article(raw: String) -> Document {
        let meta = serde_json::json!({ "source": "وكالة" }).as_object().cloned().unwrap();
        let origin = Origin { path: Some("a.jsonl".into()), record: 3, bytes: (10, 90) };
        Document::new(Article { id: "x".into(), raw, meta, origin, ..Article::default() })
    }

    #[test]
    fn a_document_stands_there_whole_or_by_reference() {
        let origin = serde_json::json!({ "path": "a.jsonl", "record": 3, "bytes": [10, 90] });
        let reference = serde_json::json!({ "id": "x", "path": "a.jsonl", "record": 3, "bytes": [10, 90] });
        let line = |stage: &str, document: Value| {
            serde_json::json!({
                "isnad_quarantine": 1, "stage": stage, "code": "wrong",
                "message": "لا يصح «رقم الهاتف 0555»", "document": document,
            })
        };
        let whole =
            serde_json::json!({ "id": "x", "meta": { "source": "وكالة" }, "text": "خبر", "origin": origin });
        check("خبر".into(), "it", line("it", whole));
        check("خ".repeat(LARGE), "it", line("it", reference.clone()));
        check("خبر".into(), "input", line("input", reference));
    }

    #[test]
    fn a_document_that_a_stage_failed_on_can_be_looked_at_again() {
        let line = |stage| {
            let mut document = article("خبر".into());
            document.fail(DocError::new("wrong", "لا يصح"));
            let mut out = Vec::new();
            encode(&document, stage, &|origin| Some(format!("run {}", origin.record)), &mut out);
            serde_json::from_slice::<Value>(&out).unwrap()
        };
        assert_eq!(line("it")["reproduce"], "run 3");
        assert!(line("input").get("reproduce").is_none());
    }

    #[test]
    fn what_was_withheld_stays_so() {
        let mut document = article("اتصل على 0555 الآن".into());
        let contract = Contract::new().rewrites_text();
        let plan =
            check_chain(&[ChainLink { id: "redact", contract: &contract }], &|_, _| Vec::new()).unwrap();
        let running = std::sync::atomic::AtomicBool::new(false);
        let cx = Context::new(StageId(0), &plan.grants[0], &running);
        document
            .edit(&cx, |content, edits| {
                let at = content.text().find("0555").expect("it stands there");
                edits.withhold(at..at + 4, "[رقم]")?;
                edits.delete(at + 4..at + 5, Attach::Nothing)
            })
            .unwrap();
        document.fail(DocError::new("wrong", "لا يصح «0555»"));
        let mut out = Vec::new();
        encode(&document, "redact", &|_| None, &mut out);
        let shown = String::from_utf8(out).unwrap();
        assert!(!shown.contains("0555") && shown.matches("████").count() == 2, "{shown}");
    }
}
