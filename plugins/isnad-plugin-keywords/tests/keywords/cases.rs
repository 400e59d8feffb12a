//! Articles and what they speak of.

use isnad_testkit::MemoryFiles;
use serde_json::{Value, json};

use crate::{chain, keywords, keywords_of};

/// What an article speaks of, best first.
#[track_caller]
fn check(options: Value, article: &str, expected: &[&str]) {
    let stages = chain(options, &MemoryFiles::default()).expect("the options are right");
    let found: Vec<String> = keywords(&stages, article).into_iter().map(|(text, ..)| text).collect();
    assert_eq!(found, expected);
}

const DAM: &str = "تعثر مفاوضات سد النهضة
قال وزير الري إن مفاوضات سد النهضة توقفت أمس بعد خلاف على ملء الخزان. وأضاف أن سدّ النهضـة يهدد حصة المياه، \
وأن ملء الخزان قبل الاتفاق مرفوض. ودعا الاتحاد الأفريقي إلى استئناف المفاوضات، وقال الاتحاد الأفريقي إن الخزان \
والمياه ملفان لا ينفصلان. وأكدت إثيوبيا أن للسدّ فوائد، وأن الملء سيبدأ في موعده.";

const TEAM: &str = "الزمالك يتعاقد مع لاعب وسط
أعلن نادي الزمالك التعاقد مع لاعب الوسط كريم بدران قادما من الترجي. ووقع بدران عقدا لثلاثة مواسم. وقال مدرب الزمالك \
إن لاعب الوسط إضافة كبيرة للفريق، وإن بدران سيشارك في الدوري. ويحتل الزمالك المركز الثاني في الدوري.";

#[test]
fn a_dam_and_a_team() {
    check(json!({}), DAM, &["مفاوضات سد النهضة", "ملء الخزان", "الاتحاد الأفريقي", "المياه"]);
    check(json!({ "count": 4 }), TEAM, &["الزمالك", "بدران", "لاعب الوسط", "الدوري"]);
}

#[test]
fn no_phrase_begins_or_ends_with_a_function_word() {
    check(json!({ "min_count": 2 }), "قال إن في ذلك ما هو على أن. قال إن في ذلك ما هو على أن.", &[]);
    check(
        json!({ "count": 1 }),
        "الحرب على الفساد مستمرة. بدأت الحرب على الفساد. لن تتوقف الحرب على الفساد.",
        &["الحرب على الفساد"],
    );
}

#[test]
fn phrases_end_where_sentences_and_parts_of_them_do() {
    check(json!({}), "وصل القطار. المحطة قديمة. تأخر القطار. المحطة مزدحمة.", &["القطار", "المحطة"]);
    check(json!({}), "القطار والمحطة، القطار والمحطة", &["القطار", "المحطة"]);
}

#[test]
fn options_choose() {
    check(json!({ "count": 1 }), TEAM, &["الزمالك"]);
    check(json!({ "count": 2, "stopwords": ["زمالك"] }), TEAM, &["بدران", "لاعب الوسط"]);
    check(json!({ "count": 2, "longest": 1 }), DAM, &["سد", "النهضة"]);
    check(json!({ "min_count": 4 }), TEAM, &["الزمالك"]);
}

#[test]
fn a_background_of_ones_own_decides_what_is_rare() {
    let table = "phrase\tdocuments\n*\t10\nزمالك\t10\n";
    let files = MemoryFiles::new([("sport.tsv", table)]);
    let stages = chain(json!({ "background": "sport.tsv", "count": 1 }), &files).expect("the table is sound");
    assert_eq!(keywords(&stages, TEAM).first().map(|(text, ..)| text.as_str()), Some("بدران"));
}

#[test]
fn bad_options_are_all_named() {
    let files = MemoryFiles::new([("bad.tsv", "word\n")]);
    let Err(errors) = chain(json!({ "longest": 6, "min_count": 0, "background": "bad.tsv" }), &files) else {
        panic!("bad options were taken")
    };
    let paths: Vec<&str> = errors.iter().map(|error| error.path.as_str()).collect();
    assert_eq!(paths, ["longest", "min_count", "background"]);
}

#[test]
fn an_article_without_words_has_none() {
    for text in ["", "١٢٣ ١٢٣", "!!! ؟؟؟"] {
        assert_eq!(keywords_of(text), [], "{text}");
    }
}
