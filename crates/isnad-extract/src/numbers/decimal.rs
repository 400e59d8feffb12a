//! Exact decimal numbers: «3.5 مليون» is 3500000, not nearly so.

use std::fmt;

/// A decimal number that is not negative: `mantissa / 10^scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decimal {
    mantissa: u128,
    scale: u32,
}

impl Decimal {
    /// A whole number.
    pub(crate) fn whole(value: u64) -> Self {
        Decimal { mantissa: value.into(), scale: 0 }
    }

    /// So many hundredths.
    pub(crate) fn hundredths(value: u64) -> Self {
        Decimal { mantissa: value.into(), scale: 2 }.trimmed()
    }

    /// A number as it is written in the press, digits folded to ASCII: «1.356,20», «1,200», «1٬200٫5».
    /// One separator before exactly three digits groups them, unless `fraction` says that a scale, a
    /// unit or a percent sign follows, or the number begins with 0. `None` where it is no number.
    pub(crate) fn parse(folded: &str, fraction: bool) -> Option<Self> {
        let is_separator = |c: char| matches!(c, '.' | ',' | '،' | '\u{66B}' | '\u{66C}');
        let separators = folded.chars().filter(|&c| is_separator(c)).count();
        let point = match folded.char_indices().rfind(|&(_, c)| is_separator(c)) {
            None => None,
            Some((at, '\u{66B}')) => Some(at), // ARABIC DECIMAL SEPARATOR
            Some((_, '\u{66C}')) => None,      // ARABIC THOUSANDS SEPARATOR
            Some((at, sign)) => {
                let after = folded.get(at + sign.len_utf8()..)?.len();
                let before = folded.get(..at)?;
                let alone = separators == 1;
                let repeated = separators > 1 && before.contains(sign);
                let groups = after == 3 && before.len() <= 3 && !before.starts_with('0') && !fraction;
                if repeated || (alone && groups) { None } else { Some(at) }
            }
        };
        let mut number = Decimal::whole(0);
        let mut group = None;
        for (at, c) in folded.char_indices() {
            if let Some(digit) = c.to_digit(10) {
                number.mantissa = number.mantissa.checked_mul(10)?.checked_add(digit.into())?;
                if point.is_some_and(|point| at > point) {
                    number.scale += 1;
                } else if let Some(length) = &mut group {
                    *length += 1;
                }
            } else if !is_separator(c) || group.replace(0).is_some_and(|length| length != 3) {
                return None;
            }
        }
        if point.is_none() && group.is_some_and(|length| length != 3) {
            return None;
        }
        Some(number.trimmed())
    }

    /// The product, unless it is too great.
    pub(crate) fn times(self, factor: u64) -> Option<Self> {
        Some(Decimal { mantissa: self.mantissa.checked_mul(factor.into())?, scale: self.scale }.trimmed())
    }

    /// The product with another one, unless it is too great.
    pub(crate) fn multiply(self, other: Decimal) -> Option<Self> {
        let mantissa = self.mantissa.checked_mul(other.mantissa)?;
        Some(Decimal { mantissa, scale: self.scale + other.scale }.trimmed())
    }

    /// The sum, unless it is too great.
    pub(crate) fn plus(self, other: Decimal) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        let raise = |d: Decimal| d.mantissa.checked_mul(10u128.checked_pow(scale - d.scale)?);
        Some(Decimal { mantissa: raise(self)?.checked_add(raise(other)?)?, scale }.trimmed())
    }

    /// The value, if it is whole and not too great.
    pub(crate) fn to_whole(self) -> Option<u64> {
        if self.scale == 0 { self.mantissa.try_into().ok() } else { None }
    }

    /// Whether it is less than a whole number.
    pub(crate) fn is_below(self, bound: u64) -> bool {
        match 10u128.checked_pow(self.scale).and_then(|power| power.checked_mul(bound.into())) {
            Some(bound) => self.mantissa < bound,
            None => true,
        }
    }

    fn trimmed(mut self) -> Self {
        while self.scale > 0 && self.mantissa.is_multiple_of(10) {
            self.mantissa /= 10;
            self.scale -= 1;
        }
        self
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.scale == 0 {
            return write!(f, "{}", self.mantissa);
        }
        match 10u128.checked_pow(self.scale) {
            Some(power) => {
                let width = self.scale as usize;
                write!(f, "{}.{:0width$}", self.mantissa / power, self.mantissa % power)
            }
            None => f.write_str("0"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: &str) {
        let shown = Decimal::parse(text, false).map_or("-".to_owned(), |number| number.to_string());
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn separators_of_the_press() {
        check("1.356,20", "1356.2");
        check("1\u{66C}200\u{66B}5", "1200.5");
        check("1,200", "1200");
        check("1.200", "1200");
        check("0.125", "0.125");
        check("1346.05", "1346.05");
        check("3,5", "3.5");
        check("1,000,000", "1000000");
        check("1.000.000", "1000000");
        check("2011،2012", "2011.2012");
        check("19.2.2018", "-");
        assert_eq!(Decimal::parse("1.250", true), Decimal::parse("1.25", true));
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_again(mantissa in 0u64..u64::MAX, scale in 0u32..2) {
            let number = Decimal { mantissa: mantissa.into(), scale }.trimmed();
            prop_assert_eq!(Decimal::parse(&number.to_string(), true), Some(number));
        }
    }
}
