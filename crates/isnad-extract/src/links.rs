//! `extract.links`: which mentions are the same entity.

use std::collections::HashMap;
use std::sync::Arc;

use isnad_arabic::skeleton;
use isnad_core::{Annotator, Content, Contract, DocError, LayerId, Names, Reads, Row, RowRef, StageError, StageKind, Sym, Writes, per_doc};
use isnad_lexicon::Lexicon;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::plan::{layer, sym};
use crate::words::WordNames;

const ABOUT: &str = "Give all mentions of one entity the same key";

const DOCS: &str = "\
Writes the attr `entity` on entity and source rows: the Wikidata id where the lexicon knows it, else `#1`, `#2` … in
the order of first mention. Names of the lexicon meet by their entry (a nationality meets its country); a last name
meets the full name that ends in it, also in another spelling of the same skeleton («بلينكن», «بلينكين»); an
abbreviation in brackets meets the organisation before it; a shorter organisation name meets the only longer one that
begins or ends with it; «المنظمة» meets the last organisation that begins with «منظمة».
";

/// Options of `extract.links`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// Whether last names of the same skeleton («بلينكن», «بلينكين») meet.
    spelling_variants: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { spelling_variants: true }
    }
}

pub(crate) fn kind(lexicon: &crate::SharedLexicon) -> StageKind {
    let lexicon = lexicon.clone();
    StageKind::new("extract.links", ABOUT, DOCS, move |options: Options, _| {
        let shared = lexicon.get();
        let open = move |names: &Arc<Names>| Open::new(names, &shared);
        let contract = Contract::new()
            .reads(Reads::layer("token", 1))
            .reads(Reads::layer("entity", 1).keys(["name", "wikidata"]))
            .reads(Reads::layer("source", 1))
            .reads(Reads::layer("sentence", 1).optional())
            .reads(Reads::layer("language", 1).optional())
            .writes(Writes::onto("entity", 1).attrs(["entity"]))
            .writes(Writes::onto("source", 1).attrs(["entity"]));
        Ok(per_doc(contract, open, move |open, document, cx| {
            let (content, mut rows) = document.annotate(cx);
            open.link(content, &mut rows, &options)
        }))
    })
}

struct Open {
    words: WordNames,
    entity: LayerId,
    source: LayerId,
    key: Sym,
    name: Sym,
    wikidata: Sym,
    per: Option<Sym>,
    org: Option<Sym>,
}

/// A mention on its way to a cluster.
struct Mention<'d> {
    row: RowRef,
    begin: u32,
    end: u32,
    label: Sym,
    folded: &'d str,
    /// The lexicon's entry, by id or name.
    known: Option<String>,
    cluster: usize,
}

impl Open {
    fn new(names: &Arc<Names>, lexicon: &Arc<Lexicon>) -> Result<Self, StageError> {
        Ok(Open {
            words: WordNames::open(names, lexicon)?,
            entity: layer(names, "entity")?,
            source: layer(names, "source")?,
            key: sym(names, "entity")?,
            name: sym(names, "name")?,
            wikidata: sym(names, "wikidata")?,
            per: names.sym("PER"),
            org: names.sym("ORG"),
        })
    }

    fn link(&self, content: &Content, rows: &mut Annotator<'_>, options: &Options) -> Result<(), DocError> {
        let scan = self.words.scan(content, rows.tables());
        let tables = rows.tables();
        let mention = |(row, r): (RowRef, &Row)| Mention {
            row,
            begin: r.span.begin,
            end: r.span.end,
            label: r.label,
            folded: scan.folded_span(r.span),
            known: tables.attr(row, self.wikidata).or_else(|| tables.attr(row, self.name)).map(str::to_owned),
            cluster: usize::MAX,
        };
        let mut mentions: Vec<Mention<'_>> = tables.refs(self.entity).map(mention).collect();
        mentions.sort_by_key(|m| (m.begin, m.row));
        let mut clusters = Clusters::default();
        for m in &mut mentions {
            m.cluster = clusters.of_name(m, self.per);
        }
        if options.spelling_variants || !mentions.is_empty() {
            self.meet_persons(&mut mentions, options.spelling_variants);
        }
        self.meet_organisations(&mut mentions, content.text());
        let mut sources: Vec<Mention<'_>> = tables.refs(self.source).map(mention).collect();
        sources.sort_by_key(|m| (m.begin, m.row));
        for source in &mut sources {
            source.cluster = self.institution(source, &mentions).unwrap_or_else(|| clusters.fresh_for(source));
        }
        mentions.append(&mut sources);
        mentions.sort_by_key(|m| (m.begin, m.row));
        let keys = keys_of(&mentions);
        for m in &mentions {
            if let Some(key) = keys.get(&m.cluster) {
                rows.attr(m.row, self.key, key)?;
            }
        }
        Ok(())
    }

    /// A last name meets the full name that ends in it: the nearest before it, else the first behind it.
    fn meet_persons(&self, mentions: &mut [Mention<'_>], variants: bool) {
        let full: Vec<(usize, &str, String, usize)> = mentions
            .iter()
            .enumerate()
            .filter(|(_, m)| Some(m.label) == self.per && m.folded.contains(' '))
            .filter_map(|(i, m)| {
                let last = m.folded.rsplit(' ').next()?;
                Some((i, last, skeleton(last), m.cluster))
            })
            .collect();
        let mut joins: Vec<(usize, usize)> = Vec::new();
        for (index, m) in mentions.iter().enumerate().filter(|(_, m)| Some(m.label) == self.per) {
            let single = !m.folded.contains(' ') || m.folded.starts_with("بن ") || m.folded.starts_with("ال ");
            let last = m.folded.rsplit(' ').next().unwrap_or_default();
            let key = skeleton(last);
            let fits = |(at, other, other_key, cluster): &&(usize, &str, String, usize)| {
                let same_last = *other == last || (variants && key.chars().count() >= 3 && *other_key == key);
                let full = mentions.get(*at).map_or("", |o| o.folded);
                let same_first = single || first_names_meet(m.folded, full);
                *at != index && *cluster != m.cluster && same_last && same_first
            };
            let before = full.iter().rev().filter(|(at, ..)| *at < index).find(fits);
            if let Some((.., cluster)) = before.or_else(|| full.iter().filter(|(at, ..)| *at > index).find(fits)) {
                // A name that the lexicon knows keeps its entry; the unknown one joins it.
                let (from, to) = if m.known.is_some() { (*cluster, m.cluster) } else { (m.cluster, *cluster) };
                joins.push((from, to));
            }
        }
        join(mentions, &joins, self.per);
    }

    /// Abbreviations in brackets, and shorter forms of the only longer name.
    fn meet_organisations(&self, mentions: &mut [Mention<'_>], text: &str) {
        let mut joins = Vec::new();
        for pair in mentions.windows(2) {
            let [a, b] = pair else { continue };
            let between = text.get(a.end as usize..b.begin as usize).unwrap_or_default();
            let bracket = matches!(between.trim(), "(" | "(\"" | "(«") && text.get(b.end as usize..).is_some_and(|t| t.trim_start_matches(['"', '»']).starts_with(')'));
            if bracket && Some(a.label) == self.org && Some(b.label) == self.org && b.cluster != a.cluster {
                joins.push((b.cluster, a.cluster));
            }
        }
        for m in mentions.iter().filter(|m| Some(m.label) == self.org && m.known.is_none()) {
            let longer = |o: &&Mention<'_>| {
                Some(o.label) == self.org
                    && o.folded.len() > m.folded.len() + 1
                    && (o.folded.strip_prefix(m.folded).is_some_and(|rest| rest.starts_with(' '))
                        || o.folded.strip_suffix(m.folded).is_some_and(|rest| rest.ends_with(' ')))
            };
            let mut found: Vec<usize> = mentions.iter().filter(longer).map(|o| o.cluster).collect();
            found.dedup();
            if let [only] = found.as_slice()
                && *only != m.cluster
            {
                joins.push((m.cluster, *only));
            }
        }
        join(mentions, &joins, self.org);
    }

    /// «المنظمة» is the last organisation before it whose name begins with «منظمة».
    fn institution(&self, source: &Mention<'_>, mentions: &[Mention<'_>]) -> Option<usize> {
        let noun = source.folded.strip_prefix("ال")?;
        if noun.contains(' ') {
            return None;
        }
        let begins = |m: &&Mention<'_>| {
            Some(m.label) == self.org && m.begin < source.begin && m.folded.split(' ').next() == Some(noun)
        };
        mentions.iter().rev().find(begins).map(|m| m.cluster)
    }
}

/// Whether two full names can be of one person: the same first word, or one name inside the other.
fn first_names_meet(a: &str, b: &str) -> bool {
    let first = |name: &str| name.split(' ').next().map(skeleton).unwrap_or_default();
    first(a) == first(b) || a.ends_with(b) || b.ends_with(a)
}

fn join(mentions: &mut [Mention<'_>], joins: &[(usize, usize)], label: Option<Sym>) {
    for &(from, to) in joins {
        for m in mentions.iter_mut().filter(|m| m.cluster == from && Some(m.label) == label) {
            m.cluster = to;
        }
    }
}

/// Clusters by entry and by spelling.
#[derive(Default)]
struct Clusters {
    by_name: HashMap<String, usize>,
    next: usize,
}

impl Clusters {
    fn of_name(&mut self, m: &Mention<'_>, per: Option<Sym>) -> usize {
        let sort = if Some(m.label) == per { "p" } else { "n" };
        let key = match &m.known {
            Some(known) => format!("={known}"),
            None => format!("{sort}{}", m.folded),
        };
        let next = self.next;
        let cluster = *self.by_name.entry(key).or_insert(next);
        self.next += usize::from(cluster == next);
        cluster
    }

    fn fresh_for(&mut self, source: &Mention<'_>) -> usize {
        let next = self.next;
        let cluster = *self.by_name.entry(format!("s{}", source.folded)).or_insert(next);
        self.next += usize::from(cluster == next);
        cluster
    }
}

/// The key of each cluster: a Wikidata id that one of its mentions bears, else a number.
fn keys_of(mentions: &[Mention<'_>]) -> HashMap<usize, String> {
    let mut keys: HashMap<usize, String> = HashMap::new();
    for m in mentions {
        let id = m.known.as_deref().filter(|known| is_wikidata(known));
        if let Some(id) = id {
            keys.entry(m.cluster).or_insert_with(|| id.to_owned());
        }
    }
    let mut number = 0;
    for m in mentions {
        keys.entry(m.cluster).or_insert_with(|| {
            number += 1;
            format!("#{number}")
        });
    }
    keys
}

fn is_wikidata(known: &str) -> bool {
    known.strip_prefix('Q').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}
