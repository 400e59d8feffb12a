//! `sbd_ar`: sentences. Projects disagree whether a colon and an Arabic comma end one; rules without them
//! apply, where an expected piece that ends in a colon goes on with the next.

use std::sync::LazyLock;

use serde_json::Value;

use crate::rig::{Row, Through, Verdict};
use crate::rows::rows;

static SENTENCES: LazyLock<Through> = LazyLock::new(|| {
    Through::new(
        r#"
        isnad = 1
        [[stage]]
        use = "extract.sentences"
        "#,
    )
});

pub(crate) fn judge(row: &Row) -> Verdict {
    let pieces = row.fields["expected"].as_array().cloned().unwrap_or_default();
    let pieces: Vec<&str> = pieces.iter().filter_map(Value::as_str).map(str::trim).collect();
    if pieces.iter().any(|piece| piece.ends_with('،')) {
        return Verdict::NotApplicable;
    }
    let mut expected = String::new();
    for piece in pieces {
        expected.push_str(piece);
        expected.push_str(if piece.ends_with(':') { " " } else { "\n" });
    }
    let found: Vec<String> =
        rows(&SENTENCES, "sentence", &row.input).into_iter().map(|row| row.text).collect();
    Verdict::of(found.join("\n"), expected.trim_end())
}
