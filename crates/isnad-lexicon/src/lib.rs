//! The lexicon: what the extraction knows of Arabic words and of the world, as tables in `data/` that
//! an Arabic speaker can read and extend, compiled in.
//!
//! ```
//! use isnad_lexicon::{Phrases, Table, WordTable};
//!
//! let table = Table::parse("seas.tsv", "name\tname_en\nالبحر الأحمر\tRed Sea\n", &["name"]).unwrap();
//! let mut seas = Phrases::default();
//! for record in table.records() {
//!     seas.add(record.get("name"), record.get("name_en"));
//! }
//! assert_eq!(seas.look_up("البحر الاحمر"), ["Red Sea"]); // spellings fold together
//!
//! let mut words = WordTable::default();
//! words.add("مدرسة", 7);
//! assert_eq!(words.look_up("مدرسه"), Some(&7));
//! ```

pub mod data;

mod clauses;
mod cues;
mod facts;
mod lexicon;
mod names;
mod numbers;
mod phrases;
mod table;
mod times;
mod titles;
mod vocabulary;
mod word_table;
mod writing;

pub use clauses::{ClauseLexicon, ClauseWord};
pub use cues::{CueForm, CueLemma, CueLexicon, CuePhrase, Follows, FormKind, Frame, PhraseKind, Subject};
pub use facts::Facts;
pub use lexicon::Lexicon;
pub use names::{Entity, NameHit, NameLabel, NameLexicon, nisba_forms};
pub use numbers::{NumberKind, NumberLexicon, NumberWord, UnitNeeds, UnitWord};
pub use phrases::{Node, Phrases};
pub use table::{Record, Table, TableError};
pub use times::{Count, DayPart, Portion, TimeLexicon, TimeRef, TimeUnit, TimeWord};
pub use titles::{ModifierKind, OrgHead, SourceHead, TitleHead, TitleKind, TitleLexicon};
pub use vocabulary::{NameToken, Vocabulary, WordClass};
pub use word_table::{WordTable, word_hash};
pub use writing::{Abbreviations, TopLevelDomains};
