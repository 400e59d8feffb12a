//! `langid_misc`: the language of a text in Arabic script. Rows that cut a text of two scripts into pieces do
//! not apply; of a text in Latin script only `und` is asked.

use std::sync::LazyLock;

use crate::rig::{Row, Through, Verdict};
use crate::rows::rows;

static LANGUAGE: LazyLock<Through> = LazyLock::new(|| {
    Through::new(
        r#"
        isnad = 1
        [[stage]]
        use = "normalize.unicode"
        [[stage]]
        use = "extract.language"
        "#,
    )
});

pub(crate) fn judge(row: &Row) -> Verdict {
    let expected = &row.fields["expected"];
    let Some(language) = expected["language"].as_str() else { return Verdict::NotApplicable };
    let language = if expected["script"] == "Arab" { language } else { "und" };
    let found = rows(&LANGUAGE, "language", &row.input);
    Verdict::of(found.first().map_or("", |row| row.label.as_str()), language)
}
