//! Text whose bytes were read in the wrong encoding.

use std::ops::Range;

use isnad_arabic::{Class, class, is_arabic_letter, is_mark};
use isnad_core::{EditError, Edits};
use memchr::memchr2_iter;

use super::evidence::{Tally, Words, is_of_arabic};
use super::page::{Kind, Page, Piece};
use crate::rewriter::{char_at, char_before};

/// Finds and undoes wrong readings.
pub(super) struct Misreadings {
    latin: Page,
    arabic: Page,
    words: Words,
}

/// Which bytes were read as what. «Latin» is Windows-1252 or Latin-1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    Utf8AsLatin,
    Utf8AsArabic,
    ArabicAsLatin,
}

/// The letters that conjunctions, prepositions and the article consist of.
const ATTACHED: &str = "وفبلكا";

/// How often one text may have gone through the same mistake.
const DEPTH: usize = 4;

impl Misreadings {
    pub(super) fn new() -> Self {
        Misreadings { latin: Page::latin(), arabic: Page::arabic(), words: Words::new() }
    }

    /// Undoes the reading that the text proves, everywhere in it. Text that was misread more than once proves
    /// the next one then.
    pub(super) fn plan(&self, text: &str, edits: &mut Edits<'_>) -> Result<(), EditError> {
        let Some(reading) = self.proven(text) else { return Ok(()) };
        let page = match reading {
            Reading::Utf8AsLatin | Reading::ArabicAsLatin => &self.latin,
            Reading::Utf8AsArabic => &self.arabic,
        };
        let mut at = 0;
        while let Some(stretch) = next_stretch(page, text, at) {
            at = stretch.end;
            let characters = characters(text, &stretch);
            let pieces = match reading {
                Reading::Utf8AsLatin => self.latin.utf8(&characters),
                Reading::Utf8AsArabic => self.utf8_as_arabic(&characters),
                Reading::ArabicAsLatin => self.arabic_as_latin(text, &stretch, characters),
            };
            if let Some(pieces) = pieces {
                replace(text, &pieces, edits)?;
            }
        }
        Ok(())
    }

    /// The reading for which there is proof. Only stretches around the letters À–ÿ (lead byte C3), and around
    /// signs such as § (lead byte C2) behind one of آ أ ط ظ ع غ, are looked at: no proof is without them.
    fn proven(&self, text: &str) -> Option<Reading> {
        let bytes = text.as_bytes();
        let mut done = 0;
        let mut run = Tally::default();
        let mut run_end = 0;
        let mut by_signs = false;
        for sign in memchr2_iter(0xC2, 0xC3, bytes) {
            if sign < done {
                continue;
            }
            if bytes.get(sign) == Some(&0xC2) {
                if sign >= 2 && matches!(bytes.get(sign - 2..sign), Some([0xD8, 0xA2 | 0xA3 | 0xB7..=0xBA])) {
                    let stretch = stretch_around(&self.arabic, text, sign, done);
                    let characters = characters(text, &stretch);
                    let pieces = self.utf8_as_arabic(&characters).map(|pieces| self.deepest(pieces));
                    if pieces.is_some_and(|pieces| proves_letters(&pieces)) && has_sign(&characters) {
                        return Some(Reading::Utf8AsArabic);
                    }
                    done = stretch.end;
                }
                continue;
            }
            let stretch = stretch_around(&self.latin, text, sign, done);
            let between = text.get(run_end..stretch.start).unwrap_or_default();
            done = stretch.end;
            let characters = characters(text, &stretch);
            if let Some(pieces) = self.latin.utf8(&characters).map(|pieces| self.deepest(pieces)) {
                if proves_letters(&pieces) {
                    return Some(Reading::Utf8AsLatin);
                }
                by_signs |= pieces.iter().any(proves_alone);
            }
            let part = self.arabic_as_latin(text, &stretch, characters);
            if between.chars().any(is_letter_between) || part.is_none() {
                if run.proves_arabic() {
                    return Some(Reading::ArabicAsLatin);
                }
                run = Tally::default();
            }
            run_end = stretch.end;
            let word: String = part.iter().flatten().map(|piece| piece.c).collect();
            word.split(|c| class(c) == Class::OddSpace).for_each(|word| self.words.add(&mut run, word));
            if run.is_long() && run.proves_arabic() {
                return Some(Reading::ArabicAsLatin);
            }
        }
        if run.proves_arabic() {
            return Some(Reading::ArabicAsLatin);
        }
        by_signs.then_some(Reading::Utf8AsLatin)
    }

    /// Characters that are bytes of UTF-8 in the page with Arabic letters: «غ،» is two of them by chance, but of a
    /// Quranic mark alone. So a sign is asked for, or that all that comes out is what Arabic text consists of.
    fn utf8_as_arabic(&self, characters: &[Piece]) -> Option<Vec<Piece>> {
        let pieces = self.arabic.utf8(characters)?;
        let read = || pieces.iter().filter(|piece| piece.is == Kind::Read).map(|piece| piece.c);
        let is_arabic = read().all(is_of_arabic_alone) && !read().all(|c| is_mark(c) && c > '\u{0655}');
        (has_sign(characters) || is_arabic).then_some(pieces)
    }

    /// What comes out in the end of text that was misread more than once.
    fn deepest(&self, mut pieces: Vec<Piece>) -> Vec<Piece> {
        for _ in 1..DEPTH {
            let by_arabic = || self.arabic.utf8(&pieces).filter(|_| has_sign(&pieces));
            let Some(more) = self.latin.utf8(&pieces).or_else(by_arabic) else { break };
            pieces = more;
        }
        pieces
    }

    /// Characters that are bytes of Windows-1256: no letter of another script comes out, and none stands
    /// beside them, unless as in «الـBBC», «وBBC» and «CNN،» they are attached to it.
    fn arabic_as_latin(
        &self,
        text: &str,
        stretch: &Range<usize>,
        mut pieces: Vec<Piece>,
    ) -> Option<Vec<Piece>> {
        for piece in &mut pieces {
            piece.c = self.arabic.char(self.latin.byte(piece.c)?).filter(|c| is_of_arabic(*c))?;
            piece.is = Kind::Read;
        }
        let is_foreign = |c: Option<char>| c.is_some_and(|c| c.is_alphabetic() && !is_arabic_letter(c));
        let ends_drawn_out = pieces.last().is_some_and(|piece| piece.c == '\u{0640}'); // TATWEEL
        let has_letter = pieces.iter().any(|piece| is_arabic_letter(piece.c));
        let begins = !has_letter || !is_foreign(char_before(text, stretch.start));
        let behind = char_at(text, stretch.end);
        let is_attached = behind.is_some_and(|c| c.is_ascii_uppercase())
            && pieces.iter().all(|piece| ATTACHED.contains(piece.c));
        let ends = ends_drawn_out || is_attached || !is_foreign(behind);
        (begins && ends).then_some(pieces)
    }
}

/// Two Arabic letters side by side, each a whole sequence.
fn proves_letters(pieces: &[Piece]) -> bool {
    let is_letter = |piece: &Piece| piece.is == Kind::Read && is_arabic_letter(piece.c);
    pieces.windows(2).any(|pair| pair.iter().all(is_letter))
}

/// A sequence of three or four bytes: no text has such signs in a row by chance.
fn proves_alone(piece: &Piece) -> bool {
    piece.is == Kind::Read && piece.c >= '\u{2000}'
}

/// Letters of Arabic proper, and what stands among them: signs of two bytes only if they are quotation marks
/// or spaces, others always, since three or four bytes in a row are no chance.
fn is_of_arabic_alone(c: char) -> bool {
    use Class::{ArabicDigit, ArabicPunctuation, Letter, Mark, OddSpace, QuotationMark};
    c >= '\u{2000}'
        || matches!(class(c), Letter | Mark | ArabicDigit | ArabicPunctuation | QuotationMark | OddSpace)
}

/// Whether `c` parts two words: ª and º stand for ھ and ؛.
fn is_letter_between(c: char) -> bool {
    c.is_alphabetic() && !matches!(c, 'ª' | 'º')
}

/// Whether one of the characters is none of those that Arabic text consists of.
fn has_sign(pieces: &[Piece]) -> bool {
    pieces.iter().any(|piece| matches!(class(piece.c), Class::Other | Class::ZeroWidth))
}

/// The next stretch of characters outside ASCII that the page has.
fn next_stretch(page: &Page, text: &str, mut at: usize) -> Option<Range<usize>> {
    loop {
        at += text.as_bytes().get(at..)?.iter().position(|byte| !byte.is_ascii())?;
        let end = stretch_end(page, text, at);
        if end > at {
            return Some(at..end);
        }
        at += char_at(text, at)?.len_utf8();
    }
}

/// The stretch that holds the character at byte `at`; it begins at `floor` or behind it.
fn stretch_around(page: &Page, text: &str, at: usize, floor: usize) -> Range<usize> {
    let before = text.get(floor..at).unwrap_or_default().chars().rev();
    let len: usize = before.take_while(|c| page.byte(*c).is_some()).map(char::len_utf8).sum();
    at - len..stretch_end(page, text, at)
}

fn stretch_end(page: &Page, text: &str, at: usize) -> usize {
    let behind = text.get(at..).unwrap_or_default().chars();
    at + behind.take_while(|c| page.byte(*c).is_some()).map(char::len_utf8).sum::<usize>()
}

fn characters(text: &str, stretch: &Range<usize>) -> Vec<Piece> {
    let part = text.get(stretch.clone()).unwrap_or_default();
    let piece = |(at, c): (usize, char)| {
        let begin = stretch.start + at;
        Piece { begin, end: begin + c.len_utf8(), c, is: Kind::Itself }
    };
    part.char_indices().map(piece).collect()
}

/// Writes the pieces that differ from the text: those of equal length together, so that they cost nothing
/// in the alignment, the others one by one, so that every letter keeps its place.
fn replace(text: &str, pieces: &[Piece], edits: &mut Edits<'_>) -> Result<(), EditError> {
    let mut equal = String::new();
    let mut equal_from = 0;
    for piece in pieces {
        let old = text.get(piece.begin..piece.end).unwrap_or_default();
        let is_one_to_one =
            char_at(old, 0).is_some_and(|c| c.len_utf8() == old.len()) && old.len() == piece.c.len_utf8();
        if !is_one_to_one || equal.is_empty() || equal_from + equal.len() != piece.begin {
            flush(&mut equal, equal_from, edits)?;
            equal_from = piece.begin;
        }
        if is_one_to_one {
            equal.push(piece.c);
        } else {
            edits.replace(piece.begin..piece.end, piece.c.encode_utf8(&mut [0; 4]))?;
        }
    }
    flush(&mut equal, equal_from, edits)
}

fn flush(equal: &mut String, from: usize, edits: &mut Edits<'_>) -> Result<(), EditError> {
    let range = from..from + equal.len();
    if !equal.is_empty() && edits.source().get(range.clone()) != Some(equal) {
        edits.replace(range, equal)?;
    }
    equal.clear();
    Ok(())
}
