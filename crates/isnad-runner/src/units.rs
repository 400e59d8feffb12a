//! Sizes and durations as people write them.

use std::time::Duration;

/// A number of bytes: `65536`, `64KiB`, `8MiB`, `8MB`, `1g`.
///
/// # Errors
/// What is wrong with it, and how it is written.
pub fn parse_bytes(text: &str) -> Result<u64, String> {
    let example = "write a size as in `512KiB` or `8MiB`";
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(digits).unwrap_or((text, ""));
    let unit = unit.trim();
    let factor: u64 = match unit.to_lowercase().as_str() {
        "" | "b" => 1,
        "kb" => 1000,
        "k" | "kib" => 1 << 10,
        "mb" => 1_000_000,
        "m" | "mib" => 1 << 20,
        "gb" => 1_000_000_000,
        "g" | "gib" => 1 << 30,
        _ => return Err(format!("`{unit}` is no unit of size; {example}")),
    };
    let number: u64 = number.parse().map_err(|_| example.to_owned())?;
    number.checked_mul(factor).ok_or_else(|| "more bytes than there are".to_owned())
}

/// A duration: `5s`, `500ms`, `2m`, `1h`.
///
/// # Errors
/// What is wrong with it, and how it is written.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let example = "write a duration as in `5s` or `500ms`";
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(digits).unwrap_or((text, ""));
    let unit = unit.trim();
    let milliseconds: u64 = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" | "min" => 60_000,
        "h" => 3_600_000,
        "" => return Err(format!("`{text}` has no unit; {example}")),
        _ => return Err(format!("`{unit}` is no unit of time; {example}")),
    };
    let number: u64 = number.parse().map_err(|_| example.to_owned())?;
    let total = number.checked_mul(milliseconds).ok_or_else(|| "longer than anybody waits".to_owned())?;
    Ok(Duration::from_millis(total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_durations_are_read_as_people_write_them() {
        for (text, bytes) in
            [("65536", 65536), ("64KiB", 65536), ("8MiB", 8 << 20), ("8 MB", 8_000_000), ("1g", 1 << 30)]
        {
            assert_eq!(parse_bytes(text), Ok(bytes), "{text}");
        }
        for text in ["", "x", "8 parsecs", "-1", "99999999999999999999", "9999999999999g"] {
            assert!(parse_bytes(text).is_err(), "{text}");
        }
        for (text, milliseconds) in
            [("5s", 5000), ("500ms", 500), ("2m", 120_000), ("2 min", 120_000), ("1h", 3_600_000)]
        {
            assert_eq!(parse_duration(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
        for text in ["", "5", "s", "5 days", "-1s", "99999999999999999999s"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }
}
