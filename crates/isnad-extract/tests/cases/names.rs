//! Names, offices and who is who, as real news writes them.

use super::{check, check_on};

/// Attached و ف ب ل ك and لل stay outside of a name; the elided alef of «ال» is not missed.
#[test]
fn proclitics_on_names() {
    check(&[
        ("والمغرب بعيد", &["entity GPE «المغرب» lexicon"]),
        ("فالمغرب بعيد", &["entity GPE «المغرب» lexicon"]),
        ("يقيم بالمغرب منذ سنوات", &["entity GPE «المغرب» lexicon"]),
        ("بلد كالمغرب", &["entity GPE «المغرب» lexicon"]),
        ("وصل للمغرب أمس", &["entity GPE «لمغرب» lexicon"]),
        ("وغزة تحت الحصار", &["entity GPE «غزة» lexicon"]),
        (
            "وصل لفرنسا وبلبنان وكفرنسا",
            &["entity GPE «فرنسا» lexicon", "entity GPE «لبنان» lexicon", "entity GPE «فرنسا» lexicon"],
        ),
        ("رسالة للولايات المتحدة", &["entity GPE «لولايات المتحدة» lexicon"]),
        (
            "رسالة لأنتوني بلينكن وبأنتوني بلينكن",
            &["entity PER «أنتوني بلينكن» lexicon", "entity PER «أنتوني بلينكن» lexicon"],
        ),
        (
            "سلاح للإسرائيليين والفلسطينيين",
            &["entity NORP «لإسرائيليين» lexicon", "entity NORP «الفلسطينيين» lexicon"],
        ),
        ("ولمصر وبالعراق وفللمغرب", &["entity GPE «مصر» lexicon", "entity GPE «العراق» lexicon"]),
        (
            "بالولايات المتحدة وكالولايات المتحدة",
            &["entity GPE «الولايات المتحدة» lexicon", "entity GPE «الولايات المتحدة» lexicon"],
        ),
        (
            "رسالة للملك محمد السادس",
            &["entity PER «محمد السادس» lexicon", "role «لملك» before-name holder «محمد السادس»"],
        ),
    ]);
}

/// Words that begin with a letter that could be a proclitic and is none.
#[test]
fn pseudo_proclitics() {
    check(&[
        ("صدر بيان عن وزير في لبنان", &["entity GPE «لبنان» lexicon"]),
        ("في فرنسا وقف واضح لوكالة كبيرة", &["entity GPE «فرنسا» lexicon"]),
        (
            "من واشنطن إلى برلين وبيروت ووارسو",
            &[
                "entity GPE «واشنطن» lexicon",
                "entity GPE «برلين» lexicon",
                "entity GPE «بيروت» lexicon",
                "entity GPE «وارسو» lexicon",
            ],
        ),
        ("هذا وقت لحل سياسي وفرصة لبلاده", &["entity —"]),
        (
            "زار كندا وليبيا وكوبا وكينيا",
            &[
                "entity GPE «كندا» lexicon",
                "entity GPE «ليبيا» lexicon",
                "entity GPE «كوبا» lexicon",
                "entity GPE «كينيا» lexicon",
            ],
        ),
        ("قال برايس إن بيتاس وصل", &["entity PER «برايس» lexicon"]),
        ("كأساس جاد بهدف التسوية بموجب القرار", &["entity —"]),
        (
            "أعلنت بلدية بيروت وولاية كاليفورنيا ذلك",
            &["entity ORG «بلدية بيروت» head:idafa", "entity GPE «كاليفورنيا» lexicon"],
        ),
    ]);
}

/// Nationalities in all their forms, as adjectives and as nouns.
#[test]
fn nationalities() {
    check(&[
        // wrong: «المصري» behind «الوزير» is a nationality.
        ("الوزير المصري والوزيرة المصرية", &["entity PER «المصري» title", "entity NORP «المصرية» lexicon"]),
        (
            "الوزيران المصريان مع الوزيرين السوريين",
            &["entity NORP «المصريان» lexicon", "entity NORP «السوريين» lexicon"],
        ),
        ("المصريون والمصريات", &["entity NORP «المصريون» lexicon", "entity NORP «المصريات» lexicon"]),
        ("رئيس أمريكي وأميركية", &["entity NORP «أمريكي» lexicon", "entity NORP «أميركية» lexicon"]),
        ("لاجئون سوريون", &["entity NORP «سوريون» lexicon"]),
        (
            "القضية الفلسطينية والصراع الفلسطيني الإسرائيلي",
            &[
                "entity NORP «الفلسطينية» lexicon",
                "entity NORP «الفلسطيني» lexicon",
                "entity NORP «الإسرائيلي» lexicon",
            ],
        ),
        (
            "المغربية ليست المغرب",
            &[
                "entity NORP «المغربية» lexicon",
                "entity GPE «المغرب» lexicon",
                "same Q1028 «المغربية» «المغرب»",
            ],
        ),
    ]);
}

/// A last name goes to the full name that taught it, in whatever spelling.
#[test]
fn last_names() {
    check(&[
        (
            "قال وزير الخارجية الأمريكي أنتوني بلينكين إن الوقت ينفد. ورد بلينكن بأن الوقت لم ينفد، وغادر وبلينكين.",
            &[
                "entity NORP «الأمريكي» lexicon",
                "entity PER «أنتوني بلينكين» lexicon",
                "entity PER «بلينكن» lexicon",
                "entity PER «بلينكين» lexicon",
                "same Q30 «الأمريكي»",
                "same «أنتوني بلينكين» «بلينكن» «بلينكين»",
            ],
        ),
        (
            "استقبل وزير الخارجية ناصر بوريطة نظيره. وناقش بلينكن وبوريطة الملف لبوريطة.",
            &[
                "entity PER «ناصر بوريطة» lexicon",
                "entity PER «بلينكن» lexicon",
                "entity PER «بوريطة» lexicon",
                "entity PER «بوريطة» lexicon",
                "same «ناصر بوريطة» «بوريطة»",
            ],
        ),
        // wrong: «مصطفى بيتاس» is the name, and the same in all places.
        (
            "وصل مصطفى بيتاس. وقال بيتاس إن بيتاس تعب.",
            &[
                "entity PER «بيتاس» memory",
                "entity PER «بيتاس» speech-frame",
                "entity PER «بيتاس» memory",
                "same —",
            ],
        ),
        (
            "قال علي حسن إن حسن غاب.",
            &["entity PER «علي حسن» speech-frame", "entity PER «حسن» memory", "same «علي حسن» «حسن»"],
        ),
        (
            "غادر قرداحي بيروت. وقال الوزير جورج قرداحي ذلك.",
            &[
                "entity PER «قرداحي» memory",
                "entity GPE «بيروت» lexicon",
                "entity PER «جورج قرداحي» title",
                "same «قرداحي» «جورج قرداحي»",
                "same Q3820 «بيروت»",
            ],
        ),
        (
            "وصل محمد الحوثي وعبد الملك الحوثي. وقال الحوثي ذلك.",
            &[
                "entity PER «محمد الحوثي» given-name",
                "entity PER «عبد الملك الحوثي» lexicon",
                "entity PER «الحوثي» memory",
                "same «عبد الملك الحوثي» «الحوثي»",
            ],
        ),
    ]);
}

/// Who speaks is a name, even one that no table knows.
#[test]
fn unknown_names() {
    check(&[
        (
            "وقال تريشيه لصحيفة لوموند إن الوقت ينفد",
            &["entity PER «تريشيه» lexicon", "entity ORG «لوموند» head:name"],
        ),
        ("وأضاف كاكبيرن أن الوقت ينفد", &["entity PER «كاكبيرن» speech-frame"]),
        ("ونقل عن البارزاني قوله إن الوقت ينفد", &["entity PER «البارزاني» lexicon"]),
        ("وقال متأخرا إن الوقت ينفد", &["entity —"]),
        (
            "وصل ديفيد كاكبيرن إلى باريس",
            &["entity PER «ديفيد كاكبيرن» given-name", "entity GPE «باريس» lexicon"],
        ),
        // wrong: «آل سعود» belongs to the name.
        ("شارك محمد بن سلمان بن عبد العزيز آل سعود", &["entity PER «محمد بن سلمان بن عبد العزيز» lexicon"]),
        (
            "وصل عبد الرحمن الراشد وأبو بكر البغدادي",
            &["entity PER «عبد الرحمن الراشد» given-name", "entity PER «أبو بكر البغدادي» lexicon"],
        ),
    ]);
}

/// Titles stand outside of names, and hold what they govern.
#[test]
fn titles_and_names() {
    check(&[
        (
            "أكد وزير الخارجية الأمريكي أنتوني بلينكين ذلك",
            &[
                "entity NORP «الأمريكي» lexicon",
                "entity PER «أنتوني بلينكين» lexicon",
                "role «وزير الخارجية الأمريكي» before-name holder «أنتوني بلينكين»",
            ],
        ),
        (
            "قال المتحدث الرسمي باسم الحكومة مصطفى بيتاس ذلك",
            &[
                "entity PER «مصطفى بيتاس» title",
                "role «المتحدث الرسمي باسم الحكومة» before-name holder «مصطفى بيتاس»",
            ],
        ),
        (
            "قال المتحدث باسم وزارة الخارجية نيد برايس ذلك",
            &[
                "entity ORG «وزارة الخارجية» head:idafa",
                "entity PER «نيد برايس» lexicon",
                "role «المتحدث باسم وزارة الخارجية» before-name holder «نيد برايس»",
            ],
        ),
        (
            "تحدث الملك محمد السادس",
            &["entity PER «محمد السادس» lexicon", "role «الملك» before-name holder «محمد السادس»"],
        ),
        // wrong: the holder stands behind the handle.
        (
            "مع وزير خارجية MarocDiplomatie @ ناصر بوريطة",
            &["entity PER «ناصر بوريطة» lexicon", "role «وزير خارجية» alone"],
        ),
        (
            "دعم المبعوث الشخصي للأمين العام للأمم المتحدة",
            &["entity ORG «لأمم المتحدة» lexicon", "role «المبعوث الشخصي للأمين العام للأمم المتحدة» alone"],
        ),
        (
            "وصل الدكتور أحمد زويل والعقيد الركن علي غيدان",
            &[
                "entity PER «أحمد زويل» lexicon",
                "entity PER «علي غيدان» title",
                "role «العقيد الركن» before-name holder «علي غيدان»",
            ],
        ),
        // wrong: «المصري» is a nationality, and the role goes on to «السابق».
        (
            "رئيس الوزراء المصري السابق إبراهيم محلب",
            &[
                "entity PER «المصري» title",
                "entity PER «إبراهيم محلب» lexicon",
                "role «رئيس الوزراء» before-name holder «المصري»",
            ],
        ),
        (
            "القائم بأعمال وزير الدفاع مارك إسبر",
            &[
                "entity PER «مارك إسبر» lexicon",
                "role «القائم بأعمال» before-name holder «مارك إسبر»",
                "role «وزير الدفاع» before-name holder «مارك إسبر»",
            ],
        ),
        (
            "أنغيلا ميركل، المستشارة الألمانية، وصلت",
            &[
                "entity PER «أنغيلا ميركل» lexicon",
                "entity NORP «الألمانية» lexicon",
                "role «المستشارة الألمانية» after-name holder «أنغيلا ميركل»",
            ],
        ),
        // wrong: «المصري» is missed behind «و», and the role.
        ("وصل الرئيسان الفرنسي والمصري", &["entity NORP «الفرنسي» lexicon", "role —"]),
    ]);
}

/// The nationality decides which minister is meant; an office without a name may have none.
#[test]
fn offices_without_a_name() {
    check(&[
        // wrong: «صديق» is no name here: the last minister is ناصر بوريطة.
        (
            "التقى وزير الخارجية الأمريكي أنتوني بلينكن وزير الخارجية المغربي ناصر بوريطة. \
             وقال وزير الخارجية الأمريكي إن وزير الخارجية المغربي صديق.",
            &[
                "role «وزير الخارجية الأمريكي» before-name holder «أنتوني بلينكن»",
                "role «وزير الخارجية المغربي» before-name holder «ناصر بوريطة»",
                "role «وزير الخارجية الأمريكي» alone holder «أنتوني بلينكن»",
                "role «وزير الخارجية المغربي» before-name holder «صديق»",
            ],
        ),
        ("قال الرئيس إن الأمين العام غادر", &["role «الرئيس» alone", "role «الأمين العام» alone"]),
        (
            "وصل الرئيس إيمانويل ماكرون. وقال الرئيس ذلك.",
            &[
                "role «الرئيس» before-name holder «إيمانويل ماكرون»",
                "role «الرئيس» alone holder «إيمانويل ماكرون»",
            ],
        ),
    ]);
}

/// Names inside names, and words that two names share.
#[test]
fn organisations_and_places() {
    check(&[
        // wrong: the organisation is «وكالة بيت مال القدس», «القدس» inside of it.
        (
            "القدس الشرقية عاصمة ووكالة بيت مال القدس",
            &[
                "entity GPE «القدس الشرقية» lexicon",
                "entity ORG «بيت» head:name",
                "entity GPE «القدس» lexicon",
            ],
        ),
        ("نزاع الصحراء الغربية", &["entity LOC «الصحراء الغربية» lexicon"]),
        (
            "الأمم المتحدة والولايات المتحدة",
            &[
                "entity ORG «الأمم المتحدة» lexicon",
                "entity GPE «الولايات المتحدة» lexicon",
                "same Q1065 «الأمم المتحدة»",
                "same Q30 «الولايات المتحدة»",
            ],
        ),
        // wrong: «وحل» is no name.
        (
            "مجلس الأمن الدولي وحل الدولتين وخطة الحكم الذاتي المغربية",
            &[
                "entity ORG «مجلس الأمن الدولي» lexicon",
                "entity PER «وحل» title",
                "entity NORP «المغربية» lexicon",
            ],
        ),
        (
            "وزارة الخارجية المغربية ووزارة الخارجية الأمريكية",
            &[
                "entity ORG «وزارة الخارجية المغربية» head:idafa",
                "entity ORG «وزارة الخارجية الأمريكية» lexicon",
                "same Q789915 «وزارة الخارجية الأمريكية»",
            ],
        ),
        (
            "قالت وزارة الخارجية إن الخارجية الروسية غاضبة",
            &["entity ORG «وزارة الخارجية» head:idafa", "entity ORG «الخارجية الروسية» ministry"],
        ),
        (
            "الحكومة الروسية والجيش السوري والبرلمان الأوروبي",
            &[
                "entity ORG «الحكومة الروسية» head:demonym",
                "entity ORG «الجيش السوري» head:demonym",
                "entity ORG «البرلمان الأوروبي» lexicon",
            ],
        ),
        (
            "صحيفة \"النهار\" وقناة الجزيرة ووكالة رويترز",
            &[
                "entity ORG «النهار» head:name",
                "entity ORG «الجزيرة» head:name",
                "entity ORG «وكالة رويترز» head:idafa",
            ],
        ),
        // wrong: «حزب» belongs to the name, as «حركة» does.
        (
            "حزب العدالة والتنمية وحركة حماس وتنظيم داعش",
            &[
                "entity ORG «العدالة والتنمية» lexicon",
                "entity ORG «حركة حماس» lexicon",
                "entity ORG «تنظيم داعش» lexicon",
            ],
        ),
        (
            "جامعة القاهرة ومستشفى الشفاء ومطار بيروت الدولي",
            &[
                "entity ORG «جامعة القاهرة» lexicon",
                "entity FAC «مستشفى الشفاء» lexicon",
                "entity FAC «مطار بيروت الدولي» lexicon",
            ],
        ),
        (
            "شركة أبل وشبكة CNN الأمريكية",
            &["entity ORG «أبل» head:name", "entity ORG «CNN» head:name", "entity NORP «الأمريكية» lexicon"],
        ),
        // wrong: «نهر النيل» is missed.
        (
            "نهر النيل وجبل الشيخ والبحر الأحمر",
            &["entity LOC «جبل الشيخ» lexicon", "entity LOC «البحر الأحمر» lexicon"],
        ),
        ("البلاد وبلاده", &["entity —", "source —"]),
    ]);
}

/// Words that look like names and are none.
#[test]
fn no_names() {
    check(&[
        ("عبر عن رضا كبير وأمل واسع", &["entity —"]),
        ("كان بيان الأمس واضحا", &["entity —"]),
        ("هذا عادل وكريم وسعيد", &["entity —"]),
        ("ناقش الطرفان الملف واستعرض القادة الوضع", &["entity —", "quote —"]),
        ("تقرر الحل السياسي الدائم في وقت لاحق", &["entity —"]),
    ]);
}

/// Marks, tatweel, other letters: a name is found in any spelling.
#[test]
fn spellings() {
    check(&[
        ("قال سـامح شكـري إن مصـر بخير", &["entity PER «سـامح شكـري» lexicon", "entity GPE «مصـر» lexicon"]),
        (
            "الامارات والإمارات وألمانيا والمانيا",
            &[
                "entity GPE «الامارات» lexicon",
                "entity GPE «الإمارات» lexicon",
                "entity GPE «ألمانيا» lexicon",
                "entity GPE «المانيا» lexicon",
                "same Q878 «الامارات» «الإمارات»",
                "same Q183 «ألمانيا» «المانيا»",
            ],
        ),
        (
            "أمريكا وأميركا وامريكا",
            &[
                "entity GPE «أمريكا» lexicon",
                "entity GPE «أميركا» lexicon",
                "entity GPE «امريكا» lexicon",
                "same Q30 «أمريكا» «أميركا» «امريكا»",
            ],
        ),
        (
            "ناصر بوريطة ،وصل .ثم غادر",
            &[
                "entity PER «ناصر بوريطة» lexicon",
                "token word «ناصر»",
                "token word «بوريطة» norm بوريطه",
                "token punct «،»",
                "token word «وصل»",
                "token punct «.»",
                "token word «ثم»",
                "token word «غادر»",
            ],
        ),
    ]);
    check_on(
        "2023-05-16",
        &[(
            "الرباط – أكد ناصر بوريطة ذلك",
            &[
                "region paragraph «الرباط – أكد ناصر بوريطة ذلك»",
                "region dateline «الرباط»",
                "entity GPE «الرباط» lexicon",
                "entity PER «ناصر بوريطة» lexicon",
            ],
        )],
    );
}
