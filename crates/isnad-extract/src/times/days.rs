//! Days by name: weekdays, days from the day of speaking, their parts.

use isnad_lexicon::{Count, DayPart, TimeRef, TimeUnit, TimeWord};

use super::found::{Direction, Found, Label, Rule, open};
use super::view::Parser;

impl Parser<'_> {
    /// «الخميس الماضي», «مساء يوم الاثنين», «اليوم الأربعاء 3 ماي», «ليلة 31 ديسمبر», «أمس».
    pub(super) fn day(&self, index: usize) -> Option<Found> {
        let lexed = &self.lexed;
        let mut at = index;
        let mut begin = None;
        let mut part = None;
        let fits = |at: usize, hit: &crate::numbers::Hit| {
            at == index || (hit.conjunction.is_none() && hit.particle.is_none())
        };
        if let Some((hit, ())) = lexed.time(at, |_, word| (word == TimeWord::Within).then_some(())) {
            begin = Some(hit.begin);
            at += hit.words as usize;
        }
        let named_part = lexed.time(at, |hit, word| match word {
            TimeWord::Part(part) if !hit.article && fits(at, hit) => Some(part),
            _ => None,
        });
        if let Some((hit, named)) = named_part
            && lexed.together(index, at + hit.words as usize)
        {
            begin.get_or_insert(hit.begin);
            part = Some(named);
            at += hit.words as usize;
            if lexed.is_sign(at, &["("]) {
                at += 1;
            }
        }
        let day_word = lexed.time(at, |hit, word| match word {
            TimeWord::Unit { unit: TimeUnit::Day, count: Count::One | Count::Two, .. } => {
                (!hit.article && fits(at, hit) && matches!(stem_end(lexed.scan.folded(at)), "يوم" | "يومي"))
                    .then_some(())
            }
            _ => None,
        });
        if let Some((hit, ())) = day_word
            && lexed.time(at, |hit, word| matches!(word, TimeWord::Day(_)).then_some(hit.words)).is_none()
        {
            begin.get_or_insert(hit.begin);
            at += 1;
        }
        if !lexed.together(index, at) {
            return None;
        }
        let mut found = self
            .deictic_day(index, at, part)
            .or_else(|| self.weekday(index, at, part))
            .or_else(|| self.night(index, at, part.is_some()))
            .or_else(|| self.day_month(at))
            .or_else(|| self.numeric_date(at).or_else(|| self.day_of_range(at)).filter(|_| at > index))?;
        found.first = index;
        if at > index {
            // What stands before takes no conjunction behind it: «مساء واليوم» are two.
            if found.begin != lexed.scan.span(at).begin {
                return None;
            }
            found.begin = begin.unwrap_or(found.begin);
        }
        self.with_part(&mut found, part);
        Some(found)
    }

    /// «اليوم», «أمس الثلاثاء», «غدا صباحا».
    fn deictic_day(&self, index: usize, at: usize, part: Option<DayPart>) -> Option<Found> {
        let lexed = &self.lexed;
        let (hit, days) = lexed.time(at, |_, word| match word {
            TimeWord::Day(days) => Some(Some(days)),
            TimeWord::Nowadays => Some(None),
            _ => None,
        })?;
        let last = at + hit.words as usize - 1;
        let reference = || {
            let expr = TimeRef::Present.code();
            Some(Found::new(hit.begin, (index, last), Label::Date, expr, Rule::Reference).with_score(0.7))
        };
        let Some(days) = days else { return reference() };
        if days == 0 && hit.words == 1 {
            if lexed.together(at, at + 1) && lexed.is_time(at + 1, TimeWord::NotTodayBefore) {
                return None;
            }
            if at == index && hit.conjunction.is_none() {
                // «وذلك اليوم» is «and that today», «ذلك اليوم» that day.
                if lexed.is_time_before(at, TimeWord::NotTodayAfter) && lexed.before(at) != "وذلك" {
                    return None;
                }
                if lexed.is_time_before(at, TimeWord::NowAfter) {
                    return reference();
                }
            }
        }
        let mut found =
            Found::new(hit.begin, (index, last), Label::Date, open(TimeUnit::Day), Rule::RelativeDay)
                .with_offset(days.into(), TimeUnit::Day);
        if let Some((weekday, weekday_at)) = self.weekday_name(last + 1, last) {
            // The weekday is surer than the day of publication.
            found.last = weekday_at;
            found.expr = format!("XXXX-WXX-{weekday}");
            found.direction = (days > 0).then_some(Direction::Future);
        }
        self.day_tail(&mut found, part.is_none());
        Some(found)
    }

    /// «الخميس», «الخميس الماضي», «الاثنين 19 فبراير».
    fn weekday(&self, index: usize, at: usize, part: Option<DayPart>) -> Option<Found> {
        let lexed = &self.lexed;
        let (hit, day) = lexed.time(at, |hit, word| match word {
            TimeWord::Weekday(day) if !hit.article => Some(day),
            _ => None,
        })?;
        if at == index && lexed.is_time_before(at, TimeWord::NotDayAfter) {
            return None;
        }
        let expr = format!("XXXX-WXX-{day}");
        let mut found = Found::new(hit.begin, (index, at), Label::Date, expr, Rule::Weekday).with_score(0.95);
        if part == Some(DayPart::Night) {
            // «ليل الثلاثاء الأربعاء», «ليل الثلاثاء-الأربعاء».
            let joint = lexed.is_sign(at + 1, &["-", "/", "\u{2013}"]) as usize;
            if let Some((_, last)) = self.weekday_name(at + 1 + joint, at) {
                found.last = last;
            }
        }
        if let Some((words, (direction, _))) = self.direction(found.last + 1)
            && lexed.together(at, found.last + 1)
        {
            found.direction = Some(direction);
            found.last += words;
        }
        self.day_tail(&mut found, part.is_none());
        Some(found)
    }

    /// «الليلة الماضية», «هذا الصباح».
    fn night(&self, index: usize, at: usize, has_part: bool) -> Option<Found> {
        let (hit, (days, part)) = self.lexed.time(at, |_, word| match word {
            TimeWord::Night(days, part) => Some((days, part)),
            _ => None,
        })?;
        if has_part || matches!(self.lexed.before(index), "تلك" | "ذلك" | "نفس" | "ذات") {
            return None;
        }
        let last = at + hit.words as usize - 1;
        let expr = format!("{}{}", open(TimeUnit::Day), part.code());
        Some(
            Found::new(hit.begin, (index, last), Label::Time, expr, Rule::RelativeDay)
                .with_offset(days.into(), TimeUnit::Day),
        )
    }

    /// What may stand behind a day: a part of it, and its date.
    fn day_tail(&self, found: &mut Found, may_have_part: bool) {
        let lexed = &self.lexed;
        let next = found.last + 1;
        let after = lexed.time(next, |hit, word| match word {
            TimeWord::PartAfter(part) if hit.conjunction.is_none() => Some(part),
            _ => None,
        });
        if let Some((hit, part)) = after.filter(|_| may_have_part && lexed.together(found.last, next)) {
            found.last += hit.words as usize;
            self.with_part(found, Some(part));
        }
        let mut at = found.last + 1;
        if lexed.is_sign(at, &["،", ",", "("]) {
            at += 1;
        }
        if lexed.is_time(at, TimeWord::Matching) {
            at += 1;
        }
        if !lexed.together(found.last, at) {
            return;
        }
        let Some(date) = self.day_month(at).or_else(|| self.numeric_date(at)) else { return };
        if date.begin != lexed.scan.span(at).begin && date.hijri {
            return;
        }
        found.last = date.last;
        if lexed.is_sign(date.last + 1, &[")"]) && lexed.is_sign(at.wrapping_sub(1), &["("]) {
            found.last += 1;
        }
        // A day counted from today is safer than a date without year.
        if date.hijri || (found.offset.is_some() && date.expr.starts_with('X')) {
            return;
        }
        let part = found.expr.split_once('T').map(|(_, part)| format!("T{part}")).unwrap_or_default();
        found.expr = format!("{}{part}", date.expr);
        found.offset = date.offset;
        found.direction = date.direction.or(found.direction);
        found.rule = Rule::Date;
    }

    fn with_part(&self, found: &mut Found, part: Option<DayPart>) {
        if let Some(part) = part
            && found.rule != Rule::Reference
            && !found.expr.contains('T')
        {
            found.expr.push_str(part.code());
            found.label = Label::Time;
        }
    }

    /// A weekday at a word that goes on from word `before`: the day, its last word.
    fn weekday_name(&self, at: usize, before: usize) -> Option<(u8, usize)> {
        let plain = self.lexed.time(at, |hit, word| match word {
            TimeWord::Weekday(day) if hit.conjunction.is_none() && hit.particle.is_none() && !hit.article => {
                Some(day)
            }
            _ => None,
        });
        plain.filter(|_| self.lexed.together(before, at)).map(|(_, day)| (day, at))
    }
}

/// A word without its attached و ف ب ل ك, as far as that matters for «يوم».
fn stem_end(folded: &str) -> &str {
    folded.trim_start_matches(['و', 'ف', 'ب', 'ل', 'ك'])
}
