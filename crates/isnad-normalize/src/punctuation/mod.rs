//! `normalize.punctuation`: commas, question marks, quotation marks, dashes, and the spaces about them.

mod quotes;
mod setter;
mod signs;

use isnad_core::{Example, Stage, StageKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::rewriter::rewriter;
use crate::stops::Stops;

use setter::Setter;
use signs::{BRACKETS, DASHES, DOUBLE, SINGLE};

/// Options of `normalize.punctuation`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PunctuationOptions {
    /// How double quotation marks are written: `keep`, `guillemets`, `ascii` or `typographic`. They
    /// are understood in all forms by the extraction stages, so there is no need to change them.
    pub quotes: Quotes,
    /// How pairs of single quotation marks are written: `keep`, `guillemets`, `ascii` or `typographic`.
    /// An apostrophe inside a word stays in any case.
    pub single_quotes: Quotes,
    /// How an omission is written: `keep`, `dots` (three full stops) or `character` (one U+2026). Runs
    /// of more than three full stops become one such sign; two full stops stay.
    pub ellipsis: Ellipsis,
    /// How dashes are written: `keep`, `hyphen`, `en` or `em`.
    pub dashes: Dashes,
    /// Remove spaces between a word and the punctuation mark that belongs to it.
    pub space_before: bool,
    /// Insert a missing space between an Arabic comma, semicolon or question mark and what follows it,
    /// and leave one space where there are several.
    pub space_after: bool,
    /// Remove spaces just inside of brackets and double quotation marks.
    pub space_inside: bool,
    /// Insert a missing space before an opening bracket or double quotation mark and behind a closing
    /// one. Conjunctions, prepositions and the article may stand before the opening one as they are.
    pub space_outside: bool,
    /// Replace the Latin comma, semicolon and question mark in Arabic surroundings by the Arabic ones.
    pub latin_comma_question: bool,
    /// Leave one of several equal commas, semicolons, question or exclamation marks in a row.
    pub repeated: bool,
}

/// How quotation marks are written; the signs for double and for single ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Quotes {
    /// As they are.
    #[default]
    Keep,
    /// « and »; ‹ and ›.
    Guillemets,
    /// " on both sides; ' on both sides.
    Ascii,
    /// “ and ”; ‘ and ’.
    Typographic,
}

/// How an omission is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Ellipsis {
    /// As it is.
    #[default]
    Keep,
    /// Three full stops.
    Dots,
    /// U+2026.
    Character,
}

/// How dashes are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Dashes {
    /// As they are.
    #[default]
    Keep,
    /// - U+002D.
    Hyphen,
    /// – U+2013.
    En,
    /// — U+2014.
    Em,
}

impl Default for PunctuationOptions {
    fn default() -> Self {
        PunctuationOptions {
            quotes: Quotes::Keep,
            single_quotes: Quotes::Keep,
            ellipsis: Ellipsis::Keep,
            dashes: Dashes::Keep,
            space_before: true,
            space_after: true,
            space_inside: true,
            space_outside: false,
            latin_comma_question: true,
            repeated: false,
        }
    }
}

pub(crate) fn kind() -> StageKind {
    StageKind::new(
        "normalize.punctuation",
        "puts spaces, commas and quotation marks where they belong",
        DOCS,
        |options: PunctuationOptions, _| Ok(stage(options)),
    )
    .with_examples(EXAMPLES)
}

const DOCS: &str = "\
Sets punctuation as Arabic newspapers do. URLs, e-mail addresses, decimals, times and emoticons are never touched.

| option | code points | before | after |
|---|---|---|---|
| `space_before` | spaces between a word (or closing mark) and ، U+060C, ؛ U+061B, ؟ U+061F | قال ، ثم | قال، ثم |
| `space_before` | the same before . U+002E, : U+003A, ! U+0021, unless a digit, a Latin letter or another full stop follows | انتهى . | انتهى. |
| `space_after` | ، ؛ ؟ behind a word, before an Arabic letter; behind an Arabic word, also before a digit or Latin letter; not between digits | قال،ثم عام 1985،عندما | قال، ثم عام 1985، عندما |
| `space_after` | ، ؛ ؟ before an opening mark | قال،«نعم» | قال، «نعم» |
| `space_after` | several spaces behind ، ؛ ؟ and before a word | قال،  ثم | قال، ثم |
| `space_inside` | spaces behind an opening and before a closing ( ) [ ] { } « » “ ” \" and their like; empty brackets stay, and so does an opening mark that none closes | ( الموساد ) « نعم » | (الموساد) «نعم» |
| `space_outside` (off) | the same marks beside an Arabic letter; not behind و ف ب ك ل س ال and what they make together, not about one or two letters in brackets | العاهل\"مؤجج\"مجددا و\"نعم\" طالب(ة) | العاهل \"مؤجج\" مجددا و\"نعم\" طالب(ة) |
| `latin_comma_question` | , U+002C → ، U+060C; ; U+003B → ؛ U+061B; ? U+003F → ؟ U+061F, behind an Arabic letter, before a space, an Arabic letter, a closing mark or the end | قال, لماذا? | قال، لماذا؟ |
| `latin_comma_question` | , ? behind a digit, a Latin letter, a closing mark, where a space and an Arabic letter follow; ; behind a closing mark | عام 2020, وقال | عام 2020، وقال |
| `latin_comma_question` | ٬ U+066C and ٫ U+066B, the separators of numbers, where they were typed for a comma: behind a letter, before a space | الكربون٬ ثم | الكربون، ثم |
| `repeated` (off) | a run of one of ، ؛ ؟ ! , ; ? | لماذا؟؟؟ | لماذا؟ |
| `quotes = \"keep\"` (default) | | | |
| `quotes = \"guillemets\"` | \" U+0022, “ ” „ ‟ U+201C–U+201F, ″ U+2033, ＂ U+FF02, and two single marks in a row | \"نعم\" | «نعم» |
| `quotes = \"typographic\"` | the same and « » U+00AB, U+00BB | «نعم» | “نعم” |
| `quotes = \"ascii\"` | the same | «نعم» | \"نعم\" |
| `single_quotes` | ' U+0027, ‘ ’ ‚ ‛ U+2018–U+201B, ‹ › U+2039, U+203A, ` U+0060, ´ U+00B4, in pairs on a line | 'نعم' | ‹نعم›, 'نعم' or ‘نعم’ |
| `ellipsis = \"dots\"` | … U+2026, and all runs of . U+002E and … that show three dots or more | نعم….. | نعم... |
| `ellipsis = \"character\"` | the same | نعم... | نعم… |
| `dashes = \"en\"`, `\"em\"` | ‒ – — ― U+2012–U+2015, − U+2212 not before a digit, two or three dashes or hyphens in a row, a hyphen between spaces inside a line | نعم - لا -- ربما | نعم – لا – ربما |
| `dashes = \"hyphen\"` | ‒ – — ― U+2012–U+2015, − U+2212, two or three dashes or hyphens in a row | 2011–2015 | 2011-2015 |

A double quotation mark opens where a blank, a colon or an opening bracket stands before it and something else behind it;
it closes behind a word and before a blank or punctuation. Elsewhere its form decides, and an undirected one (with
`quotes = \"ascii\"`, every one) closes what is open in its line. Single marks change where one that opens is
followed by one that closes in the same line. Four and more dashes in a row are a rule and stay, and so do the
hyphens of --options and <!-- comments -->.

A removed space belongs to nothing; an inserted one maps to the mark beside it.
";

const EXAMPLES: &[Example] = &[
    Example {
        about: "spaces and commas",
        options: "{}",
        before: "قال الوزير ,أمس :\" نعم \"، ثم غادر مسرعا?",
        after: "قال الوزير، أمس:\"نعم\"، ثم غادر مسرعا؟",
    },
    Example {
        about: "quotation marks in the manner of books",
        options: r#"{ "quotes": "guillemets", "single_quotes": "guillemets" }"#,
        before: "وأضاف: \"قال لي 'تعال' ثم مضى\".",
        after: "وأضاف: «قال لي ‹تعال› ثم مضى».",
    },
    Example {
        about: "one kind of dash, one kind of omission",
        options: r#"{ "dashes": "en", "ellipsis": "character" }"#,
        before: "القاهرة (CNN)-- الجيش - حسب البيان - يتقدم..... https://example.com/a--b",
        after: "القاهرة (CNN)– الجيش – حسب البيان – يتقدم… https://example.com/a--b",
    },
    Example {
        about: "spaces outside of marks, one mark instead of many",
        options: r#"{ "space_outside": true, "repeated": true }"#,
        before: "العاهل الأردني\"غاضب\"و\"مستاء\"من القرار(الأخير)!!!",
        after: "العاهل الأردني \"غاضب\" و\"مستاء\" من القرار (الأخير)!",
    },
];

fn stage(options: PunctuationOptions) -> impl Stage {
    let mut ranges = vec![('.', '.'), (':', ':'), ('!', '!'), ('،', '،'), ('؛', '؛'), ('؟', '؟'), ('@', '@')];
    let mut add = |on: bool, more: &[char]| ranges.extend(more.iter().filter(|_| on).map(|c| (*c, *c)));
    let moves_spaces = options.space_inside || options.space_outside || options.space_after;
    add(options.latin_comma_question || options.repeated, &[',', ';', '?']);
    add(options.latin_comma_question, &['٬', '٫']);
    add(options.ellipsis != Ellipsis::Keep, &['…']);
    add(options.dashes != Dashes::Keep, DASHES);
    add(moves_spaces, BRACKETS);
    add(moves_spaces || options.quotes != Quotes::Keep, &DOUBLE.map(|(quote, _)| quote));
    add(
        options.quotes != Quotes::Keep || options.single_quotes != Quotes::Keep,
        &SINGLE.map(|(quote, _)| quote),
    );
    rewriter(Stops::new(&ranges), move |walk, edits| Setter::new(walk.text(), edits, &options).run(&walk))
}
