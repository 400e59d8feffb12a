//! Groups of digits and what stands between them.

use isnad_arabic::{Class, class, digit_value, is_space};

/// A row of groups of digits, such as «(02) 2345-6789» or «16/5/2023».
#[derive(Debug, Default)]
pub(crate) struct Figure {
    /// The groups, in the order of the text.
    pub(crate) groups: Vec<Group>,
    /// The values of all digits.
    pub(crate) digits: Vec<u8>,
}

/// The fewest digits of a telephone number that says enough to be told from a part of an amount.
const NUMBER: usize = 7;

/// Digits without anything visible between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    /// Where it begins in the text.
    pub(crate) begin: usize,
    /// Where it ends.
    pub(crate) end: usize,
    /// The index of its first digit among all.
    pub(crate) first: usize,
    /// How many digits it has.
    pub(crate) len: usize,
    /// What stands behind it.
    pub(crate) joint: Joint,
}

/// What stands between two groups of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Joint {
    /// Blank or bracket: a number may go on or end here.
    Blank,
    /// A dash: the same.
    Dash,
    /// A slash: the same.
    Slash,
    /// A point: a number may go on, but not end here.
    Point,
    /// A comma or colon, as in amounts and times: it does neither.
    Tight,
    /// A comma between numbers too long for parts of an amount: a number may end here, but not go on.
    Comma,
    /// The end of the figure.
    End,
}

impl Figure {
    /// Reads the figure that begins at byte `at`, a digit. Returns where it ends.
    pub(crate) fn read(&mut self, text: &str, at: usize) -> usize {
        self.groups.clear();
        self.digits.clear();
        let mut begin = at;
        loop {
            let first = self.digits.len();
            let mut end = begin;
            let mut rest = text.get(begin..).unwrap_or_default().char_indices();
            // What shows nothing belongs to the group if a digit stands behind it.
            let behind = loop {
                match rest.next() {
                    Some((at, c)) => match digit_value(c) {
                        Some(value) => {
                            self.digits.push(value as u8);
                            end = begin + at + c.len_utf8();
                        }
                        None if is_invisible(c) => {}
                        None => break begin + at,
                    },
                    None => break text.len(),
                }
            };
            let len = self.digits.len() - first;
            let (joint, next) = joint(text.get(behind..).unwrap_or_default());
            self.groups.push(Group { begin, end, first, len, joint });
            if joint == Joint::End {
                self.part_at_commas();
                return end;
            }
            begin = behind + next;
        }
    }

    /// Tells commas between numbers, as in «0501234567،0507654321», from those inside amounts: before a comma of
    /// an amount there are not seven digits and as many behind it, and none of these is a 0 at the beginning.
    fn part_at_commas(&mut self) {
        for index in 1..self.groups.len() {
            let long = |at: usize| self.groups.get(at).is_some_and(|group| group.len >= NUMBER);
            let begins = self.groups.get(index - 1).and_then(|group| self.digits.get(group.first));
            let is_apart = long(index - 1) && (long(index) || begins == Some(&0));
            if let Some(group) = self.groups.get_mut(index - 1)
                && group.joint == Joint::Tight
                && is_apart
            {
                group.joint = Joint::Comma;
            }
        }
    }

    /// Leaves out the groups that do not end before byte `at`. Returns where the last one that is left ends.
    pub(crate) fn cut(&mut self, at: usize) -> Option<usize> {
        self.groups.retain(|group| group.end <= at);
        let last = self.groups.last_mut()?;
        last.joint = Joint::End;
        Some(last.end)
    }

    /// The values of the digits of these groups.
    pub(crate) fn digits_of(&self, first: usize, last: usize) -> &[u8] {
        let from = self.groups.get(first).map_or(0, |group| group.first);
        let to = self.groups.get(last).map_or(0, |group| group.first + group.len);
        self.digits.get(from..to).unwrap_or_default()
    }

    /// Whether a date in digits is among these groups: a year, and two short groups beside it with the
    /// same sign between.
    pub(crate) fn has_date(&self, first: usize, last: usize) -> bool {
        let is_year = |group: &Group| {
            group.len == 4 && matches!(self.digits.get(group.first..group.first + 2), Some([1, 9] | [2, 0]))
        };
        self.groups.get(first..=last).unwrap_or_default().windows(3).any(|window| match window {
            [a, b, c] => {
                let alike =
                    a.joint == b.joint && matches!(a.joint, Joint::Dash | Joint::Slash | Joint::Point);
                alike && b.len <= 2 && (is_year(a) && c.len <= 2 || a.len <= 2 && is_year(c))
            }
            _ => false,
        })
    }

    /// Whether these groups are short numbers that count on: «5 6 7 8 9» is a list.
    pub(crate) fn counts_on(&self, first: usize, last: usize) -> bool {
        let groups = self.groups.get(first..=last).unwrap_or_default();
        let value = |group: &Group| {
            let digits = self.digits.get(group.first..group.first + group.len).unwrap_or_default();
            digits.iter().fold(0, |value, digit| value * 10 + i32::from(*digit))
        };
        groups.len() > 2
            && groups.iter().all(|group| group.len <= 2)
            && groups.windows(2).all(|pair| matches!(pair, [a, b] if (value(b) - value(a)).abs() == 1))
    }
}

/// Whether a character shows nothing: direction controls, zero-width characters, tatweel.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(class(c), Class::Bidi | Class::ZeroWidth | Class::Tatweel)
}

/// What stands at the beginning of `rest`, which follows a digit, and its length up to the next digit.
fn joint(rest: &str) -> (Joint, usize) {
    let mut found = Joint::End;
    let mut blanks = 0;
    for (at, c) in rest.char_indices() {
        if digit_value(c).is_some() {
            return (found, at);
        }
        let sign = match c {
            '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' => Joint::Dash, // HYPHEN … HORIZONTAL BAR, MINUS SIGN
            '/' => Joint::Slash,
            '.' | '·' => Joint::Point,
            ',' | '٬' | '٫' | ':' | '،' => Joint::Tight,
            '(' | ')' => Joint::Blank,
            c if is_space(c) && blanks < 2 => {
                blanks += 1;
                Joint::Blank
            }
            c if is_invisible(c) => continue,
            _ => return (Joint::End, 0),
        };
        found = match (found, sign) {
            (Joint::End, sign) => sign,
            (Joint::Blank, Joint::Dash) | (Joint::Dash, Joint::Blank) => Joint::Dash,
            (Joint::Blank, Joint::Slash) | (Joint::Slash, Joint::Blank) => Joint::Slash,
            (Joint::Blank, Joint::Blank) => Joint::Blank,
            // A point or comma with a blank ends the figure.
            _ => return (Joint::End, 0),
        };
    }
    (Joint::End, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, groups: &[&str], ends: &str) {
        let mut figure = Figure::default();
        let end = figure.read(text, 0);
        let found: Vec<&str> = figure.groups.iter().map(|group| &text[group.begin..group.end]).collect();
        assert_eq!((found.as_slice(), &text[end..]), (groups, ends), "{text}");
    }

    #[test]
    fn a_figure_ends_where_no_number_goes_on() {
        check("02) 2345-6789 وبعد", &["02", "2345", "6789"], " وبعد");
        check("1,250,000 دولار", &["1", "250", "000"], " دولار");
        check("٠٥٠\u{200F}١٢ ٣٤. 5", &["٠٥٠\u{200F}١٢", "٣٤"], ". 5"); // RIGHT-TO-LEFT MARK
        check("7 - 8", &["7", "8"], "");
        check("7\n8", &["7"], "\n8");
        check("7+8", &["7"], "+8");
    }

    #[test]
    fn dates_and_lists() {
        let mut figure = Figure::default();
        for (text, date, list) in [
            ("16/5/2023 10", true, false),
            ("2023-05-16", true, false),
            ("06.12.34.56.78", false, false),
            ("05 06 07 08", false, true),
        ] {
            figure.read(text, 0);
            let last = figure.groups.len() - 1;
            assert_eq!((figure.has_date(0, last), figure.counts_on(0, last)), (date, list), "{text}");
        }
    }
}
