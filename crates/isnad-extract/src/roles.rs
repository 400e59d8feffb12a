//! `extract.roles`: offices and titles beside a name or standing for a person.

use std::sync::Arc;

use isnad_core::{Annotator, Contract, DocError, LayerId, Names, Reads, Row, RowRef, StageError, StageKind, Sym, Writes, per_doc};
use isnad_lexicon::{Lexicon, ModifierKind, TitleKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::cues;
use crate::offices::{Office, Offices};
use crate::plan::{layer, sym, syms};
use crate::words::{Scan, WordNames};

const ABOUT: &str = "Find offices, ranks and occupations, and who holds them";

const DOCS: &str = "\
Writes `role` rows over the whole phrase: head, what it governs, adjectives, nationality. An office counts beside a
name, or where it stands for a person (with the article or with what it is the office of); an occupation beside a
name. Attrs: `norm` (the phrase, folded), `tense` (former, acting). Links: `holder` to the name beside it, or to the
holder that the article names elsewhere for the same office; `org` and `country` to the names inside.

| text | role | holder |
|---|---|---|
| وزير الخارجية الأمريكي أنتوني بلينكن | وزير الخارجية الأمريكي | أنتوني بلينكن |
| بوتين، الرئيس الروسي، | الرئيس الروسي | بوتين |
| رئيس الوزراء السابق | رئيس الوزراء السابق (former) | |
";

/// Options of `extract.roles`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// Whether a role without a name beside it takes the holder that the article names for the same office.
    resolve: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { resolve: true }
    }
}

const RULES: [&str; 3] = ["before-name", "after-name", "alone"];

pub(crate) fn kind(lexicon: &crate::SharedLexicon) -> StageKind {
    let lexicon = lexicon.clone();
    StageKind::new("extract.roles", ABOUT, DOCS, move |options: Options, _| {
        let lexicon = lexicon.get();
        let contract = Contract::new()
            .reads(Reads::layer("token", 1))
            .reads(Reads::layer("entity", 1))
            .reads(Reads::layer("sentence", 1).optional())
            .reads(Reads::layer("language", 1).optional())
            .writes(
                Writes::rows("role", 1)
                    .attrs(["norm", "tense"])
                    .links(["holder", "org", "country"])
                    .rules(RULES),
            );
        let shared = Arc::clone(&lexicon);
        let open = move |names: &Arc<Names>| Open::new(names, &shared);
        Ok(per_doc(contract, open, move |open, document, cx| {
            let (content, mut rows) = document.annotate(cx);
            let scan = open.words.scan(content, rows.tables());
            let offices = content.view(|_| Offices::find(&scan, &lexicon));
            open.write(&mut rows, &scan, offices, &options, &lexicon)
        }))
    })
}

struct Open {
    words: WordNames,
    layer: LayerId,
    entity: LayerId,
    per: Option<Sym>,
    org: Option<Sym>,
    country: Vec<Option<Sym>>,
    keys: [Sym; 5],
    rules: [Sym; 3],
}

/// A role that was written, for the look-up of holders.
struct Written {
    row: RowRef,
    head: u64,
    country: Option<String>,
    holder: Option<RowRef>,
    begin: u32,
    bare: bool,
}

impl Open {
    fn new(names: &Arc<Names>, lexicon: &Arc<Lexicon>) -> Result<Self, StageError> {
        Ok(Open {
            words: WordNames::open(names, lexicon)?,
            layer: layer(names, "role")?,
            entity: layer(names, "entity")?,
            per: names.sym("PER"),
            org: names.sym("ORG"),
            country: vec![names.sym("NORP"), names.sym("GPE")],
            keys: syms(names, ["norm", "tense", "holder", "org", "country"])?,
            rules: [sym(names, RULES[0])?, sym(names, RULES[1])?, sym(names, RULES[2])?],
        })
    }

    fn write(
        &self,
        rows: &mut Annotator<'_>,
        scan: &Scan<'_>,
        offices: &Offices,
        options: &Options,
        lexicon: &Lexicon,
    ) -> Result<(), DocError> {
        let [norm, tense, holder_key, org_key, country_key] = self.keys;
        let mut written: Vec<Written> = Vec::new();
        for (index, office) in offices.0.iter().enumerate() {
            if rows.tables().rows(self.entity).iter().any(|row| row.span.contains(office.span)) {
                continue;
            }
            let (holder, rule) = self.holder(rows, scan, offices, index);
            if holder.is_none() && !counts_alone(scan, office, lexicon) {
                continue;
            }
            let score = if holder.is_some() { 0.9 } else { 0.7 };
            let Ok(row) = rows.add(self.layer, office.span, Sym::NONE, rule, score) else { continue };
            let phrase = scan.folded_span(office.span);
            rows.attr(row, norm, phrase)?;
            match office.tense {
                Some(ModifierKind::Former) => rows.attr(row, tense, "former")?,
                Some(ModifierKind::Acting) => rows.attr(row, tense, "acting")?,
                _ => {}
            }
            let inside: Vec<(RowRef, Row)> = rows
                .tables()
                .refs(self.entity)
                .filter(|(_, entity)| office.span.contains(entity.span))
                .map(|(r, entity)| (r, *entity))
                .collect();
            if let Some((org, _)) = inside.iter().find(|(_, e)| Some(e.label) == self.org) {
                rows.link(row, org_key, *org)?;
            }
            let country = inside.iter().find(|(_, e)| self.country.contains(&Some(e.label)));
            if let Some((country, _)) = country {
                rows.link(row, country_key, *country)?;
            }
            let head = scan.readings(office.first).last().map_or(0, |reading| reading.hash);
            let head = plain_head(scan, office.first).unwrap_or(head);
            written.push(Written {
                row,
                head,
                country: country.map(|(r, e)| self.identity(rows, *r, e, scan)),
                holder,
                begin: office.span.begin,
                bare: inside.is_empty() && office.first == office.last,
            });
        }
        for at in 0..written.len() {
            let Some(role) = written.get(at) else { break };
            let holder = role.holder.or_else(|| if options.resolve { resolve(&written, role) } else { None });
            if let Some(holder) = holder {
                rows.link(role.row, holder_key, holder)?;
            }
        }
        Ok(())
    }

    /// What tells one country from another: the Wikidata id, or the word.
    fn identity(&self, rows: &Annotator<'_>, row: RowRef, entity: &Row, scan: &Scan<'_>) -> String {
        let attrs = rows.tables().attrs(row);
        let mut values: Vec<&str> = attrs.map(|attr| rows.tables().value(attr)).collect();
        values.sort_unstable();
        values.into_iter().find(|v| v.starts_with('Q')).map_or_else(|| scan.folded_span(entity.span).to_owned(), str::to_owned)
    }

    /// The name beside an office: behind it (perhaps behind another office), or before it and a comma.
    fn holder(&self, rows: &Annotator<'_>, scan: &Scan<'_>, offices: &Offices, index: usize) -> (Option<RowRef>, Sym) {
        let [before_name, after_name, alone] = self.rules;
        let Some(office) = offices.0.get(index) else { return (None, alone) };
        let mut at = office.name_at(scan);
        for next in offices.0.get(index + 1..).unwrap_or_default().iter().take(2) {
            if next.first == at {
                at = next.name_at(scan);
            }
        }
        let begin = scan.span(at).begin;
        let person = |row: &Row| Some(row.label) == self.per;
        let tables = rows.tables();
        let behind = tables.refs(self.entity).find(|(_, row)| person(row) && row.span.begin == begin);
        if let Some((holder, _)) = behind {
            return (Some(holder), before_name);
        }
        let comma = office.first.checked_sub(1).filter(|&i| matches!(scan.folded(i), "،" | ",")).and_then(|i| i.checked_sub(1));
        let end = comma.map(|i| scan.span(i).end);
        let ahead = end.and_then(|end| tables.refs(self.entity).find(|(_, row)| person(row) && row.span.end == end));
        match ahead {
            Some((holder, _)) => (Some(holder), after_name),
            None => (None, alone),
        }
    }
}

/// The hash of the head without article, so that «الرئيس» and «رئيس» are one.
fn plain_head(scan: &Scan<'_>, index: usize) -> Option<u64> {
    scan.readings(index).iter().find(|reading| reading.path.article).map(|reading| reading.hash)
}

/// The holder of the same office elsewhere: the nearest before, else the first behind.
fn resolve(written: &[Written], role: &Written) -> Option<RowRef> {
    let same = |other: &&Written| {
        other.head == role.head && other.holder.is_some() && (role.bare || other.country == role.country)
    };
    let before = written.iter().rev().filter(|other| other.begin < role.begin).find(same);
    let behind = || written.iter().filter(|other| other.begin > role.begin && !role.bare).find(same);
    before.or_else(behind).and_then(|other| other.holder)
}

/// Whether an office without a name stands for a person here.
fn counts_alone(scan: &Scan<'_>, office: &Office, lexicon: &Lexicon) -> bool {
    if office.stands_alone() {
        return office.extended || speaks(scan, office, lexicon);
    }
    // A plural or an occupation counts as somebody who speaks.
    (office.head.definite || office.extended)
        && !matches!(office.head.kind, TitleKind::Honorific)
        && (speaks(scan, office, lexicon) || (!office.head.plural && office.extended && office.head.definite))
}

/// Whether a cue stands right before or behind the office.
fn speaks(scan: &Scan<'_>, office: &Office, lexicon: &Lexicon) -> bool {
    let finite = |index: usize| cues::find(scan, index, lexicon).is_some_and(|cue| cue.is_finite());
    office.first.checked_sub(1).is_some_and(finite) || finite(office.last + 1)
}
