//! `charabia_ar`: the Arabic normalizer of charabia, the tokenizer of Meilisearch. Its segmenter splits the
//! article off every word and has no counterpart.

use std::sync::LazyLock;

use crate::lucene::NORMALIZER;
use crate::rig::{Row, Through, Verdict};

static WITHOUT_MARKS: LazyLock<Through> = LazyLock::new(|| {
    Through::rewriting(
        r#"
        [[stage]]
        use = "normalize.marks"
        "#,
    )
});

pub(crate) fn judge(row: &Row) -> Verdict {
    let pipeline = match row.text("op") {
        "arabic_normalizer" | "full_pipeline" => &NORMALIZER,
        "strip_nonspacing_marks" => &WITHOUT_MARKS,
        _ => return Verdict::NotApplicable,
    };
    Verdict::of(pipeline.text(&row.input), row.text("expected"))
}
