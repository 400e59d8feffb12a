//! `extract.anchors`: the values of times, from the day on which they were said.

mod resolve;
mod tense;

use std::sync::Arc;

use isnad_core::{
    Contract, DocError, Document, Example, LayerId, Names, Reads, RowRef, Span, StageError, StageKind, Sym,
    Tables, Writes, per_doc,
};
use isnad_lexicon::Lexicon;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::resolve::{Hints, resolve, show};
use self::tense::is_coming;
use crate::SharedLexicon;
use crate::plan::{layer, sym, unwritten};
use crate::times::{Direction, Temporal};
use crate::words::WordNames;

const ABOUT: &str = "gives times their values, from the publication date or the day of the utterance";

const DOCS: &str = "\
Writes the attr `value` on `time` rows: `expr` with what it leaves open resolved from a day, the
`anchor`. Inside a quotation that is linked to a `time` whose day is known it is that day («اليوم» in
Monday's tweet is Monday); everywhere else it is the publication date. Without either, a relative time
keeps its open expression and has no `anchor`.

A weekday, month or day of the year without an adjective is the latest one up to the anchor, or, where
the clause speaks of what is to come («سيجتمع», «من المقرر»), the next. A time of day belongs to the day
named before it in its sentence. Hijri dates stay as they are.

| published | text | value |
|---|---|---|
| 2018-02-21 | التقى الوزير الاثنين | 2018-02-19 |
| 2018-02-21 | سيلتقي الوزير الاثنين | 2018-02-26 |
| 2018-02-21 | مساء أمس | 2018-02-20TEV |
| 2018-02-21 | الأسبوع الماضي | 2018-W07 |
| 2018-02-21 | آذار/مارس الماضي | 2017-03 |
| 2018-02-21 | قبل عامين ونصف | 2015-08 |
| 2018-02-21 | منذ ثلاثة أيام (the days only) | P3D |
";

/// Worked examples.
const EXAMPLES: &[Example] = &[
    Example {
        about: "relative to the day of publication, a Tuesday",
        options: "{}",
        before: "وصل الوفد مساء الخميس، وسيعود الأحد، بعد زيارة مماثلة العام الماضي.",
        after: "\
time TIME «مساء الخميس» value=2026-03-05TEV anchor=2026-03-10
time DATE «الأحد» value=2026-03-15 anchor=2026-03-10
time DATE «العام الماضي» value=2025 anchor=2026-03-10",
    },
    Example {
        about: "inside a quotation, relative to the day of the utterance",
        options: "{}",
        before: "قال الرئيس كريم الدلهمي الأحد إن بلاده ستوقع الاتفاق غدا.",
        after: "\
time DATE «الأحد» value=2026-03-08 anchor=2026-03-10
time DATE «غدا» value=2026-03-09 anchor=2026-03-08",
    },
];

/// Options of `extract.anchors`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// Whether times inside a quotation count from the day of the utterance where that is known.
    quotations: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { quotations: true }
    }
}

pub(crate) fn kind(lexicon: &SharedLexicon) -> StageKind {
    let lexicon = lexicon.clone();
    StageKind::new("extract.anchors", ABOUT, DOCS, move |options: Options, _| {
        let mut contract = Contract::new()
            .reads(Reads::layer("token", 1))
            .reads(Reads::layer("sentence", 1).optional())
            .reads(Reads::layer("language", 1).optional())
            .reads(Reads::layer("time", 1).keys(["expr"]))
            .writes(Writes::onto("time", 1).attrs(["value", "anchor"]));
        if options.quotations {
            contract = contract.reads(Reads::layer("quote", 1).optional());
        }
        let lexicon = lexicon.get();
        let shared = Arc::clone(&lexicon);
        Ok(per_doc(
            contract,
            move |names: &Arc<Names>| Open::new(names, &shared, options.quotations),
            move |open, document, cx| {
                let published = document.content().published();
                open.read(document, &lexicon);
                open.find_utterance_days(document.tables());
                // First what counts from the publication date, then what counts from a value found so.
                open.resolve_all(false, published);
                open.resolve_all(true, published);
                open.write(document, cx)
            },
        ))
    })
    .with_examples(EXAMPLES)
}

struct Open {
    words: WordNames,
    time: LayerId,
    expr: Sym,
    offset: Option<Sym>,
    direction: Option<Sym>,
    calendar: Option<Sym>,
    value: Sym,
    anchor: Sym,
    quote: Option<(LayerId, Sym)>,
    times: Vec<Time>,
}

/// A time row on its way to a value.
struct Time {
    row: RowRef,
    span: Span,
    expr: String,
    hints: Hints,
    hijri: bool,
    /// The number of its sentence: a time of day belongs to the day named before it there.
    sentence: u32,
    /// The time that says on which day the quotation around it was uttered.
    uttered: Option<usize>,
    value: Option<String>,
    anchor: Option<Date>,
}

impl Open {
    fn new(names: &Names, lexicon: &Arc<Lexicon>, quotations: bool) -> Result<Self, StageError> {
        let link = names.sym("time").filter(|_| quotations);
        Ok(Open {
            words: WordNames::open(names, lexicon)?,
            time: layer(names, "time")?,
            expr: sym(names, "expr")?,
            offset: names.sym("offset"),
            direction: names.sym("direction"),
            calendar: names.sym("calendar"),
            value: sym(names, "value")?,
            anchor: sym(names, "anchor")?,
            quote: names.layer("quote").zip(link),
            times: Vec::new(),
        })
    }

    fn read(&mut self, document: &Document, lexicon: &Lexicon) {
        self.times.clear();
        let tables = document.tables();
        let (lexed, _) = Temporal::of(document.content(), tables, &self.words, lexicon);
        for (row, found) in tables.refs(self.time) {
            let attr = |key: Option<Sym>| key.and_then(|key| tables.attr(row, key));
            let Some(expr) = attr(Some(self.expr)) else { continue };
            if attr(Some(self.value)).is_some() {
                continue;
            }
            let word = lexed.scan.index_at(found.span.begin + 1).saturating_sub(1);
            let direction = match attr(self.direction) {
                Some("past") => Some(Direction::Past),
                Some("present") => Some(Direction::Present),
                Some("future") => Some(Direction::Future),
                _ => None,
            };
            let undecided = expr.starts_with("XXXX-") && direction.is_none() && attr(self.offset).is_none();
            let coming = undecided && is_coming(&lexed, lexicon, word, found.span);
            self.times.push(Time {
                row,
                span: found.span,
                expr: expr.to_owned(),
                hints: Hints { offset: attr(self.offset).and_then(parse_offset), direction, coming },
                hijri: attr(self.calendar) == Some("hijri"),
                sentence: lexed.scan.sentence(word),
                uttered: None,
                value: None,
                anchor: None,
            });
        }
    }

    /// For every time the time of the innermost quotation around it, if it has one outside.
    fn find_utterance_days(&mut self, tables: &Tables) {
        let Some((quote, link)) = self.quote else { return };
        // Rows of a layer come by number, not by place: another stage may have written some.
        let mut by_place: Vec<(Span, usize)> =
            self.times.iter().enumerate().map(|(at, t)| (t.span, at)).collect();
        by_place.sort_unstable();
        for (row, found) in tables.refs(quote) {
            let linked = tables.linked(row, link);
            let place =
                |said: &RowRef| self.times.binary_search_by_key(&said.index, |time| time.row.index).ok();
            let Some(said) = linked.first().filter(|said| said.layer == self.time).and_then(place) else {
                continue;
            };
            let from = by_place.partition_point(|(span, _)| span.begin < found.span.begin);
            let inside = by_place.get(from..).unwrap_or_default().iter();
            for &(span, index) in inside.take_while(|(span, _)| span.begin < found.span.end) {
                // Quotations are in document order: an inner one comes later and wins.
                if let Some(time) = self.times.get_mut(index)
                    && index != said
                    && found.span.contains(span)
                {
                    time.uttered = Some(said);
                }
            }
        }
    }

    fn resolve_all(&mut self, uttered: bool, published: Option<Date>) {
        let mut last_day: Option<(u32, Date)> = None;
        for index in 0..self.times.len() {
            let day_said =
                |at: usize| self.times.get(at).and_then(|time| time.value.as_deref()).and_then(parse_day);
            let Some(time) = self.times.get(index) else { continue };
            let mut day = match time.uttered {
                Some(said) => day_said(said).or(published),
                None => published,
            };
            let clock = time.expr.starts_with("XXXX-XX-XXT") && time.hints.offset.is_none();
            if clock
                && let Some((sentence, named)) = last_day
                && sentence == time.sentence
            {
                day = Some(named);
            }
            if time.uttered.is_some() == uttered {
                let open = time.expr.contains('X') && !time.expr.starts_with('P') && !time.hijri;
                let value =
                    day.filter(|_| open).and_then(|day| Some((resolve(&time.expr, time.hints, day)?, day)));
                if let Some(time) = self.times.get_mut(index) {
                    time.anchor = value.as_ref().map(|(_, day)| *day);
                    time.value = Some(value.map_or_else(|| time.expr.clone(), |(value, _)| value));
                }
            }
            if let Some(time) = self.times.get(index)
                && let Some(day) = time.value.as_deref().and_then(parse_day)
            {
                last_day = Some((time.sentence, day));
            }
        }
    }

    fn write(&self, document: &mut Document, cx: &isnad_core::Context<'_>) -> Result<(), DocError> {
        let (_, mut rows) = document.annotate(cx);
        for time in &self.times {
            let Some(value) = &time.value else { continue };
            if unwritten(rows.attr(time.row, self.value, value))?
                && let Some(anchor) = time.anchor
            {
                unwritten(rows.attr(time.row, self.anchor, &show(anchor)))?;
            }
        }
        Ok(())
    }
}

/// `-P2D` as an amount and the letter of its unit; decades are E, centuries C.
fn parse_offset(text: &str) -> Option<(i32, char)> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let amount = rest.strip_prefix('P')?;
    let at = amount.find(|c: char| !c.is_ascii_digit())?;
    let value: i32 = amount.get(..at)?.parse().ok()?;
    let unit = match amount.get(at..)? {
        "D" => 'D',
        "W" => 'W',
        "M" => 'M',
        "Y" => 'Y',
        "DE" => 'E',
        "CE" => 'C',
        _ => return None,
    };
    Some((sign * value, unit))
}

/// The day that a value begins with.
fn parse_day(value: &str) -> Option<Date> {
    value.get(..10)?.parse().ok()
}
