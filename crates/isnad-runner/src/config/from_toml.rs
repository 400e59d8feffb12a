//! TOML into the tree, with all the syntax errors that the parser can recover from.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::error::code;
use super::report::{Path, Report, Trust};
use super::suggest::shown;
use super::tree::{Content, Entry, Node, Place, Table};

/// Reads a text. Where it has syntax errors they are reported, the table holds what could be read, and
/// the trust says what of that may be checked further.
pub(crate) fn parse(source: &str, report: &mut Report) -> (Table, Option<Trust>) {
    let (table, errors) = DeTable::parse_recoverable(source);
    let mut faults: Vec<Fault> = errors.iter().map(|error| Fault::of(error, source)).collect();
    let table = convert_table(table.get_ref(), &mut faults);
    if faults.is_empty() {
        return (table, None);
    }
    let mut entries = Vec::new();
    collect_entries(&table, &mut entries);
    let trust = report_faults(faults, &entries, source, report);
    (table, Some(trust))
}

/// A syntax error.
struct Fault {
    span: Range<usize>,
    code: &'static str,
    message: String,
    help: Option<String>,
}

impl Fault {
    fn of(error: &toml::de::Error, source: &str) -> Fault {
        let span = error.span().unwrap_or(source.len()..source.len());
        let text = source.get(span.clone()).unwrap_or_default();
        let word = word_at(source, span.start);
        let (mut code, help) = (code::SYNTAX, advice(error.message()));
        let (message, help) = match error.message() {
            "duplicate key" => {
                code = code::DUPLICATE_KEY;
                (
                    format!("`{}` stands twice", shown(text)),
                    Some("remove one, or put the two together".to_owned()),
                )
            }
            message if message.starts_with(UNQUOTED) => (UNQUOTED.to_owned(), quote(text)),
            // A word is taken for the beginning of `nan` or `true` by its first letter.
            message
                if message.starts_with("invalid") && message.contains(", expected `") && is_word(word) =>
            {
                (UNQUOTED.to_owned(), quote(word))
            }
            message => match CHARACTERS.iter().find(|(begin, ..)| message.starts_with(begin)) {
                Some((_, words, advice)) => ((*words).to_owned(), Some((*advice).to_owned())),
                None => (message.replace('\n', " "), help),
            },
        };
        let control = source.get(span.start..).and_then(|rest| rest.chars().next());
        let control = control.filter(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r'));
        let (message, help) = match control {
            Some(control) => (
                format!(
                    "the character U+{:04X}, which cannot be seen, may not stand here",
                    u32::from(control)
                ),
                Some("remove it; if there are many, save the file as UTF-8".to_owned()),
            ),
            None => (message, help),
        };
        Fault { span, code, message, help }
    }
}

pub(super) const UNQUOTED: &str = "string values must be quoted";

/// What to do about some messages of the parser, by their beginnings.
const ADVICE: [(&str, &str); 3] = [
    ("missing comma between array elements", "write a comma, or close the array above with `]`"),
    ("invalid unquoted key", A_LINE),
    ("key with no value", A_LINE),
];

/// Messages of the parser that speak of itself, what is said in their place, and what to do.
const CHARACTERS: [(&str, &str, &str); 4] = [
    ("cannot recurse further", TOO_DEEP, "no option is nested so deeply"),
    ("recursion limit", TOO_DEEP, "no option is nested so deeply"),
    (
        "carriage return must be followed by newline",
        "the line ends as on old Macs",
        "save the file with the line ends of Unix or Windows",
    ),
    (
        "unexpected key or value",
        "something stands behind the end of the value",
        "a line has one `key = value`; a `\"` within a string is written `\\\"`",
    ),
];

const TOO_DEEP: &str = "arrays and tables are nested too deeply";

const A_LINE: &str = "a line of a pipeline file in TOML is `key = value`, `[input]` or `[[stage]]`";

fn advice(message: &str) -> Option<String> {
    ADVICE.iter().find(|(begin, _)| message.starts_with(begin)).map(|(_, advice)| (*advice).to_owned())
}

/// The word in which a byte stands.
pub(super) fn word_at(source: &str, at: usize) -> &str {
    let is_end = |c: char| c.is_whitespace() || matches!(c, ',' | ']' | '}' | '#' | '"' | '\'');
    let (before, after) = source.split_at_checked(at).unwrap_or((source, ""));
    let begin = before.rfind(|c: char| is_end(c) || matches!(c, '=' | '[' | '{' | ':'));
    let begin =
        begin.map_or(0, |at| at + before.get(at..).and_then(|c| c.chars().next()).map_or(1, char::len_utf8));
    let end = before.len() + after.find(is_end).unwrap_or(after.len());
    source.get(begin..end).unwrap_or_default()
}

/// Whether something without quotes is meant as a text.
pub(super) fn is_word(text: &str) -> bool {
    text.starts_with(char::is_alphabetic) && !text.contains('=')
}

/// How to write what stands there without quotes.
pub(super) fn quote(text: &str) -> Option<String> {
    // Quotation marks of word processors are none here.
    let text = text.trim_matches(['“', '”', '„', '‘', '’', '«', '»']);
    let is_short = !text.is_empty() && text.len() < 100 && !text.contains(['"', '\\', '\n']);
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => Some("write `true`".to_owned()),
        "false" | "no" | "off" => Some("write `false`".to_owned()),
        _ => is_short.then(|| format!("write `\"{}\"`", shown(text))),
    }
}

fn convert_table(table: &DeTable<'_>, faults: &mut Vec<Fault>) -> Table {
    let entry = |(key, value): (&Spanned<DeString<'_>>, &Spanned<DeValue<'_>>)| Entry {
        key: key.get_ref().to_string(),
        key_place: key.span().into(),
        node: convert(value, faults),
    };
    let mut entries: Vec<Entry> = table.iter().map(entry).collect();
    entries.sort_by_key(|entry| entry.key_place);
    Table { entries }
}

fn convert(value: &Spanned<DeValue<'_>>, faults: &mut Vec<Fault>) -> Node {
    let span = value.span();
    let mut refuse = |message: &str| {
        faults.push(Fault { span: span.clone(), code: code::VALUE, message: message.to_owned(), help: None });
    };
    let content = match value.get_ref() {
        DeValue::String(text) => Content::String(text.to_string()),
        DeValue::Datetime(date) => Content::String(date.to_string()),
        DeValue::Boolean(value) => Content::Bool(*value),
        DeValue::Integer(integer) => {
            let number = i64::from_str_radix(integer.as_str(), integer.radix());
            if number.is_err() {
                refuse("the integer is too large: 64 bits are the most");
            }
            Content::Integer(number.unwrap_or_default().into())
        }
        DeValue::Float(float) => {
            let number = float.as_str().parse::<f64>().ok().filter(|number| number.is_finite());
            if number.is_none() {
                refuse("the number is not finite");
            }
            Content::Float(number.unwrap_or_default())
        }
        DeValue::Array(items) => Content::Array(items.iter().map(|item| convert(item, faults)).collect()),
        DeValue::Table(table) => Content::Table(convert_table(table, faults)),
    };
    Node::new(span, content)
}

/// The spans of all `key = value` with what stands in their values, not those of headers.
fn collect_entries(table: &Table, entries: &mut Vec<Range<usize>>) {
    for entry in &table.entries {
        if let (Place::Source { begin, end: key_end }, Place::Source { begin: value, end }) =
            (entry.key_place, entry.node.place)
            && value > key_end
        {
            entries.push(begin..end + 1);
            continue;
        }
        let tables = entry.node.as_array().unwrap_or(std::slice::from_ref(&entry.node));
        tables.iter().filter_map(Node::as_table).for_each(|table| collect_entries(table, entries));
    }
}

/// Reports one error per entry and line: what follows in the same is mostly an echo of the first.
fn report_faults(
    mut faults: Vec<Fault>,
    entries: &[Range<usize>],
    source: &str,
    report: &mut Report,
) -> Trust {
    let mut trust = Trust { faulty: Vec::new(), until: usize::MAX };
    let mut entries = entries.to_vec();
    entries.sort_by_key(|entry| entry.start);
    faults.sort_by_key(|fault| fault.span.start);
    let mut done = 0;
    for fault in faults {
        let at = fault.span.start;
        let entry =
            entries.partition_point(|entry| entry.start <= at).checked_sub(1).and_then(|i| entries.get(i));
        let entry = entry.filter(|entry| at < entry.end);
        match entry {
            Some(entry) => trust.faulty.push(entry.clone()),
            None if fault.code == code::DUPLICATE_KEY => trust.faulty.push(fault.span.clone()),
            None => trust.until = trust.until.min(at),
        }
        if at < done {
            continue;
        }
        report.add(at, fault.code, Path::Root, fault.message).help(fault.help);
        let rest = source.get(at..).unwrap_or_default();
        let line_end = at + rest.find('\n').map_or(rest.len() + 1, |newline| newline + 1);
        done = entry.map_or(line_end, |entry| entry.end.max(line_end));
    }
    trust.faulty.dedup();
    trust
}
