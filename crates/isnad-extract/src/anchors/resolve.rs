//! From an open expression and a day to a value: calendar arithmetic, no text.

use jiff::civil::{Date, ISOWeekDate, Weekday};

use crate::times::Direction;

/// What an open time says beside its expression.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Hints {
    /// So far from the day of speaking: an amount and the letter of its unit (D W M Y E C).
    pub offset: Option<(i32, char)>,
    /// What an adjective says.
    pub direction: Option<Direction>,
    /// Whether the clause speaks of what is to come.
    pub coming: bool,
}

/// The value of an expression as seen from a day; `None` where it stays open.
///
/// A weekday, month or day of the year without direction is the latest one up to that day, or, where
/// the clause speaks of what is to come, the next one from that day on.
pub(super) fn resolve(expr: &str, hints: Hints, day: Date) -> Option<String> {
    let (date, time) = match expr.split_once('T') {
        Some((date, time)) => (date, format!("T{time}")),
        None => (expr, String::new()),
    };
    let value = match (date, hints.offset) {
        ("XXXX-XX-XX", Some((amount, 'D'))) => show(plus_days(day, amount)?),
        ("XXXX-XX-XX", None) => show(day),
        ("XXXX-WXX", Some((amount, 'W'))) => week(plus_days(day, amount.checked_mul(7)?)?),
        ("XXXX-XX", Some((amount, 'M'))) => {
            let (year, month) = plus_months(day, amount)?;
            format!("{year:04}-{month:02}")
        }
        ("XXXX", Some((amount, 'Y'))) => format!("{:04}", i32::from(day.year()).checked_add(amount)?),
        ("XXX", Some((amount, 'E'))) => format!("{:03}", (i32::from(day.year()) / 10).checked_add(amount)?),
        ("XX", Some((amount, 'C'))) => format!("{:02}", (i32::from(day.year()) / 100).checked_add(amount)?),
        _ => named(date, hints, day)?,
    };
    Some(value + &time)
}

/// What has a name that comes again: a weekday, a month, a day of the year, a quarter, a season.
fn named(date: &str, hints: Hints, day: Date) -> Option<String> {
    if let Some(weekday) = date.strip_prefix("XXXX-WXX-") {
        return weekday_near(weekday.parse().ok()?, hints, day).map(show);
    }
    if let Some(day_of_month) = date.strip_prefix("XXXX-XX-") {
        let (amount, 'M') = hints.offset? else { return None };
        let (year, month) = plus_months(day, amount)?;
        return Date::new(year, month, day_of_month.parse().ok()?).ok().map(show);
    }
    let rest = date.strip_prefix("XXXX-")?;
    let fixed = match hints.offset {
        Some((amount, 'Y')) => Some(i32::from(day.year()).checked_add(amount)?),
        _ => None,
    };
    if let Some((month, day_of_month)) = rest.split_once('-') {
        let (month, of_month) = (month.parse().ok()?, day_of_month.parse().ok()?);
        let on = |year: i32| Date::new(i16::try_from(year).ok()?, month, of_month).ok();
        return match fixed {
            Some(year) => on(year).map(show),
            None if hints.direction.is_none() => nearer(day, hints, on).map(show),
            None => near(day, hints, |year| on(year).map(|date| (date, date))).and_then(on).map(show),
        };
    }
    let months = match rest {
        "SP" => (3, 5),
        "SU" => (6, 8),
        "FA" => (9, 11),
        "WI" => (12, 12),
        _ => match (rest.get(..1)?, rest.get(1..)?.parse::<i8>()) {
            ("Q", Ok(quarter @ 1..=4)) => (quarter * 3 - 2, quarter * 3),
            ("H", Ok(half @ 1..=2)) => (half * 6 - 5, half * 6),
            _ => {
                let month = rest.parse().ok().filter(|month| (1..=12).contains(month))?;
                (month, month)
            }
        },
    };
    let year = match fixed {
        Some(year) => year,
        None => near(day, hints, |year| {
            let year = i16::try_from(year).ok()?;
            Some((Date::new(year, months.0, 1).ok()?, Date::new(year, months.1, 1).ok()?.last_of_month()))
        })?,
    };
    Some(format!("{year:04}-{rest}"))
}

/// The year in which a period that comes every year is meant; `period` gives its first and last day.
fn near(day: Date, hints: Hints, period: impl Fn(i32) -> Option<(Date, Date)>) -> Option<i32> {
    let this = i32::from(day.year());
    // A leap day may be eight years away.
    let mut past = (this - 8..=this).rev();
    let mut future = this..=this + 8;
    match hints.direction {
        Some(Direction::Present) => Some(this),
        Some(Direction::Past) => past.find(|year| period(*year).is_some_and(|(_, last)| last < day)),
        Some(Direction::Future) => future.find(|year| period(*year).is_some_and(|(first, _)| first > day)),
        None if hints.coming => future.find(|year| period(*year).is_some_and(|(_, last)| last >= day)),
        None => past.find(|year| period(*year).is_some_and(|(first, _)| first <= day)),
    }
}

/// A day of the year on the side that the clause speaks of, unless it is much nearer on the other one:
/// nobody writes «24 أبريل» in February and means last year's.
fn nearer(day: Date, hints: Hints, on: impl Fn(i32) -> Option<Date>) -> Option<Date> {
    let find = |coming: bool| {
        near(day, Hints { coming, ..hints }, |year| on(year).map(|date| (date, date))).and_then(&on)
    };
    let (past, future) = (find(false), find(true));
    let distance = |date: Option<Date>| date.map_or(i32::MAX / MUCH, |date| (date - day).get_days().abs());
    let (here, there) = if hints.coming { (future, past) } else { (past, future) };
    if distance(here) > distance(there) * MUCH { there } else { here }
}

/// How many times nearer a day on the other side must be.
const MUCH: i32 = 4;

fn weekday_near(number: i8, hints: Hints, day: Date) -> Option<Date> {
    let wanted = i32::from(Weekday::from_monday_one_offset(number).ok()?.to_monday_one_offset());
    let today = i32::from(day.weekday().to_monday_one_offset());
    let back = (today - wanted).rem_euclid(7);
    let days = match hints.direction {
        Some(Direction::Past) if back == 0 => -7,
        Some(Direction::Future) => 7 - back,
        Some(Direction::Present) => wanted - today,
        None if hints.coming && back > 0 => 7 - back,
        _ => -back,
    };
    plus_days(day, days)
}

fn plus_days(day: Date, days: i32) -> Option<Date> {
    day.checked_add(jiff::SignedDuration::from_hours(i64::from(days) * 24)).ok()
}

fn plus_months(day: Date, months: i32) -> Option<(i16, i8)> {
    let index = (i32::from(day.year()) * 12 + i32::from(day.month()) - 1).checked_add(months)?;
    Some((i16::try_from(index.div_euclid(12)).ok()?, index.rem_euclid(12) as i8 + 1))
}

fn week(day: Date) -> String {
    let week: ISOWeekDate = day.iso_week_date();
    format!("{:04}-W{:02}", week.year(), week.week())
}

/// A day as TIMEX3 spells it.
pub(super) fn show(day: Date) -> String {
    format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    /// `hints` in words: an offset, `past`, `present`, `future`, `coming`.
    fn check(expr: &str, hints: &str, expected: &str) {
        let direction = match hints {
            "past" => Some(Direction::Past),
            "present" => Some(Direction::Present),
            "future" => Some(Direction::Future),
            _ => None,
        };
        let hints = Hints { offset: super::super::parse_offset(hints), direction, coming: hints == "coming" };
        // A Wednesday in ISO week 8.
        let value = resolve(expr, hints, date(2018, 2, 21));
        assert_eq!(value.as_deref().unwrap_or("-"), expected, "{expr}");
    }

    #[test]
    fn days() {
        check("XXXX-XX-XX", "P0D", "2018-02-21");
        check("XXXX-XX-XXTEV", "-P1D", "2018-02-20TEV");
        check("XXXX-WXX-1", "", "2018-02-19");
        check("XXXX-WXX-3", "", "2018-02-21");
        check("XXXX-WXX-3", "coming", "2018-02-21");
        check("XXXX-WXX-3", "past", "2018-02-14");
        check("XXXX-WXX-3", "future", "2018-02-28");
        check("XXXX-WXX-4", "", "2018-02-15");
        check("XXXX-WXX-4", "coming", "2018-02-22");
        check("XXXX-WXX-7TMO", "present", "2018-02-25TMO");
    }

    #[test]
    fn periods() {
        check("XXXX-WXX", "-P1W", "2018-W07");
        check("XXXX-XX", "-P2M", "2017-12");
        check("XXXX-XX-19", "P0M", "2018-02-19");
        check("XXXX", "P1Y", "2019");
        check("XXX", "-P1DE", "200");
        check("XX", "-P1CE", "19");
        check("XXXX-Q4", "", "2017-Q4");
        check("XXXX-Q1", "", "2018-Q1");
        check("XXXX-Q1", "-P1Y", "2017-Q1");
        check("XXXX-SU", "past", "2017-SU");
        check("XXXX-WI", "past", "2017-WI");
    }

    #[test]
    fn months_and_days_of_the_year() {
        check("XXXX-02", "", "2018-02");
        check("XXXX-02", "past", "2017-02");
        check("XXXX-02", "present", "2018-02");
        check("XXXX-03", "", "2017-03");
        check("XXXX-03", "coming", "2018-03");
        check("XXXX-03", "future", "2018-03");
        check("XXXX-03", "-P1Y", "2017-03");
        check("XXXX-02-20", "", "2018-02-20");
        check("XXXX-08-22", "", "2017-08-22");
        check("XXXX-02-22", "", "2018-02-22"); // tomorrow, rather than a year ago
        check("XXXX-02-20", "coming", "2018-02-20");
        check("XXXX-02-22", "coming", "2018-02-22");
        check("XXXX-02-29", "past", "2016-02-29");
        check("XXXX-02-30", "", "-");
    }

    proptest! {
        #[test]
        fn a_weekday_is_never_more_than_a_week_away(days in -9000i32..9000, weekday in 1i8..=7, coming: bool) {
            let day = plus_days(date(2000, 1, 1), days).unwrap();
            let found = weekday_near(weekday, Hints { coming, ..Hints::default() }, day).unwrap();
            let distance = (found - day).get_days();
            prop_assert_eq!(found.weekday().to_monday_one_offset(), weekday);
            let expected = if coming { 0..=6 } else { -6..=0 };
            prop_assert!(expected.contains(&distance));
        }
    }
}
