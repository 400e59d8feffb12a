//! Times of day («الساعة 8:40 صباحا بالتوقيت المحلي») and references without a date («الآن»).

use isnad_lexicon::{DayPart, TimeUnit, TimeWord};

use super::found::{Found, Label, Rule, open};
use super::view::Parser;

impl Parser<'_> {
    /// «الساعة الثالثة والنصف من مساء اليوم», «14:30», «11 صباحا».
    pub(super) fn clock(&self, index: usize) -> Option<Found> {
        let lexed = &self.lexed;
        let about = lexed.time(index, |_, word| (word == TimeWord::About).then_some(()));
        let at = about.map_or(index, |(hit, ())| index + hit.words as usize);
        let named = lexed.time(at, |_, word| (word == TimeWord::Clock).then_some(()));
        let hour_at = named.map_or(at, |_| at + 1);
        if !lexed.together(index, hour_at) {
            return None;
        }
        let (mut hour, mut minutes, mut last) = self.hour(hour_at, named.is_some())?;
        let has_minutes = last > hour_at && lexed.is_sign(hour_at + 1, &[":"]);
        while let Some((hit, more)) = lexed.time(last + 1, |_, word| match word {
            TimeWord::ClockMinutes(more) => Some(more),
            _ => None,
        }) {
            if named.is_none() || has_minutes || !lexed.together(index, last + 1) {
                break;
            }
            minutes += i32::from(more);
            last += hit.words as usize;
        }
        let mut part = None;
        let next = last + 1;
        if let Some((hit, found)) = lexed.time(next, |_, word| match word {
            TimeWord::PartAfter(part) => Some(part),
            _ => None,
        }) && lexed.together(index, next)
        {
            part = Some(found);
            last += hit.words as usize;
        }
        let mut zone = self.zone(&mut last);
        if named.is_none() && part.is_none() && !zone && !has_minutes {
            return None;
        }
        // The day may stand behind: «من مساء اليوم», «صباح الخميس».
        let from = lexed.scan.folded(last + 1) == "من";
        let next = last + 1 + from as usize;
        let day = self
            .day(next)
            .filter(|day| lexed.together(index, next) && day.begin == lexed.scan.span(next).begin);
        let day = day.filter(|day| {
            named.is_some() && matches!(day.rule, Rule::Weekday | Rule::RelativeDay | Rule::Date)
        });
        let mut date = open(TimeUnit::Day).to_owned();
        if let Some(day) = &day {
            let (base, of_day) = day.expr.split_once('T').unwrap_or((&day.expr, ""));
            date = base.to_owned();
            part = part.or_else(|| day_part(of_day));
            last = day.last;
        } else if from
            && let Some((hit, found)) = lexed.time(next, |_, word| match word {
                TimeWord::Part(part) | TimeWord::PartAfter(part) => Some(part),
                _ => None,
            })
            && lexed.together(index, next)
        {
            part = part.or(Some(found));
            last = next + hit.words as usize - 1;
        }
        zone |= self.zone(&mut last);
        if minutes < 0 {
            hour -= 1;
            minutes += 60;
        }
        hour = on_24_hours(hour, part);
        if !(0..=24).contains(&hour) || !(0..60).contains(&minutes) {
            return None;
        }
        let begin = about.or(named).map_or(lexed.scan.span(hour_at).begin, |(hit, ())| hit.begin);
        let expr = format!("{date}T{hour:02}:{minutes:02}");
        let mut found = Found::new(begin, (index, last), Label::Time, expr, Rule::Clock);
        if let Some(day) = day {
            found.offset = day.offset;
            found.direction = day.direction;
        }
        found.score = if named.is_some() || zone { 0.95 } else { 0.8 };
        Some(found)
    }

    /// «الآن», «سابقا», «الآونة الأخيرة», «في السابق».
    pub(super) fn reference(&self, index: usize) -> Option<Found> {
        let lexed = &self.lexed;
        let (hit, reference) = lexed.time(index, |hit, word| match word {
            TimeWord::Ref(reference) if !hit.article => Some(reference),
            _ => None,
        })?;
        let bare_noun =
            hit.words == 1 && matches!(lexed.scan.folded(index), "السابق" | "الماضي" | "المستقبل");
        if bare_noun && !matches!(lexed.before(index), "في" | "وفي" | "وكما في" | "ففي") {
            return None;
        }
        let last = index + hit.words as usize - 1;
        // «هذا الوقت العصيب»: an adjective makes another time of it.
        let this = lexed.is_time(index, TimeWord::This);
        if this && lexed.together(index, last + 1) && lexed.scan.folded(last + 1).starts_with("ال") {
            return None;
        }
        Some(
            Found::new(hit.begin, (index, last), Label::Date, reference.code(), Rule::Reference)
                .with_score(0.8),
        )
    }

    /// The hour and minutes at a word, and the last word.
    fn hour(&self, index: usize, named: bool) -> Option<(i32, i32, usize)> {
        let lexed = &self.lexed;
        if let Some(hour) = lexed.digits(index).filter(|hour| *hour <= 24) {
            let glued = lexed.scan.is_glued(index + 1) && lexed.scan.is_glued(index + 2);
            if glued
                && lexed.is_sign(index + 1, &[":"])
                && let Some(minutes) = lexed.digits(index + 2).filter(|minutes| *minutes < 60)
                && lexed.scan.folded(index + 2).len() == 2
                && lexed.together(index, index + 2)
            {
                return Some((hour as i32, minutes as i32, index + 2));
            }
            return Some((hour as i32, 0, index));
        }
        let zone = lexed.is_time(index + 1, TimeWord::Zone) && lexed.together(index, index + 1);
        if let Some((hour, minutes)) =
            lexed.scan.folded(index).split_once(['.', ',']).filter(|_| named || zone)
            && minutes.len() == 2
            && let (Ok(hour), Ok(minutes)) = (hour.parse(), minutes.parse())
        {
            return Some((hour, minutes, index));
        }
        if let Some((hit, one)) = lexed.number(index, isnad_lexicon::NumberKind::Unit).filter(|_| named)
            && hit.article
            && one.hundredths == 100
        {
            return Some((1, 0, index));
        }
        let ordinal = lexed.ordinal(index).filter(|ordinal| ordinal.article && ordinal.value <= 12)?;
        let clear = lexed.time(ordinal.last + 1, |hit, word| {
            let plain = hit.conjunction.is_none();
            (plain && matches!(word, TimeWord::Zone | TimeWord::PartAfter(_))).then_some(())
        });
        if !named && (clear.is_none() || !lexed.together(index, ordinal.last + 1)) {
            return None;
        }
        let (mut minutes, mut last) = (0, ordinal.last);
        // «الرابعة وثلاثة وعشرين دقيقة».
        if lexed.hits(last + 1).iter().any(|hit| hit.conjunction == Some('و'))
            && let Some(cardinal) = lexed.cardinal(last + 1).filter(|_| lexed.together(index, last + 1))
            && let Some(value) = cardinal.value.to_whole().filter(|value| *value < 60)
            && lexed.scan.folded(cardinal.last + 1).starts_with("دق")
        {
            (minutes, last) = (value as i32, cardinal.last + 1);
        }
        Some((ordinal.value.into(), minutes, last))
    }

    fn zone(&self, last: &mut usize) -> bool {
        let found = self.lexed.time(*last + 1, |_, word| (word == TimeWord::Zone).then_some(()));
        let Some((hit, ())) = found.filter(|_| self.lexed.together(*last, *last + 1)) else { return false };
        *last += hit.words as usize;
        true
    }
}

fn on_24_hours(hour: i32, part: Option<DayPart>) -> i32 {
    match part {
        Some(DayPart::Evening | DayPart::Afternoon) if hour < 12 => hour + 12,
        Some(DayPart::Midday) if hour < 5 => hour + 12,
        Some(DayPart::Night) if (6..12).contains(&hour) => hour + 12,
        Some(DayPart::Night | DayPart::Morning) if hour == 12 => 0,
        _ => hour,
    }
}

fn day_part(code: &str) -> Option<DayPart> {
    let parts = [DayPart::Morning, DayPart::Midday, DayPart::Afternoon, DayPart::Evening, DayPart::Night];
    parts.into_iter().find(|part| part.code().strip_prefix('T') == Some(code))
}
