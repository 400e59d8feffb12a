//! Facts about the Arabic script: which code point is what, how spellings fold together, which
//! letters may stand attached before or after a word. This crate knows no document and no pipeline.
//!
//! ```
//! use isnad_arabic::{fold, Folded};
//!
//! // Folding removes what spelling varies in: hamza seats, final ya, ta marbuta, marks, tatweel.
//! assert_eq!(fold("أَنْتُونِي بلينكـــن ٢٠٢٣"), "انتوني بلينكن 2023");
//!
//! // The folded view remembers where each of its bytes came from.
//! let folded = Folded::new("قـال");
//! assert_eq!(folded.text(), "قال");
//! assert_eq!(folded.to_text(2), 4); // the alef stands behind the tatweel
//! ```

#![cfg_attr(test, allow(clippy::string_slice, reason = "tests slice texts they know"))]

mod census;
mod clitics;
mod digits;
mod fold;
mod letters;
mod scan;
mod skeleton;

pub use census::{Census, Entry, Recount, is_plain};
pub use clitics::{
    Enclitic, Path, Proclitic, each_proclitic, enclitics, find_proclitic, is_proclitic, proclitics,
};
pub use digits::{ascii_digit, digit_value};
pub use fold::{Ascending, Folded, fold, fold_into};
pub use letters::{Class, Classes, class, is_arabic_letter, is_blank, is_mark, is_space};
pub use skeleton::{skeleton, skeleton_into};
