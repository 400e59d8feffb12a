//! What holds for every text.

use isnad_core::Document;
use isnad_testkit::arabic::news_text;
use isnad_testkit::laws;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;

use crate::{kind, run, stage};

/// Few in CI; raise it by hand to search deeper.
const CASES: u32 = 256;

const TEXTS: &[&str] = &[
    "",
    "+",
    "@",
    "0",
    "00",
    "(((0501234567",
    "0501234567-0501234567/0507654321.",
    "هاتف: 5551234 - 5551235، و 5551236 أو 5551237",
    "0501234567@example.com tel:+966501234567 https://wa.me/966501234567 SA0380000000608010167519",
    "[هاتف]0501234567 [هاتف] 5551234 [بريد] 5551234",
    "0501234567:1a@example.com،0501234567،0a@example.com",
    "+\u{200F}٩٦٦\u{200E} ٥٠ ۱۲۳ 4567+ هاتف\u{0640}: ١٢٣٤٥٦٧", // direction marks, TATWEEL
];

laws!(as_it_comes, kind(), texts = TEXTS);
laws!(digits_that_stay, kind(), options = { "keep_last": 4, "countries": ["eg", "SA"] }, texts = TEXTS);
laws!(
    a_replacement_that_announces,
    kind(),
    options = { "kinds": ["phone"], "replacements": { "phone": "هاتف" } },
    texts = TEXTS
);
laws!(any_options, kind(), options = random, texts = TEXTS);

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(CASES) })]

    /// No sign of a number is left anywhere, however it is written and whatever stands around it.
    #[test]
    fn what_identifies_does_not_survive((plain, written) in identifier(), before in news_text(), after in select(BEHIND)) {
        let stage = stage(json!({})).expect("the options are right");
        let document = run(&*stage, &format!("{before}\nيمكنكم {written}{after}"));
        let left = |text: &str| signs(text).contains(&signs(&plain));
        prop_assert!(!left(document.content().text()), "{} is left in the text of {:?}", plain, document.content().raw());
        prop_assert!(!left(document.disclosure().raw()), "{} is left in what is shown of {:?}", plain, document.content().raw());
    }

    /// News without anything of the kind stays as it is, byte by byte.
    #[test]
    fn news_stays_as_it_is(text in news_text(), figure in select(FIGURES)) {
        let stage = stage(json!({})).expect("the options are right");
        let text = format!("{text}\n{figure}\n{text}");
        let document = run(&*stage, &text);
        prop_assert_eq!(document.content().text(), &*text);
    }

    /// Whatever numbers and words stand side by side, there is nothing more to find in what was made of them.
    #[test]
    fn once_is_enough(pieces in vec(piece(), 1..16), kept in 0u8..3) {
        let stage = stage(json!({ "keep_last": kept })).expect("the options are right");
        let once = run(&*stage, &pieces.concat());
        let twice = run(&*stage, once.content().text());
        prop_assert_eq!(twice.content().text(), once.content().text(), "{:?}", pieces);
        check_places(&once);
    }
}

/// What is not withheld stands in the text as in the raw text.
fn check_places(document: &Document) {
    let content = document.content();
    let shown = document.disclosure();
    assert_eq!(shown.raw().chars().count(), content.raw().chars().count());
    let hidden = content.alignment().withheld().count();
    assert_eq!(hidden > 0, content.text() != content.raw());
}

const BEHIND: &[&str] = &["", ".", "، شكرا", " أو زيارتنا", ")", "\n", "؟"];

const FIGURES: &[&str] = &[
    "بلغت الخسائر 1,250,000 دولار عام 2023.",
    "في 16/5/2023 و2023-05-16 و16.5.2023",
    "انتخبه 12345678 ناخبا بنسبة 51.25%",
    "عند 24.7136, 46.6753 و31.768319، 35.21371",
    "فاز الفريق 3-2 ثم 10-9 بعد 2-2",
    "موازنة 2010-2015 و2016/2017 بقيمة 98765432100 ليرة",
    "https://www.example.com/2023/5/16/1012345678?id=0501234567",
    "الساعة 10:30 حتى 23:59، العدد 14567",
    "1 2 3 4 5 6 7 8 9 10 11 12",
    "المادة 12 من القانون 123456 لسنة 1999",
    "@user0501234567 #رقم_0501234567",
    "قرار رقم 2254 و242 و338، جلسة 8450",
];

/// Something that must go: its plain signs, and how it stands in an article.
fn identifier() -> impl Strategy<Value = (String, String)> {
    let email = ("[a-z]{2,8}[0-9]{0,3}", "[a-z]{2,8}", select(&["com", "net", "org.sa"][..]))
        .prop_map(|(local, host, end)| (format!("{local}@{host}.{end}"), "مراسلتنا عبر"));
    let mobile = (select(&["010", "011", "012", "015"][..]), "[0-9]{8}")
        .prop_map(|(p, rest)| (p.to_owned() + &rest, ""));
    let gulf = "05[0-9]{8}".prop_map(|number| (number, "الاتصال على"));
    let abroad = (select(&["+966", "00971", "+44", "+1", "0020"][..]), "[1-9][0-9]{8}")
        .prop_map(|(code, rest)| (code.to_owned() + &rest, "الاتصال"));
    let announced =
        (select(&["الاتصال بهاتف رقم:", "التواصل على الواتساب", "الهاتف ("][..]), "[1-9][0-9]{6,9}")
            .prop_map(|(cue, number)| (number, cue));
    let egypt = (
        "[23][0-9]{2}",
        "0[1-9]|1[0-2]",
        "0[1-9]|1[0-9]|2[0-8]",
        select(&["01", "02", "21", "88"][..]),
        "[0-9]{5}",
    )
        .prop_map(|(year, month, day, place, rest)| (format!("{year}{month}{day}{place}{rest}"), "حمل"));
    let saudi = "[12][0-9]{8}".prop_map(|head| (with_luhn(&head), "حمل"));
    let card = "4[0-9]{14}".prop_map(|head| (with_luhn(&head), "الدفع"));
    let announced_id = "2[0-9]{9}".prop_map(|number| (number, "حمل الهوية رقم"));
    let any = prop_oneof![email, mobile, gulf, abroad, announced, egypt, saudi, card, announced_id];
    (any, digits(), select(&[0usize, 3, 4][..]), select(JOINTS)).prop_map(
        |((plain, cue), zero, group, joint)| {
            let joint = if plain.contains('@') || group == 0 { "" } else { joint };
            // Cards are grouped in fours or not at all.
            let group = if plain.starts_with('4') { 4 } else { group.max(1) };
            (plain.clone(), format!("{cue} {}", written(&plain, zero, group, joint)))
        },
    )
}

const JOINTS: &[&str] = &["", " ", "-", "\u{200F}", "\u{00A0}", " - ", "."]; // RIGHT-TO-LEFT MARK, NO-BREAK SPACE

/// The first digit of a set.
fn digits() -> impl Strategy<Value = char> {
    select(&['0', '\u{0660}', '\u{06F0}'][..]) // ARABIC-INDIC and EXTENDED ARABIC-INDIC DIGIT ZERO
}

/// A number in another set of digits, with a joint behind so many of them.
fn written(plain: &str, zero: char, group: usize, joint: &str) -> String {
    let mut count = 0;
    let mut out = String::new();
    for c in plain.chars() {
        let Some(value) = c.to_digit(10) else {
            out.push(c);
            continue;
        };
        if count > 0 && count % group == 0 && plain.len() - count > 1 {
            out.push_str(joint);
        }
        out.push(char::from_u32(zero as u32 + value).expect("ten digits lie side by side"));
        count += 1;
    }
    out
}

fn with_luhn(head: &str) -> String {
    let sum: u32 = head
        .chars()
        .rev()
        .enumerate()
        .map(|(index, c)| {
            let value = c.to_digit(10).expect("a digit") * if index % 2 == 0 { 2 } else { 1 };
            value / 10 + value % 10
        })
        .sum();
    format!("{head}{}", (10 - sum % 10) % 10)
}

/// Letters and digits alone, in one set.
fn signs(text: &str) -> String {
    let plain =
        |c: char| isnad_arabic::ascii_digit(c).or_else(|| (c.is_ascii_alphabetic() || c == '@').then_some(c));
    text.chars().filter_map(plain).collect()
}

/// Parts of texts in which numbers stand close.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[0-9]{1,12}",
        3 => select(&["0501234567", "+966501234567", "(02) 23456789", "29001012112345", "4111111111111111",
            "٠١٠١٢٣٤٥٦٧٨", "a@b.co", "SA0380000000608010167519", "AB123456"][..]).prop_map(str::to_owned),
        6 => select(&[" ", "-", "/", ".", ", ", ",", ":", "(", ")", "+", "00", "\n", "[", "]", "\u{200F}", "،"][..])
            .prop_map(str::to_owned),
        3 => select(&["هاتف", "رقم", "الهوية", "دولار", "على", " و", "x", "@", "[هاتف]", "[بريد]", "[هاتف …12]", "https://"][..])
            .prop_map(str::to_owned),
    ]
}
