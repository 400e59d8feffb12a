//! What holds for every text.

use isnad_core::Stage;
use isnad_testkit::MemoryFiles;
use isnad_testkit::arabic::news_text;
use isnad_testkit::laws::Laws;
use proptest::prelude::*;
use serde_json::json;

use crate::{chain, keywords_of};

/// Few in CI; raise it by hand to search deeper.
const CASES: u32 = 24;

#[test]
fn the_laws_of_stages() {
    let texts = ["", "سد سد", "للسد وللسد", "سد\u{0640}\u{0640} سَدّ", "ال ال وال وال", "CNN cnn ٢٢ ٢٢"]; // TATWEEL
    for options in [json!({}), json!({ "count": 100, "min_count": 1, "longest": 5, "occurrences": "all" })] {
        let stages = chain(options, &MemoryFiles::default()).expect("the options are right");
        let [sentences, tokens, keywords] = stages.each_ref().map(|stage| &**stage);
        let upstream: [&dyn Stage; 2] = [sentences, tokens];
        Laws::new(keywords).after(&upstream).texts(&texts).cases(CASES).check();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(CASES) })]

    /// Marks, tatweel and hamza change how phrases look and nothing else.
    #[test]
    fn spelling_makes_no_difference(text in news_text(), seed in any::<u64>()) {
        let plain: Vec<_> = keywords_of(&text).into_iter().map(|(_, norm, count, score)| (norm, count, score)).collect();
        let other = respelled(&text, seed);
        let found: Vec<_> = keywords_of(&other).into_iter().map(|(_, norm, count, score)| (norm, count, score)).collect();
        prop_assert_eq!(found, plain, "{}", other);
    }
}

/// The text with marks and tatweel on some letters, and with other spellings of some.
fn respelled(text: &str, mut seed: u64) -> String {
    const MARKS: [&str; 4] = ["\u{064E}", "\u{0651}\u{0650}", "\u{0652}", "\u{0670}"]; // FATHA, SHADDA KASRA, SUKUN, SUPERSCRIPT ALEF
    let mut out = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let dice = (seed >> 33) as usize;
        out.push(match letter {
            'أ' | 'إ' | 'آ' if dice.is_multiple_of(3) => 'ا',
            'ة' if dice.is_multiple_of(4) => 'ه',
            'ى' if dice.is_multiple_of(4) => 'ي',
            other => other,
        });
        let joins = isnad_arabic::is_arabic_letter(letter);
        if joins && dice.is_multiple_of(5) {
            out.push_str(MARKS[dice / 5 % MARKS.len()]);
        }
        // Tatweel stands between letters only.
        if joins
            && dice.is_multiple_of(7)
            && letters.peek().is_some_and(|next| isnad_arabic::is_arabic_letter(*next))
        {
            out.push('\u{0640}'); // TATWEEL
        }
    }
    out
}
