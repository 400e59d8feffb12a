//! `normalize.repair`: what was done to a text is undone, and what is right stays.

mod one_stage;

use encoding_rs::{Encoding, WINDOWS_1252, WINDOWS_1256};
use isnad_core::{Document, Span};
use isnad_testkit::arabic::news_text;
use proptest::prelude::*;
use serde_json::{Value, json};

/// The document after the stage.
fn run(options: Value, raw: &str) -> Document {
    one_stage::run("normalize.repair", options, raw)
}

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    for (before, after) in cases {
        let document = run(json!({}), before);
        assert_eq!(document.content().text(), *after, "of «{before}»");
    }
}

/// What is right stays as it is, and costs nothing in the alignment.
#[track_caller]
fn check_stays(texts: &[&str]) {
    for text in texts {
        let document = run(json!({}), text);
        assert_eq!(document.content().text(), *text);
        assert_eq!(document.content().alignment().segments().len(), 1, "«{text}»");
    }
}

/// The raw text under the first occurrence of `part` in the new text.
#[track_caller]
fn check_raw(raw: &str, part: &str, expected: &str) {
    let document = run(json!({}), raw);
    let content = document.content();
    let at = content.text().find(part).expect("the part occurs");
    assert_eq!(content.to_raw(Span::new(at, at + part.len())).of(raw), expected, "«{part}» in «{raw}»");
}

/// The bytes of a text, if the encoding has all its characters.
fn bytes(encoding: &'static Encoding, text: &str) -> Option<Vec<u8>> {
    let (bytes, _, failed) = encoding.encode(text);
    (!failed).then(|| bytes.into_owned())
}

fn read(encoding: &'static Encoding, bytes: &[u8]) -> String {
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

fn read_as_latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// News that Windows-1256 can hold: it has no Arabic digits.
fn news_of_1256() -> impl Strategy<Value = String> {
    news_text().prop_map(|text| text.replace(['٠', '١', '٢', '٣', '٥'], "7"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn windows_1256_read_as_latin_comes_back(text in news_of_1256()) {
        let bytes = bytes(WINDOWS_1256, &text).expect("news without Arabic digits can be encoded");
        for wrong in [read(WINDOWS_1252, &bytes), read_as_latin1(&bytes)] {
            let document = run(json!({}), &wrong);
            prop_assert_eq!(document.content().text(), &text);
        }
    }

    #[test]
    fn utf8_read_as_something_else_comes_back(text in news_text()) {
        let bytes = text.as_bytes();
        for wrong in [read(WINDOWS_1252, bytes), read_as_latin1(bytes), read(WINDOWS_1256, bytes)] {
            let document = run(json!({}), &wrong);
            prop_assert_eq!(document.content().text(), &text);
        }
    }

    #[test]
    fn utf8_read_wrongly_twice_comes_back(text in news_text(), first in 0..2usize, second in 0..2usize) {
        let pages = [WINDOWS_1252, WINDOWS_1256];
        let once = read(pages[first], text.as_bytes());
        let wrong = read(pages[second], once.as_bytes());
        let document = run(json!({}), &wrong);
        prop_assert_eq!(document.content().text(), &text);
    }

    #[test]
    fn what_a_program_dropped_inside_words_is_put_back(text in news_text()) {
        let text = text.replace("أ ف ب", "وكالة");
        let wrong = read(WINDOWS_1252, text.as_bytes());
        let dropped = wrong.replace(['\u{0081}', '\u{00AD}'], ""); // SOFT HYPHEN
        let document = run(json!({}), &dropped);
        prop_assert_eq!(document.content().text(), &text);
    }

    #[test]
    fn visual_order_comes_back(text in news_text()) {
        let lines: Vec<String> = text.lines().map(shaped).collect();
        let drawn: Vec<String> = lines.iter().map(|line| drawn(line)).collect();
        let document = run(json!({}), &drawn.join("\n"));
        prop_assert_eq!(document.content().text(), lines.join("\n"));
    }

    #[test]
    fn escaped_text_comes_back(text in news_text(), times in 1..4usize) {
        let mut wrong: String = text.chars().map(|c| match c {
            '"' => "&quot;".to_owned(),
            '«' => "&laquo;".to_owned(),
            'ق' => "&#1602;".to_owned(),
            'م' => "&#x645;".to_owned(),
            _ => c.to_string(),
        }).collect();
        for _ in 1..times {
            wrong = wrong.replace('&', "&amp;");
        }
        let document = run(json!({}), &wrong);
        prop_assert_eq!(document.content().text(), &text);
    }

    #[test]
    fn news_stays_as_it_is(text in news_text()) {
        let shaped: String = text.lines().map(|line| shaped(line) + "\n").collect();
        for right in [text, shaped] {
            let document = run(json!({}), &right);
            prop_assert_eq!(document.content().text(), &right);
            prop_assert_eq!(document.content().alignment().segments().len(), 1);
        }
    }

    #[test]
    fn words_of_other_languages_stay(words in prop::collection::vec("[A-Za-z]?[à-ÿÀ-ÖØ-ö]{0,2}[a-z]{1,6}[à-ÿ]?[a-z]?", 0..12)) {
        let right = format!("قال {} في باريس", words.join(" "));
        let document = run(json!({}), &right);
        prop_assert_eq!(document.content().text(), &right);
    }
}

#[test]
fn encodings() {
    check(&[
        ("ÇáÚÑÈíÉ", "العربية"),
        ("ÞÇá æÒíÑ", "قال وزير"),
        ("ÞÇá: «äÚã¡ ÓäÐåÈ» Ýí 2007 Åáì ÇáÞÇåÑÉ", "قال: «نعم، سنذهب» في 2007 إلى القاهرة"),
        ("ãÍãÏ ÍÓäí ãÈÇÑß", "محمد حسني مبارك"),
        // Once it is proved, single letters and words between Latin ones follow; é is the same in both.
        ("ÞÇá æÒíÑ Le Monde æ ÇáÜBBC æCNN¡ Citroën", "قال وزير Le Monde و الـBBC وCNN، Citroën"),
        ("\u{00DE}\u{00C7}\u{00E1} \u{0093}\u{00E4}\u{00DA}\u{00E3}\u{0094} \u{00E6}", "قال “نعم” و"),
        ("Ø§Ù„Ø¹Ø±Ø¨ÙŠØ©", "العربية"),
        ("“Ø§Ù„Ø¹Ø±Ø¨ÙŠØ©” â€“ Ùˆ", "“العربية” – و"),
        ("ط§ظ„ط¹ط±ط¨ظٹط©", "العربية"),
        ("(ط§ظ„ظ‚ط§ظ‡ط±ط©) ظپظٹ ظˆ", "(القاهرة) في و"),
        ("ط§ظ„ظ‚ط§ظ‡ط±ط© ظ‚ظڈطھظ„طŒ Siriآ» ًں›«", "القاهرة ق\u{064F}تل، Siri» 🛫"), // DAMMA
        ("Ø§Ù„Ø¹Ø±Ø¨ÙŠØ© CitroÃ«n ðŸ˜€", "العربية Citroën 😀"),
        ("قال: â€œنعمâ€\u{009D}", "قال: “نعم”"),
        ("&Oslash;&sect;&Ugrave;&bdquo;", "ال"),
    ]);
}

#[test]
fn encodings_that_are_right() {
    check_stays(&[
        "التقى Müller وزيرة Citroën في Ångström، l’été à Nîmes",
        "Çağlar Şükrü Üçüncü Öğün üç öö Ümit",
        "à É ô Ö Ÿ ÿ — «À» «É» ÀÉÈ éèà ÄÖÜ ÅÄÖ ÆØÅ æøå",
        "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞß",
        "IRMÃ © BLESSÉ» BRØ» DÉJÀ» FØ… Ù» 5º 1ª ¡Olé! ¿Qué?",
        "ÖÐ¹úÈËÃñ ÎÒÊÇ ÐÎÑÑÈß Ïðèâåò ÁÈÇÍÁ ÇÑ±¹ ÀÒÉÒä·Â",
        "وعظ، وحفظ؟ «لفظ» محفوظ… ط» ظ، ع، غ؛ أ، آ« حظّ",
        "عکس عکعک غک ظگعک ظپ",
        "10 × 5 § 3 ± 2° ط§ ½",
    ]);
}

#[test]
fn visual_order() {
    check(&[
        ("ﺔﻴﺑﺮﻌﻟﺍ", "ﺍﻟﻌﺮﺑﻴﺔ"),
        ("ﻦﻣ", "ﻣﻦ"),
        // «دار» has no joins; it follows the line before it.
        ("ﺔﻴﺑﺮﻌﻟﺍ\nﺭﺍﺩ\n", "ﺍﻟﻌﺮﺑﻴﺔ\nﺩﺍﺭ\n"),
        ("ﺭﺍﺩ\nﺔﻴﺑﺮﻌﻟﺍ", "ﺩﺍﺭ\nﺍﻟﻌﺮﺑﻴﺔ"),
        ("ﺔﻴﺑﺮﻌﻟﺍ\n.2004\n\nBBC.", "ﺍﻟﻌﺮﺑﻴﺔ\n2004.\n\nBBC."),
        (".(ﺔﻴﺑﺮﻌﻟﺍ) «ﺎﻬﻟ»", "«ﻟﻬﺎ» (ﺍﻟﻌﺮﺑﻴﺔ)."),
        ("1,250.5 ﻦﻣ 10:30 :%50", "50%: 10:30 ﻣﻦ 1,250.5"),
        ("ﺔﻴﺑﺮﻌﻟﺍ (BBC News 24", "BBC News 24) ﺍﻟﻌﺮﺑﻴﺔ"),
        // Brackets as they were meant, not as they are drawn: the left one closes.
        (")ﺔﻴﺑﺮﻌﻟﺍ( ﻦﻣ", "ﻣﻦ (ﺍﻟﻌﺮﺑﻴﺔ)"),
        // A line that reads from left to right.
        ("The word ﺔﻴﺑﺮﻌﻟﺍ ﺔﻐﻠﻟﺍ means Arabic", "The word ﺍﻟﻠﻐﺔ ﺍﻟﻌﺮﺑﻴﺔ means Arabic"),
        // Marks behind their letters: ب FATHA, ر SUKUN, ق.
        ("ﻕﺮ\u{0652}ﺑ\u{064E}", "ﺑ\u{064E}ﺮ\u{0652}ﻕ"),
        // Marks before them, as in a line that was turned code point by code point.
        ("\u{0652}ﻕﺮ\u{064E}ﺑ", "ﺑ\u{064E}ﺮﻕ\u{0652}"),
    ]);
    check_stays(&[
        "ﺍﻟﻌﺮﺑﻴﺔ ﻓﻲ 2007",
        "1445 ﻫ و ﻋ ﺔ ﺹ \u{FDFA} \u{FDF2}",
        "قال إن ﺔﻴﺑ هي نهاية كلمة مكتوبة بأشكالها في سطر عادي",
        "المملكة العربية ﻟلسعودية",
    ]);
    check_raw("2007 ﻡﺎﻋ ﺔﻴﺑﺮﻌﻟﺍ", "ﺍﻟﻌﺮﺑﻴﺔ", "ﺔﻴﺑﺮﻌﻟﺍ");
    check_raw("2007 ﻡﺎﻋ ﺔﻴﺑﺮﻌﻟﺍ", "20", "20");
}

#[test]
fn handles() {
    check(&[
        ("وزير خارجية MarocDiplomatie @ ناصر", "وزير خارجية @MarocDiplomatie ناصر"),
        ("وزير خارجية MarocDiplomatie@ ناصر", "وزير خارجية @MarocDiplomatie ناصر"),
        ("وكتب @ wam_news: نعم", "وكتب @wam_news: نعم"),
        ("وكتب (wam_news @) نعم", "وكتب (@wam_news) نعم"),
        ("حساب BBCArabic @", "حساب @BBCArabic"),
        ("@ BBCArabic حساب\nسطر", "@BBCArabic حساب\nسطر"),
    ]);
    check_stays(&[
        "راسلونا press@example.com أو info@مثال.com",
        "راسلونا a.b@example.com.",
        "سعر الكيلو 5 @ 3 دنانير",
        "Coffee @ Rabat مقهى",
        "من Reuters @ BBC إلى",
        "قهوة Coffee @ Rabat",
        "وكتب @wam_news نعم",
        "رمز @ قبل الاسم",
        "حساب x @@ نعم",
        "MarocDiplomatie @",
        "من نيويورك New York @ في",
        "Reuters @رويترز نعم",
        "# وسم و وسم #",
    ]);
    check_raw("وزير MarocDiplomatie @ ناصر", "@MarocDiplomatie", "MarocDiplomatie @");
    check_raw("وزير MarocDiplomatie @ ناصر", "ناصر", "ناصر");
    check_raw("وكتب @ wam_news: نعم", "@wam_news", "@ wam_news");
}

#[test]
fn entities() {
    check(&[
        ("&quot;نعم&quot; &amp; &lt;لا&gt;", "\"نعم\" & <لا>"),
        ("&laquo;&#1606;&#x639;&#X645;&raquo;&nbsp;&rlm;", "«نعم»\u{00A0}\u{200F}"),
        ("&amp;quot; &amp;amp;amp;quot; &#38;#38;lt;", "\" \" <"),
        ("&amp;amp; قال", "& قال"),
        ("caf&eacute; &#150; &#x93;نعم&#x94;", "café – “نعم”"),
    ]);
    check_stays(&[
        "AT&T و R&D; و & و &; و &x; و &#; و &#x;",
        "http://example.com/?a=1&copy=2&lang=ar;x &quot &amp",
        "&#0; &#1114112; &#xD800; &#99999999999; &#+38; &#-1;",
        "&قال; &quotقال;",
    ]);
    check_raw("قال &amp;quot;نعم", "\"", "&amp;quot;");
}

#[test]
fn a_letter_keeps_its_place() {
    check_raw("قال: Ø§Ù„Ø¹Ø±Ø¨ÙŠØ©", "عرب", "Ø¹Ø±Ø¨");
    check_raw("ط§ظ„ط¹ط±ط¨ظٹط© ظ„ط؛ط©", "لغة", "ظ„ط؛ط©");
    let document = run(json!({}), "ÞÇá æÒíÑ ÇáÎÇÑÌíÉ");
    assert!(document.content().alignment().is_identity(), "letters of equal length cost nothing");
}

#[test]
fn each_repair_is_a_switch() {
    let raw = "ÞÇá æÒíÑ\nﺔﻴﺑﺮﻌﻟﺍ\nقال BBC @\n&amp;";
    let after = [
        ("encoding", "قال وزير\nﺔﻴﺑﺮﻌﻟﺍ\nقال BBC @\n&amp;"),
        ("visual_order", "ÞÇá æÒíÑ\nﺍﻟﻌﺮﺑﻴﺔ\nقال BBC @\n&amp;"),
        ("handles", "ÞÇá æÒíÑ\nﺔﻴﺑﺮﻌﻟﺍ\nقال @BBC\n&amp;"),
        ("entities", "ÞÇá æÒíÑ\nﺔﻴﺑﺮﻌﻟﺍ\nقال BBC @\n&"),
    ];
    for (only, after) in after {
        let mut options =
            json!({ "encoding": false, "visual_order": false, "handles": false, "entities": false });
        options[only] = json!(true);
        assert_eq!(run(options, raw).content().text(), after, "only {only}");
    }
}

/// The isolated form of each letter and how many forms it has: isolated, final, initial, medial follow
/// each other.
const LETTERS: &[(char, char, u32)] = &[
    ('ء', '\u{FE80}', 1),
    ('آ', '\u{FE81}', 2),
    ('أ', '\u{FE83}', 2),
    ('ؤ', '\u{FE85}', 2),
    ('إ', '\u{FE87}', 2),
    ('ئ', '\u{FE89}', 4),
    ('ا', '\u{FE8D}', 2),
    ('ب', '\u{FE8F}', 4),
    ('ة', '\u{FE93}', 2),
    ('ت', '\u{FE95}', 4),
    ('ث', '\u{FE99}', 4),
    ('ج', '\u{FE9D}', 4),
    ('ح', '\u{FEA1}', 4),
    ('خ', '\u{FEA5}', 4),
    ('د', '\u{FEA9}', 2),
    ('ذ', '\u{FEAB}', 2),
    ('ر', '\u{FEAD}', 2),
    ('ز', '\u{FEAF}', 2),
    ('س', '\u{FEB1}', 4),
    ('ش', '\u{FEB5}', 4),
    ('ص', '\u{FEB9}', 4),
    ('ض', '\u{FEBD}', 4),
    ('ط', '\u{FEC1}', 4),
    ('ظ', '\u{FEC5}', 4),
    ('ع', '\u{FEC9}', 4),
    ('غ', '\u{FECD}', 4),
    ('ف', '\u{FED1}', 4),
    ('ق', '\u{FED5}', 4),
    ('ك', '\u{FED9}', 4),
    ('ل', '\u{FEDD}', 4),
    ('م', '\u{FEE1}', 4),
    ('ن', '\u{FEE5}', 4),
    ('ه', '\u{FEE9}', 4),
    ('و', '\u{FEED}', 2),
    ('ى', '\u{FEEF}', 2),
    ('ي', '\u{FEF1}', 4),
];

/// A line in presentation forms, in logical order.
fn shaped(line: &str) -> String {
    let forms = |c: char| LETTERS.iter().find(|(letter, _, _)| *letter == c).copied();
    let chars: Vec<char> = line.chars().collect();
    let is_mark = |c: char| ('\u{064B}'..='\u{0652}').contains(&c);
    let next = |at: usize| chars[at + 1..].iter().copied().find(|c| !is_mark(*c)).and_then(forms);
    let mut joined = false;
    let mut out = String::new();
    for (at, &c) in chars.iter().enumerate() {
        let Some((_, isolated, count)) = forms(c) else {
            joined &= is_mark(c);
            out.push(c);
            continue;
        };
        let joins = count == 4 && next(at).is_some_and(|(_, _, count)| count > 1);
        let offset = u32::from(joined && count > 1) + 2 * u32::from(joins);
        out.push(char::from_u32(u32::from(isolated) + offset).expect("a presentation form"));
        joined = joins;
    }
    out
}

/// A line as it is drawn, from left to right: numbers keep their direction, brackets change theirs.
fn drawn(line: &str) -> String {
    let mut out = String::new();
    let mut number = String::new();
    let chars: Vec<char> = line.chars().rev().collect();
    for (at, &c) in chars.iter().enumerate() {
        let is_digit = |c: char| c.is_ascii_digit() || ('٠'..='٩').contains(&c);
        let between = matches!(c, '.' | ',' | '/' | ':')
            && at > 0
            && is_digit(chars[at - 1])
            && chars.get(at + 1).is_some_and(|c| is_digit(*c));
        if is_digit(c) || between {
            number.insert(0, c);
            continue;
        }
        out.push_str(&std::mem::take(&mut number));
        out.push(match c {
            '(' => ')',
            ')' => '(',
            '«' => '»',
            '»' => '«',
            other => other,
        });
    }
    out + &number
}
