//! `extract.links`: which mentions are the same entity.

use std::collections::HashMap;
use std::sync::Arc;

use isnad_arabic::skeleton;
use isnad_core::{
    Annotator, Content, Contract, DocError, Example, LayerId, Names, Reads, Row, RowRef, StageError,
    StageKind, Sym, Writes, per_doc,
};
use isnad_lexicon::Lexicon;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::plan::{layer, sym, unwritten};
use crate::words::WordNames;

const ABOUT: &str = "gives all mentions of one entity the same key";

const DOCS: &str = "\
Writes the attr `entity` on entity and source rows: the Wikidata id where the lexicon knows it, else `#1`, `#2` … in
the order of first mention. Names of the lexicon meet by their entry (a nationality meets its country); a last name
meets the full name that ends in it, also in another spelling of the same skeleton («بلينكن», «بلينكين»); an
abbreviation in brackets meets the organisation before it; a shorter organisation name meets the only longer one that
begins or ends with it; «المنظمة» meets the last organisation that begins with «منظمة».
";

/// Worked examples.
const EXAMPLES: &[Example] = &[
    Example {
        about: "a last name and a full name; a nationality and its country",
        options: "{}",
        before: "وصل الرئيس كريم الدلهمي إلى باريس والتقى مسؤولين فرنسيين. وقال الدلهمي إن فرنسا ستدعم المشروع.",
        after: "\
entity PER «كريم الدلهمي» entity=#1
entity GPE «باريس» entity=Q90
entity NORP «فرنسيين» entity=Q142
entity PER «الدلهمي» entity=#1
entity GPE «فرنسا» entity=Q142",
    },
    Example {
        about: "«المنظمة» is the organisation named before",
        options: "{}",
        before: "حذرت منظمة الصحة العالمية من انتشار المرض. وقالت المنظمة إن اللقاح متوفر.",
        after: "\
entity ORG «منظمة الصحة العالمية» entity=Q7817
source «المنظمة» entity=Q7817",
    },
];

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
    .with_examples(EXAMPLES)
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
        self.meet_persons(&mentions, options.spelling_variants, &mut clusters);
        self.meet_organisations(&mentions, content.text(), &mut clusters);
        let institutions = self.institutions(&mentions);
        let mut sources: Vec<Mention<'_>> = tables.refs(self.source).map(mention).collect();
        for source in &mut sources {
            let noun = source.folded.strip_prefix("ال").and_then(|noun| institutions.get(noun));
            let before = noun.and_then(|list| {
                list.get(list.partition_point(|(at, _)| *at < source.begin).checked_sub(1)?)
            });
            source.cluster = before.map_or_else(|| clusters.of_source(source), |(_, cluster)| *cluster);
        }
        mentions.append(&mut sources);
        mentions.sort_by_key(|m| (m.begin, m.row));
        for m in &mut mentions {
            m.cluster = clusters.root(m.cluster);
        }
        let keys = keys_of(&mentions);
        for m in &mentions {
            if let Some(key) = keys.get(&m.cluster) {
                unwritten(rows.attr(m.row, self.key, key))?;
            }
        }
        Ok(())
    }

    /// A last name meets the full name that ends in it: the nearest before it, else the first behind it.
    fn meet_persons(&self, mentions: &[Mention<'_>], variants: bool, clusters: &mut Clusters) {
        let people = || mentions.iter().enumerate().filter(|(_, m)| Some(m.label) == self.per);
        let mut by_last: HashMap<String, Vec<FullName<'_>>> = HashMap::new();
        for (index, m) in people().filter(|(_, m)| m.folded.contains(' ')) {
            let names = by_last.entry(last_key(m.folded, variants)).or_default();
            let room = names.len() < NAMESAKES;
            match names.iter_mut().find(|name| name.cluster == m.cluster) {
                Some(known) => known.seen.push(index),
                None if room => {
                    names.push(FullName { folded: m.folded, cluster: m.cluster, seen: vec![index] })
                }
                None => {}
            }
        }
        for (index, m) in people() {
            let Some(names) = by_last.get(&last_key(m.folded, variants)) else { continue };
            let single =
                !m.folded.contains(' ') || m.folded.starts_with("بن ") || m.folded.starts_with("ال ");
            let fits = |name: &&FullName<'_>| {
                name.cluster != m.cluster && (single || first_names_meet(m.folded, name.folded))
            };
            let before = names.iter().filter(fits).filter_map(|name| Some((name.last_before(index)?, name)));
            let behind = || names.iter().filter(fits).min_by_key(|name| name.seen.first().copied());
            let Some(name) = before.max_by_key(|(at, _)| *at).map(|(_, name)| name).or_else(behind) else {
                continue;
            };
            // A name that the lexicon knows keeps its entry; the unknown one joins it.
            if m.known.is_some() {
                clusters.join(name.cluster, m.cluster);
            } else {
                clusters.join(m.cluster, name.cluster);
            }
        }
    }

    /// Abbreviations in brackets, and shorter forms of the only longer name.
    fn meet_organisations(&self, mentions: &[Mention<'_>], text: &str, clusters: &mut Clusters) {
        for pair in mentions.windows(2) {
            let [a, b] = pair else { continue };
            let between = text.get(a.end as usize..b.begin as usize).unwrap_or_default();
            let behind = text.get(b.end as usize..).unwrap_or_default();
            let bracket = matches!(between.trim(), "(" | "(\"" | "(«")
                && behind.trim_start_matches(['"', '»']).starts_with(')');
            if bracket && Some(a.label) == self.org && Some(b.label) == self.org {
                clusters.join(b.cluster, a.cluster);
            }
        }
        let mut names: Vec<(&str, usize)> =
            mentions.iter().filter(|m| Some(m.label) == self.org).map(|m| (m.folded, m.cluster)).collect();
        names.sort_unstable();
        names.dedup();
        let mut mirrored: Vec<(String, usize)> =
            names.iter().map(|(name, cluster)| (name.chars().rev().collect(), *cluster)).collect();
        mirrored.sort_unstable();
        for m in mentions.iter().filter(|m| Some(m.label) == self.org && m.known.is_none()) {
            let prefix = format!("{} ", m.folded);
            let suffix: String = format!(" {}", m.folded).chars().rev().collect();
            let from = names.partition_point(|(name, _)| *name < prefix.as_str());
            let begins = names
                .get(from..)
                .unwrap_or_default()
                .iter()
                .take_while(|(name, _)| name.starts_with(&prefix));
            let from = mirrored.partition_point(|(name, _)| *name < suffix);
            let ends = mirrored
                .get(from..)
                .unwrap_or_default()
                .iter()
                .take_while(|(name, _)| name.starts_with(&suffix));
            let mut found: Vec<usize> =
                begins.map(|n| n.1).chain(ends.map(|n| n.1)).take(NAMESAKES).collect();
            found.sort_unstable();
            found.dedup();
            if let [only] = found.as_slice() {
                clusters.join(m.cluster, *only);
            }
        }
    }

    /// The organisations by the noun they begin with, in order: «المنظمة» is the last before it that begins with
    /// «منظمة».
    fn institutions<'d>(&self, mentions: &[Mention<'d>]) -> HashMap<&'d str, Vec<(u32, usize)>> {
        let mut institutions: HashMap<&str, Vec<(u32, usize)>> = HashMap::new();
        for m in mentions.iter().filter(|m| Some(m.label) == self.org) {
            if let Some(noun) = m.folded.split(' ').next() {
                institutions.entry(noun).or_default().push((m.begin, m.cluster));
            }
        }
        institutions
    }
}

/// A full name and where it stands, by index of mention.
struct FullName<'d> {
    folded: &'d str,
    cluster: usize,
    seen: Vec<usize>,
}

impl FullName<'_> {
    fn last_before(&self, index: usize) -> Option<usize> {
        let at = self.seen.partition_point(|&seen| seen < index);
        self.seen.get(at.checked_sub(1)?).copied()
    }
}

/// How many people of one last name are told apart in a document.
const NAMESAKES: usize = 16;

/// What last names meet by: the name, or its skeleton where that has three consonants and more.
fn last_key(folded: &str, variants: bool) -> String {
    let last = folded.rsplit(' ').next().unwrap_or_default();
    let key = skeleton(last);
    if variants && key.chars().count() >= 3 { key } else { last.to_owned() }
}

/// Whether two full names can be of one person: the same first word, or one name inside the other.
fn first_names_meet(a: &str, b: &str) -> bool {
    let first = |name: &str| name.split(' ').next().map(skeleton).unwrap_or_default();
    first(a) == first(b) || a.ends_with(b) || b.ends_with(a)
}

/// Clusters by entry and by spelling, and which of them turned out to be one.
#[derive(Default)]
struct Clusters {
    by_name: HashMap<(u8, String), usize>,
    /// Per cluster: the one it joined, or itself.
    joined: Vec<usize>,
}

impl Clusters {
    fn of_name(&mut self, m: &Mention<'_>, per: Option<Sym>) -> usize {
        match &m.known {
            Some(known) => self.of((b'=', known.clone())),
            None if Some(m.label) == per => self.of((b'p', m.folded.to_owned())),
            None => self.of((b'n', m.folded.to_owned())),
        }
    }

    fn of_source(&mut self, source: &Mention<'_>) -> usize {
        self.of((b's', source.folded.to_owned()))
    }

    fn of(&mut self, key: (u8, String)) -> usize {
        let next = self.joined.len();
        let cluster = *self.by_name.entry(key).or_insert(next);
        if cluster == next {
            self.joined.push(next);
        }
        cluster
    }

    /// `from` joins `to`, unless they are one already.
    fn join(&mut self, from: usize, to: usize) {
        let (from, to) = (self.root(from), self.root(to));
        if let Some(joined) = self.joined.get_mut(from) {
            *joined = to;
        }
    }

    fn root(&self, cluster: usize) -> usize {
        let mut at = cluster;
        while let Some(&next) = self.joined.get(at).filter(|&&next| next != at) {
            at = next;
        }
        at
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
    known
        .strip_prefix('Q')
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}
