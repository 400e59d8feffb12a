//! Words of number, currencies and units of measure.

use crate::data;
use crate::facts::Facts;
use crate::phrases::Phrases;
use crate::table::{Table, TableError};
use crate::word_table::WordTable;

/// What a word does in a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberKind {
    /// 1 to 9.
    Unit,
    /// 10, and the second half of 11 to 19.
    Ten,
    /// 2 in the form it takes before «عشر».
    TeenUnit,
    /// 20 to 90.
    Tens,
    /// 100.
    Hundred,
    /// 200 to 900 in one word.
    Hundreds,
    /// Thousand, million …
    Scale,
    /// Two of them.
    DualScale,
    /// The plural, which stands behind a number only.
    PluralScale,
    /// Half, quarter.
    Fraction,
    /// First to tenth.
    Ordinal,
    /// The first half of 11th, 21st …
    OrdinalUnit,
    /// «مئات», «عشرات»: no number.
    Vague,
    /// A number behind it is part of a name («فرانس 24»).
    Designator,
    /// A number behind it numbers a legal text («القرار 2254»).
    Law,
    /// An ordinal behind it is part of a name or an idiom («الوزير الأول»).
    NotBeforeOrdinal,
}

/// A word of number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberWord {
    /// What it does.
    pub kind: NumberKind,
    /// What it counts, in hundredths, so that a quarter is whole; 0 where it counts nothing.
    pub hundredths: u64,
}

/// When a unit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitNeeds {
    /// Behind any number.
    Nothing,
    /// Behind a number in digits: the word has other meanings.
    Digits,
    /// Where the article speaks of its country: other countries have currencies of this name.
    Country,
}

/// A noun or sign of a currency or measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitWord {
    /// Which unit: an index for [`NumberLexicon::unit`].
    pub unit: u16,
    /// The form says that there are two.
    pub dual: bool,
    /// A sign that stands before the number too.
    pub sign: bool,
    /// When it counts.
    pub needs: UnitNeeds,
}

/// Words of number, currencies and units of measure.
#[derive(Clone, Debug, Default)]
pub struct NumberLexicon {
    words: WordTable<NumberWord>,
    units: Vec<String>,
    phrases: Phrases<UnitWord>,
    places: WordTable<Vec<u16>>,
}

impl NumberLexicon {
    pub(crate) fn builtin() -> Result<Self, Vec<TableError>> {
        let mut lexicon = NumberLexicon::default();
        lexicon.read_words()?;
        lexicon.read_measures()?;
        lexicon.read_currencies()?;
        Ok(lexicon)
    }

    /// What a folded word without article does in a number.
    pub fn word(&self, hash: u64, folded: &str) -> Option<NumberWord> {
        self.words.get(hash, folded).copied()
    }

    /// Currencies and measures as phrases.
    pub fn phrases(&self) -> &Phrases<UnitWord> {
        &self.phrases
    }

    /// A unit as it is written in output: an ISO 4217 code, `km`, `%`.
    pub fn unit(&self, index: u16) -> &str {
        self.units.get(index as usize).map_or("", String::as_str)
    }

    /// The currencies of the country that a folded word without article stands for.
    pub fn currencies_of(&self, hash: u64, folded: &str) -> &[u16] {
        self.places.get(hash, folded).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn facts(&self, add: &mut impl FnMut(&str, Facts)) {
        for (word, _) in self.words.iter() {
            add(word, Facts::QUANTITY);
        }
        for word in self.phrases.first_words() {
            add(word, Facts::QUANTITY);
        }
    }

    fn read_words(&mut self) -> Result<(), Vec<TableError>> {
        let table = Table::parse("number_words.tsv", data::NUMBER_WORDS, &["word", "value", "kind"])?;
        let mut errors = Vec::new();
        for record in table.records() {
            let kind = match record.get("kind") {
                "unit" => NumberKind::Unit,
                "ten" => NumberKind::Ten,
                "teen-unit" => NumberKind::TeenUnit,
                "tens" => NumberKind::Tens,
                "hundred" => NumberKind::Hundred,
                "hundreds" => NumberKind::Hundreds,
                "scale" => NumberKind::Scale,
                "dual-scale" => NumberKind::DualScale,
                "plural-scale" => NumberKind::PluralScale,
                "fraction" => NumberKind::Fraction,
                "ordinal" => NumberKind::Ordinal,
                "ordinal-unit" => NumberKind::OrdinalUnit,
                "vague" => NumberKind::Vague,
                "designator" => NumberKind::Designator,
                "law" => NumberKind::Law,
                "not-before-ordinal" => NumberKind::NotBeforeOrdinal,
                other => {
                    errors.push(table.error(record.line, format!("`{other}` is no kind of number word")));
                    continue;
                }
            };
            let value = record.get("value");
            let hundredths = match value.parse::<f64>() {
                Ok(value) => (value * 100.0) as u64,
                Err(_) if value.is_empty() => 0,
                Err(_) => {
                    errors.push(table.error(record.line, format!("`{value}` is no number")));
                    continue;
                }
            };
            self.words.add(record.get("word"), NumberWord { kind, hundredths });
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    fn read_measures(&mut self) -> Result<(), Vec<TableError>> {
        let table = Table::parse("units.tsv", data::UNITS, &["unit", "names", "weak"])?;
        for record in table.records() {
            let unit = self.unit_index(record.get("unit"));
            let needs = if record.flag("weak") { UnitNeeds::Digits } else { UnitNeeds::Nothing };
            for name in record.list("names") {
                let sign = !name.chars().any(char::is_alphabetic);
                let dual = is_dual(name, record.list("names"));
                self.phrases.add(name, UnitWord { unit, dual, sign, needs });
            }
        }
        Ok(())
    }

    fn read_currencies(&mut self) -> Result<(), Vec<TableError>> {
        let columns = ["code", "noun", "adjective", "places", "bare"];
        let table = Table::parse("currencies.tsv", data::CURRENCIES, &columns)?;
        for record in table.records() {
            let unit = self.unit_index(record.get("code"));
            for noun in record.list("noun") {
                let dual = is_dual(noun, record.list("noun"));
                let sign = !noun.chars().any(|c| c.is_alphabetic() && !c.is_ascii());
                let mut add =
                    |phrase: &str, needs| self.phrases.add(phrase, UnitWord { unit, dual, sign, needs });
                match record.get("bare") {
                    "yes" => add(noun, UnitNeeds::Nothing),
                    "place" => add(noun, UnitNeeds::Country),
                    _ => {}
                }
                for adjective in record.list("adjective") {
                    // Feminine behind a plural («دولارات أميركية»), accusative behind 11 to 99.
                    for ending in ["", "ة", "ا"] {
                        add(&format!("{noun} {adjective}{ending}"), UnitNeeds::Nothing);
                    }
                }
            }
            for place in record.list("places") {
                for ending in ["", "ة", "ين", "ون"] {
                    let place = place.strip_prefix("ال").unwrap_or(place);
                    let known = self.places.entry(&format!("{place}{ending}"), Vec::new);
                    if !known.contains(&unit) {
                        known.push(unit);
                    }
                }
            }
        }
        Ok(())
    }

    fn unit_index(&mut self, unit: &str) -> u16 {
        let known = self.units.iter().position(|known| known == unit);
        known.unwrap_or_else(|| {
            self.units.push(unit.to_owned());
            self.units.len() - 1
        }) as u16
    }
}

/// Whether a form is the dual of another one of its list.
fn is_dual<'t>(form: &str, mut forms: impl Iterator<Item = &'t str>) -> bool {
    let first = form.split(' ').next().unwrap_or(form);
    let Some(stem) = first.strip_suffix("ين").or_else(|| first.strip_suffix("ان")) else { return false };
    let feminine = stem.strip_suffix('ت').map(|stem| format!("{stem}ة"));
    forms.any(|other| {
        let other = other.split(' ').next().unwrap_or(other);
        other == stem || feminine.as_deref() == Some(other)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_by_name() {
        let lexicon = NumberLexicon::builtin().unwrap();
        let unit = |phrase: &str| {
            lexicon.phrases().look_up(phrase).iter().map(|u| (lexicon.unit(u.unit), u.dual)).next()
        };
        assert_eq!(unit("دولار أميركي"), Some(("USD", false)));
        assert_eq!(unit("دولارين"), Some(("USD", true)));
        assert_eq!(unit("ليرتين"), Some(("SYP", true)));
        assert_eq!(unit("متر مكعب"), Some(("m3", false)));
        assert_eq!(unit("بالمائة"), Some(("%", false)));
        assert_eq!(unit("ريال قطري"), Some(("QAR", false)));
        assert_eq!(lexicon.phrases().look_up("ريال").len(), 6);
    }
}
