//! The schemas of `[[test]]` and `[[property]]`, which the checks ask and `isnad schema` prints.

use serde_json::{Map, Value, json};

use super::{LAWS, TestOutcome};

/// How many articles a property generates, unless it says so or articles are given.
pub(super) const CASES: u32 = 100;

/// More take longer than anybody waits.
const MOST_CASES: u32 = 1_000_000;

/// The schema of a `[[test]]`.
pub(crate) fn test_schema() -> Value {
    let outcomes: Vec<&str> = TestOutcome::ALL.iter().map(|outcome| outcome.name()).collect();
    let count = json!({
        "description": "How many such rows there are. By default one or more.",
        "type": "integer",
        "minimum": 1,
        "maximum": 1_000_000
    });
    json!({
        "description": "An article, and what the stages are to make of it. `isnad test` runs it; `isnad run` does not look at it.",
        "type": "object",
        "additionalProperties": false,
        "required": ["name"],
        "properties": {
            "name": filled("What the test is called; unique among tests and properties."),
            "article": {
                "description": "The article itself. Either this or `file`.",
                "type": "string"
            },
            "file": filled("A file with the article, relative to the pipeline file. It is read as the inputs of the pipeline are, and holds one article."),
            "title": filled("The title, which stands before the article with a blank line between them."),
            "id": { "description": "The id of the document. By default the name of the test.", "type": "string" },
            "published": filled("The date of publication, such as 2023-05-16."),
            "meta": { "description": "Metadata of the document: any keys and values.", "type": "object" },
            "expect": {
                "description": "Rows that are to be there.",
                "type": "array",
                "items": pattern("A row that is to be there.", Some(("count", count)))
            },
            "absent": {
                "description": "Rows that are not to be there.",
                "type": "array",
                "items": pattern("What no row may look like.", None)
            },
            "only": {
                "description": "Layers that are to hold no other rows than the expected ones.",
                "type": "array",
                "items": { "type": "string", "minLength": 1 }
            },
            "normalized": { "description": "The whole text after normalization.", "type": "string" },
            "outcome": {
                "description": "What becomes of the document: `kept` goes through to the end, `dropped` is taken out by a stage on purpose, `quarantined` cannot be handled by a stage.",
                "type": "string",
                "enum": outcomes,
                "default": TestOutcome::default().name()
            }
        }
    })
}

/// The schema of a `[[property]]`.
pub(crate) fn property_schema() -> Value {
    let laws: Vec<&str> = ["all"].into_iter().chain(LAWS).collect();
    let keys = |about: &str| {
        json!({
            "description": about,
            "type": "array",
            "items": { "type": "string", "minLength": 1 },
            "minItems": 1
        })
    };
    json!({
        "description": "Something that is to hold for every article, generated or given. `isnad test` tries it; `isnad run` does not look at it.",
        "type": "object",
        "additionalProperties": false,
        "required": ["name"],
        "properties": {
            "name": filled("What the property is called; unique among tests and properties."),
            "law": {
                "description": "A law that stages keep, or `all` of them. Either this, `every` or `never`.",
                "type": "string",
                "enum": laws
            },
            "stage": filled("The stage that keeps the law, by its id. By default every stage of the pipeline."),
            "every": pattern("Rows that are all to be as `has`, `inside` and `outside` say.", None),
            "has": {
                "description": "What each row of `every` has.",
                "type": "object",
                "additionalProperties": false,
                "properties": {
                    "attrs": keys("Attrs that it has, with any value."),
                    "refs": keys("Links that it has, to whatever row.")
                }
            },
            "inside": filled("The layer in one of whose rows each row of `every` lies."),
            "outside": filled("The layer none of whose rows a row of `every` overlaps."),
            "never": pattern("What no row may look like.", None),
            "articles": {
                "description": "Files, folders and globs with articles to try, relative to the pipeline file.",
                "type": "array",
                "items": { "type": "string", "minLength": 1 },
                "minItems": 1
            },
            "cases": {
                "description": "How many articles are generated. By default 100, and none where `articles` are given.",
                "type": "integer",
                "minimum": 0,
                "maximum": MOST_CASES
            },
            "seed": {
                "description": "Another seed generates other articles; the same seed always the same ones.",
                "type": "integer",
                "minimum": 0,
                "default": 0
            }
        }
    })
}

/// What rows look like, with one more key.
fn pattern(about: &str, more: Option<(&str, Value)>) -> Value {
    let one = json!({ "type": "string" });
    let texts = json!({ "type": "array", "items": one });
    let mut properties = Map::new();
    let mut add = |key: &str, value: Value| properties.insert(key.to_owned(), value);
    add("layer", filled("The layer, such as `entity`."));
    add("label", filled("The label, such as `PER`."));
    add("text", filled("The text of the row, as it stands in the raw article."));
    add(
        "attrs",
        json!({
            "description": "Attrs and their values, such as `{ channel = \"phone\" }`.",
            "type": "object",
            "additionalProperties": { "type": ["string", "integer", "boolean"] }
        }),
    );
    add(
        "refs",
        json!({
            "description": "Links and the texts of all rows that they lead to, such as `{ speaker = [\"سامح شكري\"] }`; `[]`: there is no such link.",
            "type": "object",
            "additionalProperties": { "anyOf": [one, texts] }
        }),
    );
    if let Some((key, value)) = more {
        add(key, value);
    }
    json!({
        "description": about,
        "type": "object",
        "additionalProperties": false,
        "required": ["layer"],
        "properties": properties
    })
}

fn filled(about: &str) -> Value {
    json!({ "description": about, "type": "string", "minLength": 1 })
}
