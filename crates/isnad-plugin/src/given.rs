//! What a stage did to its copy of a document, handed over to the host.

use isnad_core::{Document, Fate, LayerId, LayerTables, RowRef};

use crate::abi::{Edit, NewAttr, NewLink, Ref, Row, Str};
use crate::guard::Stop;
use crate::host::{Caller, Refused};

/// Memory for what is handed over.
#[derive(Default)]
pub(crate) struct Given {
    rows: Vec<Row>,
    attrs: Vec<NewAttr>,
    links: Vec<NewLink>,
    edits: Vec<Edit>,
}

impl Given {
    /// Hands over what was done to the copy of the document at `index` in the batch. What the host refuses fails
    /// that document there, so the rest of it does not matter.
    pub(crate) fn hand_over(&mut self, caller: &Caller, index: u32, document: &Document) -> Result<(), Stop> {
        match self.all(caller, index, document) {
            Ok(()) | Err(Fault::Refused) => Ok(()),
            Err(Fault::Numbers) => Err(Stop::failed(
                "the host gives new rows other numbers than this library; the two are of versions that do not fit",
            )),
        }
    }

    fn all(&mut self, caller: &Caller, index: u32, document: &Document) -> Result<(), Fault> {
        for round in document.rewrites() {
            self.edits.clear();
            self.edits.extend(round.iter().map(Edit::of));
            caller.edit(index, &self.edits)?;
        }
        // Links may lead to rows of layers that come later, so all rows go first.
        for (layer, added) in document.added() {
            self.rows(caller, index, document, layer, &added)?;
        }
        for (layer, added) in document.added() {
            self.attrs(caller, index, document, layer, &added)?;
            self.links(caller, index, layer, &added)?;
        }
        for warning in document.warnings() {
            caller.warn(index, &warning.code, &warning.message)?;
        }
        match document.fate() {
            Fate::Live => {}
            Fate::Failed(error) => caller.fail(index, &error.code, &error.message)?,
            Fate::Dropped(reason) => caller.drop_for(index, reason)?,
        }
        Ok(())
    }

    fn rows(
        &mut self,
        caller: &Caller,
        index: u32,
        document: &Document,
        layer: LayerId,
        added: &LayerTables<'_>,
    ) -> Result<(), Fault> {
        if added.rows.is_empty() {
            return Ok(());
        }
        self.rows.clear();
        self.rows.extend(added.rows.iter().map(|row| Row {
            begin: row.span.begin,
            end: row.span.end,
            score: row.score,
            label: row.label.0,
            rule: row.rule.0,
            stage: row.stage.0,
            reserved: 0,
        }));
        let first = caller.add_rows(index, layer.0, &self.rows)?;
        let own = document.tables().rows(layer).len() - added.rows.len();
        // Links and attrs name rows by number.
        if first as usize == own { Ok(()) } else { Err(Fault::Numbers) }
    }

    fn attrs(
        &mut self,
        caller: &Caller,
        index: u32,
        document: &Document,
        layer: LayerId,
        added: &LayerTables<'_>,
    ) -> Result<(), Fault> {
        if added.attrs.is_empty() {
            return Ok(());
        }
        self.attrs.clear();
        self.attrs.extend(added.attrs.iter().map(|attr| NewAttr {
            row: attr.row,
            key: attr.key.0,
            reserved: 0,
            value: Str::new(document.tables().value(attr)),
        }));
        Ok(caller.add_attrs(index, layer.0, &self.attrs)?)
    }

    fn links(
        &mut self,
        caller: &Caller,
        index: u32,
        layer: LayerId,
        added: &LayerTables<'_>,
    ) -> Result<(), Fault> {
        if added.links.is_empty() {
            return Ok(());
        }
        self.links.clear();
        self.links.extend(added.links.iter().map(|link| NewLink {
            row: link.row,
            key: link.key.0,
            reserved: 0,
            to: reference(link.to),
        }));
        Ok(caller.add_links(index, layer.0, &self.links)?)
    }
}

/// Why a document was not handed over whole.
enum Fault {
    /// The host refused something, and has noted why.
    Refused,
    /// The two sides do not number rows alike.
    Numbers,
}

impl From<Refused> for Fault {
    fn from(_: Refused) -> Self {
        Fault::Refused
    }
}

fn reference(row: RowRef) -> Ref {
    Ref { index: row.index, layer: row.layer.0, reserved: 0 }
}
