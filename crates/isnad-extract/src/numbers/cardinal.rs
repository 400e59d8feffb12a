//! How words and digits make up one number: «ثلاثة وعشرين», «مليونا و200 ألف», «الحادي والعشرين».

use isnad_lexicon::NumberKind;

use super::decimal::Decimal;
use super::hits::{Item, Lexed};
use crate::words::Kind;

/// A cardinal number in the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cardinal {
    /// What it counts.
    pub value: Decimal,
    /// Where it begins in the text.
    pub begin: u32,
    /// Its last word.
    pub last: usize,
    /// Whether it bears the article.
    pub article: bool,
    /// The preposition attached before it.
    pub particle: Option<char>,
    /// What its first word is.
    pub first: NumberKind,
    /// Whether its first word is in digits.
    pub digits: bool,
}

/// An ordinal number in the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ordinal {
    /// Which one.
    pub value: u8,
    /// Where it begins in the text.
    pub begin: u32,
    /// Its last word.
    pub last: usize,
    /// Whether it bears the article.
    pub article: bool,
    /// Whether و or ف, or a preposition, stands before it.
    pub attached: bool,
}

#[derive(Clone, Copy)]
struct Term {
    kind: NumberKind,
    /// The word is in digits; its kind says nothing.
    digits: bool,
    value: Decimal,
    begin: u32,
    joined: bool,
    article: bool,
    particle: Option<char>,
}

impl Lexed<'_> {
    /// The longest cardinal that begins with a word.
    pub(crate) fn cardinal(&self, index: usize) -> Option<Cardinal> {
        let first = self.term(index)?;
        let mut sum = Sum::default();
        sum.add(&first, false)?;
        let mut last = index;
        let mut best = sum.is_whole().then_some((sum, last));
        let mut closed = best;
        loop {
            let lone = self.scan.folded(last + 1) == "و";
            let next = last + 1 + lone as usize;
            if !self.together(index, next) {
                break;
            }
            let Some(term) = self.term(next) else { break };
            let joined = lone || term.joined;
            let closing = matches!(term.kind, NumberKind::Scale | NumberKind::PluralScale) && sum.halved;
            if term.particle.is_some() || (term.article && !first.article && !closing) {
                break;
            }
            let open = sum.group.is_some();
            if sum.add(&term, joined).is_none() {
                // «نصف مليون و3 ملايين»: what was joined last begins another number.
                let scale = matches!(term.kind, NumberKind::Scale | NumberKind::PluralScale) && !term.digits;
                if scale && !joined && open && sum.total.is_some() {
                    best = closed;
                }
                break;
            }
            last = next;
            if sum.is_whole() {
                best = Some((sum, last));
                if sum.group.is_none() {
                    closed = best;
                }
            }
        }
        let (sum, last) = best?;
        Some(Cardinal {
            value: sum.value()?,
            begin: first.begin,
            last,
            article: first.article,
            particle: first.particle,
            first: first.kind,
            digits: first.digits,
        })
    }

    /// The ordinal that begins with a word: «الثاني», «الثانية عشرة», «التاسع والعشرين».
    pub(crate) fn ordinal(&self, index: usize) -> Option<Ordinal> {
        let word = self.number(index, NumberKind::Ordinal);
        let (hit, number) = word.or_else(|| self.number(index, NumberKind::OrdinalUnit))?;
        let mut value = (number.hundredths / 100) as u8;
        let mut last = index;
        if self.together(index, index + 1) {
            let next = |kind| self.number(index + 1, kind).filter(|(hit, _)| hit.particle.is_none());
            if let Some((ten, _)) = next(NumberKind::Ten)
                && ten.conjunction.is_none()
            {
                value += 10;
                last += 1;
            } else if let Some((tens, tens_number)) = next(NumberKind::Tens)
                && tens.conjunction == Some('و')
                && tens.article == hit.article
            {
                value += (tens_number.hundredths / 100) as u8;
                last += 1;
            } else if number.kind == NumberKind::OrdinalUnit {
                return None;
            }
        }
        let attached = hit.conjunction.is_some() || hit.particle.is_some();
        Some(Ordinal { value, begin: hit.begin, last, article: hit.article, attached })
    }

    /// A number in digits, whole and without separators.
    pub(crate) fn digits(&self, index: usize) -> Option<u32> {
        let folded = self.scan.folded(index);
        let plain = self.scan.kind(index) == Kind::Number && folded.bytes().all(|b| b.is_ascii_digit());
        if plain { folded.parse().ok() } else { None }
    }

    fn term(&self, index: usize) -> Option<Term> {
        if self.scan.kind(index) == Kind::Number {
            let value = Decimal::parse(self.scan.folded(index), self.is_scaled(index))?;
            return Some(Term {
                kind: NumberKind::Unit,
                digits: true,
                value,
                begin: self.scan.span(index).begin,
                joined: false,
                article: false,
                particle: None,
            });
        }
        self.hits(index).iter().find_map(|hit| match hit.item {
            Item::Number(number) if is_cardinal(number.kind) => Some(Term {
                kind: number.kind,
                digits: false,
                value: Decimal::hundredths(number.hundredths),
                begin: hit.begin,
                joined: hit.conjunction == Some('و'),
                article: hit.article,
                particle: hit.particle,
            }),
            _ => None,
        })
    }

    /// Whether something stands behind a number in digits that makes a fraction of it likely.
    fn is_scaled(&self, index: usize) -> bool {
        self.together(index, index + 1)
            && self.hits(index + 1).iter().any(|hit| match hit.item {
                Item::Number(number) => matches!(number.kind, NumberKind::Scale | NumberKind::PluralScale),
                Item::Unit(_) => true,
                Item::Time(_) => false,
            })
    }
}

fn is_cardinal(kind: NumberKind) -> bool {
    matches!(
        kind,
        NumberKind::Unit
            | NumberKind::Ten
            | NumberKind::TeenUnit
            | NumberKind::Tens
            | NumberKind::Hundred
            | NumberKind::Hundreds
            | NumberKind::Scale
            | NumberKind::DualScale
            | NumberKind::PluralScale
            | NumberKind::Fraction
    )
}

/// A number while its words are added up.
#[derive(Clone, Copy, Default)]
struct Sum {
    total: Option<Decimal>,
    /// The last scale; what follows is less.
    limit: u64,
    /// What stands behind the last scale.
    group: Option<Decimal>,
    last: Option<NumberKind>,
    last_digits: bool,
    halved: bool,
}

impl Sum {
    /// Adds a word; `None` where it does not belong to the number.
    fn add(&mut self, term: &Term, joined: bool) -> Option<()> {
        if self.halved {
            // «مليون ونصف المليون»: the scale is said again.
            let again = term.value == Decimal::whole(self.limit) && !joined && self.limit > 0;
            return again.then(|| self.halved = false);
        }
        match self.group {
            None => self.begin_group(term, joined)?,
            Some(group) => self.extend_group(group, term, joined)?,
        }
        self.last = Some(term.kind);
        self.last_digits = term.digits;
        Some(())
    }

    fn begin_group(&mut self, term: &Term, joined: bool) -> Option<()> {
        let Some(total) = self.total else {
            match term.kind {
                NumberKind::PluralScale if !term.digits => return None,
                NumberKind::Scale | NumberKind::DualScale if !term.digits => self.close(term.value, term)?,
                _ => self.group = Some(term.value),
            }
            return Some(());
        };
        if !joined {
            return None;
        }
        match term.kind {
            _ if term.digits => {
                let fits = |value: &Decimal| value.is_below(self.limit) && value.to_whole().is_some();
                self.group = Some(term.value).filter(fits);
            }
            NumberKind::Fraction => {
                self.total = Some(total.plus(term.value.times(self.limit)?)?);
                self.halved = true;
                return Some(());
            }
            NumberKind::Scale | NumberKind::DualScale if term.value.is_below(self.limit) => {
                self.close(term.value, term)?;
                return Some(());
            }
            NumberKind::Scale | NumberKind::DualScale | NumberKind::PluralScale => return None,
            _ => self.group = Some(term.value).filter(|value| value.is_below(self.limit)),
        }
        self.group.map(|_| ())
    }

    fn extend_group(&mut self, group: Decimal, term: &Term, joined: bool) -> Option<()> {
        let last = self.last?;
        let word_before = !self.last_digits;
        if term.digits {
            return None;
        }
        if !joined {
            match term.kind {
                NumberKind::Ten if word_before && matches!(last, NumberKind::Unit | NumberKind::TeenUnit) => {
                    self.group = Some(group.plus(Decimal::whole(10))?);
                }
                NumberKind::Hundred if word_before && last == NumberKind::Unit && group.is_below(10) => {
                    self.group = Some(group.times(100)?);
                }
                NumberKind::Scale | NumberKind::PluralScale => {
                    self.close(group.multiply(term.value)?, term)?
                }
                _ => return None,
            }
            return Some(());
        }
        let after_hundred = word_before && matches!(last, NumberKind::Hundred | NumberKind::Hundreds);
        match term.kind {
            NumberKind::Tens if word_before && matches!(last, NumberKind::Unit | NumberKind::TeenUnit) => {}
            NumberKind::Unit | NumberKind::Ten | NumberKind::TeenUnit | NumberKind::Tens if after_hundred => {
            }
            NumberKind::Fraction => {}
            _ => return None,
        }
        self.group = Some(group.plus(term.value)?);
        Some(())
    }

    /// A scale ends a group.
    fn close(&mut self, value: Decimal, term: &Term) -> Option<()> {
        let mut scale = term.value.to_whole()?;
        if term.kind == NumberKind::DualScale {
            scale /= 2;
        }
        if let Some(total) = self.total {
            if scale >= self.limit {
                return None;
            }
            self.total = Some(total.plus(value)?);
        } else {
            self.total = Some(value);
        }
        self.limit = scale;
        self.group = None;
        Some(())
    }

    /// Whether it may end here.
    fn is_whole(&self) -> bool {
        let fraction = self.last == Some(NumberKind::Fraction) && !self.last_digits;
        let open = fraction && self.total.is_none() && self.group.is_some_and(|group| group.is_below(1));
        let half_a_teen = self.last == Some(NumberKind::TeenUnit) && self.group.is_some();
        !open && !half_a_teen
    }

    fn value(&self) -> Option<Decimal> {
        match (self.total, self.group) {
            (Some(total), Some(group)) => total.plus(group),
            (Some(total), None) => Some(total),
            (None, group) => group,
        }
    }
}
