//! What is wrong with a record that is no JSON, for those who wrote it and know no parser.

use serde_json::Error;

/// What the parser says, by its beginning, and what is said in its place. `{}` is what stands there.
const MESSAGES: [(&str, &str); 16] = [
    (
        "EOF while parsing a string",
        "the record ends inside a string: its closing `\"` is missing, or a line break in it is not written `\\n`",
    ),
    (
        "EOF while parsing a",
        "the record ends too early: each stands whole on one line, as `jq -c .` writes it",
    ),
    ("expected value", "a value must stand here, found {}; strings stand in double quotes"),
    ("expected ident", "only `true`, `false` and `null` are words; strings stand in double quotes"),
    ("key must be a string", "a key in double quotes must stand here, found {}"),
    ("trailing comma", "a comma stands before the end of a list or object; remove it"),
    (
        "trailing characters",
        "the record has ended before this, found {}; write each record on a line of its own",
    ),
    ("control character", "{} stands in a string; write it as an escape, such as `\\t` or `\\u0000`"),
    ("invalid escape", "no escape is written so; a backslash itself is `\\\\`"),
    ("lone leading surrogate", "the escape is half of a character; the other half does not follow"),
    ("unexpected end of hex escape", "the escape is half of a character; the other half does not follow"),
    ("recursion limit", "lists and objects are nested too deeply: 127 levels are the most"),
    ("invalid number", "no number is written so"),
    ("expected `:`", "a `:` must stand behind the key, found {}"),
    ("expected `,` or `}`", "a `,` or `}` must stand here, found {}"),
    ("expected `,` or `]`", "a `,` or `]` must stand here, found {}"),
];

/// Where in a record the error is, in bytes, and what it is.
pub(super) fn not_json(text: &str, error: &Error) -> (usize, String) {
    let begin = text.len() - text.trim_start().len();
    match text.trim_start().chars().next() {
        Some('{') => {}
        Some('[') => return (begin, OPEN_LIST.to_owned()),
        first => {
            let first = first.map_or_else(|| "nothing".to_owned(), name);
            return (begin, format!("a record begins with `{{`, found {first}; {NOT_LINES}"));
        }
    }
    let mut at = match error.is_eof() {
        true => text.trim_end().len(),
        false => error.column().saturating_sub(1).min(text.len()),
    };
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let there = text.get(at..).and_then(|rest| rest.chars().next());
    let there = there.map_or_else(|| "the end of the record".to_owned(), name);
    let message = error.to_string();
    let known = MESSAGES.iter().find(|(begin, _)| message.starts_with(begin));
    let message = match known {
        Some((_, words)) => words.replacen("{}", &there, 1),
        None => message.rsplit_once(" at line ").map_or(message.as_str(), |(what, _)| what).to_owned(),
    };
    (at, message)
}

const OPEN_LIST: &str = "a record begins with `{`, found the beginning of a list; \
    `jq -c '.[]'` makes a record a line of a list";

const NOT_LINES: &str = "`jq -c .` writes each on one line, and `--format text` reads plain text";

/// A character by itself, or by its number where it cannot be seen.
fn name(c: char) -> String {
    match c.is_control() || c.is_whitespace() || c == '\u{FEFF}' {
        true => format!("U+{:04X}", u32::from(c)),
        false => format!("`{c}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, at: usize, begin: &str) {
        let error = serde_json::from_str::<serde_json::Value>(text).expect_err("it is not JSON");
        let (found, message) = not_json(text, &error);
        assert_eq!(found, at, "{text}: {message}");
        assert!(message.starts_with(begin), "{text}: {message}");
    }

    #[test]
    fn what_is_wrong_is_said_in_words() {
        check("{", 1, "the record ends too early");
        check("{\"text\": [\"قال\"", 18, "the record ends too early");
        check("{\"text\": \"قال", 16, "the record ends inside a string");
        check("{\"text\": قال}", 9, "a value must stand here, found `ق`");
        check("{\"text\": tru}", 12, "only `true`, `false` and `null` are words");
        check("{text: 1}", 1, "a key in double quotes must stand here, found `t`");
        check("{\"id\": 1,}", 9, "a comma stands before the end");
        check("{\"id\": 1}{}", 9, "the record has ended before this, found `{`");
        check("{\"text\": \"a\tb\"}", 11, "U+0009 stands in a string");
        check("{\"text\": \"\\q\"}", 11, "no escape is written so");
        check("{\"text\": \"\\ud800\"}", 16, "the escape is half of a character");
        check("{\"id\" 1}", 6, "a `:` must stand behind the key, found `1`");
        check("{\"id\": 1 \"text\": 2}", 9, "a `,` or `}` must stand here, found `\"`");
        check(&"{\"a\":".repeat(200), 635, "lists and objects are nested too deeply");
    }

    #[test]
    fn what_is_no_record_at_all() {
        check("قال الوزير", 0, "a record begins with `{`, found `ق`");
        check("  \"id\": 1,", 2, "a record begins with `{`, found `\"`");
        check("\0{}", 0, "a record begins with `{`, found U+0000");
        check("[", 0, "a record begins with `{`, found the beginning of a list");
    }
}
