//! JSON into the tree. Comments are allowed in it, as they are in TOML.

use std::ops::Range;

use jsonc_parser::ast::{ObjectPropName, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::errors::{ParseError, ParseErrorKind};
use jsonc_parser::{CollectOptions, ParseOptions, ParseStringErrorKind, parse_to_ast};

use super::error::code;
use super::from_toml::{UNQUOTED, is_word, quote, word_at};
use super::report::{Path, Report, Trust};
use super::suggest::shown;
use super::tree::{Content, Entry, Node, Table, found};

/// Reads a text, as [`from_toml::parse`](super::from_toml::parse) does.
pub(crate) fn parse(source: &str, report: &mut Report) -> (Table, Option<Trust>) {
    let mut faulty = Vec::new();
    // The parser knows no byte order mark.
    let spaced = source.strip_prefix('\u{FEFF}').map(|text| format!("   {text}")); // BYTE ORDER MARK
    let source = spaced.as_deref().unwrap_or(source);
    let parse = |options: &ParseOptions| parse_to_ast(source, &CollectOptions::default(), options);
    let strict = parse(&STRICT);
    let broken = strict.as_ref().err().map(|error| report_syntax(error, source, report));
    // A comma too many does not make the rest unreadable.
    let result = if broken.is_some() { parse(&ParseOptions::default()) } else { strict };
    let nothing = |until| (Table::default(), Some(Trust { faulty: Vec::new(), until }));
    let value = result.ok().and_then(|parsed| parsed.value);
    let node = value.and_then(|value| convert(&value, 0, &mut faulty, report));
    let Some(node) = node else {
        // There may be nothing but `null` or comments, which the parser does not mind.
        if report.is_empty() {
            report
                .add(first_byte(source), code::SYNTAX, Path::Root, "a pipeline file in JSON is one object")
                .help(SHAPE.to_owned());
        }
        return nothing(0);
    };
    let Content::Table(table) = node.content else {
        let message = format!("a pipeline file in JSON is one object, found {}", found(&node));
        report.add(node.place, code::SYNTAX, Path::Root, message).help(SHAPE.to_owned());
        return nothing(0);
    };
    let is_whole = faulty.is_empty() && broken.is_none();
    (table, (!is_whole).then_some(Trust { faulty, until: usize::MAX }))
}

const SHAPE: &str =
    "write `{ \"isnad\": 1, \"stage\": [{ \"use\": \"…\" }] }`; a file in TOML has a name in `.toml`";

/// Deeper than anybody nests options; the limit of TOML is the same.
const DEEPEST: usize = 80;

/// JSON as it is defined, and comments.
const STRICT: ParseOptions = ParseOptions {
    allow_comments: true,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

fn report_syntax(error: &ParseError, source: &str, report: &mut Report) {
    use ParseErrorKind as Kind;
    use ParseStringErrorKind as InString;
    let range = error.range();
    let (begin, end) = (range.start.min(source.len()), range.end.min(source.len()));
    let text = source.get(begin..end).unwrap_or_default();
    let word = word_at(source, begin);
    let (message, help) = match error.kind() {
        Kind::UnexpectedWord | Kind::UnexpectedToken if begin == first_byte(source) => {
            ("a pipeline file in JSON begins with `{`".to_owned(), Some(SHAPE.to_owned()))
        }
        Kind::UnexpectedWord | Kind::UnexpectedToken if is_word(word) => (UNQUOTED.to_owned(), quote(word)),
        Kind::ExpectedStringObjectProperty => {
            ("keys must be quoted".to_owned(), Some(format!("write `\"{}\"`", shown(text))))
        }
        Kind::UnexpectedColon => (
            "a `:` stands where none may stand".to_owned(),
            Some("is the array above closed with `]`? Only objects, in `{ }`, have keys".to_owned()),
        ),
        Kind::MultipleRootJsonValues => (
            "something stands behind the end of the object".to_owned(),
            Some("remove it, or move it into the object".to_owned()),
        ),
        Kind::TrailingCommasNotAllowed => {
            ("a comma stands before the end of an array or object".to_owned(), Some("remove it".to_owned()))
        }
        Kind::SingleQuotedStringsNotAllowed => {
            ("strings stand in double quotes".to_owned(), Some("write `\"` in place of `'`".to_owned()))
        }
        Kind::ExpectedComma => ("a comma is missing here".to_owned(), None),
        Kind::ExpectedColonAfterObjectKey => ("a `:` is missing behind the key".to_owned(), None),
        Kind::String(InString::UnterminatedStringLiteral) => (
            "the string has no closing `\"`".to_owned(),
            Some("a `\"` within a string is written `\\\"`".to_owned()),
        ),
        Kind::String(InString::InvalidEscape) => {
            ("no escape is written so".to_owned(), Some("a backslash itself is written `\\\\`".to_owned()))
        }
        Kind::String(InString::InvalidUnicodeEscapeSequence(_)) => (
            "the escape stands for no character".to_owned(),
            Some("write the character itself, or both halves of its escape".to_owned()),
        ),
        Kind::UnterminatedArray => ("the array has no `]`".to_owned(), None),
        Kind::UnterminatedObject => ("the object has no `}`".to_owned(), None),
        Kind::NestingDepthExceeded => ("arrays and objects are nested too deeply".to_owned(), None),
        kind => (lower_case(&kind.to_string()), None),
    };
    report.add(begin, code::SYNTAX, Path::Root, message).help(help);
}

fn first_byte(source: &str) -> usize {
    source.len() - source.trim_start().len()
}

fn lower_case(message: &str) -> String {
    let mut chars = message.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// `null` is absent wherever it stands.
fn convert(
    value: &Value<'_>,
    depth: usize,
    faulty: &mut Vec<Range<usize>>,
    report: &mut Report,
) -> Option<Node> {
    let span = value.start()..value.end();
    let mut refuse = |code, message: &str, report: &mut Report| {
        faulty.push(span.start..span.end + 1);
        report.add(span.start, code, Path::Root, message);
    };
    if depth > DEEPEST {
        refuse(code::SYNTAX, "arrays and objects are nested too deeply", report);
        return None;
    }
    let content = match value {
        Value::NullKeyword(_) => return None,
        Value::StringLit(string) => Content::String(string.value.to_string()),
        Value::BooleanLit(boolean) => Content::Bool(boolean.value),
        Value::NumberLit(number) => {
            let is_integer = !number.value.contains(['.', 'e', 'E']);
            match (is_integer, number.value.parse::<i64>(), number.value.parse::<f64>()) {
                (true, Ok(integer), _) => Content::Integer(integer.into()),
                (false, _, Ok(float)) if float.is_finite() => Content::Float(float),
                (true, ..) => {
                    refuse(code::VALUE, "the integer is too large: 64 bits are the most", report);
                    Content::Integer(0)
                }
                (false, ..) => {
                    refuse(code::VALUE, "the number is not finite", report);
                    Content::Float(0.0)
                }
            }
        }
        Value::Array(array) => {
            let items = array.elements.iter();
            Content::Array(items.filter_map(|item| convert(item, depth + 1, faulty, report)).collect())
        }
        Value::Object(object) => {
            let mut table = Table::default();
            let mut seen = std::collections::HashSet::new();
            for property in &object.properties {
                let (key, key_range) = match &property.name {
                    ObjectPropName::String(name) => (name.value.to_string(), name.range()),
                    ObjectPropName::Word(name) => (name.value.to_owned(), name.range()),
                };
                let key_span = key_range.start..key_range.end;
                if !seen.insert(key.clone()) {
                    faulty.push(key_span.start..property.end());
                    report
                        .add(
                            key_span.start,
                            code::DUPLICATE_KEY,
                            Path::Root,
                            format!("`{}` stands twice", shown(&key)),
                        )
                        .help("remove one, or put the two together".to_owned());
                } else if let Some(node) = convert(&property.value, depth + 1, faulty, report) {
                    table.entries.push(Entry { key, key_place: key_span.into(), node });
                }
            }
            Content::Table(table)
        }
    };
    Some(Node::new(span, content))
}
