//! Values of which a schema allows several shapes: enums, one or many, tables told apart by a tag.

use serde_json::{Value, json};

use super::check::{check, wrong_type};
use super::error::code;
use super::report::{Path, Report};
use super::schema::Schema;
use super::subject::Subject;
use super::tree::{Content, Node};

/// Checks a value against alternatives. The errors are those of the alternative that was meant.
pub(crate) fn check_alternatives(
    alternatives: &[Schema<'_>],
    node: &Node,
    subject: Subject<'_>,
    path: Path<'_>,
    report: &mut Report,
) {
    let alternatives = flatten(alternatives);
    if let [only] = alternatives.as_slice() {
        return check(*only, node, subject, path, report);
    }
    let constants: Vec<Value> =
        alternatives.iter().filter_map(|a| a.constants()).flatten().cloned().collect();
    let others: Vec<Schema<'_>> = alternatives.iter().copied().filter(|a| a.constants().is_none()).collect();
    let is_constant =
        !constants.is_empty() && (others.is_empty() || matches!(node.content, Content::String(_)));
    let merged = json!({ "enum": constants });
    if is_constant && !others.iter().any(|other| other.admits(node)) {
        return check(Schema::new(&merged), node, subject, path, report);
    }
    match by_tag(&others, node, subject, path, report) {
        Tag::Right(shape) => return check(shape, node, subject, path, report),
        Tag::Wrong => return,
        Tag::None => {}
    }
    let mut fewest: Option<Report> = None;
    for alternative in alternatives.iter().filter(|alternative| alternative.admits(node)) {
        let mut trial = Report::default();
        check(*alternative, node, subject, path, &mut trial);
        if trial.is_empty() {
            return;
        }
        if fewest.as_ref().is_none_or(|fewest| trial.len() < fewest.len()) {
            fewest = Some(trial);
        }
    }
    match (fewest, alternatives.first()) {
        (Some(fewest), _) => report.absorb(fewest),
        (None, Some(first)) => {
            let expected: Vec<String> =
                alternatives.iter().map(|alternative| alternative.expected()).collect();
            let shapes = expected.join(" or ");
            wrong_type(&shapes, *first, node, subject, path, report);
        }
        (None, None) => {}
    }
}

/// Alternatives of alternatives are alternatives; `null` is none, for a file cannot say it.
fn flatten<'s>(alternatives: &[Schema<'s>]) -> Vec<Schema<'s>> {
    let mut flat = Vec::new();
    for alternative in alternatives {
        let nested = alternative.get("anyOf").or(alternative.get("oneOf")).and_then(Value::as_array);
        match nested {
            Some(nested) => {
                let nested: Vec<Schema<'s>> = nested.iter().map(|here| alternative.at(here)).collect();
                flat.extend(flatten(&nested));
            }
            None if alternative.types() == ["null"] => {}
            None => flat.push(*alternative),
        }
    }
    flat
}

/// What a key that tells shapes of tables apart says.
enum Tag<'s> {
    /// There is no such key.
    None,
    /// It is missing, or names no shape; that is reported.
    Wrong,
    Right(Schema<'s>),
}

fn by_tag<'s>(
    alternatives: &[Schema<'s>],
    node: &Node,
    subject: Subject<'_>,
    path: Path<'_>,
    report: &mut Report,
) -> Tag<'s> {
    let shapes: Vec<Schema<'s>> = alternatives.iter().copied().filter(|a| a.properties().is_some()).collect();
    let constant = |shape: &Schema<'s>, tag: &str| shape.properties()?.get(tag)?.get("const").cloned();
    let is_tag = |tag: &&String| shapes.iter().all(|shape| constant(shape, tag).is_some());
    let first = shapes.first().filter(|_| shapes.len() > 1).and_then(|first| first.properties());
    let (Some(table), Some(tag)) = (node.as_table(), first.and_then(|first| first.keys().find(is_tag)))
    else {
        return Tag::None;
    };
    let at_tag = Path::Key(&path, tag);
    let Some(value) = table.get(tag) else {
        let message = format!("{} is missing", subject.name(at_tag));
        report.add(node.place, code::MISSING, subject.full(at_tag), message).absence();
        return Tag::Wrong;
    };
    let chosen = shapes.iter().find(|shape| constant(shape, tag) == Some(value.to_json()));
    if let Some(shape) = chosen {
        return Tag::Right(*shape);
    }
    let tags: Vec<Value> = shapes.iter().filter_map(|shape| constant(shape, tag)).collect();
    let tags = json!({ "enum": tags });
    check(Schema::new(&tags), value, subject, at_tag, report);
    Tag::Wrong
}
