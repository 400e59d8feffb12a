//! What may stand attached to a word: the orthographic paths of proclitics before it and the pronouns
//! behind it. Whether a reading is right is for a lexicon to say; this module only lists what the
//! spelling allows. Words are given folded (see [`crate::fold`]).

use std::ops::ControlFlow;

/// The proclitics of one reading, outermost first: `(و|ف)? (أ)? (ب|ك|ل|س)? (ال)?`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Path {
    /// The conjunction و or ف.
    pub conjunction: Option<char>,
    /// The interrogative hamza, folded to alef.
    pub interrogative: bool,
    /// The preposition ب ك ل, or س of the future.
    pub particle: Option<char>,
    /// The article stands in the path: it is cut off, or (after ل) merged into it.
    pub article: bool,
}

impl Path {
    /// The reading without any proclitic.
    pub const NONE: Path = Path { conjunction: None, interrogative: false, particle: None, article: false };

    /// Whether this is the reading without any proclitic.
    pub fn is_none(self) -> bool {
        self == Path::NONE
    }
}

/// One reading of the beginning of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proclitic {
    /// What stands before the stem.
    pub path: Path,
    /// The byte offset in the word where the stem starts. In «للمغرب» read as ل + المغرب this is the
    /// second lam, which carries the article.
    pub stem: usize,
    /// The stem bears the article, but its alef is not written because ل stands before it: the
    /// lexicon form is `"ا" + word[stem..]`.
    pub elided_alef: bool,
}

/// All readings of the beginning of the folded `word`, the whole word first. A stem keeps at least
/// two letters. Readings that cut the article off are listed after the one that keeps it.
pub fn proclitics(word: &str) -> impl Iterator<Item = Proclitic> + '_ {
    let mut found = Vec::new();
    each_proclitic(word, |reading| found.push(reading));
    found.into_iter()
}

/// Calls `reading` for each of [`proclitics`], in their order, without gathering them.
pub fn each_proclitic(word: &str, mut reading: impl FnMut(Proclitic)) {
    let _ = try_each(word, |found| {
        reading(found);
        ControlFlow::Continue(())
    });
}

/// The first of [`proclitics`] for which `holds`; those behind it are not looked for.
pub fn find_proclitic(word: &str, mut holds: impl FnMut(Proclitic) -> bool) -> Option<Proclitic> {
    let stop = |found| match holds(found) {
        true => ControlFlow::Break(found),
        false => ControlFlow::Continue(()),
    };
    try_each(word, stop).break_value()
}

fn try_each(
    word: &str,
    mut reading: impl FnMut(Proclitic) -> ControlFlow<Proclitic>,
) -> ControlFlow<Proclitic> {
    let bytes = word.as_bytes();
    let at_letter = |at: usize| bytes.get(at..).and_then(<[u8]>::first_chunk::<2>);
    let mut add = |path: Path, stem: usize, elided_alef: bool| {
        // Two letters and more: something stands behind the first one.
        let first = bytes.get(stem).map_or(1, |lead| LETTER_LEN[(lead >> 4) as usize]);
        if bytes.len() > stem + first {
            return reading(Proclitic { path, stem, elided_alef });
        }
        ControlFlow::Continue(())
    };
    let conjunction = match at_letter(0) {
        Some(&WAW) => Some('و'),
        Some(&FEH) => Some('ف'),
        _ => None,
    };
    for (conjunction, at) in [(None, 0), (conjunction, WAW.len())] {
        if at > 0 && conjunction.is_none() {
            break;
        }
        let outer = Path { conjunction, ..Path::NONE };
        add(outer, at, false)?;
        let behind = at + ALEF.len();
        let particle = match at_letter(at) {
            Some(&ALEF) if at_letter(behind) == Some(&LAM) => {
                add(Path { article: true, ..outer }, behind + LAM.len(), false)?;
                continue;
            }
            Some(&ALEF) => {
                add(Path { interrogative: true, ..outer }, behind, false)?;
                continue;
            }
            Some(&BEH) => 'ب',
            Some(&KAF) => 'ك',
            Some(&LAM) => 'ل',
            Some(&SEEN) => 'س',
            _ => continue,
        };
        let inner = Path { particle: Some(particle), ..outer };
        add(inner, behind, false)?;
        if particle == 'ل' && at_letter(behind) == Some(&LAM) {
            add(inner, behind, true)?;
            add(Path { article: true, ..inner }, behind + LAM.len(), false)?;
        } else if particle != 'س'
            && at_letter(behind) == Some(&ALEF)
            && at_letter(behind + ALEF.len()) == Some(&LAM)
        {
            add(Path { article: true, ..inner }, behind + ALEF.len() + LAM.len(), false)?;
        }
    }
    ControlFlow::Continue(())
}

/// The letters of proclitics as they are encoded.
const ALEF: [u8; 2] = [0xD8, 0xA7];
const BEH: [u8; 2] = [0xD8, 0xA8];
const SEEN: [u8; 2] = [0xD8, 0xB3];
const FEH: [u8; 2] = [0xD9, 0x81];
const KAF: [u8; 2] = [0xD9, 0x83];
const LAM: [u8; 2] = [0xD9, 0x84];
const WAW: [u8; 2] = [0xD9, 0x88];

/// How many bytes a character has, by the high half of its first byte.
const LETTER_LEN: [usize; 16] = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 4];

/// One reading of the end of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enclitic {
    /// The attached pronoun.
    pub pronoun: &'static str,
    /// The byte length of the stem before it.
    pub stem: usize,
    /// The stem ends in ت, which may stand for a ta marbuta (folded ه) of the free form:
    /// «وزارته» is «وزاره» + ه.
    pub open_ta: bool,
}

/// Whether these letters can stand attached to the word behind them: a conjunction, a preposition and
/// the article, each at most once and in this order. The letters as they are written, not folded.
///
/// ```
/// use isnad_arabic::is_proclitic;
///
/// assert!(is_proclitic("وبال") && is_proclitic("ل") && !is_proclitic("من"));
/// ```
pub fn is_proclitic(letters: &str) -> bool {
    let rest = letters.strip_prefix(['و', 'ف']).unwrap_or(letters);
    let rest = rest.strip_prefix('أ').unwrap_or(rest);
    let rest = rest.strip_prefix(['ب', 'ك', 'ل', 'س']).unwrap_or(rest);
    matches!(rest, "" | "ال" | "ل")
}

/// All readings of the end of the folded `word` as stem + attached pronoun, longest pronoun first.
/// A stem keeps at least two letters.
pub fn enclitics(word: &str) -> impl Iterator<Item = Enclitic> + '_ {
    PRONOUNS.iter().filter_map(move |pronoun| {
        let stem = word.strip_suffix(pronoun)?;
        (stem.chars().take(2).count() == 2).then(|| Enclitic {
            pronoun,
            stem: stem.len(),
            open_ta: stem.ends_with('ت'),
        })
    })
}

const PRONOUNS: [&str; 11] = ["كما", "هما", "كم", "كن", "نا", "ني", "ها", "هم", "هن", "ك", "ه"];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(word: &str, expected: &[&str]) {
        let stems: Vec<String> = proclitics(word)
            .map(|reading| format!("{}{}", if reading.elided_alef { "ا" } else { "" }, &word[reading.stem..]))
            .collect();
        assert_eq!(stems, expected, "{word}");
    }

    #[test]
    fn every_path_that_the_spelling_allows() {
        check("المغرب", &["المغرب", "مغرب"]);
        check("والمغرب", &["والمغرب", "المغرب", "مغرب"]);
        check("للمغرب", &["للمغرب", "لمغرب", "المغرب", "مغرب"]);
        check("وبلينكين", &["وبلينكين", "بلينكين", "لينكين"]);
        check("بالقاهره", &["بالقاهره", "القاهره", "قاهره"]);
        check("سيقول", &["سيقول", "يقول"]);
        check("ول", &["ول"]);
    }

    #[test]
    fn a_search_ends_at_the_first_reading_that_holds() {
        let mut asked = 0;
        let found = find_proclitic("والمغرب", |reading| {
            asked += 1;
            &"والمغرب"[reading.stem..] == "المغرب"
        });
        assert_eq!((found, asked), (proclitics("والمغرب").nth(1), 2));
        assert_eq!(find_proclitic("المغرب", |_| false), None);
    }

    #[test]
    fn the_elided_alef_starts_at_the_second_lam() {
        let reading = proclitics("للمغرب").find(|reading| reading.elided_alef).unwrap();
        assert_eq!(&"للمغرب"[reading.stem..], "لمغرب");
        assert_eq!(reading.path.particle, Some('ل'));
    }

    #[test]
    fn pronouns_behind_a_word() {
        let stems: Vec<(&str, bool)> =
            enclitics("وزارته").map(|e| (&"وزارته"[..e.stem], e.open_ta)).collect();
        assert_eq!(stems, [("وزارت", true)]);
        let found: Vec<&str> = enclitics("دعمهما").map(|e| e.pronoun).collect();
        assert_eq!(found, ["هما"]);
    }
}
