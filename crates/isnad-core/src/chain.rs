//! The check of a chain of contracts, before anything is opened: a plan, or every error.

use std::fmt;
use std::sync::Arc;

use crate::contract::{Contract, DocumentEffect, SinkKind, TextAccess};
use crate::names::{LayerId, Names, Sym};

/// A stage of a chain as the check sees it.
#[derive(Clone, Copy, Debug)]
pub struct ChainLink<'a> {
    /// The id of the stage, unique in its chain.
    pub id: &'a str,
    /// Its contract as configured.
    pub contract: &'a Contract,
}

/// What a checked chain comes to: the numbered names, and what each stage may do.
#[derive(Clone, Debug)]
pub struct Plan {
    /// All names of the chain.
    pub names: Arc<Names>,
    /// What each stage may write, in the order of the chain.
    pub grants: Vec<Arc<Grants>>,
}

/// What one stage may write.
#[derive(Clone, Debug, Default)]
pub struct Grants {
    layers: Vec<Grant>,
    /// Whether it may rewrite text.
    pub edits: bool,
    /// Whether it may drop documents.
    pub drops: bool,
    /// Whether it looks at metadata.
    pub meta: bool,
}

#[derive(Clone, Debug, Default)]
struct Grant {
    lent: bool,
    rows: bool,
    labels: Vec<Sym>,
    rules: Vec<Sym>,
    attrs: Vec<Sym>,
    links: Vec<Sym>,
}

impl Grants {
    /// What a stage with this contract may do in a plan with these names.
    pub fn of(contract: &Contract, names: &Names) -> Self {
        grants(contract, names)
    }

    /// Whether rows may be added to the layer.
    pub fn rows(&self, layer: LayerId) -> bool {
        self.layers.get(layer.0 as usize).is_some_and(|grant| grant.rows)
    }

    /// Whether the contract names the layer at all: a stage behind a border is shown these layers only.
    pub fn lent(&self, layer: LayerId) -> bool {
        self.layers.get(layer.0 as usize).is_some_and(|grant| grant.lent)
    }

    /// Whether rows of the layer may bear the label; all may go without one.
    pub fn label(&self, layer: LayerId, label: Sym) -> bool {
        label == Sym::NONE
            || self.layers.get(layer.0 as usize).is_some_and(|grant| grant.labels.contains(&label))
    }

    /// Whether rows of the layer may name the rule; all may go without one.
    pub fn rule(&self, layer: LayerId, rule: Sym) -> bool {
        rule == Sym::NONE
            || self.layers.get(layer.0 as usize).is_some_and(|grant| grant.rules.contains(&rule))
    }

    /// Whether the attr may be written on rows of the layer.
    pub fn attr(&self, layer: LayerId, key: Sym) -> bool {
        self.layers.get(layer.0 as usize).is_some_and(|grant| grant.attrs.contains(&key))
    }

    /// Whether the link may be written on rows of the layer.
    pub fn link(&self, layer: LayerId, key: Sym) -> bool {
        self.layers.get(layer.0 as usize).is_some_and(|grant| grant.links.contains(&key))
    }
}

/// Something wrong in a chain. `stage` is the place of the stage at fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainError {
    /// Place in the chain.
    pub stage: usize,
    /// What is wrong, by kind.
    pub kind: ChainErrorKind,
}

/// The kinds of [`ChainError`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChainErrorKind {
    /// Nothing before the stage gives the layer.
    MissingLayer {
        /// The layer.
        layer: String,
        /// A later stage that gives it, by id.
        later: Option<String>,
        /// Known stages that give it, by name.
        providers: Vec<String>,
    },
    /// The layer is there, but nothing before the stage writes this attr or link on it.
    MissingKey {
        /// The layer.
        layer: String,
        /// The attr or link.
        key: String,
        /// A later stage that writes it, by id.
        later: Option<String>,
        /// Known stages that write it, by name.
        providers: Vec<String>,
    },
    /// The layer is there in another version.
    Version {
        /// The layer.
        layer: String,
        /// The version the stage needs or writes.
        wanted: u16,
        /// The version there is.
        found: u16,
        /// Who gives it, by id.
        by: String,
    },
    /// The stage rewrites text on which rows lie already.
    RewriteAfterRows {
        /// The first stage that wrote rows, by id.
        first: String,
    },
    /// Rows of an exclusive layer come from two stages.
    Twice {
        /// The layer.
        layer: String,
        /// The other stage, by id.
        other: String,
    },
    /// The stage writes out rows, and nothing before it makes any.
    NothingToWrite,
    /// The id stands twice in the chain.
    DuplicateId {
        /// The id.
        id: String,
    },
}

impl fmt::Display for ChainErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ChainErrorKind::MissingLayer { layer, later, providers } => {
                write!(f, "needs layer `{layer}`, which no stage before it gives")?;
                advice(f, later.as_deref(), providers)
            }
            ChainErrorKind::MissingKey { layer, key, later, providers } => {
                write!(f, "needs `{layer}.{key}`, which no stage before it writes")?;
                advice(f, later.as_deref(), providers)
            }
            ChainErrorKind::Version { layer, wanted, found, by } => write!(
                f,
                "speaks layer `{layer}@{wanted}`, but `{by}` speaks `{layer}@{found}`; use versions of the two that fit"
            ),
            ChainErrorKind::RewriteAfterRows { first } => write!(
                f,
                "rewrites text, but `{first}` before it has already made rows on the text; move it before `{first}`"
            ),
            ChainErrorKind::Twice { layer, other } => write!(
                f,
                "makes the rows of `{layer}`, which come from one stage only, and `{other}` makes them too; remove one"
            ),
            ChainErrorKind::NothingToWrite => f.write_str(
                "writes out rows, but no stage before it makes any; put an `extract` stage before it",
            ),
            ChainErrorKind::DuplicateId { id } => {
                write!(f, "the id `{id}` is taken by an earlier stage; give one of the two another `id`")
            }
        }
    }
}

fn advice(f: &mut fmt::Formatter<'_>, later: Option<&str>, providers: &[String]) -> fmt::Result {
    match (later, providers) {
        (Some(later), _) => write!(f, "; `{later}` gives it, but later: move it up"),
        (None, []) => f.write_str("; no known stage gives it"),
        (None, [one]) => write!(f, "; put `{one}` before it"),
        (None, many) => write!(f, "; put one of `{}` before it", many.join("`, `")),
    }
}

/// Checks a chain. `providers(layer, key)` names the known stages that give a layer (and write a key
/// on it), for the advice in errors.
///
/// # Errors
/// All that is wrong, in the order of the chain.
pub fn check_chain(
    chain: &[ChainLink<'_>],
    providers: &dyn Fn(&str, Option<&str>) -> Vec<String>,
) -> Result<Plan, Vec<ChainError>> {
    let mut errors: Vec<ChainError> = Vec::new();
    for (stage, link) in chain.iter().enumerate() {
        // A layer that a stage reads and adds to is missing once.
        let mut report = |kind| {
            let error = ChainError { stage, kind };
            if !errors.contains(&error) {
                errors.push(error);
            }
        };
        let (before, after) =
            (chain.get(..stage).unwrap_or_default(), chain.get(stage + 1..).unwrap_or_default());
        if before.iter().any(|other| other.id == link.id) {
            report(ChainErrorKind::DuplicateId { id: link.id.to_owned() });
        }
        for reads in link.contract.reads.iter().filter(|reads| !reads.optional) {
            let Some((by, found)) = row_writer(before, &reads.layer) else {
                report(ChainErrorKind::MissingLayer {
                    layer: reads.layer.to_string(),
                    later: row_writer(after, &reads.layer).map(|(id, _)| id.to_owned()),
                    providers: providers(&reads.layer, None),
                });
                continue;
            };
            if found != reads.version {
                report(version_error(&reads.layer, reads.version, found, by));
                continue;
            }
            for key in reads.keys.iter().filter(|key| key_writer(before, &reads.layer, key).is_none()) {
                report(ChainErrorKind::MissingKey {
                    layer: reads.layer.to_string(),
                    key: key.to_string(),
                    later: key_writer(after, &reads.layer, key).map(str::to_owned),
                    providers: providers(&reads.layer, Some(key)),
                });
            }
        }
        for writes in &link.contract.writes {
            match row_writer(before, &writes.layer) {
                Some((by, found)) if found != writes.version => {
                    report(version_error(&writes.layer, writes.version, found, by));
                }
                Some((by, _)) if writes.rows && (writes.exclusive || is_exclusive(before, &writes.layer)) => {
                    report(ChainErrorKind::Twice { layer: writes.layer.to_string(), other: by.to_owned() });
                }
                None if !writes.rows => report(ChainErrorKind::MissingLayer {
                    layer: writes.layer.to_string(),
                    later: row_writer(after, &writes.layer).map(|(id, _)| id.to_owned()),
                    providers: providers(&writes.layer, None),
                }),
                _ => {}
            }
        }
        let first_rows = before.iter().find(|other| other.contract.writes.iter().any(|writes| writes.rows));
        if let (TextAccess::Rewrites, Some(first)) = (link.contract.text, first_rows) {
            report(ChainErrorKind::RewriteAfterRows { first: first.id.to_owned() });
        }
        if link.contract.sink == SinkKind::Rows && first_rows.is_none() {
            report(ChainErrorKind::NothingToWrite);
        }
    }
    if errors.is_empty() { Ok(plan(chain)) } else { Err(errors) }
}

fn version_error(layer: &str, wanted: u16, found: u16, by: &str) -> ChainErrorKind {
    ChainErrorKind::Version { layer: layer.to_owned(), wanted, found, by: by.to_owned() }
}

fn row_writer<'a>(chain: &[ChainLink<'a>], layer: &str) -> Option<(&'a str, u16)> {
    chain.iter().find_map(|link| {
        let writes = link.contract.writes.iter().find(|writes| writes.rows && writes.layer == layer)?;
        Some((link.id, writes.version))
    })
}

fn is_exclusive(chain: &[ChainLink<'_>], layer: &str) -> bool {
    chain
        .iter()
        .flat_map(|link| &link.contract.writes)
        .any(|writes| writes.layer == layer && writes.exclusive)
}

fn key_writer<'a>(chain: &[ChainLink<'a>], layer: &str, key: &str) -> Option<&'a str> {
    let writes_it = |link: &&ChainLink<'a>| {
        let mut writes = link.contract.writes.iter().filter(|writes| writes.layer == layer);
        writes.any(|writes| writes.attrs.iter().chain(&writes.links).any(|k| k == key))
    };
    chain.iter().find(writes_it).map(|link| link.id)
}

fn plan(chain: &[ChainLink<'_>]) -> Plan {
    let mut names = Names::default();
    for link in chain {
        names.add_stage(link.id);
        for writes in &link.contract.writes {
            names.add_layer(&writes.layer, writes.version);
            for name in writes.labels.iter().chain(&writes.attrs).chain(&writes.links).chain(&writes.rules) {
                names.add_sym(name);
            }
        }
    }
    let grants = chain.iter().map(|link| Arc::new(grants(link.contract, &names))).collect();
    Plan { names: Arc::new(names), grants }
}

fn grants(contract: &Contract, names: &Names) -> Grants {
    let mut layers = Vec::new();
    layers.resize_with(names.layer_count(), Grant::default);
    for reads in &contract.reads {
        if let Some(grant) = names.layer(&reads.layer).and_then(|layer| layers.get_mut(layer.0 as usize)) {
            grant.lent = true;
        }
    }
    for writes in &contract.writes {
        let Some(grant) = names.layer(&writes.layer).and_then(|layer| layers.get_mut(layer.0 as usize))
        else {
            continue;
        };
        grant.lent = true;
        grant.rows |= writes.rows;
        grant.labels.extend(writes.labels.iter().filter_map(|label| names.sym(label)));
        grant.rules.extend(writes.rules.iter().filter_map(|rule| names.sym(rule)));
        grant.attrs.extend(writes.attrs.iter().filter_map(|key| names.sym(key)));
        grant.links.extend(writes.links.iter().filter_map(|key| names.sym(key)));
    }
    Grants {
        layers,
        edits: contract.text == TextAccess::Rewrites,
        drops: contract.documents == DocumentEffect::Drops,
        meta: contract.meta,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::StageId;
    use crate::contract::{Reads, Writes};

    fn check(chain: &[(&str, Contract)]) -> Vec<String> {
        let links: Vec<ChainLink<'_>> =
            chain.iter().map(|(id, contract)| ChainLink { id, contract }).collect();
        let providers = |layer: &str, _: Option<&str>| vec![format!("extract.{layer}s")];
        match check_chain(&links, &providers) {
            Ok(_) => Vec::new(),
            Err(errors) => errors.iter().map(|e| format!("{}: {}", links[e.stage].id, e.kind)).collect(),
        }
    }

    fn tokens() -> Contract {
        Contract::new().writes(Writes::rows("token", 1).exclusive().labels(["word"]))
    }

    #[test]
    fn a_sound_chain_yields_a_plan() {
        let quotes = Contract::new()
            .reads(Reads::layer("token", 1))
            .writes(Writes::rows("quote", 1).labels(["direct"]).attrs(["channel"]).links(["speaker"]));
        let chain = [("t", tokens()), ("q", quotes)];
        let links: Vec<ChainLink<'_>> =
            chain.iter().map(|(id, contract)| ChainLink { id, contract }).collect();
        let plan = check_chain(&links, &|_, _| Vec::new()).unwrap();
        let quote = plan.names.layer("quote").unwrap();
        let channel = plan.names.sym("channel").unwrap();
        assert!(plan.grants[1].rows(quote) && plan.grants[1].attr(quote, channel));
        assert!(!plan.grants[0].rows(quote) && !plan.grants[1].link(quote, channel));
        assert_eq!(plan.names.stage(StageId(1)), "q");
    }

    #[test]
    fn all_errors_come_at_once_with_advice() {
        let needy = Contract::new()
            .reads(Reads::layer("token", 1))
            .reads(Reads::layer("cue", 1))
            .reads(Reads::layer("entity", 2))
            .writes(Writes::rows("entity", 1));
        let late = Contract::new().rewrites_text();
        let sink = Contract::new().sink(SinkKind::Rows);
        assert_eq!(
            check(&[
                ("out", sink.clone()),
                ("needy", needy),
                ("t", tokens()),
                ("t", tokens()),
                ("late", late)
            ]),
            [
                "out: writes out rows, but no stage before it makes any; put an `extract` stage before it",
                "needy: needs layer `token`, which no stage before it gives; `t` gives it, but later: move it up",
                "needy: needs layer `cue`, which no stage before it gives; put `extract.cues` before it",
                "needy: needs layer `entity`, which no stage before it gives; put `extract.entitys` before it",
                "t: the id `t` is taken by an earlier stage; give one of the two another `id`",
                "t: makes the rows of `token`, which come from one stage only, and `t` makes them too; remove one",
                "late: rewrites text, but `needy` before it has already made rows on the text; move it before `needy`",
            ]
        );
    }

    #[test]
    fn keys_and_versions_are_checked_too() {
        let times = Contract::new().writes(Writes::rows("time", 1).attrs(["expr"]));
        let reader = Contract::new().reads(Reads::layer("time", 1).keys(["value"]));
        let newer = Contract::new().reads(Reads::layer("time", 2));
        let anchors = Contract::new().writes(Writes::onto("time", 1).attrs(["value"]));
        assert_eq!(
            check(&[
                ("times", times),
                ("reader", reader.clone()),
                ("newer", newer),
                ("anchors", anchors),
                ("last", reader)
            ]),
            [
                "reader: needs `time.value`, which no stage before it writes; `anchors` gives it, but later: move it up",
                "newer: speaks layer `time@2`, but `times` speaks `time@1`; use versions of the two that fit",
            ]
        );
    }
}
