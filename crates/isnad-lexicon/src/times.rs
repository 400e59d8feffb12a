//! Words of time: months, weekdays, units, and what stands around them.

use crate::data;
use crate::phrases::Phrases;
use crate::table::{Record, Table, TableError};

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    /// Second.
    Second,
    /// Minute.
    Minute,
    /// Hour.
    Hour,
    /// Day; also a night.
    Day,
    /// Week.
    Week,
    /// Month.
    Month,
    /// Year.
    Year,
    /// Ten years.
    Decade,
    /// A hundred years.
    Century,
}

impl TimeUnit {
    /// What stands before and behind the amount in an ISO 8601 duration: `("PT", "H")`.
    pub fn designators(self) -> (&'static str, &'static str) {
        match self {
            TimeUnit::Second => ("PT", "S"),
            TimeUnit::Minute => ("PT", "M"),
            TimeUnit::Hour => ("PT", "H"),
            TimeUnit::Day => ("P", "D"),
            TimeUnit::Week => ("P", "W"),
            TimeUnit::Month => ("P", "M"),
            TimeUnit::Year => ("P", "Y"),
            TimeUnit::Decade => ("P", "DE"),
            TimeUnit::Century => ("P", "CE"),
        }
    }
}

/// The grammatical number of a form of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// «يوم».
    One,
    /// «يومين».
    Two,
    /// «أيام».
    Many,
}

/// A part of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayPart {
    /// «صباح», «فجر».
    Morning,
    /// «ظهر».
    Midday,
    /// «عصر», «بعد ظهر».
    Afternoon,
    /// «مساء».
    Evening,
    /// «ليل».
    Night,
}

impl DayPart {
    /// As TIMEX3 spells it, with the T before.
    pub fn code(self) -> &'static str {
        match self {
            DayPart::Morning => "TMO",
            DayPart::Midday => "TMI",
            DayPart::Afternoon => "TAF",
            DayPart::Evening => "TEV",
            DayPart::Night => "TNI",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        use DayPart::*;
        [Morning, Midday, Afternoon, Evening, Night].into_iter().find(|part| part.code() == code)
    }
}

/// The part of a period that is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Portion {
    /// «مطلع».
    Start,
    /// «منتصف».
    Mid,
    /// «نهاية».
    End,
}

/// A time without a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeRef {
    /// «سابقا».
    Past,
    /// «الآن».
    Present,
    /// «قريبا».
    Future,
}

impl TimeRef {
    /// As TIMEX3 spells it.
    pub fn code(self) -> &'static str {
        match self {
            TimeRef::Past => "PAST_REF",
            TimeRef::Present => "PRESENT_REF",
            TimeRef::Future => "FUTURE_REF",
        }
    }
}

/// What a word or phrase does in an expression of time. The classes of `time_words.tsv` say more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the table names and explains the classes")]
pub enum TimeWord {
    /// A month; `weak` ones are also other words.
    Month {
        number: u8,
        hijri: bool,
        weak: bool,
    },
    /// A weekday, Monday is 1.
    Weekday(u8),
    /// A form of a unit; `weak` ones are also other words.
    Unit {
        unit: TimeUnit,
        count: Count,
        weak: bool,
    },
    /// So many days from the day of speaking.
    Day(i8),
    Nowadays,
    Night(i8, DayPart),
    Part(DayPart),
    PartAfter(DayPart),
    Within,
    Past(u8),
    Present,
    Future(u8),
    Last,
    This,
    Portion(Portion),
    Few,
    FewAfter,
    WholeAfter,
    OneAfter,
    Every,
    Set(u8, TimeUnit),
    About,
    AboutAfter,
    Ago,
    Cue,
    InYear,
    Closes,
    Matching,
    Century,
    EraAd,
    EraBc,
    EraAh,
    Decade(u8),
    Season(&'static str),
    Quarter,
    HalfYear,
    Weekend,
    Clock,
    ClockMinutes(i8),
    Zone,
    Ref(TimeRef),
    GeneralHead,
    NotTodayAfter,
    NotTodayBefore,
    NowAfter,
    NotDayAfter,
    EventHead,
    Coming,
    Gone,
}

/// Words of time.
#[derive(Clone, Debug, Default)]
pub struct TimeLexicon {
    phrases: Phrases<TimeWord>,
}

impl TimeLexicon {
    pub(crate) fn builtin() -> Result<Self, Vec<TableError>> {
        let mut phrases = Phrases::default();
        let mut errors = Vec::new();
        let months =
            Table::parse("months.tsv", data::MONTHS, &["name", "month", "calendar", "system", "weak"])?;
        for record in months.records() {
            let Ok(number @ 1..=12) = record.get("month").parse() else {
                errors.push(months.error(record.line, "a month is a number from 1 to 12".to_owned()));
                continue;
            };
            let hijri = record.get("calendar") == "hijri";
            phrases.add(record.get("name"), TimeWord::Month { number, hijri, weak: record.flag("weak") });
        }
        let weekdays = Table::parse("weekdays.tsv", data::WEEKDAYS, &["name", "day"])?;
        for record in weekdays.records() {
            match record.get("day").parse() {
                Ok(day @ 1..=7) => phrases.add(record.get("name"), TimeWord::Weekday(day)),
                _ => errors.push(weekdays.error(record.line, "a day is a number from 1 to 7".to_owned())),
            }
        }
        let columns = ["code", "time", "singular", "dual", "plural", "weak"];
        let units = Table::parse("time_units.tsv", data::TIME_UNITS, &columns)?;
        for record in units.records() {
            match unit(record.get("code"), record.flag("time")) {
                Some(unit) => add_unit(&mut phrases, unit, &record),
                None => errors.push(units.error(record.line, "the code is no unit of time".to_owned())),
            }
        }
        let words = Table::parse("time_words.tsv", data::TIME_WORDS, &["phrase", "class", "value"])?;
        for record in words.records() {
            match word(record.get("class"), record.get("value")) {
                Some(word) => phrases.add(record.get("phrase"), word),
                None => {
                    let message = format!(
                        "class `{}` with value `{}` is unknown",
                        record.get("class"),
                        record.get("value")
                    );
                    errors.push(words.error(record.line, message));
                }
            }
        }
        if errors.is_empty() { Ok(TimeLexicon { phrases }) } else { Err(errors) }
    }

    /// The words as phrases.
    pub fn phrases(&self) -> &Phrases<TimeWord> {
        &self.phrases
    }
}

fn add_unit(phrases: &mut Phrases<TimeWord>, unit: TimeUnit, record: &Record<'_, '_>) {
    for (column, count) in [("singular", Count::One), ("dual", Count::Two), ("plural", Count::Many)] {
        for form in record.list(column) {
            let weak = record.list("weak").any(|weak| weak == form);
            phrases.add(form, TimeWord::Unit { unit, count, weak });
        }
    }
}

fn unit(code: &str, time: bool) -> Option<TimeUnit> {
    let units = [
        TimeUnit::Second,
        TimeUnit::Minute,
        TimeUnit::Hour,
        TimeUnit::Day,
        TimeUnit::Week,
        TimeUnit::Month,
        TimeUnit::Year,
        TimeUnit::Decade,
        TimeUnit::Century,
    ];
    let prefix = if time { "PT" } else { "P" };
    units.into_iter().find(|unit| unit.designators() == (prefix, code))
}

fn word(class: &str, value: &str) -> Option<TimeWord> {
    Some(match class {
        "day" if value == "now" => TimeWord::Nowadays,
        "day" => TimeWord::Day(value.parse().ok()?),
        "night" => {
            let (days, part) = value.split_once('T')?;
            let part = DayPart::from_code(&format!("T{part}"))?;
            TimeWord::Night(days.parse().ok()?, part)
        }
        "part" => TimeWord::Part(DayPart::from_code(value)?),
        "part-after" => TimeWord::PartAfter(DayPart::from_code(value)?),
        "within" => TimeWord::Within,
        "past" => TimeWord::Past(value.parse().ok()?),
        "present" => TimeWord::Present,
        "future" => TimeWord::Future(value.parse().ok()?),
        "last" => TimeWord::Last,
        "this" => TimeWord::This,
        "mod" => TimeWord::Portion(match value {
            "START" => Portion::Start,
            "MID" => Portion::Mid,
            "END" => Portion::End,
            _ => return None,
        }),
        "few" => TimeWord::Few,
        "few-after" => TimeWord::FewAfter,
        "whole-after" => TimeWord::WholeAfter,
        "one-after" => TimeWord::OneAfter,
        "every" => TimeWord::Every,
        "set" => {
            let amount = value.strip_prefix('P')?;
            let at = amount.find(|c: char| !c.is_ascii_digit())?;
            TimeWord::Set(amount.get(..at)?.parse().ok()?, unit(amount.get(at..)?, false)?)
        }
        "about" => TimeWord::About,
        "about-after" => TimeWord::AboutAfter,
        "ago" => TimeWord::Ago,
        "cue" => TimeWord::Cue,
        "in-year" => TimeWord::InYear,
        "closes" => TimeWord::Closes,
        "matching" => TimeWord::Matching,
        "century" => TimeWord::Century,
        "era-ad" => TimeWord::EraAd,
        "era-bc" => TimeWord::EraBc,
        "era-ah" => TimeWord::EraAh,
        "decade" => TimeWord::Decade(value.parse().ok()?),
        "season" => TimeWord::Season(["SP", "SU", "FA", "WI"].into_iter().find(|season| *season == value)?),
        "quarter" if value == "H" => TimeWord::HalfYear,
        "quarter" => TimeWord::Quarter,
        "weekend" => TimeWord::Weekend,
        "clock" => TimeWord::Clock,
        "clock-half" => TimeWord::ClockMinutes(value.parse().ok()?),
        "zone" => TimeWord::Zone,
        "ref" => TimeWord::Ref(match value {
            "PAST_REF" => TimeRef::Past,
            "PRESENT_REF" => TimeRef::Present,
            "FUTURE_REF" => TimeRef::Future,
            _ => return None,
        }),
        "general-head" => TimeWord::GeneralHead,
        "not-today-after" => TimeWord::NotTodayAfter,
        "not-today-before" => TimeWord::NotTodayBefore,
        "now-after" => TimeWord::NowAfter,
        "not-day-after" => TimeWord::NotDayAfter,
        "event-head" => TimeWord::EventHead,
        "coming" => TimeWord::Coming,
        "gone" => TimeWord::Gone,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_by_phrase() {
        let lexicon = TimeLexicon::builtin().unwrap();
        let look = |phrase: &str| lexicon.phrases().look_up(phrase).to_vec();
        assert_eq!(look("تشرين الثاني"), [TimeWord::Month { number: 11, hijri: false, weak: false }]);
        assert_eq!(look("الإثنين"), [TimeWord::Weekday(1)]);
        assert_eq!(look("أول من أمس"), [TimeWord::Day(-2)]);
        assert_eq!(look("يوميا"), [TimeWord::Set(1, TimeUnit::Day)]);
        assert_eq!(
            look("أسابيع"),
            [TimeWord::Unit { unit: TimeUnit::Week, count: Count::Many, weak: false }]
        );
    }
}
