//! Words as phrases are made of them: folded, without what is attached in front.

use std::collections::HashSet;
use std::sync::LazyLock;

use isnad_arabic::{each_proclitic, enclitics, fold, proclitics};

/// The tables of `data/`, compiled.
pub(crate) static WORDS: LazyLock<Words> = LazyLock::new(Words::compile);

/// Words that bear no topic, and words that are whole although they seem to have something attached.
#[derive(Debug, Default)]
pub(crate) struct Words {
    stop: HashSet<String>,
    inner: HashSet<String>,
    whole: HashSet<String>,
}

/// What a word is for phrases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// It can begin and end a phrase.
    Content,
    /// It can stand inside one.
    Inner,
    /// A phrase ends before it.
    Stop,
}

/// Where the parts of a folded word begin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parts {
    /// Behind conjunction and preposition, before the article; in «للمغرب» before both lams, of which the second
    /// is the article's.
    pub(crate) shown: usize,
    /// Whether a conjunction or preposition stands before it.
    pub(crate) attached: bool,
    /// Behind the article too: from here on, the word is compared.
    pub(crate) norm: usize,
}

/// Letters that must be left behind a conjunction or preposition for it to be one.
const STEM: usize = 3;

/// The same before an article, which hardly any other letters look like.
const STEM_WITH_ARTICLE: usize = 2;

/// The same where nothing but a word elsewhere in the article speaks for it.
const STEM_UNKNOWN: usize = 4;

impl Words {
    fn compile() -> Self {
        let mut words = Words::default();
        for line in rows(include_str!("../data/stopwords.tsv")) {
            let mut cells = line.split('\t');
            let word = fold(cells.next().unwrap_or_default());
            let role = cells.next().unwrap_or_default();
            if role == "inner" { &mut words.inner } else { &mut words.stop }.insert(word);
        }
        words.whole = rows(include_str!("../data/whole_words.tsv")).map(fold).collect();
        words
    }

    /// What a folded word is; `more` are stop words of the user's.
    pub(crate) fn role(&self, folded: &str, more: &HashSet<String>) -> Role {
        if self.inner.contains(folded) {
            return Role::Inner;
        }
        let is_stop =
            |word: &str| self.stop.contains(word) || self.inner.contains(word) || more.contains(word);
        let attached = || {
            proclitics(folded).any(|reading| {
                // «بأن» and «والتي», but «سلم» is not the future of «لم».
                let fits = !reading.path.interrogative
                    && reading.path.particle != Some('س')
                    && !reading.path.article;
                fits && folded.get(reading.stem..).is_some_and(is_stop)
            })
        };
        let short = folded.chars().nth(1).is_none();
        if short || is_stop(folded) || !self.whole.contains(folded) && attached() {
            Role::Stop
        } else {
            Role::Content
        }
    }

    /// Takes a folded word apart. `frequency` says in how many documents a word without article stands; `here`
    /// whether a word stands in the article at hand as it is.
    pub(crate) fn parts(
        &self,
        folded: &str,
        frequency: &dyn Fn(&str) -> u32,
        here: &dyn Fn(&str) -> bool,
    ) -> Parts {
        if self.whole.contains(folded) {
            return Parts::default();
        }
        let behind = |at: usize| {
            let merged = is_merged(folded, at);
            Parts {
                shown: if merged { at - LAM } else { at },
                attached: at > 0,
                norm: self.article(folded, at),
            }
        };
        let known = |at: usize| {
            let word = folded.get(at..).unwrap_or_default();
            let bare = folded.get(self.article(folded, at)..).unwrap_or_default();
            frequency(word).max(frequency(bare))
        };
        let least = known(0);
        let (mut best, mut most) = (None, 0);
        let mut seen_here = None;
        let mut with_article = None;
        each_proclitic(folded, |reading| {
            let path = reading.path;
            let merged = path.particle == Some('ل') && path.article;
            if path.is_none() || path.interrogative || path.particle == Some('س') || path.article && !merged
            {
                return;
            }
            let at = if merged { reading.stem - LAM } else { reading.stem };
            if reading.elided_alef {
                return;
            }
            let stem = folded.get(reading.stem..).unwrap_or_default();
            let has_article = merged || article_len(stem) > 0;
            let letters = stem.chars().count() - if has_article && !merged { 2 } else { 0 };
            if letters < if has_article { STEM_WITH_ARTICLE } else { STEM } {
                return;
            }
            if has_article {
                with_article = with_article.or(Some(at));
            }
            let count = if merged { frequency(stem) } else { known(at) };
            // How often «والسد» stands says nothing against «السد».
            let floor = match path.particle {
                _ if has_article => 0,
                Some(_) => least,
                None => least / 2,
            };
            if count > most.max(floor) {
                (best, most) = (Some(at), count);
            }
            if seen_here.is_none() && letters >= STEM_UNKNOWN && here(stem) {
                seen_here = Some(at);
            }
        });
        // «والـ», «بالـ», «للـ» are hardly ever anything else; a word of the table speaks for itself.
        let doubtful = || if least == 0 { seen_here.or(with_article) } else { None };
        behind(best.or_else(doubtful).unwrap_or(0))
    }

    /// Whether a pronoun stands attached to the word: «بيانها» where «بيان» is known, «وزارته» where «وزارة» is.
    /// Such a word does not say by itself what it is about. What «بيانه» is, its folded form does not show.
    pub(crate) fn has_pronoun(
        &self,
        norm: &str,
        frequency: &dyn Fn(&str) -> u32,
        here: &dyn Fn(&str) -> bool,
    ) -> bool {
        let is_known = |word: &str| frequency(word) > 0 || here(word);
        !self.whole.contains(norm)
            && enclitics(norm).any(|reading| {
                let stem = norm.get(..reading.stem).unwrap_or_default();
                let free = stem.strip_suffix('ت').filter(|_| reading.open_ta).map(|free| format!("{free}ه"));
                let of_feminine = || free.as_deref().is_some_and(is_known);
                stem.chars().count() >= STEM
                    && match reading.pronoun {
                        "ه" => of_feminine(),
                        "ها" | "هم" | "هما" | "هن" | "نا" => is_known(stem) || of_feminine(),
                        _ => false,
                    }
            })
    }

    /// Where the word behind the article begins that may stand at byte `at`.
    pub(crate) fn article(&self, folded: &str, at: usize) -> usize {
        let word = folded.get(at..).unwrap_or_default();
        if self.whole.contains(word) {
            return at;
        }
        at + if is_merged(folded, at) { LAM } else { article_len(word) }
    }
}

/// Whether the article at byte `at` has lost its alef, since ل stands before it.
fn is_merged(folded: &str, at: usize) -> bool {
    at.checked_sub(LAM).and_then(|from| folded.get(from..)).is_some_and(|from| from.starts_with("لل"))
}

/// Bytes of a lam.
const LAM: usize = 'ل'.len_utf8();

/// The length of the article that `word` begins with; two letters must be left.
fn article_len(word: &str) -> usize {
    let rest = word.strip_prefix("ال");
    if rest.is_some_and(|rest| rest.chars().nth(1).is_some()) { 2 * LAM } else { 0 }
}

/// The rows of a table that is compiled in, without comments and header.
fn rows(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).skip(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, shown: &str, norm: &str) {
        let frequency = |word: &str| match word {
            "رئيس" | "حكومه" | "مغرب" => 50,
            "وزير" | "لقاء" => 20,
            "زير" | "سد" => 1,
            "والسد" => 3,
            _ => 0,
        };
        let folded = fold(word);
        let parts = WORDS.parts(&folded, &frequency, &|word| word == "بلينكن");
        assert_eq!((&folded[parts.shown..], &folded[parts.norm..]), (shown, norm), "{word}");
    }

    #[test]
    fn what_is_attached_comes_off_where_something_speaks_for_it() {
        check("والرئيس", "الرئيس", "رئيس");
        check("للحكومة", "للحكومه", "حكومه");
        check("وللمغرب", "للمغرب", "مغرب");
        check("وبالمغرب", "المغرب", "مغرب");
        check("وزير", "وزير", "وزير");
        check("الوزير", "الوزير", "وزير");
        check("وبلينكن", "بلينكن", "بلينكن");
        check("بلينكن", "بلينكن", "بلينكن");
        check("والزمالك", "الزمالك", "زمالك");
        check("والسد", "السد", "سد");
        check("ألمانيا", "المانيا", "المانيا");
        check("فرقاطة", "فرقاطه", "فرقاطه");
        check("CNN", "cnn", "cnn");
    }

    #[test]
    fn pronouns_behind_a_word() {
        let frequency = |word: &str| u32::from(["بيان", "وزاره"].contains(&word));
        let pronoun = |word: &str| WORDS.has_pronoun(&fold(word), &frequency, &|word| word == "لاعب");
        for word in ["بيانها", "وزارته", "وزارتهم", "لاعبنا"] {
            assert!(pronoun(word), "{word}");
        }
        for word in ["بيان", "بيانه", "وزارة", "تفاهم", "لاعبات"] {
            assert!(!pronoun(word), "{word}");
        }
    }

    #[test]
    fn words_that_bear_no_topic() {
        let none = HashSet::new();
        for (word, role) in [
            ("قال", Role::Stop),
            ("وقالت", Role::Stop),
            ("بأن", Role::Stop),
            ("في", Role::Inner),
            ("وفي", Role::Stop),
            ("سلام", Role::Content),
            ("والد", Role::Content),
            ("ص", Role::Stop),
        ] {
            assert_eq!(WORDS.role(&fold(word), &none), role, "{word}");
        }
    }
}
