//! How errors call the value that is checked.

use std::cell::Cell;
use std::fmt;

use super::error::code;
use super::file::RESERVED;
use super::report::Path;
use super::suggest::{list, shown};
use super::tree::Node;

/// Whose value is checked, for the wording and the paths of errors.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'s> {
    /// The path of the value, such as `stage[2]`.
    pub(crate) prefix: &'s str,
    /// The kind of stage whose options these are.
    pub(crate) kind: Option<&'s str>,
    /// How many more values may be looked at.
    pub(crate) fuel: &'s Cell<usize>,
}

impl Subject<'_> {
    /// Enough for any schema that describes options. One that refers to itself in all its alternatives
    /// (it may come from a plugin) would ask for more with every level; what is not looked at then is
    /// left to the constructor of the stage.
    pub(crate) fn fuel(node: &Node) -> Cell<usize> {
        fn size(node: &Node) -> usize {
            1 + node.children().into_iter().map(size).sum::<usize>()
        }
        Cell::new(50_000 + 50 * size(node))
    }

    /// Whether one more value may be looked at.
    pub(crate) fn may_go_on(self) -> bool {
        let left = self.fuel.get();
        self.fuel.set(left.saturating_sub(1));
        left > 0
    }

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
            (1, Some(_), Path::Root) => format!("its only option is {}", list(names, "and")),
            (13.., Some(kind), _) => format!("`isnad stages {kind}` lists the options"),
            (_, Some(_), Path::Root) => format!("its options are {}", list(names, "and")),
            _ => format!("its keys are {}", list(names, "and")),
        }
    }
}
