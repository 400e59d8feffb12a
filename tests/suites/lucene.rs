//! `lucene_ar`: the tests of Lucene's `ArabicNormalizationFilter`. Its stemmer and analyzer have no counterpart.

use std::sync::LazyLock;

use crate::rig::{Row, Through, Verdict};

/// The normalizer of Lucene as a pipeline.
pub(crate) static NORMALIZER: LazyLock<Through> = LazyLock::new(|| {
    Through::rewriting(
        r#"
        [[stage]]
        use = "normalize.marks"
        [[stage]]
        use = "normalize.tatweel"
        [[stage]]
        use = "normalize.letters"
        alef = true
        ya = true
        ta_marbuta = true
        "#,
    )
});

pub(crate) fn judge(row: &Row) -> Verdict {
    match row.text("op") {
        "normalize" => Verdict::of(NORMALIZER.text(&row.input), row.text("expected")),
        _ => Verdict::NotApplicable,
    }
}
