//! `unicode_normalization_ar`: the lines about Arabic script of Unicode's conformance file for normalization.
//! NFC for all of them. `normalize.unicode` replaces compatibility forms in the blocks of Arabic presentation
//! forms only, so NFKC for rows with such a form.

use std::sync::LazyLock;

use crate::rig::{Row, Through, Verdict};

static NFC: LazyLock<Through> = LazyLock::new(|| {
    Through::rewriting(
        r#"
        [[stage]]
        use = "normalize.unicode"
        presentation_forms = false
        "#,
    )
});

static PLAIN: LazyLock<Through> = LazyLock::new(|| {
    Through::rewriting(
        r#"
        [[stage]]
        use = "normalize.unicode"
        "#,
    )
});

pub(crate) fn judge(row: &Row) -> Verdict {
    let form = |name: &str| row.fields["expected"][name].as_str().unwrap_or_default().to_owned();
    let composed = NFC.text(&row.input);
    if composed != form("nfc") || row.fields["presentation_form"] != true {
        return Verdict::of(composed, form("nfc"));
    }
    Verdict::of(PLAIN.text(&row.input), form("nfkc"))
}
