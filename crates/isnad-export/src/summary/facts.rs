//! The rows of a document as a reader thinks of them: people and things with their names, and what
//! they said.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use isnad_core::{Disclosure, Document, LayerId, Names, Row, RowRef, Span, Sym};

use crate::printed::Printed;
use crate::summary::page::cleaned;

/// The numbers of the layers and keys that a summary looks at, as far as the plan has them.
pub(crate) struct Lookup {
    pub(crate) names: Arc<Names>,
    pub(crate) entity: Option<LayerId>,
    pub(crate) role: Option<LayerId>,
    pub(crate) source: Option<LayerId>,
    pub(crate) quote: Option<LayerId>,
    pub(crate) time: Option<LayerId>,
    pub(crate) number: Option<LayerId>,
    pub(crate) region: Option<LayerId>,
    pub(crate) language: Option<LayerId>,
    pub(crate) keys: Keys,
}

/// The numbers of attrs and links.
pub(crate) struct Keys {
    pub(crate) cluster: Option<Sym>,
    pub(crate) name: Option<Sym>,
    pub(crate) name_en: Option<Sym>,
    pub(crate) holder: Option<Sym>,
    pub(crate) speaker: Option<Sym>,
    pub(crate) cue: Option<Sym>,
    pub(crate) addressee: Option<Sym>,
    pub(crate) time: Option<Sym>,
    pub(crate) channel: Option<Sym>,
    pub(crate) value: Option<Sym>,
    pub(crate) expr: Option<Sym>,
    pub(crate) unit: Option<Sym>,
}

impl Lookup {
    pub(crate) fn new(names: &Arc<Names>) -> Self {
        Lookup {
            names: Arc::clone(names),
            entity: names.layer("entity"),
            role: names.layer("role"),
            source: names.layer("source"),
            quote: names.layer("quote"),
            time: names.layer("time"),
            number: names.layer("number"),
            region: names.layer("region"),
            language: names.layer("language"),
            keys: Keys {
                cluster: names.sym("entity"),
                name: names.sym("name"),
                name_en: names.sym("name_en"),
                holder: names.sym("holder"),
                speaker: names.sym("speaker"),
                cue: names.sym("cue"),
                addressee: names.sym("addressee"),
                time: names.sym("time"),
                channel: names.sym("channel"),
                value: names.sym("value"),
                expr: names.sym("expr"),
                unit: names.sym("unit"),
            },
        }
    }
}

/// Who or what a row speaks of: mentions of one entity are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Who<'d> {
    /// The entity with this id.
    Entity(&'d str),
    /// What this text names.
    Text(&'d str),
}

/// What the rows of a document say of one entity.
#[derive(Debug, Default)]
pub(crate) struct Figure<'d> {
    /// The label of its first mention in the entity layer.
    pub(crate) label: Option<Sym>,
    pub(crate) name: Option<&'d str>,
    pub(crate) name_en: Option<&'d str>,
    /// How it is written, in the order of the text.
    pub(crate) mentions: Distinct<&'d str>,
    /// How many mentions the entity layer has.
    pub(crate) count: usize,
    /// The titles and offices that it holds.
    pub(crate) roles: Distinct<&'d str>,
}

/// Different things in the order they first came.
#[derive(Debug)]
pub(crate) struct Distinct<T> {
    list: Vec<T>,
    seen: HashSet<T>,
}

/// The facts of one document.
pub(crate) struct Facts<'d> {
    pub(crate) lookup: &'d Lookup,
    pub(crate) document: &'d Document,
    disclosure: &'d Disclosure<'d>,
    printed: &'d Printed<'d>,
    figures: Vec<Figure<'d>>,
    places: HashMap<Who<'d>, usize>,
}

impl<T> Default for Distinct<T> {
    fn default() -> Self {
        Distinct { list: Vec::new(), seen: HashSet::new() }
    }
}

impl<T: Copy + Eq + std::hash::Hash> Distinct<T> {
    pub(crate) fn add(&mut self, item: T) {
        if self.seen.insert(item) {
            self.list.push(item);
        }
    }

    pub(crate) fn list(&self) -> &[T] {
        &self.list
    }
}

impl<'d> Figure<'d> {
    /// Its name in Arabic: the known one, or the longest mention.
    pub(crate) fn title(&self) -> &'d str {
        let longest = || self.mentions.list().iter().rev().max_by_key(|text| text.chars().count());
        self.name.or_else(|| longest().copied()).unwrap_or_default()
    }
}

impl<'d> Facts<'d> {
    pub(crate) fn new(
        lookup: &'d Lookup,
        document: &'d Document,
        disclosure: &'d Disclosure<'d>,
        printed: &'d Printed<'d>,
    ) -> Self {
        let (figures, places) = (Vec::new(), HashMap::new());
        let mut facts = Facts { lookup, document, disclosure, printed, figures, places };
        for (at, row) in facts.rows(lookup.entity) {
            let figure = facts.meet(at);
            figure.count += 1;
            figure.label.get_or_insert(row.label);
        }
        for (at, _) in facts.rows(lookup.source) {
            facts.meet(at);
        }
        for (at, row) in facts.rows(lookup.role) {
            for holder in facts.linked(at, lookup.keys.holder) {
                let role = facts.text(row);
                facts.meet(holder).roles.add(role);
            }
        }
        facts
    }

    /// The rows of a layer in document order.
    pub(crate) fn rows(&self, layer: Option<LayerId>) -> Vec<(RowRef, &'d Row)> {
        let mut rows: Vec<_> =
            layer.into_iter().flat_map(|layer| self.document.tables().refs(layer)).collect();
        rows.sort_by_key(|(_, row)| (row.span.begin, Reverse(row.span.end)));
        rows
    }

    pub(crate) fn row(&self, at: RowRef) -> Option<&'d Row> {
        self.document.tables().row(at)
    }

    pub(crate) fn attr(&self, at: RowRef, key: Option<Sym>) -> Option<&'d str> {
        self.document.tables().attr(at, key?)
    }

    pub(crate) fn linked(&self, at: RowRef, key: Option<Sym>) -> Vec<RowRef> {
        key.map(|key| self.document.tables().linked(at, key)).unwrap_or_default()
    }

    /// The text of a row, as printed.
    pub(crate) fn text(&self, row: &Row) -> &'d str {
        self.printed.of(row.span)
    }

    /// The text at a span of the document's text, as printed.
    pub(crate) fn printed_at(&self, span: Span) -> &'d str {
        self.printed.of(span)
    }

    pub(crate) fn label(&self, row: &Row) -> &'d str {
        self.lookup.names.name(row.label)
    }

    /// A string of the source, fit to be shown on a line.
    pub(crate) fn shown(&self, text: &str) -> String {
        let cleaned = cleaned(&self.disclosure.mask(text));
        self.disclosure.mask(&cleaned).into_owned()
    }

    /// Whom a row speaks of; a title speaks of its holder.
    pub(crate) fn who(&self, at: RowRef) -> Who<'d> {
        let holder = || self.linked(at, self.lookup.keys.holder).first().map(|holder| self.named(*holder));
        match self.named(at) {
            Who::Text(text) if Some(at.layer) == self.lookup.role => holder().unwrap_or(Who::Text(text)),
            who => who,
        }
    }

    /// What is known of somebody.
    pub(crate) fn figure(&self, who: Who<'d>) -> Option<&Figure<'d>> {
        self.figures.get(*self.places.get(&who)?)
    }

    /// Everything that the entity layer mentions, in the order of the first mentions.
    pub(crate) fn mentioned(&self) -> impl Iterator<Item = &Figure<'d>> {
        self.figures.iter().filter(|figure| figure.count > 0)
    }

    fn named(&self, at: RowRef) -> Who<'d> {
        let text = || Who::Text(self.row(at).map(|row| self.text(row)).unwrap_or_default());
        self.attr(at, self.lookup.keys.cluster).map_or_else(text, Who::Entity)
    }

    /// The figure a row speaks of, with the row's text and names noted.
    fn meet(&mut self, at: RowRef) -> &mut Figure<'d> {
        let who = self.named(at);
        let text = self.row(at).map(|row| self.text(row)).unwrap_or_default();
        let name = self.attr(at, self.lookup.keys.name);
        let name_en = self.attr(at, self.lookup.keys.name_en);
        let place = *self.places.entry(who).or_insert(self.figures.len());
        if place == self.figures.len() {
            self.figures.push(Figure::default());
        }
        let figure = self.figures.get_mut(place).expect("the place was made just now, if it was not there");
        figure.mentions.add(text);
        figure.name = figure.name.or(name);
        figure.name_en = figure.name_en.or(name_en);
        figure
    }
}
