//! How long, how long ago, how often: «ثلاث سنوات», «قبل يومين», «كل أسبوع», «30 عاما».

use isnad_lexicon::{Count, NumberKind, TimeUnit, TimeWord};

use super::found::{Found, Label, Rule, open};
use super::view::Parser;
use crate::numbers::Decimal;
use crate::words::Kind;

/// So much of a unit; no value where it is vague.
pub(super) struct Amount {
    pub value: Option<Decimal>,
    pub unit: TimeUnit,
    pub begin: u32,
    pub last: usize,
    /// Whether و, ف or a preposition stands attached before it.
    attached: bool,
}

impl Parser<'_> {
    /// «ثلاث سنوات», «48 ساعة», «عامين ونصف», «أيام», «أكثر من عام», «أول خمسة أشهر من العام».
    pub(super) fn duration(&self, index: usize) -> Option<Found> {
        let lexed = &self.lexed;
        let (first, _) =
            lexed.number(index, NumberKind::Ordinal).filter(|(_, n)| n.hundredths == 100).unzip();
        if let Some(hit) = first.filter(|hit| !hit.article && lexed.together(index, index + 1))
            && let Some(amount) = self.amount(index + 1)
            && let Some(value) = amount.value
            && !amount.attached
        {
            let last = self.bare_year_word(amount.last).unwrap_or(amount.last);
            let expr = duration_text(value, amount.unit);
            return Some(Found::new(hit.begin, (index, last), Label::Duration, expr, Rule::Duration));
        }
        let amount = self.amount(index)?;
        let words = (index, amount.last);
        let Some(value) = amount.value else {
            let (before, behind) = amount.unit.designators();
            let expr = format!("{before}X{behind}");
            return Some(
                Found::new(amount.begin, words, Label::Duration, expr, Rule::Duration).with_score(0.8),
            );
        };
        let era = lexed.time(amount.last + 1, |_, word| (word == TimeWord::EraBc).then_some(()));
        if let Some((era, ())) =
            era.filter(|_| amount.unit == TimeUnit::Year && lexed.together(index, amount.last + 1))
        {
            let words = (index, amount.last + era.words as usize);
            return Some(Found::new(amount.begin, words, Label::Date, format!("BC{value:0>4}"), Rule::Year));
        }
        let expr = duration_text(value, amount.unit);
        Some(Found::new(amount.begin, words, Label::Duration, expr, Rule::Duration))
    }

    /// «قبل يومين», «قبل عامين ونصف تقريبا», «قبل قرن».
    pub(super) fn ago(&self, index: usize) -> Option<Found> {
        let lexed = &self.lexed;
        let (hit, ()) =
            lexed.time(index, |hit, word| (word == TimeWord::Ago && !hit.article).then_some(()))?;
        let amount =
            self.amount(index + 1).filter(|amount| !amount.attached && lexed.together(index, index + 1))?;
        // «قبل يومين من الموعد» counts from something else.
        if matches!(lexed.scan.folded(amount.last + 1), "من" | "علي")
            && lexed.together(index, amount.last + 1)
        {
            return None;
        }
        let value = amount.value?;
        let (count, unit) = match (value.to_whole(), amount.unit) {
            (Some(count), unit @ (TimeUnit::Day | TimeUnit::Week | TimeUnit::Month | TimeUnit::Year)) => {
                (count, unit)
            }
            (Some(count), TimeUnit::Decade) => (count.checked_mul(10)?, TimeUnit::Year),
            (Some(count), TimeUnit::Century) => (count, TimeUnit::Century),
            (Some(_), TimeUnit::Second | TimeUnit::Minute) => (0, TimeUnit::Day),
            (Some(hours), TimeUnit::Hour) => (hours / 24, TimeUnit::Day),
            (None, TimeUnit::Year) => (value.times(12)?.to_whole()?, TimeUnit::Month),
            _ => return None,
        };
        let offset = i32::try_from(count).ok().filter(|count| *count < 10_000)?;
        let mut last = amount.last;
        if let Some((after, ())) =
            lexed.time(last + 1, |_, word| (word == TimeWord::AboutAfter).then_some(()))
            && lexed.together(last, last + 1)
        {
            last += after.words as usize;
        }
        let found = Found::new(hit.begin, (index, last), Label::Date, open(unit), Rule::Ago);
        Some(found.with_offset(-offset, unit))
    }

    /// «كل يوم», «كل ثلاثة أشهر», «يوميا».
    pub(super) fn set(&self, index: usize) -> Option<Found> {
        let lexed = &self.lexed;
        if let Some((hit, (count, unit))) = lexed.time(index, |hit, word| match word {
            TimeWord::Set(count, unit) if !hit.article => Some((count, unit)),
            _ => None,
        }) {
            let expr = duration_text(Decimal::whole(count.into()), unit);
            return Some(Found::new(hit.begin, (index, index), Label::Set, expr, Rule::Set));
        }
        let (hit, ()) =
            lexed.time(index, |hit, word| (word == TimeWord::Every && !hit.article).then_some(()))?;
        if !lexed.together(index, index + 1) {
            return None;
        }
        let day_word =
            lexed.is_time(index + 1, TimeWord::Unit { unit: TimeUnit::Day, count: Count::One, weak: false });
        let weekday_at = index + 1 + day_word as usize;
        if let Some((_, day)) = lexed.time(weekday_at, |hit, word| match word {
            TimeWord::Weekday(day) if hit.conjunction.is_none() && hit.particle.is_none() => Some(day),
            _ => None,
        }) && lexed.together(index, weekday_at)
        {
            let expr = format!("XXXX-WXX-{day}");
            return Some(Found::new(hit.begin, (index, weekday_at), Label::Set, expr, Rule::Set));
        }
        let (value, unit, last) = match lexed.cardinal(index + 1) {
            Some(cardinal) if cardinal.particle.is_none() => {
                (cardinal.value, self.unit_at(cardinal.last + 1)?.0, cardinal.last + 1)
            }
            _ => match self.unit_at(index + 1)? {
                (unit, Count::One) => (Decimal::whole(1), unit, index + 1),
                (unit, Count::Two) => (Decimal::whole(2), unit, index + 1),
                _ => return None,
            },
        };
        if !lexed.together(index, last) {
            return None;
        }
        Some(Found::new(hit.begin, (index, last), Label::Set, duration_text(value, unit), Rule::Set))
    }

    /// A number and a unit of time, in any of their ways to stand together.
    pub(super) fn amount(&self, index: usize) -> Option<Amount> {
        let lexed = &self.lexed;
        let about = lexed.time(index, |_, word| (word == TimeWord::About).then_some(()));
        let at = about.map_or(index, |(hit, ())| index + hit.words as usize);
        if !lexed.together(index, at) {
            return None;
        }
        let mut amount = self.counted(at).or_else(|| self.uncounted(at, about.is_some()))?;
        if let Some((hit, ())) = about {
            if amount.attached {
                return None;
            }
            amount.begin = hit.begin;
            amount.attached = hit.conjunction.is_some() || hit.particle.is_some();
        }
        let halves = lexed
            .number(amount.last + 1, NumberKind::Fraction)
            .filter(|(hit, _)| hit.conjunction == Some('و'));
        if let (Some((_, fraction)), Some(value)) = (halves, amount.value)
            && lexed.together(index, amount.last + 1)
        {
            amount.value = value.plus(Decimal::hundredths(fraction.hundredths));
            amount.last += 1;
        }
        let behind = lexed.time(amount.last + 1, |_, word| {
            let vague = word == TimeWord::FewAfter && amount.value.is_none();
            (vague || matches!(word, TimeWord::AboutAfter | TimeWord::OneAfter)).then_some(())
        });
        if let Some((hit, ())) = behind
            && lexed.together(index, amount.last + 1)
        {
            amount.last += hit.words as usize;
        }
        Some(amount)
    }

    /// «ثلاثة أيام», «نصف ساعة», «48 ساعة».
    fn counted(&self, index: usize) -> Option<Amount> {
        let lexed = &self.lexed;
        if let Some(cardinal) = lexed.cardinal(index) {
            let unit_at = cardinal.last + 1;
            let (unit, _) = self.unit_at(unit_at).filter(|_| lexed.together(index, unit_at))?;
            let year = unit == TimeUnit::Year && self.four_digits(unit_at + 1).is_some();
            // «3-1 يوم السبت»: the day belongs to what follows.
            let weekday = lexed
                .time(unit_at + 1, |_, word| matches!(word, TimeWord::Weekday(_)).then_some(()))
                .is_some();
            if year || (weekday && unit == TimeUnit::Day && lexed.together(index, unit_at + 1)) {
                return None;
            }
            let attached = cardinal.particle.is_some() || self.is_attached(index);
            return Some(Amount {
                value: Some(cardinal.value),
                unit,
                begin: cardinal.begin,
                last: unit_at,
                attached,
            });
        }
        let (hit, fraction) = lexed.number(index, NumberKind::Fraction).filter(|(hit, _)| !hit.article)?;
        let (unit, count) = self.unit_at(index + 1).filter(|_| lexed.together(index, index + 1))?;
        let attached = hit.conjunction.is_some() || hit.particle.is_some();
        let value = Some(Decimal::hundredths(fraction.hundredths));
        (count == Count::One).then_some(Amount { value, unit, begin: hit.begin, last: index + 1, attached })
    }

    /// «يومين», «أيام», «عدة أشهر», «عام» where it is a duration.
    fn uncounted(&self, index: usize, about: bool) -> Option<Amount> {
        let lexed = &self.lexed;
        if let Some((hit, ())) = lexed.time(index, |_, word| (word == TimeWord::Few).then_some(())) {
            let (unit, _) = self.unit_at(index + 1).filter(|(_, count)| *count == Count::Many)?;
            let attached = hit.conjunction.is_some() || hit.particle.is_some();
            return lexed.together(index, index + 1).then_some(Amount {
                value: None,
                unit,
                begin: hit.begin,
                last: index + 1,
                attached,
            });
        }
        let (hit, (unit, count, weak)) = lexed.time(index, |hit, word| match word {
            TimeWord::Unit { unit, count, weak } if !hit.article => Some((unit, count, weak)),
            _ => None,
        })?;
        let attached = hit.conjunction.is_some() || hit.particle.is_some();
        let cue = about
            || lexed.is_time_before(index, TimeWord::Cue)
            || hit.particle == Some('ل')
            || self.is_record_period(index);
        let amount = |value| Some(Amount { value, unit, begin: hit.begin, last: index, attached });
        let next = index + 1;
        let follows = lexed.together(index, next);
        let next_definite =
            follows && lexed.scan.folded(next).starts_with("ال") && lexed.scan.kind(next) == Kind::Word;
        let few_after = lexed.time(next, |_, word| (word == TimeWord::FewAfter).then_some(())).is_some();
        // «عقود من الحرب» are decades, «عقود الشركات» contracts.
        let decades = unit == TimeUnit::Decade && lexed.scan.folded(next) == "من";
        match count {
            // The construct form («عامي», «يومي») goes on with what it belongs to.
            Count::Two if !lexed.scan.folded(index).ends_with(['ن']) => None,
            Count::Two => amount(Some(Decimal::whole(2))),
            Count::Many if next_definite => None,
            Count::Many
                if weak && !(cue || few_after || is_accusative(lexed.scan.folded(index)) || decades) =>
            {
                None
            }
            Count::Many => amount(None),
            Count::One => {
                let whole = lexed.time(next, |hit, word| {
                    let plain = hit.conjunction.is_none() && hit.particle.is_none();
                    (matches!(word, TimeWord::OneAfter | TimeWord::WholeAfter) && plain).then_some(())
                });
                let half = lexed
                    .number(next, NumberKind::Fraction)
                    .is_some_and(|(hit, _)| hit.conjunction == Some('و'));
                let said = follows && (whole.is_some() || half);
                let ends = !follows
                    || lexed.scan.kind(next) == Kind::Punctuation
                    || matches!(lexed.scan.folded(next), "من" | "علي" | "في" | "و" | "تقريبا");
                let long = matches!(
                    unit,
                    TimeUnit::Decade | TimeUnit::Century | TimeUnit::Minute | TimeUnit::Second
                );
                let clear = cue && hit.particle != Some('ل') && !next_definite && (ends || !long);
                let year = unit == TimeUnit::Year && follows && lexed.digits(next).is_some();
                if (said || clear) && !year { amount(Some(Decimal::whole(1))) } else { None }
            }
        }
    }

    /// «أعلى مستوى في أسبوع»: the period of a record.
    fn is_record_period(&self, index: usize) -> bool {
        let lexed = &self.lexed;
        let record =
            |word: &str| word.starts_with("مستوي") || word.ends_with("ادني") || word.ends_with("اعلي");
        lexed.before(index) == "في"
            && (2..=4)
                .filter_map(|back| index.checked_sub(back))
                .any(|at| lexed.together(at, index) && record(lexed.scan.folded(at)))
    }

    /// A form of a unit of time that nothing is attached to.
    fn unit_at(&self, index: usize) -> Option<(TimeUnit, Count)> {
        let found = self.lexed.time(index, |hit, word| match word {
            TimeWord::Unit { unit, count, .. } => {
                let bare = !hit.article && hit.conjunction.is_none() && hit.particle.is_none();
                bare.then_some((unit, count))
            }
            _ => None,
        });
        found.map(|(_, unit)| unit)
    }

    /// Whether the number word at an index has a conjunction before it.
    fn is_attached(&self, index: usize) -> bool {
        self.lexed.hits(index).iter().all(|hit| hit.conjunction.is_some())
            && !self.lexed.hits(index).is_empty()
    }
}

/// «أشهرا», «عقودا»: the accusative alef, which the other meaning of a weak plural does not bear.
fn is_accusative(folded: &str) -> bool {
    folded.ends_with('ا')
}

/// `P3D`, `PT30M`, `P2.5Y`: so much of a unit, in a smaller one where that makes it whole.
pub(super) fn duration_text(value: Decimal, unit: TimeUnit) -> String {
    let smaller = match unit {
        TimeUnit::Hour => Some((TimeUnit::Minute, 60)),
        TimeUnit::Day => Some((TimeUnit::Hour, 24)),
        TimeUnit::Year => Some((TimeUnit::Month, 12)),
        TimeUnit::Decade => Some((TimeUnit::Year, 10)),
        TimeUnit::Century => Some((TimeUnit::Year, 100)),
        _ => None,
    };
    let (mut value, mut unit) = (value, unit);
    if let Some((smaller, factor)) = smaller
        && (value.is_below(1) || unit == TimeUnit::Century)
        && let Some(product) = value.times(factor)
    {
        (value, unit) = (product, smaller);
    }
    let (before, behind) = unit.designators();
    format!("{before}{value}{behind}")
}
