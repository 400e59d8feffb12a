//! The examples in the stages' documentation: what it promises holds.

use isnad_core::Registry;

use super::{check, check_article, check_on};

#[test]
fn every_example_of_the_documentation_is_a_case() {
    let cases = include_str!("documentation.rs");
    let mut registry = Registry::new();
    isnad_extract::register(&mut registry);
    let mut missing = Vec::new();
    for kind in registry.kinds() {
        let rows = kind.docs().lines().filter(|line| line.starts_with("| ")).skip(1);
        for row in rows {
            let mut cells = row.trim_matches('|').split(" | ").map(str::trim);
            let is_day = |cell: &str| cell.len() == 10 && cell.starts_with("20");
            let example = cells.find(|cell| !is_day(cell)).unwrap_or_default();
            let example = example.split(" (the ").next().unwrap_or_default().trim_end_matches(['…', ' ']);
            if !cases.contains(example) {
                missing.push(format!("{}: {example}", kind.name()));
            }
        }
    }
    assert!(missing.is_empty(), "add a case for each:\n{}", missing.join("\n"));
}

#[test]
fn languages() {
    check(&[
        ("وقال الوزير إن المحادثات ستستمر", &["language ar"]),
        ("شو رأيك بهالخبر؟", &["language ar"]),
        ("وزیر خارجه گفت که مذاکرات ادامه دارد", &["language fa"]),
        ("وزیر خارجہ نے کہا ہے", &["language ur"]),
        ("Le ministre a déclaré", &["language und"]),
    ]);
}

#[test]
fn regions() {
    check(&[
        (
            "الرباط – أكد وزير الخارجية ناصر بوريطة ذلك",
            &["region paragraph «الرباط – أكد وزير الخارجية ناصر بوريطة ذلك»", "region dateline «الرباط»"],
        ),
        (
            "القاهرة (رويترز) - قال مصدر أمني ذلك",
            &[
                "region paragraph «القاهرة (رويترز) - قال مصدر أمني ذلك»",
                "region dateline «القاهرة (رويترز)»",
            ],
        ),
        (
            "دمشق، سانا- بحث الرئيس ذلك",
            &["region paragraph «دمشق، سانا- بحث الرئيس ذلك»", "region dateline «دمشق، سانا»"],
        ),
        ("أكد وزير الخارجية – في بيان – ذلك", &["region paragraph «أكد وزير الخارجية – في بيان – ذلك»"]),
    ]);
    check_article(
        None,
        "قمة في الرباط".len(),
        &[(
            "قمة في الرباط\n\nالرباط – بدأت القمة",
            &[
                "region title «قمة في الرباط»",
                "region paragraph «الرباط – بدأت القمة»",
                "region dateline «الرباط»",
            ],
        )],
    );
}

#[test]
fn sentences() {
    check(&[
        ("وصل الوفد. وغادر الوزير.", &["sentence «وصل الوفد.»", "sentence «وغادر الوزير.»"]),
        ("بلغت النسبة 3.5 بالمئة.", &["sentence «بلغت النسبة 3.5 بالمئة.»"]),
        ("وقال د. ج. ب. الحسيني ذلك", &["sentence «وقال د. ج. ب. الحسيني ذلك»"]),
        ("بحسب وكالة أ.ف.ب. في بيروت", &["sentence «بحسب وكالة أ.ف.ب. في بيروت»"]),
        ("قال: “لن نقبل.” ثم غادر.", &["sentence «قال: “لن نقبل.”»", "sentence «ثم غادر.»"]),
        ("سأل: «هل نقبل؟»، ثم غادر.", &["sentence «سأل: «هل نقبل؟»، ثم غادر.»"]),
        ("انتظروا... قليلا", &["sentence «انتظروا... قليلا»"]),
        ("1. وصول الوفد", &["sentence «1. وصول الوفد»"]),
        ("انتهى اللقاء.وغادر الوفد", &["sentence «انتهى اللقاء.»", "sentence «وغادر الوفد»"]),
    ]);
}

#[test]
fn tokens() {
    check(&[
        (
            "وبلينكين،أكد",
            &["token word «وبلينكين» clitics و+", "token punct «،»", "token word «أكد» norm اكد"],
        ),
        ("بلغ 1,356.20 دولار", &["token word «بلغ»", "token number «1,356.20»", "token word «دولار»"]),
        (
            "اقرأ https://example.org/a?b=1.",
            &["token word «اقرأ» norm اقرا", "token url «https://example.org/a?b=1»", "token punct «.»"],
        ),
        (
            "كتب إلى press@example.org",
            &["token word «كتب»", "token word «إلى» norm الي", "token email «press@example.org»"],
        ),
        (
            "نقل عن aawsat.com، أمس",
            &[
                "token word «نقل»",
                "token word «عن»",
                "token url «aawsat.com»",
                "token punct «،»",
                "token word «أمس» norm امس",
            ],
        ),
        ("كتب @MFA_Morocco", &["token word «كتب»", "token handle «@MFA_Morocco»"]),
        ("وصل #رجب_طيب_أردوغان", &["token word «وصل»", "token hashtag «#رجب_طيب_أردوغان»"]),
        ("CNN الأمريكية", &["token latin «CNN»", "token word «الأمريكية» norm الامريكيه"]),
    ]);
}

#[test]
fn cues() {
    check(&[
        ("وقالت الوزارة إن الوقت ينفد", &["cue «قالت» قال finite"]),
        ("صدر البيان مشيرة إلى أن الوقت ينفد", &["cue «مشيرة» أشار participle"]),
        ("نقل عنه قوله ذلك", &["cue «نقل» نقل finite", "cue «قوله» قال masdar"]),
        ("وقع ذلك بحسب مصدر أمني", &["cue «بحسب» بحسب phrase"]),
    ]);
}

#[test]
fn numbers() {
    check(&[
        ("قتل ثلاثة وعشرين شخصا", &["number «ثلاثة وعشرين» 23"]),
        ("بلغ السعر 1.356,20", &["number «1.356,20» 1356.2"]),
        ("نزح مليونا و200 ألف", &["number «مليونا و200 ألف» 1200000"]),
        ("ارتفع 5 بالمئة", &["number «5 بالمئة» 5 %"]),
        ("كلف مليوني دولار", &["number «مليوني دولار» 2000000 USD"]),
        ("يبعد 40 كيلومترا", &["number «40 كيلومترا» 40 km"]),
        ("زار للمرة الثانية", &["number «الثانية» 2 ord"]),
        ("التقى أحد المسؤولين، مئات الأشخاص", &["number —"]),
        ("يبعد كيلومترين عن فرانس 24 وفق القرار 2254", &["number «كيلومترين» 2 km"]),
        (
            "كلف نحو خمسة ملايين دينار وأكثر من 20 ألف دينار في بغداد",
            &["number «خمسة ملايين دينار» 5000000 IQD", "number «20 ألف دينار» 20000 IQD"],
        ),
    ]);
}

#[test]
fn times() {
    check(&[
        ("وقع في السابع من نيسان/أبريل", &["time DATE «السابع من نيسان/أبريل» XXXX-04-07"]),
        ("وقع في 19-2-2018", &["time DATE «19-2-2018» 2018-02-19"]),
        ("وصل مساء الخميس", &["time TIME «مساء الخميس» XXXX-WXX-4TEV"]),
        ("وصل اليوم الاثنين", &["time DATE «اليوم الاثنين» XXXX-WXX-1 P0D"]),
        ("وصل الأسبوع الماضي", &["time DATE «الأسبوع الماضي» XXXX-WXX -P1W"]),
        ("وصل في آذار/مارس الماضي", &["time DATE «آذار/مارس الماضي» XXXX-03 past"]),
        ("وصل في نهاية عام 2018", &["time DATE «نهاية عام 2018» 2018 END"]),
        ("وقع في تسعينيات القرن الماضي", &["time DATE «تسعينيات القرن الماضي» 199"]),
        ("بني في القرن السابع عشر", &["time DATE «القرن السابع عشر» 16"]),
        ("وصل قبل يومين", &["time DATE «قبل يومين» XXXX-XX-XX -P2D"]),
        ("غاب منذ ثلاثة أيام", &["time DURATION «ثلاثة أيام» P3D"]),
        ("غاب في الأسابيع الأخيرة", &["time DURATION «الأسابيع الأخيرة» PXW"]),
        ("يعمل كل يوم، يوميا", &["time SET «كل يوم» P1D", "time SET «يوميا» P1D"]),
        ("وصل الساعة 8:40 صباحا", &["time TIME «الساعة 8:40 صباحا» XXXX-XX-XXT08:40"]),
        (
            "يعمل الآن، مؤخرا، قريبا",
            &["time DATE «الآن» PRESENT_REF", "time DATE «مؤخرا» PAST_REF", "time DATE «قريبا» FUTURE_REF"],
        ),
        (
            "وقع في تموز/يوليو 2020، وفي رمضان",
            &["time DATE «تموز/يوليو 2020» 2020-07", "time DATE «رمضان» XXXX-09 hijri"],
        ),
        ("مارس الرجل الرياضة مع أحد الأصدقاء ومع الأمين العام السابق بعد صلاة الجمعة", &["time —"]),
    ]);
}

#[test]
fn values() {
    check_on(
        "2018-02-21",
        &[
            ("التقى الوزير الاثنين", &["time DATE «الاثنين» XXXX-WXX-1 = 2018-02-19"]),
            ("سيلتقي الوزير الاثنين", &["time DATE «الاثنين» XXXX-WXX-1 = 2018-02-26"]),
            ("وصل مساء أمس", &["time TIME «مساء أمس» XXXX-XX-XXTEV -P1D = 2018-02-20TEV"]),
            ("عاد الوفد الأسبوع الماضي", &["time DATE «الأسبوع الماضي» XXXX-WXX -P1W = 2018-W07"]),
            ("عاد الوفد في آذار/مارس الماضي", &["time DATE «آذار/مارس الماضي» XXXX-03 past = 2017-03"]),
            ("وصل قبل عامين ونصف", &["time DATE «قبل عامين ونصف» XXXX-XX -P30M = 2015-08"]),
            ("غاب الوفد منذ ثلاثة أيام", &["time DURATION «ثلاثة أيام» P3D"]),
        ],
    );
}

#[test]
fn entities() {
    check(&[
        ("وللولايات المتحدة رأي آخر", &["entity GPE «لولايات المتحدة» lexicon"]),
        ("أعلنت وزارة الخارجية المغربية ذلك", &["entity ORG «وزارة الخارجية المغربية» head:idafa"]),
        ("وصل وزير الخارجية يزن النخلاوي", &["entity PER «يزن النخلاوي» title"]),
        (
            "وصل وزير الخارجية يزن النخلاوي. وغادر النخلاوي بيروت.",
            &["entity PER «يزن النخلاوي» title", "entity PER «النخلاوي» memory", "entity GPE «بيروت» lexicon"],
        ),
        ("حذر الأمريكيين من السفر", &["entity NORP «الأمريكيين» lexicon"]),
    ]);
}

#[test]
fn roles() {
    check(&[
        (
            "وصل وزير الخارجية الأمريكي أنتوني بلينكن",
            &["role «وزير الخارجية الأمريكي» before-name holder «أنتوني بلينكن»"],
        ),
        ("وصل بوتين، الرئيس الروسي، إلى باريس", &["role «الرئيس الروسي» after-name holder «بوتين»"]),
        ("قال رئيس الوزراء السابق إن الوقت ينفد", &["role «رئيس الوزراء السابق» alone former"]),
    ]);
}

#[test]
fn sources() {
    check(&[
        ("وقال مصدر أمني عراقي إن الوقت ينفد", &["source «مصدر أمني عراقي» after-cue"]),
        ("وقع ذلك بحسب شهود عيان", &["source «شهود عيان» according-to"]),
        ("وأضافت الوزارة أن الوقت ينفد", &["entity —", "role —", "source «الوزارة» after-cue"]),
        ("قال مصدر في الشرطة إن الوقت ينفد", &["source «مصدر في الشرطة» after-cue"]),
    ]);
}

#[test]
fn links() {
    check(&[
        ("وصل أنتوني بلينكن وغادر بلينكين", &["same «أنتوني بلينكن» «بلينكين»"]),
        ("دعا بلينكين إلى وقف ذلك، وغادر الوزير أنتوني بلينكن", &["same «بلينكين» «أنتوني بلينكن»"]),
        ("أعلنت فرنسا ذلك، ورفض الفرنسيون", &["same Q142 «فرنسا» «الفرنسيون»"]),
        ("أعلنت منظمة الصحة العالمية (WHO) ذلك", &["same Q7817 «منظمة الصحة العالمية» «WHO»"]),
        (
            "أعلنت منظمة العفو الدولية ذلك. وأضافت المنظمة أن الوقت ينفد.",
            &[
                "entity ORG «منظمة العفو الدولية» lexicon",
                "source «المنظمة» after-cue",
                "same Q42970 «منظمة العفو الدولية» «المنظمة»",
            ],
        ),
        (
            "نفى حزب الاستقلال المغربي ذلك، وأكد حزب الاستقلال أن الوقت ينفد",
            &[
                "entity ORG «حزب الاستقلال المغربي» lexicon",
                "entity ORG «حزب الاستقلال» lexicon",
                "same «حزب الاستقلال المغربي» «حزب الاستقلال»",
            ],
        ),
        // wrong: «منظمة إرادة الحقوقية» is an organisation, and «المنظمة» meets it.
        (
            "أعلنت منظمة إرادة الحقوقية ذلك. وأضافت المنظمة أن الوقت ينفد.",
            &["entity —", "source «منظمة» after-cue", "source «المنظمة» after-cue", "same —"],
        ),
        // wrong: «حزب الأمة» is missed.
        (
            "نفى حزب الأمة القومي ذلك، وأكد حزب الأمة أن الوقت ينفد",
            &["entity ORG «حزب الأمة القومي» lexicon", "same —"],
        ),
    ]);
}

#[test]
fn quotes() {
    check(&[
        ("قال الوزير إن المحادثات ستستمر", &["quote indirect «المحادثات ستستمر» frame:vso speaker «الوزير»"]),
        ("لكن الحركة قالت إنها ترفض الاتفاق", &["quote indirect «ترفض الاتفاق» frame:svo speaker «الحركة»"]),
        // wrong: «ترفض» alone is said as well.
        ("لكن الحركة قالت إنها ترفض", &["quote —"]),
        (
            "قالت الحركة إن الأمر صعب. وأضافت أن الوقت ينفد",
            &[
                "quote indirect «الأمر صعب» frame:vso speaker «الحركة»",
                "quote indirect «الوقت ينفد» frame:pro-drop speaker «الحركة»",
            ],
        ),
        ("وأضاف أن الوقت ينفد", &["quote indirect «الوقت ينفد» frame:pro-drop"]),
        // wrong: the participle is the cue: rule `frame:participle`.
        (
            "قال الوزير ذلك مشيرا إلى أن الاتفاق قريب",
            &["quote indirect «الاتفاق قريب» frame:vso speaker «الوزير»"],
        ),
        (
            "أكد الرئيس التزام بلاده بالاتفاق",
            &["quote indirect «التزام بلاده بالاتفاق» frame:masdar speaker «الرئيس»"],
        ),
        (
            "ارتفعت الأسعار، بحسب وزارة التجارة",
            &["quote indirect «ارتفعت الأسعار» frame:according speaker «وزارة التجارة»"],
        ),
        ("«لن نقبل بذلك»، قال المتحدث", &["quote direct «لن نقبل بذلك» frame:postposed speaker «المتحدث»"]),
        ("مشيرا إلى أن الاتفاق قريب", &["quote indirect «الاتفاق قريب» frame:participle"]),
        (
            "قالت فرنسا ذلك مشيرة إلى أن الاتفاق قريب",
            &["quote indirect «الاتفاق قريب» frame:vso speaker «فرنسا»"],
        ),
    ]);
}
