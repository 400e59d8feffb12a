//! What the tables say of numbers, compiled: which digits are a telephone number, an id or a card.

use std::sync::LazyLock;

use crate::finder::Kind;
use crate::pattern::{Pattern, luhn};
use crate::table::rows;

/// All rules, by the number of digits.
pub(crate) static RULES: LazyLock<Rules> = LazyLock::new(Rules::compile);

/// The longest number there is a rule for.
pub(crate) const LONGEST: usize = 19;

/// The rules of all tables.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    by_length: [Vec<Rule>; LONGEST + 1],
}

/// One row of a table.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    /// What it finds.
    pub(crate) kind: Kind,
    /// The country, or `*` for any.
    pub(crate) country: &'static str,
    /// Whether the pattern says enough without a word beside it.
    pub(crate) alone: bool,
    /// Whether the calling code stands in the pattern.
    pub(crate) international: bool,
    pattern: Pattern,
    provinces: Vec<u8>,
    check: Check,
    groups: Vec<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Check {
    None,
    Luhn,
    /// The last digit is 11 minus the weighted sum of the others, modulo 11.
    Mod11(Vec<u32>),
}

impl Rules {
    fn compile() -> Self {
        let mut rules = Rules::default();
        for [country, pattern, places, check, alone, _] in rows::<6>(include_str!("../data/ids.tsv")) {
            let rule = Rule {
                provinces: places.split(' ').flat_map(range).collect(),
                check: Check::new(check),
                alone: alone == "yes",
                ..Rule::new(Kind::NationalId, country, Pattern::new(pattern))
            };
            rules.add(rule);
        }
        for [_, pattern, groups] in rows::<3>(include_str!("../data/cards.tsv")) {
            let groups = groups.split(' ').filter_map(|count| count.parse().ok()).collect();
            let rule = Rule::new(Kind::Card, "*", Pattern::new(pattern));
            rules.add(Rule { groups, check: Check::Luhn, alone: true, ..rule });
        }
        for [country, code, pattern, alone, _] in rows::<5>(include_str!("../data/phones.tsv")) {
            let pattern = Pattern::new(pattern);
            if !code.is_empty() {
                // «+966 50 …» and «+966 (0)50 …».
                for rest in pattern.without_zero().into_iter().chain([pattern.clone()]) {
                    let rule = Rule::new(Kind::Phone, country, rest.behind(code));
                    rules.add(Rule { international: true, ..rule });
                }
            }
            rules.add(Rule { alone: alone == "yes", ..Rule::new(Kind::Phone, country, pattern) });
        }
        rules
    }

    /// The rules for so many digits.
    pub(crate) fn of_length(&self, digits: usize) -> &[Rule] {
        self.by_length.get(digits).map_or(&[], Vec::as_slice)
    }

    /// The countries that rules are about.
    pub(crate) fn countries(&self) -> Vec<&'static str> {
        let all = self.by_length.iter().flatten().map(|rule| rule.country).filter(|country| *country != "*");
        let mut countries: Vec<&str> = all.collect();
        countries.sort_unstable();
        countries.dedup();
        countries
    }

    fn add(&mut self, rule: Rule) {
        let digits = rule.pattern.len();
        self.by_length.get_mut(digits).expect("no pattern is longer than `LONGEST`").push(rule);
    }
}

impl Rule {
    fn new(kind: Kind, country: &'static str, pattern: Pattern) -> Self {
        let (provinces, groups) = (Vec::new(), Vec::new());
        Rule {
            kind,
            country,
            alone: false,
            international: false,
            pattern,
            provinces,
            check: Check::None,
            groups,
        }
    }

    /// Whether digits with so many letters before them, in groups of these lengths, are such a number.
    pub(crate) fn fits(
        &self,
        letters: usize,
        digits: &[u8],
        groups: impl ExactSizeIterator<Item = usize>,
    ) -> bool {
        self.pattern.letters() == letters
            && self.pattern.fits(digits, &self.provinces)
            && self.check.holds(digits)
            && (self.groups.is_empty() || groups.len() == 1 || groups.eq(self.groups.iter().copied()))
    }
}

impl Check {
    fn new(cell: &str) -> Self {
        match cell.strip_prefix("mod11 ") {
            Some(weights) => {
                Check::Mod11(weights.split(' ').filter_map(|weight| weight.parse().ok()).collect())
            }
            None if cell == "luhn" => Check::Luhn,
            None => Check::None,
        }
    }

    fn holds(&self, digits: &[u8]) -> bool {
        match self {
            Check::None => true,
            Check::Luhn => luhn(digits),
            Check::Mod11(weights) => {
                let sum: u32 =
                    digits.iter().zip(weights).map(|(digit, weight)| u32::from(*digit) * weight).sum();
                digits.last().is_some_and(|last| u32::from(*last) == 11 - sum % 11)
            }
        }
    }
}

/// The numbers of `7` or of `11-19`.
fn range(cell: &str) -> impl Iterator<Item = u8> + use<> {
    let (first, last) = cell.split_once('-').unwrap_or((cell, cell));
    let (first, last) = (first.parse().unwrap_or(1), last.parse().unwrap_or(0));
    first..=last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: Kind, digits: &str, expected: &[&str]) {
        let values: Vec<u8> = digits.bytes().map(|byte| byte - b'0').collect();
        let fits = |rule: &&Rule| {
            rule.kind == kind
                && (rule.alone || rule.international)
                && rule.fits(0, &values, [values.len()].into_iter())
        };
        let found: Vec<&str> =
            RULES.of_length(values.len()).iter().filter(fits).map(|rule| rule.country).collect();
        assert_eq!(found, expected, "{digits}");
    }

    #[test]
    fn every_table_can_be_read() {
        assert_eq!(RULES.by_length.iter().flatten().filter(|rule| rule.kind == Kind::Card).count(), 7);
        assert!(RULES.countries().len() > 20);
    }

    #[test]
    fn ids_with_their_checks() {
        check(Kind::NationalId, "29001012112345", &["EG"]);
        check(Kind::NationalId, "29013012112345", &[]);
        check(Kind::NationalId, "1234567897", &["SA"]);
        check(Kind::NationalId, "1234567898", &[]);
        check(Kind::NationalId, "784198012345678", &["AE"]);
        check(Kind::NationalId, "285010112358", &["KW"]);
        check(Kind::NationalId, "285010112359", &[]);
    }

    #[test]
    fn telephone_numbers_at_home_and_from_abroad() {
        check(Kind::Phone, "01012345678", &["EG"]);
        check(Kind::Phone, "966501234567", &["SA"]);
        check(Kind::Phone, "9660501234567", &["SA"]);
    }
}
