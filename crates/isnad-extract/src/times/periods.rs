//! Longer periods: «الأسبوع الماضي», «وقت سابق من هذا العام», quarters, seasons, decades, centuries,
//! «الأسابيع الأخيرة».

use isnad_lexicon::{Count, NumberKind, Portion, TimeRef, TimeUnit, TimeWord};

use super::durations::duration_text;
use super::found::{Direction, Found, Label, Rule, open};
use super::view::Parser;

impl Parser<'_> {
    /// «الأسبوع الماضي», «هذا الشهر», «بداية العام», «وقت سابق من الشهر الحالي».
    pub(super) fn period(&self, index: usize) -> Option<Found> {
        let lexed = &self.lexed;
        let (begin, at, portion) = self.portion(index);
        let (unit_at, this) = match lexed.time(at, |_, word| (word == TimeWord::This).then_some(())) {
            Some((hit, ())) => (at + 1, Some(hit)),
            None => (at, None),
        };
        if !lexed.together(index, unit_at) {
            return None;
        }
        let (hit, unit) = lexed.time(unit_at, |hit, word| match word {
            TimeWord::Unit { unit, count: Count::One, .. } if hit.article => Some(unit),
            _ => None,
        })?;
        let attached = hit.conjunction.is_some() || hit.particle.is_some();
        let long = matches!(
            unit,
            TimeUnit::Week | TimeUnit::Month | TimeUnit::Year | TimeUnit::Decade | TimeUnit::Century
        );
        if (unit_at > index && attached) || !(long || (unit == TimeUnit::Day && this.is_some())) {
            return None;
        }
        let (last, offset) = if this.is_some() {
            (unit_at, 0)
        } else if let Some(found) = self.relative_unit(unit_at, unit) {
            found
        } else {
            let opens = at > index || lexed.is_time_before(index, TimeWord::Closes);
            let next = lexed.scan.folded(unit_at + 1);
            let goes_on = lexed.together(unit_at, unit_at + 1) && next.starts_with("ال");
            if !opens || goes_on || lexed.is_time_before(unit_at, TimeWord::GeneralHead) {
                return None;
            }
            (unit_at, 0)
        };
        let begin = begin.or(this.map(|hit| hit.begin)).unwrap_or(hit.begin);
        let mut found =
            Found::new(begin, (index, last), Label::Date, open(unit), Rule::Period).with_offset(offset, unit);
        // «العام الماضي 2017».
        if unit == TimeUnit::Year
            && let Some(year) = self.four_digits(last + 1).filter(|_| lexed.together(index, last + 1))
        {
            found.last += 1;
            found.expr = format!("{year:04}");
            found.offset = None;
        }
        found.portion = portion;
        Some(found)
    }

    /// «الربع الأول من 2018», «النصف الثاني من العام الماضي».
    pub(super) fn quarter(&self, index: usize) -> Option<Found> {
        let lexed = &self.lexed;
        let (hit, half) = lexed.time(index, |_, word| match word {
            TimeWord::Quarter => Some(false),
            TimeWord::HalfYear => Some(true),
            _ => None,
        })?;
        let ordinal =
            lexed.ordinal(index + 1).filter(|ordinal| ordinal.article && lexed.together(index, index + 1))?;
        if ordinal.value > if half { 2 } else { 4 } {
            return None;
        }
        let which = self.which_year(ordinal.last);
        let bare = which.is_none().then(|| self.bare_year_word(ordinal.last)).flatten();
        // Games have quarters too: without a year the sentence must speak of money or shares.
        if which.is_none() && bare.is_none() && (half || !self.speaks_of_amounts(index)) {
            return None;
        }
        let last = which.map(|which| which.last).or(bare).unwrap_or(ordinal.last);
        let year = super::dates::year_text(which.and_then(|which| which.year));
        let letter = if half { 'H' } else { 'Q' };
        let expr = format!("{year}-{letter}{}", ordinal.value);
        let mut found = Found::new(hit.begin, (index, last), Label::Date, expr, Rule::Quarter);
        if bare.is_some() {
            found.offset = Some((0, TimeUnit::Year));
        }
        found.offset =
            which.and_then(|which| which.offset).map(|offset| (offset, TimeUnit::Year)).or(found.offset);
        found.direction = which.and_then(|which| which.direction);
        Some(found)
    }

    fn speaks_of_amounts(&self, index: usize) -> bool {
        let (first, end) = self.lexed.scan.sentence_words(self.lexed.scan.sentence(index));
        (first..end)
            .any(|at| self.lexed.hits(at).iter().any(|hit| matches!(hit.item, crate::numbers::Item::Unit(_))))
    }

    /// «صيف 2018», «الشتاء الماضي», «ربيع العام المقبل».
    pub(super) fn season(&self, index: usize) -> Option<Found> {
        let lexed = &self.lexed;
        let (portion_begin, at, portion) = self.portion(index);
        let (hit, season) = lexed.time(at, |hit, word| match word {
            TimeWord::Season(season) if hit.words == 1 => Some(season),
            _ => None,
        })?;
        let which = self.which_year(at)?;
        let from = lexed.scan.folded(at + 1) == "من";
        if from || (hit.article && which.direction.is_none()) || (!hit.article && which.direction.is_some()) {
            return None;
        }
        let expr = format!("{}-{season}", super::dates::year_text(which.year));
        let begin = portion_begin.unwrap_or(hit.begin);
        let mut found = Found::new(begin, (index, which.last), Label::Date, expr, Rule::Season);
        found.portion = portion;
        found.direction = which.direction;
        found.offset = which.offset.map(|offset| (offset, TimeUnit::Year));
        Some(found)
    }

    /// «تسعينيات القرن الماضي», «الثمانينات».
    pub(super) fn decade(&self, index: usize) -> Option<Found> {
        let lexed = &self.lexed;
        let (portion_begin, at, portion) = self.portion(index);
        let (hit, tens) = lexed.time(at, |_, word| match word {
            TimeWord::Decade(tens) => Some(tens),
            _ => None,
        })?;
        let (mut last, mut century) = (at, 19);
        if let Some(named) = self.century(at + 1).filter(|_| lexed.together(at, at + 1)) {
            last = named.last;
            century = named.expr.parse().ok()?;
        } else if let Some((found, offset)) = self.relative_unit(at + 1, TimeUnit::Century) {
            last = found;
            century += offset + 1;
        } else {
            let next = lexed.scan.folded(at + 2);
            let age =
                lexed.scan.folded(at + 1) == "من" && (next.starts_with("عمر") || next.starts_with("العمر"));
            // «العشرينات» and «الثلاثينات» without a century are ages as often as years.
            if age || tens < 4 || !hit.article {
                return None;
            }
        }
        let begin = portion_begin.unwrap_or(hit.begin);
        let mut found =
            Found::new(begin, (index, last), Label::Date, format!("{century:02}{tens}"), Rule::Decade);
        found.portion = portion;
        Some(found)
    }

    /// «القرن السابع عشر», «القرن الـ19», «القرن الخامس قبل الميلاد».
    pub(super) fn century(&self, index: usize) -> Option<Found> {
        let lexed = &self.lexed;
        let (portion_begin, at, portion) = self.portion(index);
        let (hit, ()) = lexed.time(at, |_, word| (word == TimeWord::Century).then_some(()))?;
        let mut next = at + 1;
        if lexed.scan.folded(next) == "ال" {
            next += 1;
        }
        if !lexed.together(index, next) {
            return None;
        }
        let (number, mut last) = if let Some(digits) = lexed.digits(next) {
            (digits, next)
        } else if let Some((_, tens)) = lexed.number(next, NumberKind::Tens).filter(|(hit, _)| hit.article) {
            ((tens.hundredths / 100) as u32, next)
        } else {
            let ordinal = lexed.ordinal(next)?;
            (ordinal.value.into(), ordinal.last)
        };
        if !(1..=30).contains(&number) {
            return None;
        }
        let mut expr = format!("{:02}", number - 1);
        if let Some((era, before)) = lexed.time(last + 1, |_, word| match word {
            TimeWord::EraBc => Some(true),
            TimeWord::EraAd => Some(false),
            _ => None,
        }) && lexed.together(last, last + 1)
        {
            last += era.words as usize;
            if before {
                expr = format!("BC{:02}", number - 1);
            }
        }
        let begin = portion_begin.unwrap_or(hit.begin);
        let mut found = Found::new(begin, (index, last), Label::Date, expr, Rule::Century);
        found.portion = portion;
        Some(found)
    }

    /// «الأسابيع الأخيرة», «السنوات الخمس الماضية», «اليومين الماضيين», «الـ24 ساعة المقبلة».
    pub(super) fn recent(&self, index: usize) -> Option<Found> {
        let lexed = &self.lexed;
        let mut amount = None;
        let mut unit_at = index;
        let glued_article = matches!(lexed.before(index), "ال" | "وال" | "لل" | "بال");
        if let Some(cardinal) = lexed.cardinal(index).filter(|cardinal| cardinal.article || glued_article) {
            amount = Some(cardinal.value);
            unit_at = cardinal.last + 1;
        }
        if !lexed.together(index, unit_at) {
            return None;
        }
        let (hit, (unit, count)) = lexed.time(unit_at, |hit, word| match word {
            TimeWord::Unit { unit, count, .. } if hit.article || unit_at > index => Some((unit, count)),
            _ => None,
        })?;
        if count == Count::One && amount.is_none() {
            return None;
        }
        let mut last = unit_at;
        let dual = count == Count::Two && amount.is_none();
        if dual {
            amount = Some(crate::numbers::Decimal::whole(2));
        }
        if amount.is_none() {
            let skip = lexed.scan.folded(last + 1) == "ال";
            let number_at = last + 1 + skip as usize;
            if let Some(cardinal) =
                lexed.cardinal(number_at).filter(|c| (c.article || skip) && c.particle.is_none())
            {
                amount = Some(cardinal.value);
                last = cardinal.last;
            } else if matches!(lexed.scan.folded(last + 1), "القليله" | "العديده" | "المعدوده" | "الطويله")
            {
                last += 1;
            }
        }
        let next = last + 1;
        if !lexed.together(index, next) {
            return None;
        }
        let last_ones = lexed.is_time(next, TimeWord::Last);
        // «الأشهر الأربعة الأولى من العام».
        let first_ones = amount.is_some()
            && lexed.ordinal(next).is_some_and(|o| o.value == 1 && o.article && o.last == next);
        let (words, direction) = match self.direction(next) {
            Some((words, (direction, _))) => (words, direction),
            None if last_ones || first_ones => (1, Direction::Past),
            None => return None,
        };
        // «العامين الحالي والمقبل» are two years of their own.
        if dual && !lexed.scan.folded(next).ends_with("ين") {
            return None;
        }
        let begin = if unit_at > index { lexed.cardinal(index)?.begin } else { hit.begin };
        let mut end = last + words;
        if first_ones {
            end = self.bare_year_word(end).unwrap_or(end);
        }
        let words = (index, end);
        let found = match (amount, direction) {
            (Some(amount), _) => {
                Found::new(begin, words, Label::Duration, duration_text(amount, unit), Rule::RecentPeriod)
            }
            (None, Direction::Future) => {
                Found::new(begin, words, Label::Date, TimeRef::Future.code(), Rule::RecentPeriod)
            }
            (None, _) => {
                let (before, behind) = unit.designators();
                Found::new(begin, words, Label::Duration, format!("{before}X{behind}"), Rule::RecentPeriod)
            }
        };
        Some(found.with_score(0.85))
    }

    /// What stands before a period and belongs to it: where it begins, the next word, the portion.
    pub(super) fn portion(&self, index: usize) -> (Option<u32>, usize, Option<Portion>) {
        let found = self.lexed.time(index, |hit, word| match word {
            TimeWord::Portion(portion) if !hit.article => Some(portion),
            TimeWord::Within if hit.words > 1 => Some(Portion::Start),
            _ => None,
        });
        match found.filter(|(hit, _)| self.lexed.together(index, index + hit.words as usize)) {
            Some((hit, portion)) => {
                let later = self.lexed.scan.folded(index + 1) == "لاحق";
                (Some(hit.begin), index + hit.words as usize, (!later).then_some(portion))
            }
            None => (None, index, None),
        }
    }

    /// An adjective of direction: how many words, which way, how far.
    pub(super) fn direction(&self, index: usize) -> Option<(usize, (Direction, i32))> {
        let found = self.lexed.time(index, |hit, word| {
            if hit.conjunction.is_some() || hit.particle.is_some() {
                return None;
            }
            match word {
                TimeWord::Past(count) => Some((Direction::Past, -i32::from(count))),
                TimeWord::Present => Some((Direction::Present, 0)),
                TimeWord::Future(count) => Some((Direction::Future, i32::from(count))),
                _ => None,
            }
        })?;
        Some((found.0.words as usize, found.1))
    }

    /// A unit of time with what says which one: «العام الماضي», «هذا العام»; its last word and the offset.
    pub(super) fn relative_unit(&self, index: usize, unit: TimeUnit) -> Option<(usize, i32)> {
        let lexed = &self.lexed;
        let is_unit = |at: usize| {
            lexed.time(at, |hit, word| match word {
                TimeWord::Unit { unit: found, count: Count::One, .. } => {
                    (hit.article && found == unit).then_some(())
                }
                _ => None,
            })
        };
        if lexed.is_time(index, TimeWord::This) {
            is_unit(index + 1).filter(|_| lexed.together(index, index + 1))?;
            return Some((index + 1, 0));
        }
        is_unit(index)?;
        let at = index + 1;
        if !lexed.together(index, at) {
            return None;
        }
        if lexed.is_time(at, TimeWord::This) && !lexed.scan.folded(at + 1).starts_with("ال") {
            return Some((at, 0));
        }
        let (words, (_, offset)) = self.direction(at)?;
        // «الأمين العام السابق»: the general, not the year.
        let doubtful = matches!(lexed.scan.folded(at), "السابق" | "الحالي" | "الجديد" | "الاسبق");
        if unit == TimeUnit::Year && doubtful && lexed.is_time_before(index, TimeWord::GeneralHead) {
            return None;
        }
        Some((at + words - 1, offset))
    }

    /// «من العام», with nothing behind: its last word.
    pub(super) fn bare_year_word(&self, last: usize) -> Option<usize> {
        let lexed = &self.lexed;
        let from = lexed.scan.folded(last + 1) == "من";
        let year = lexed.time(last + 2, |hit, word| match word {
            TimeWord::Unit { unit: TimeUnit::Year, count: Count::One, .. } => hit.article.then_some(()),
            _ => None,
        });
        (from && year.is_some() && lexed.together(last, last + 2)).then_some(last + 2)
    }
}
