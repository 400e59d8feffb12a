//! Patterns of digits, as the tables write them.

/// A pattern of digits: which may stand at each place, and where a date or a province lies.
///
/// | sign | stands for |
/// |---|---|
/// | `0` … `9` | this digit |
/// | `#` | any digit |
/// | `[259]`, `[0-4]` | one of these |
/// | `YY`, `MM`, `DD` | year, month and day of a date that can be |
/// | `GG` | two digits that are among given places |
/// | `A` at the beginning | a Latin letter |
#[derive(Clone, Debug, Default)]
pub(crate) struct Pattern {
    /// For each digit the set of those that may stand there, a bit each.
    places: Vec<u16>,
    letters: usize,
    month: Option<usize>,
    day: Option<usize>,
    province: Option<usize>,
}

const ANY: u16 = 0x3FF;

impl Pattern {
    /// Reads a pattern of a table.
    pub(crate) fn new(source: &str) -> Self {
        let mut pattern = Pattern::default();
        let mut signs = source.chars().peekable();
        while let Some(sign) = signs.next() {
            let at = pattern.places.len();
            match sign {
                'A' => {
                    pattern.letters += 1;
                    continue;
                }
                'M' if pattern.month.is_none() => pattern.month = Some(at),
                'D' if pattern.day.is_none() => pattern.day = Some(at),
                'G' if pattern.province.is_none() => pattern.province = Some(at),
                _ => {}
            }
            let set = match sign {
                '[' => {
                    let inside: String = signs.by_ref().take_while(|&sign| sign != ']').collect();
                    one_of(&inside)
                }
                digit => digit.to_digit(10).map_or(ANY, |value| 1 << value),
            };
            pattern.places.push(set);
        }
        pattern
    }

    /// The same with these digits before it.
    pub(crate) fn behind(&self, code: &str) -> Self {
        let mut pattern = Pattern::new(code);
        pattern.places.extend(&self.places);
        pattern
    }

    /// The same without its first digit, if that is a 0 and nothing else.
    pub(crate) fn without_zero(&self) -> Option<Self> {
        let (first, rest) = self.places.split_first()?;
        (*first == 1).then(|| Pattern { places: rest.to_vec(), ..Pattern::default() })
    }

    /// How many digits it has.
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    /// How many letters stand before the digits.
    pub(crate) fn letters(&self) -> usize {
        self.letters
    }

    /// Whether digits are of this pattern; `provinces` are those that `GG` may be.
    pub(crate) fn fits(&self, digits: &[u8], provinces: &[u8]) -> bool {
        let two = |at: usize| Some(digits.get(at)? * 10 + digits.get(at + 1)?);
        let is_in =
            |at: Option<usize>, holds: &dyn Fn(u8) -> bool| at.is_none_or(|at| two(at).is_some_and(holds));
        let month = self.month.and_then(two);
        digits.len() == self.places.len()
            && digits.iter().zip(&self.places).all(|(digit, set)| set >> digit & 1 == 1)
            && is_in(self.month, &|month| (1..=12).contains(&month))
            && is_in(self.day, &|day| (1..=last_day(month)).contains(&day))
            && is_in(self.province, &|province| provinces.contains(&province))
    }
}

/// The set of digits in a pair of brackets: `259` or `0-4`.
fn one_of(inside: &str) -> u16 {
    let digits: Vec<char> = inside.chars().collect();
    let mut set = 0;
    for (index, &sign) in digits.iter().enumerate() {
        let side = |index: Option<usize>| index.and_then(|i| digits.get(i)).and_then(|c| c.to_digit(10));
        match (sign, side(index.checked_sub(1)), side(Some(index + 1))) {
            ('-', Some(first), Some(last)) => (first..=last).for_each(|value| set |= 1 << value),
            _ => set |= sign.to_digit(10).map_or(0, |value| 1 << value),
        }
    }
    set
}

/// The last day of a month of some year.
fn last_day(month: Option<u8>) -> u8 {
    match month {
        Some(2) => 29,
        Some(4 | 6 | 9 | 11) => 30,
        _ => 31,
    }
}

/// Whether the digits have the check digit of Luhn: every second one from the right is doubled, and the sum
/// of all digits is a multiple of ten (ISO/IEC 7812-1, annex B).
pub(crate) fn luhn(digits: &[u8]) -> bool {
    let doubled = |digit: u8| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let value =
        |(index, &digit): (usize, &u8)| u32::from(if index % 2 == 1 { doubled(digit) } else { digit });
    digits.iter().rev().enumerate().map(value).sum::<u32>() % 10 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, digits: &str, fits: bool) {
        let values: Vec<u8> = digits.bytes().map(|byte| byte - b'0').collect();
        assert_eq!(Pattern::new(pattern).fits(&values, &[1, 21]), fits, "{pattern} {digits}");
    }

    #[test]
    fn a_pattern_fits_what_it_says() {
        check("05########", "0512345678", true);
        check("05########", "0612345678", false);
        check("05########", "051234567", false);
        check("[2-4]9[18]", "398", true);
        check("[2-4]9[18]", "599", false);
        check("[23]YYMMDDGG#####", "29001012112345", true);
        check("[23]YYMMDDGG#####", "29002302112345", false); // there is no 30 February
        check("[23]YYMMDDGG#####", "29001011112345", false); // 11 is no place
    }

    #[test]
    fn the_check_digit_of_luhn() {
        for (digits, right) in
            [([7, 9, 9, 2, 7, 3, 9, 8, 7, 1, 3], true), ([7, 9, 9, 2, 7, 3, 9, 8, 7, 1, 4], false)]
        {
            assert_eq!(luhn(&digits), right);
        }
    }
}
