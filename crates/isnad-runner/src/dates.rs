//! Publication dates as records and users write them.

use jiff::civil::Date;
use jiff::fmt::{rfc2822, temporal::Pieces};

/// Why a publication date was not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadDate;

impl std::fmt::Display for BadDate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("is no date; write it as in `2023-05-16`, RFC 3339 or RFC 2822")
    }
}

impl std::error::Error for BadDate {}

/// The calendar day of a publication date: ISO 8601 (`2023-05-16`, `2023-05-16 14:30`), RFC 3339
/// (`2023-05-16T14:30:00Z`) or RFC 2822 (`Tue, 16 May 2023 14:30:00 +0300`). It is the day as written:
/// a time zone moves nothing.
///
/// # Errors
/// The text is none of these, or there is no such day.
pub fn parse_date(text: &str) -> Result<Date, BadDate> {
    let text = text.trim();
    if let Ok(pieces) = Pieces::parse(text) {
        return Ok(pieces.date());
    }
    // Feeds get the weekday wrong at times; the day of the month is what counts.
    let lenient = rfc2822::DateTimeParser::new().relaxed_weekday(true);
    lenient.parse_zoned_datetime(text).map(|zoned| zoned.date()).map_err(|_| BadDate)
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
    fn what_is_no_date_is_refused() {
        for text in ["", "أمس", "2023-02-30", "2023-13-01", "16/05/2023", "May 2023", "2023"] {
            check(text, None);
        }
    }
}
