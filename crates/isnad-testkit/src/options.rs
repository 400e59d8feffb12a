//! Options of a stage, drawn from its schema.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Map, Value};

/// Any options that a schema allows: an object in which some options are given and some are not. What a
/// stage refuses for reasons of its own (a file that is not there) is drawn too.
///
/// ```
/// use proptest::strategy::{Strategy, ValueTree};
/// use proptest::test_runner::TestRunner;
///
/// let schema = serde_json::json!({ "type": "object", "properties": { "shadda": { "type": "boolean" } } });
/// let options = isnad_testkit::options(&schema).new_tree(&mut TestRunner::deterministic()).unwrap().current();
/// assert!(options.get("shadda").is_none_or(|shadda| shadda.is_boolean()));
/// ```
pub fn options(schema: &Value) -> BoxedStrategy<Value> {
    value(schema, schema, DEEPEST)
}

/// References may go in circles.
const DEEPEST: usize = 6;

fn value(root: &Value, schema: &Value, depth: usize) -> BoxedStrategy<Value> {
    if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
        let here = target.strip_prefix('#').and_then(|pointer| root.pointer(pointer));
        return here
            .filter(|_| depth > 0)
            .map_or(Just(Value::Null).boxed(), |here| value(root, here, depth - 1));
    }
    if let Some(constant) = schema.get("const") {
        return Just(constant.clone()).boxed();
    }
    if let Some(constants) = schema.get("enum").and_then(Value::as_array) {
        return prop::sample::select(constants.clone()).boxed();
    }
    let own = typed(root, schema, depth);
    let alternatives: Vec<BoxedStrategy<Value>> = ["anyOf", "oneOf"]
        .iter()
        .filter_map(|key| schema.get(*key)?.as_array())
        .flatten()
        .map(|part| value(root, part, depth))
        .collect();
    if alternatives.is_empty() {
        return own;
    }
    let chosen = prop::strategy::Union::new(alternatives).boxed();
    match schema.get("properties") {
        None => chosen,
        // Some options stand beside the alternatives: both are given.
        Some(_) => (own, chosen)
            .prop_map(|(own, chosen)| match (own, chosen) {
                (Value::Object(mut own), Value::Object(chosen)) => {
                    own.extend(chosen);
                    Value::Object(own)
                }
                (own, _) => own,
            })
            .boxed(),
    }
}

fn typed(root: &Value, schema: &Value, depth: usize) -> BoxedStrategy<Value> {
    let types: Vec<&str> = match schema.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(names) => names.as_array().into_iter().flatten().filter_map(Value::as_str).collect(),
        None if schema.get("properties").is_some() => vec!["object"],
        None => vec!["string", "integer", "boolean"],
    };
    let of_type = |name: &&str| match *name {
        "boolean" => any::<bool>().prop_map(Value::from).boxed(),
        "integer" => integer(schema),
        "number" => number(schema),
        "string" => string(schema),
        "array" => array(root, schema, depth),
        "object" => object(root, schema, depth),
        _ => Just(Value::Null).boxed(),
    };
    prop::strategy::Union::new(types.iter().map(of_type)).boxed()
}

fn bound(schema: &Value, key: &str) -> Option<f64> {
    schema.get(key).and_then(Value::as_f64)
}

fn integer(schema: &Value) -> BoxedStrategy<Value> {
    let is_unsigned =
        schema.get("format").and_then(Value::as_str).is_some_and(|format| format.starts_with('u'));
    let low = bound(schema, "minimum").unwrap_or(if is_unsigned { 0.0 } else { -9.0 }) as i64;
    let high = bound(schema, "maximum").map_or(low.saturating_add(300), |high| high as i64);
    (low..=high.max(low)).prop_map(Value::from).boxed()
}

fn number(schema: &Value) -> BoxedStrategy<Value> {
    let low = bound(schema, "minimum").or(bound(schema, "exclusiveMinimum")).unwrap_or(-2.0);
    let high = bound(schema, "maximum").or(bound(schema, "exclusiveMaximum")).unwrap_or(low + 4.0);
    // Quarters between the bounds are the same number in every notation and precision.
    (1u8..4).prop_map(move |quarter| Value::from(low + (high - low) * f64::from(quarter) / 4.0)).boxed()
}

fn string(schema: &Value) -> BoxedStrategy<Value> {
    let low = bound(schema, "minLength").unwrap_or(0.0) as usize;
    let high = bound(schema, "maxLength").map_or(low + 6, |high| high as usize).max(low);
    let letters: Vec<char> = "aZ0._-/ \"\\$}{\nقال«»ىًـ\u{200F}".chars().collect(); // with a RIGHT-TO-LEFT MARK
    vec(prop::sample::select(letters), low..=high)
        .prop_map(|letters| Value::from(letters.into_iter().collect::<String>()))
        .boxed()
}

fn array(root: &Value, schema: &Value, depth: usize) -> BoxedStrategy<Value> {
    let first: Vec<BoxedStrategy<Value>> = schema
        .get("prefixItems")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|item| value(root, item, depth))
        .collect();
    if !first.is_empty() {
        return first.prop_map(Value::from).boxed();
    }
    let low = bound(schema, "minItems").unwrap_or(0.0) as usize;
    let high = bound(schema, "maxItems").map_or(low + 3, |high| high as usize).max(low);
    let item = schema.get("items").map_or(Just(Value::from("x")).boxed(), |items| value(root, items, depth));
    vec(item, low..=high).prop_map(Value::from).boxed()
}

fn object(root: &Value, schema: &Value, depth: usize) -> BoxedStrategy<Value> {
    let required: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let mut parts = Vec::new();
    for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let given = value(root, property, depth);
        let given = if required.contains(&name.as_str()) {
            given.prop_map(Some).boxed()
        } else {
            prop::option::of(given).boxed()
        };
        let name = name.clone();
        parts.push(given.prop_map(move |given| given.map(|given| (name.clone(), given))).boxed());
    }
    let named = parts.prop_map(|parts| parts.into_iter().flatten().collect::<Map<String, Value>>());
    let others = match schema.get("additionalProperties") {
        Some(others @ Value::Object(_)) => {
            btree_map("[a-z]{1,3}|قال|a b|a\\.b", value(root, others, depth), 0..3).boxed()
        }
        _ => Just(std::collections::BTreeMap::new()).boxed(),
    };
    (named, others)
        .prop_map(|(named, others)| Value::Object(others.into_iter().chain(named).collect()))
        .boxed()
}
