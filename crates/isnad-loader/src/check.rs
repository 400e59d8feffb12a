//! What a stage behind a border may hand over for a document, and what is said where it hands over something else.
//!
//! The same is asked twice: when something is handed over, so that the author learns it at once, and when it is
//! applied, since it may have come from a process that does what it likes.

use std::fmt::Display;
use std::ops::Range;

use isnad_core::{DocError, Document, EditKind, Grants, LayerId, Names, Span, Sym};
use isnad_plugin::abi;

/// The border that one stage has to keep to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Border<'a> {
    /// The names of the plan.
    pub(crate) names: &'a Names,
    /// What the stage may write.
    pub(crate) grants: &'a Grants,
    /// The stage's id.
    pub(crate) stage: &'a str,
}

/// Something that may not be handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The place in the text, where it has one.
    pub(crate) at: Option<Range<usize>>,
    /// What was handed over, and why it may not be.
    pub(crate) what: String,
}

/// A row as it is handed over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct NewRow {
    pub(crate) span: Range32,
    pub(crate) score: f32,
    pub(crate) label: Sym,
    pub(crate) rule: Sym,
}

/// Two offsets that nobody has looked at.
pub(crate) type Range32 = (u32, u32);

impl Fault {
    /// A fault without a place.
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Fault { at: None, what: what.into() }
    }

    fn at((begin, end): Range32, what: impl Into<String>) -> Self {
        Fault { at: Some(begin as usize..end as usize), what: what.into() }
    }
}

impl Border<'_> {
    /// The failure of a document for which something was handed over that may not be. `text` is the one that the
    /// place of the fault lies in.
    pub(crate) fn error(&self, document: &Document, text: &str, fault: &Fault) -> DocError {
        let (id, stage, what) = (document.content().id(), self.stage, &fault.what);
        let place = match &fault.at {
            Some(at) => format!(", bytes {}..{}{}", at.start, at.end, quoted(text, at)),
            None => String::new(),
        };
        DocError::new("plugin", format!("document `{id}`{place}: `{stage}` handed over {what}"))
    }

    /// The layer of this number.
    pub(crate) fn layer(&self, number: u32) -> Result<LayerId, Fault> {
        let count = self.names.layer_count();
        match u16::try_from(number) {
            Ok(layer) if (layer as usize) < count => Ok(LayerId(layer)),
            _ if number == abi::END => Err(Fault::new(
                "something for the layer ISNAD_END: `isnad_find_layer` did not find it, for the contract does not name it",
            )),
            _ => Err(Fault::new(format!(
                "something for layer number {number}, and the pipeline has {count} layers"
            ))),
        }
    }

    /// Whether rows may be added to a layer.
    pub(crate) fn rows(&self, layer: LayerId) -> Result<(), Fault> {
        if self.grants.rows(layer) {
            return Ok(());
        }
        Err(Fault::new(format!(
            "rows of layer `{}`, which its contract does not declare",
            self.layer_name(layer)
        )))
    }

    /// Whether a row of a layer whose rows may be added is a good one.
    pub(crate) fn row(&self, text: &str, layer: LayerId, row: &NewRow) -> Result<(), Fault> {
        let (begin, end) = (row.span.0 as usize, row.span.1 as usize);
        let fault = |what: &dyn Display| {
            Err(Fault::at(row.span, format!("a row of layer `{}` that {what}", self.layer_name(layer))))
        };
        if begin >= end {
            return fault(&"ends before it has begun");
        }
        if end > text.len() {
            return fault(&format_args!("lies outside the text, which has {} bytes", text.len()));
        }
        if !text.is_char_boundary(begin) || !text.is_char_boundary(end) {
            return fault(
                &"begins or ends inside a code point; offsets are bytes on the borders of code points",
            );
        }
        if !(0.0..=1.0).contains(&row.score) {
            return fault(&format_args!("has the score {}; a score lies between 0 and 1", row.score));
        }
        if !self.grants.label(layer, row.label) {
            return fault(&format_args!(
                "bears {}, which its contract does not declare",
                self.sym("the label", row.label)
            ));
        }
        if !self.grants.rule(layer, row.rule) {
            return fault(&format_args!(
                "names {}, which its contract does not declare",
                self.sym("the rule", row.rule)
            ));
        }
        Ok(())
    }

    /// Whether an attr may be written on rows of a layer.
    pub(crate) fn attr(&self, layer: LayerId, key: Sym) -> Result<(), Fault> {
        if self.grants.attr(layer, key) {
            return Ok(());
        }
        self.undeclared(layer, "the attr", key)
    }

    /// Whether a link may be written on rows of a layer.
    pub(crate) fn link(&self, layer: LayerId, key: Sym) -> Result<(), Fault> {
        if self.grants.link(layer, key) {
            return Ok(());
        }
        self.undeclared(layer, "the link", key)
    }

    /// The fault of a row that is not there; `count` rows of the layer are.
    pub(crate) fn no_row(&self, what: &str, layer: LayerId, row: u32, count: usize) -> Fault {
        let name = self.layer_name(layer);
        if !self.grants.lent(layer) {
            return Fault::new(format!(
                "{what} row {row} of layer `{name}`, which its contract does not name"
            ));
        }
        Fault::new(format!("{what} row {row} of layer `{name}`, which has {count} rows"))
    }

    /// Whether the text may be edited: `is_frozen` says that rows lie on it.
    pub(crate) fn edits(&self, is_frozen: bool) -> Result<(), Fault> {
        if !self.grants.edits {
            return Err(Fault::new("edits, and its contract does not say that it rewrites text"));
        }
        if is_frozen {
            return Err(Fault::new("edits of a text on which rows lie already"));
        }
        Ok(())
    }

    /// Whether an edit is a good one; `done` is where the edit before it ended.
    pub(crate) fn edit(
        &self,
        text: &str,
        done: u32,
        span: Range32,
        kind: EditKind,
        with: &str,
    ) -> Result<(), Fault> {
        let (begin, end) = (span.0 as usize, span.1 as usize);
        let fault = |what: &dyn Display| Err(Fault::at(span, format!("an edit that {what}")));
        if begin > end || end > text.len() {
            return fault(&format_args!("lies outside the text, which has {} bytes", text.len()));
        }
        if !text.is_char_boundary(begin) || !text.is_char_boundary(end) {
            return fault(
                &"begins or ends inside a code point; offsets are bytes on the borders of code points",
            );
        }
        if span.0 < done {
            return fault(&"begins before the end of the one before it; edits are sorted and disjoint");
        }
        if text.is_empty() && kind == EditKind::Replace && !with.is_empty() {
            return fault(&"inserts something into an empty text");
        }
        Ok(())
    }

    /// Whether the stage may drop documents.
    pub(crate) fn drops(&self) -> Result<(), Fault> {
        if self.grants.drops {
            return Ok(());
        }
        Err(Fault::new("a reason to drop it, and its contract does not say that it drops documents"))
    }

    /// The name of a layer.
    pub(crate) fn layer_name(&self, layer: LayerId) -> &str {
        self.names.layer_info(layer).map_or("", |info| &info.name)
    }

    fn undeclared(&self, layer: LayerId, what: &str, key: Sym) -> Result<(), Fault> {
        let (key, layer) = (self.sym(what, key), self.layer_name(layer));
        Err(Fault::new(format!("{key} on a row of layer `{layer}`, which its contract does not declare")))
    }

    fn sym(&self, what: &str, sym: Sym) -> String {
        match self.names.name(sym) {
            // What is left of ISNAD_END in 16 bits.
            "" if sym.0 == u16::MAX => {
                format!("{what} number {} (ISNAD_END: `isnad_find_symbol` did not find it)", sym.0)
            }
            "" => format!("{what} number {}", sym.0),
            name => format!("{what} `{name}`"),
        }
    }
}

/// So much of the text at the place of a fault is shown, in bytes.
const SHOWN: usize = 60;

/// The text at a place that may lie anywhere, widened to whole code points; nothing where there is none.
fn quoted(text: &str, at: &Range<usize>) -> String {
    if at.start > at.end || at.start >= text.len() {
        return String::new();
    }
    let begin = text.floor_char_boundary(at.start);
    let end = text.ceil_char_boundary(at.end.min(text.len()));
    let shown = text.floor_char_boundary(end.min(begin + SHOWN));
    let rest = if shown < end { "…" } else { "" };
    let span = Span::new(begin, shown);
    format!(" («{}{rest}»)", span.of(text))
}
