//! Sizes and durations as people write and read them.

use std::time::Duration;

use isnad::runner;

/// The most bytes of a document: a size that a document can have.
pub(crate) fn parse_size(text: &str) -> Result<u64, String> {
    match runner::parse_bytes(text)? {
        bytes @ 1..=MOST => Ok(bytes),
        _ => Err("a document has at least a byte and at most 1 GiB".to_owned()),
    }
}

const MOST: u64 = 1 << 30;

/// `1,234,567`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 document`, `1,234 documents`.
pub(crate) fn counted(number: u64, thing: &str) -> String {
    format!("{} {thing}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// `999 B`, `3.2 kB`, `1.5 GB`.
pub(crate) fn bytes(number: u64) -> String {
    let number = number as f64;
    match number {
        n if n < 1e3 => format!("{n:.0} B"),
        n if n < 1e6 => format!("{:.1} kB", n / 1e3),
        n if n < 1e9 => format!("{:.1} MB", n / 1e6),
        n => format!("{:.1} GB", n / 1e9),
    }
}

/// `12 ms`, `3.4 s`, `2 min 5 s`.
pub(crate) fn duration(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match seconds {
        s if s < 0.001 => format!("{:.0} µs", s * 1e6),
        s if s < 1.0 => format!("{:.0} ms", s * 1e3),
        s if s < 60.0 => format!("{s:.1} s"),
        _ => format!("{} min {} s", time.as_secs() / 60, time.as_secs() % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read() {
        for (text, expected) in
            [("10", Some(10)), ("8MiB", Some(8 << 20)), ("8mb", Some(8_000_000)), ("1 g", Some(MOST))]
        {
            assert_eq!(parse_size(text).ok(), expected, "{text}");
        }
        for text in ["", "MiB", "0", "2GiB", "8 miles", "-1", "99999999999999999999"] {
            assert!(parse_size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn numbers_are_shown() {
        assert_eq!(
            (grouped(0), grouped(999), grouped(1_234_567)),
            ("0".into(), "999".into(), "1,234,567".into())
        );
        assert_eq!(
            (bytes(12), bytes(3_210), bytes(1_500_000_000)),
            ("12 B".into(), "3.2 kB".into(), "1.5 GB".into())
        );
        assert_eq!(duration(Duration::from_secs(125)), "2 min 5 s");
        assert_eq!(counted(1, "document") + &counted(2_000, " row"), "1 document2,000  rows");
    }
}
