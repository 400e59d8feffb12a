//! Who said what: frames, marks, sources, as real news writes them.

use super::check;

/// The verb first.
#[test]
fn verb_first() {
    check(&[
        (
            "قال سامح شكري إن المحادثات ستستمر.",
            &["quote indirect «المحادثات ستستمر» frame:vso speaker «سامح شكري»"],
        ),
        (
            "وأكدت فرنسا أن المحادثات ستستمر.",
            &["quote indirect «المحادثات ستستمر» frame:vso speaker «فرنسا»"],
        ),
        (
            "يوم الخميس ، قال مصطفى بيتاس إن الموقف لا يتغير.",
            &[
                "entity PER «مصطفى بيتاس» speech-frame",
                "quote indirect «الموقف لا يتغير» frame:vso speaker «مصطفى بيتاس» time «يوم الخميس»",
            ],
        ),
        (
            "وخلال المكالمة، أكد أنتوني بلينكن أن الموقف لا يتغير.",
            &["quote indirect «الموقف لا يتغير» frame:vso speaker «أنتوني بلينكن» channel phone"],
        ),
        (
            "أعلن المتحدث باسم وزارة الخارجية نيد برايس أن الوزير غادر.",
            &["quote indirect «الوزير غادر» frame:vso speaker «نيد برايس»"],
        ),
        (
            "قال مصدر أمني طلب عدم ذكر اسمه إن الوزير غادر.",
            &["quote indirect «الوزير غادر» frame:vso speaker «مصدر أمني»"],
        ),
        (
            "نفت وزارة الدفاع الروسية أن تكون الطائرة أسقطت.",
            &["quote indirect «تكون الطائرة أسقطت» frame:vso speaker «وزارة الدفاع الروسية»"],
        ),
        (
            "دعا الرئيس الفرنسي إيمانويل ماكرون إلى وقف إطلاق النار.",
            &["quote indirect «وقف إطلاق النار» frame:masdar speaker «إيمانويل ماكرون»"],
        ),
        (
            "حذر سامح شكري من انهيار المحادثات.",
            &["quote indirect «انهيار المحادثات» frame:masdar speaker «سامح شكري»"],
        ),
    ]);
}

#[test]
fn subject_first() {
    check(&[
        ("المغرب أكد أن الموقف لا يتغير.", &["quote indirect «الموقف لا يتغير» frame:svo speaker «المغرب»"]),
        (
            "وكان سامح شكري قد قال إن المحادثات ستستمر.",
            &["quote indirect «المحادثات ستستمر» frame:svo speaker «سامح شكري»"],
        ),
        (
            "إلا أن فرنسا أعلنت أنها لن تشارك في القمة.",
            &["quote indirect «لن تشارك في القمة» frame:svo speaker «فرنسا»"],
        ),
        // The name stands behind a preposition: it is not the subject.
        ("في مصر قال إن المحادثات ستستمر.", &["quote indirect «المحادثات ستستمر» frame:pro-drop"]),
    ]);
}

/// No أن: a verbal noun is what was said.
#[test]
fn verbal_nouns() {
    check(&[
        (
            "أكد أنتوني بلينكن التزام الولايات المتحدة بحل الدولتين.",
            &["quote indirect «التزام الولايات المتحدة بحل الدولتين» frame:masdar speaker «أنتوني بلينكن»"],
        ),
        (
            "أكد أنتوني بلينكن على دعمه لخطة الحكم الذاتي.",
            &[
                "entity PER «أنتوني بلينكن» lexicon",
                "quote indirect «دعمه لخطة الحكم الذاتي» frame:masdar speaker «أنتوني بلينكن»",
            ],
        ),
        // wrong: «أعاد … تأكيد» is one cue; the content is «رضا بلاده عن الشراكة».
        (
            "أعاد المتحدث باسم وزارة الخارجية نيد برايس تأكيد رضا بلاده عن الشراكة.",
            &["cue «أعاد» أعاد finite", "cue «تأكيد» أكد masdar", "quote —"],
        ),
        (
            "أعربت الولايات المتحدة عن دعمها لخطة المغرب.",
            &["quote indirect «دعمها لخطة المغرب» frame:masdar speaker «الولايات المتحدة»"],
        ),
        (
            "ليست هذه هي المرة الأولى التي تعرب فيها الولايات المتحدة عن دعمها للخطة.",
            &["quote indirect «دعمها للخطة» frame:masdar speaker «الولايات المتحدة»"],
        ),
        ("أدلى مصطفى بيتاس بتصريحاته يوم الخميس.", &["quote —"]),
    ]);
}

/// «وأضاف»: the speaker is the one who spoke last, not the nearest noun.
#[test]
fn dropped_subjects() {
    check(&[
        (
            "قال ناصر بوريطة إن موقف إسبانيا واضح. وأكد أن المغرب بلد كبير.",
            &[
                "quote indirect «موقف إسبانيا واضح» frame:vso speaker «ناصر بوريطة»",
                "quote indirect «المغرب بلد كبير» frame:pro-drop speaker «ناصر بوريطة»",
            ],
        ),
        (
            "قال سامح شكري إن الوقت ينفد. وأضاف: «لن ننتظر طويلا». وتابع أن القمة قريبة.",
            &[
                "quote indirect «الوقت ينفد» frame:vso speaker «سامح شكري»",
                "quote direct «لن ننتظر طويلا» frame:pro-drop speaker «سامح شكري»",
                "quote indirect «القمة قريبة» frame:pro-drop speaker «سامح شكري»",
            ],
        ),
        (
            "قالت فرنسا إن الوقت ينفد.\n\nوأضافت أن القمة قريبة.",
            &[
                "quote indirect «الوقت ينفد» frame:vso speaker «فرنسا»",
                "quote indirect «القمة قريبة» frame:pro-drop speaker «فرنسا»",
            ],
        ),
        // wrong: «وقالت» is feminine: ليلى حداد speaks, or nobody known.
        (
            "قال سامح شكري إن الوقت ينفد. وصلت ليلى حداد. وقالت إن القمة قريبة.",
            &[
                "quote indirect «الوقت ينفد» frame:vso speaker «سامح شكري»",
                "quote indirect «القمة قريبة» frame:pro-drop speaker «سامح شكري»",
            ],
        ),
    ]);
}

/// Participles in the wake of a verb, and without one.
#[test]
fn participles() {
    check(&[
        // wrong: «القمة» in the next quotation is no channel of the first.
        (
            "قال سامح شكري إن الوقت ينفد، مشيرا إلى أن القمة قريبة.",
            &[
                "quote indirect «الوقت ينفد» frame:vso speaker «سامح شكري» channel meeting",
                "quote indirect «القمة قريبة» frame:participle speaker «سامح شكري»",
            ],
        ),
        (
            "أصدرت وزارة الخارجية بيانا مشيرة إلى أن الوقت ينفد.",
            &["quote indirect «الوقت ينفد» frame:participle speaker «وزارة الخارجية» channel statement"],
        ),
        (
            "التقى ناصر بوريطة نظيره، مؤكدا أن المغرب لا يتغير ومذكرا بأن الوقت ينفد.",
            &[
                "quote indirect «المغرب لا يتغير» frame:participle speaker «ناصر بوريطة»",
                "quote indirect «الوقت ينفد» frame:participle speaker «ناصر بوريطة»",
            ],
        ),
        (
            "وأضاف سامح شكري قائلا إن الوقت ينفد.",
            &["quote indirect «الوقت ينفد» frame:vso speaker «سامح شكري»"],
        ),
    ]);
}

/// «بحسب» before and behind what was said.
#[test]
fn according_to() {
    check(&[
        (
            "بحسب وزارة الصحة، ارتفع عدد القتلى إلى عشرة.",
            &["quote indirect «ارتفع عدد القتلى إلى عشرة» frame:according speaker «وزارة الصحة»"],
        ),
        (
            "وبحسب وزارة الصحة فإن عدد القتلى ارتفع إلى عشرة.",
            &["quote indirect «عدد القتلى ارتفع إلى عشرة» frame:according speaker «وزارة الصحة»"],
        ),
        (
            "ارتفع عدد القتلى إلى عشرة، بحسب وزارة الصحة.",
            &["quote indirect «ارتفع عدد القتلى إلى عشرة» frame:according speaker «وزارة الصحة»"],
        ),
        (
            "ارتفع عدد القتلى إلى عشرة وفقا لوكالة رويترز.",
            &[
                "quote indirect «ارتفع عدد القتلى إلى عشرة» frame:according speaker «وكالة رويترز» channel agency",
            ],
        ),
        (
            "غادر الوزير، حسبما أعلن مصطفى بيتاس على تويتر.",
            &["quote indirect «غادر الوزير» frame:according speaker «مصطفى بيتاس» channel twitter"],
        ),
        (
            "بحسب بيان صادر عن وزارة الخارجية، غادر الوزير الرباط.",
            &[
                "quote indirect «غادر الوزير الرباط» frame:according speaker «وزارة الخارجية» channel statement",
            ],
        ),
        (
            "الوقت ينفد، على حد قول سامح شكري.",
            &["quote indirect «الوقت ينفد» frame:according speaker «سامح شكري»"],
        ),
        (
            "نقلت وكالة رويترز عن مصدر أمني قوله إن الوزير غادر.",
            &["quote indirect «الوزير غادر» frame:vso speaker «مصدر أمني» channel agency"],
        ),
        (
            "ذكرت وكالة الأناضول نقلا عن شهود عيان أن الوزير غادر.",
            &["quote indirect «الوزير غادر» frame:vso speaker «شهود عيان» channel agency"],
        ),
    ]);
}

/// Marks of all styles, swapped, mixed, unclosed.
#[test]
fn marks() {
    check(&[
        (
            "قال سامح شكري: «لن نقبل بذلك أبدا».",
            &["quote direct «لن نقبل بذلك أبدا» frame:vso speaker «سامح شكري»"],
        ),
        (
            "قال سامح شكري: \"لن نقبل بذلك أبدا\".",
            &["quote direct «لن نقبل بذلك أبدا» frame:vso speaker «سامح شكري»"],
        ),
        (
            "قال سامح شكري: “لن نقبل بذلك أبدا”.",
            &["quote direct «لن نقبل بذلك أبدا» frame:vso speaker «سامح شكري»"],
        ),
        (
            "قال سامح شكري: ”لن نقبل بذلك أبدا“.",
            &["quote direct «لن نقبل بذلك أبدا» frame:vso speaker «سامح شكري»"],
        ),
        (
            "قال سامح شكري: „لن نقبل بذلك أبدا“.",
            &["quote direct «لن نقبل بذلك أبدا» frame:vso speaker «سامح شكري»"],
        ),
        (
            "قال سامح شكري: ((لن نقبل بذلك أبدا)).",
            &["quote direct «لن نقبل بذلك أبدا» frame:vso speaker «سامح شكري»"],
        ),
        (
            "قال سامح شكري: ''لن نقبل بذلك أبدا''.",
            &["quote direct «لن نقبل بذلك أبدا» frame:vso speaker «سامح شكري»"],
        ),
        (
            "قال سامح شكري: “لن نقبل بذلك أبدا\".",
            &["quote direct «لن نقبل بذلك أبدا» frame:vso speaker «سامح شكري»"],
        ),
        (
            "قال سامح شكري: «لن نقبل بذلك أبدا.»",
            &["quote direct «لن نقبل بذلك أبدا» frame:vso speaker «سامح شكري»"],
        ),
        (
            "قال سامح شكري: «لن نقبل بذلك أبدا",
            &["quote direct «لن نقبل بذلك أبدا» frame:vso speaker «سامح شكري»"],
        ),
        (
            "قال سامح شكري: «لن نقبل \"بذلك\" أبدا».",
            &["quote direct «لن نقبل \"بذلك\" أبدا» frame:vso speaker «سامح شكري»"],
        ),
        (
            "قال سامح شكري : لن نقبل بذلك أبدا.",
            &["quote direct «لن نقبل بذلك أبدا» frame:vso speaker «سامح شكري»"],
        ),
        (
            "«لن نقبل بذلك أبدا»، قال سامح شكري.",
            &["quote direct «لن نقبل بذلك أبدا» frame:postposed speaker «سامح شكري»"],
        ),
        // wrong: «لن نقبل» before the verb is missed.
        ("«لن نقبل»، قال سامح شكري، «ولن نسكت».", &["quote direct «ولن نسكت» frame:vso speaker «سامح شكري»"]),
        (
            "«لن نقبل «بذلك» أبدا»، قال سامح شكري.",
            &["quote direct «لن نقبل «بذلك» أبدا» frame:postposed speaker «سامح شكري»"],
        ),
        (
            "قال سامح شكري: ‘لن نقبل بذلك أبدا’.",
            &["quote direct «لن نقبل بذلك أبدا» frame:vso speaker «سامح شكري»"],
        ),
        (
            "قال سامح شكري: »لن نقبل بذلك أبدا«.",
            &["quote direct «لن نقبل بذلك أبدا» frame:vso speaker «سامح شكري»"],
        ),
    ]);
}

/// A few of the speaker's words among the reporter's.
#[test]
fn fragments() {
    check(&[
        // wrong: the last mark belongs to the content: its partner stands inside.
        (
            "قال سامح شكري إن الموقف “واضح” و “ثابت”.",
            &["quote mixed «الموقف “واضح” و “ثابت» frame:vso speaker «سامح شكري»"],
        ),
        (
            "أكد أنتوني بلينكن أن الولايات المتحدة تدعم “حلا سياسيا دائما وكريما” للنزاع.",
            &[
                "quote mixed «الولايات المتحدة تدعم “حلا سياسيا دائما وكريما” للنزاع» frame:vso speaker «أنتوني بلينكن»",
            ],
        ),
        // wrong: whatever the verb, the words in marks are the speaker's.
        ("أطلق أنتوني بلينكن “الصوت الحاسم للمغرب ضد الحرب”.", &["quote —"]),
        ("يعرض متحف \"اللوفر\" لوحة \"الموناليزا\".", &["cue «يعرض» عرض finite", "quote —"]),
        ("وقعت ما يسمى «الثورة» في المدينة.", &["quote —"]),
    ]);
}

/// A paragraph in marks goes on with the last speaker.
#[test]
fn paragraphs_in_marks() {
    check(&[
        (
            "وكتب أنتوني بلينكن: “تحدثت مع ناصر بوريطة حول الشراكة”.\n“ناقشنا أيضا الأوضاع في السودان وسبل وقف الحرب.”",
            &[
                "quote direct «تحدثت مع ناصر بوريطة حول الشراكة» frame:vso speaker «أنتوني بلينكن»",
                "quote direct «ناقشنا أيضا الأوضاع في السودان وسبل وقف الحرب» marks speaker «أنتوني بلينكن»",
            ],
        ),
        ("“ناقشنا أيضا الأوضاع في السودان وسبل وقف الحرب.”", &["quote —"]),
    ]);
}

#[test]
fn headlines() {
    check(&[
        (
            "شكري: لن نقبل بذلك أبدا\n\nقال وزير الخارجية سامح شكري إن الوقت ينفد.",
            &[
                "quote direct «لن نقبل بذلك أبدا» headline speaker «شكري»",
                "quote indirect «الوقت ينفد» frame:vso speaker «سامح شكري»",
            ],
        ),
        ("سامح شكري: لن نقبل بذلك أبدا", &["quote direct «لن نقبل بذلك أبدا» headline speaker «سامح شكري»"]),
        (
            "الأمم المتحدة: الوضع في غزة كارثي",
            &["quote direct «الوضع في غزة كارثي» headline speaker «الأمم المتحدة»"],
        ),
        ("عاجل: انفجار في بيروت", &["quote —"]),
        ("فرنسا - مصر: 2 مقابل 1", &["cue —", "quote —"]),
    ]);
}

/// To whom, on which channel, within what.
#[test]
fn addressees_and_channels() {
    check(&[
        (
            "قال سامح شكري لوكالة رويترز إن الوقت ينفد.",
            &[
                "quote indirect «الوقت ينفد» frame:vso speaker «سامح شكري» addressee «وكالة رويترز» channel agency",
            ],
        ),
        // wrong: «النهار» is the addressee, as the agency above.
        (
            "قال سامح شكري لصحيفة النهار إن الوقت ينفد.",
            &["quote indirect «الوقت ينفد» frame:vso speaker «سامح شكري» channel newspaper"],
        ),
        (
            "أكد أنتوني بلينكن لناصر بوريطة في اتصال هاتفي أن الوقت ينفد.",
            &[
                "quote indirect «الوقت ينفد» frame:vso speaker «أنتوني بلينكن» addressee «ناصر بوريطة» channel phone",
            ],
        ),
        (
            "أبلغ سامح شكري أنتوني بلينكن أن الوقت ينفد.",
            &["quote indirect «الوقت ينفد» frame:vso speaker «سامح شكري» addressee «أنتوني بلينكن»"],
        ),
        (
            "وكتب ناصر بوريطة على تويتر: “الوقت ينفد”.",
            &["quote direct «الوقت ينفد» frame:vso speaker «ناصر بوريطة» channel twitter"],
        ),
        (
            "قالت وزارة الصحة في بيان إن الوقت ينفد.",
            &["quote indirect «الوقت ينفد» frame:vso speaker «وزارة الصحة» channel statement"],
        ),
        (
            "قال سامح شكري في مؤتمر صحافي مشترك مع أنتوني بلينكن أمس إن الوقت ينفد.",
            &[
                "quote indirect «الوقت ينفد» frame:vso speaker «سامح شكري» time «أمس» channel press-conference",
            ],
        ),
        // wrong: «ناصر بوريطة» at the other end of the line is the addressee.
        (
            "أكد أنتوني بلينكن في اتصال هاتفي مع ناصر بوريطة أن الوقت ينفد.",
            &["quote indirect «الوقت ينفد» frame:vso speaker «أنتوني بلينكن» channel phone"],
        ),
        (
            "قال ناصر بوريطة إن إسبانيا أكدت أن موقفها واضح.",
            &[
                "quote indirect «إسبانيا أكدت أن موقفها واضح» frame:vso speaker «ناصر بوريطة»",
                "quote indirect «موقفها واضح» frame:svo speaker «إسبانيا» within «إسبانيا أكدت أن موقفها واضح»",
            ],
        ),
        // wrong: what the United States affirm within is a quotation as well.
        (
            "قالت وزارة الخارجية إن الولايات المتحدة تؤكد عزمها على السلام.",
            &["quote indirect «الولايات المتحدة تؤكد عزمها على السلام» frame:vso speaker «وزارة الخارجية»"],
        ),
    ]);
}

/// Several speakers of one verb, and verbs that are no speech.
#[test]
fn several_speakers_and_none() {
    check(&[
        (
            "قال أنتوني بلينكن وناصر بوريطة إن الوقت ينفد.",
            &["quote indirect «الوقت ينفد» frame:vso speaker «أنتوني بلينكن» «ناصر بوريطة»"],
        ),
        (
            "وأكد الرئيسان فلاديمير بوتين ورجب طيب أردوغان أن الوقت ينفد.",
            &["quote indirect «الوقت ينفد» frame:vso speaker «فلاديمير بوتين» «رجب طيب أردوغان»"],
        ),
        ("واستعرض ناصر بوريطة وأنتوني بلينكن العلاقات.", &["quote —"]),
        ("قدم سامح شكري التعازي للرئيس.", &["quote —"]),
        ("ذكرت غزة في البيان.", &["quote —"]),
        ("كتب أحمد خالد توفيق رواية.", &["quote —"]),
    ]);
}

/// An article that is not in Arabic has its language, regions, sentences and tokens, and no facts.
#[test]
fn other_languages() {
    check(&[
        (
            "وزیر خارجه ایران در تهران گفت که مذاکرات با آمریکا در روز دوشنبه ادامه خواهد داشت و این مهم است",
            &["language fa", "cue —", "number —", "time —", "entity —", "role —", "source —", "quote —"],
        ),
        (
            "Le ministre Anthony Blinken a déclaré: «Nous continuerons» (رويترز)",
            &["language und", "cue —", "number —", "time —", "entity —", "role —", "source —", "quote —"],
        ),
        ("", &["language —", "region —", "sentence —", "token —", "entity —", "quote —"]),
    ]);
}

/// The lead of an article, all layers together.
#[test]
fn a_lead() {
    // wrong: the content ends at «الدولتين»; what follows is channel, time and addressee.
    check(&[(
        "الرباط – أكد وزير الخارجية الأمريكي أنتوني بلينكين التزام الولايات المتحدة بحل الدولتين في اتصال هاتفي يوم \
         الاثنين مع وزير الخارجية المغربي ناصر بوريطة.",
        &[
            "region paragraph «الرباط – أكد وزير الخارجية الأمريكي أنتوني بلينكين التزام الولايات المتحدة بحل الدولتين في اتصال هاتفي يوم الاثنين مع وزير الخارجية المغربي ناصر بوريطة.»",
            "region dateline «الرباط»",
            "cue «أكد» أكد finite",
            "cue «التزام» التزم masdar",
            "number —",
            "time DATE «يوم الاثنين» XXXX-WXX-1",
            "entity GPE «الرباط» lexicon",
            "entity NORP «الأمريكي» lexicon",
            "entity PER «أنتوني بلينكين» lexicon",
            "entity GPE «الولايات المتحدة» lexicon",
            "entity NORP «المغربي» lexicon",
            "entity PER «ناصر بوريطة» lexicon",
            "role «وزير الخارجية الأمريكي» before-name holder «أنتوني بلينكين»",
            "role «وزير الخارجية المغربي» before-name holder «ناصر بوريطة»",
            "source —",
            "quote indirect «التزام الولايات المتحدة بحل الدولتين في اتصال هاتفي يوم الاثنين مع وزير الخارجية المغربي ناصر بوريطة» frame:masdar speaker «أنتوني بلينكين»",
            "same Q3551 «الرباط»",
            "same Q30 «الأمريكي» «الولايات المتحدة»",
            "same Q1028 «المغربي»",
        ],
    )]);
}
