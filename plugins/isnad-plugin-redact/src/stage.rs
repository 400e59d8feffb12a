//! The stage: options, what it says of itself, and the edits.

use isnad_arabic::digit_value;
use isnad_core::{Contract, Example, OptionError, Stage, StageKind, per_doc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::figure::Figure;
use crate::finder::{Found, Kind, Search, find};
use crate::rules::RULES;

/// Options of `redact.identifiers`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// What is withheld: `email`, `phone`, `national-id`, `iban`, `card`.
    pub kinds: Vec<Kind>,
    /// Countries (ISO 3166 codes such as `EG`) whose own telephone and id numbers are looked for; empty for all.
    /// Numbers with `+` or `00` before them are found whatever the country.
    pub countries: Vec<String>,
    /// How many of the last digits of a number stay readable, 4 at most.
    #[schemars(range(max = 4))]
    pub keep_last: u8,
    /// What stands in the text in place of each kind.
    pub replacements: Replacements,
}

/// What stands in the text in place of what is withheld.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Replacements {
    /// For an e-mail address.
    pub email: String,
    /// For a telephone number.
    pub phone: String,
    /// For a national id number.
    pub national_id: String,
    /// For a bank account.
    pub iban: String,
    /// For a payment card.
    pub card: String,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            kinds: KINDS.to_vec(),
            countries: Vec::new(),
            keep_last: 0,
            replacements: Replacements::default(),
        }
    }
}

impl Default for Replacements {
    fn default() -> Self {
        Replacements {
            email: "[بريد]".into(),
            phone: "[هاتف]".into(),
            national_id: "[رقم هوية]".into(),
            iban: "[حساب مصرفي]".into(),
            card: "[بطاقة]".into(),
        }
    }
}

impl Replacements {
    fn of(&self, kind: Kind) -> &str {
        match kind {
            Kind::Email => &self.email,
            Kind::Phone => &self.phone,
            Kind::NationalId => &self.national_id,
            Kind::Iban => &self.iban,
            Kind::Card => &self.card,
        }
    }
}

const KINDS: [Kind; 5] = [Kind::Email, Kind::Phone, Kind::NationalId, Kind::Iban, Kind::Card];

const NAMES: [&str; 5] = ["email", "phone", "national-id", "iban", "card"];

/// The closing brackets before which digits that stay readable are written.
const CLOSING: [char; 4] = [']', '»', '}', '⟩'];

/// The most digits that stay readable.
const KEPT: u8 = 4;

pub(crate) fn kind() -> StageKind {
    StageKind::new(
        "redact.identifiers",
        "withholds e-mail addresses, telephone numbers, ids, bank accounts and payment cards",
        DOCS,
        |options: Options, _| {
            let errors = errors(&options);
            if errors.is_empty() { Ok(stage(options)) } else { Err(errors) }
        },
    )
    .with_examples(EXAMPLES)
}

const DOCS: &str = "\
Puts a word such as «[هاتف]» in place of what identifies a person or leads to one, and *withholds* the original: no
output shows it, and metadata that hold the same string are masked too. It stands among the stages that normalize.

| kind | what is found | by itself | behind a word such as |
|---|---|---|---|
| `email` | press@example.com, خالد@مثال.السعودية | yes | |
| `phone` | +966 50 123 4567, 0020 10 1234 5678, ٠١٠١٢٣٤٥٦٧٨ | with `+` or `00`, mobile numbers that begin with 0 | «هاتف», «للتواصل», «واتساب»: any with 7 to 12 digits |
| `national-id` | Egypt, Saudi Arabia, Emirates, Kuwait; other countries behind a word | where date or check digit is right | «الهوية», «الرقم القومي» |
| `iban` | SA03 8000 0000 6080 1016 7519 | length and check digits are right | |
| `card` | 4111 1111 1111 1111 | range, groups and check digit are right | |

Digits of all three sets, spaces, dashes, points, brackets and characters that show nothing may stand in a number.
Years, dates, times, amounts («1,250,000 دولار»), shares, coordinates and web addresses stay, except numbers behind
`wa.me/`, `tel:` and their like. Not found: numbers in words, «name (at) example.com», numbers in pictures.
";

const EXAMPLES: &[Example] = &[
    Example {
        about: "a telephone number and an e-mail address",
        options: "{}",
        before: "للتواصل: 0501234567 أو press@example.com",
        after: "للتواصل: [هاتف] أو [بريد]",
    },
    Example {
        about: "other digits, other groups; a date and an amount stay",
        options: "{}",
        before: "في 16/5/2023 دفع 1,250,000 جنيه، واتساب +٢٠ ١٠ ١٢٣٤ ٥٦٧٨، الرقم القومي 29001012112345",
        after: "في 16/5/2023 دفع 1,250,000 جنيه، واتساب [هاتف]، الرقم القومي [رقم هوية]",
    },
    Example {
        about: "the last digits stay, with another word",
        options: r#"{ "kinds": ["phone"], "keep_last": 3, "replacements": { "phone": "«رقم»" } }"#,
        before: "اتصل على 07701234567 أو a@example.com",
        after: "اتصل على «رقم …567» أو a@example.com",
    },
];

/// All that is wrong with the options.
fn errors(options: &Options) -> Vec<OptionError> {
    let mut errors = Vec::new();
    let known = RULES.countries();
    for (index, country) in options.countries.iter().enumerate() {
        if !known.iter().any(|known| known.eq_ignore_ascii_case(country)) {
            let message = format!("nothing is known of `{country}`; the countries are {}", known.join(", "));
            errors.push(OptionError::new(format!("countries.{index}"), message));
        }
    }
    if options.keep_last > KEPT {
        errors.push(OptionError::new("keep_last", format!("at most {KEPT} digits may stay readable")));
    }
    for (kind, name) in KINDS.into_iter().zip(NAMES) {
        let with = options.replacements.of(kind);
        let is_taken = |c: char| digit_value(c).is_some() || matches!(c, '@' | '+');
        let message = if with.trim().is_empty() {
            "it is empty; give a text such as `[…]`"
        } else if with.contains(is_taken) {
            "it holds a digit, `@` or `+`, which would be looked at again; leave them out"
        } else if options.keep_last > 0 && !with.ends_with(CLOSING) {
            "the digits that stay stand before its closing bracket; let it end in `]`, `»`, `}` or `⟩`"
        } else {
            continue;
        };
        errors.push(OptionError::new(format!("replacements.{name}"), message));
    }
    errors
}

fn stage(options: Options) -> impl Stage {
    per_doc(
        Contract::new().rewrites_text(),
        |_| Ok((Figure::default(), Vec::new())),
        move |(figure, found): &mut (Figure, Vec<Found>), document, cx| {
            // What is withheld changes what stands beside a number: «0501234567:1a@example.com» shows its first
            // one when the address has gone. Each round leaves fewer digits and `@`, so there is a last one.
            loop {
                document.edit(cx, |content, edits| {
                    let search = Search { kinds: &options.kinds, countries: &options.countries };
                    let replaced = |text: &str| replaced(&options, text);
                    found.clear();
                    find(content.text(), &search, &replaced, figure, found);
                    for found in found.iter() {
                        let original = content.text().get(found.range.clone()).unwrap_or_default();
                        edits.withhold(found.range.clone(), &replacement(&options, found.kind, original))?;
                    }
                    Ok(())
                })?;
                if found.is_empty() {
                    return Ok(());
                }
            }
        },
    )
}

/// What is written in place of a number or address.
fn replacement(options: &Options, kind: Kind, original: &str) -> String {
    let with = options.replacements.of(kind);
    let digits: Vec<char> = original.chars().filter(|c| digit_value(*c).is_some()).collect();
    let kept = usize::from(options.keep_last);
    let (Some(close), true) = (with.chars().next_back(), kept > 0 && kind != Kind::Email) else {
        return with.to_owned();
    };
    let last: String = digits.iter().skip(digits.len().saturating_sub(kept)).collect();
    format!("{} …{last}{close}", with.trim_end_matches(close))
}

/// The kind of the replacement that `text` ends with.
fn replaced(options: &Options, text: &str) -> Option<Kind> {
    let ends = |kind: &Kind| {
        let with = options.replacements.of(*kind);
        if text.ends_with(with) {
            return true;
        }
        let Some(close) = with.chars().next_back().filter(|_| options.keep_last > 0 && *kind != Kind::Email)
        else {
            return false;
        };
        text.strip_suffix(close)
            .map(|text| text.trim_end_matches(|c| digit_value(c).is_some()))
            .and_then(|text| text.strip_suffix(" …"))
            .is_some_and(|text| text.ends_with(with.trim_end_matches(close)))
    };
    KINDS.into_iter().find(ends)
}
