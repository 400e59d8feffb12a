//! How errors call the value that is checked.

use std::fmt;

use super::error::code;
use super::file::RESERVED;
use super::report::Path;
use super::suggest::{list, shown};

/// Whose value is checked, for the wording and the paths of errors.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'s> {
    /// The path of the value, such as `stage[2]`.
    pub(crate) prefix: &'s str,
    /// The kind of stage whose options these are.
    pub(crate) kind: Option<&'s str>,
}

impl Subject<'_> {
    /// The path from the top of the file.
    pub(crate) fn full(self, path: Path<'_>) -> impl fmt::Display {
        match path {
            Path::Root => self.prefix.to_owned(),
            path => format!("{}.{path}", self.prefix),
        }
    }

    /// What an error calls the value.
    pub(crate) fn name(self, path: Path<'_>) -> String {
        match (self.kind, path) {
            (Some(kind), Path::Root) => format!("the options of `{kind}`"),
            (Some(kind), path) => format!("option `{}` of `{kind}`", shown(&path.to_string())),
            (None, path) => format!("`{}`", shown(&self.full(path).to_string())),
        }
    }

    pub(crate) fn unknown(self, path: Path<'_>, key: &str) -> (&'static str, String) {
        match self.kind {
            Some(kind) => {
                let name = shown(&Path::Key(&path, key).to_string());
                (code::UNKNOWN_OPTION, format!("unknown option `{name}` of `{kind}`"))
            }
            None => (code::UNKNOWN_KEY, format!("unknown key `{}` in `{}`", shown(key), self.full(path))),
        }
    }

    /// The keys that every stage has beside its options.
    pub(crate) fn reserved<'n>(self, path: Path<'_>) -> impl Iterator<Item = &'n str> + use<'n> {
        let is_stage = self.kind.is_some() && matches!(path, Path::Root);
        RESERVED.into_iter().filter(move |_| is_stage)
    }

    pub(crate) fn names_help<'n>(self, path: Path<'_>, names: impl Iterator<Item = &'n str>) -> String {
        let names: Vec<&str> = names.collect();
        match (names.len(), self.kind, path) {
            (0, Some(kind), Path::Root) => format!("`{kind}` has no options"),
            (0, ..) => "it has no keys".to_owned(),
            (13.., Some(kind), _) => format!("`isnad stages {kind}` lists the options"),
            (_, Some(_), Path::Root) => format!("its options are {}", list(names, "and")),
            _ => format!("its keys are {}", list(names, "and")),
        }
    }
}
