//! Titles and offices, words that speak without a name, channels, and ordinary words.

use crate::data;
use crate::facts::Facts;
use crate::phrases::Phrases;
use crate::table::{Table, TableError};
use crate::word_table::WordTable;

/// A word that begins the phrase for an office, rank or occupation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TitleHead {
    /// What sort of title.
    pub kind: TitleKind,
    /// Feminine form.
    pub feminine: bool,
    /// Plural or dual form.
    pub plural: bool,
    /// It bears the article.
    pub definite: bool,
    /// It can be governed by what follows: «وزير الخارجية».
    pub idafa: bool,
}

/// Sorts of titles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TitleKind {
    /// An office: رئيس, وزير.
    Office,
    /// A military or police rank: اللواء.
    Rank,
    /// An occupation: الصحفي.
    Occupation,
    /// A royal title: الملك.
    Royal,
    /// A religious title: البابا.
    Religious,
    /// Polite only: معالي. Not part of the title.
    Honorific,
    /// A relation: نظير.
    Relation,
}

/// What an adjective or adverb does to a title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModifierKind {
    /// The holder was it once: السابق.
    Former,
    /// For a time: بالوكالة.
    Acting,
    /// Any other: العام, الأعلى, الأول.
    Other,
}

/// A common noun that speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceHead {
    /// person, body, document or media.
    pub kind: String,
    /// Only the definite form speaks for somebody.
    pub definite_only: bool,
    /// The channel it implies, or `""`.
    pub channel: String,
}

/// Titles, speaking nouns, channels.
#[derive(Clone, Debug, Default)]
pub struct TitleLexicon {
    heads: WordTable<TitleHead>,
    fixed: Phrases<TitleHead>,
    modifiers: WordTable<ModifierKind>,
    /// Whether the bare noun with a nationality means the ministry («الخارجية الروسية»).
    ministries: Phrases<bool>,
    sources: WordTable<SourceHead>,
    source_phrases: Phrases<SourceHead>,
    channels: Phrases<String>,
    org_heads: Phrases<OrgHead>,
}

/// A common noun that begins the name of an organisation, building or event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrgHead {
    /// ORG, FAC, LOC or EVENT.
    pub label: crate::NameLabel,
    /// Its kind: ministry, party, company …
    pub kind: String,
    /// What follows belongs to the name («وزارة الخارجية»).
    pub idafa: bool,
    /// What follows is the name («صحيفة الحياة»).
    pub name: bool,
    /// What follows is more often the whole name than part of one.
    pub name_first: bool,
    /// A nationality makes it a name («الحكومة الروسية»).
    pub demonym: bool,
    /// The word bears the article.
    pub definite: bool,
}

impl TitleLexicon {
    pub(crate) fn builtin() -> Result<Self, Vec<TableError>> {
        let mut lexicon = TitleLexicon::default();
        lexicon.read_titles()?;
        lexicon.read_sources()?;
        for record in Table::parse("channels.tsv", data::CHANNELS, &["phrase", "channel"])?.records() {
            lexicon.channels.add(record.get("phrase"), record.get("channel").to_owned());
        }
        for record in Table::parse("ministries.tsv", data::MINISTRIES, &["name", "alone"])?.records() {
            lexicon.ministries.add(record.get("name"), record.flag("alone"));
        }
        for record in Table::parse("org_heads.tsv", data::ORG_HEADS, &["head", "label", "inner"])?.records() {
            let Some(label) = crate::NameLabel::parse(record.get("label")) else { continue };
            let inner: Vec<&str> = record.list("inner").collect();
            let head = OrgHead {
                label,
                kind: record.get("kind").to_owned(),
                idafa: inner.contains(&"idafa"),
                name: inner.contains(&"name"),
                name_first: inner.first() == Some(&"name"),
                demonym: inner.contains(&"demonym"),
                definite: false,
            };
            for definite in record.list("definite") {
                lexicon.org_heads.add(definite, OrgHead { definite: true, ..head.clone() });
            }
            lexicon.org_heads.add(record.get("head"), head);
        }
        Ok(lexicon)
    }

    /// The title that a folded word begins.
    pub fn head(&self, hash: u64, folded: &str) -> Option<&TitleHead> {
        self.heads.get(hash, folded)
    }

    /// Titles of several words: رئيس مجلس الوزراء, الأمين العام.
    pub fn fixed(&self) -> &Phrases<TitleHead> {
        &self.fixed
    }

    /// What a folded word does to a title.
    pub fn modifier(&self, hash: u64, folded: &str) -> Option<ModifierKind> {
        self.modifiers.get(hash, folded).copied()
    }

    /// What ministries are called: الخارجية, الشؤون الاجتماعية; and whether that alone, with a nationality, means the
    /// ministry.
    pub fn ministries(&self) -> &Phrases<bool> {
        &self.ministries
    }

    /// The speaking noun that a folded word is.
    pub fn source(&self, hash: u64, folded: &str) -> Option<&SourceHead> {
        self.sources.get(hash, folded)
    }

    /// Speaking nouns of several words: شهود عيان.
    pub fn source_phrases(&self) -> &Phrases<SourceHead> {
        &self.source_phrases
    }

    /// Phrases that name a channel: على تويتر, في مؤتمر صحفي.
    pub fn channels(&self) -> &Phrases<String> {
        &self.channels
    }

    /// Nouns that begin the name of an organisation or building, some of several words.
    pub fn org_heads(&self) -> &Phrases<OrgHead> {
        &self.org_heads
    }

    /// Whether a folded word begins such a noun.
    pub fn is_org_head(&self, hash: u64, folded: &str) -> bool {
        self.org_heads.step(self.org_heads.root(), hash, folded).is_some()
    }

    pub(crate) fn facts(&self, add: &mut impl FnMut(&str, Facts)) {
        self.heads.iter().for_each(|(word, _)| add(word, Facts::TITLE));
        self.fixed.first_words().for_each(|word| add(word, Facts::TITLE_START));
        self.modifiers.iter().for_each(|(word, _)| add(word, Facts::MODIFIER));
        self.ministries.first_words().for_each(|word| add(word, Facts::MINISTRY));
        self.org_heads.first_words().for_each(|word| add(word, Facts::ORG_HEAD));
        self.sources.iter().for_each(|(word, _)| add(word, Facts::SOURCE));
        self.source_phrases.first_words().for_each(|word| add(word, Facts::SOURCE));
        self.channels.first_words().for_each(|word| add(word, Facts::CHANNEL));
    }

    fn read_titles(&mut self) -> Result<(), Vec<TableError>> {
        let wanted = ["head", "feminine", "plural", "dual", "kind", "complement", "fixed"];
        for record in Table::parse("titles.tsv", data::TITLES, &wanted)?.records() {
            let kind = match record.get("kind") {
                "rank" => TitleKind::Rank,
                "occupation" => TitleKind::Occupation,
                "royal" => TitleKind::Royal,
                "religious" => TitleKind::Religious,
                "honorific" => TitleKind::Honorific,
                "relation" => TitleKind::Relation,
                _ => TitleKind::Office,
            };
            let idafa = record.list("complement").any(|c| c == "idafa");
            let plain = TitleHead { kind, feminine: false, plural: false, definite: false, idafa };
            self.add_head(record.get("head"), plain);
            for feminine in record.list("feminine") {
                self.add_head(feminine, TitleHead { feminine: true, ..plain });
            }
            for plural in record.list("plural").chain(record.list("dual")) {
                self.add_head(plural, TitleHead { plural: true, ..plain });
                if let Some(stem) = plural.strip_suffix("ان") {
                    self.add_head(&format!("{stem}ين"), TitleHead { plural: true, ..plain });
                    self.add_head(&format!("{stem}ي"), TitleHead { plural: true, ..plain });
                }
            }
            for fixed in record.list("fixed") {
                let definite = fixed.split(' ').next().is_some_and(|first| first.starts_with("ال"));
                self.fixed.add(fixed, TitleHead { definite, ..plain });
                if let (Some(feminine), Some(rest)) =
                    (record.list("feminine").next(), fixed.strip_prefix(record.get("head")))
                {
                    self.fixed
                        .add(&format!("{feminine}{rest}"), TitleHead { feminine: true, definite, ..plain });
                }
            }
        }
        for record in Table::parse("title_modifiers.tsv", data::TITLE_MODIFIERS, &["word", "kind"])?.records()
        {
            let kind = match record.get("kind") {
                "former" => ModifierKind::Former,
                "acting" => ModifierKind::Acting,
                _ => ModifierKind::Other,
            };
            for word in [record.get("word")].into_iter().chain(record.list("feminine")) {
                self.modifiers.add(word, kind);
                if let Some(plain) = word.strip_prefix("ال") {
                    self.modifiers.add(plain, kind);
                }
            }
        }
        Ok(())
    }

    fn add_head(&mut self, word: &str, head: TitleHead) {
        if word.is_empty() || word.contains(' ') {
            return;
        }
        if let Some(plain) = word.strip_prefix("ال") {
            self.heads.add(word, TitleHead { definite: true, ..head });
            self.heads.add(plain, head);
            return;
        }
        self.heads.add(word, head);
        self.heads.add(&format!("ال{word}"), TitleHead { definite: true, ..head });
    }

    fn read_sources(&mut self) -> Result<(), Vec<TableError>> {
        let wanted = ["head", "kind", "fixed", "definite", "channel"];
        for record in Table::parse("sources.tsv", data::SOURCES, &wanted)?.records() {
            let head = SourceHead {
                kind: record.get("kind").to_owned(),
                definite_only: record.get("definite") == "only",
                channel: record.get("channel").to_owned(),
            };
            let word = record.get("head");
            if word.contains(' ') {
                self.source_phrases.add(word, head.clone());
            } else {
                self.sources.add(word, head.clone());
                if !word.starts_with("ال") {
                    self.sources.add(&format!("ال{word}"), head.clone());
                }
            }
            for fixed in record.list("fixed") {
                self.source_phrases.add(fixed, head.clone());
            }
        }
        Ok(())
    }
}
