//! `extract.quotes`: who said what.

mod actors;
mod content;
mod finder;
mod frames;
mod marks;
mod page;
mod walk;

use std::sync::Arc;

use isnad_core::{
    Annotator, Content, Contract, DocError, Example, LayerId, Names, Reads, RowError, RowRef, Span,
    StageError, StageKind, Sym, Writes, per_doc,
};
use isnad_lexicon::{Lexicon, NameLabel};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::cues::{self, Cue};
use crate::naming::{hit_of, longest};
use crate::places::Places;
use crate::plan::{layer, sym, syms};
use crate::words::{Scan, WordNames};
use actors::{Actor, ActorNames, Medium};
use finder::Finder;
use frames::{Found, Kind, Rule};
use marks::Marks;
use page::Page;

const ABOUT: &str = "finds what was said, by whom, to whom, when and on which channel";

const DOCS: &str = "\
Writes `quote` rows over what was said: without the marks around it, without أن and its like, to the end of the
speaker's words. Labels: `direct` (the speaker's own words), `indirect` (the reporter's), `mixed`. Links: `speaker`,
`cue`, `addressee`, `time`, `within` (the quotation it stands in). Attrs: `channel`, `channel_basis`.

| text | content | rule |
|---|---|---|
| قال الوزير إن المحادثات ستستمر | المحادثات ستستمر | frame:vso |
| لكن الحركة قالت إنها ترفض الاتفاق | ترفض الاتفاق | frame:svo |
| وأضاف أن الوقت ينفد | الوقت ينفد | frame:pro-drop |
| مشيرا إلى أن الاتفاق قريب | الاتفاق قريب | frame:participle |
| أكد الرئيس التزام بلاده بالاتفاق | التزام بلاده بالاتفاق | frame:masdar |
| ارتفعت الأسعار، بحسب وزارة التجارة | ارتفعت الأسعار | frame:according |
| «لن نقبل بذلك»، قال المتحدث | لن نقبل بذلك | frame:postposed |
";

/// Worked examples.
const EXAMPLES: &[Example] = &[
    Example {
        about: "in the speaker's own words, and in the reporter's",
        options: "{}",
        before: "قالت وزيرة الطاقة لينا هولمبيرغ الأحد: «سنوقع الاتفاق الأسبوع المقبل». وأضافت أن المشروع سيوفر ألف وظيفة.",
        after: "\
quote direct «سنوقع الاتفاق الأسبوع المقبل» speaker→«لينا هولمبيرغ» cue→«قالت» time→«الأحد»
quote indirect «المشروع سيوفر ألف وظيفة» speaker→«لينا هولمبيرغ» cue→«أضافت»",
    },
    Example {
        about: "a channel that the sentence names, and to whom",
        options: "{}",
        before: "أكد رئيس الوزراء سليم المرداوي في اتصال هاتفي أن الطريق سيفتح غدا. وأبلغ وزير الصحة رئيس الوزراء أن العمل انتهى.",
        after: "\
quote indirect «الطريق سيفتح غدا» channel=phone channel_basis=named speaker→«سليم المرداوي» cue→«أكد»
quote indirect «العمل انتهى» speaker→«وزير الصحة» cue→«أبلغ» addressee→«رئيس الوزراء»",
    },
    Example {
        about: "the speaker behind",
        options: "{}",
        before: "ارتفعت أسعار القمح بنسبة عشرة بالمئة، بحسب وزارة التجارة.",
        after: "quote indirect «ارتفعت أسعار القمح بنسبة عشرة بالمئة» speaker→«وزارة التجارة» cue→«بحسب»",
    },
];

/// Options of `extract.quotes`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// Whether quotations whose speaker is not known are kept.
    unattributed: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { unattributed: true }
    }
}

/// How many quotations back one that holds another is looked for.
const NEAR: usize = 32;

const LABELS: [&str; 3] = ["direct", "indirect", "mixed"];
const LINKS: [&str; 5] = ["speaker", "cue", "addressee", "time", "within"];

pub(crate) fn kind(lexicon: &crate::SharedLexicon) -> StageKind {
    let lexicon = lexicon.clone();
    StageKind::new("extract.quotes", ABOUT, DOCS, move |options: Options, _| {
        let lexicon = lexicon.get();
        let contract = Contract::new()
            .reads(Reads::layer("token", 1))
            .reads(Reads::layer("sentence", 1))
            .reads(Reads::layer("cue", 1))
            .reads(Reads::layer("entity", 1))
            .reads(Reads::layer("role", 1).keys(["holder"]).optional())
            .reads(Reads::layer("source", 1).optional())
            .reads(Reads::layer("time", 1).optional())
            .reads(Reads::layer("language", 1).optional())
            .writes(
                Writes::rows("quote", 1)
                    .labels(LABELS)
                    .attrs(["channel", "channel_basis"])
                    .links(LINKS)
                    .rules(Rule::ALL.map(|(_, name)| name)),
            );
        let shared = Arc::clone(&lexicon);
        let open = move |names: &Arc<Names>| Open::new(names, &shared);
        Ok(per_doc(contract, open, move |open, document, cx| {
            let (content, mut rows) = document.annotate(cx);
            open.process(content, &mut rows, &options, &lexicon)
        }))
    })
    .with_examples(EXAMPLES)
}

struct Open {
    words: WordNames,
    quote: LayerId,
    cue: LayerId,
    entity: LayerId,
    time: Option<LayerId>,
    labels: [Sym; 3],
    links: [Sym; 5],
    channel: [Sym; 2],
    rules: Vec<(Rule, Sym)>,
    actor_names: ActorNames,
    scratch: Scratch,
}

#[derive(Default)]
struct Scratch {
    paragraphs: Vec<u32>,
    marks: Marks,
    actors: Vec<Actor>,
    cues: Vec<Cue>,
    cue_rows: Vec<RowRef>,
    times: Places,
    names: Places,
    finder: Finder,
}

impl Open {
    fn new(names: &Arc<Names>, lexicon: &Arc<Lexicon>) -> Result<Self, StageError> {
        let rules = Rule::ALL.iter().map(|(rule, name)| Ok((*rule, sym(names, name)?)));
        Ok(Open {
            words: WordNames::open(names, lexicon)?,
            quote: layer(names, "quote")?,
            cue: layer(names, "cue")?,
            entity: layer(names, "entity")?,
            time: names.layer("time"),
            labels: syms(names, LABELS)?,
            links: syms(names, LINKS)?,
            channel: syms(names, ["channel", "channel_basis"])?,
            rules: rules.collect::<Result<_, StageError>>()?,
            actor_names: ActorNames::open(names, layer(names, "entity")?),
            scratch: Scratch::default(),
        })
    }

    fn process(
        &mut self,
        content: &Content,
        rows: &mut Annotator<'_>,
        options: &Options,
        lexicon: &Lexicon,
    ) -> Result<(), DocError> {
        let scan = self.words.scan(content, rows.tables());
        if scan.is_empty() {
            return Ok(());
        }
        let Scratch { paragraphs, marks, actors, cues, cue_rows, times, names, finder } = &mut self.scratch;
        paragraphs_of(&scan, paragraphs);
        marks.refill(&scan, paragraphs);
        times.refill(rows.tables(), self.time);
        names.refill(rows.tables(), [self.entity]);
        let medium = |row: &isnad_core::Row| {
            let first = scan.index_at(row.span.begin + 1).saturating_sub(1);
            longest(&scan, first, lexicon)
                .and_then(|found| hit_of(&found, NameLabel::Org))
                .and_then(|hit| lexicon.names.entity(hit.entity))
                .map_or(Medium::None, |entity| match entity.kind.as_str() {
                    "agency" | "newspaper" | "tv" | "radio" | "media" => Medium::Press,
                    "social" => Medium::Network,
                    _ => Medium::None,
                })
        };
        self.actor_names.collect(&scan, rows.tables(), medium, actors);
        cues.clear();
        cue_rows.clear();
        for (row, r) in rows.tables().refs(self.cue) {
            let Some(first) = scan.index_at(r.span.begin + 1).checked_sub(1) else { continue };
            // «نجيب» is a man here, not «we answer».
            if names.touching(r.span).next().is_some() {
                continue;
            }
            if let Some(cue) = cues::find(&scan, first, lexicon).filter(|cue| cue.span == r.span) {
                cues.push(cue);
                cue_rows.push(row);
            }
        }
        let page = Page { scan: &scan, lexicon, marks, actors, cues };
        finder.find(&page);
        let mut written: Vec<(RowRef, Span)> = Vec::new();
        for found in &finder.found {
            if found.speakers.is_empty() && !options.unattributed {
                continue;
            }
            let row = match write(&self.labels, &self.rules, self.quote, &page, found, rows) {
                Ok(row) => row,
                Err(RowError::Duplicate(_)) => continue,
                Err(error) => return Err(error.into()),
            };
            let span = rows.tables().row(row).map(|r| r.span).unwrap_or_default();
            let [speaker, cue, addressee, time, within] = self.links;
            link_all(rows, row, speaker, found.speakers.iter().map(|actor| actor.row))?;
            link_all(rows, row, cue, found.cues.iter().filter_map(|&i| cue_rows.get(i).copied()))?;
            link_all(rows, row, addressee, found.addressees.iter().map(|actor| actor.row))?;
            let when = time_of(&page, found, span, times);
            link_all(rows, row, time, when.into_iter())?;
            let outer =
                written.iter().rev().take(NEAR).find(|(_, outer)| outer.contains(span) && *outer != span);
            link_all(rows, row, within, outer.map(|(r, _)| *r).into_iter())?;
            if let Some(channel) = channel_of(&page, found) {
                rows.attr(row, self.channel[0], channel)?;
                rows.attr(row, self.channel[1], "named")?;
            }
            written.push((row, span));
        }
        Ok(())
    }
}

fn link_all(
    rows: &mut Annotator<'_>,
    row: RowRef,
    key: Sym,
    to: impl Iterator<Item = RowRef>,
) -> Result<(), DocError> {
    for to in to {
        match rows.link(row, key, to) {
            Ok(()) | Err(RowError::Written(..)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

fn write(
    labels: &[Sym; 3],
    rules: &[(Rule, Sym)],
    layer: LayerId,
    page: &Page<'_>,
    found: &Found,
    rows: &mut Annotator<'_>,
) -> Result<RowRef, RowError> {
    let label = match found.kind {
        Kind::Direct => labels[0],
        Kind::Indirect => labels[1],
        Kind::Mixed => labels[2],
    };
    let rule = rules.iter().find(|(rule, _)| *rule == found.rule).map_or(Sym::NONE, |r| r.1);
    let mut span = page.scan.span_of(found.first, found.end - 1);
    if found.cut > span.begin && found.cut < span.end {
        span.begin = found.cut;
    }
    rows.add(layer, span, label, rule, found.score)
}

/// The paragraph of each word: words with a line break between them are in different ones.
fn paragraphs_of(scan: &Scan<'_>, out: &mut Vec<u32>) {
    out.clear();
    let mut paragraph = 0;
    let mut behind = 0;
    for index in 0..scan.len() {
        let span = scan.span(index);
        let gap = scan.whole_text().get(behind..span.begin as usize).unwrap_or_default();
        if gap.len() > 1 || gap == "\n" {
            paragraph += u32::from(gap.contains('\n'));
        }
        behind = span.end as usize;
        out.push(paragraph);
    }
}

/// The channel that the sentence of the cue names outside of what was said.
fn channel_of<'p>(page: &Page<'p>, found: &Found) -> Option<&'p str> {
    let cue = found.cues.first().and_then(|&i| page.cues.get(i))?;
    if found.relayed
        || found.speakers.first().is_some_and(|speaker| speaker.medium) && found.rule != Rule::According
    {
        return found.relayed.then_some("agency");
    }
    let begin = page.sentence_begin(cue.first).max(cue.first.saturating_sub(CHANNEL_REACH));
    // What stands behind the next cue belongs to that one.
    let from = page.cues.partition_point(|other| other.first < found.end.max(cue.last + 1));
    let mut behind = page
        .cues
        .iter()
        .enumerate()
        .skip(from)
        .filter(|(i, other)| !found.cues.contains(i) && other.is_finite());
    let next = behind.next().map_or(usize::MAX, |(_, other)| other.first);
    let end = page.sentence_end(cue.first).min(found.end.max(cue.last) + CHANNEL_REACH).min(next);
    let mut at = begin;
    while at < end {
        if at >= found.first && at < found.end {
            at = found.end;
            continue;
        }
        if let Some((last, channel)) = page.channel_at(at) {
            // «كلمة», «رسالة»: one word alone is a channel only beside the cue.
            if last > at || at.abs_diff(cue.last) <= 12 {
                return Some(channel);
            }
        }
        at += 1;
    }
    None
}

/// The time of the utterance: the first time expression near the cue, in its sentence and outside of what was said.
fn time_of(page: &Page<'_>, found: &Found, span: Span, times: &Places) -> Option<RowRef> {
    let cue = found.cues.first().and_then(|&i| page.cues.get(i))?;
    let begin = page.sentence_begin(cue.first).max(cue.first.saturating_sub(TIME_REACH));
    let end = page.sentence_end(cue.first).min(cue.first + TIME_REACH);
    let near = page.scan.span_of(begin, end.saturating_sub(1));
    times.inside(near).find(|time| !span.overlaps(time.span)).map(|time| time.row)
}

/// How many words from its cue, or from the end of what was said, a channel may stand.
const CHANNEL_REACH: usize = 40;

/// How many words from its cue the time of an utterance may stand.
const TIME_REACH: usize = 15;
