//! `extract.entities`: names of people, organisations, places, groups, events and works.

pub(crate) mod headed;
mod persons;

use std::collections::HashSet;
use std::sync::Arc;

use isnad_core::{
    Annotator, Contract, DocError, Example, LayerId, Names, Reads, Span, StageError, StageKind, Sym, Writes,
    per_doc,
};
use isnad_lexicon::{ClauseWord, Entity, Facts, Lexicon, NameHit, NameLabel};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::cues;
use crate::naming::{Match, hit_of, is_definite, longest};
use crate::offices::Offices;
use crate::plan::{fresh, layer, sym};
use crate::words::{Kind, Scan, WordNames};
use headed::{HeadedName, headed_name, is_mark};
use persons::{Ground, Memory, name_end};

const ABOUT: &str = "finds names of people, organisations, places, groups, events and works";

const DOCS: &str = "\
Writes `entity` rows. Names come from the lexicon (after any proclitics, never inside a longer word), from nouns
that begin a name («وزارة», «حزب», «الحكومة»), from titles that a person's name follows, from given names, and from
verbs of speech; a last name that the article has taught is found everywhere in it. Attrs of names that the lexicon
knows: `name`, `name_en`, `wikidata`, `country`.

| text | row | rule |
|---|---|---|
| وللولايات المتحدة | GPE الولايات المتحدة, from the second lam | lexicon |
| وزارة الخارجية المغربية | ORG, whole | head:idafa |
| وزير الخارجية يزن النخلاوي | PER يزن النخلاوي | title |
| وغادر النخلاوي | PER النخلاوي | memory |
| الأمريكيين | NORP | lexicon |
";

/// Worked examples.
const EXAMPLES: &[Example] = &[
    Example {
        about: "names of the lexicon, and one that an office introduces",
        options: "{}",
        before: "التقى وزير الخارجية المغربي يزن النخلاوي في جنيف ممثلين عن الأمم المتحدة، ثم غادر النخلاوي إلى باريس.",
        after: "\
entity NORP «المغربي» name=المغرب name_en=Morocco wikidata=Q1028 country=MA
entity PER «يزن النخلاوي»
entity GPE «جنيف» name=جنيف name_en=Geneva wikidata=Q71 country=CH
entity ORG «الأمم المتحدة» name=الأمم المتحدة name_en=United Nations wikidata=Q1065
entity PER «النخلاوي»
entity GPE «باريس» name=باريس name_en=Paris wikidata=Q90 country=FR",
    },
    Example {
        about: "nouns that begin a name",
        options: "{}",
        before: "أعلنت وزارة النقل الأردنية وبلدية العقبة تعديل مواعيد الرحلات إلى مطار القاهرة الدولي.",
        after: "\
entity ORG «وزارة النقل الأردنية»
entity ORG «بلدية العقبة»
entity FAC «مطار القاهرة الدولي» name=مطار القاهرة name_en=Cairo Airport country=EG",
    },
    Example {
        about: "without what the article teaches, a last name alone is none",
        options: r#"{"learned_names": false}"#,
        before: "وصل الرئيس كريم الدلهمي إلى القاهرة، ثم غادر الدلهمي.",
        after: "\
entity PER «كريم الدلهمي»
entity GPE «القاهرة» name=القاهرة name_en=Cairo wikidata=Q85 country=EG",
    },
];

/// Options of `extract.entities`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// Whether names that an article teaches by full mention or title are found everywhere in it.
    learned_names: bool,
    /// Whether a word that no table knows is taken for a person's name behind a verb of speech.
    speech_frames: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { learned_names: true, speech_frames: true }
    }
}

const RULES: [&str; 8] =
    ["lexicon", "head:idafa", "head:demonym", "head:name", "ministry", "title", "given-name", "speech-frame"];
const MEMORY: &str = "memory";
const ATTRS: [&str; 4] = ["name", "name_en", "wikidata", "country"];

pub(crate) fn kind(lexicon: &crate::SharedLexicon) -> StageKind {
    let lexicon = lexicon.clone();
    StageKind::new("extract.entities", ABOUT, DOCS, move |options: Options, _| {
        let lexicon = lexicon.get();
        let contract = Contract::new()
            .reads(Reads::layer("token", 1))
            .reads(Reads::layer("sentence", 1).optional())
            .reads(Reads::layer("language", 1).optional())
            .writes(
                Writes::rows("entity", 1)
                    .labels(NameLabel::ALL.map(|(_, name)| name))
                    .attrs(ATTRS)
                    .rules(RULES)
                    .rules([MEMORY]),
            );
        let shared = Arc::clone(&lexicon);
        let open = move |names: &Arc<Names>| Open::new(names, &shared);
        Ok(per_doc(contract, open, move |open, document, cx| {
            let (content, mut rows) = document.annotate(cx);
            let scan = open.words.scan(content, rows.tables());
            let offices = content.view(|_| Offices::find(&scan, &lexicon));
            open.finder.find(&scan, offices, &options, &lexicon);
            open.write(&mut rows, &lexicon)
        }))
    })
    .with_examples(EXAMPLES)
}

struct Open {
    words: WordNames,
    layer: LayerId,
    labels: Vec<(NameLabel, Sym)>,
    rules: Vec<(&'static str, Sym)>,
    attrs: [Sym; 4],
    finder: Finder,
}

impl Open {
    fn new(names: &Arc<Names>, lexicon: &Arc<Lexicon>) -> Result<Self, StageError> {
        let labels = NameLabel::ALL.iter().map(|(label, name)| Ok((*label, sym(names, name)?)));
        let rules = RULES.iter().chain([&MEMORY]).map(|rule| Ok((*rule, sym(names, rule)?)));
        Ok(Open {
            words: WordNames::open(names, lexicon)?,
            layer: layer(names, "entity")?,
            labels: labels.collect::<Result<_, StageError>>()?,
            rules: rules.collect::<Result<_, StageError>>()?,
            attrs: crate::plan::syms(names, ATTRS)?,
            finder: Finder::default(),
        })
    }

    fn write(&self, rows: &mut Annotator<'_>, lexicon: &Lexicon) -> Result<(), DocError> {
        for mention in &self.finder.mentions {
            let label =
                self.labels.iter().find(|(label, _)| *label == mention.label).map_or(Sym::NONE, |l| l.1);
            let rule = self.rules.iter().find(|(rule, _)| *rule == mention.rule).map_or(Sym::NONE, |r| r.1);
            let added = rows.add(self.layer, mention.span, label, rule, mention.score);
            let Some(row) = fresh(added)? else { continue };
            let Some(entity) = mention.entity.and_then(|index| lexicon.names.entity(index)) else { continue };
            let values: [&str; 4] = attrs_of(entity);
            for (key, value) in self.attrs.iter().zip(values).filter(|(_, value)| !value.is_empty()) {
                rows.attr(row, *key, value)?;
            }
        }
        Ok(())
    }
}

fn attrs_of(entity: &Entity) -> [&str; 4] {
    [&entity.name, &entity.name_en, &entity.wikidata, &entity.country]
}

/// A name found in a document.
#[derive(Clone, Copy, Debug)]
struct Mention {
    first: usize,
    last: usize,
    span: Span,
    label: NameLabel,
    entity: Option<u32>,
    rule: &'static str,
    score: f32,
}

/// Finds the names of one document after another, in the same scratch memory.
#[derive(Debug, Default)]
struct Finder {
    mentions: Vec<Mention>,
    /// Per word: it belongs to a mention.
    taken: Vec<bool>,
    /// Names that are also ordinary words, kept until something speaks for them.
    doubtful: Vec<Mention>,
    memory: Memory,
    key: String,
}

impl Finder {
    fn find(&mut self, scan: &Scan<'_>, offices: &Offices, options: &Options, lexicon: &Lexicon) {
        self.mentions.clear();
        self.doubtful.clear();
        self.memory.clear();
        self.taken.clear();
        self.taken.resize(scan.len(), false);
        let mut index = 0;
        while index < scan.len() {
            index = self.at_word(scan, index, offices, options, lexicon);
        }
        self.settle_doubtful();
        if options.learned_names && !self.memory.is_empty() {
            self.recall(scan, lexicon);
        }
        self.mentions.sort_by_key(|mention| (mention.span.begin, std::cmp::Reverse(mention.span.end)));
    }

    /// Looks at one word; returns the next to look at.
    fn at_word(
        &mut self,
        scan: &Scan<'_>,
        index: usize,
        offices: &Offices,
        options: &Options,
        lexicon: &Lexicon,
    ) -> usize {
        if !matches!(scan.kind(index), Kind::Word | Kind::Latin) || is_plain(scan, index) {
            return index + 1;
        }
        let found = longest(scan, index, lexicon);
        if let Some(name) = headed_name(scan, index, lexicon)
            && found.as_ref().is_none_or(|found| name.last > found.last)
        {
            return self.add_headed(scan, name, lexicon);
        }
        let ground = ground(scan, index, offices, lexicon);
        if let Some(found) = &found
            && let Some(next) = self.add_match(scan, found, ground, lexicon)
        {
            return next;
        }
        if ground == Ground::Speech && !options.speech_frames {
            return index + 1;
        }
        // The office's own words are no name, whatever they look like.
        if offices.at(index).is_some() {
            return index + 1;
        }
        let grounds = [ground, Ground::None];
        let grounds = if ground == Ground::None { &grounds[1..] } else { &grounds[..] };
        for &ground in grounds {
            if let Some(last) = name_end(scan, index, ground, lexicon)
                && (ground != Ground::Speech || speech_follows(scan, last + 1, lexicon))
            {
                let (rule, score) = match ground {
                    Ground::Title => ("title", 0.9),
                    Ground::Apposition => ("title", 0.8),
                    Ground::Speech => ("speech-frame", 0.6),
                    Ground::None => ("given-name", 0.7),
                };
                let span = scan.span_of(index, last);
                let mention =
                    Mention { first: index, last, span, label: NameLabel::Per, entity: None, rule, score };
                self.add(mention);
                self.memory.learn(scan, index, last, lexicon);
                return last + 1;
            }
        }
        index + 1
    }

    fn add(&mut self, mention: Mention) {
        self.taken.get_mut(mention.first..=mention.last).unwrap_or_default().fill(true);
        self.mentions.push(mention);
    }

    fn add_headed(&mut self, scan: &Scan<'_>, name: HeadedName, lexicon: &Lexicon) -> usize {
        // The lexicon may know the whole: then it says who it is.
        let whole = longest(scan, name.first, lexicon).filter(|m| m.last == name.last);
        let entity = whole.and_then(|m| hit_of(&m, name.label)).map(|hit| hit.entity);
        self.add(Mention {
            first: name.first,
            last: name.last,
            span: name.span,
            label: name.label,
            entity,
            rule: name.rule,
            score: 0.85,
        });
        name.last + 1
    }

    /// Adds a name of the lexicon, or keeps it as doubtful; `None` where it is no name here.
    fn add_match(
        &mut self,
        scan: &Scan<'_>,
        found: &Match<'_>,
        ground: Ground,
        lexicon: &Lexicon,
    ) -> Option<usize> {
        let hit = choose(scan, found, ground, lexicon)?;
        let mut mention = Mention {
            first: found.first,
            last: found.last,
            span: found.span,
            label: hit.label,
            entity: Some(hit.entity),
            rule: "lexicon",
            score: 0.95,
        };
        if hit.label == NameLabel::Per {
            // «محمد بن سلمان بن عبد العزيز»: the lexicon's name may go on.
            if let Some(last) = name_end(scan, found.first, Ground::Title, lexicon)
                && last > found.last
                && !hit.short
                && !found.bare
            {
                mention.last = last;
                mention.span = found.span.hull(scan.span(last));
            }
            // A short form that a given name stands before is somebody's family name.
            self.memory.learn(scan, mention.first, mention.last, lexicon);
        }
        if hit.ambiguous && !spoken_for(scan, found, hit, ground, lexicon) {
            mention.score = 0.5;
            self.doubtful.push(mention);
            return None;
        }
        self.add(mention);
        Some(mention.last + 1)
    }

    /// A doubtful name counts where the same entity is named beyond doubt.
    fn settle_doubtful(&mut self) {
        if self.doubtful.is_empty() {
            return;
        }
        let key = |mention: &Mention| (mention.entity, mention.label);
        let sure: HashSet<(Option<u32>, NameLabel)> = self.mentions.iter().map(key).collect();
        let doubtful = std::mem::take(&mut self.doubtful);
        for mention in doubtful.iter().filter(|mention| sure.contains(&key(mention))) {
            if !self.taken.get(mention.first..=mention.last).unwrap_or_default().contains(&true) {
                self.add(*mention);
            }
        }
        self.doubtful = doubtful;
    }

    /// Finds learned last names wherever no other name stands.
    fn recall(&mut self, scan: &Scan<'_>, lexicon: &Lexicon) {
        for index in 0..scan.len() {
            if scan.kind(index) != Kind::Word || self.taken.get(index) == Some(&true) {
                continue;
            }
            if let Some(span) = self.memory.find(scan, index, lexicon, &mut self.key) {
                let label = NameLabel::Per;
                self.add(Mention {
                    first: index,
                    last: index,
                    span,
                    label,
                    entity: None,
                    rule: MEMORY,
                    score: 0.8,
                });
            }
        }
    }
}

/// Whether a word is an ordinary one that no name can begin with: most words are.
fn is_plain(scan: &Scan<'_>, index: usize) -> bool {
    let begins = Facts::NAME_START.or(Facts::ORG_HEAD).or(Facts::MINISTRY);
    let readings = scan.readings(index);
    let ordinary = readings.first().is_some_and(|whole| {
        whole.facts.has(Facts::ORDINARY) && !whole.facts.has(Facts::NAME_TOKEN.or(Facts::CONNECTOR))
    });
    ordinary && !readings.iter().any(|reading| reading.facts.has(begins))
}

/// What speaks for a person's name at a word.
fn ground(scan: &Scan<'_>, index: usize, offices: &Offices, lexicon: &Lexicon) -> Ground {
    if let Some(office) = offices.ending_before(scan, index) {
        let comma = office.last + 1 != index;
        let apposition = comma || office.head.plural;
        return if apposition { Ground::Apposition } else { Ground::Title };
    }
    if index > 0
        && let Some(cue) = cues::find(scan, index - 1, lexicon)
        && cue.is_finite()
        && cue.form().and_then(|form| lexicon.cues.lemma(form.lemma)).is_some_and(|lemma| lemma.strong)
    {
        return Ground::Speech;
    }
    Ground::None
}

/// Whether what follows a name is what follows a speaker: أن and its like, a preposition, a colon, comma or mark.
fn speech_follows(scan: &Scan<'_>, index: usize, lexicon: &Lexicon) -> bool {
    let next = scan.folded(index);
    let border = scan.readings(index).first().is_some_and(|whole| {
        let what = lexicon.clauses.of(whole.hash, scan.stem(whole));
        what.contains(&ClauseWord::Complementizer) || what.contains(&ClauseWord::Preposition)
    });
    border || matches!(next, ":" | "،" | ",") || is_mark(next) || next.starts_with("لل")
}

/// The reading of an ambiguous phrase that fits its place.
fn choose(scan: &Scan<'_>, found: &Match<'_>, ground: Ground, lexicon: &Lexicon) -> Option<NameHit> {
    // But «الوزير المصري» is no person called so.
    let group = hit_of(found, NameLabel::Norp).is_some() && found.first == found.last;
    if ground == Ground::Title
        && !group
        && let Some(person) = hit_of(found, NameLabel::Per)
    {
        return Some(person);
    }
    let single = found.first == found.last;
    // A family name that is a nationality too («المصري») is a person's only behind a given name.
    if let Some(group) = hit_of(found, NameLabel::Norp).filter(|hit| single && !hit.ambiguous)
        && hit_of(found, NameLabel::Per).is_some()
    {
        return Some(group);
    }
    // «المملكة السعودية», «مصادر تركية»: behind a noun a word that can be both is the adjective.
    if let Some(group) = hit_of(found, NameLabel::Norp)
        && found.hits.len() > 1
        && !found.bare
        && behind_noun(scan, found.first, lexicon)
    {
        return Some(group);
    }
    let first = |sure: bool| found.hits.iter().find(|hit| !sure || !hit.ambiguous).copied();
    let hit = first(true).or_else(|| first(false))?;
    // One short word with a particle cut off is too little: «لحل» is no «ل» + «حل».
    let short = single && found.bare && scan.folded(found.first).chars().count() <= 4;
    (!short || !hit.ambiguous).then_some(hit)
}

/// Whether a noun or adjective stands right before, with the same article or lack of it.
fn behind_noun(scan: &Scan<'_>, index: usize, lexicon: &Lexicon) -> bool {
    let Some(before) = index.checked_sub(1).filter(|&i| scan.is_word(i)) else { return false };
    let class = crate::naming::word_class(scan, before, lexicon);
    let clause = scan.readings(before).iter().any(|r| r.facts.has(Facts::CLAUSE.or(Facts::VERBAL_CUE)));
    let nominal = matches!(class, Some(isnad_lexicon::WordClass::Noun | isnad_lexicon::WordClass::Adjective));
    !clause && nominal && is_definite(scan, before) == is_definite(scan, index)
}

/// Whether the place of an ambiguous name speaks for it.
fn spoken_for(scan: &Scan<'_>, found: &Match<'_>, hit: NameHit, ground: Ground, lexicon: &Lexicon) -> bool {
    let before = found.first.checked_sub(1);
    let named = before
        .and_then(|index| scan.readings(index).first())
        .is_some_and(|whole| lexicon.names.speaks_for(whole.hash, scan.stem(whole), hit.label));
    let quoted =
        before.is_some_and(|index| is_mark(scan.folded(index))) && is_mark(scan.folded(found.last + 1));
    match hit.label {
        NameLabel::Gpe | NameLabel::Loc | NameLabel::Fac => named,
        NameLabel::Org => quoted || named,
        NameLabel::Per => ground == Ground::Title && found.last > found.first,
        NameLabel::Norp => is_definite(scan, found.first) && scan.folded(found.first).ends_with("ين"),
        NameLabel::Event | NameLabel::Misc => quoted || found.last > found.first + 1,
    }
}
