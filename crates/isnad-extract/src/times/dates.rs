//! Calendar dates: «19 فبراير 2018», «السابع من نيسان/أبريل», «2018/02/19», months and years.

use isnad_lexicon::{Count, NumberKind, TimeUnit, TimeWord, WordClass};

use super::found::{Direction, Found, Label, Rule, open};
use super::view::Parser;
use crate::words::Kind;

/// A month in the text, with its second name («نيسان/أبريل»).
pub(super) struct Month {
    pub begin: u32,
    pub last: usize,
    pub number: u8,
    pub hijri: bool,
    /// Nothing but the word itself says that it is a month.
    weak: bool,
    pub attached: bool,
}

/// Which year is meant: what stands behind a month.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct WhichYear {
    pub last: usize,
    pub year: Option<u32>,
    pub offset: Option<i32>,
    pub direction: Option<Direction>,
}

impl Parser<'_> {
    /// «19 فبراير 2018», «السابع من نيسان/أبريل», «19 الجاري».
    pub(super) fn day_month(&self, index: usize) -> Option<Found> {
        let lexed = &self.lexed;
        let (day, begin, last) = self.day_number(index)?;
        let mut at = last + 1;
        let glued_stroke = lexed.is_sign(at, &["/"]) && lexed.digits(index).is_some();
        if lexed.together(index, at) && (lexed.scan.folded(at) == "من" || glued_stroke) {
            at += 1;
        }
        if !lexed.together(index, at) {
            return None;
        }
        if let Some(found) = self.day_of_period(index, day, begin, at) {
            return Some(found);
        }
        let month = self.month_name(at).filter(|month| !month.attached)?;
        let which = self.which_year(month.last);
        let last = which.map_or(month.last, |which| which.last);
        let year = which.and_then(|which| which.year);
        if lexed.is_time_before(index, TimeWord::EventHead) {
            // «اعتداءات 11 سبتمبر 2001»: the day is part of a name, the year may stand behind it.
            return None;
        }
        let expr = format!("{}-{:02}-{day:02}", year_text(year), month.number);
        let mut found = Found::new(begin, (index, last), Label::Date, expr, Rule::Date).with_score(0.97);
        found.hijri = month.hijri;
        found.direction = which.and_then(|which| which.direction);
        found.offset = which.and_then(|which| which.offset).map(|offset| (offset, TimeUnit::Year));
        Some(found)
    }

    /// The first day of «19 و20 فبراير», «من 19 إلى 21 فبراير».
    pub(super) fn day_of_range(&self, index: usize) -> Option<Found> {
        let lexed = &self.lexed;
        let (day, begin, last) = self.day_number(index)?;
        let mut at = last + 1;
        let joint = lexed.scan.folded(at);
        if matches!(joint, "و" | "الي" | "حتي") || lexed.is_sign(at, &["-", "\u{2013}", "/"]) {
            at += 1;
        } else if !lexed.hits(at).iter().any(|hit| hit.conjunction == Some('و')) {
            return None;
        }
        let second = self.day_month(at).filter(|_| lexed.together(index, at))?;
        let stem = second.expr.get(..second.expr.len().checked_sub(2)?)?;
        let expr = format!("{stem}{day:02}");
        Some(Found { begin, first: index, last, expr, score: 0.9, ..second })
    }

    /// «2018/02/19», «19-2-2018», «19.2.2018».
    pub(super) fn numeric_date(&self, index: usize) -> Option<Found> {
        let lexed = &self.lexed;
        if lexed.scan.kind(index) != Kind::Number {
            return None;
        }
        let mut parts = [(0u32, 0usize); 3];
        let last = if let Some(first) = lexed.digits(index) {
            let sign = lexed.scan.folded(index + 1);
            if !lexed.is_sign(index + 1, &["/", "-"]) || lexed.scan.folded(index + 3) != sign {
                return None;
            }
            let number = |at: usize| Some((lexed.digits(at)?, lexed.scan.folded(at).len()));
            parts = [(first, lexed.scan.folded(index).len()), number(index + 2)?, number(index + 4)?];
            index + 4
        } else {
            let mut pieces = lexed.scan.folded(index).split('.');
            for part in &mut parts {
                let piece = pieces.next()?;
                *part = (piece.parse().ok()?, piece.len());
            }
            if pieces.next().is_some() {
                return None;
            }
            index
        };
        if !lexed.together(index, last) {
            return None;
        }
        let [(a, a_len), (b, b_len), (c, c_len)] = parts;
        let (year, month, day) = match (a_len, c_len) {
            (4, ..=2) => (a, b, c),
            (..=2, 4) if b > 12 => (c, a, b),
            (..=2, 4) => (c, b, a),
            (2, 2) if b_len == 2 && c < 50 => (2000 + c, b, a),
            _ => return None,
        };
        if !(1..=12).contains(&month) || !(1..=31).contains(&day) || !(1200..=2199).contains(&year) {
            return None;
        }
        let begin = lexed.scan.span(index).begin;
        let expr = format!("{year:04}-{month:02}-{day:02}");
        let mut found =
            Found::new(begin, (index, last), Label::Date, expr, Rule::NumericDate).with_score(0.97);
        found.hijri = year < 1600;
        Some(found)
    }

    /// «شهر يوليو 2015», «أواخر مارس الماضي», «أبريل».
    pub(super) fn month(&self, index: usize) -> Option<Found> {
        let (begin, at, portion) = self.portion(index);
        let month = self.month_name(at)?;
        if (at > index && month.attached) || self.is_event_name(index) {
            return None;
        }
        let mut which = self.which_year(month.last);
        let cued = at > index || which.is_some() || self.lexed.is_time_before(index, TimeWord::InYear);
        let name = names_with_month(self.lexed.before(index), self.lexed.scan.folded(month.last + 1));
        if (month.weak || name) && !cued {
            return None;
        }
        let last = which.map_or(month.last, |which| which.last);
        if which.is_none() {
            which = self.year_of_range(month.last);
        }
        let expr = format!("{}-{:02}", year_text(which.and_then(|which| which.year)), month.number);
        let begin = begin.unwrap_or(month.begin);
        let mut found = Found::new(begin, (index, last), Label::Date, expr, Rule::Month);
        found.hijri = month.hijri;
        found.portion = portion;
        found.direction = which.and_then(|which| which.direction);
        found.offset = which.and_then(|which| which.offset).map(|offset| (offset, TimeUnit::Year));
        found.score = if month.weak && at == index { 0.7 } else { 0.9 };
        Some(found)
    }

    /// «عام 2018», «عامي 2019», «منتصف 2016», «في 2014»; `before` is the time before.
    pub(super) fn year(&self, index: usize, before: Option<&Found>) -> Option<Found> {
        let lexed = &self.lexed;
        let (portion_begin, at, portion) = self.portion(index);
        let named = lexed.time(at, |hit, word| match word {
            TimeWord::Unit { unit: TimeUnit::Year, count: Count::One | Count::Two, .. } => {
                (at == index || hit.conjunction.is_none()).then_some(())
            }
            _ => None,
        });
        let number = if named.is_some() { at + 1 } else { at };
        if !lexed.together(index, number) {
            return None;
        }
        let mut last = number;
        let value = match (lexed.digits(number), named) {
            (Some(value), _) => value,
            (None, Some(_)) => {
                let cardinal = lexed.cardinal(number).filter(|cardinal| cardinal.particle.is_none())?;
                last = cardinal.last;
                cardinal.value.to_whole()?.try_into().ok()?
            }
            (None, None) => return None,
        };
        let era = lexed.time(last + 1, |hit, word| {
            let plain = hit.particle.is_none() && hit.conjunction.is_none();
            matches!(word, TimeWord::EraAd | TimeWord::EraBc | TimeWord::EraAh).then_some((word, plain))
        });
        let era = era.filter(|_| lexed.together(index, last + 1));
        let plausible = match (era, named.is_some() || at > index) {
            (Some(_), true) => (1..=2999).contains(&value),
            (Some(_), false) => (1000..=2999).contains(&value) && lexed.scan.folded(number).len() == 4,
            (None, true) => (1000..=2199).contains(&value),
            (None, false) => self.is_bare_year(index, value, before),
        };
        if !plausible {
            return None;
        }
        let mut hijri = false;
        let mut expr = format!("{value:04}");
        if let Some((hit, (word, _))) = era {
            last += hit.words as usize;
            hijri = word == TimeWord::EraAh;
            if word == TimeWord::EraBc {
                expr = format!("BC{value:04}");
            }
        }
        let begin =
            portion_begin.or(named.map(|(hit, ())| hit.begin)).unwrap_or(lexed.scan.span(number).begin);
        let mut found = Found::new(begin, (index, last), Label::Date, expr, Rule::Year);
        found.portion = portion;
        found.hijri = hijri;
        found.score = if named.is_some() { 0.97 } else { 0.85 };
        Some(found)
    }

    /// A month with «شهر» before it and a second name behind it.
    pub(super) fn month_name(&self, index: usize) -> Option<Month> {
        let lexed = &self.lexed;
        let named = lexed.time(index, |hit, word| match word {
            TimeWord::Unit { unit: TimeUnit::Month, count: Count::One | Count::Two, .. } => {
                (!hit.article && hit.words == 1).then_some(())
            }
            _ => None,
        });
        let at = index + named.is_some() as usize;
        let (hit, (number, hijri, mut weak)) = lexed.time(at, |hit, word| match word {
            TimeWord::Month { number, hijri, weak } if !hit.article => Some((number, hijri, weak)),
            _ => None,
        })?;
        if named.is_some()
            && (hit.conjunction.is_some() || hit.particle.is_some() || !lexed.together(index, at))
        {
            return None;
        }
        let mut last = at + hit.words as usize - 1;
        // «نيسان/أبريل», «نيسان (أبريل)», «أبريل نيسان».
        let stroke = lexed.is_sign(last + 1, &["/", "-", "(", "\\"]) as usize;
        if lexed.together(index, last + 1 + stroke) {
            let second = lexed.time(last + 1 + stroke, |hit, word| match word {
                TimeWord::Month { number: other, .. } if hit.conjunction.is_none() => {
                    (other == number).then_some(())
                }
                _ => None,
            });
            if let Some((hit, ())) = second {
                weak = false;
                let bracket = lexed.is_sign(last + 1, &["("]);
                last += stroke + hit.words as usize;
                if bracket && lexed.is_sign(last + 1, &[")"]) {
                    last += 1;
                }
            }
        }
        let outer = named.map_or(hit, |(named, ())| named);
        Some(Month {
            begin: outer.begin,
            last,
            number,
            hijri,
            weak: weak && named.is_none(),
            attached: outer.conjunction.is_some() || outer.particle.is_some(),
        })
    }

    /// Which year, as it stands behind word `last`: «2018», «الماضي», «من العام الجاري», «من عام 2017».
    pub(super) fn which_year(&self, last: usize) -> Option<WhichYear> {
        let lexed = &self.lexed;
        let mut at = last + 1;
        if !lexed.together(last, at) {
            return None;
        }
        if let Some((hit, direction)) = self.direction(at) {
            return Some(WhichYear {
                last: at + hit - 1,
                direction: Some(direction.0),
                ..WhichYear::default()
            });
        }
        if lexed.is_sign(at, &["،", ","]) && self.four_digits(at + 1).is_some() {
            at += 1;
        }
        if lexed.scan.folded(at) == "من" {
            at += 1;
        }
        if !lexed.together(last, at) {
            return None;
        }
        if let Some(year) = self.four_digits(at) {
            let era = lexed.is_time(at + 1, TimeWord::EraAd) || lexed.is_time(at + 1, TimeWord::EraAh);
            let end = at + (era && lexed.together(at, at + 1)) as usize;
            return Some(WhichYear { last: end, year: Some(year), ..WhichYear::default() });
        }
        if let Some((found, offset)) = self.relative_unit(at, TimeUnit::Year) {
            return Some(WhichYear { last: found, offset: Some(offset), ..WhichYear::default() });
        }
        let year_word = lexed.time(at, |hit, word| match word {
            TimeWord::Unit { unit: TimeUnit::Year, count: Count::One, .. } => {
                hit.conjunction.is_none().then_some(())
            }
            _ => None,
        });
        let year =
            self.four_digits(at + 1).filter(|_| year_word.is_some() && lexed.together(last, at + 1))?;
        Some(WhichYear { last: at + 1, year: Some(year), ..WhichYear::default() })
    }

    /// «يناير ومارس 2018», «من مايو إلى يوليو 2017»: the year of a month stands behind the other one.
    fn year_of_range(&self, last: usize) -> Option<WhichYear> {
        let lexed = &self.lexed;
        let mut at = last + 1;
        let joint =
            matches!(lexed.scan.folded(at), "و" | "الي" | "حتي") || lexed.is_sign(at, &["-", "\u{2013}"]);
        at += joint as usize;
        let second =
            self.month_name(at).filter(|second| (joint || second.attached) && lexed.together(last, at))?;
        self.which_year(second.last).filter(|which| which.year.is_some())
    }

    /// «19 الجاري», «19 من الشهر الماضي».
    fn day_of_period(&self, index: usize, day: u8, begin: u32, at: usize) -> Option<Found> {
        let (last, offset) = match self.relative_unit(at, TimeUnit::Month) {
            Some(found) => found,
            None => {
                let (words, (direction, _)) = self.direction(at)?;
                let present = direction == Direction::Present && self.lexed.digits(index).is_some();
                present.then_some((at + words - 1, 0))?
            }
        };
        let expr = format!("{}-{day:02}", open(TimeUnit::Month));
        Some(
            Found::new(begin, (index, last), Label::Date, expr, Rule::Date)
                .with_offset(offset, TimeUnit::Month),
        )
    }

    /// A day of the month in digits or as an ordinal: the day, where it begins, its last word.
    fn day_number(&self, index: usize) -> Option<(u8, u32, usize)> {
        let lexed = &self.lexed;
        if let Some(day) = lexed.digits(index) {
            let short = lexed.scan.folded(index).len() <= 2;
            return (short && (1..=31).contains(&day)).then_some((
                day as u8,
                lexed.scan.span(index).begin,
                index,
            ));
        }
        if let Some((hit, number)) = lexed.number(index, NumberKind::Tens)
            && hit.article
            && number.hundredths <= 3000
        {
            return Some(((number.hundredths / 100) as u8, hit.begin, index));
        }
        let ordinal = lexed.ordinal(index)?;
        // «أول مايو» is the first of May.
        let definite = ordinal.article || lexed.scan.folded(index).ends_with("اول");
        ((1..=31).contains(&ordinal.value) && definite).then_some((
            ordinal.value,
            ordinal.begin,
            ordinal.last,
        ))
    }

    /// Whether the month at a word belongs to the name of an event: «أحداث 11 سبتمبر».
    fn is_event_name(&self, index: usize) -> bool {
        let lexed = &self.lexed;
        let Some(before) = index.checked_sub(1).filter(|&at| lexed.together(at, index)) else { return false };
        let is_month = |at: &usize| {
            lexed.time(*at, |_, word| matches!(word, TimeWord::Month { .. }).then_some(())).is_some()
        };
        // The second name of a month stands behind a stroke.
        if lexed.is_sign(before, &["/", "-"])
            && let Some(first) = before.checked_sub(1).filter(is_month)
        {
            return self.is_event_name(first);
        }
        lexed.is_time_before(index, TimeWord::EventHead)
            || (lexed.digits(before).is_some_and(|day| day <= 31)
                && lexed.is_time_before(before, TimeWord::EventHead))
    }

    /// A year in four digits.
    pub(super) fn four_digits(&self, index: usize) -> Option<u32> {
        let value = self.lexed.digits(index)?;
        (self.lexed.scan.folded(index).len() == 4 && (1300..=2199).contains(&value)).then_some(value)
    }

    /// Whether four digits without a word for year are one.
    fn is_bare_year(&self, index: usize, value: u32, before: Option<&Found>) -> bool {
        let lexed = &self.lexed;
        if lexed.scan.folded(index).len() != 4 || !(1900..=2099).contains(&value) {
            return false;
        }
        if self.is_season(index) {
            return false;
        }
        // «2016-2020», «2019 و2020»: the other year stands beside it.
        let joint = |at: usize| {
            matches!(lexed.scan.folded(at), "و" | "الي" | "حتي") || lexed.is_sign(at, &["-", "\u{2013}"])
        };
        if let Some(year) = before
            && matches!(year.rule, Rule::Year | Rule::Month | Rule::Date)
            && year.last + 2 == index
            && joint(year.last + 1)
        {
            return true;
        }
        let dash = lexed.is_sign(index + 1, &["-", "\u{2013}"]);
        if dash && self.four_digits(index + 2).is_some_and(|next| next > value && next < value + 60) {
            return true;
        }
        let next_counted = lexed.hits(index + 1).iter().any(|hit| {
            matches!(hit.item, crate::numbers::Item::Unit(_))
                && hit.conjunction.is_none()
                && hit.particle.is_none()
        });
        if next_counted && lexed.together(index, index + 1) {
            return false;
        }
        if lexed.is_sign(index.wrapping_sub(1), &["("])
            && (lexed.is_sign(index + 1, &[")"]) || joint(index + 1))
        {
            return true;
        }
        let event = index.checked_sub(1).is_some_and(|at| lexed.is_time(at, TimeWord::EventHead));
        let after_month = index.checked_sub(1).is_some_and(|at| {
            lexed.together(at, index)
                && lexed
                    .hits(at)
                    .iter()
                    .any(|hit| matches!(hit.item, crate::numbers::Item::Time(TimeWord::Month { .. })))
        });
        if after_month {
            // «ثورة يناير 2011» is a name with its year.
            return !lexed.is_time_before(index - 1, TimeWord::EventHead);
        }
        if event || !lexed.is_time_before(index, TimeWord::InYear) {
            return false;
        }
        matches!(lexed.before(index), "في" | "وفي" | "منذ" | "ومنذ" | "بحلول" | "خلال")
            || self.is_clause_end(index + 1, index)
    }

    /// «موسم 2017», «موسمي 2016-2017 و2017-2018»: seasons of sport are no times.
    fn is_season(&self, index: usize) -> bool {
        let lexed = &self.lexed;
        let counts = |at: usize| {
            lexed.scan.kind(at) == Kind::Number
                || lexed.scan.kind(at) == Kind::Punctuation
                || lexed.scan.folded(at) == "و"
        };
        let head = (index.saturating_sub(8)..index)
            .rev()
            .take_while(|&at| lexed.together(at, index))
            .find(|&at| !counts(at));
        head.is_some_and(|at| {
            lexed.scan.folded(at).contains("موسم") || lexed.scan.folded(at).ends_with("مواسم")
        })
    }

    /// Whether the word at `at` opens something new behind word `index`.
    fn is_clause_end(&self, at: usize, index: usize) -> bool {
        let scan = &self.lexed.scan;
        if !self.lexed.together(index, at) || scan.kind(at) == Kind::Punctuation {
            return true;
        }
        let Some(whole) = scan.readings(at).first() else { return true };
        let word = scan.stem(whole);
        if word == "و" || self.lexed.hits(at).iter().any(|hit| hit.conjunction.is_some()) {
            return true;
        }
        matches!(
            self.lexicon.vocabulary.class(whole.hash, word),
            Some(
                WordClass::Preposition
                    | WordClass::Conjunction
                    | WordClass::Pronoun
                    | WordClass::Particle
                    | WordClass::Verb
            )
        )
    }
}

/// Whether the words around a month make a name of it: «دي مايو», «أيلول الأسود».
fn names_with_month(before: &str, behind: &str) -> bool {
    matches!(before, "دي" | "لدي" | "ودي") || matches!(behind, "الاسود" | "نت")
}

/// A year, or X for each of its digits.
pub(super) fn year_text(year: Option<u32>) -> String {
    year.map_or_else(|| open(TimeUnit::Year).to_owned(), |year| format!("{year:04}"))
}
