//! What tests expect, where it stands in files: `ISNAD_UPDATE=1 cargo test -p isnad-tests` rewrites all of it,
//! to be read as a diff.

use std::fs;
use std::path::Path;

use similar::TextDiff;

use crate::program::top;

/// Whether expectations are to be rewritten instead of compared.
pub(crate) fn updating() -> bool {
    std::env::var_os("ISNAD_UPDATE").is_some_and(|value| !value.is_empty() && value != "0")
}

/// Compares a file of the repository, named from its top, with what it has to hold; rewrites it when
/// updating. `Err` says what differs.
pub(crate) fn file(path: &str, found: &str) -> Result<(), String> {
    let place = top().join(path);
    let expected = fs::read_to_string(&place).unwrap_or_default();
    if expected == found {
        return Ok(());
    }
    if updating() {
        write(&place, found);
        return Ok(());
    }
    let hint = "`ISNAD_UPDATE=1 cargo test -p isnad-tests` rewrites it";
    Err(format!("{path} is not what it has to be ({hint}):\n{}", difference(&expected, found)))
}

/// Writes a file of expectations.
pub(crate) fn write(place: &Path, text: &str) {
    fs::write(place, text).unwrap_or_else(|error| panic!("{}: {error}", place.display()));
}

/// What differs, line by line: `-` was expected, `+` was found.
pub(crate) fn difference(expected: &str, found: &str) -> String {
    let diff = TextDiff::from_lines(expected, found);
    let mut out = diff.unified_diff().context_radius(2).missing_newline_hint(false).to_string();
    // The lines `@@ -1,3 +1,3 @@` count from the beginning of a block, which helps nobody.
    out =
        out.lines().filter(|line| !line.starts_with("@@")).fold(String::new(), |out, line| out + line + "\n");
    out
}
