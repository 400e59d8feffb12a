//! What a library hands over while it processes a batch: checked at once, and kept until it has returned.

use isnad_core::{Batch, Context, DocError, Document, EditKind, Edits, LayerId, Names, Sym};
use isnad_plugin::abi;

use crate::apply::{Handed, HandedAttr, HandedEdit, HandedFate, HandedLink, HandedRow, apply};
use crate::check::{Border, Fault, NewRow};

/// The documents of a batch that a library processes, and what it has handed over for them so far.
pub(crate) struct Pending<'a> {
    cx: &'a Context<'a>,
    border: Border<'a>,
    documents: &'a [Document],
    /// The documents that are lent, by their place among all.
    live: &'a [u32],
    /// One for each that is lent.
    slots: &'a mut [Slot],
    /// What it wrote for its sink, if it has one.
    chunk: Option<&'a mut Vec<u8>>,
    /// What was wrong that is no fault of one document that could be named.
    fault: Option<String>,
}

/// What was handed over for one document. Its memory is used again.
#[derive(Default)]
pub(crate) struct Slot {
    handed: Handed,
    /// How many rows were handed over, by layer.
    added: Vec<u32>,
    /// The first thing that may not be: all that was and will be handed over is left out.
    fault: Option<DocError>,
    /// The text after so many rounds of edits, once it was asked for.
    text: Option<(usize, String)>,
}

/// What was refused; why is noted already.
pub(crate) struct Refused;

/// The text of a value, or why it is none.
pub(crate) type Checked<T> = Result<T, String>;

impl Slot {
    fn clear(&mut self, layers: usize) {
        self.handed.clear();
        self.added.clear();
        self.added.resize(layers, 0);
        self.fault = None;
        self.text = None;
    }

    /// Does to the document what was handed over for it.
    pub(crate) fn settle(&mut self, document: &mut Document, cx: &Context<'_>, names: &Names) {
        match self.fault.take() {
            Some(fault) => document.fail(fault),
            None => apply(document, cx, names, &self.handed),
        }
    }
}

impl<'a> Pending<'a> {
    /// Nothing handed over yet. `slots` are as many as `live` documents.
    pub(crate) fn new(
        cx: &'a Context<'a>,
        names: &'a Names,
        batch: &'a Batch,
        live: &'a [u32],
        slots: &'a mut [Slot],
        chunk: Option<&'a mut Vec<u8>>,
    ) -> Self {
        slots.iter_mut().for_each(|slot| slot.clear(names.layer_count()));
        let border = Border { names, grants: cx.grants(), stage: names.stage(cx.stage()) };
        Pending { cx, border, documents: batch.documents(), live, slots, chunk, fault: None }
    }

    /// What was wrong that is no fault of one document that could be named.
    pub(crate) fn into_fault(self) -> Option<String> {
        self.fault
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.cx.is_cancelled()
    }

    /// Notes a fault of the whole call.
    pub(crate) fn refuse_call(&mut self, why: String) {
        self.fault.get_or_insert(why);
    }

    /// Rows; the number of the first of them.
    pub(crate) fn add_rows(
        &mut self,
        document: u32,
        layer: u32,
        rows: Checked<&[abi::Row]>,
    ) -> Result<u32, Refused> {
        self.for_document(document, |border, document, slot| {
            let rows = rows.map_err(|why| Fault::new(format!("rows: {why}")))?;
            let layer = border.layer(layer)?;
            border.rows(layer)?;
            slot.see_text(border, document)?;
            let text = slot.text.as_ref().map_or(document.content().text(), |(_, text)| text);
            for row in rows {
                let new = NewRow {
                    span: (row.begin, row.end),
                    score: row.score,
                    label: Sym(row.label),
                    rule: Sym(row.rule),
                };
                border.row(text, layer, &new)?;
            }
            let added = slot.added.get_mut(layer.0 as usize).ok_or_else(|| Fault::new("rows of no layer"))?;
            let first = document.tables().rows(layer).len() as u32 + *added;
            if first.checked_add(rows.len() as u32).is_none_or(|end| end == abi::END) {
                return Err(Fault::new("more rows than can be numbered"));
            }
            *added += rows.len() as u32;
            slot.handed.rows.extend(rows.iter().map(|row| HandedRow {
                layer: layer.0,
                span: (row.begin, row.end),
                score: row.score,
                label: row.label,
                rule: row.rule,
            }));
            Ok(first)
        })
    }

    /// One attr of several that are handed over together.
    pub(crate) fn add_attr(
        &mut self,
        document: u32,
        layer: u32,
        attr: Checked<(&abi::NewAttr, &str)>,
    ) -> Result<(), Refused> {
        self.for_document(document, |border, document, slot| {
            let (attr, value) = attr.map_err(|why| Fault::new(format!("attrs: {why}")))?;
            let (layer, key) = (border.layer(layer)?, Sym(attr.key));
            border.attr(layer, key)?;
            slot.check_row(border, document, "an attr on", layer, attr.row)?;
            let value = slot.text(value)?;
            slot.handed.attrs.push(HandedAttr { layer: layer.0, row: attr.row, key: attr.key, value });
            Ok(())
        })
    }

    pub(crate) fn add_links(
        &mut self,
        document: u32,
        layer: u32,
        links: Checked<&[abi::NewLink]>,
    ) -> Result<(), Refused> {
        self.for_document(document, |border, document, slot| {
            let links = links.map_err(|why| Fault::new(format!("links: {why}")))?;
            let layer = border.layer(layer)?;
            for link in links {
                border.link(layer, Sym(link.key))?;
                slot.check_row(border, document, "a link on", layer, link.row)?;
                let to = border.layer(u32::from(link.to.layer))?;
                slot.check_row(border, document, "a link to", to, link.to.index)?;
                slot.handed.links.push(HandedLink {
                    layer: layer.0,
                    row: link.row,
                    key: link.key,
                    to_layer: to.0,
                    to_row: link.to.index,
                });
            }
            Ok(())
        })
    }

    /// All edits of a round, each with its text.
    pub(crate) fn edit<'t>(
        &mut self,
        document: u32,
        edits: Checked<impl Iterator<Item = (&'t abi::Edit, Checked<&'t str>)>>,
    ) -> Result<(), Refused> {
        self.for_document(document, |border, document, slot| {
            border.edits(!document.tables().is_empty() || !slot.handed.rows.is_empty())?;
            let edits = edits.map_err(|why| Fault::new(format!("edits: {why}")))?;
            slot.see_text(border, document)?;
            let mut done = 0;
            for (edit, with) in edits {
                let at = Some(edit.begin as usize..edit.end as usize);
                let with = with.map_err(|why| Fault {
                    at: at.clone(),
                    what: format!("an edit with a bad text: {why}"),
                })?;
                let Some(kind) = edit.kind_to_core() else {
                    return Err(Fault {
                        at,
                        what: format!("an edit of kind {}, which there is not", edit.kind),
                    });
                };
                // Only two kinds have a text; what stands there in others is not looked at.
                let with = if matches!(kind, EditKind::Replace | EditKind::Withhold) { with } else { "" };
                let text = slot.text.as_ref().map_or(document.content().text(), |(_, text)| text);
                border.edit(text, done, (edit.begin, edit.end), kind, with)?;
                done = edit.end;
                let with = slot.text(with)?;
                slot.handed.edits.push(HandedEdit { span: (edit.begin, edit.end), kind: kind.into(), with });
            }
            slot.handed.rounds.push(slot.handed.edits.len() as u32);
            Ok(())
        })
    }

    pub(crate) fn fail(
        &mut self,
        document: u32,
        code: Checked<&str>,
        message: Checked<&str>,
    ) -> Result<(), Refused> {
        self.for_document(document, |_, _, slot| {
            let (code, message) = said("a failure", code, message)?;
            slot.handed.fate.get_or_insert(HandedFate::Failed { code, message });
            Ok(())
        })
    }

    pub(crate) fn drop(&mut self, document: u32, reason: Checked<&str>) -> Result<(), Refused> {
        self.for_document(document, |border, _, slot| {
            border.drops()?;
            let reason = reason.map_err(|why| Fault::new(format!("a reason to drop it: {why}")))?;
            slot.handed.fate.get_or_insert(HandedFate::Dropped { reason: reason.to_owned() });
            Ok(())
        })
    }

    pub(crate) fn warn(
        &mut self,
        document: u32,
        code: Checked<&str>,
        message: Checked<&str>,
    ) -> Result<(), Refused> {
        self.for_document(document, |_, _, slot| {
            slot.handed.warnings.push(said("a warning", code, message)?);
            Ok(())
        })
    }

    pub(crate) fn write(&mut self, bytes: Checked<&[u8]>) -> Result<(), Refused> {
        match (bytes, &mut self.chunk) {
            (Ok(bytes), Some(chunk)) => {
                chunk.extend_from_slice(bytes);
                Ok(())
            }
            (Ok(_), None) => {
                self.refuse_call("`write` was called by a stage whose contract says no `sink`".to_owned());
                Err(Refused)
            }
            (Err(why), _) => {
                self.refuse_call(format!("`write` was called with bad bytes: {why}"));
                Err(Refused)
            }
        }
    }

    /// Takes something for a document; a fault becomes its failure.
    fn for_document<T>(
        &mut self,
        number: u32,
        take: impl FnOnce(&Border<'_>, &Document, &mut Slot) -> Result<T, Fault>,
    ) -> Result<T, Refused> {
        let place = self.live.get(number as usize).copied();
        let document = place.and_then(|place| self.documents.get(place as usize));
        let (Some(document), Some(slot)) = (document, self.slots.get_mut(number as usize)) else {
            let count = self.live.len();
            self.refuse_call(format!(
                "something was handed over for document number {number} of a batch of {count}"
            ));
            return Err(Refused);
        };
        if slot.fault.is_some() {
            return Err(Refused);
        }
        take(&self.border, document, slot).map_err(|fault| {
            let text = slot.text.as_ref().map_or(document.content().text(), |(_, text)| text);
            slot.fault = Some(self.border.error(document, text, &fault));
            Refused
        })
    }
}

impl Slot {
    /// Makes the text that there is after the edits so far, if there were any.
    fn see_text(&mut self, border: &Border<'_>, document: &Document) -> Result<(), Fault> {
        let rounds = self.handed.rounds.len();
        let seen = self.text.as_ref().map_or(0, |(seen, _)| *seen);
        for round in seen..rounds {
            let text = self.text.as_ref().map_or(document.content().text(), |(_, text)| text);
            let mut edits = Edits::new(text);
            self.handed.make_edits(border, round, text, &mut edits)?;
            self.text = Some((round + 1, edits.finish().0));
        }
        Ok(())
    }

    /// Whether there is such a row, lent or handed over.
    fn check_row(
        &self,
        border: &Border<'_>,
        document: &Document,
        what: &str,
        layer: LayerId,
        row: u32,
    ) -> Result<(), Fault> {
        let lent = if border.grants.lent(layer) { document.tables().rows(layer).len() } else { 0 };
        let count = lent + self.added.get(layer.0 as usize).map_or(0, |added| *added as usize);
        if (row as usize) < count { Ok(()) } else { Err(border.no_row(what, layer, row, count)) }
    }

    /// Keeps a text.
    fn text(&mut self, text: &str) -> Result<(u32, u32), Fault> {
        let total = self.handed.texts.len() as u64 + text.len() as u64;
        if total > u64::from(u32::MAX) {
            return Err(Fault::new("more than 4 GiB of texts"));
        }
        Ok(self.handed.text(text))
    }
}

/// A word for counting and a message.
fn said(what: &str, code: Checked<&str>, message: Checked<&str>) -> Result<(String, String), Fault> {
    let wrong = |why: &str| Fault::new(format!("{what} that says nothing: {why}"));
    let (code, message) = (code.map_err(|why| wrong(&why))?, message.map_err(|why| wrong(&why))?);
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if code.is_empty() || code.len() > 40 || !code.chars().all(is_word) {
        let code: String = code.chars().take(40).flat_map(char::escape_debug).collect();
        return Err(wrong(&format!("`{code}` is no code; write one word in small letters, with dashes")));
    }
    Ok((code.to_owned(), message.to_owned()))
}
