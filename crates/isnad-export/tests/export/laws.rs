//! What holds for any text, edits and rows.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::toy::{ATTRS, Edit, Fact, LABELS, LAYERS, LINKS, Toy, export, export_batches};

/// Text of Arabic letters with marks and tatweel, emoji, and what JSON escapes.
fn text() -> impl Strategy<Value = String> {
    // ALEF, FATHA, TATWEEL, emoji with skin tone and ZERO WIDTH JOINER, quotation mark, backslash, NUL
    "[ابتثجسلم\u{064E}\u{0640}a \\n\"\\\\\u{0}👩\u{1F3FD}\u{200D}]{0,60}"
}

fn edits(text: &str) -> impl Strategy<Value = Vec<Edit>> + use<> {
    let borders = borders(text);
    let cut = (0..borders.len(), 1..8usize, 0..4u8).prop_map(move |(at, len, kind)| {
        let (begin, end) = (borders[at], borders[(at + len).min(borders.len() - 1)]);
        match kind {
            0 => Edit::Replace(begin, end, "ه😀"),
            1 => Edit::Delete(begin, end),
            _ => Edit::Withhold(begin, end),
        }
    });
    prop::collection::vec(cut, 0..4).prop_map(|mut edits| {
        edits.retain(|edit| match edit {
            Edit::Replace(begin, end, _) | Edit::Delete(begin, end) | Edit::Withhold(begin, end) => {
                begin < end
            }
        });
        edits.sort_by_key(|edit| match edit {
            Edit::Replace(begin, ..) | Edit::Delete(begin, _) | Edit::Withhold(begin, _) => *begin,
        });
        edits
    })
}

/// Rows anywhere; those that do not lie in the normalized text are refused and count as not made.
fn facts(text: &str) -> impl Strategy<Value = Vec<Fact>> + use<> {
    let len = text.len();
    let words = text.to_owned();
    let attr = (0..ATTRS.len(), 0..=len, 0..=len).prop_map(move |(key, a, b)| {
        let value: String = words.chars().skip(a.min(b)).take(a.abs_diff(b)).collect();
        (ATTRS[key], value)
    });
    let fact = (
        (0..LAYERS.len(), 0..LABELS.len()),
        (0..=len, 0..=len),
        prop::collection::vec(attr, 0..3),
        prop::collection::vec((0..LINKS.len(), 0..12usize), 0..3),
        0.0f32..=1.0,
    );
    let fact = fact.prop_map(|((layer, label), span, attrs, links, score)| Fact {
        layer: LAYERS[layer],
        label: LABELS[label],
        span: (span.0.min(span.1), span.0.max(span.1)),
        attrs,
        links: links.into_iter().map(|(key, to)| (LINKS[key], to)).collect(),
        score,
    });
    prop::collection::vec(fact, 0..12)
}

fn toy(id: &'static str) -> impl Strategy<Value = Toy> {
    text().prop_flat_map(|text| (edits(&text), facts(&text), Just(text))).prop_map(
        move |(edits, facts, text)| {
            let toy =
                Toy::new(id, &text).meta("copy", text.as_str()).meta("parts", json!([{ "text": text }]));
            Toy { edits, facts, ..toy }
        },
    )
}

fn borders(text: &str) -> Vec<usize> {
    text.char_indices().map(|(at, _)| at).chain([text.len()]).collect()
}

/// The strings that the edits of a toy withhold, as far as they are long enough to be hidden everywhere.
fn secrets(toy: &Toy) -> Vec<&str> {
    let mut done = 0;
    let mut secrets = Vec::new();
    for edit in &toy.edits {
        let (Edit::Replace(begin, end, _) | Edit::Delete(begin, end) | Edit::Withhold(begin, end)) = *edit;
        if begin < done {
            continue; // refused: it begins inside the edit before it
        }
        done = end;
        let secret = &toy.article.raw[begin..end];
        if matches!(edit, Edit::Withhold(..)) && secret.trim().chars().count() > 2 {
            secrets.push(secret);
        }
    }
    secrets
}

/// What stands between two offsets of a text, as a reader who counts in `unit` sees it.
fn slice(text: &str, unit: &str, span: &Value) -> String {
    let (begin, end) = (span[0].as_u64().unwrap() as usize, span[1].as_u64().unwrap() as usize);
    match unit {
        "char" => text.chars().skip(begin).take(end - begin).collect(),
        "byte" => text[begin..end].to_owned(),
        _ => String::from_utf16(&text.encode_utf16().collect::<Vec<_>>()[begin..end]).unwrap(),
    }
}

fn strings<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(items) => items.iter().for_each(|item| strings(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| strings(field, found)),
        _ => {}
    }
}

proptest! {
    #[test]
    fn every_annotation_shows_what_stands_at_its_span(toy in toy("x")) {
        for unit in ["char", "byte", "utf16"] {
            for (spans, member) in [("raw", "text"), ("normalized", "normalized_text")] {
                let options = json!({"offsets": unit, "spans": spans, "text": "both"});
                let out = export("export.jsonl", options, std::slice::from_ref(&toy));
                prop_assert_eq!(out.matches('\n').count(), 1);
                let record: Value = serde_json::from_str(&out).unwrap();
                for (number, row) in record["annotations"].as_array().unwrap().iter().enumerate() {
                    prop_assert_eq!(&row["id"], &json!(format!("a{}", number + 1)));
                    let shown = slice(record[member].as_str().unwrap(), unit, &row["span"]);
                    prop_assert_eq!(row["text"].as_str().unwrap(), shown);
                    prop_assert!(row["text"] != "");
                }
            }
        }
    }

    #[test]
    fn every_reference_is_to_a_row_of_the_record(toy in toy("x")) {
        let record: Value = serde_json::from_str(&export("export.jsonl", json!({}), &[toy])).unwrap();
        let rows = record["annotations"].as_array().unwrap();
        let mut cues = Vec::new();
        for row in rows {
            for (_, ids) in row["refs"].as_object().unwrap() {
                let numbers: Vec<usize> =
                    ids.as_array().unwrap().iter().map(|id| id.as_str().unwrap()[1..].parse().unwrap()).collect();
                prop_assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]));
                prop_assert!(numbers.iter().all(|number| (1..=rows.len()).contains(number)));
                if row["layer"] != "cue" {
                    cues.extend(numbers);
                }
            }
            prop_assert!(row["layer"] != "token");
        }
        for (index, row) in rows.iter().enumerate() {
            prop_assert!(row["layer"] != "cue" || cues.contains(&(index + 1)));
        }
    }

    #[test]
    fn nothing_withheld_is_written(toy in toy("x")) {
        let secrets = secrets(&toy);
        let one = std::slice::from_ref(&toy);
        let record: Value = serde_json::from_str(&export("export.jsonl", json!({"text": "both"}), one)).unwrap();
        let mut shown = Vec::new();
        strings(&record, &mut shown);
        let text = export("export.text", json!({}), one);
        shown.push(&text);
        let page = export("export.summary", json!({"width": 2000}), one);
        for secret in secrets {
            for text in &shown {
                prop_assert!(!text.contains(secret), "{secret:?} in {text:?}");
            }
            prop_assert!(secret.contains(char::is_whitespace) || !page.contains(secret), "{secret:?} in {page}");
        }
    }

    #[test]
    fn batches_do_not_matter(a in toy("a"), b in toy("b"), c in toy("c")) {
        let toys = [a, b, c];
        for name in ["export.jsonl", "export.text", "export.summary"] {
            let joined = export(name, json!({}), &toys);
            let (head, tail) = toys.split_at(1);
            prop_assert_eq!(&joined, &export_batches(name, json!({}), &[head, tail]));
        }
    }

    #[test]
    fn a_page_keeps_to_its_width(toy in toy("x"), width in 30usize..90) {
        let out = export("export.summary", json!({"width": width, "direction": "plain"}), &[toy]);
        for line in out.lines() {
            let columns: usize = line.chars().map(|c| unicode_width::UnicodeWidthChar::width(c).unwrap_or(0)).sum();
            prop_assert!(columns <= width, "{columns} columns in {line:?}");
        }
    }

    #[test]
    fn isolates_are_balanced_on_every_line(toy in toy("x")) {
        for line in export("export.summary", json!({}), &[toy]).lines() {
            let mut depth = 0;
            for c in line.chars() {
                depth += match c { '\u{2068}' => 1, '\u{2069}' => -1, _ => 0 };
                prop_assert!((0..=1).contains(&depth));
            }
            prop_assert_eq!(depth, 0);
        }
    }
}

/// Ten thousand rows on one text, each linked and in one cluster: a quadratic step would take minutes.
#[test]
fn many_rows_are_written_in_time() {
    let unit = "قال علي😀 ";
    let mut toy = Toy::new("x", &unit.repeat(10_000));
    // Every second space is deleted, and every pair of units one byte shorter.
    toy.edits = (0..10_000)
        .step_by(2)
        .map(|i| Edit::Delete((i + 1) * unit.len() - 1, (i + 1) * unit.len()))
        .collect();
    let begin = |i: usize| i * unit.len() - i.div_ceil(2);
    toy.facts = (0..10_000)
        .map(|i| Fact {
            layer: ["cue", "entity", "quote", "time", "number"][i % 5],
            label: "PER",
            span: (begin(i), begin(i) + "قال علي".len()),
            attrs: vec![("entity", (i % 7).to_string()), ("value", i.to_string())],
            links: vec![("speaker", (i * 7919) % 10_000), ("cue", i / 5 * 5)],
            score: 0.5,
        })
        .collect();
    for (name, options) in [
        ("export.jsonl", json!({})),
        ("export.jsonl", json!({"offsets": "utf16", "spans": "normalized"})),
        ("export.summary", json!({})),
    ] {
        let out = export(name, options, std::slice::from_ref(&toy));
        assert!(out.len() > 100_000, "{name} wrote {} bytes", out.len());
    }
}
