//! `${NAME}` in the strings of a pipeline file.
//!
//! Variables are filled in after parsing, in string values only: never in keys, comments or settings of
//! the command line, so that a value cannot change the structure of a file.
//!
//! | in the file | becomes |
//! |---|---|
//! | `${NAME}` | the value of the variable; an error where it is not set |
//! | `${NAME:-text}` | its value, or `text` where it is not set or empty |
//! | `${NAME:?text}` | its value; an error that says `text` where it is not set or empty |
//! | `$${` | the two characters `${` |

use std::ffi::OsString;

use super::error::code;
use super::report::Report;
use super::suggest::shown;
use super::tree::{Content, Node};

/// Looks variables up: the environment of the program, or what a caller has in its place.
pub(crate) type Environment<'e> = dyn Fn(&str) -> Option<OsString> + 'e;

/// What a string with variables was before they were filled in.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Filled {
    /// The string as it stands in the file.
    pub(crate) raw: String,
    /// The names of its variables.
    pub(crate) names: Vec<String>,
    /// Why they cannot be filled in.
    faults: Vec<Fault>,
}

#[derive(Clone, Debug, PartialEq)]
struct Fault {
    code: &'static str,
    message: String,
    help: String,
}

/// Fills in the variables below a value. A string whose variables cannot be filled in stays as it is.
pub(crate) fn fill(node: &mut Node, environment: &Environment<'_>) {
    if let Content::String(text) = &mut node.content
        && text.contains("${")
    {
        let mut filled = Filled { raw: text.clone(), ..Filled::default() };
        let value = fill_text(text, environment, &mut filled);
        if filled.faults.is_empty() {
            *text = value;
        }
        if !filled.names.is_empty() || !filled.faults.is_empty() {
            node.reading = scalar(text).filter(|_| filled.faults.is_empty()).map(Box::new);
            node.filled = Some(Box::new(filled));
        }
    }
    node.children_mut().into_iter().for_each(|child| fill(child, environment));
}

/// A text as it has to stand in a file in order to mean itself.
pub(crate) fn escape(text: &str) -> String {
    text.replace("${", "$${")
}

/// Reports the variables below a value that cannot be filled in, all of them.
pub(crate) fn report_faults(node: &Node, path: &str, report: &mut Report) {
    for fault in node.filled.iter().flat_map(|filled| &filled.faults) {
        report.add(node.place, fault.code, path, fault.message.clone()).help(fault.help.clone());
    }
    match &node.content {
        Content::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                report_faults(item, &format!("{path}[{index}]"), report);
            }
        }
        Content::Table(table) => {
            for entry in &table.entries {
                report_faults(&entry.node, &format!("{path}.{}", entry.key), report);
            }
        }
        _ => {}
    }
}

impl Node {
    /// Whether the value is not known, since a variable in it cannot be filled in.
    pub(crate) fn is_unknown(&self) -> bool {
        self.filled.as_ref().is_some_and(|filled| !filled.faults.is_empty())
    }
}

/// A text as a number or a truth value, if it is one.
fn scalar(text: &str) -> Option<Content> {
    let is_numeric = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E');
    match text {
        "true" => Some(Content::Bool(true)),
        "false" => Some(Content::Bool(false)),
        _ if !text.chars().all(is_numeric) => None,
        _ => match text.parse::<i64>() {
            Ok(integer) => Some(Content::Integer(integer.into())),
            Err(_) => text.parse().ok().filter(|float: &f64| float.is_finite()).map(Content::Float),
        },
    }
}

fn fill_text(text: &str, environment: &Environment<'_>, filled: &mut Filled) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        if let Some(before) = before.strip_suffix('$') {
            out.push_str(before);
            out.push_str("${");
            rest = after;
            continue;
        }
        out.push_str(before);
        let Some((inside, after)) = after.split_once('}') else {
            filled.fault(code::VARIABLE, "a `${` has no `}` behind it".to_owned(), LITERAL.to_owned());
            return out;
        };
        out.push_str(&value(inside, environment, filled));
        rest = after;
    }
    out.push_str(rest);
    out
}

const LITERAL: &str = "a variable is `${NAME}`; write `$${` for the characters `${`";

/// What stands between the braces, as a value.
fn value(inside: &str, environment: &Environment<'_>, filled: &mut Filled) -> String {
    let (name, rule) = match inside.split_once(':') {
        Some((name, rule)) => (name, Some(rule)),
        None => (inside, None),
    };
    let is_name = !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !is_name {
        let message =
            format!("`${{{}}}` is no variable: names are made of A-Z, a-z, 0-9 and _", shown(inside));
        filled.fault(code::VARIABLE, message, LITERAL.to_owned());
        return String::new();
    }
    filled.names.push(name.to_owned());
    let found = match environment(name).map(OsString::into_string) {
        Some(Err(_)) => {
            let message = format!("the variable `{name}` is not UTF-8");
            filled.fault(code::VARIABLE, message, "set it to a text in UTF-8".to_owned());
            return String::new();
        }
        Some(Ok(value)) => Some(value),
        None => None,
    };
    let has_value = found.as_ref().is_some_and(|value| !value.is_empty());
    match (rule.map(|rule| (rule, rule.strip_prefix('-'), rule.strip_prefix('?'))), found) {
        (Some((_, Some(default), _)), found) => {
            if default.contains("${") {
                let message =
                    format!("the default of `{name}` holds another variable, which is not filled in");
                filled.fault(code::VARIABLE, message, "write a plain text behind `:-`".to_owned());
            }
            found.filter(|value| !value.is_empty()).unwrap_or_else(|| default.to_owned())
        }
        (None, Some(value)) => value,
        (Some((_, _, Some(_))), Some(value)) if has_value => value,
        (Some((_, _, Some(wish))), _) => {
            let colon = if wish.is_empty() { "" } else { ": " };
            let message = format!("the variable `{name}` is not set, or empty{colon}{}", shown(wish));
            filled.fault(code::UNSET, message, format!("set it: `{name}=… isnad …`"));
            String::new()
        }
        (None, None) => {
            let help = format!("set it: `{name}=… isnad …`, or give it a default: `${{{name}:-…}}`");
            filled.fault(code::UNSET, format!("the variable `{name}` is not set"), help);
            String::new()
        }
        (Some((rule, None, None)), _) => {
            let message = format!("`:{}` behind the variable `{name}` means nothing", shown(rule));
            let help = "write `:-` before a default, or `:?` before what to say where it is not set";
            filled.fault(code::VARIABLE, message, help.to_owned());
            String::new()
        }
    }
}

impl Filled {
    fn fault(&mut self, code: &'static str, message: String, help: String) {
        self.faults.push(Fault { code, message, help });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SET: [(&str, &str); 3] = [("DIR", "/أخبار"), ("EMPTY", ""), ("MORE", "${DIR}")];

    /// A text with its variables filled in, or what is wrong with them.
    fn check(text: &str, expected: Result<&str, &str>) {
        let environment =
            |name: &str| SET.iter().find(|(set, _)| *set == name).map(|(_, value)| OsString::from(value));
        let mut node = Node::new(0, Content::String(text.to_owned()));
        fill(&mut node, &environment);
        let faults: Vec<_> = node.filled.iter().flat_map(|filled| &filled.faults).collect();
        match expected {
            Ok(value) => assert_eq!((node.as_str(), faults), (Some(value), vec![]), "{text}"),
            Err(message) => {
                let messages: Vec<_> = faults.into_iter().map(|fault| fault.message.as_str()).collect();
                assert_eq!((node.as_str(), messages.join("; ").as_str()), (Some(text), message));
            }
        }
    }

    #[test]
    fn variables_are_filled_in() {
        check("${DIR}/facts.jsonl", Ok("/أخبار/facts.jsonl"));
        check("${DIR}${DIR}", Ok("/أخبار/أخبار"));
        check("${NONE:-out}/x", Ok("out/x"));
        check("${EMPTY:-out}", Ok("out"));
        check("${DIR:-out}", Ok("/أخبار"));
        check("${NONE:-}", Ok(""));
        check("${EMPTY}", Ok(""));
        check("${DIR:?say where}", Ok("/أخبار"));
    }

    #[test]
    fn a_value_is_not_looked_into_again() {
        check("${MORE}", Ok("${DIR}"));
    }

    #[test]
    fn dollars_that_begin_no_variable() {
        for text in ["$", "$$", "100$", "$DIR", "$ {DIR}", "{DIR}"] {
            check(text, Ok(text));
        }
        check("$${DIR}", Ok("${DIR}"));
        check("$$${DIR}", Ok("$${DIR}"));
        check("$${DIR}${DIR}", Ok("${DIR}/أخبار"));
    }

    #[test]
    fn what_cannot_be_filled_in_is_said() {
        check("${NONE} ${DIR} ${NIL}", Err("the variable `NONE` is not set; the variable `NIL` is not set"));
        check("${EMPTY:?say where}", Err("the variable `EMPTY` is not set, or empty: say where"));
        check("${NONE:?}", Err("the variable `NONE` is not set, or empty"));
        check("${DIR", Err("a `${` has no `}` behind it"));
        check("${}", Err("`${}` is no variable: names are made of A-Z, a-z, 0-9 and _"));
        check("${مجلد}", Err("`${مجلد}` is no variable: names are made of A-Z, a-z, 0-9 and _"));
        check("${1}", Err("`${1}` is no variable: names are made of A-Z, a-z, 0-9 and _"));
        check("${DIR:=x}", Err("`:=x` behind the variable `DIR` means nothing"));
        check("${DIR:-${NONE}}", Err("the default of `DIR` holds another variable, which is not filled in"));
    }

    #[test]
    fn what_is_escaped_means_itself() {
        for text in ["${DIR}", "$${DIR}", "$$${", "a$b", "${", "$", "$$"] {
            check(&escape(text), Ok(text));
        }
    }
}
