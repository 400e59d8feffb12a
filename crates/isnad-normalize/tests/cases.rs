//! What each stage does to which characters, and where the rest then lies in the raw text.

mod one_stage;

use isnad_core::Span;
use one_stage::run;
use proptest::prelude::*;
use serde_json::{Value, json};

#[track_caller]
fn check(name: &str, options: Value, cases: &[(&str, &str)]) {
    for (before, after) in cases {
        let document = run(name, options.clone(), before);
        assert_eq!(
            document.content().text(),
            *after,
            "{name} of «{before}»\n {:?}",
            document.content().text()
        );
    }
}

/// The raw text under the first occurrence of `part` in the new text.
#[track_caller]
fn check_raw(name: &str, raw: &str, part: &str, expected: &str) {
    let document = run(name, json!({}), raw);
    let content = document.content();
    let at = content.text().find(part).expect("the part occurs");
    assert_eq!(content.to_raw(Span::new(at, at + part.len())).of(raw), expected, "«{part}» in «{raw}»");
}

#[test]
fn unicode_composes_and_orders() {
    check(
        "normalize.unicode",
        json!({}),
        &[
            ("\u{0627}\u{0653}", "آ"),                                   // MADDAH ABOVE
            ("\u{0627}\u{0654}\u{0648}\u{0654}\u{064A}\u{0654}", "أؤئ"), // HAMZA ABOVE
            ("\u{0627}\u{0655}لى", "إلى"),                               // HAMZA BELOW
            ("\u{0627}\u{064E}\u{0654}", "أ\u{064E}"),                   // FATHA between the two
            ("محم\u{0651}\u{064E}د", "محم\u{064E}\u{0651}د"),            // SHADDA FATHA → FATHA SHADDA
            ("cafe\u{0301} \u{212B}", "café Å"), // COMBINING ACUTE ACCENT, ANGSTROM SIGN
            ("½ ﬁ Ａ", "½ ﬁ Ａ"),
        ],
    );
}

#[test]
fn unicode_unshapes() {
    check(
        "normalize.unicode",
        json!({}),
        &[
            ("\u{FE8D}\u{FEDF}\u{FEEE}\u{FEAF}\u{FEF3}\u{FEAE}", "الوزير"),
            ("\u{FEFB} \u{FDF2} \u{FDFA} \u{FDFC}", "لا الله صلى الله عليه وسلم ریال"),
            ("\u{FE8B}\u{FE83}", "ئأ"),
            ("ب\u{FC5E}", "ب\u{064C}\u{0651}"), // SHADDA WITH DAMMATAN ISOLATED FORM
            ("ب\u{FE77}ت", "ب\u{064E}ت"),       // FATHA MEDIAL FORM
            ("ب\u{0651}\u{FE76}", "ب\u{064E}\u{0651}"), // SHADDA, FATHA ISOLATED FORM
            ("\u{FD3E}1\u{FD3F} \u{FDFD}", "\u{FD3E}1\u{FD3F} بسم الله الرحمن الرحيم"), // ornate parentheses
        ],
    );
    check(
        "normalize.unicode",
        json!({ "presentation_forms": false }),
        &[("\u{FEFB}\u{0627}\u{0653}", "\u{FEFB}آ")],
    );
    check("normalize.unicode", json!({ "nfc": false }), &[("\u{FE83}\u{0627}\u{0653}", "أ\u{0627}\u{0653}")]);
}

#[test]
fn unicode_keeps_letters_with_themselves() {
    check_raw("normalize.unicode", "قر\u{0627}\u{0654}ن", "أ", "\u{0627}\u{0654}");
    check_raw("normalize.unicode", "قر\u{0627}\u{0654}ن", "ن", "ن");
    check_raw("normalize.unicode", "\u{FE8D}\u{FEDF}\u{FEFB}", "لا", "\u{FEFB}");
    check_raw("normalize.unicode", "\u{FE8D}\u{FEDF}\u{FEFB}", "ا", "\u{FE8D}");
    check_raw("normalize.unicode", "\u{FDF2} أكبر", "له", "\u{FDF2}");
    check_raw("normalize.unicode", "ب\u{0651}\u{064E}ت", "\u{064E}", "\u{0651}");
    check_raw("normalize.unicode", "ب\u{FE77}", "ب", "ب");
}

#[test]
fn controls_go() {
    check(
        "normalize.controls",
        json!({}),
        &[
            ("\u{FEFF}قال\u{200F} \u{202B}الوزير\u{202C}", "قال الوزير"),
            ("أ\r\nب\rج\u{0085}د\u{2028}ه\u{2029}و\u{000B}ز\u{000C}ح\n", "أ\nب\nج\nد\nه\nو\nز\nح\n"),
            ("أ\r\r\nب", "أ\n\nب"),
            ("أ\u{0000}ب\tج\u{007F}\u{0080}د", "أب\tجد"),
            ("كو\u{00AD}رو\u{200B}نا", "كورونا"),
            ("می\u{200C}خواهم هـ\u{200D}", "میخواهم هـ"),
            ("👨\u{200D}👩\u{200D}👧 ❤\u{FE0F}\u{200D}🔥", "👨\u{200D}👩\u{200D}👧 ❤\u{FE0F}\u{200D}🔥"),
            ("👨\u{200D} ب", "👨 ب"),
        ],
    );
    check("normalize.controls", json!({ "joiners": "keep" }), &[("می\u{200C}خواهم", "می\u{200C}خواهم")]);
    check_raw("normalize.controls", "قال\u{200F} هو", "قال", "قال");
    check_raw("normalize.controls", "أ\r\nب", "\n", "\n");
    check_raw("normalize.controls", "أ\u{2029}ب", "\n", "\u{2029}");
}

#[test]
fn marks_go() {
    check(
        "normalize.marks",
        json!({}),
        &[
            ("قَالَ مُحَمَّدٌ", "قال محمد"),
            ("هٰذا شيءٌ جدًّا", "هذا شيء جدا"),
            ("بِسۡمِ ٱللَّهِ ۖ", "بسم ٱلله "),
            ("ى\u{0654}", "ى\u{0654}"), // HAMZA ABOVE
        ],
    );
    check("normalize.marks", json!({ "shadda": false }), &[("مُحَمَّدٌ", "محمّد")]);
    check("normalize.marks", json!({ "vowels": false, "shadda": false }), &[("هٰذا مُحَمَّدٌ", "هذا مُحَمَّدٌ")]);
    check_raw("normalize.marks", "قَالَ هو", "قال", "قَالَ");
    check_raw("normalize.marks", "قَالَ هو", "ق", "قَ");
}

#[test]
fn tatweel_goes() {
    let cases = [("قـــال الـرئيس هـ.", "قال الرئيس هـ."), ("1445 هــ، وجهـ", "1445 هـ، وجه"), ("ـه", "ه")];
    check("normalize.tatweel", json!({}), &cases);
    check("normalize.tatweel", json!({ "lone": "keep" }), &cases);
    check(
        "normalize.tatweel",
        json!({}),
        &[
            ("الوزير ـ أمس ـ إن", "الوزير – أمس – إن"),
            ("ـــــ", "–"),
            ("2010ـ2015", "2010–2015"),
            ("ـَ", "ـَ"),
            ("م\u{200F}ـ", "م\u{200F}"),
        ],
    );
    check("normalize.tatweel", json!({ "lone": "remove" }), &[("أمس ـ إن", "أمس  إن")]);
    check_raw("normalize.tatweel", "قــال", "ق", "قــ");
    check_raw("normalize.tatweel", "ـه", "ه", "ـه");
}

#[test]
fn punctuation_takes_its_place() {
    check(
        "normalize.punctuation",
        json!({}),
        &[
            ("قال ، ثم ذهب .", "قال، ثم ذهب."),
            ("قال،ثم", "قال، ثم"),
            ("قال ،ثم", "قال، ثم"),
            ("قال, لماذا? نعم;", "قال، لماذا؟ نعم؛"),
            ("قال , ثم", "قال، ثم"),
            ("لماذا??!", "لماذا؟؟!"),
            ("قال :\"نعم\"", "قال:\"نعم\""),
            ("«نعم» ، ثم", "«نعم»، ثم"),
            ("عام 2020 .", "عام 2020."),
            ("انتهى .وقال", "انتهى.وقال"), // a space after a full stop is never inserted
        ],
    );
    for same in [
        "1,250 و3.5 و10:30 و٣,٥",
        "10 : 30",
        "ثم ...",
        "ثم ..",
        "https://مثال.com/خبر,و?س;ش",
        "www.مثال.com/أ?ب",
        "Paris, London; why?",
        "بقيمة .5",
        "لغة .NET",
        "@wam ,x",
        "كلمة ;)",
        "'نعم'",
        "“نعم”",
        "https://x.com .",
    ] {
        check("normalize.punctuation", json!({}), &[(same, same)]);
    }
    check("normalize.punctuation", json!({ "space_before": false }), &[("قال ، ثم", "قال ، ثم")]);
    check("normalize.punctuation", json!({ "space_after": false }), &[("قال,ثم", "قال،ثم")]);
    check("normalize.punctuation", json!({ "latin_comma_question": false }), &[("لماذا?", "لماذا?")]);
    check_raw("normalize.punctuation", "قال ، ثم", "قال", "قال");
    check_raw("normalize.punctuation", "قال،ثم", "ثم", "ثم");
    check_raw("normalize.punctuation", "قال،ثم", "قال، ", "قال،");
}

#[test]
fn quotes_take_their_form() {
    let guillemets = json!({ "quotes": "guillemets" });
    let cases = [
        ("قال \"نعم\" ثم “لا”.", "قال «نعم» ثم «لا»."),
        ("قال ”نعم“ ثم", "قال «نعم» ثم"),
        ("و\"نعم\" ثم", "و«نعم» ثم"),
        ("(\"نعم\")", "(«نعم»)"),
        ("«قال \"نعم\"»", "«قال «نعم»»"),
    ];
    check("normalize.punctuation", guillemets, &cases);
    check("normalize.punctuation", json!({ "quotes": "ascii" }), &[("«نعم» “لا”", "\"نعم\" \"لا\"")]);
    check("normalize.punctuation", json!({ "quotes": "typographic" }), &[("«نعم» \"لا\"", "“نعم” “لا”")]);
}

#[test]
fn quotes_hold_what_they_quote() {
    check(
        "normalize.punctuation",
        json!({}),
        &[
            ("قال: « نعم »، ثم \" لا \".", "قال: «نعم»، ثم \"لا\"."),
            ("( الموساد ) و[ كذا ]", "(الموساد) و[كذا]"),
            ("( \" نعم \" )", "(\"نعم\")"),
            ("قال،«نعم» و؛(لا)", "قال، «نعم» و؛ (لا)"),
        ],
    );
    for same in [
        "قال »نعم« ثم", // the marks stand the wrong way round
        "كلمة( نص)",    // nobody knows what was meant
        "[ ] بند أول",  // a box to be ticked
        "مرحبا :)",
        "من \"مشاعر\" الغيرة \" تجاه \"كبير\" ثم", // a mark too many
        "قال الوزير \"\nنعم",                      // a mark at the end of a line
    ] {
        check("normalize.punctuation", json!({}), &[(same, same)]);
    }
    check("normalize.punctuation", json!({ "space_inside": false }), &[("« نعم »", "« نعم »")]);
    check_raw("normalize.punctuation", "قال « نعم » ثم", "«نعم»", "« نعم »");
    check_raw("normalize.punctuation", "قال « نعم » ثم", "نعم", "نعم");
}

#[test]
fn space_stands_outside_of_marks() {
    check(
        "normalize.punctuation",
        json!({ "space_outside": true }),
        &[
            ("الأردني\"مؤجج\"مجددا", "الأردني \"مؤجج\" مجددا"),
            ("المنتخب(مانشافت)بلقب", "المنتخب (مانشافت) بلقب"),
            ("(76)و(77)", "(76) و(77)"),
            ("وبـ«العقوبة» وال«سيري» ول\"هذا\"", "وبـ«العقوبة» وال«سيري» ول\"هذا\""),
            ("طالب(ة) و(ال)مدرسة", "طالب(ة) و(ال)مدرسة"),
            ("دالة f(x) و\"نعم\".", "دالة f(x) و\"نعم\"."),
        ],
    );
}

#[test]
fn single_quotes_go_in_pairs() {
    let cases = [
        ("قال 'نعم' و’لا‘ ثم", "قال ‹نعم› و‹لا› ثم"),
        ("وقال: `نعم´، \"قال 'لا'\".", "وقال: ‹نعم›، \"قال ‹لا›\"."),
        ("آ’ان don't players' 'وحده", "آ’ان don't players' 'وحده"),
        ("'نعم\nلا'", "'نعم\nلا'"), // a pair stands in one line
        ("''نعم''", "''نعم''"),
    ];
    check("normalize.punctuation", json!({ "single_quotes": "guillemets" }), &cases);
    check("normalize.punctuation", json!({ "single_quotes": "ascii" }), &[("‘نعم’ و‹لا›", "'نعم' و'لا'")]);
    check("normalize.punctuation", json!({ "single_quotes": "typographic" }), &[("'نعم'", "‘نعم’")]);
    check("normalize.punctuation", json!({ "quotes": "guillemets" }), &[("''نعم'' 'لا'", "«نعم» 'لا'")]);
}

#[test]
fn omissions_and_dashes_take_one_form() {
    let dots = [("نعم… لا…. ربما......", "نعم... لا... ربما..."), ("نعم.. لا", "نعم.. لا")];
    check("normalize.punctuation", json!({ "ellipsis": "dots" }), &dots);
    let character = [("نعم... لا.... ربما…", "نعم… لا… ربما…"), ("https://x.com/a...b", "https://x.com/a...b")];
    check("normalize.punctuation", json!({ "ellipsis": "character" }), &character);
    check(
        "normalize.punctuation",
        json!({ "dashes": "en" }),
        &[
            ("(CNN)-- أعلن — أمس - عن 2011-2015 ― لا", "(CNN)– أعلن – أمس – عن 2011-2015 – لا"),
            ("- بند\n - بند", "- بند\n - بند"),
            ("----- --help <!-- x --> \u{2212}5", "----- --help <!-- x --> \u{2212}5"), // MINUS SIGN
            ("press--x@example.com", "press--x@example.com"),
        ],
    );
    let hyphen = [("2011–2015 — \u{2212}5 --", "2011-2015 - -5 -")]; // MINUS SIGN
    check("normalize.punctuation", json!({ "dashes": "hyphen" }), &hyphen);
}

#[test]
fn commas_in_arabic_surroundings() {
    check(
        "normalize.punctuation",
        json!({}),
        &[
            ("عام 2020, وقال", "عام 2020، وقال"),
            ("(CNN), قال \"نعم\"? ثم", "(CNN)، قال \"نعم\"؟ ثم"),
            ("عام 1985،عندما كان،46 عاما،CNN", "عام 1985، عندما كان، 46 عاما، CNN"),
            ("54،180", "54،180"),
            ("قال،   ثم", "قال، ثم"),
            ("الكربون٬ ثم ١٬٢٥٠ و2030م٫ كما", "الكربون، ثم ١٬٢٥٠ و2030م، كما"),
            ("press@example.com , ثم", "press@example.com , ثم"),
            ("&nbsp; ثم", "&nbsp; ثم"),
        ],
    );
    let repeated = [("لماذا؟؟؟ نعم!!!! لا،، ثم؟!؟!", "لماذا؟ نعم! لا، ثم؟!؟!"), ("ما هذا??", "ما هذا؟")];
    check("normalize.punctuation", json!({ "repeated": true }), &repeated);
}

#[test]
fn letters_are_folded() {
    check(
        "normalize.letters",
        json!({}),
        &[("أحمد إلى مدرسة ی گ ﻻ جمييييل", "أحمد إلى مدرسة ی گ ﻻ جمييييل")],
    );
    for (options, before, after) in [
        (json!({ "alef": true }), "أحمد إلى آسيا ٱلله", "احمد الى اسيا الله"),
        (json!({ "hamza": "seat" }), "مؤتمر الطائرة شيء", "موتمر الطايرة شيء"),
        (json!({ "hamza": "bare" }), "مسؤول مسئول شيء", "مسءول مسءول شيء"),
        (json!({ "ya": true }), "مستشفى علی", "مستشفي علی"),
        (json!({ "ta_marbuta": true }), "مدرسة", "مدرسه"),
        (json!({ "kaf": true }), "کتاب ڪبير گوگل", "كتاب كبير گوگل"),
        (json!({ "look_alikes": true }), "علی ھذا خانہ پاريس", "علي هذا خانه پاريس"),
        (json!({ "foreign": true }), "پاريس ڤيينا چاد علی", "باريس فيينا جاد علی"),
        (json!({ "lam_alef": true }), "\u{FEFB} \u{FEF7}", "لا لأ"), // LAM WITH ALEF, the same WITH HAMZA ABOVE
        (json!({ "lam_alef": true, "alef": true }), "\u{FEFB} \u{FEF7}", "لا لا"),
        (json!({ "repeats": 1 }), "جمييييل الله ووو 😀😀😀 wwww ...", "جميل الله وو 😀😀😀 wwww ..."),
        (json!({ "repeats": 2 }), "هههههه", "هه"),
        (json!({ "repeats": 1 }), "الللبنانية للللقاء وووصف هههه", "اللبنانية للقاء ووصف ه"),
        (
            json!({ "repeats": 1 }),
            "#جميييل @جميييل http://جميييل.com (#جميييل)",
            "#جميييل @جميييل http://جميييل.com (#جميييل)",
        ),
        (json!({ "repeats": 1, "alef": true }), "لاأإ", "لا"),
    ] {
        check("normalize.letters", options, &[(before, after)]);
    }
    let document = run("normalize.letters", json!({ "alef": true, "hamza": "bare" }), "أسئلة");
    assert!(document.content().alignment().is_identity(), "letters of equal length stay with themselves");
    let document = run("normalize.letters", json!({ "repeats": 1 }), "جمييييل جدا");
    assert_eq!(document.content().to_raw(Span::new(0, 8)).of("جمييييل جدا"), "جمييييل");
}

#[test]
fn digits_are_of_one_set() {
    for (options, before, after) in [
        (json!({}), "٢٠٢٣ ۱۴۰۲ 12٣ ١٬٢٥٠٫٥٪ ٪", "2023 1402 123 1,250.5% %"),
        (json!({ "separators": false }), "١٬٢٥٠٫٥٪", "1٬250٫5٪"),
        (json!({}), "الكربون٬ ثم ١،٥", "الكربون٬ ثم 1،5"),
        (
            json!({ "to": "arabic" }),
            "2023 و1,250.5% و%5 و16.5.2023 و3,5",
            "٢٠٢٣ و١٬٢٥٠٫٥٪ و٪٥ و١٦.٥.٢٠٢٣ و٣,٥",
        ),
        (json!({ "to": "arabic" }), "10:30 16/5/2023 2011-2015 ۵", "١٠:٣٠ ١٦/٥/٢٠٢٣ ٢٠١١-٢٠١٥ ٥"),
        (
            json!({ "to": "arabic" }),
            "F-16 COVID-19 50km G20 1\u{FE0F}\u{20E3}",
            "F-16 COVID-19 50km G20 1\u{FE0F}\u{20E3}",
        ),
        (
            json!({ "to": "arabic" }),
            "http://x.com/5 @user5 #رؤية_2030 a5@x.com",
            "http://x.com/5 @user5 #رؤية_2030 a5@x.com",
        ),
        (json!({ "to": "persian" }), "2023 ٢٠٢٣", "۲۰۲۳ ۲۰۲۳"),
        (json!({ "to": "keep" }), "1٬250 ١,٢٥٠ 75٪ ٥%", "1,250 ١٬٢٥٠ 75% ٥٪"),
    ] {
        check("normalize.digits", options, &[(before, after)]);
    }
    check_raw("normalize.digits", "عام ٢٠٢٣ كان", "2023", "٢٠٢٣");
    check_raw("normalize.digits", "عام ٢٠٢٣ كان", "كان", "كان");
}

#[test]
fn space_is_tidied() {
    check(
        "normalize.space",
        json!({}),
        &[
            ("  قال   الوزير\u{00A0}أمس\t ", "قال الوزير أمس"),
            ("أ  \n  ب", "أ\nب"),
            ("أ\n\n\n\nب\n \n \nج", "أ\n\nب\n\nج"),
            ("أ\r\n\r\n\r\nب", "أ\r\n\r\nب"),
            ("\n\n", ""),
            ("أ “ب” –\u{2003}ج", "أ “ب” – ج"),
        ],
    );
    check("normalize.space", json!({ "blank_lines": 0 }), &[("أ\n\n\nب", "أ\nب")]);
    check("normalize.space", json!({ "ends": false }), &[("\n أ \n", "\nأ\n")]);
    check_raw("normalize.space", "أ \u{00A0} ب", " ", " \u{00A0} ");
    check_raw("normalize.space", "أ  \n  ب", "\n", "\n");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn unicode_makes_nfc(raw in isnad_testkit::arabic::text()) {
        let document = run("normalize.unicode", json!({}), &raw);
        let text = document.content().text();
        prop_assert!(unicode_normalization::is_nfc(text), "{:?}", text);
        let plain = unicode_normalization::UnicodeNormalization::nfc(&*raw).collect::<String>();
        let only_nfc = run("normalize.unicode", json!({ "presentation_forms": false }), &raw);
        prop_assert_eq!(only_nfc.content().text(), plain);
    }

    #[test]
    fn marks_and_tatweel_leave_none(raw in isnad_testkit::arabic::text()) {
        let marks = run("normalize.marks", json!({ "hamza": true }), &raw);
        prop_assert!(!marks.content().text().chars().any(isnad_arabic::is_mark));
        let tatweel = run("normalize.tatweel", json!({ "lone": "remove" }), marks.content().text());
        let stroke = '\u{0640}'; // TATWEEL
        prop_assert!(!tatweel.content().text().contains(stroke));
    }

    #[test]
    fn what_remains_is_what_was_there(raw in isnad_testkit::arabic::text()) {
        // These stages only delete: what is left is a subsequence of the raw text.
        for (name, options) in [
            ("normalize.marks", json!({})),
            ("normalize.tatweel", json!({ "lone": "remove" })),
            ("normalize.controls", json!({ "line_breaks": false })),
        ] {
            let document = run(name, options, &raw);
            let mut rest = raw.chars();
            prop_assert!(document.content().text().chars().all(|c| rest.any(|r| r == c)));
        }
    }

    #[test]
    fn space_leaves_no_double(raw in isnad_testkit::arabic::text()) {
        let document = run("normalize.space", json!({}), &raw);
        let text = document.content().text();
        prop_assert!(!text.contains("  ") && !text.contains(" \n") && !text.contains("\n\n\n") && !text.contains('\t'));
        prop_assert!(!text.starts_with([' ', '\n']) && !text.ends_with([' ', '\n']));
    }
}
