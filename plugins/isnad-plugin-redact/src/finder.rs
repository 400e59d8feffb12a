//! One pass over a text that finds everything to be withheld.

use std::ops::Range;

use isnad_arabic::{digit_value, is_blank};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::figure::{Figure, Group, Joint, is_invisible};
use crate::rules::{LONGEST, RULES, Rule};
use crate::words::WORDS;
use crate::{account, address};

/// What can be withheld.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// The number of a person in a state's register.
    NationalId,
    /// An international bank account number.
    Iban,
    /// The number of a payment card.
    Card,
}

/// Something found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// What it is.
    pub(crate) kind: Kind,
    /// Where it stands.
    pub(crate) range: Range<usize>,
}

/// What is looked for.
#[derive(Clone, Debug)]
pub(crate) struct Search<'o> {
    /// Kinds.
    pub(crate) kinds: &'o [Kind],
    /// Countries whose own forms are looked for; all if empty.
    pub(crate) countries: &'o [String],
}

/// Most groups that one number is written in.
const GROUPS: usize = 10;

/// Digits of a number with `+` or `00` before it: E.164 allows fifteen; shorter than eight it is something else.
const INTERNATIONAL: Range<usize> = 8..16;

/// Adds what is found in `text` to `found`, in order. `replaced` tells what stands at the end of a text if that
/// is the replacement of something: what was found and what was replaced before announce the same.
pub(crate) fn find(
    text: &str,
    search: &Search<'_>,
    replaced: &dyn Fn(&str) -> Option<Kind>,
    figure: &mut Figure,
    found: &mut Vec<Found>,
) {
    let mut finder = Finder { text, search, replaced, figure, found, done: 0, word: Word::default() };
    let mut at = 0;
    while let Some(stop) = next_stop(text.as_bytes(), at) {
        at = finder.look(stop);
    }
}

/// The first digit of any set, or `@`, at or behind `at`.
fn next_stop(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match bytes.get(at)? {
            b'0'..=b'9' | b'@' => return Some(at),
            // U+0660–U+0669, U+06F0–U+06F9
            0xD9 if matches!(bytes.get(at + 1), Some(0xA0..=0xA9)) => return Some(at),
            0xDB if matches!(bytes.get(at + 1), Some(0xB0..=0xB9)) => return Some(at),
            _ => at += 1,
        }
    }
}

struct Finder<'t, 'f> {
    text: &'t str,
    search: &'f Search<'f>,
    replaced: &'f dyn Fn(&str) -> Option<Kind>,
    figure: &'f mut Figure,
    found: &'f mut Vec<Found>,
    /// The end of the last thing found.
    done: usize,
    word: Word,
}

/// What stands between two blanks.
#[derive(Debug, Default)]
struct Word {
    end: usize,
    /// Whether it is a web address, a handle, a hashtag or a link for telephones.
    is_link: bool,
    /// Where it shows that it is one of the first three.
    link: Option<usize>,
    is_mail_link: bool,
    /// The next `@` in it.
    at_sign: Option<usize>,
}

impl Finder<'_, '_> {
    /// Looks at the digit or `@` at byte `at`. Returns where to go on.
    fn look(&mut self, at: usize) -> usize {
        if at >= self.word.end {
            self.word = Word::around(self.text, at, self.word.end);
        }
        if self.word.at_sign.is_some_and(|sign| sign < at) {
            let rest = self.text.get(at..self.word.end).and_then(|rest| rest.find('@'));
            self.word.at_sign = rest.map(|sign| at + sign);
        }
        if let Some(range) = self.address(at) {
            return self.take(Kind::Email, range);
        }
        if self.text.as_bytes().get(at) == Some(&b'@') {
            return at + 1;
        }
        if self.word.is_link {
            let head = self.text.get(..at).unwrap_or_default();
            if !WORDS.is_contact_link(head) {
                return self.word.end;
            }
        } else if self.wants(Kind::Iban)
            && let Some(range) = account::find(self.text, at).filter(|range| range.start >= self.done)
        {
            return self.take(Kind::Iban, range);
        }
        self.figure(at)
    }

    /// The address that the byte `at` is a part of.
    fn address(&mut self, at: usize) -> Option<Range<usize>> {
        let sign = self.word.at_sign?;
        let is_inside_link = self.word.link.is_some_and(|link| link < sign) && !self.word.is_mail_link;
        if !self.wants(Kind::Email) || is_inside_link {
            return None;
        }
        address::find(self.text, sign, self.done).filter(|range| range.start <= at)
    }

    /// Looks for numbers in the figure that begins at `at`. Returns where it ends.
    fn figure(&mut self, at: usize) -> usize {
        let mut end = self.figure.read(self.text, at);
        if let Some(address) = self.address_behind(end) {
            end = self.figure.cut(address.start).unwrap_or(end);
        }
        let mut first = 0;
        while first < self.figure.groups.len() {
            match self.number(first) {
                Some((kind, last, range)) => {
                    end = end.max(range.end);
                    self.take(kind, range);
                    first = last + 1;
                }
                None => first += 1,
            }
        }
        end
    }

    /// The address that begins before `end`, where a figure ends, and goes on behind it.
    fn address_behind(&self, end: usize) -> Option<Range<usize>> {
        let behind = self.text.get(end..)?.char_indices().take(address::LOCAL);
        let sign =
            behind.take_while(|(_, c)| !is_blank(*c)).find(|(_, c)| *c == '@').map(|(at, _)| end + at)?;
        address::find(self.text, sign, self.done).filter(|range| range.start < end)
    }

    /// The number that begins with a group: its kind, last group and range.
    fn number(&self, first: usize) -> Option<(Kind, usize, Range<usize>)> {
        let group = self.figure.groups.get(first)?;
        let joint_before =
            first.checked_sub(1).and_then(|before| self.figure.groups.get(before)).map(|g| g.joint);
        if matches!(joint_before, Some(Joint::Point | Joint::Tight)) {
            return None;
        }
        let before = Before::of(self.text.get(self.done..group.begin)?, first == 0)?;
        let begin = group.begin - before.len;
        let cue = if self.word.is_link
            && self.text.get(..group.begin).is_some_and(|head| WORDS.is_contact_link(head))
        {
            Some(Kind::Phone)
        } else {
            // What was put in place of an address says no more about the digits behind it than the address.
            let replaced = |word: &str| (self.replaced)(word).filter(|kind| *kind != Kind::Email);
            WORDS.announced(self.text.get(self.done..begin)?, replaced).or_else(|| self.inherited(begin))
        };
        let lasts = self.lasts(first);
        let number = |last: usize, exact: bool| {
            let kind = self.classify(first, last, &before, cue, exact)?;
            let range = self.range(group, last, &before)?;
            Some((kind, last, range))
        };
        let found = lasts.clone().rev().find_map(|last| number(last, true));
        found.or_else(|| lasts.rev().find_map(|last| number(last, false)))
    }

    /// The groups with which a number may end that begins with the group `first`.
    fn lasts(&self, first: usize) -> Range<usize> {
        let mut digits = 0;
        let mut last = first;
        for group in self.figure.groups.iter().skip(first).take(GROUPS) {
            digits += group.len;
            if digits > LONGEST {
                break;
            }
            last += 1;
            if matches!(group.joint, Joint::Tight | Joint::Comma | Joint::End) {
                break;
            }
        }
        first..last
    }

    /// What was found right before `begin`, if nothing but a bridge stands between.
    fn inherited(&self, begin: usize) -> Option<Kind> {
        // An address says nothing about the digits behind it.
        let last =
            self.found.last().filter(|last| last.range.end == self.done && last.kind != Kind::Email)?;
        // The replacement stands for what it replaces: one that is empty to the eye of the table.
        let between = self.text.get(self.done..begin)?;
        let reached = |head: &str| head.is_empty().then_some(last.kind);
        WORDS.announced(between, reached)
    }

    fn classify(
        &self,
        first: usize,
        last: usize,
        before: &Before,
        cue: Option<Kind>,
        exact: bool,
    ) -> Option<Kind> {
        let digits = self.figure.digits_of(first, last);
        let end = self.figure.groups.get(last)?;
        let after = self.text.get(end.end..)?;
        let plus = before.plus || is_plus_behind(after, end.joint);
        if !may_end(after, end.joint) || WORDS.is_amount(after) {
            return None;
        }
        let zeros = digits.strip_prefix(&[0, 0]).filter(|rest| rest.first().is_some_and(|digit| *digit != 0));
        let international = plus || zeros.is_some();
        let digits = zeros.unwrap_or(digits);
        let looks_bad = self.figure.has_date(first, last) || self.figure.counts_on(first, last);
        let groups =
            || self.figure.groups.get(first..=last).unwrap_or_default().iter().map(|group| group.len);
        let fits = |rule: &&Rule| {
            let known = match rule.kind {
                _ if cue == Some(rule.kind) => true,
                Kind::Phone if rule.international => international,
                _ => rule.alone && (cue.is_none() || rule.kind != Kind::Phone),
            };
            (rule.country != "*" || rule.kind == Kind::Card) == exact
                && known
                && (!international || rule.kind == Kind::Phone && rule.international)
                && self.wants(rule.kind)
                && (rule.country == "*" || rule.international || self.wants_country(rule.country))
                && !(looks_bad && rule.kind != Kind::NationalId)
                && rule.fits(before.letters, digits, groups())
        };
        // Where a word says what it is, that kind goes first.
        let rules = RULES.of_length(digits.len());
        let announced = rules.iter().filter(|rule| Some(rule.kind) == cue).find(&fits);
        if let Some(rule) = announced.or_else(|| rules.iter().find(&fits)) {
            return Some(rule.kind);
        }
        let is_number = !exact
            && international
            && before.letters == 0
            && digits.first().is_some_and(|digit| *digit != 0)
            && INTERNATIONAL.contains(&digits.len())
            && !looks_bad
            && self.wants(Kind::Phone);
        is_number.then_some(Kind::Phone)
    }

    /// The range of a number from its first group on, with sign and brackets that belong to it.
    fn range(&self, group: &Group, last: usize, before: &Before) -> Option<Range<usize>> {
        let end = self.figure.groups.get(last)?;
        let mut begin = group.begin - before.len;
        let mut stop = end.end;
        let opens = self.text.get(begin..stop)?.starts_with('(');
        if opens && !self.text.get(begin..stop)?.contains(')') {
            // «(5551234)» stands in brackets as a word does.
            begin += 1;
        }
        if !before.plus && is_plus_behind(self.text.get(stop..)?, end.joint) {
            stop += self.text.get(stop..)?.find('+').map_or(0, |at| at + 1);
        }
        Some(begin..stop)
    }

    fn take(&mut self, kind: Kind, range: Range<usize>) -> usize {
        self.done = range.end;
        self.found.push(Found { kind, range });
        self.done
    }

    fn wants(&self, kind: Kind) -> bool {
        self.search.kinds.contains(&kind)
    }

    fn wants_country(&self, country: &str) -> bool {
        self.search.countries.is_empty()
            || self.search.countries.iter().any(|wanted| wanted.eq_ignore_ascii_case(country))
    }
}

impl Word {
    /// The word around the byte `at`; the one before it ended at `floor`.
    fn around(text: &str, at: usize, floor: usize) -> Self {
        let head = text.get(floor..at).unwrap_or_default();
        let begin = at - head.chars().rev().take_while(|c| !is_blank(*c)).map(char::len_utf8).sum::<usize>();
        let rest = text.get(at..).unwrap_or_default();
        let end = at + rest.find(is_blank).unwrap_or(rest.len());
        let word = text.get(begin..end).unwrap_or_default();
        let sign = text.get(at..end).and_then(|rest| rest.find('@')).map(|sign| at + sign);
        let link = link(word).map(|link| begin + link);
        let is_link = link.is_some() || word.contains("tel:");
        Word { end, is_link, link, is_mail_link: word.contains("mailto:"), at_sign: sign }
    }
}

/// What stands before the first digit of a number and belongs to it.
#[derive(Debug, Default)]
struct Before {
    /// How many bytes.
    len: usize,
    /// Whether a `+` is among them.
    plus: bool,
    /// How many Latin letters.
    letters: usize,
}

impl Before {
    /// Looks at the end of `head`; `None` if no number can begin behind it.
    fn of(head: &str, is_first: bool) -> Option<Self> {
        let mut before = Before::default();
        if !is_first {
            return Some(before);
        }
        let visible = head.trim_end_matches(is_invisible);
        let mut rest = visible;
        for sign in ['(', '+', '('] {
            if let Some(shorter) = rest.strip_suffix(sign) {
                before.plus |= sign == '+';
                rest = shorter.trim_end_matches(is_invisible);
            }
        }
        let letters: usize = visible.chars().rev().take_while(char::is_ascii_alphabetic).take(3).count();
        before.letters = letters;
        // A bracket alone belongs to the number too; what belongs to it in the end, `range` decides.
        before.len = head.len() - if letters > 0 { visible.len() - letters } else { rest.len() };
        if before.len > 0 && letters == 0 && rest.len() == visible.len() {
            before.len = 0;
        }
        let ahead = head.get(..head.len() - before.len)?.chars().next_back();
        let is_bad = |c: char| {
            c.is_ascii_alphanumeric() || matches!(c, '$' | '€' | '£' | '#' | '@' | '_' | '&' | '%' | '٪')
        };
        let bad = letters > 2 || ahead.is_some_and(|c| is_bad(c) || digit_value(c).is_some());
        (!bad).then_some(before)
    }
}

/// Whether a number may end before `after`; `joint` is what stands between it and the next group.
fn may_end(after: &str, joint: Joint) -> bool {
    let next = after.chars().next();
    let is_bad =
        |c: char| c.is_ascii_alphabetic() || matches!(c, '%' | '٪' | '$' | '€' | '£' | '_' | '@' | '°');
    !matches!(joint, Joint::Point | Joint::Tight) && !next.is_some_and(is_bad)
}

/// Whether a `+` stands behind a number: as it is typed where digits run the other way.
fn is_plus_behind(after: &str, joint: Joint) -> bool {
    let after = after.trim_start_matches(is_invisible);
    let behind = after.strip_prefix('+').map(|rest| rest.chars().next());
    joint == Joint::End
        && behind.is_some_and(|next| !next.is_some_and(|c| digit_value(c).is_some() || c == '+'))
}

/// Where a word shows that it is a web address, a handle or a hashtag.
fn link(word: &str) -> Option<usize> {
    if word.starts_with(['@', '#']) {
        return Some(0);
    }
    let path = word.split_once('/').and_then(|(host, _)| {
        let end = host.rsplit_once('.').map_or("", |(_, end)| end);
        (end.len() > 1 && end.bytes().all(|byte| byte.is_ascii_alphabetic())).then_some(host.len())
    });
    [word.find("://"), word.find("www."), path].into_iter().flatten().min()
}
