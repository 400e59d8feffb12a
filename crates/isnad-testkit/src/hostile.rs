//! Texts that nobody writes and every archive has.

/// The texts of the law `hostile`, each with its name: nothing at all, one code point, marks without a
/// letter, controls, digits of all sets, unbalanced brackets and quotation marks by the hundred thousand,
/// a line of a megabyte, other scripts.
///
/// ```
/// let (name, text) = isnad_testkit::hostile_texts().next().expect("there are some");
/// assert_eq!((name, text.as_str()), ("nothing", ""));
/// ```
pub fn hostile_texts() -> impl Iterator<Item = (&'static str, String)> {
    let short = SHORT.iter().map(|(name, text)| (*name, (*text).to_owned()));
    let long = LONG.iter().map(|(name, piece, count)| (*name, piece.repeat(*count)));
    short.chain(long)
}

const SHORT: &[(&str, &str)] = &[
    ("nothing", ""),
    ("one letter", "و"),
    ("one space", " "),
    ("one line feed", "\n"),
    ("one emoji", "😀"),
    ("only marks", "\u{064E}\u{0651}\u{064B}\u{0670}"), // FATHA, SHADDA, FATHATAN, SUPERSCRIPT ALEF
    ("a mark before the first letter", "\u{0650}\u{0651}قال"), // KASRA, SHADDA
    ("marks on spaces and digits", "قال \u{064E} ٣\u{0651} .\u{0652}"), // FATHA, SHADDA, SUKUN
    ("only joiners", "\u{200C}\u{200D}\u{200C}"),       // ZERO WIDTH NON-JOINER, JOINER
    // ZERO WIDTH NON-JOINER, ZERO WIDTH JOINER, ZERO WIDTH SPACE, WORD JOINER, SOFT HYPHEN
    ("joiners within words", "ق\u{200C}ال\u{200D} ال\u{200B}وز\u{2060}ير\u{00AD} نعم"),
    // RIGHT-TO-LEFT OVERRIDE, LEFT-TO-RIGHT ISOLATE, RIGHT-TO-LEFT MARK, LEFT-TO-RIGHT EMBEDDING
    ("directions that are never closed", "\u{202E}قال \u{2066}الوزير\u{200F} (نعم\u{202A}"),
    // POP DIRECTIONAL FORMATTING, POP DIRECTIONAL ISOLATE
    ("directions that were never opened", "قال\u{202C}\u{2069}\u{2069} نعم"),
    ("byte order marks", "\u{FEFF}قال\u{FEFF} نعم\u{FEFF}"),
    ("only tatweel", "\u{0640}\u{0640}\u{0640}"),
    ("tatweel everywhere", "\u{0640}قـ\u{0640}\u{0640}ال\u{0640} \u{0640} الو\u{0640}\u{064E}زير\u{0640}"), // FATHA
    // الوزير shaped, ALLAH, SALLALLAHOU ALAYHE WASALLAM, LAM WITH ALEF, SHADDA WITH DAMMATAN, RIAL SIGN
    (
        "presentation forms",
        "\u{FE8D}\u{FEDF}\u{FEEE}\u{FEAF}\u{FEF3}\u{FEAE} \u{FDF2}\u{FDFA}\u{FEFB}\u{FC5E} 5\u{FDFC} \u{FDFD}",
    ),
    ("digits of all sets in one number", "١2۳٬٤5۶.٧8۹٪ 1٫٢،۳ ٣/4/۲۰۲۳ ١٢:3۴ +٩٦٦ 5۵٥%"),
    ("numbers without end", "99999999999999999999999999999999 مليون مليار ٪ ألف ٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠١"),
    ("dates that never were", "31/02/2023 و99-99-9999 الساعة 25:61 عام 0 في 0/0/0000 القرن المئة"),
    ("scripts mixed in a word", "قاlе الوزيرШ中文ひשalوم é ǅ ﬁ"),
    (
        "NUL and other controls",
        "قال\u{0000} \u{0001}\u{0007}\u{0008}\u{001B}[31mالوزير\u{007F}\u{0085}\u{009F}\u{0000}",
    ),
    ("line breaks of all kinds", "قال\r\n\r\n\r\u{000B}\u{000C}\u{0085}\u{2028}نعم\u{2029}\n\n\n"),
    // NO-BREAK SPACE, IDEOGRAPHIC SPACE, OGHAM SPACE MARK, HAIR SPACE
    ("spaces of all kinds", "\u{00A0}قال\u{3000}\u{1680}\t الوزير\u{200A}\u{00A0}"),
    // A noncharacter, private use, a tag, OBJECT REPLACEMENT CHARACTER, REPLACEMENT CHARACTER, the last code point
    ("code points that are no characters", "\u{FFFE}قال\u{E000}\u{E0041}\u{FFFC}\u{FFFD}\u{10FFFF}"),
    ("nothing is paired", "»قال” ) الوزير ’ ] نعم} ﴿ « “ ( [ { ‹ „"),
    ("quotations closed in the wrong order", "قال الوزير: «إن “الوفد (وصل» أمس” إلى «القاهرة)»."),
    ("speakers without words, words without speakers", "قال: «». «نعم». وأضاف «» \"\" قال قال قال"),
    ("no Arabic", "The minister said: \"no\". Министр сказал нет. 部长说不。 השר אמר לא"),
    // ZERO WIDTH JOINER, VARIATION SELECTOR-16
    (
        "emoji",
        "👨\u{200D}👩\u{200D}👧\u{200D}👦 ❤\u{FE0F}\u{200D}🔥 🇪🇬🇪 👍🏽🏽 1\u{FE0F}\u{20E3} \u{200D}😀\u{FE0F}\u{FE0F}",
    ),
    ("markup and addresses", "<b>قال&quot;&#x6;&amp;&#1575 https://a.b/؟و=«1» @ا #_ a@b www. http://"),
    ("text read in a wrong code page", "ÞÇá ÇáæÒíÑ Ø§Ù„ÙˆØ²ÙŠØ± ط§ظ„ظˆط²ظٹط±"),
];

/// A piece, and how often it stands there.
const LONG: &[(&str, &str, usize)] = &[
    ("ten thousand marks", "\u{064E}\u{0651}", 5_000), // FATHA, SHADDA
    ("ten thousand tatweel", "\u{0640}", 10_000),
    ("ten thousand line feeds", "\n", 10_000),
    ("ten thousand full stops", ".", 10_000),
    ("ten thousand conjunctions", "و", 10_000),
    ("brackets a hundred thousand deep", "([{«“", 20_000),
    ("brackets that only close", "”»}])", 20_000),
    ("two hundred thousand quotation marks", "«\"“‘»”'’„‹", 20_000),
    ("a quotation within each quotation", "قال: «", 10_000),
    ("a line of a megabyte without a space", "والسلامعليكمورحمةاللهوبركاته", 19_500),
];
