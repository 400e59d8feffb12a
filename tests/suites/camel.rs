//! `camel_charmaps`: the normalizers and character maps of CAMeL Tools. Of `arclean`, which makes ASCII and MSA
//! letters of everything, the rows about letters, marks and presentation forms; its transliterations have no
//! counterpart.

use std::sync::LazyLock;

use isnad::arabic::{Class, class};

use crate::rig::{Row, Through, Verdict};

pub(crate) fn judge(row: &Row) -> Verdict {
    let pipeline: &Through = match row.text("op") {
        "normalize_alef_ar" => &ALEF,
        "normalize_alef_maksura_ar" => &YA,
        "normalize_teh_marbuta_ar" => &TA_MARBUTA,
        "normalize_unicode" => &UNICODE,
        "charmap:arclean" if is_of_arabic_script(&row.input) => &ARCLEAN,
        _ => return Verdict::NotApplicable,
    };
    Verdict::of(pipeline.text(&row.input), row.text("expected"))
}

fn is_of_arabic_script(input: &str) -> bool {
    let is_arabic =
        |c| matches!(class(c), Class::Letter | Class::ExtendedLetter | Class::Mark | Class::Presentation);
    input.chars().all(is_arabic)
}

static ALEF: LazyLock<Through> = LazyLock::new(|| letters("alef = true"));
static YA: LazyLock<Through> = LazyLock::new(|| letters("ya = true"));
static TA_MARBUTA: LazyLock<Through> = LazyLock::new(|| letters("ta_marbuta = true"));

fn letters(option: &str) -> Through {
    Through::rewriting(&format!("[[stage]]\nuse = \"normalize.letters\"\n{option}"))
}

static UNICODE: LazyLock<Through> = LazyLock::new(|| {
    Through::rewriting(
        r#"
        [[stage]]
        use = "normalize.unicode"
        "#,
    )
});

static ARCLEAN: LazyLock<Through> = LazyLock::new(|| {
    Through::rewriting(
        r#"
        [[stage]]
        use = "normalize.unicode"
        [[stage]]
        use = "normalize.marks"
        hamza = true
        [[stage]]
        use = "normalize.letters"
        kaf = true
        look_alikes = true
        foreign = true
        "#,
    )
});
