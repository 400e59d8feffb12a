//! Everything about a document, to be compared.

use isnad_core::{Alignment, Batch, Document, Fate, LayerId, Names, Row, RowRef, StageId, Sym, Warning};

use super::{Law, LawBroken};
use crate::snapshot::escaped;

/// A document as it was at one moment.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct State {
    pub(super) id: String,
    pub(super) raw: String,
    pub(super) about: String,
    pub(super) text: String,
    pub(super) alignment: Alignment,
    pub(super) fate: Fate,
    pub(super) warnings: Vec<Warning>,
    /// By layer number.
    pub(super) layers: Vec<Vec<RowState>>,
}

/// A row with its attrs and links, oldest first.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RowState {
    pub(super) row: Row,
    pub(super) attrs: Vec<(Sym, String, StageId)>,
    pub(super) links: Vec<(Sym, RowRef, StageId)>,
}

impl State {
    pub(super) fn of(document: &Document, names: &Names) -> Self {
        let content = document.content();
        let layers = (0..names.layer_count()).map(|layer| rows_of(document, LayerId(layer as u16))).collect();
        State {
            id: content.id().to_owned(),
            raw: content.raw().to_owned(),
            about: format!(
                "{:?} {:?} {:?} {:?}",
                content.meta(),
                content.published(),
                content.origin(),
                content.title()
            ),
            text: content.text().to_owned(),
            alignment: content.alignment().clone(),
            fate: document.fate().clone(),
            warnings: document.warnings().to_vec(),
            layers,
        }
    }

    pub(super) fn all(batch: &Batch, names: &Names) -> Vec<State> {
        batch.documents().iter().map(|document| State::of(document, names)).collect()
    }

    pub(super) fn is_live(&self) -> bool {
        self.fate == Fate::Live
    }

    /// All of it as lines, for finding the first difference.
    fn lines(&self, names: &Names) -> Vec<String> {
        let mut lines = vec![
            format!("id {:?}, raw {:?}", self.id, self.raw),
            self.about.clone(),
            format!("text «{}»", escaped(&self.text)),
            format!("alignment {:?}", self.alignment.segments()),
            format!("fate {:?}", self.fate),
        ];
        lines.extend(
            self.warnings.iter().map(|warning| format!("warning {}: {}", warning.code, warning.message)),
        );
        for (layer, info) in names.layers() {
            for (index, state) in self.layers.get(layer.0 as usize).into_iter().flatten().enumerate() {
                let row = &state.row;
                let mut line = format!(
                    "{} {index}: {} [{}..{}] by {} rule {:?} score {}",
                    info.name,
                    names.name(row.label),
                    row.span.begin,
                    row.span.end,
                    names.stage(row.stage),
                    names.name(row.rule),
                    row.score
                );
                for (key, value, stage) in &state.attrs {
                    line.push_str(&format!(" {}={value:?} by {}", names.name(*key), names.stage(*stage)));
                }
                for (key, to, stage) in &state.links {
                    let layer = names.layer_info(to.layer).map_or("?", |info| &info.name);
                    line.push_str(&format!(
                        " {}→{layer} {} by {}",
                        names.name(*key),
                        to.index,
                        names.stage(*stage)
                    ));
                }
                lines.push(line);
            }
        }
        lines
    }
}

/// Breaks the law unless the documents are the same one by one.
pub(super) fn same(
    law: Law,
    left: &[State],
    right: &[State],
    names: &Names,
    what: &str,
) -> Result<(), LawBroken> {
    if left.len() != right.len() {
        return Err(LawBroken::of(law, format!("{what}: {} documents became {}", left.len(), right.len())));
    }
    if let Some((left, right)) = left.iter().zip(right).find(|(left, right)| left != right) {
        let (a, b) = (left.lines(names), right.lines(names));
        let at = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
        let line = |lines: &[String]| lines.get(at).cloned().unwrap_or_else(|| "nothing more".to_owned());
        return Err(LawBroken::of(law, format!("{what}:\n  - {}\n  + {}", line(&a), line(&b))));
    }
    Ok(())
}

fn rows_of(document: &Document, layer: LayerId) -> Vec<RowState> {
    let tables = document.tables();
    let state = |(row, found): (RowRef, &Row)| {
        let mut attrs: Vec<_> =
            tables.attrs(row).map(|attr| (attr.key, tables.value(attr).to_owned(), attr.stage)).collect();
        let mut links: Vec<_> = tables.links(row).map(|link| (link.key, link.to, link.stage)).collect();
        attrs.reverse();
        links.reverse();
        RowState { row: *found, attrs, links }
    };
    tables.refs(layer).map(state).collect()
}
