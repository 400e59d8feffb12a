//! Where tokens begin and end. ASCII and the two-byte Arabic block are read byte by byte through a table;
//! everything else, one character in thousands, by its class.

use isnad_arabic::{Class, class, fold, fold_into};
use isnad_core::Span;
use unicode_normalization::char::is_combining_mark;

use super::web::Web;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    Word,
    Number,
    Punct,
    Url,
    Handle,
    Hashtag,
    Emoji,
    Latin,
    Email,
}

/// The names of the labels, in their order.
pub(super) const LABELS: [&str; 9] =
    ["word", "number", "punct", "url", "handle", "hashtag", "emoji", "latin", "email"];

/// A token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) span: Span,
    pub(super) label: Label,
    /// For a word.
    pub(super) folds: Folds,
}

/// What folding does to a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Folds {
    /// Nothing.
    Same,
    /// Letters of U+0600–U+06FF change.
    Block,
    /// There are letters of other blocks in it.
    Rare,
}

/// Divides texts into tokens.
#[derive(Debug)]
pub(super) struct Tokenizer {
    ascii: [Part; 128],
    /// U+0600–U+06FF.
    block: [Part; 256],
    /// Which characters of the block are in words, and those of them that folding changes.
    words: [u8; 256],
    /// What becomes of them; NUL: nothing is left.
    folded: [char; 256],
    web: Web,
}

/// Bits of `Tokenizer::words`.
const IN_WORD: u8 = 1;
const CHANGES: u8 = 2;

/// What begins with a character, and whether it goes on in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Blank,
    Word,
    Digit,
    Latin,
    Sign,
    At,
    Hash,
    /// The table does not say: its class does.
    Rare,
}

impl Tokenizer {
    pub(super) fn new() -> Self {
        let part = |code: usize| match char::from_u32(code as u32) {
            Some('@') => Part::At,
            Some('#') => Part::Hash,
            Some(c) => match class(c) {
                _ if is_blank(c) => Part::Blank,
                Class::Letter | Class::ExtendedLetter | Class::Mark | Class::Tatweel => Part::Word,
                Class::Digit | Class::ArabicDigit => Part::Digit,
                Class::Latin => Part::Latin,
                Class::AsciiPunctuation | Class::ArabicPunctuation => Part::Sign,
                _ => Part::Rare,
            },
            None => Part::Rare,
        };
        let block: [Part; 256] = std::array::from_fn(|index| part(0x600 + index));
        let letter = |index: usize| char::from_u32(0x600 + index as u32).unwrap_or(' ');
        let folded: [char; 256] = std::array::from_fn(|index| {
            fold(letter(index).encode_utf8(&mut [0; 4])).chars().next().unwrap_or('\0')
        });
        let words = std::array::from_fn(|index| match block[index] {
            Part::Word if folded[index] == letter(index) => IN_WORD,
            Part::Word => IN_WORD | CHANGES,
            _ => 0,
        });
        Tokenizer { ascii: std::array::from_fn(part), block, words, folded, web: Web::new() }
    }

    /// Appends the folded form of a word.
    pub(super) fn fold(&self, word: &str, folds: Folds, out: &mut String) {
        if folds == Folds::Rare {
            return fold_into(word, out);
        }
        for pair in word.as_bytes().as_chunks::<2>().0 {
            match self.folded[index(*pair)] {
                '\0' => {}
                letter => out.push(letter),
            }
        }
    }

    /// The tokens of a text, in its order.
    pub(super) fn tokens<'t>(&'t self, text: &'t str) -> Tokens<'t> {
        Tokens { tokenizer: self, text, bytes: text.as_bytes(), at: 0 }
    }
}

/// The tokens of a text.
#[derive(Debug)]
pub(super) struct Tokens<'t> {
    tokenizer: &'t Tokenizer,
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let mut folds = Folds::Same;
        loop {
            let begin = self.at;
            let &first = self.bytes.get(begin)?;
            let (end, label) = match self.part(begin, first) {
                Part::Blank => {
                    self.at += 1 + (first >= 0x80) as usize;
                    continue;
                }
                Part::Word => {
                    let end;
                    (end, folds) = self.word(begin);
                    (end, Label::Word)
                }
                Part::Sign => (self.run_of(begin), Label::Punct),
                Part::Digit => self.number(begin),
                Part::Latin => self.latin(begin),
                Part::At => self.handle(begin),
                Part::Hash => self.hashtag(begin),
                Part::Rare => match self.rare(begin) {
                    Ok(found) => {
                        folds = Folds::Rare;
                        found
                    }
                    Err(blank) => {
                        self.at += blank;
                        continue;
                    }
                },
            };
            // Most tokens have a space behind them.
            self.at = end + (self.bytes.get(end) == Some(&b' ')) as usize;
            return Some(Token { span: Span { begin: begin as u32, end: end as u32 }, label, folds });
        }
    }
}

impl Tokens<'_> {
    /// What the character that begins at `at` with `first` is part of.
    fn part(&self, at: usize, first: u8) -> Part {
        match first {
            0..0x80 => self.tokenizer.ascii[first as usize],
            0xD8..=0xDB => self.bytes.get(at + 1).map_or(Part::Rare, |&second| self.pair([first, second])),
            _ => Part::Rare,
        }
    }

    /// The same for a pair of bytes of which the first is D8 to DB.
    fn pair(&self, pair: [u8; 2]) -> Part {
        self.tokenizer.block[index(pair)]
    }

    /// The end of a word of Arabic letters, marks and tatweel.
    fn word(&self, begin: usize) -> (usize, Folds) {
        let mut end = begin;
        let mut seen = 0;
        for pair in self.bytes.get(begin..).unwrap_or_default().as_chunks::<2>().0 {
            let bits = if pair[0] & 0xFC == 0xD8 { self.tokenizer.words[index(*pair)] } else { 0 };
            if bits == 0 {
                break;
            }
            seen |= bits;
            end += 2;
        }
        let folds = if seen & CHANGES == 0 { Folds::Same } else { Folds::Block };
        match self.bytes.get(end) {
            None | Some(0..0x80) => (end, folds),
            Some(&first) if matches!(self.part(end, first), Part::Digit | Part::Sign) => (end, folds),
            // A joiner, a direction control or a shaped letter may go on with the word.
            Some(_) => {
                let long = begin + word_len(self.text.get(begin..).unwrap_or_default(), Script::Arabic);
                (long, if long == end { folds } else { Folds::Rare })
            }
        }
    }

    /// The end of a run of one and the same character.
    fn run_of(&self, begin: usize) -> usize {
        let rest = self.text.get(begin..).unwrap_or_default();
        let Some(c) = rest.chars().next() else { return begin };
        begin + rest.chars().take_while(|&next| next == c).count() * c.len_utf8()
    }

    /// Digits with single separators between them; or an address that begins with digits.
    fn number(&self, begin: usize) -> (usize, Label) {
        let (mut at, mut end) = (begin, begin);
        let mut separated = false;
        while let Some(&first) = self.bytes.get(at) {
            let len = 1 + (first >= 0x80) as usize;
            if self.part(at, first) == Part::Digit {
                separated = false;
                end = at + len;
            } else if !separated && is_separator(self.bytes.get(at..at + len).unwrap_or_default()) {
                separated = true;
            } else {
                break;
            }
            at += len;
        }
        match self.bytes.get(end) {
            Some(b'a'..=b'z' | b'A'..=b'Z' | b'.' | b'-' | b'_' | b'+' | b'@') => {
                self.address(begin).unwrap_or((end, Label::Number))
            }
            _ => (end, Label::Number),
        }
    }

    /// A word of other than Arabic letters, or an address.
    fn latin(&self, begin: usize) -> (usize, Label) {
        let rest = self.bytes.get(begin..).unwrap_or_default();
        let letters = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let mut end = begin + letters;
        if matches!(self.bytes.get(end), Some(b'\'' | 0x80..)) {
            let rest = self.text.get(begin..).unwrap_or_default();
            end = begin + word_len(rest, rest.chars().next().map_or(Script::Latin, script));
        }
        match self.bytes.get(end) {
            Some(b'0'..=b'9' | b'.' | b':' | b'-' | b'_' | b'+' | b'%' | b'@') => {
                self.address(begin).unwrap_or((end, Label::Latin))
            }
            _ => (end, Label::Latin),
        }
    }

    /// The address of the web or of mail that begins at `begin`.
    fn address(&self, begin: usize) -> Option<(usize, Label)> {
        self.tokenizer.web.address(self.text, begin).map(|(len, label)| (begin + len, label))
    }

    fn handle(&self, begin: usize) -> (usize, Label) {
        match super::web::handle(self.text, begin) {
            Some(len) => (begin + len, Label::Handle),
            None => (self.run_of(begin), Label::Punct),
        }
    }

    fn hashtag(&self, begin: usize) -> (usize, Label) {
        match super::web::hashtag(self.text, begin) {
            Some(len) => (begin + len, Label::Hashtag),
            None => (self.run_of(begin), Label::Punct),
        }
    }

    /// A token that begins with a character outside the tables; `Err` with its length where it is blank.
    fn rare(&self, begin: usize) -> Result<(usize, Label), usize> {
        let rest = self.text.get(begin..).unwrap_or_default();
        let Some(first) = rest.chars().next() else { return Err(1) };
        if is_blank(first) {
            return Err(first.len_utf8());
        }
        Ok(match class(first) {
            _ if first == '\u{FF20}' => self.handle(begin), // FULLWIDTH COMMERCIAL AT
            _ if first == '\u{FF03}' => self.hashtag(begin), // FULLWIDTH NUMBER SIGN
            Class::Letter | Class::ExtendedLetter | Class::Presentation | Class::Mark => {
                (begin + word_len(rest, Script::Arabic), Label::Word)
            }
            Class::Other if first.is_alphabetic() => self.latin(begin),
            Class::Other if is_emoji(first) => (begin + emoji_len(rest), Label::Emoji),
            _ => (self.run_of(begin), Label::Punct),
        })
    }
}

/// The place in a table of U+0600–U+06FF of a pair of bytes of which the first is D8 to DB.
fn index([first, second]: [u8; 2]) -> usize {
    ((first & 3) as usize) << 6 | (second & 0x3F) as usize
}

/// Whether a character belongs to no token by itself.
pub(super) fn is_blank(c: char) -> bool {
    matches!(
        class(c),
        Class::Space | Class::OddSpace | Class::Break | Class::Control | Class::Bidi | Class::ZeroWidth
    ) || c.is_whitespace()
}

/// Whether these bytes are a sign that may stand once between the digits of a number.
fn is_separator(bytes: &[u8]) -> bool {
    // ، U+060C, ٫ U+066B, ٬ U+066C
    matches!(bytes, b"." | b"," | [0xD8, 0x8C] | [0xD9, 0xAB | 0xAC])
}

/// What the letters of one word have in common.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Arabic,
    Latin,
    Other,
}

fn script(letter: char) -> Script {
    match letter {
        ..'\u{250}' | '\u{1E00}'..='\u{1EFF}' => Script::Latin,
        _ => Script::Other,
    }
}

/// Length of a word: letters of one script; what shows nothing may stand inside. At least its first letter.
fn word_len(rest: &str, of: Script) -> usize {
    let arabic = of == Script::Arabic;
    let mut end = rest.chars().next().map_or(0, char::len_utf8);
    for (at, c) in rest.char_indices() {
        let inside = match class(c) {
            Class::Letter | Class::ExtendedLetter | Class::Presentation | Class::Tatweel => arabic,
            Class::Mark => true,
            // Joiners and direction controls inside a word do not divide it.
            Class::ZeroWidth | Class::Bidi => continue,
            Class::Latin => of == Script::Latin,
            Class::AsciiPunctuation => c == '\'' && of == Script::Latin && at > 0,
            Class::QuotationMark => c == '’' && of == Script::Latin && at > 0,
            Class::Other => !arabic && c.is_alphabetic() && script(c) == of || is_combining_mark(c),
            _ => false,
        };
        if !inside {
            break;
        }
        end = at + c.len_utf8();
    }
    rest.get(..end).map_or(0, |word| word.trim_end_matches(['\'', '’']).len())
}

fn is_emoji(c: char) -> bool {
    matches!(c as u32, 0x2600..=0x27BF | 0x2B00..=0x2BFF | 0x1F000..=0x1FAFF | 0xFE0E | 0xFE0F | 0x20E3 | 0xE0020..=0xE007F)
}

/// Length of a picture with its modifiers, and of pictures joined by U+200D.
fn emoji_len(rest: &str) -> usize {
    let mut end = 0;
    for (at, c) in rest.char_indices() {
        if !is_emoji(c) && c != '\u{200D}' {
            break;
        }
        end = at + c.len_utf8();
    }
    rest.get(..end).map_or(0, |run| run.trim_end_matches('\u{200D}').len())
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use proptest::prelude::*;

    static TOKENIZER: LazyLock<Tokenizer> = LazyLock::new(Tokenizer::new);

    fn check(text: &str, expected: &[(&str, Label)]) {
        let found: Vec<(&str, Label)> =
            TOKENIZER.tokens(text).map(|token| (token.span.of(text), token.label)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn words_and_punctuation() {
        check(
            "وبلينكين،أكد ذلك...",
            &[
                ("وبلينكين", Label::Word),
                ("،", Label::Punct),
                ("أكد", Label::Word),
                ("ذلك", Label::Word),
                ("...", Label::Punct),
            ],
        );
        check("مُحَمَّـد", &[("مُحَمَّـد", Label::Word)]);
        check("می\u{200C}خواهم", &[("می\u{200C}خواهم", Label::Word)]); // ZERO WIDTH NON-JOINER
        check("30ألف CNN", &[("30", Label::Number), ("ألف", Label::Word), ("CNN", Label::Latin)]);
        check("رويترزREUTERS", &[("رويترز", Label::Word), ("REUTERS", Label::Latin)]);
        check("Élysée l'État", &[("Élysée", Label::Latin), ("l'État", Label::Latin)]);
    }

    #[test]
    fn numbers_keep_their_separators() {
        check("1,356.20.", &[("1,356.20", Label::Number), (".", Label::Punct)]);
        check("١٬٢٠٠٫٥", &[("١٬٢٠٠٫٥", Label::Number)]);
        check("3،5", &[("3،5", Label::Number)]);
        check("5%", &[("5", Label::Number), ("%", Label::Punct)]);
        check("10:30", &[("10", Label::Number), (":", Label::Punct), ("30", Label::Number)]);
        check(
            "2.5kg G20",
            &[("2.5", Label::Number), ("kg", Label::Latin), ("G", Label::Latin), ("20", Label::Number)],
        );
    }

    #[test]
    fn things_of_the_web() {
        check(
            "(https://example.org/a?b=1). @MFA_Morocco #رجب_طيب_أردوغان #1",
            &[
                ("(", Label::Punct),
                ("https://example.org/a?b=1", Label::Url),
                (")", Label::Punct),
                (".", Label::Punct),
                ("@MFA_Morocco", Label::Handle),
                ("#رجب_طيب_أردوغان", Label::Hashtag),
                ("#", Label::Punct),
                ("1", Label::Number),
            ],
        );
        check(
            "a@b press.office@example.org، example.com/خبر",
            &[
                ("a", Label::Latin),
                ("@", Label::Punct),
                ("b", Label::Latin),
                ("press.office@example.org", Label::Email),
                ("،", Label::Punct),
                ("example.com/خبر", Label::Url),
            ],
        );
        check("👨‍👩‍👧 نعم", &[("👨‍👩‍👧", Label::Emoji), ("نعم", Label::Word)]);
    }

    proptest! {
        #[test]
        fn tokens_hold_everything_that_is_not_blank(text in "([\\PC\u{0600}-\u{06FF}\u{200B}-\u{202E} \n@#_.،:/]|http://|a\\.com){0,60}") {
            let mut at = 0;
            for Token { span, label, folds } in TOKENIZER.tokens(&text) {
                if label == Label::Word {
                    let mut folded = String::new();
                    TOKENIZER.fold(span.of(&text), folds, &mut folded);
                    prop_assert_eq!(&folded, &fold(span.of(&text)));
                    prop_assert!(folds != Folds::Same || folded == span.of(&text));
                }
                prop_assert!(text[at..span.begin as usize].chars().all(is_blank));
                prop_assert!(!span.is_empty() && text.is_char_boundary(span.end as usize));
                at = span.end as usize;
            }
            prop_assert!(text[at..].chars().all(is_blank));
        }
    }
}
