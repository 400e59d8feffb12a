//! Stages that rewrite text, so that whatever comes after them sees one spelling. They delete and
//! replace through [`isnad_core::Edits`] only: every character of the new text still knows which
//! stretch of the raw text it came from.
//!
//! | stage | what it does |
//! |---|---|
//! | `normalize.repair` | undoes wrong encodings, visual order, detached handles, HTML entities |
//! | `normalize.unicode` | NFC; letters already shaped become plain letters |
//! | `normalize.controls` | removes control, direction and zero-width characters; one kind of line break |
//! | `normalize.marks` | removes vowel marks |
//! | `normalize.tatweel` | removes the elongation stroke |
//! | `normalize.letters` | writes one letter for several that are confused |
//! | `normalize.digits` | writes digits and their separators in one set |
//! | `normalize.punctuation` | puts spaces and Arabic commas where they belong |
//! | `normalize.space` | one space between words, no blank at line ends, few blank lines |
//!
//! Each can be used alone; together they are meant to stand in this order. All are idempotent, and a
//! stage does not touch a document in which none of its characters occurs.
//!
//! ```
//! use isnad_core::{NoFiles, Registry};
//!
//! let mut registry = Registry::new();
//! isnad_normalize::register(&mut registry);
//! let marks = registry.get("normalize.marks").expect("it was registered");
//! assert!(marks.docs().contains("U+0651"));
//! let stage = marks.create(serde_json::json!({ "shadda": false }), &NoFiles).expect("the option is known");
//! # let _ = stage;
//! ```

mod controls;
mod digits;
mod letters;
mod links;
mod marks;
mod punctuation;
mod repair;
mod rewriter;
mod space;
mod stops;
mod tatweel;
mod unicode;

use isnad_core::Registry;

pub use controls::{ControlOptions, Joiners};
pub use digits::{DigitOptions, Digits};
pub use letters::{Hamza, LetterOptions};
pub use marks::MarkOptions;
pub use punctuation::{Dashes, Ellipsis, PunctuationOptions, Quotes};
pub use repair::RepairOptions;
pub use space::SpaceOptions;
pub use tatweel::{Lone, TatweelOptions};
pub use unicode::UnicodeOptions;

/// Adds all stages of this crate.
pub fn register(registry: &mut Registry) {
    registry.add(repair::kind());
    registry.add(unicode::kind());
    registry.add(controls::kind());
    registry.add(marks::kind());
    registry.add(tatweel::kind());
    registry.add(letters::kind());
    registry.add(digits::kind());
    registry.add(punctuation::kind());
    registry.add(space::kind());
}
