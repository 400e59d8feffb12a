//! `extract.sources`: common nouns that speak: «مصدر أمني», «شهود عيان», «المنظمة».

use std::sync::Arc;

use isnad_core::{
    Contract, Example, LayerId, Names, Reads, Span, StageError, StageKind, Sym, Writes, per_doc,
};
use isnad_lexicon::{ClauseWord, Facts, Lexicon, NameLabel, PhraseKind, WordClass};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::cues::{self, What};
use crate::entities::headed::headed_name;
use crate::naming::{hit_of, is_definite, longest, longest_phrase, word_class};
use crate::places::Places;
use crate::plan::{fresh, layer, sym};
use crate::words::{Reading, Scan, WordNames};

const ABOUT: &str = "finds speakers that are common nouns: unnamed sources, institutions, documents";

const DOCS: &str = "\
Writes `source` rows for the nouns of `sources.tsv` where they stand as somebody who speaks: right behind or before
a verb of speech, or behind «بحسب», «وفقا ل», «نقلا عن». The row takes along adjectives, nationality, and
«في» or «ب» with a name. Attr `norm`: the phrase, folded. `extract.links` adds `entity`.

| text | source |
|---|---|
| وقال مصدر أمني عراقي إن | مصدر أمني عراقي |
| بحسب شهود عيان | شهود عيان |
| وأضافت الوزارة | الوزارة |
| قال مصدر في الشرطة | مصدر في الشرطة |
";

/// Worked examples.
const EXAMPLES: &[Example] = &[
    Example {
        about: "those who speak without a name",
        options: "{}",
        before: "قال مصدر أمني إن الطريق أغلق، وذكر شهود عيان أنهم سمعوا انفجارا.",
        after: "\
source «مصدر أمني» norm=مصدر امني
source «شهود عيان» norm=شهود عيان",
    },
    Example {
        about: "a common noun for an organisation",
        options: "{}",
        before: "حذرت منظمة الصحة العالمية من انتشار المرض. وقالت المنظمة إن اللقاح متوفر.",
        after: "source «المنظمة» norm=المنظمه",
    },
];

/// Options of `extract.sources`: none yet.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {}

const RULES: [&str; 3] = ["after-cue", "before-cue", "according-to"];

pub(crate) fn kind(lexicon: &crate::SharedLexicon) -> StageKind {
    let lexicon = lexicon.clone();
    StageKind::new("extract.sources", ABOUT, DOCS, move |_: Options, _| {
        let lexicon = lexicon.get();
        let contract = Contract::new()
            .reads(Reads::layer("token", 1))
            .reads(Reads::layer("entity", 1))
            .reads(Reads::layer("role", 1).optional())
            .reads(Reads::layer("sentence", 1).optional())
            .reads(Reads::layer("language", 1).optional())
            .writes(Writes::rows("source", 1).attrs(["norm"]).rules(RULES));
        let shared = Arc::clone(&lexicon);
        let open = move |names: &Arc<Names>| Open::new(names, &shared);
        Ok(per_doc(contract, open, move |open, document, cx| {
            let (content, mut rows) = document.annotate(cx);
            let scan = open.words.scan(content, rows.tables());
            open.places.refill(rows.tables(), [Some(open.entity), open.role].into_iter().flatten());
            let mut index = 0;
            while index < scan.len() {
                let Some(source) = source_at(&scan, index, &lexicon) else {
                    index += 1;
                    continue;
                };
                index = source.last + 1;
                if open.places.touching(source.head).next().is_some() {
                    continue;
                }
                let rule = open.rules.get(source.rule).copied().unwrap_or(Sym::NONE);
                let Some(row) = fresh(rows.add(open.layer, source.span, Sym::NONE, rule, 0.8))? else {
                    continue;
                };
                rows.attr(row, open.norm, scan.folded_span(source.span))?;
            }
            Ok(())
        }))
    })
    .with_examples(EXAMPLES)
}

struct Open {
    words: WordNames,
    layer: LayerId,
    entity: LayerId,
    role: Option<LayerId>,
    norm: Sym,
    rules: Vec<Sym>,
    places: Places,
}

impl Open {
    fn new(names: &Arc<Names>, lexicon: &Arc<Lexicon>) -> Result<Self, StageError> {
        Ok(Open {
            words: WordNames::open(names, lexicon)?,
            layer: layer(names, "source")?,
            entity: layer(names, "entity")?,
            role: names.layer("role"),
            norm: sym(names, "norm")?,
            rules: RULES.iter().map(|rule| sym(names, rule)).collect::<Result<_, _>>()?,
            places: Places::default(),
        })
    }
}

/// A speaking noun with what belongs to it.
struct Source {
    last: usize,
    span: Span,
    head: Span,
    /// Index in [`RULES`].
    rule: usize,
}

fn source_at(scan: &Scan<'_>, index: usize, lexicon: &Lexicon) -> Option<Source> {
    if !scan.is_word(index) {
        return None;
    }
    let (mut last, begin) = noun(scan, index, lexicon)?;
    let head = Span::new(begin, scan.span(last).end as usize);
    let first = index;
    let mut adjectives = 0;
    loop {
        let at = last + 1;
        if scan.sentence(at) != scan.sentence(index) || !scan.is_word(at) {
            break;
        }
        if let Some(found) = longest(scan, at, lexicon).filter(|m| !m.bare)
            && hit_of(&found, NameLabel::Norp).is_some()
        {
            last = found.last;
            continue;
        }
        let agrees = is_definite(scan, at) == is_definite(scan, first);
        let adjective = word_class(scan, at, lexicon) == Some(WordClass::Adjective);
        if agrees && adjective && adjectives < 3 {
            adjectives += 1;
            last = at;
            continue;
        }
        // «مصدر قريب من السلطات المحلية»: near to whom, up to the next sign or أن.
        let near = adjectives > 0 && scan.folded(at) == "من" && last > first;
        let end = if near { vicinity(scan, at, lexicon) } else { None };
        let Some(end) = end.or_else(|| place(scan, at, lexicon)) else { break };
        last = end;
        break;
    }
    let rule = standing(scan, first, last, lexicon)?;
    Some(Source { last, span: Span::new(begin, scan.span(last).end as usize), head, rule })
}

/// «من السلطات المحلية في الشمال»: nouns and names up to the next sign, verb of speech or أن, eight words at most.
fn vicinity(scan: &Scan<'_>, at: usize, lexicon: &Lexicon) -> Option<usize> {
    let inside = |&i: &usize| {
        scan.is_word(i)
            && scan.sentence(i) == scan.sentence(at)
            && !opens_content(scan, i, lexicon)
            && !cues::find(scan, i, lexicon).is_some_and(|cue| cue.is_finite())
    };
    (at + 1..at + 9).take_while(inside).last()
}

/// Whether أن or one of its like stands here.
fn opens_content(scan: &Scan<'_>, index: usize, lexicon: &Lexicon) -> bool {
    scan.readings(index).first().is_some_and(|whole| {
        lexicon.clauses.of(whole.hash, scan.stem(whole)).contains(&ClauseWord::Complementizer)
    })
}

/// «في الشرطة», «بوزارة الدفاع», «من الحكومة»: where a source sits.
fn place(scan: &Scan<'_>, at: usize, lexicon: &Lexicon) -> Option<usize> {
    let inner = if matches!(scan.folded(at), "في" | "من" | "لدي") { at + 1 } else { at };
    let attached = inner == at && scan.folded(at).starts_with('ب');
    if inner == at && !attached {
        return None;
    }
    let headed = headed_name(scan, inner, lexicon).map(|name| name.last);
    let named = longest(scan, inner, lexicon).filter(|m| {
        m.bare == attached && (hit_of(m, NameLabel::Org).is_some() || hit_of(m, NameLabel::Gpe).is_some())
    });
    headed.or(named.map(|m| m.last))
}

/// The speaking noun at a word: its last word and where it begins in the text.
fn noun(scan: &Scan<'_>, index: usize, lexicon: &Lexicon) -> Option<(usize, usize)> {
    let fits = |reading: &Reading| {
        !reading.path.article && !reading.path.interrogative && reading.path.particle != Some('س')
    };
    if let Some((last, reading, _)) =
        longest_phrase(scan, index, lexicon.titles.source_phrases(), Facts::SOURCE, fits)
    {
        return Some((last, reading.begin as usize));
    }
    scan.readings(index).iter().filter(|r| r.facts.has(Facts::SOURCE) && fits(r)).find_map(|reading| {
        let source = lexicon.titles.source(reading.hash, scan.stem(reading))?;
        let definite = scan.stem(reading).starts_with("ال");
        (definite || !source.definite_only).then_some((index, reading.begin as usize))
    })
}

/// How the noun stands as a speaker: index in [`RULES`].
fn standing(scan: &Scan<'_>, first: usize, last: usize, lexicon: &Lexicon) -> Option<usize> {
    if let Some(before) = first.checked_sub(1) {
        if cues::find(scan, before, lexicon).is_some_and(|cue| cue.is_finite()) {
            return Some(0);
        }
        for start in before.saturating_sub(4)..=before {
            if let Some(cue) = cues::find(scan, start, lexicon)
                && cue.last == before
                && let What::Phrase(index) = cue.what
                && lexicon.cues.phrase(index).is_some_and(|p| p.kind == PhraseKind::According)
            {
                return Some(2);
            }
        }
        // «نقلت رويترز عن مصدر …», «نقلا عن».
        if scan.folded(before) == "عن" {
            return Some(2);
        }
    }
    let next = cues::find(scan, last + 1, lexicon);
    next.is_some_and(|cue| cue.is_finite() && cue.path.conjunction.is_none()).then_some(1)
}
