//! `extract.roles`: offices and titles beside a name or standing for a person.

use std::collections::HashMap;
use std::sync::Arc;

use isnad_core::{
    Annotator, Contract, DocError, Example, LayerId, Names, Reads, RowRef, StageError, StageKind, Sym,
    Writes, per_doc,
};
use isnad_lexicon::{Lexicon, ModifierKind, TitleKind, word_hash};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::cues;
use crate::offices::{Office, Offices};
use crate::places::{Placed, Places};
use crate::plan::{fresh, layer, syms};
use crate::words::{Scan, WordNames};

const ABOUT: &str = "finds offices, ranks and occupations, and who holds them";

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

/// Worked examples.
const EXAMPLES: &[Example] = &[
    Example {
        about: "before a name",
        options: "{}",
        before: "استقبل رئيس الوزراء السابق سليم المرداوي في عمان وزيرة الطاقة الألمانية لينا هولمبيرغ.",
        after: "\
role «رئيس الوزراء السابق» norm=رئيس الوزراء السابق tense=former holder→«سليم المرداوي»
role «وزيرة الطاقة الألمانية» norm=وزيره الطاقه الالمانيه country→«الألمانية» holder→«لينا هولمبيرغ»",
    },
    Example {
        about: "behind a name",
        options: "{}",
        before: "قال أنتوني بلينكن، وزير الخارجية الأمريكي السابق، إن الاتفاق قريب.",
        after: "role «وزير الخارجية الأمريكي السابق» norm=وزير الخارجيه الامريكي السابق tense=former country→«الأمريكي» holder→«أنتوني بلينكن»",
    },
    Example {
        about: "an office that stands for its holder",
        options: "{}",
        before: "قال وزير الصحة اللبناني فادي الخوري إن اللقاح متوفر. وأضاف الوزير أن الحملة تبدأ غدا.",
        after: "\
role «وزير الصحة اللبناني» norm=وزير الصحه اللبناني country→«اللبناني» holder→«فادي الخوري»
role «الوزير» norm=الوزير holder→«فادي الخوري»",
    },
];

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
            open.places.refill(rows.tables(), [open.entity]);
            open.write(&mut rows, &scan, offices, &options, &lexicon)
        }))
    })
    .with_examples(EXAMPLES)
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
    places: Places,
}

/// A role that was written, for the look-up of holders.
struct Written {
    row: RowRef,
    head: u64,
    country: Option<String>,
    holder: Option<RowRef>,
    /// The head alone: «الرئيس».
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
            rules: syms(names, RULES)?,
            places: Places::default(),
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
            if self.places.touching(office.span).any(|name| name.span.contains(office.span)) {
                continue;
            }
            let (holder, rule) = self.holder(scan, offices, index);
            if holder.is_none() && !counts_alone(scan, office, lexicon) {
                continue;
            }
            let score = if holder.is_some() { 0.9 } else { 0.7 };
            let Some(row) = fresh(rows.add(self.layer, office.span, Sym::NONE, rule, score))? else {
                continue;
            };
            let phrase = scan.folded_span(office.span);
            rows.attr(row, norm, phrase)?;
            match office.tense {
                Some(ModifierKind::Former) => rows.attr(row, tense, "former")?,
                Some(ModifierKind::Acting) => rows.attr(row, tense, "acting")?,
                _ => {}
            }
            let mut inside = self.places.inside(office.span);
            let is_country = |name: &&Placed| self.country.contains(&Some(name.label));
            let is_org = |name: &&Placed| Some(name.label) == self.org;
            if let Some(org) = inside.find(is_org) {
                rows.link(row, org_key, org.row)?;
            }
            let country = self.places.inside(office.span).find(is_country);
            if let Some(country) = country {
                rows.link(row, country_key, country.row)?;
            }
            let head = plain_head(scan, office);
            written.push(Written {
                row,
                head,
                country: country.map(|name| identity(rows, name, scan)),
                holder,
                bare: country.is_none() && office.first == office.last,
            });
        }
        if options.resolve {
            resolve(&mut written);
        }
        for role in &written {
            if let Some(holder) = role.holder {
                rows.link(role.row, holder_key, holder)?;
            }
        }
        Ok(())
    }

    /// The name beside an office: behind it (perhaps behind another office), or before it and a comma.
    fn holder(&self, scan: &Scan<'_>, offices: &Offices, index: usize) -> (Option<RowRef>, Sym) {
        let [before_name, after_name, alone] = self.rules;
        let Some(office) = offices.0.get(index) else { return (None, alone) };
        let mut at = office.name_at(scan);
        for next in offices.0.get(index + 1..).unwrap_or_default().iter().take(2) {
            if next.first == at {
                at = next.name_at(scan);
            }
        }
        let person = |name: &&Placed| Some(name.label) == self.per;
        if let Some(holder) = self.places.starting_at(scan.span(at).begin).find(person) {
            return (Some(holder.row), before_name);
        }
        let comma = office
            .first
            .checked_sub(1)
            .filter(|&i| matches!(scan.folded(i), "،" | ","))
            .and_then(|i| i.checked_sub(1));
        let ahead = comma.map(|i| scan.span(i)).and_then(|word| {
            self.places.touching(word).find(|name| person(name) && name.span.end == word.end)
        });
        match ahead {
            Some(holder) => (Some(holder.row), after_name),
            None => (None, alone),
        }
    }
}

/// The hash of the head without proclitics and article, so that «الرئيس», «للرئيس» and «رئيس» are one.
fn plain_head(scan: &Scan<'_>, office: &Office) -> u64 {
    let begins =
        |reading: &&crate::words::Reading| reading.begin == office.span.begin && !reading.path.article;
    let stem = scan.readings(office.first).iter().find(begins).map_or("", |reading| scan.stem(reading));
    word_hash(stem.strip_prefix("ال").unwrap_or(stem))
}

/// What tells one country from another: the Wikidata id, or the word.
fn identity(rows: &Annotator<'_>, name: &Placed, scan: &Scan<'_>) -> String {
    let values = rows.tables().attrs(name.row).map(|attr| rows.tables().value(attr));
    let id = values
        .filter(|value| value.strip_prefix('Q').is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit())));
    id.min().unwrap_or_else(|| scan.folded_span(name.span)).to_owned()
}

/// Gives roles without a name the holder of the same office elsewhere: the nearest before, else the first behind. A
/// bare title («الرئيس») means the last holder of any such office.
fn resolve(written: &mut [Written]) {
    let mut first: HashMap<(u64, Option<String>), RowRef> = HashMap::new();
    for role in written.iter() {
        if let Some(holder) = role.holder {
            first.entry((role.head, role.country.clone())).or_insert(holder);
        }
    }
    let mut last: HashMap<(u64, Option<String>), RowRef> = HashMap::new();
    let mut last_of_head: HashMap<u64, RowRef> = HashMap::new();
    for role in written.iter_mut() {
        let key = (role.head, role.country.clone());
        if let Some(holder) = role.holder {
            last_of_head.insert(role.head, holder);
            last.insert(key, holder);
        } else if role.bare {
            role.holder = last_of_head.get(&role.head).copied();
        } else {
            role.holder = last.get(&key).or_else(|| first.get(&key)).copied();
        }
    }
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
