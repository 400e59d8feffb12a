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
use crate::scan::each_odd;

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
        self.place(base.copied().unwrap_or(Step { folded: 0, text: 0, fixed: false }), next, at)
    }

    /// The folded offset of `at`, which lies behind the step `base` and before the step `next`.
    fn place(&self, base: Step, next: usize, at: usize) -> usize {
        let limit = self.steps.get(next).map_or(self.text.len(), |step| step.folded as usize);
        let into = at - base.text as usize;
        match (base.fixed, into) {
            (true, 0) => base.folded as usize,
            (true, _) => limit,
            (false, _) => (base.folded as usize + into).min(limit),
        }
    }

    /// What [`from_text`](Folded::from_text) says, for offsets that do not go back.
    pub fn ascending(&self) -> Ascending<'_> {
        Ascending { folded: self, next: 0, base: Step { folded: 0, text: 0, fixed: false } }
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

/// A walk along a folded view that only goes forward: cheaper than looking every offset up.
#[derive(Clone, Debug)]
pub struct Ascending<'f> {
    folded: &'f Folded,
    next: usize,
    base: Step,
}

impl Ascending<'_> {
    /// The folded offset of the first character that came from the source's byte `at` or from behind it.
    /// `at` is not less than before; if it is, the offset before is taken.
    pub fn from_text(&mut self, at: usize) -> usize {
        while let Some(&step) = self.folded.steps.get(self.next).filter(|step| step.text as usize <= at) {
            self.base = step;
            self.next += 1;
        }
        self.folded.place(self.base, self.next, at.max(self.base.text as usize))
    }

    /// Whether from the offset asked for last up to `end` text and view lie byte on byte.
    pub fn is_straight_to(&self, end: usize) -> bool {
        let next = self.folded.steps.get(self.next);
        // What folded away right before the next step, or before the end of the text, has no step of its own.
        let limit = next.map_or(self.folded.text.len(), |step| step.folded as usize);
        !self.base.fixed
            && next.is_none_or(|step| step.text as usize >= end)
            && end.saturating_sub(self.base.text as usize) + self.base.folded as usize <= limit
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

/// Folds `source` to the end of `out`. `place(out_at, in_at, out_len, in_len)` is called, in order, for
/// each run of characters that stay as they are and for each other character that leaves something.
fn walk(source: &str, out: &mut String, mut place: impl FnMut(usize, usize, usize, usize)) {
    let start = out.len();
    let bytes = source.as_bytes();
    let mut done = 0;
    each_odd(bytes, may_change, |at| {
        if at < done {
            return;
        }
        // A character of two bytes is found at its second; a longer one at its first.
        let begin = if at > 0 && bytes.get(at).is_some_and(|byte| byte & 0xC0 == 0x80) { at - 1 } else { at };
        let same = source.get(done..begin).unwrap_or_default();
        if !same.is_empty() {
            place(out.len() - start, done, same.len(), same.len());
            out.push_str(same);
        }
        let out_at = out.len() - start;
        let len = fold_one(source, begin, out);
        if out.len() - start > out_at {
            place(out_at, begin, out.len() - start - out_at, len);
        }
        done = begin + len;
    });
    let same = source.get(done..).unwrap_or_default();
    if !same.is_empty() {
        place(out.len() - start, done, same.len(), same.len());
        out.push_str(same);
    }
}

/// Whether a byte may be part of a character that folding changes: all but ASCII without capitals, and
/// most of the letters U+0621–U+064A. A character of two bytes is judged at its second.
#[inline(always)]
fn may_change(before: u8, byte: u8) -> bool {
    let ascii = (byte < 0x80) & (byte.wrapping_sub(b'A') >= 26);
    let lead = (byte == 0xD8) | (byte == 0xD9);
    // آ U+0622, أ U+0623, إ U+0625, ة U+0629
    let folded = (byte == 0xA2) | (byte == 0xA3) | (byte == 0xA5) | (byte == 0xA9);
    let hamza_to_ghain = (before == 0xD8) & (byte.wrapping_sub(0xA1) <= 0xBA - 0xA1) & !folded;
    // Without ى U+0649.
    let feh_to_yeh = (before == 0xD9) & (byte.wrapping_sub(0x81) <= 0x8A - 0x81) & (byte != 0x89);
    !(ascii | lead | hamza_to_ghain | feh_to_yeh)
}

/// Folds the character at `at` and returns its length.
#[inline]
fn fold_one(source: &str, at: usize, out: &mut String) -> usize {
    match source.as_bytes().get(at..) {
        Some([first @ 0xD8..=0xDB, second, ..]) => {
            match BLOCK[(first - 0xD8) as usize][(second & 0x3F) as usize] {
                '\0' => {}
                folded => out.push(folded),
            }
            2
        }
        Some([first @ 0..0x80, ..]) => {
            out.push(first.to_ascii_lowercase() as char);
            1
        }
        _ => match source.get(at..).and_then(|rest| rest.chars().next()) {
            Some(c) => {
                fold_rare(c, out);
                c.len_utf8()
            }
            None => 1,
        },
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

    #[test]
    fn what_may_change_is_looked_at() {
        for c in '\0'..='\u{FFFF}' {
            let text = c.to_string();
            let mut looked_at = false;
            each_odd(text.as_bytes(), may_change, |_| looked_at = true);
            let mut folded = String::new();
            fold_one(&text, 0, &mut folded);
            assert!(looked_at || folded == text, "{c:?}");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in "[\\PC\u{0600}-\u{06FF}\u{FE70}-\u{FEFF}]{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn an_ascending_walk_finds_what_a_look_up_finds(text in "[a-z \u{0600}-\u{06FF}\u{FE70}-\u{FEFF}\u{200B}-\u{200F}]{0,40}") {
            let folded = Folded::new(&text);
            let mut walk = folded.ascending();
            for at in 0..=text.len() {
                prop_assert_eq!(walk.from_text(at), folded.from_text(at));
                for end in (at..=text.len()).filter(|end| walk.is_straight_to(*end)) {
                    prop_assert_eq!(folded.from_text(end), folded.from_text(at) + (end - at));
                }
            }
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
