//! The words beside a number: what kind of number it is, or that it is an amount.

use std::collections::HashMap;
use std::sync::LazyLock;

use isnad_arabic::{each_proclitic, enclitics, fold, fold_into, is_blank, is_space};

use crate::figure::is_invisible;
use crate::finder::Kind;
use crate::table::rows;

/// The table of words, compiled.
pub(crate) static WORDS: LazyLock<Words> = LazyLock::new(Words::compile);

/// What words say of numbers.
#[derive(Debug, Default)]
pub(crate) struct Words {
    roles: HashMap<String, Role>,
    links: Vec<&'static str>,
}

/// What a word says of the number beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The number behind it is of this kind.
    Cue(Kind),
    /// It may stand between such a word and its number.
    Bridge,
    /// The number before it is an amount.
    Unit,
}

/// How many words there may be between a cue and its number.
const FARTHEST: usize = 6;

/// The longest word that can be in the table, in bytes.
const LONGEST: usize = 64;

impl Words {
    fn compile() -> Self {
        let mut words = Words::default();
        for [word, role, kind, _] in rows::<4>(include_str!("../data/words.tsv")) {
            let kind = match kind {
                "national-id" => Kind::NationalId,
                "card" => Kind::Card,
                _ => Kind::Phone,
            };
            let role = match role {
                "cue" => Role::Cue(kind),
                "bridge" => Role::Bridge,
                "unit" => Role::Unit,
                _ => {
                    words.links.push(word);
                    continue;
                }
            };
            words.roles.entry(fold(word)).or_insert(role);
        }
        words
    }

    /// The kind of number that the end of `head` announces: behind the last cue there are only bridges and
    /// signs. `found` says what was found at the end of a text, and where that begins.
    pub(crate) fn announced(&self, head: &str, found: impl Fn(&str) -> Option<Kind>) -> Option<Kind> {
        let mut head = head;
        let mut folded = String::new();
        for _ in 0..=FARTHEST {
            let before = |text: &str| text.trim_end_matches(is_between).len();
            // What was found already is looked for before signs are passed: it may end with one.
            let mut end = head.len();
            let stop = before(head);
            loop {
                if let Some(kind) = head.get(..end).and_then(&found) {
                    return Some(kind);
                }
                if end <= stop {
                    break;
                }
                end = head.get(..end)?.char_indices().next_back().map_or(0, |(at, _)| at);
            }
            head = head.get(..stop)?;
            let letters = head
                .trim_end_matches(|c: char| c.is_alphabetic() || isnad_arabic::is_mark(c) || is_invisible(c));
            let word = head.get(letters.len()..).filter(|word| !word.is_empty() && word.len() <= LONGEST)?;
            folded.clear();
            fold_into(word, &mut folded);
            match self.role(&folded)? {
                Role::Cue(kind) => return Some(kind),
                Role::Bridge => head = letters,
                Role::Unit => return None,
            }
        }
        None
    }

    /// Whether `rest`, which stands behind a number, says that it is an amount.
    pub(crate) fn is_amount(&self, rest: &str) -> bool {
        let rest = rest.trim_start_matches(|c: char| is_space(c) || is_invisible(c));
        let len = rest.find(|c: char| !c.is_alphabetic() && !isnad_arabic::is_mark(c)).unwrap_or(rest.len());
        let word = rest.get(..len).filter(|word| word.len() <= LONGEST).unwrap_or_default();
        self.roles.get(&fold(word)) == Some(&Role::Unit)
    }

    /// Whether a telephone number stands behind `head`, the beginning of a web address.
    pub(crate) fn is_contact_link(&self, head: &str) -> bool {
        let head = head.trim_end_matches('+');
        self.links.iter().any(|link| head.ends_with(link))
    }

    /// What a folded word says, with or without what stands attached to it: «وهاتفه» is a «هاتف».
    fn role(&self, folded: &str) -> Option<Role> {
        if let Some(role) = self.roles.get(folded) {
            return Some(*role);
        }
        let mut role = None;
        each_proclitic(folded, |reading| {
            let stem = folded.get(reading.stem..).unwrap_or_default();
            let mut ends = enclitics(stem).filter_map(|reading| stem.get(..reading.stem));
            let known = |word: &str| self.roles.get(word).copied();
            role = role.or_else(|| known(stem)).or_else(|| ends.find_map(known));
        });
        role
    }
}

/// Whether a character may stand between a cue and its number.
fn is_between(c: char) -> bool {
    let sign = matches!(
        c,
        ':' | '،' | '-' | '\u{2013}' | '\u{2014}' | '/' | '(' | ')' | '[' | '«' | '"' | '=' | '*' | '|' | '+'
    );
    sign || is_space(c) && !is_blank_line(c) || is_invisible(c)
}

fn is_blank_line(c: char) -> bool {
    is_blank(c) && !is_space(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(head: &str, expected: Option<Kind>) {
        assert_eq!(WORDS.announced(head, |_| None), expected, "{head}");
    }

    #[test]
    fn cues_with_what_may_stand_behind_them() {
        check("هاتف: ", Some(Kind::Phone));
        check("وللتواصل عبر الواتساب على الرقم التالي: ", Some(Kind::Phone));
        check("بالهـاتف رَقْم ", Some(Kind::Phone));
        check("Tel. ", None);
        check("WhatsApp:", Some(Kind::Phone));
        check("يحمل الرقم القومي ", Some(Kind::NationalId));
        check("بطاقة الهوية رقم ", Some(Kind::NationalId));
    }

    #[test]
    fn no_cue_or_one_too_far_away() {
        check("على الرقم ", None);
        check("هاتف جديد بيع منه ", None);
        check("عبر الهاتف.\n", None);
        check("مكتب الاتصالات ", None);
        check("", None);
    }

    #[test]
    fn amounts() {
        for (rest, amount) in [(" دولار", true), (" مليونًا", true), (" وقال", false), ("", false)]
        {
            assert_eq!(WORDS.is_amount(rest), amount, "{rest}");
        }
    }
}
