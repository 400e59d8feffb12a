//! The constructions, one case each; what `extract.anchors` makes of them is seen from Wednesday,
//! 21 February 2018.

use std::sync::atomic::AtomicBool;

use isnad_core::{
    Article, Batch, ChainLink, Context, Contract, Document, NoFiles, Reads, Registry, Stage, StageError,
    StageId, Sym, Writes, check_chain, per_doc,
};
use proptest::prelude::*;

use crate::SharedLexicon;

/// The rows of a layer in a text as (value of an attr, text at the span).
fn rows(text: &str, layer: &str, attr: &str, published: &str) -> Vec<(String, String)> {
    thread_local! {
        static REGISTRY: Registry = {
            let lexicon = SharedLexicon::default();
            let mut registry = Registry::new();
            registry.add(crate::sentences::kind());
            registry.add(crate::tokens::kind(&lexicon));
            registry.add(crate::numbers::kind(&lexicon));
            registry.add(super::kind(&lexicon));
            registry.add(crate::anchors::kind(&lexicon));
            registry
        };
    }
    let names =
        ["extract.sentences", "extract.tokens", "extract.numbers", "extract.times", "extract.anchors"];
    let stages: Vec<(&str, std::sync::Arc<dyn Stage>)> = REGISTRY.with(|registry| {
        let make = |name| registry.get(name).unwrap().create(serde_json::json!({}), &NoFiles).unwrap();
        let mut stages: Vec<_> = names.into_iter().map(|name| (name, make(name))).collect();
        stages.insert(4, ("quotes", std::sync::Arc::new(quotes())));
        stages
    });
    let chain: Vec<_> =
        stages.iter().map(|(id, stage)| ChainLink { id, contract: stage.contract() }).collect();
    let plan = check_chain(&chain, &|_, _| Vec::new()).unwrap();
    let article = Article { raw: text.into(), published: published.parse().ok(), ..Article::default() };
    let mut batch = Batch::new(vec![Document::new(article)]);
    let running = AtomicBool::new(false);
    for (index, (_, stage)) in stages.iter().enumerate() {
        let cx = Context::new(StageId(index as u16), &plan.grants[index], &running);
        stage.open(&plan.names).unwrap().process(&mut batch, &cx).unwrap();
    }
    let document = &batch.documents()[0];
    assert!(document.is_live(), "{text}: {:?}", document.fate());
    let (layer, attr) = (plan.names.layer(layer).unwrap(), plan.names.sym(attr).unwrap());
    let shown = |row| document.tables().attr(row, attr).unwrap_or_default().to_owned();
    document.tables().refs(layer).map(|(row, found)| (shown(row), found.span.of(text).to_owned())).collect()
}

/// A stand-in for `extract.quotes`: what stands in «…» was said at the first time of the text.
fn quotes() -> impl Stage {
    let contract =
        Contract::new().reads(Reads::layer("time", 1)).writes(Writes::rows("quote", 1).links(["time"]));
    per_doc(
        contract,
        |names| {
            let missing = || StageError::undeclared("quote");
            Ok((
                names.layer("quote").ok_or_else(missing)?,
                names.layer("time").ok_or_else(missing)?,
                names.sym("time"),
            ))
        },
        |&mut (quote, time, link), document, cx| {
            let (content, mut rows) = document.annotate(cx);
            let Some((begin, end)) = content.text().find('«').zip(content.text().find('»')) else {
                return Ok(());
            };
            let said = rows.tables().refs(time).next().map(|(said, _)| said);
            let row = rows.add(quote, isnad_core::Span::new(begin, end), Sym::NONE, Sym::NONE, 1.0)?;
            if let (Some(said), Some(link)) = (said, link) {
                rows.link(row, link, said)?;
            }
            Ok(())
        },
    )
}

fn check_rows(text: &str, layer: &str, attr: &str, expected: &[(&str, &str)]) {
    let found = rows(text, layer, attr, "2018-02-21");
    let found: Vec<(&str, &str)> =
        found.iter().map(|(value, span)| (value.as_str(), span.as_str())).collect();
    assert_eq!(found, expected, "{text}");
}

fn check(text: &str, expected: &[(&str, &str)]) {
    check_rows(text, "time", "value", expected);
}

#[test]
fn dates() {
    check("وقع الاتفاق في 19 فبراير 2018 بالقاهرة", &[("2018-02-19", "19 فبراير 2018")]);
    check("وصل في السابع من أيلول/سبتمبر", &[("2017-09-07", "السابع من أيلول/سبتمبر")]);
    check(
        "صدر في التاسع والعشرين من كانون الثاني / يناير 2018",
        &[("2018-01-29", "التاسع والعشرين من كانون الثاني / يناير 2018")],
    );
    check(
        "بتاريخ 2018/02/19 وبتاريخ 19-2-2018",
        &[("2018-02-19", "2018/02/19"), ("2018-02-19", "19-2-2018")],
    );
    check("المؤرخ في 7 أوت 2015", &[("2015-08-07", "7 أوت 2015")]);
    check("في 12 دجنبر 2016", &[("2016-12-12", "12 دجنبر 2016")]);
    check("في 24 ديسمبر شباط", &[("2017-12-24", "24 ديسمبر"), ("2018-02", "شباط")]);
    check("يومي 19 و20 فبراير 2018", &[("2018-02-19", "يومي 19"), ("2018-02-20", "20 فبراير 2018")]);
    check("من أول مارس 2017", &[("2017-03-01", "أول مارس 2017")]);
    check("ستعقد في 24 الجاري", &[("2018-02-24", "24 الجاري")]);
    check("في 15 رمضان 1439 هـ", &[("1439-09-15", "15 رمضان 1439 هـ")]);
}

#[test]
fn months_and_years() {
    check("منذ تموز/يوليو 2015", &[("2015-07", "تموز/يوليو 2015")]);
    check("في شهر جوان القادم", &[("2018-06", "شهر جوان القادم")]);
    check("في مارس من العام الماضي", &[("2017-03", "مارس من العام الماضي")]);
    check("وبين يناير ومارس 2017", &[("2017-01", "يناير"), ("2017-03", "مارس 2017")]);
    check("الصحفي مارس حقه", &[]);
    check("قالت تيريزا ماي للصحافة", &[]);
    check("قبل أحد من الناس", &[]);
    check("أواخر مارس الماضي", &[("2017-03", "أواخر مارس الماضي")]);
    check("عام 2018 والعام 2025", &[("2018", "عام 2018"), ("2025", "العام 2025")]);
    check("عامي 2019 و2020", &[("2019", "عامي 2019"), ("2020", "2020")]);
    check("بين 1915 و1917 قتل", &[("1915", "1915"), ("1917", "1917")]);
    check("في 2014 وصل", &[("2014", "2014")]);
    check("عام 120 ميلادية", &[("0120", "عام 120 ميلادية")]);
    check("قال الأمين العام السابق", &[]);
    check("في تسعينيات القرن الماضي", &[("199", "تسعينيات القرن الماضي")]);
    check("في القرن السابع عشر", &[("16", "القرن السابع عشر")]);
    check("قبل 10 آلاف سنة قبل الميلاد", &[("BC10000", "10 آلاف سنة قبل الميلاد")]);
    check("في الربع الأول من 2018", &[("2018-Q1", "الربع الأول من 2018")]);
    check("الصيف الماضي وشتاء عام 2016", &[("2017-SU", "الصيف الماضي"), ("2016-WI", "شتاء عام 2016")]);
}

#[test]
fn days() {
    check("التقى الوزير الاثنين نظيره", &[("2018-02-19", "الاثنين")]);
    check("سيلتقي الوزير الاثنين نظيره", &[("2018-02-26", "الاثنين")]);
    check("قال الأربعاء", &[("2018-02-21", "الأربعاء")]);
    check("مساء الخميس الماضي", &[("2018-02-15TEV", "مساء الخميس الماضي")]);
    check(
        "بعد ظهر الجمعة المقبل",
        &[("2018-02-23TAF", "ظهر الجمعة المقبل")].map(|_| ("2018-02-23TAF", "بعد ظهر الجمعة المقبل")),
    );
    check("ليل الثلاثاء الأربعاء", &[("2018-02-20TNI", "ليل الثلاثاء الأربعاء")]);
    check("اليوم الأربعاء 21 فبراير", &[("2018-02-21", "اليوم الأربعاء 21 فبراير")]);
    check("أول أمس وأمس وغدا", &[("2018-02-19", "أول أمس"), ("2018-02-20", "أمس"), ("2018-02-22", "غدا")]);
    check("في وقت متأخر من مساء أمس", &[("2018-02-20TEV", "وقت متأخر من مساء أمس")]);
    check("صلاة الجمعة", &[]);
    check("في ذلك اليوم وفي اليوم التالي", &[]);
    check("حتى اليوم", &[("PRESENT_REF", "اليوم")]);
    check("ليلة 31 ديسمبر الفارط", &[("2017-12-31TNI", "ليلة 31 ديسمبر الفارط")]);
}

#[test]
fn periods_and_durations() {
    check("الأسبوع الماضي", &[("2018-W07", "الأسبوع الماضي")]);
    check("في وقت سابق من هذا العام", &[("2018", "وقت سابق من هذا العام")]);
    check("بنهاية الشهر الجاري", &[("2018-02", "نهاية الشهر الجاري")]);
    check("منذ ثلاثة أيام", &[("P3D", "ثلاثة أيام")]);
    check("قبل يومين", &[("2018-02-19", "قبل يومين")]);
    check("قبل يومين من الموعد", &[("P2D", "يومين")]);
    check("قبل عامين ونصف تقريبا", &[("2015-08", "قبل عامين ونصف تقريبا")]);
    check("لمدة 48 ساعة", &[("PT48H", "48 ساعة")]);
    check("(30 عاما)", &[("P30Y", "30 عاما")]);
    check("نصف ساعة وعام ونصف", &[("PT30M", "نصف ساعة"), ("P1.5Y", "عام ونصف")]);
    check("بعد أكثر من عام", &[("P1Y", "أكثر من عام")]);
    check("أول خمسة أشهر من العام", &[("P5M", "أول خمسة أشهر من العام")]);
    check("استمر سنوات وبعد ساعات", &[("PXY", "سنوات"), ("PTXH", "ساعات")]);
    check("الأسابيع الأخيرة", &[("PXW", "الأسابيع الأخيرة")]);
    check("السنوات الخمس الماضية", &[("P5Y", "السنوات الخمس الماضية")]);
    check("كل يوم وكل ثلاثة أشهر وسنويا", &[("P1D", "كل يوم"), ("P3M", "كل ثلاثة أشهر"), ("P1Y", "سنويا")]);
    check("عقود الشركة وأشهر اللاعبين", &[]);
    check("الآن أو قريبا", &[("PRESENT_REF", "الآن"), ("FUTURE_REF", "قريبا")]);
}

#[test]
fn clocks() {
    check("الساعة 8:40 صباحا بالتوقيت المحلي", &[("2018-02-21T08:40", "الساعة 8:40 صباحا بالتوقيت المحلي")]);
    check(
        "أمس الساعة الثالثة والنصف مساء",
        &[("2018-02-20", "أمس"), ("2018-02-20T15:30", "الساعة الثالثة والنصف مساء")],
    );
    check("الساعة السابعة من مساء الاثنين", &[("2018-02-19T19:00", "الساعة السابعة من مساء الاثنين")]);
    check("(14:30 ت غ)", &[("2018-02-21T14:30", "14:30 ت غ")]);
    check("بسرعة 80 كيلومترا في الساعة", &[]);
}

#[test]
fn expressions_stay_open_without_a_date() {
    let found = rows("مساء الخميس ومنذ 2014", "time", "value", "");
    let expected =
        [("XXXX-WXX-4TEV", "مساء الخميس"), ("2014", "2014")].map(|(v, s)| (v.to_owned(), s.to_owned()));
    assert_eq!(found, expected);
}

#[test]
fn quotations_count_from_their_own_day() {
    check("كتب يوم الاثنين «نلتقي اليوم في الرباط»", &[("2018-02-19", "يوم الاثنين"), ("2018-02-19", "اليوم")]);
}

#[test]
fn numbers() {
    let check = |text: &str, expected: &[(&str, &str)]| check_rows(text, "number", "value", expected);
    check("قتل 30 ألف شخص وثلاثة جنود", &[("30000", "30 ألف"), ("3", "ثلاثة")]);
    check("أحد عشر لاعبا وإحدى وثلاثون دولة", &[("11", "أحد عشر"), ("31", "إحدى وثلاثون")]);
    check("فاز 3-صفر", &[("3", "3"), ("0", "صفر")]);
    check("ثلاثة وعشرين نائبا", &[("23", "ثلاثة وعشرين")]);
    check("نحو 162 ألفا و989 معتقلا", &[("162989", "162 ألفا و989")]);
    check("مليونا و200 ألف", &[("1200000", "مليونا و200 ألف")]);
    check("ما بين مليون ومليون ونصف", &[("1000000", "مليون"), ("1500000", "مليون ونصف")]);
    check("مليون ونصف المليون لاجئ", &[("1500000", "مليون ونصف المليون")]);
    check("نصف مليون و3.5 مليون", &[("500000", "نصف مليون"), ("3500000", "3.5 مليون")]);
    check("١٬٢٠٠٫٥ و1.356,20", &[("1200.5", "١٬٢٠٠٫٥"), ("1356.2", "1.356,20")]);
    check("ثلاث مئة وخمسة عشر", &[("315", "ثلاث مئة وخمسة عشر")]);
    check("الأعضاء الخمسة عشر", &[("15", "الخمسة عشر")]);
    check("بصوت واحد وواحد من النواب", &[("1", "واحد")]);
    check("أحد المسؤولين ومئات الآلاف وعشرات الجرحى", &[]);
    check("للمرة الأولى وفي أول لقاء", &[("1", "الأولى"), ("1", "أول")]);
    check("الملك محمد السادس", &[]);
    check("الذكرى الحادية والعشرون", &[("21", "الحادية والعشرون")]);
    check("قناة فرانس 24 والقرار 2254 وإف-16", &[]);
    check("فاز 4-3", &[("4", "4"), ("3", "3")]);
    check("خلال 48 ساعة", &[]);
}

#[test]
fn units() {
    let check = |text: &str, expected: &[(&str, &str)]| check_rows(text, "number", "unit", expected);
    check(
        "5 بالمئة وتسعين في المئة و%7 و40٪",
        &[("%", "5 بالمئة"), ("%", "تسعين في المئة"), ("%", "%7"), ("%", "40٪")],
    );
    check("مليوني دولار و38 ألف يورو و$5", &[("USD", "مليوني دولار"), ("EUR", "38 ألف يورو"), ("USD", "$5")]);
    check("100 ريال قطري و7 جنيهات مصرية", &[("QAR", "100 ريال قطري"), ("EGP", "7 جنيهات مصرية")]);
    check("قرض للحكومة التونسية بقيمة 240 مليون دينار", &[("TND", "240 مليون دينار")]);
    check("قرض بقيمة 240 مليون دينار", &[("", "240 مليون")]);
    check(
        "9700 كيلومتر مربع و125 مليون متر مكعب",
        &[("km2", "9700 كيلومتر مربع"), ("m3", "125 مليون متر مكعب")],
    );
    check("على بعد كيلومترين من الحدود", &[("km", "كيلومترين")]);
    check("بين الدولتين", &[]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_date_as_the_press_writes_it_comes_back(days in 0i64..36_000, style in 0usize..5) {
        let day = jiff::civil::date(1950, 1, 1).checked_add(jiff::SignedDuration::from_hours(days * 24)).unwrap();
        let month = MONTHS[day.month() as usize - 1];
        let (y, m, d) = (day.year(), day.month(), day.day());
        let written = match style {
            0 => format!("{d} {} {y}", month[0]),
            1 => format!("{d} {}/{} {y}", month[0], month[1]),
            2 => format!("{d} من {} عام {y}", month[1]),
            3 => format!("{y}/{m:02}/{d:02}"),
            _ => format!("{d}-{m}-{y}"),
        };
        let found = rows(&format!("وصل الوفد في {written} إلى العاصمة"), "time", "value", "2018-02-21");
        prop_assert_eq!(found, [(format!("{y:04}-{m:02}-{d:02}"), written)]);
    }

    #[test]
    fn any_text_keeps_the_stages_standing(text in "[0-9٠-٩ء-ي:/،.%()«»\u{64B} -]{0,80}") {
        rows(&text, "time", "value", "2018-02-21");
    }

    #[test]
    fn words_of_time_and_number_in_any_order(words in prop::collection::vec(prop::sample::select(WORDS), 0..12)) {
        rows(&words.join(" "), "number", "value", "2018-02-21");
    }
}

const MONTHS: [[&str; 2]; 12] = [
    ["يناير", "كانون الثاني"],
    ["فبراير", "شباط"],
    ["مارس", "آذار"],
    ["أبريل", "نيسان"],
    ["مايو", "أيار"],
    ["يونيو", "حزيران"],
    ["يوليو", "تموز"],
    ["أغسطس", "آب"],
    ["سبتمبر", "أيلول"],
    ["أكتوبر", "تشرين الأول"],
    ["نوفمبر", "تشرين الثاني"],
    ["ديسمبر", "كانون الأول"],
];

const WORDS: &[&str] = &[
    "يوم",
    "الاثنين",
    "مساء",
    "فبراير",
    "و",
    "ثلاثة",
    "وعشرين",
    "ألف",
    "مليون",
    "ونصف",
    "2018",
    "19",
    "/",
    "-",
    ":",
    "30",
    "قبل",
    "كل",
    "عام",
    "العام",
    "الماضي",
    "من",
    "الساعة",
    "الثالثة",
    "عشرة",
    "دولار",
    "%",
    "نهاية",
    "القرن",
    "هذا",
    "الأسبوع",
    "أول",
    "الثاني",
    "بالمئة",
    "أشهر",
    "عدة",
    "أكثر",
    "ليل",
    "(",
    "الربع",
    "صيف",
    ".",
    "ال",
    "مئة",
];
