//! What may stand attached to a word: the orthographic paths of proclitics before it and the pronouns
//! behind it. Whether a reading is right is for a lexicon to say; this module only lists what the
//! spelling allows. Words are given folded (see [`crate::fold`]).

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
    let mut found = [None; MOST];
    let mut count = 0;
    let mut add = |path: Path, stem: usize, elided_alef: bool| {
        let letters = word.get(stem..).map_or(0, |rest| rest.chars().take(3).count());
        if letters >= 2 && count < MOST {
            found[count] = Some(Proclitic { path, stem, elided_alef });
            count += 1;
        }
    };
    let rest = |at: usize| word.get(at..).unwrap_or_default();
    let conjunction = rest(0).chars().next().filter(|c| matches!(c, 'و' | 'ف'));
    for conjunction in [None, conjunction].into_iter().take(1 + conjunction.is_some() as usize) {
        let outer = Path { conjunction, ..Path::NONE };
        let at = conjunction.map_or(0, char::len_utf8);
        add(outer, at, false);
        if rest(at).starts_with("ال") {
            add(Path { article: true, ..outer }, at + "ال".len(), false);
        } else if rest(at).starts_with('ا') {
            add(Path { interrogative: true, ..outer }, at + 'ا'.len_utf8(), false);
        }
        let Some(particle) = rest(at).chars().next().filter(|c| matches!(c, 'ب' | 'ك' | 'ل' | 'س'))
        else {
            continue;
        };
        let inner = Path { particle: Some(particle), ..outer };
        let at = at + particle.len_utf8();
        add(inner, at, false);
        if particle == 'ل' && rest(at).starts_with('ل') {
            add(inner, at, true);
            add(Path { article: true, ..inner }, at + 'ل'.len_utf8(), false);
        } else if particle != 'س' && rest(at).starts_with("ال") {
            add(Path { article: true, ..inner }, at + "ال".len(), false);
        }
    }
    found.into_iter().flatten()
}

/// The most readings a word can have: two conjunction states of at most five each.
const MOST: usize = 12;

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
