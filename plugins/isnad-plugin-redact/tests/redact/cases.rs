//! What goes and what stays, as articles have it.

use serde_json::{Value, json};

use crate::{run, stage};

#[track_caller]
fn check(options: Value, cases: &[(&str, &str)]) {
    let stage = stage(options).expect("the options are right");
    for (before, after) in cases {
        assert_eq!(run(&*stage, before).content().text(), *after, "{before}");
    }
}

/// That these stay.
#[track_caller]
fn stays(cases: &[&str]) {
    let same: Vec<(&str, &str)> = cases.iter().map(|case| (*case, *case)).collect();
    check(json!({}), &same);
}

#[test]
fn telephone_numbers() {
    check(
        json!({}),
        &[
            ("اتصل على 01012345678 الآن", "اتصل على [هاتف] الآن"),
            ("الرقم ٠١٠ ١٢٣٤ ٥٦٧٨", "الرقم [هاتف]"),
            ("من الخارج: +966 (0)50 123-4567.", "من الخارج: [هاتف]."),
            ("(+٩٦٣) ٩٤٤ ١٢٣ ٤٥٦", "[هاتف]"),
            ("00212 6 12 34 56 78", "[هاتف]"),
            ("06.12.34.56.78", "[هاتف]"),
            ("هاتف: 02/1234567 فاكس: 02/1234568", "هاتف: [هاتف] فاكس: [هاتف]"),
            ("هاتف (5551234)", "هاتف ([هاتف])"),
            ("هاتف المكتب (02) 2345-6789", "هاتف المكتب [هاتف]"),
            ("للاستفسار 55512345 - 55512346 أو 55512347", "للاستفسار [هاتف] - [هاتف] أو [هاتف]"),
            ("واتساب 966501234567+", "واتساب [هاتف]"),
            ("tel:+966501234567", "tel:[هاتف]"),
            ("https://wa.me/966501234567", "https://wa.me/[هاتف]"),
            ("جواله0501234567وبريده", "جواله[هاتف]وبريده"),
            ("0501234567/0507654321", "[هاتف]/[هاتف]"),
            ("0501234567،0507654321,0512345678", "[هاتف]،[هاتف],[هاتف]"),
            ("0501234567:1a@example.com", "[هاتف]:[بريد]"),
        ],
    );
}

#[test]
fn ids_accounts_and_cards() {
    check(
        json!({}),
        &[
            ("الرقم القومي: 29001012112345", "الرقم القومي: [رقم هوية]"),
            ("وكان يحمل 2 9001 0121 12345", "وكان يحمل [رقم هوية]"),
            ("إقامة رقم 2345678901", "إقامة رقم [رقم هوية]"),
            ("784-1980-1234567-8", "[رقم هوية]"),
            ("رقم الهوية 9851012345 وهاتفه 5551234", "رقم الهوية [رقم هوية] وهاتفه [هاتف]"),
            ("بطاقة التعريف الوطنية AB123456", "بطاقة التعريف الوطنية [رقم هوية]"),
            ("IBAN SA03 8000 0000 6080 1016 7519", "IBAN [حساب مصرفي]"),
            ("بطاقة 4111 1111 1111 1111 انتهت", "بطاقة [بطاقة] انتهت"),
        ],
    );
}

#[test]
fn addresses() {
    check(
        json!({}),
        &[
            ("راسلونا: press.office@example.com.", "راسلونا: [بريد]."),
            ("mailto:a.b@example.org", "mailto:[بريد]"),
            ("20102345678@example.com", "[بريد]"),
            ("a@www.com أو hotel:a@example.com", "[بريد] أو hotel:[بريد]"),
            ("a@example.com/b@example.com", "[بريد]/[بريد]"),
            ("خالد@مثال.السعودية", "[بريد]"),
        ],
    );
}

#[test]
fn amounts_dates_and_addresses_of_the_web_stay() {
    stays(&[
        "بقيمة 1,250,000 دولار و500000000 دولار و+20000000 دولار",
        "في 16/5/2023 الساعة 10:30، و2023-05-16، و١٦/٥/٢٠٢٣",
        "حصل على 12345678 صوتا أي 51.2% مقابل 9876543",
        "خطا 24.7136، 46.6753 و24.713612345,46.675312345",
        "نحو 12345678,25 و0,12345678 و1,2345678",
        "موسم 2010-2011 و2012/2013، من 1990 إلى 2023",
        "05 06 07 08 09 10",
        "https://example.com/0501234567/a@example.com و example.com/0501234567",
        "#0501234567 @a0501234567 A320-0501234567x",
        "رقم الرحلة MS0501234567",
        "اتصل على 19011 أو 911",
        "هاتف جديد بيعت منه 12500000 وحدة",
        "كتب على @wam_news و@bbc.arabic",
        "المعاملة 1234567898 والقضية 4111111111111112",
    ]);
}

#[test]
fn options_choose() {
    check(
        json!({ "countries": ["EG"] }),
        &[("01012345678 ثم 0501234567 ثم +966501234567", "[هاتف] ثم 0501234567 ثم [هاتف]")],
    );
    check(json!({}), &[("press@example.com أو ٠١٠ ١٢٣٤ ٥٦٧٨.", "[بريد] أو [هاتف].")]);
    check(json!({}), &[("[بريد] أو ٠١٠ ١٢٣٤ ٥٦٧٨.", "[بريد] أو [هاتف].")]);
    check(json!({ "kinds": ["email"] }), &[("a@example.com 0501234567", "[بريد] 0501234567")]);
    check(json!({ "keep_last": 4 }), &[("هاتف ٠٥٠١٢٣٤٥٦٧ a9999@example.com", "هاتف [هاتف …٤٥٦٧] [بريد]")]);
}

#[test]
fn bad_options_are_all_named() {
    let options = json!({ "countries": ["ZZ"], "keep_last": 4, "replacements": { "phone": "x", "email": " ", "iban": "7]" } });
    let Err(errors) = stage(options) else { panic!("bad options were taken") };
    let paths: Vec<&str> = errors.iter().map(|error| error.path.as_str()).collect();
    assert_eq!(paths, ["countries.0", "replacements.email", "replacements.phone", "replacements.iban"]);
}

#[test]
fn metadata_with_the_same_string_are_masked() {
    let mut document = isnad_core::Article { raw: "هاتف 0501234567".into(), ..Default::default() };
    document.meta.insert("phone".into(), json!("0501234567"));
    let stage = stage(json!({})).expect("the options are right");
    let shown = run_article(&*stage, document);
    assert_eq!(shown, r#"{"phone":"██████████"}"#);
}

fn run_article(stage: &dyn isnad_core::Stage, article: isnad_core::Article) -> String {
    use isnad_core::{Batch, ChainLink, Context, Document, StageId, check_chain};
    let plan = check_chain(&[ChainLink { id: "redact", contract: stage.contract() }], &|_, _| Vec::new())
        .expect("it fits anywhere");
    let running = std::sync::atomic::AtomicBool::new(false);
    let mut batch = Batch::new(vec![Document::new(article)]);
    let cx = Context::new(StageId(0), &plan.grants[0], &running);
    stage.open(&plan.names).and_then(|mut worker| worker.process(&mut batch, &cx)).expect("it runs");
    let meta = batch.documents()[0].disclosure().meta().clone();
    Value::Object(meta).to_string()
}
