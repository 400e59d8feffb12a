//! Plausible news, put together from parts of sentences.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// A few paragraphs of news: dateline, speakers with and without titles, direct and indirect speech,
/// numbers, dates. Grammatical enough for extraction, true of nothing.
pub fn news_text() -> impl Strategy<Value = String> {
    let paragraph = vec(sentence(), 1..4).prop_map(|sentences| sentences.join(" "));
    (prop_oneof![1 => Just(""), 2 => select(DATELINES)], vec(paragraph, 1..4))
        .prop_map(|(dateline, paragraphs)| format!("{dateline}{}", paragraphs.join("\n\n")))
}

fn sentence() -> impl Strategy<Value = String> {
    let indirect = (select(VERBS), select(SPEAKERS), select(CHANNELS), select(CLAUSES), select(TIMES))
        .prop_map(|(verb, speaker, channel, clause, time)| {
            format!("{verb} {speaker}{channel}{time} إن {clause}.")
        });
    let direct = (select(VERBS), select(SPEAKERS), select(CHANNELS), select(MARKS), select(CLAUSES))
        .prop_map(|(verb, speaker, channel, (open, close), clause)| {
            format!("{verb} {speaker}{channel}: {open}{clause}{close}.")
        });
    let nominal = (select(SPEAKERS), select(CLAUSES), select(VERBS))
        .prop_map(|(speaker, clause, verb)| format!("{clause}، بحسب ما {verb} {speaker}."));
    prop_oneof![3 => indirect, 2 => direct, 1 => nominal, 2 => select(EVENTS).prop_map(str::to_owned)]
}

const DATELINES: &[&str] = &[
    "القاهرة (رويترز) - ",
    "بيروت – أ ف ب: ",
    "الرياض، 16 مايو 2023 (واس) -- ",
    "غزة ـ «القدس العربي»: ",
    "تونس/ الأناضول\n",
];

const VERBS: &[&str] =
    &["قال", "أكد", "أوضح", "صرح", "أعلن", "وأضاف", "وقالت", "نفى", "وذكرت", "وأشار", "كتب"];

const SPEAKERS: &[&str] = &[
    "وزير الخارجية المصري سامح شكري",
    "الرئيس الفرنسي إيمانويل ماكرون",
    "المتحدث باسم وزارة الداخلية",
    "مصدر أمني طلب عدم ذكر اسمه",
    "الأمين العام للأمم المتحدة أنطونيو غوتيريش",
    "وزارة الصحة",
    "مسؤولان حكوميان",
    "د. ليلى حدّاد، أستاذة الاقتصاد في جامعة القاهرة",
    "شهود عيان",
    "بلينكن",
];

const CHANNELS: &[&str] =
    &["", "", " في مؤتمر صحافي", " عبر تويتر", " في بيان", " لوكالة فرانس برس", " في اتصال هاتفي مع نظيره"];

const TIMES: &[&str] =
    &["", " أمس", " يوم الثلاثاء", " مساء الإثنين الماضي", " في 3 أيار/مايو", " عام ٢٠٢٢", " قبل أسبوعين"];

const MARKS: &[(&str, &str)] = &[("«", "»"), ("\"", "\""), ("“", "”"), ("((", "))"), ("«", "")];

const CLAUSES: &[&str] = &[
    "المفاوضات ستستأنف الأسبوع المقبل",
    "الحكومة خصصت 1,250 مليون دولار لإعادة الإعمار",
    "عدد الضحايا ارتفع إلى ٣٢ قتيلا و١٠٥ جرحى",
    "بلاده لن تشارك في القمة",
    "نسبة التضخم بلغت 3.5% في الربع الأول",
    "الاتفاق ينص على وقف إطلاق النار لمدة 72 ساعة",
    "الطريق بين حلب ودمشق مغلق منذ العاشرة والنصف صباحا",
    "«الوقت قد حان» لإنهاء الأزمة",
];

const EVENTS: &[&str] = &[
    "وتظاهر آلاف الأشخاص في الخرطوم احتجاجا على ارتفاع الأسعار.",
    "ووقعت مصر وقطر اتفاقية تعاون في الدوحة.",
    "وقصفت طائرات حربية مواقع قرب الحدود، ما أدى إلى مقتل خمسة جنود.",
    "ووصل الوفد إلى جنيف في وقت متأخر من مساء الأحد!",
    "من جهته، رفض حزب الأمة المشاركة في الحوار؟",
];
