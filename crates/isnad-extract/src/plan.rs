//! Looking names up in a plan: what every stage does when it opens.

use isnad_core::{LayerId, Names, RowError, RowRef, StageError, Sym};

/// The number of a layer that the stage's contract declares.
pub(crate) fn layer(names: &Names, name: &str) -> Result<LayerId, StageError> {
    names.layer(name).ok_or_else(|| StageError::undeclared(name))
}

/// The number of a label, key or rule that the stage's contract declares.
pub(crate) fn sym(names: &Names, name: &str) -> Result<Sym, StageError> {
    names.sym(name).ok_or_else(|| StageError::undeclared(name))
}

/// The numbers of several names, in their order.
pub(crate) fn syms<const N: usize>(names: &Names, list: [&str; N]) -> Result<[Sym; N], StageError> {
    let mut out = [Sym::NONE; N];
    for (slot, name) in out.iter_mut().zip(list) {
        *slot = sym(names, name)?;
    }
    Ok(out)
}

/// A row that was added; `None` where another stage has written the same one to an open layer.
///
/// # Errors
/// Any other reason for which the row was refused.
pub(crate) fn fresh(added: Result<RowRef, RowError>) -> Result<Option<RowRef>, RowError> {
    match added {
        Ok(row) => Ok(Some(row)),
        Err(RowError::Duplicate(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether an attr was written; `false` where another stage has given the row a value that stays.
///
/// # Errors
/// Any other reason for which the attr was refused.
pub(crate) fn unwritten(written: Result<(), RowError>) -> Result<bool, RowError> {
    match written {
        Ok(()) => Ok(true),
        Err(RowError::Written(..)) => Ok(false),
        Err(error) => Err(error),
    }
}
