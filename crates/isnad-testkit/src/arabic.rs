//! Strategies for Arabic text, from well-behaved news to everything that ever came out of a crawler.

use isnad_core::{Article, Document, Origin};
use jiff::civil::Date;
use proptest::collection::{SizeRange, vec};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value};

pub use crate::news::news_text;

/// A word in Arabic letters, now and then with marks, tatweel, a letter of another language or an
/// attached conjunction.
pub fn word() -> impl Strategy<Value = String> {
    let letter = prop_oneof![20 => select(LETTERS), 1 => select(EXTENDED_LETTERS)];
    let mark = prop_oneof![6 => Just(String::new()), 2 => select(MARKS).prop_map(String::from),
        1 => vec(select(MARKS), 2..4).prop_map(String::from_iter)];
    let tatweel = prop_oneof![9 => Just(""), 1 => Just("\u{0640}"), 1 => Just("\u{0640}\u{0640}\u{0640}")]; // TATWEEL
    let proclitic = prop_oneof![5 => Just(""), 1 => select(&["و", "ف", "ب", "ل", "ال", "وال", "لل"][..])];
    let body = vec((letter, mark, tatweel), 1..8).prop_map(|parts| {
        let parts = parts.into_iter().map(|(letter, mark, tatweel)| format!("{letter}{mark}{tatweel}"));
        parts.collect::<String>()
    });
    (proclitic, body).prop_map(|(proclitic, body)| format!("{proclitic}{body}"))
}

/// Any text that a stage may meet: words, marks on nothing, tatweel, presentation forms, direction
/// controls and zero-width characters, other scripts, three sets of digits, punctuation and quotation
/// marks of all kinds and never balanced, emoji, URLs, handles, hashtags, line breaks of all kinds,
/// arbitrary code points; often empty.
pub fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => vec(piece(), 0..24).prop_map(|pieces| pieces.concat()),
        2 => vec(prop_oneof![word(), Just(" ".to_owned())], 0..12).prop_map(|pieces| pieces.concat()),
        1 => vec(any::<char>(), 0..12).prop_map(String::from_iter),
    ]
}

/// An article with any text or a plausible one, with and without date, metadata and title.
pub fn article() -> impl Strategy<Value = Article> {
    let date = (1990i16..2030, 1i8..=12, 1i8..=28).prop_map(|(y, m, d)| Date::new(y, m, d).ok());
    let title = prop_oneof![2 => Just(None), 1 => text().prop_map(Some), 1 => news_text().prop_map(Some)];
    let body = prop_oneof![text(), news_text()];
    let id = prop_oneof![3 => "[a-z]{1,4}-[0-9]{1,3}", 1 => Just(String::new()), 1 => word()];
    (id, title, body, prop_oneof![1 => Just(None), 2 => date], meta(), 1u64..1000).prop_map(
        |(id, title, body, published, mut meta, record)| {
            if let Some(date) = published {
                meta.insert("published".into(), Value::String(date.to_string()));
            }
            let (raw, title_len) = match title {
                Some(title) => (format!("{title}\n\n{body}"), title.len()),
                None => (body, 0),
            };
            let bytes = (record * 100, record * 100 + raw.len() as u64);
            let origin = Origin { path: Some("news.jsonl".into()), record, bytes };
            Article { id, raw, meta, published, title_len, origin }
        },
    )
}

/// So many articles as documents that have just been read.
pub fn documents(count: impl Into<SizeRange>) -> impl Strategy<Value = Vec<Document>> {
    vec(article(), count).prop_map(|articles| articles.into_iter().map(Document::new).collect())
}

fn meta() -> impl Strategy<Value = Map<String, Value>> {
    let value = prop_oneof![
        text().prop_map(Value::String),
        any::<i32>().prop_map(Value::from),
        any::<bool>().prop_map(Value::Bool),
    ];
    vec((select(&["source", "url", "section", "الكاتب"][..]), value), 0..3)
        .prop_map(|fields| fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

fn piece() -> impl Strategy<Value = String> {
    let one_of = |list: &'static [&'static str]| select(list).prop_map(str::to_owned);
    prop_oneof![
        10 => word(),
        8 => Just(" ".to_owned()),
        4 => one_of(PUNCTUATION),
        4 => one_of(QUOTES),
        2 => one_of(BREAKS),
        2 => one_of(ODD_SPACES),
        2 => one_of(INVISIBLE),
        1 => one_of(CONTROLS),
        2 => one_of(NUMBERS),
        1 => one_of(LATIN),
        1 => one_of(NAMES_OF_THINGS),
        1 => one_of(EMOJI),
        1 => one_of(SHAPED),
        1 => shaped_letter().prop_map(String::from),
        1 => select(MARKS).prop_map(String::from),
        1 => any::<char>().prop_map(String::from),
    ]
}

/// Any code point of the two blocks of presentation forms, noncharacters and symbols included.
fn shaped_letter() -> impl Strategy<Value = char> {
    prop_oneof![proptest::char::range('\u{FB50}', '\u{FDFF}'), proptest::char::range('\u{FE70}', '\u{FEFC}')]
}

const LETTERS: &[char] = &[
    'ا', 'ل', 'ي', 'م', 'ن', 'ر', 'و', 'ت', 'ب', 'ة', 'د', 'س', 'ف', 'ع', 'ه', 'أ', 'ق', 'ك', 'ح', 'ج', 'ش',
    'ص', 'ى', 'إ', 'خ', 'ط', 'ض', 'ذ', 'ث', 'غ', 'ز', 'ء', 'ئ', 'ظ', 'ؤ', 'آ', 'ٱ',
];

const EXTENDED_LETTERS: &[char] = &['ک', 'ی', 'گ', 'پ', 'چ', 'ژ', 'ڤ', 'ہ', 'ھ', 'ۀ', 'ے', 'ۆ', 'ە', 'ټ'];

const MARKS: &[char] = &[
    '\u{064E}', // FATHA
    '\u{0650}', // KASRA
    '\u{064F}', // DAMMA
    '\u{0651}', // SHADDA
    '\u{0652}', // SUKUN
    '\u{064B}', // FATHATAN
    '\u{064C}', // DAMMATAN
    '\u{064D}', // KASRATAN
    '\u{0670}', // SUPERSCRIPT ALEF
    '\u{0653}', // MADDAH ABOVE
    '\u{0654}', // HAMZA ABOVE
    '\u{0655}', // HAMZA BELOW
    '\u{065F}', // WAVY HAMZA BELOW
    '\u{0610}', // SIGN SALLALLAHOU ALAYHE WASSALLAM
    '\u{06D6}', // SMALL HIGH LIGATURE SAD WITH LAM WITH ALEF MAKSURA
    '\u{06E1}', // SMALL HIGH DOTLESS HEAD OF KHAH
    '\u{08F0}', // OPEN FATHATAN
    '\u{0301}', // COMBINING ACUTE ACCENT
];

const PUNCTUATION: &[&str] = &[
    "،", "؛", "؟", ".", ",", ";", "?", ":", "!", "…", "...", "..", "-", "–", "—", "\u{0640}", "(", ")", "[",
    "]", "{", "﴾", "﴿", "%", "٪", "/", "*", "|", "؟!", "!!", " ،", " .", " , ", "،و", " : ", "۔", "٭", "<",
    ">", "&quot;", "'",
];

const QUOTES: &[&str] =
    &["«", "»", "\"", "“", "”", "„", "‟", "‘", "’", "'", "‹", "›", "″", "\u{FF02}", "\"\"", "''", "(("];

const BREAKS: &[&str] = &[
    "\n",
    "\n\n",
    "\n\n\n\n",
    "\r\n",
    "\r\n\r\n\r\n",
    "\r",
    "\n \n",
    "\u{0085}",
    "\u{2028}",
    "\u{2029}",
    "\u{000B}",
    "\u{000C}",
];

const ODD_SPACES: &[&str] =
    &["  ", "\t", "\u{00A0}", "\u{2000}", "\u{2003}", "\u{2009}", "\u{202F}", "\u{3000}", " \u{00A0} "];

const INVISIBLE: &[&str] = &[
    "\u{200B}", "\u{200C}", "\u{200D}", "\u{200E}", "\u{200F}", "\u{061C}", "\u{202A}", "\u{202B}",
    "\u{202C}", "\u{202E}", "\u{2066}", "\u{2067}", "\u{2069}", "\u{2060}", "\u{FEFF}", "\u{00AD}",
    "\u{FE0F}",
];

const CONTROLS: &[&str] = &[
    "\u{0000}", "\u{0001}", "\u{0008}", "\u{001B}", "\u{007F}", "\u{0080}", "\u{009F}", "\u{FFFD}",
    "\u{FFFE}",
];

const NUMBERS: &[&str] = &[
    "3",
    "2023",
    "1,250",
    "3.5",
    "10:30",
    "٢٠٢٣",
    "١٫٥",
    "١٬٢٥٠",
    "٣,٥",
    "۱۲",
    "12٣",
    "٪50",
    "50%",
    "1/2",
    "2023-05-16",
    "16/5/2023",
    "٢٤ ساعة",
    "5 ملايين",
    "$100",
    "½",
];

const LATIN: &[&str] = &[
    "Reuters",
    "BBC",
    "e\u{0301}te\u{0301}",
    "\u{212B}",
    "straße",
    "Мир",
    "中文",
    "שלום",
    "ǅ",
    "İ",
    "ﬁ",
    "x",
];

const NAMES_OF_THINGS: &[&str] = &[
    "https://example.com/a,b?q=1;2",
    "www.example.org",
    "http://مثال.com/خبر؟س=1,و",
    "@wam_news",
    "#عاجل",
    "#القمة_العربية",
    "press@example.com",
    "<b>",
    "أ.ف.ب",
    "د.",
    "1445هـ",
];

const EMOJI: &[&str] = &["😀", "👨\u{200D}👩\u{200D}👧", "❤\u{FE0F}\u{200D}🔥", "🇪🇬", "👍🏽", "🙏"];

/// Words already shaped, as they come out of PDF files.
const SHAPED: &[&str] = &[
    "\u{FE8D}\u{FEDF}\u{FEEE}\u{FEAF}\u{FEF3}\u{FEAE}", // الوزير
    "\u{FDF2}",                                         // ALLAH ISOLATED FORM
    "\u{FDFA}",                                         // SALLALLAHOU ALAYHE WASALLAM
    "\u{FEFB}",                                         // LAM WITH ALEF ISOLATED FORM
    "\u{FE8B}\u{FE76}",                                 // YEH WITH HAMZA INITIAL FORM, FATHA ISOLATED FORM
    "\u{FC5E}",                                         // SHADDA WITH DAMMATAN ISOLATED FORM
    "\u{FE77}",                                         // FATHA MEDIAL FORM
    "\u{FDFC}",                                         // RIAL SIGN
    "\u{FDFD}",                                         // BISMILLAH AR-RAHMAN AR-RAHEEM
];

#[cfg(test)]
mod tests {
    use super::*;
    use isnad_arabic::{Class, class};
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    #[test]
    fn texts_hold_characters_of_every_class() {
        let mut runner = TestRunner::deterministic();
        let all: String =
            (0..400).map(|_| text().new_tree(&mut runner).expect("no filter").current()).collect();
        for expected in [
            Class::Letter,
            Class::ExtendedLetter,
            Class::Mark,
            Class::Tatweel,
            Class::Presentation,
            Class::Bidi,
            Class::ZeroWidth,
            Class::Control,
            Class::ArabicDigit,
            Class::Digit,
            Class::OddSpace,
            Class::Space,
            Class::Break,
            Class::Latin,
            Class::QuotationMark,
            Class::AsciiPunctuation,
            Class::ArabicPunctuation,
            Class::Other,
        ] {
            assert!(all.chars().any(|c| class(c) == expected), "{expected:?} never occurs");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn titles_end_on_a_code_point(article in article()) {
            prop_assert!(article.raw.is_char_boundary(article.title_len));
        }

        #[test]
        fn a_word_has_letters_only(word in word()) {
            let of_a_word = [Class::Letter, Class::ExtendedLetter, Class::Mark, Class::Tatweel];
            let accent = '\u{0301}'; // COMBINING ACUTE ACCENT
            prop_assert!(word.chars().all(|c| of_a_word.contains(&isnad_arabic::class(c)) || c == accent), "{}", word);
        }
    }
}
