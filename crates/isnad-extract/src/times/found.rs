//! What was found: one expression of time.

use isnad_lexicon::{Portion, TimeUnit};

/// The label of a time row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Label {
    /// A day or longer.
    Date,
    /// A part of the day, or a time of day.
    Time,
    /// How long.
    Duration,
    /// How often.
    Set,
}

/// Which way a name of a recurring period is to be resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// The last one.
    Past,
    /// The present one.
    Present,
    /// The next one.
    Future,
}

/// The construction that made a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    Date,
    NumericDate,
    Weekday,
    RelativeDay,
    Month,
    Year,
    Period,
    Season,
    Quarter,
    Decade,
    Century,
    Duration,
    RecentPeriod,
    Ago,
    Set,
    Clock,
    Reference,
}

/// The names of the rules, in their order.
pub(crate) const RULES: [&str; 17] = [
    "date",
    "numeric-date",
    "weekday",
    "relative-day",
    "month",
    "year",
    "period",
    "season",
    "quarter",
    "decade",
    "century",
    "duration",
    "recent-period",
    "ago",
    "set",
    "clock",
    "reference",
];

/// An expression of time in the text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    /// Where it begins in the text.
    pub begin: u32,
    /// Its first word.
    pub first: usize,
    /// Its last word.
    pub last: usize,
    /// What kind of time it is.
    pub label: Label,
    /// TIMEX3, with X for what is left open.
    pub expr: String,
    /// How far from the day of speaking.
    pub offset: Option<(i32, TimeUnit)>,
    /// Which of the recurring ones.
    pub direction: Option<Direction>,
    /// The part of the period that is meant.
    pub portion: Option<Portion>,
    /// The names are those of the Hijri calendar.
    pub hijri: bool,
    /// What made it.
    pub rule: Rule,
    /// How sure that is.
    pub score: f32,
}

impl Found {
    /// An expression from one word through another.
    pub(crate) fn new(
        begin: u32,
        words: (usize, usize),
        label: Label,
        expr: impl Into<String>,
        rule: Rule,
    ) -> Self {
        Found {
            begin,
            first: words.0,
            last: words.1,
            label,
            expr: expr.into(),
            offset: None,
            direction: None,
            portion: None,
            hijri: false,
            rule,
            score: 0.9,
        }
    }

    /// The same, so far from the day of speaking.
    pub(crate) fn with_offset(mut self, amount: i32, unit: TimeUnit) -> Self {
        self.offset = Some((amount, unit));
        self
    }

    /// The same, with another confidence.
    pub(crate) fn with_score(mut self, score: f32) -> Self {
        self.score = score;
        self
    }
}

/// `-P2D`, `P0W`: an offset as the attr spells it.
pub(crate) fn offset_text((amount, unit): (i32, TimeUnit)) -> String {
    let (before, behind) = unit.designators();
    format!("{}{before}{}{behind}", if amount < 0 { "-" } else { "" }, amount.unsigned_abs())
}

/// A unit with nothing said: `XXXX-WXX`.
pub(crate) fn open(unit: TimeUnit) -> &'static str {
    match unit {
        TimeUnit::Second | TimeUnit::Minute | TimeUnit::Hour | TimeUnit::Day => "XXXX-XX-XX",
        TimeUnit::Week => "XXXX-WXX",
        TimeUnit::Month => "XXXX-XX",
        TimeUnit::Year => "XXXX",
        TimeUnit::Decade => "XXX",
        TimeUnit::Century => "XX",
    }
}
