//! The laws by name.

use std::fmt;

/// A law of stages; the module page says what each one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Law {
    /// Not a law of the stage: the stages before it do not work or do not fit, or what the check itself
    /// needs is not there.
    Chain,
    /// No text makes the stage panic or end the run.
    NoPanic,
    /// Rows lie where they may.
    Rows,
    /// Only what is declared changes.
    Honest,
    /// The layers that the contract names are enough.
    NeedsItsReads,
    /// Same input, same output.
    Deterministic,
    /// Documents do not depend on their batch.
    BatchFree,
    /// Documents do not depend on their order.
    Order,
    /// Workers on two threads do what one does.
    Threads,
    /// Rewriting twice is rewriting once, on a sound alignment.
    Normal,
    /// Derived views fit the text.
    Views,
    /// Rolling back restores.
    Rollback,
    /// Stopping is clean.
    Cancel,
    /// Encoding depends on the documents only.
    Sink,
    /// The worst texts are handled like any other.
    Hostile,
    /// Memory does not grow with the number of batches.
    Memory,
}

impl Law {
    /// All laws of a stage, in the order in which they are checked.
    pub const ALL: &'static [Law] = &[
        Law::NoPanic,
        Law::Honest,
        Law::Rows,
        Law::Views,
        Law::Normal,
        Law::NeedsItsReads,
        Law::Deterministic,
        Law::BatchFree,
        Law::Order,
        Law::Threads,
        Law::Rollback,
        Law::Cancel,
        Law::Sink,
        Law::Hostile,
        Law::Memory,
    ];

    /// The law of this name.
    ///
    /// ```
    /// use isnad_testkit::laws::Law;
    ///
    /// assert_eq!(Law::from_name("batch-free"), Some(Law::BatchFree));
    /// assert_eq!(Law::from_name("batch"), None);
    /// ```
    pub fn from_name(name: &str) -> Option<Law> {
        Law::ALL.iter().copied().find(|law| law.name() == name)
    }

    /// Its name as the module page has it.
    pub fn name(self) -> &'static str {
        match self {
            Law::Chain => "chain",
            Law::NoPanic => "no-panic",
            Law::Rows => "rows",
            Law::Honest => "honest",
            Law::NeedsItsReads => "needs-its-reads",
            Law::Deterministic => "deterministic",
            Law::BatchFree => "batch-free",
            Law::Order => "order",
            Law::Threads => "threads",
            Law::Normal => "normal",
            Law::Views => "views",
            Law::Rollback => "rollback",
            Law::Cancel => "cancel",
            Law::Sink => "sink",
            Law::Hostile => "hostile",
            Law::Memory => "memory",
        }
    }

    /// What holds for a stage that keeps it, in a sentence.
    pub fn about(self) -> &'static str {
        match self {
            Law::Chain => "The stages before the one under test run, and their contracts fit.",
            Law::NoPanic => "No text makes the stage panic or end the run.",
            Law::Rows => {
                "Rows are not empty, lie in the text on code-point borders, and map to something in the raw text."
            }
            Law::Honest => {
                "Only what the contract declares changes, and the contract is always the same; raw text, \
                 metadata, earlier rows and documents that are out stay as they were."
            }
            Law::NeedsItsReads => "Shown only the layers that its contract names, the stage writes the same.",
            Law::Deterministic => "Same input, same output, whichever worker, however often.",
            Law::BatchFree => "What becomes of a document does not depend on the others of its batch.",
            Law::Order => "What becomes of a document does not depend on the order of documents.",
            Law::Threads => "Two workers on two threads at the same time do what one does.",
            Law::Normal => {
                "Rewriting twice is rewriting once, and the alignment covers the text and is monotone."
            }
            Law::Views => "Census and folded text are those of the text as it is now.",
            Law::Rollback => "A rolled-back document is as it was.",
            Law::Cancel => "Told to stop, the stage returns without an error or with a cancellation.",
            Law::Sink => {
                "Equal documents make equal bytes, whatever the batches, and no file has its name before \
                 the output is finished."
            }
            Law::Hostile => {
                "Empty, broken, huge and deeply nested texts are handled without a panic, and rows are sound."
            }
            Law::Memory => "Memory stays flat over many small batches.",
        }
    }

    /// Whether it is checked on every batch of articles; else once, on articles of its own.
    pub(super) fn is_per_case(self) -> bool {
        !matches!(self, Law::Hostile | Law::Memory)
    }
}

impl fmt::Display for Law {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
