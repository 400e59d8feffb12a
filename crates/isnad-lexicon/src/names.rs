//! Names of countries, places, organisations, people, events and works, with the group words made of
//! them, as one trie.

use std::collections::HashMap;

use crate::data;
use crate::phrases::Phrases;
use crate::table::{Record, Table, TableError};
use crate::word_table::WordTable;

/// What a name names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameLabel {
    /// A person.
    Per,
    /// An organisation.
    Org,
    /// A country, city or province.
    Gpe,
    /// Another place.
    Loc,
    /// A building or site.
    Fac,
    /// A word for a nation or group.
    Norp,
    /// A named event.
    Event,
    /// A work, treaty, law, product or award.
    Misc,
}

impl NameLabel {
    /// All labels, as they are spelled in output.
    pub const ALL: [(NameLabel, &'static str); 8] = [
        (NameLabel::Per, "PER"),
        (NameLabel::Org, "ORG"),
        (NameLabel::Gpe, "GPE"),
        (NameLabel::Loc, "LOC"),
        (NameLabel::Fac, "FAC"),
        (NameLabel::Norp, "NORP"),
        (NameLabel::Event, "EVENT"),
        (NameLabel::Misc, "MISC"),
    ];

    /// The label of this spelling.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, name)| *name == text).map(|(label, _)| *label)
    }
}

/// An entity that the lexicon knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entity {
    /// Its Wikidata id, or `""`.
    pub wikidata: String,
    /// Its usual Arabic name.
    pub name: String,
    /// Its English name, or `""`.
    pub name_en: String,
    /// ISO 3166 code of its country, or `""`.
    pub country: String,
    /// For organisations: government, army, agency, newspaper, social …; else `""`.
    pub kind: String,
    /// For persons: `m`, `f` or `""`.
    pub gender: String,
}

/// How a phrase stands for an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameHit {
    /// The entity's index in [`NameLexicon::entity`].
    pub entity: u32,
    /// What the phrase is.
    pub label: NameLabel,
    /// The phrase is also an ordinary word: it counts only where something else speaks for it.
    pub ambiguous: bool,
    /// A short form of a person's name.
    pub short: bool,
}

/// All names the lexicon knows.
#[derive(Clone, Debug, Default)]
pub struct NameLexicon {
    entities: Vec<Entity>,
    phrases: Phrases<NameHit>,
    countries: HashMap<String, u32>,
    contexts: WordTable<Vec<NameLabel>>,
}

impl NameLexicon {
    /// The names of the tables in `data/`.
    pub(crate) fn builtin() -> Result<Self, Vec<TableError>> {
        let mut lexicon = NameLexicon::default();
        // Countries first: what a group word shares its spelling with keeps the name.
        let countries = Table::parse("countries.tsv", data::COUNTRIES, &["code", "name", "nisba", "plural"])?;
        for record in countries.records() {
            let entity = lexicon.add_named(&record, NameLabel::Gpe, None);
            lexicon.countries.insert(record.get("code").to_owned(), entity);
        }
        let places = Table::parse("places.tsv", data::PLACES, &["label", "name"])?;
        for record in places.records() {
            if let Some(label) = NameLabel::parse(record.get("label")) {
                lexicon.add_named(&record, label, None);
            }
        }
        for record in Table::parse("orgs.tsv", data::ORGS, &["kind", "name"])?.records() {
            lexicon.add_named(&record, NameLabel::Org, None);
        }
        for record in Table::parse("events.tsv", data::EVENTS, &["label", "name"])?.records() {
            if let Some(label) = NameLabel::parse(record.get("label")) {
                lexicon.add_named(&record, label, None);
            }
        }
        for record in Table::parse("people.tsv", data::PEOPLE, &["name", "aliases", "alone"])?.records() {
            let entity = lexicon.add_named(&record, NameLabel::Per, None);
            for form in record.list("alone") {
                lexicon.add(form, NameHit { entity, label: NameLabel::Per, ambiguous: false, short: true });
            }
        }
        for record in countries.records() {
            let entity = lexicon.countries.get(record.get("code")).copied().unwrap_or_default();
            lexicon.add_group(&record, entity, false);
        }
        for record in Table::parse("name_contexts.tsv", data::NAME_CONTEXTS, &["word", "label"])?.records() {
            let labels = record.list("label").filter_map(NameLabel::parse).collect();
            lexicon.contexts.add(record.get("word"), labels);
        }
        let groups = Table::parse("demonyms.tsv", data::DEMONYMS, &["key", "nisba", "plural"])?;
        for record in groups.records() {
            let entity = lexicon.entities.len() as u32;
            lexicon.entities.push(Entity {
                name: record.list("nisba").next().unwrap_or_default().to_owned(),
                name_en: record.get("name_en").to_owned(),
                ..Entity::default()
            });
            lexicon.add_group(&record, entity, record.flag("ambiguous"));
        }
        Ok(lexicon)
    }

    /// The trie of all phrases.
    pub fn phrases(&self) -> &Phrases<NameHit> {
        &self.phrases
    }

    /// An entity.
    pub fn entity(&self, index: u32) -> Option<&Entity> {
        self.entities.get(index as usize)
    }

    /// Whether a folded noun says of an ambiguous name right behind it that it is a name of this label.
    pub fn speaks_for(&self, hash: u64, folded: &str, label: NameLabel) -> bool {
        self.contexts.get(hash, folded).is_some_and(|labels| labels.contains(&label))
    }

    /// The country of an ISO 3166 code.
    pub fn country(&self, code: &str) -> Option<u32> {
        self.countries.get(code).copied()
    }

    fn add_named(&mut self, record: &Record<'_, '_>, label: NameLabel, known: Option<u32>) -> u32 {
        let index = known.unwrap_or(self.entities.len() as u32);
        if known.is_none() {
            self.entities.push(Entity {
                wikidata: record.get("wikidata").to_owned(),
                name: record.get("name").to_owned(),
                name_en: record.get("name_en").to_owned(),
                country: if record.get("country").is_empty() {
                    record.get("code")
                } else {
                    record.get("country")
                }
                .to_owned(),
                kind: record.get("kind").to_owned(),
                gender: record.get("gender").to_owned(),
            });
        }
        let ambiguous = record.flag("ambiguous");
        for name in [record.get("name")].into_iter().chain(record.list("aliases")) {
            self.add(name, NameHit { entity: index, label, ambiguous, short: false });
        }
        index
    }

    /// Adds a phrase with the spellings that only differ by a space: «عبد الله» and «عبدالله».
    fn add(&mut self, phrase: &str, hit: NameHit) {
        self.phrases.add(phrase, hit);
        if let Some((before, after)) = phrase.split_once("عبد ال") {
            self.phrases.add(&format!("{before}عبدال{after}"), hit);
        } else if let Some((before, after)) = phrase.split_once("عبدال") {
            self.phrases.add(&format!("{before}عبد ال{after}"), hit);
        }
        if let Some(('أ' | 'ا', rest)) = phrase.chars().next().zip(phrase.get(2..))
            && let Some(rest) = rest.strip_prefix("بو ").or_else(|| rest.strip_prefix("بي "))
        {
            self.phrases.add(&format!("أبو{rest}"), hit);
        }
    }

    /// Adds all forms of a group word, but not where the form is the name of something.
    fn add_group(&mut self, record: &Record<'_, '_>, entity: u32, ambiguous: bool) {
        let hit = NameHit { entity, label: NameLabel::Norp, ambiguous, short: false };
        for form in
            record.list("nisba").flat_map(nisba_forms).chain(record.list("plural").flat_map(plural_forms))
        {
            // «سوريا» stays the country alone, but «السعودية», «سورية» are both: their place decides.
            let known = self.phrases.look_up(&form);
            let feminine = form.ends_with('ة');
            if known.iter().all(|known| {
                (known.label == NameLabel::Per && known.short) || (feminine && known.label == NameLabel::Gpe)
            }) {
                self.phrases.add(&form, hit);
            }
        }
    }
}

/// Every form of a nisba adjective: gender × number × case × definiteness.
///
/// ```
/// let forms = isnad_lexicon::nisba_forms("مغربي");
/// assert!(forms.contains(&"المغربية".to_owned()) && forms.contains(&"مغربيين".to_owned()));
/// ```
pub fn nisba_forms(nisba: &str) -> Vec<String> {
    let (head, last) = match nisba.rsplit_once(' ') {
        Some((head, last)) => (format!("{head} "), last),
        None => (String::new(), nisba),
    };
    let endings = ["", "ة", "ا", "ون", "ين", "ان", "تان", "تين", "ات"];
    let stem = |ending: &str| match ending {
        "تان" | "تين" => format!("{last}{ending}"),
        _ => format!("{last}{ending}"),
    };
    let mut forms = Vec::with_capacity(endings.len() * 2);
    for ending in endings {
        forms.push(format!("{head}{}", stem(ending)));
        if ending != "ا" {
            let definite = format!("ال{}", stem(ending));
            if head.is_empty() {
                forms.push(definite);
            } else {
                forms.push(format!("ال{head}{}", stem(ending)));
                forms.push(format!("ال{head}{definite}"));
                forms.push(format!("{head}{definite}"));
            }
        }
    }
    forms
}

fn plural_forms(plural: &str) -> Vec<String> {
    vec![plural.to_owned(), format!("ال{plural}"), format!("{plural}ا")]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_group_words_of_a_country_are_one_entity() {
        let lexicon = NameLexicon::builtin().unwrap();
        let find = |phrase: &str| lexicon.phrases().look_up(phrase).first().copied();
        let us = find("الولايات المتحدة").unwrap();
        for (form, label) in [
            ("الولايات المتحدة الأمريكية", NameLabel::Gpe),
            ("أميركا", NameLabel::Gpe),
            ("الأمريكيين", NameLabel::Norp),
            ("أميركية", NameLabel::Norp),
        ] {
            let hit = find(form).unwrap();
            assert_eq!((hit.entity, hit.label), (us.entity, label), "{form}");
        }
        // A country keeps its name where a form of its nisba is spelled the same.
        for name in ["سوريا", "ليبيا", "ألمانيا", "إيطاليا"] {
            assert_eq!(find(name).unwrap().label, NameLabel::Gpe, "{name}");
        }
        assert_eq!(find("الأتراك").unwrap().label, NameLabel::Norp);
    }
}
