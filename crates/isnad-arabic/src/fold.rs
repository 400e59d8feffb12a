//! The folded view: one spelling for all spellings, with a map back to the text.
//!
//! | what | becomes |
//! |---|---|
//! | آ U+0622, أ U+0623, إ U+0625, ٱ U+0671, ٲ U+0672, ٳ U+0673 | ا U+0627 |
//! | ى U+0649, ی U+06CC, ې U+06D0, ے U+06D2, ێ U+06CE | ي U+064A |
//! | ة U+0629, ہ U+06C1, ھ U+06BE, ۀ U+06C0, ە U+06D5 | ه U+0647 |
//! | ک U+06A9, گ U+06AF, ڪ U+06AA | ك U+0643 |
//! | ڤ U+06A4 → ف, پ U+067E → ب, چ U+0686 → ج, ژ U+0698 → ز | the nearest Arabic letter |
//! | Arabic-Indic and Persian digits; ٪ ٫ ٬ | ASCII digits; % . , |
//! | presentation forms | the letters they stand for, folded as above |
//! | ASCII capitals | small letters |
//! | marks, tatweel, direction controls, zero-width characters, U+00AD | nothing |
//!
//! Folding is for matching only; it is not a normalization of the text.

use unicode_normalization::char::decompose_compatible;

use crate::letters::{Class, class};

/// A folded text and the way back from its byte offsets to those of the text it was made from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    text: String,
    steps: Vec<Step>,
    source_len: u32,
}

/// From `folded` on, text offset = folded offset + (`text` − `folded`); where `fixed`, every offset
/// up to the next step belongs to `text` itself (the inside of an expanded character).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Step {
    folded: u32,
    text: u32,
    fixed: bool,
}

impl Folded {
    /// Folds `source`. One pass, byte by byte over the two-byte Arabic block.
    pub fn new(source: &str) -> Self {
        let mut view = Folded::default();
        view.refill(source);
        view
    }

    /// Folds `source` into this view, keeping its allocations.
    pub fn refill(&mut self, source: &str) {
        self.text.clear();
        self.steps.clear();
        self.text.reserve(source.len());
        self.source_len = source.len() as u32;
        let steps = &mut self.steps;
        let mut delta = 0i64;
        walk(source, &mut self.text, |out_at, in_at, out_len, in_len| {
            let begin_delta = in_at as i64 - out_at as i64;
            if begin_delta != delta {
                delta = begin_delta;
                push(steps, Step { folded: out_at as u32, text: in_at as u32, fixed: false });
            }
            if out_len > in_len {
                push(steps, Step { folded: out_at as u32, text: in_at as u32, fixed: true });
                let (folded, text) = (out_at + out_len, in_at + in_len);
                delta = text as i64 - folded as i64;
                push(steps, Step { folded: folded as u32, text: text as u32, fixed: false });
            }
        });
    }

    /// The folded text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The folded offset of the first character that came from the source's byte `at` or from behind it.
    pub fn from_text(&self, at: usize) -> usize {
        let next = self.steps.partition_point(|step| step.text as usize <= at);
        let base = next.checked_sub(1).and_then(|i| self.steps.get(i));
        let base = base.copied().unwrap_or(Step { folded: 0, text: 0, fixed: false });
        let limit = self.steps.get(next).map_or(self.text.len(), |step| step.folded as usize);
        let into = at - base.text as usize;
        match (base.fixed, into) {
            (true, 0) => base.folded as usize,
            (true, _) => limit,
            (false, _) => (base.folded as usize + into).min(limit),
        }
    }

    /// The byte offset in the source of the character that the folded offset `at` belongs to;
    /// characters that folded away belong to what stands before them. Past the end: the source's end.
    pub fn to_text(&self, at: usize) -> usize {
        if at >= self.text.len() {
            return self.source_len as usize;
        }
        let at = at as u32;
        match self
            .steps
            .partition_point(|step| step.folded <= at)
            .checked_sub(1)
            .and_then(|i| self.steps.get(i))
        {
            None => at as usize,
            Some(step) if step.fixed => step.text as usize,
            Some(step) => (step.text + (at - step.folded)) as usize,
        }
    }
}

/// The folded form of a short string, such as a lexicon entry.
pub fn fold(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    fold_into(source, &mut out);
    out
}

/// Appends the folded form of `source` to `out`.
pub fn fold_into(source: &str, out: &mut String) {
    walk(source, out, |_, _, _, _| {});
}

fn push(steps: &mut Vec<Step>, step: Step) {
    match steps.last_mut() {
        Some(last) if last.folded == step.folded => *last = step,
        _ => steps.push(step),
    }
}

/// Folds character by character; `place(out_at, in_at, out_len, in_len)` is called for each character
/// that leaves something, before the next one is read, in order.
fn walk(source: &str, out: &mut String, mut place: impl FnMut(usize, usize, usize, usize)) {
    let start = out.len();
    let bytes = source.as_bytes();
    let mut at = 0;
    while let Some(&first) = bytes.get(at) {
        let out_at = out.len() - start;
        if first < 0x80 {
            out.push(first.to_ascii_lowercase() as char);
            place(out_at, at, 1, 1);
            at += 1;
        } else if let (0xD8..=0xDB, Some(&second)) = (first, bytes.get(at + 1)) {
            match BLOCK[(first - 0xD8) as usize][(second & 0x3F) as usize] {
                '\0' => {}
                folded => {
                    out.push(folded);
                    place(out_at, at, out.len() - start - out_at, 2);
                }
            }
            at += 2;
        } else {
            let Some(c) = source.get(at..).and_then(|rest| rest.chars().next()) else { break };
            fold_rare(c, out);
            if out.len() - start > out_at {
                place(out_at, at, out.len() - start - out_at, c.len_utf8());
            }
            at += c.len_utf8();
        }
    }
}

/// Everything outside ASCII and U+0600–U+06FF.
fn fold_rare(c: char, out: &mut String) {
    match class(c) {
        Class::Mark | Class::Bidi | Class::ZeroWidth => {}
        Class::Presentation => decompose_compatible(c, |part| match part as u32 {
            // Isolated marks decompose to a space and the mark: the space is no part of the word.
            0x20 => {}
            code @ 0x600..=0x6FF => match BLOCK[((code - 0x600) >> 6) as usize][(code & 0x3F) as usize] {
                '\0' => {}
                folded => out.push(folded),
            },
            _ => out.push(part),
        }),
        Class::OddSpace => out.push(' '),
        _ => out.push(c),
    }
}

/// What becomes of U+0600–U+06FF, by lead byte and low six bits; NUL = nothing is left.
static BLOCK: [[char; 64]; 4] = {
    let mut table = [['\0'; 64]; 4];
    let mut code = 0x600u32;
    while code <= 0x6FF {
        table[((code - 0x600) >> 6) as usize][(code & 0x3F) as usize] = fold_block(code);
        code += 1;
    }
    table
};

const fn fold_block(code: u32) -> char {
    match code {
        0x0622 | 0x0623 | 0x0625 | 0x0671..=0x0673 => 'ا',
        0x0649 | 0x06CC | 0x06CE | 0x06D0 | 0x06D2 | 0x06D3 => 'ي',
        0x0629 | 0x06C0..=0x06C3 | 0x06BE | 0x06D5 => 'ه',
        0x06A9 | 0x06AA | 0x06AF => 'ك',
        0x067E => 'ب',
        0x0686 => 'ج',
        0x0698 => 'ز',
        0x06A4 => 'ف',
        0x066A => '%',
        0x066B => '.',
        0x066C => ',',
        0x0660..=0x0669 => (b'0' + (code - 0x0660) as u8) as char,
        0x06F0..=0x06F9 => (b'0' + (code - 0x06F0) as u8) as char,
        0x0610..=0x061A | 0x061C | 0x0640 | 0x064B..=0x065F | 0x0670 => '\0',
        0x06D6..=0x06DC | 0x06DF..=0x06E4 | 0x06E7 | 0x06E8 | 0x06EA..=0x06ED => '\0',
        _ => match char::from_u32(code) {
            Some(c) => c,
            None => '\0',
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(source: &str, expected: &str) {
        assert_eq!(fold(source), expected, "{source}");
        assert_eq!(Folded::new(source).text(), expected);
    }

    #[test]
    fn spellings_of_one_word_fold_together() {
        check("أنتوني", "انتوني");
        check("آسيا", "اسيا");
        check("مستشفى", "مستشفي");
        check("مدرسة", "مدرسه");
        check("ڤيينا", "فيينا");
        check("مُحَمَّد", "محمد");
        check("محـــمد", "محمد");
        check("۲۰۰۷ و ٢٠٠٧", "2007 و 2007");
        check("\u{FEFB}", "لا"); // LAM WITH ALEF ISOLATED FORM
        check("CNN", "cnn");
    }

    #[test]
    fn offsets_lead_back_over_dropped_and_expanded_characters() {
        let source = "\u{FEFB}م\u{064E}ن ٣"; // ligature, then meem with FATHA
        let folded = Folded::new(source);
        assert_eq!(folded.text(), "لامن 3");
        let chars: Vec<usize> = folded.text().char_indices().map(|(at, _)| folded.to_text(at)).collect();
        assert_eq!(chars, [0, 0, 3, 7, 9, 10]);
        assert_eq!(folded.to_text(folded.text().len()), source.len());
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in "[\\PC\u{0600}-\u{06FF}\u{FE70}-\u{FEFF}]{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn the_map_is_monotone_and_lands_on_characters(text in "[a-z \u{0600}-\u{06FF}\u{FE70}-\u{FEFF}\u{FB50}-\u{FBFF}\u{200B}-\u{200F}]{0,40}") {
            let folded = Folded::new(&text);
            let mut last = 0;
            for (at, _) in folded.text().char_indices() {
                let back = folded.to_text(at);
                prop_assert!(back >= last && text.is_char_boundary(back), "{} -> {}", at, back);
                let c = text[back..].chars().next().unwrap();
                prop_assert!(folded.from_text(back) <= at);
                prop_assert!(fold(&c.to_string()).contains(folded.text()[at..].chars().next().unwrap()));
                last = back;
            }
        }
    }
}
