//! Whether what a code page makes of a text is Arabic.

use std::collections::HashSet;

use isnad_arabic::{Class, class, is_arabic_letter, is_mark};

/// The words that prove Arabic.
pub(super) struct Words {
    frequent: HashSet<&'static str>,
}

/// What is known of words in a row, with nothing but blanks, digits and ASCII punctuation between them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    words: usize,
    letters: usize,
    /// Letters of the dozen that news uses most.
    common_letters: usize,
    /// Words of the table or with the article, and their letters.
    known: usize,
    known_letters: usize,
    /// Words in which a letter stands where it cannot.
    odd: usize,
}

/// The twelve letters that are three quarters of any news text.
const COMMON: &str = "اليمونرتبةدع";
/// What only ends a word.
const LAST_ONLY: &str = "ةى";
/// What never begins one.
const NEVER_FIRST: &str = "ةىءؤئ";
/// What may stand before a word without being part of it.
const CONJUNCTIONS: [char; 2] = ['و', 'ف'];
/// The article, with what may be attached to it.
const ARTICLES: [&str; 6] = ["ال", "بال", "كال", "لل", "وبال", "ولل"];

impl Words {
    pub(super) fn new() -> Self {
        let rows = include_str!("../../data/frequent_words.tsv").lines();
        Words { frequent: rows.filter(|row| !row.starts_with('#')).skip(1).collect() }
    }

    /// Adds a word, as it is in the right code page.
    pub(super) fn add(&self, tally: &mut Tally, word: &str) {
        let letters: String = word.chars().filter(|c| is_arabic_letter(*c)).collect();
        let count = letters.chars().count();
        if count == 0 {
            return;
        }
        tally.words += 1;
        tally.letters += count;
        tally.common_letters += letters.chars().filter(|c| COMMON.contains(*c)).count();
        tally.odd += usize::from(is_odd(&letters, count));
        if self.knows(&letters, count) {
            tally.known += 1;
            tally.known_letters += count;
        }
    }

    fn knows(&self, word: &str, count: usize) -> bool {
        let bare = word.strip_prefix(CONJUNCTIONS).unwrap_or(word);
        self.frequent.contains(word)
            || self.frequent.contains(bare)
            || (count >= 5 && ARTICLES.iter().any(|article| bare.starts_with(article)))
    }
}

impl Tally {
    /// Whether there is enough to ask before the end.
    pub(super) fn is_long(&self) -> bool {
        self.words >= 32
    }

    /// Whether so much cannot be by chance.
    pub(super) fn proves_arabic(&self) -> bool {
        let by_words = self.known_letters >= 3 && self.letters >= 5 && self.known * 12 >= self.words;
        let by_letters = self.odd == 0 && self.letters >= 12 && self.common_letters * 10 >= self.letters * 6;
        self.odd * 8 <= self.words && (by_words || by_letters)
    }
}

/// Whether a letter stands where it cannot, or three times in a row.
fn is_odd(word: &str, count: usize) -> bool {
    let mut run = (' ', 0);
    word.chars().enumerate().any(|(at, c)| {
        run = if run.0 == c { (c, run.1 + 1) } else { (c, 1) };
        run.1 > 2 || (at == 0 && NEVER_FIRST.contains(c)) || (at + 1 < count && LAST_ONLY.contains(c))
    })
}

/// Whether Arabic text may hold `c`: everything but letters of other scripts.
pub(super) fn is_of_arabic(c: char) -> bool {
    is_arabic_letter(c) || is_mark(c) || class(c) == Class::Tatweel || !c.is_alphabetic()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proves(text: &str) -> bool {
        let words = Words::new();
        let mut tally = Tally::default();
        text.split(' ').for_each(|word| words.add(&mut tally, word));
        tally.proves_arabic()
    }

    #[test]
    fn words_prove_arabic() {
        assert!(proves("قال وزير"));
        assert!(proves("العربية"));
        assert!(proves("وبالرباط فيليبس"));
        assert!(proves("محمد حسني مبارك"));
        assert!(proves("بوريطة يستقبل مبعوثا أمميا"));
    }

    #[test]
    fn letters_in_a_chance_order_do_not() {
        assert!(!proves("في"));
        assert!(!proves("ذخررب ك"));
        assert!(!proves("ةبا ىلا ءءء"));
        assert!(!proves("ہءآأؤإئابةتثجحخدذرزسش"));
        assert!(!proves("ضغطثخش ظثذضغ"));
    }

    #[test]
    fn the_table_holds_each_word_once_and_without_marks() {
        let rows: Vec<&str> = include_str!("../../data/frequent_words.tsv")
            .lines()
            .filter(|row| !row.starts_with('#'))
            .collect();
        assert_eq!(rows.first(), Some(&"word"));
        assert_eq!(Words::new().frequent.len(), rows.len() - 1);
        assert!(rows.iter().skip(1).all(|row| row.chars().count() > 1 && row.chars().all(is_arabic_letter)));
    }
}
