//! The tables as text. Each begins with comments that say what it is, its source and licence.

/// Abbreviations that end in a full stop.
pub const ABBREVIATIONS: &str = include_str!("../data/abbreviations.tsv");
/// Phrases that name the channel of an utterance.
pub const CHANNELS: &str = include_str!("../data/channels.tsv");
/// Ordinary words that are no names, by class.
pub const COMMON_WORDS: &str = include_str!("../data/common_words.tsv");
/// Countries and territories with their demonyms.
pub const COUNTRIES: &str = include_str!("../data/countries.tsv");
/// Fixed phrases that introduce speech.
pub const CUE_PHRASES: &str = include_str!("../data/cue_phrases.tsv");
/// Verbs of speech and attitude.
pub const CUES: &str = include_str!("../data/cues.tsv");
/// Words for groups that are no nation of one country.
pub const DEMONYMS: &str = include_str!("../data/demonyms.tsv");
/// Named events, treaties, works and products.
pub const EVENTS: &str = include_str!("../data/events.tsv");
/// Languages in Arabic script.
pub const LANGUAGES: &str = include_str!("../data/languages.tsv");
/// What ministries are called.
pub const MINISTRIES: &str = include_str!("../data/ministries.tsv");
/// Words of personal names.
pub const NAME_TOKENS: &str = include_str!("../data/name_tokens.tsv");
/// Common nouns that begin the name of an organisation or building.
pub const ORG_HEADS: &str = include_str!("../data/org_heads.tsv");
/// Organisations.
pub const ORGS: &str = include_str!("../data/orgs.tsv");
/// People.
pub const PEOPLE: &str = include_str!("../data/people.tsv");
/// Cities, regions, seas, buildings.
pub const PLACES: &str = include_str!("../data/places.tsv");
/// Words that only seem to begin with a proclitic.
pub const PSEUDO_CLITICS: &str = include_str!("../data/pseudo_clitics.tsv");
/// Common nouns that speak.
pub const SOURCES: &str = include_str!("../data/sources.tsv");
/// Adjectives of titles.
pub const TITLE_MODIFIERS: &str = include_str!("../data/title_modifiers.tsv");
/// Top-level domains.
pub const TLDS: &str = include_str!("../data/tlds.tsv");
/// Titles, offices, occupations.
pub const TITLES: &str = include_str!("../data/titles.tsv");
/// Function words that are compared unfolded.
pub const UNFOLDED_WORDS: &str = include_str!("../data/unfolded_words.tsv");
/// Words that join the parts of a name.
pub const NAME_CONNECTORS: &str = include_str!("../data/name_connectors.tsv");
/// Currencies.
pub const CURRENCIES: &str = include_str!("../data/currencies.tsv");
/// Names of months.
pub const MONTHS: &str = include_str!("../data/months.tsv");
/// Words of number.
pub const NUMBER_WORDS: &str = include_str!("../data/number_words.tsv");
/// Units of time.
pub const TIME_UNITS: &str = include_str!("../data/time_units.tsv");
/// Words and phrases of time.
pub const TIME_WORDS: &str = include_str!("../data/time_words.tsv");
/// Units of measure.
pub const UNITS: &str = include_str!("../data/units.tsv");
/// Days of the week.
pub const WEEKDAYS: &str = include_str!("../data/weekdays.tsv");
/// Words that decide where a quotation begins and ends.
pub const CLAUSE_WORDS: &str = include_str!("../data/clause_words.tsv");
/// Common nouns that speak for an ambiguous name behind them.
pub const NAME_CONTEXTS: &str = include_str!("../data/name_contexts.tsv");
