//! The keys of a stage that put it into a process of its own: `isolation`, `timeout`, `memory`.

use std::time::Duration;

use serde_json::{Value, json};

use super::error::code;
use super::report::Report;
use super::tree::{Node, Table};
use crate::plugins::Limits;
use crate::units::{parse_bytes, parse_duration};

/// The schemas of the keys, which `isnad schema` prints too.
pub(super) fn schema(key: &str) -> Option<Value> {
    Some(match key {
        "isolation" => json!({
            "description": "Where the stage works: `inline`, on the threads of the run, or `process`, in a process of its own for each thread. A crash there costs the document it was at, which goes the way of `on_error`, and no other.",
            "type": "string",
            "enum": ["inline", "process"],
            "default": "inline"
        }),
        "timeout" => json!({
            "description": "How long a stage in a process of its own may work on one document, such as `5s` or `500ms`. One that takes longer goes the way of `on_error`.",
            "type": "string",
            "minLength": 1,
            "default": "60s",
            "examples": ["5s"]
        }),
        "memory" => json!({
            "description": "How much memory the process of a stage may have, such as `512MiB`. By default there is no limit.",
            "type": "string",
            "minLength": 1,
            "examples": ["512MiB"]
        }),
        _ => return None,
    })
}

/// What the keys come to: the limits of a stage that is to have a process of its own.
pub(super) fn read(reserved: &Table, path: &str, report: &mut Report) -> Option<Limits> {
    let known = |key| reserved.get(key).filter(|node| !node.is_unknown());
    let isolation = known("isolation").and_then(Node::as_str);
    let mut limits = Limits::default();
    for key in ["timeout", "memory"] {
        let Some(node) = known(key) else { continue };
        let Some(text) = node.as_str() else { continue };
        let place = format!("{path}.{key}");
        let read = match key {
            "timeout" => parse_duration(text).map(|timeout| limits.timeout = timeout),
            _ => parse_bytes(text).map(|memory| limits.memory = Some(memory)),
        };
        if let Err(error) = read {
            report.add(node.place, code::VALUE, &place, format!("`{place}`: {error}"));
        } else if limits.timeout == Duration::ZERO || limits.memory == Some(0) {
            report.add(node.place, code::VALUE, &place, format!("`{place}` must be more than nothing"));
        } else if reserved.get("isolation").is_none_or(|node| node.as_str() == Some("inline")) {
            let message = format!("`{place}` holds for stages in a process of their own only");
            let help = "write `isolation = \"process\"` beside it, or remove it".to_owned();
            report.add(node.place, code::VALUE, &place, message).help(help);
        }
    }
    (isolation == Some("process")).then_some(limits)
}
