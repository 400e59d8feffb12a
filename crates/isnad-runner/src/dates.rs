//! Publication dates as records and users write them.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::fmt::{rfc2822, temporal::Pieces};
use jiff::tz::TimeZone;

/// Why a publication date was not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadDate;

impl std::fmt::Display for BadDate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("is no date; write it as in `2023-05-16`, RFC 3339, RFC 2822 or Unix time")
    }
}

impl std::error::Error for BadDate {}

/// The calendar day of a publication date: ISO 8601 (`2023-05-16`, `2023-05-16 14:30`), RFC 3339
/// (`2023-05-16T14:30:00Z`) or RFC 2822 (`Tue, 16 May 2023 14:30:00 +0300`). It is the day as written:
/// a time zone moves nothing. Unix time is a date too, in seconds (`1684224000`) or milliseconds
/// (`1684224000000`) from September 2001 to May 2033; its day is the one in UTC.
///
/// # Errors
/// The text is none of these, or there is no such day.
pub fn parse_date(text: &str) -> Result<Date, BadDate> {
    let text = text.trim();
    if let Some(date) = unix_day(text) {
        return Ok(date);
    }
    if let Ok(pieces) = Pieces::parse(text) {
        return Ok(pieces.date());
    }
    // Feeds get the weekday wrong at times; the day of the month is what counts.
    let lenient = rfc2822::DateTimeParser::new().relaxed_weekday(true);
    lenient.parse_zoned_datetime(text).map(|zoned| zoned.date()).map_err(|_| BadDate)
}

/// Ten digits of seconds or thirteen of milliseconds, with a fraction or without. They begin with a 1: a
/// number of ten digits that begins with a 2 is a day with its hour.
fn unix_day(text: &str) -> Option<Date> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !whole.starts_with('1') || !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    let time = match whole.len() {
        10 => Timestamp::from_second(whole.parse().ok()?),
        13 => Timestamp::from_millisecond(whole.parse().ok()?),
        _ => return None,
    };
    Some(TimeZone::UTC.to_datetime(time.ok()?).date())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, day: Option<&str>) {
        assert_eq!(parse_date(text).ok().map(|date| date.to_string()).as_deref(), day, "{text}");
    }

    #[test]
    fn the_day_is_the_one_written() {
        check("2023-05-16", Some("2023-05-16"));
        check(" 2023-05-16 ", Some("2023-05-16"));
        check("20230516", Some("2023-05-16"));
        check("2023-05-16T23:59:00Z", Some("2023-05-16"));
        check("2023-05-16T23:59:00.123+03:00", Some("2023-05-16"));
        check("2023-05-16 23:59", Some("2023-05-16"));
        check("2023-05-16T01:00:00+03:00[Asia/Riyadh]", Some("2023-05-16"));
        check("Tue, 16 May 2023 14:30:00 +0300", Some("2023-05-16"));
        check("16 May 2023 14:30:00 GMT", Some("2023-05-16"));
        check("Mon, 16 May 2023 14:30:00 GMT", Some("2023-05-16"));
    }

    #[test]
    fn unix_time_has_the_day_of_utc() {
        check("1684224000", Some("2023-05-16"));
        check("1684281599", Some("2023-05-16"));
        check("1684281600", Some("2023-05-17"));
        check("1684224000.25", Some("2023-05-16"));
        check("1684224000000", Some("2023-05-16"));
        check("2023051614", None);
        check("202305161430", None);
        check("168422400", None);
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in ["", "أمس", "2023-02-30", "2023-13-01", "16/05/2023", "May 2023", "2023"] {
            check(text, None);
        }
    }
}
