//! The laws of stages, for every stage of this crate and for all of them in a row.

mod one_stage;

use std::sync::Arc;

use isnad_core::{NoFiles, Registry, Stage, StageKind};
use isnad_testkit::laws::Laws;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

fn registry() -> Registry {
    let mut registry = Registry::new();
    isnad_normalize::register(&mut registry);
    registry
}

fn stage(name: &str, options: Value) -> Arc<dyn Stage> {
    let registry = registry();
    let kind = registry.get(name).expect("the stage is registered");
    kind.create(options, &NoFiles).expect("the options are right")
}

#[track_caller]
fn check(name: &str, options: &[Value]) {
    for options in options {
        Laws::new(&*stage(name, options.clone())).texts(TEXTS).cases(CASES).check();
    }
}

/// Few in CI; raise it by hand to search deeper.
const CASES: u32 = 48;

/// What once went wrong, or well might.
const TEXTS: &[&str] = &[
    "",
    " ",
    "\u{0640}",                                 // TATWEEL
    "\u{064E}\u{0651}",                         // FATHA, SHADDA
    "\u{0627}\u{064E}\u{0654}\u{0653}",         // ALEF, FATHA, HAMZA ABOVE, MADDAH ABOVE
    "\u{FE71}\u{FC60}\u{FDFA}\u{0651}\u{064E}", // shaped marks, a ligature, SHADDA, FATHA
    "\u{FEFF}قال\r\n\r\u{2029}\n ",
    "👨\u{200D}👩\u{200D}\u{200C}👧 م\u{200C}ن",
    "قال , لماذا ??! (نعم ؟) www.ا , http://ب?ج,د ,ه",
    "\"«\"“”„ ، \" ,",
    "ـ ك ـ\u{200F}ـ ـَ 1ـ2",
    "« نعم »( لا )\" ربما \"“ قد ” و\"بل\"،«أو»؛(ثم)",
    "قال 'نعم' و’لا‘ ثم ‹ربما› ''بل'' آ’ان '‹''›' \n'وحده",
    "أاإاا للﻻ لﻷا مهههههه #مههه ييٴی گگک پپپ ؤؤؤ",
    "١٬٢٥٠٫٥٪ 1,250.5% %5 ٣,٥ 16.5.2023 F-16 1\u{FE0F}\u{20E3} 5@ 5@,3 #5 ٪٪5 ١.2.٣ 1٬٢",
    "..... … …. .. - – -- --- ---- <!-- --x 3−2 −5 3 - 2\n- بند",
    "عام 2020, وقال؟؟؟ (CNN)? نعم،،،لا ٬ كربون٬ ١٬٢٥٠",
    "&lt;b&amp;gt; &amp;amp;#1575; &#38;#38;#38; قال x@ و @ y",
    "ÞÇá æÒíÑ\nط§ظ„ط¹ط±ط¨ظٹط© Ø§Ù„Ø¹Ø±\n(2007 ﻡﺎﻋ) ﺔﻴﺑﺮﻌﻟﺍ &#65254;&#65251;",
];

#[test]
fn repair() {
    check(
        "normalize.repair",
        &[
            json!({}),
            json!({ "encoding": false, "entities": false }),
            json!({ "visual_order": false, "handles": false }),
            json!({ "encoding": false, "visual_order": false, "handles": false, "entities": false }),
        ],
    );
}

#[test]
fn unicode() {
    check(
        "normalize.unicode",
        &[
            json!({}),
            json!({ "nfc": false }),
            json!({ "presentation_forms": false }),
            json!({ "nfc": false, "presentation_forms": false }),
        ],
    );
}

#[test]
fn controls() {
    check(
        "normalize.controls",
        &[
            json!({}),
            json!({ "joiners": "keep" }),
            json!({ "line_breaks": false, "bidi": false }),
            json!({ "controls": false, "zero_width": false, "soft_hyphen": false }),
        ],
    );
}

#[test]
fn marks() {
    check(
        "normalize.marks",
        &[
            json!({}),
            json!({ "hamza": true }),
            json!({ "shadda": false, "vowels": false }),
            json!({ "quranic": false, "superscript_alef": false }),
        ],
    );
}

#[test]
fn tatweel() {
    check("normalize.tatweel", &[json!({}), json!({ "lone": "keep" }), json!({ "lone": "remove" })]);
}

#[test]
fn punctuation() {
    check(
        "normalize.punctuation",
        &[
            json!({}),
            json!({ "quotes": "guillemets" }),
            json!({ "quotes": "ascii", "space_before": false }),
            json!({ "quotes": "typographic", "space_after": false }),
            json!({ "latin_comma_question": false }),
        ],
    );
}

#[test]
fn space() {
    check(
        "normalize.space",
        &[json!({}), json!({ "blank_lines": 0 }), json!({ "blank_lines": 3, "ends": false })],
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES / 2))]

    #[test]
    fn all_laws_hold_for_any_options((name, options) in any_stage(), seed in any::<u64>()) {
        let stage = stage(&name, options.clone());
        let broken = Laws::new(&*stage).texts(TEXTS).cases(4).seed(seed).run().err();
        prop_assert!(broken.is_none(), "{} {}: {}", name, options, broken.map(|b| b.to_string()).unwrap_or_default());
    }

    #[test]
    fn damage_of_all_kinds_keeps_the_laws(options in options_of("normalize.repair"), text in damage()) {
        let stage = stage("normalize.repair", options.clone());
        let broken = Laws::new(&*stage).texts(&[&text]).cases(0).run().err();
        prop_assert!(broken.is_none(), "{}: {}", options, broken.map(|b| b.to_string()).unwrap_or_default());
    }

    #[test]
    fn all_laws_hold_behind_all_stages_before(options in all_options(), place in 0usize..9, seed in any::<u64>()) {
        let registry = registry();
        let stages: Vec<Arc<dyn Stage>> =
            registry.kinds().iter().zip(&options).map(|(kind, options)| stage(kind.name(), options.clone())).collect();
        let upstream: Vec<&dyn Stage> = stages[..place].iter().map(|stage| &**stage).collect();
        let broken = Laws::new(&*stages[place]).after(&upstream).texts(TEXTS).cases(2).seed(seed).run().err();
        let message = broken.map(|b| b.to_string()).unwrap_or_default();
        prop_assert!(message.is_empty(), "stage {} of {:?}: {}", place, options, message);
    }

    #[test]
    fn signs_in_any_order_keep_the_laws(options in options_of("normalize.punctuation"), text in signs()) {
        let stage = stage("normalize.punctuation", options.clone());
        let broken = Laws::new(&*stage).texts(&[&text]).cases(0).run().err();
        prop_assert!(broken.is_none(), "{}: {}", options, broken.map(|b| b.to_string()).unwrap_or_default());
    }

    #[test]
    fn plain_words_are_left_as_they_are((name, options) in any_stage(), text in plain_words()) {
        let document = one_stage::run(&name, options, &text);
        let content = document.content();
        prop_assert_eq!(content.text(), &text);
        prop_assert!(content.alignment().is_identity());
        prop_assert!(content.alignment().segments().len() <= 1);
    }
}

/// Any stage of this crate with any options that its schema allows.
fn any_stage() -> impl Strategy<Value = (String, Value)> {
    let kinds: Vec<StageKind> = registry().kinds().to_vec();
    select(kinds).prop_flat_map(|kind| (Just(kind.name().to_owned()), any_options(kind.schema())))
}

/// Options for each stage of this crate, in order.
fn all_options() -> impl Strategy<Value = Vec<Value>> {
    registry().kinds().iter().map(|kind| any_options(kind.schema())).collect::<Vec<_>>()
}

fn options_of(name: &str) -> impl Strategy<Value = Value> + use<> {
    any_options(registry().get(name).expect("the stage is registered").schema())
}

fn any_options(schema: &Value) -> impl Strategy<Value = Value> + use<> {
    let properties = schema["properties"].as_object().cloned().unwrap_or_default();
    let each: Vec<_> =
        properties.into_iter().map(|(name, schema)| (Just(name), any_value(&schema))).collect();
    each.prop_map(|each| Value::Object(Map::from_iter(each)))
}

/// A value for an option: a switch, one of several words, or a small number.
fn any_value(schema: &Value) -> BoxedStrategy<Value> {
    if let Some(variants) = schema["oneOf"].as_array() {
        return select(variants.iter().map(|variant| variant["const"].clone()).collect::<Vec<_>>()).boxed();
    }
    match schema["type"].as_str() {
        Some("boolean") => any::<bool>().prop_map(Value::from).boxed(),
        Some("integer") => (0..4u32).prop_map(Value::from).boxed(),
        other => panic!("say how to make an option of type {other:?}: {schema}"),
    }
}

/// Pieces of everything that `normalize.repair` mends, and what comes near to it.
const DAMAGE: &str = "ÇáÚÑÈíÉ|ÞÇá|æ|é|É»|¡|ÇáÜ|º|\u{FD}|\u{FF}|Ø§Ù„Ø¹Ø±Ø¨ÙŠØ©|Ù|Ø|Ùˆ|â€œ|Ã©|Â|Ã˜Â§Ã™â€ž|ط§ظ„ط¹ط±ط¨ظٹط©|ظˆ|\
    غ،|ط·آ§ط¸â€‍|ط|§|ﺔﻴﺑﺮﻌﻟﺍ|ﺍﻟﻌﺮﺑﻴﺔ|ﻦﻣ|ﻣﻦ|ﺭﺍﺩ|ﻫ|\u{FC60}|\u{064E}|\u{0640}|\u{200D}|(|»|20|1.5|BBC|wam_news|@| | | |\n|\
    قال|،|&amp;|&quot;|&#64;|&#65154;|&Oslash;|&|amp;|#38;|;|quot;|&amp|;tl&|;#64&";

fn damage() -> impl Strategy<Value = String> {
    let pieces: Vec<&'static str> = DAMAGE.split('|').collect();
    prop::collection::vec(select(pieces), 0..14).prop_map(|pieces| pieces.concat())
}

/// Few words and many signs.
fn signs() -> impl Strategy<Value = String> {
    let words: &'static [&'static str] =
        &["قال", "و", "بال", "ة", "x", "5", "\n", "😀", "www.x", "a@b.c", "http://x"];
    let signs = "\"'«»“”„‹›‘’،,؛;؟?!.:…-–−(){}٬٫%";
    let sign = select(signs.chars().collect::<Vec<_>>()).prop_map(String::from);
    let piece = prop_oneof![2 => select(words).prop_map(str::to_owned), 3 => Just(" ".to_owned()), 5 => sign];
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

/// Words of letters that no stage changes, with single spaces between them.
fn plain_words() -> impl Strategy<Value = String> {
    prop::collection::vec("[بتثجحخدذرزسشصضطظعغفقكلمنهوي][ابلمن]?[دسعقه]?", 0..12)
        .prop_map(|words| words.join(" "))
}

#[test]
fn each_behind_all_before_it() {
    let registry = registry();
    let stages: Vec<Arc<dyn Stage>> =
        registry.kinds().iter().map(|kind| stage(kind.name(), json!({}))).collect();
    for (index, last) in stages.iter().enumerate() {
        let upstream: Vec<&dyn Stage> = stages[..index].iter().map(|stage| &**stage).collect();
        Laws::new(&**last).after(&upstream).texts(TEXTS).cases(CASES).check();
    }
}
