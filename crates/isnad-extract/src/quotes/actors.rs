//! Who can speak: names, offices and speaking nouns of a document, by the words they stand on.

use isnad_core::{LayerId, Names, Row, RowRef, Sym, Tables};

use isnad_lexicon::Facts;

use crate::words::Scan;

/// Somebody or something that may be a speaker or an addressee.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Actor {
    /// First word, of the title where one stands before the name.
    pub(crate) first: usize,
    /// Last word.
    pub(crate) last: usize,
    /// The row that names them.
    pub(crate) row: RowRef,
    /// A preposition is attached to the first word.
    pub(crate) governed: bool,
    /// A conjunction is attached to the first word.
    pub(crate) joined: bool,
    /// A news agency or another medium.
    pub(crate) medium: bool,
    /// A social network: more often where something is said than who says it.
    pub(crate) network: bool,
}

/// The layers and labels of actors.
#[derive(Clone, Debug)]
pub(crate) struct ActorNames {
    entity: LayerId,
    role: Option<LayerId>,
    source: Option<LayerId>,
    holder: Option<Sym>,
    speaking: Vec<Sym>,
    org: Option<Sym>,
    norp: Option<Sym>,
}

impl ActorNames {
    pub(crate) fn open(names: &Names, entity: LayerId) -> Self {
        ActorNames {
            entity,
            role: names.layer("role"),
            source: names.layer("source"),
            holder: names.sym("holder"),
            speaking: ["PER", "ORG", "GPE", "NORP"].iter().filter_map(|label| names.sym(label)).collect(),
            org: names.sym("ORG"),
            norp: names.sym("NORP"),
        }
    }

    /// All actors of a document in the order of their first words; an office with its holder is one.
    pub(crate) fn collect(
        &self,
        scan: &Scan<'_>,
        tables: &Tables,
        kind_of: impl Fn(&Row) -> Medium,
        out: &mut Vec<Actor>,
    ) {
        out.clear();
        let place = |row: &Row| {
            let first = scan.index_at(row.span.begin + 1).checked_sub(1)?;
            let last = scan.index_at(row.span.end).checked_sub(1)?;
            (first <= last).then_some((first, last))
        };
        if let Some(role) = self.role {
            for (row, r) in tables.refs(role) {
                let Some((first, last)) = place(r) else { continue };
                let holder = self.holder.and_then(|key| tables.linked(row, key).first().copied());
                let beside = holder
                    .and_then(|h| tables.row(h))
                    .and_then(place)
                    .filter(|&(a, _)| a > last && a <= last + 3 && !(last + 1..a).any(|i| scan.is_word(i)));
                let (last, named) = match (beside, holder) {
                    (Some((_, end)), Some(holder)) => (end, holder),
                    _ => (last, row),
                };
                out.push(actor(scan, first, last, named, r, Medium::None));
            }
        }
        let mut reach = Reach::new(scan.len());
        for actor in out.iter() {
            reach.add(actor.first, actor.last);
        }
        for layer in [self.source, Some(self.entity)].into_iter().flatten() {
            for (row, r) in tables.refs(layer) {
                let Some((first, last)) = place(r) else { continue };
                let speaks = layer != self.entity
                    || (self.speaking.contains(&r.label)
                        && (Some(r.label) != self.norp || stands_alone(scan, first)));
                if speaks && !reach.holds(first, last) {
                    reach.add(first, last);
                    let organisation = layer == self.entity && Some(r.label) == self.org;
                    let medium = if organisation { kind_of(r) } else { Medium::None };
                    out.push(actor(scan, first, last, row, r, medium));
                }
            }
        }
        out.sort_by_key(|actor| (actor.first, std::cmp::Reverse(actor.last)));
    }
}

/// What an organisation has to do with handing news on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Medium {
    /// Nothing.
    None,
    /// An agency, a newspaper, a station.
    Press,
    /// A social network.
    Network,
}

fn actor(scan: &Scan<'_>, first: usize, last: usize, row: RowRef, r: &Row, medium: Medium) -> Actor {
    let begin = scan.span(first).begin;
    let clitic =
        scan.readings(first).iter().find(|reading| reading.begin == r.span.begin).map(|reading| reading.path);
    let cut = r.span.begin > begin;
    Actor {
        first,
        last,
        row,
        governed: cut && clitic.is_none_or(|path| path.particle.is_some()),
        joined: cut && clitic.is_some_and(|path| path.conjunction.is_some()),
        medium: medium == Medium::Press,
        network: medium == Medium::Network,
    }
}

/// How far the actors so far reach, by their first words: the prefix maxima of their ends in a Fenwick tree, so
/// that a document with many actors asks in logarithmic time whether one lies inside another.
struct Reach(Vec<usize>);

impl Reach {
    fn new(words: usize) -> Self {
        Reach(vec![0; words + 1])
    }

    fn add(&mut self, first: usize, last: usize) {
        let mut at = first + 1;
        while let Some(end) = self.0.get_mut(at) {
            *end = (*end).max(last + 1);
            at += at & at.wrapping_neg();
        }
    }

    /// Whether an actor holds all of these words.
    fn holds(&self, first: usize, last: usize) -> bool {
        let mut at = first + 1;
        while at > 0 {
            if self.0.get(at).is_some_and(|&end| end > last) {
                return true;
            }
            at &= at - 1;
        }
        false
    }
}

/// Whether a group word is a noun of its own: a verb, a preposition or nothing stands before it.
fn stands_alone(scan: &Scan<'_>, index: usize) -> bool {
    let Some(before) = index.checked_sub(1).filter(|&i| scan.is_word(i)) else { return true };
    scan.sentence(before) != scan.sentence(index)
        || scan.readings(before).iter().any(|reading| {
            let stem =
                reading.path.particle.is_none() && !reading.path.article && !reading.path.interrogative;
            stem && reading.facts.has(Facts::VERBAL_CUE.or(Facts::CLAUSE))
        })
}

/// The actor that begins at a word.
pub(crate) fn starting_at(actors: &[Actor], index: usize) -> Option<&Actor> {
    let at = actors.partition_point(|actor| actor.first < index);
    actors.get(at).filter(|actor| actor.first == index)
}

/// The last actor that ends before a word, not before `from`.
pub(crate) fn before(actors: &[Actor], from: usize, index: usize) -> Option<&Actor> {
    let at = actors.partition_point(|actor| actor.first < index);
    actors.get(..at)?.iter().rev().find(|actor| actor.last < index).filter(|actor| actor.first >= from)
}
