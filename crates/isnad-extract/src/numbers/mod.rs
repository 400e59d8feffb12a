//! `extract.numbers`: counts, ordinals, percentages, money, measures.

mod cardinal;
mod decimal;
mod hits;
mod quantities;

use std::sync::Arc;

use isnad_core::{Contract, Example, LayerId, Names, Reads, StageError, StageKind, Sym, Writes, per_doc};
use isnad_lexicon::Lexicon;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) use decimal::Decimal;
pub(crate) use hits::{Hit, Hits, Item, Lexed};

use self::quantities::{Quantities, RULES};
use crate::SharedLexicon;
use crate::plan::{fresh, layer, sym, syms};
use crate::times::Temporal;
use crate::words::WordNames;

const ABOUT: &str = "finds numbers with their values and units";

const DOCS: &str = "\
Writes `number` rows, without label, with the attrs `value` (a decimal number) and `unit` where there
is one: `%`, `ord` for ordinals, an ISO 4217 code for money, a UCUM-like symbol for measures (`km`,
`m2`, `t`, `bbl`, `°C`, `MW` …; tables `units.tsv` and `currencies.tsv`). The span holds the unit;
attached و ف ب ل ك and words such as «نحو» and «أكثر من» stay outside. Numbers inside expressions of
time are left to `extract.times`, those behind a designator («فرانس 24») or the number of a legal text
(«القرار 2254») to the names.

| text | value | unit |
|---|---|---|
| ثلاثة وعشرين شخصا | 23 | |
| 1.356,20 | 1356.2 | |
| مليونا و200 ألف | 1200000 | |
| 5 بالمئة | 5 | % |
| مليوني دولار | 2000000 | USD |
| 40 كيلومترا | 40 | km |
| للمرة الثانية | 2 | ord |
| أحد المسؤولين، مئات الأشخاص | | |

A dual counts with money and measures only («كيلومترين»). A currency that several countries have
(«دينار») has a unit where the article speaks of one of these countries, or of one more than of all
others together.
";

/// Worked examples.
const EXAMPLES: &[Example] = &[
    Example {
        about: "digits and words, with units",
        options: "{}",
        before: "خصصت الحكومة 2.5 مليون دولار لترميم ثلاثة وعشرين منزلا على مسافة 40 كيلومترا من المدينة، وارتفعت الأسعار بنسبة خمسة بالمئة للمرة الثانية.",
        after: "\
number «2.5 مليون دولار» value=2500000 unit=USD
number «ثلاثة وعشرين» value=23
number «40 كيلومترا» value=40 unit=km
number «خمسة بالمئة» value=5 unit=%
number «الثانية» value=2 unit=ord",
    },
    Example {
        about: "ordinals left out",
        options: r#"{"ordinals": false}"#,
        before: "وصلت القافلة الثالثة وفيها 12 شاحنة.",
        after: "number «12» value=12",
    },
];

/// Options of `extract.numbers`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// Whether ordinal numbers («الثاني», «أول») are marked too, with the unit `ord`.
    ordinals: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { ordinals: true }
    }
}

pub(crate) fn kind(lexicon: &SharedLexicon) -> StageKind {
    let lexicon = lexicon.clone();
    StageKind::new("extract.numbers", ABOUT, DOCS, move |options: Options, _| {
        let contract = Contract::new()
            .reads(Reads::layer("token", 1))
            .reads(Reads::layer("sentence", 1).optional())
            .reads(Reads::layer("language", 1).optional())
            .writes(Writes::rows("number", 1).attrs(["value", "unit"]).rules(RULES));
        let lexicon = lexicon.get();
        Ok(per_doc(
            contract,
            {
                let lexicon = Arc::clone(&lexicon);
                move |names: &Arc<Names>| Open::new(names, &lexicon)
            },
            move |open, document, cx| {
                let (content, mut rows) = document.annotate(cx);
                let (lexed, temporal) = Temporal::of(content, rows.tables(), &open.words, &lexicon);
                let quantities = Quantities::new(lexed, &lexicon, &temporal.times);
                for quantity in quantities.filter(|quantity| options.ordinals || quantity.unit != "ord") {
                    let rule = open.rules.get(quantity.rule as usize).copied().unwrap_or(Sym::NONE);
                    let added = rows.add(open.layer, quantity.span, Sym::NONE, rule, quantity.score);
                    let Some(row) = fresh(added)? else { continue };
                    rows.attr(row, open.value, &quantity.value.to_string())?;
                    if !quantity.unit.is_empty() {
                        rows.attr(row, open.unit, quantity.unit)?;
                    }
                }
                Ok(())
            },
        ))
    })
    .with_examples(EXAMPLES)
}

struct Open {
    words: WordNames,
    layer: LayerId,
    value: Sym,
    unit: Sym,
    rules: [Sym; RULES.len()],
}

impl Open {
    fn new(names: &Names, lexicon: &Arc<Lexicon>) -> Result<Self, StageError> {
        Ok(Open {
            words: WordNames::open(names, lexicon)?,
            layer: layer(names, "number")?,
            value: sym(names, "value")?,
            unit: sym(names, "unit")?,
            rules: syms(names, RULES)?,
        })
    }
}
