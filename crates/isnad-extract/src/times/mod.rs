//! `extract.times`: expressions of time as TIMEX3, with X for what the expression leaves open.

mod clock;
mod dates;
mod days;
mod durations;
mod found;
mod periods;
mod view;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use isnad_core::{
    Contract, Example, LayerId, Names, Reads, Span, StageError, StageKind, Sym, Writes, per_doc,
};
use isnad_lexicon::{Lexicon, Portion};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) use found::{Direction, Found, Label, offset_text};
pub(crate) use view::Temporal;

use self::found::RULES;
use crate::SharedLexicon;
use crate::plan::{fresh, layer, syms};
use crate::words::WordNames;

const ABOUT: &str = "finds dates, times of day, durations and recurring times";

const DOCS: &str = "\
Writes `time` rows labelled DATE, TIME, DURATION or SET. The attr `expr` is a TIMEX3 value with X for
what the expression leaves open; `extract.anchors` makes the `value` of it. Attrs that say how:

- `offset`: so far from the day of speaking, as a signed ISO 8601 duration (`-P1W`: last week).
- `direction`: `past`, `present` or `future`, where an adjective says which of the recurring ones.
- `mod`: START, MID or END of the period. `calendar`: `hijri`, where the names are of that calendar.

| text | label | expr | offset, direction, mod |
|---|---|---|---|
| السابع من نيسان/أبريل | DATE | XXXX-04-07 | |
| 19-2-2018 | DATE | 2018-02-19 | |
| مساء الخميس | TIME | XXXX-WXX-4TEV | |
| اليوم الاثنين | DATE | XXXX-WXX-1 | P0D |
| الأسبوع الماضي | DATE | XXXX-WXX | -P1W |
| آذار/مارس الماضي | DATE | XXXX-03 | past |
| نهاية عام 2018 | DATE | 2018 | END |
| تسعينيات القرن الماضي | DATE | 199 | |
| القرن السابع عشر | DATE | 16 | |
| قبل يومين | DATE | XXXX-XX-XX | -P2D |
| منذ ثلاثة أيام (the days only) | DURATION | P3D | |
| الأسابيع الأخيرة | DURATION | PXW | |
| كل يوم، يوميا | SET | P1D | |
| الساعة 8:40 صباحا | TIME | XXXX-XX-XXT08:40 | |
| الآن، مؤخرا، قريبا | DATE | PRESENT_REF, PAST_REF, FUTURE_REF | |

Month names of Egypt and the Gulf, the Levant and Iraq, Algeria and Tunisia, Morocco, and of the Hijri
calendar are known (`months.tsv`); a pair («تموز/يوليو») is one name. Names that are also other words
(«مارس», «ماي», «آب») need a day, a year or a preposition of time beside them; «أحد» is no Sunday,
«الأمين العام السابق» no year, «صلاة الجمعة» no day.
";

/// Worked examples.
const EXAMPLES: &[Example] = &[
    Example {
        about: "days, parts of a day, durations; what they leave open is `X`",
        options: "{}",
        before: "وصل الوفد مساء الخميس ويغادر في 22 آذار/مارس 2026، بعدما استمرت المحادثات ثلاثة أيام.",
        after: "\
time TIME «مساء الخميس» expr=XXXX-WXX-4TEV
time DATE «22 آذار/مارس 2026» expr=2026-03-22
time DURATION «ثلاثة أيام» expr=P3D",
    },
    Example {
        about: "without durations and words such as «الآن»",
        options: r#"{"durations": false, "references": false}"#,
        before: "يعمل المصنع الآن بعد توقف دام أسبوعين العام الماضي.",
        after: "time DATE «العام الماضي» expr=XXXX offset=-P1Y",
    },
];

/// Options of `extract.times`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// Whether times without a date («الآن», «مؤخرا», «قريبا») are marked too.
    references: bool,
    /// Whether durations («ثلاث سنوات») are marked too.
    durations: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { references: true, durations: true }
    }
}

const LABELS: [&str; 4] = ["DATE", "TIME", "DURATION", "SET"];
const ATTRS: [&str; 5] = ["expr", "offset", "direction", "mod", "calendar"];

pub(crate) fn kind(lexicon: &SharedLexicon) -> StageKind {
    let lexicon = lexicon.clone();
    StageKind::new("extract.times", ABOUT, DOCS, move |options: Options, _| {
        let contract = Contract::new()
            .reads(Reads::layer("token", 1))
            .reads(Reads::layer("sentence", 1).optional())
            .reads(Reads::layer("language", 1).optional())
            .writes(Writes::rows("time", 1).labels(LABELS).attrs(ATTRS).rules(RULES));
        let lexicon = lexicon.get();
        Ok(per_doc(
            contract,
            {
                let lexicon = Arc::clone(&lexicon);
                move |names: &Arc<Names>| Open::new(names, &lexicon)
            },
            move |open, document, cx| {
                let (content, mut rows) = document.annotate(cx);
                let (lexed, temporal) = Temporal::of(content, rows.tables(), &open.words, &lexicon);
                for time in &temporal.times {
                    let wanted = (options.references || !time.expr.ends_with("_REF"))
                        && (options.durations || time.label != Label::Duration);
                    if !wanted {
                        continue;
                    }
                    let span = Span { begin: time.begin, end: lexed.end(time.last) };
                    let pick = |list: &[Sym], at: usize| list.get(at).copied().unwrap_or(Sym::NONE);
                    let label = pick(&open.labels, time.label as usize);
                    let rule = pick(&open.rules, time.rule as usize);
                    let Some(row) = fresh(rows.add(open.layer, span, label, rule, time.score))? else {
                        continue;
                    };
                    let [expr, offset, direction, portion, calendar] = open.attrs;
                    rows.attr(row, expr, &time.expr)?;
                    if let Some(found) = time.offset {
                        rows.attr(row, offset, &offset_text(found))?;
                    }
                    if let Some(found) = time.direction {
                        rows.attr(row, direction, direction_text(found))?;
                    }
                    if let Some(found) = time.portion {
                        rows.attr(row, portion, portion_text(found))?;
                    }
                    if time.hijri {
                        rows.attr(row, calendar, "hijri")?;
                    }
                }
                Ok(())
            },
        ))
    })
    .with_examples(EXAMPLES)
}

struct Open {
    words: WordNames,
    layer: LayerId,
    labels: [Sym; LABELS.len()],
    attrs: [Sym; ATTRS.len()],
    rules: [Sym; RULES.len()],
}

impl Open {
    fn new(names: &Names, lexicon: &Arc<Lexicon>) -> Result<Self, StageError> {
        Ok(Open {
            words: WordNames::open(names, lexicon)?,
            layer: layer(names, "time")?,
            labels: syms(names, LABELS)?,
            attrs: syms(names, ATTRS)?,
            rules: syms(names, RULES)?,
        })
    }
}

fn direction_text(direction: Direction) -> &'static str {
    match direction {
        Direction::Past => "past",
        Direction::Present => "present",
        Direction::Future => "future",
    }
}

fn portion_text(portion: Portion) -> &'static str {
    match portion {
        Portion::Start => "START",
        Portion::Mid => "MID",
        Portion::End => "END",
    }
}
