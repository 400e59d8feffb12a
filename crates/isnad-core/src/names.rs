//! The numbered names of a plan: layers, labels, keys, rules and stages are strings in contracts and
//! in output, and small integers in between.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

/// The number of a layer in its plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[repr(transparent)]
pub struct LayerId(pub u16);

/// The number of a label, key or rule in its plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[repr(transparent)]
pub struct Sym(pub u16);

impl Sym {
    /// The empty name: a row without label or rule.
    pub const NONE: Sym = Sym(0);
}

/// The number of a stage in its plan: its place in the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[repr(transparent)]
pub struct StageId(pub u16);

/// A layer as a plan knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerInfo {
    /// Its name, such as `entity`.
    pub name: String,
    /// Its version.
    pub version: u16,
}

/// All names of one plan. Made by [`check_chain`](crate::check_chain) out of the contracts, constant
/// while a pipeline runs.
#[derive(Clone, Debug)]
pub struct Names {
    layers: Vec<LayerInfo>,
    symbols: Vec<String>,
    stages: Vec<String>,
    by_symbol: HashMap<String, Sym>,
}

impl Default for Names {
    fn default() -> Self {
        Names {
            layers: Vec::new(),
            symbols: vec![String::new()],
            stages: Vec::new(),
            by_symbol: HashMap::from([(String::new(), Sym::NONE)]),
        }
    }
}

impl Names {
    /// The names of a plan that was made elsewhere, in the order of their numbers. The first symbol is the empty
    /// one, [`Sym::NONE`].
    pub fn of(
        layers: impl IntoIterator<Item = (String, u16)>,
        symbols: impl IntoIterator<Item = String>,
        stages: impl IntoIterator<Item = String>,
    ) -> Self {
        let layers = layers.into_iter().map(|(name, version)| LayerInfo { name, version }).collect();
        let symbols: Vec<String> = symbols.into_iter().collect();
        let by_symbol = symbols.iter().enumerate().map(|(index, name)| (name.clone(), Sym(index as u16)));
        Names { layers, by_symbol: by_symbol.collect(), symbols, stages: stages.into_iter().collect() }
    }

    /// All symbols, in the order of their numbers.
    pub fn symbols(&self) -> &[String] {
        &self.symbols
    }

    /// The ids of all stages, in the order of the chain.
    pub fn stages(&self) -> &[String] {
        &self.stages
    }

    /// The layer of this name, if a contract of the chain speaks of it.
    pub fn layer(&self, name: &str) -> Option<LayerId> {
        self.layers.iter().position(|layer| layer.name == name).map(|index| LayerId(index as u16))
    }

    /// What is known of a layer.
    pub fn layer_info(&self, layer: LayerId) -> Option<&LayerInfo> {
        self.layers.get(layer.0 as usize)
    }

    /// All layers, in the order of their numbers.
    pub fn layers(&self) -> impl Iterator<Item = (LayerId, &LayerInfo)> {
        self.layers.iter().enumerate().map(|(index, info)| (LayerId(index as u16), info))
    }

    /// The number of a label, key or rule, if a contract of the chain declares it.
    pub fn sym(&self, name: &str) -> Option<Sym> {
        self.by_symbol.get(name).copied()
    }

    /// The name behind a number; `""` for a number of another plan.
    pub fn name(&self, sym: Sym) -> &str {
        self.symbols.get(sym.0 as usize).map_or("", String::as_str)
    }

    /// The `id` of a stage of the chain.
    pub fn stage(&self, stage: StageId) -> &str {
        self.stages.get(stage.0 as usize).map_or("", String::as_str)
    }

    /// How many layers the plan has.
    pub fn layer_count(&self) -> usize {
        self.layers.len()
    }

    pub(crate) fn add_layer(&mut self, name: &str, version: u16) -> LayerId {
        if let Some(known) = self.layer(name) {
            return known;
        }
        self.layers.push(LayerInfo { name: name.to_owned(), version });
        LayerId((self.layers.len() - 1) as u16)
    }

    pub(crate) fn add_sym(&mut self, name: &str) -> Sym {
        if let Some(known) = self.sym(name) {
            return known;
        }
        let sym = Sym(self.symbols.len() as u16);
        self.symbols.push(name.to_owned());
        self.by_symbol.insert(name.to_owned(), sym);
        sym
    }

    pub(crate) fn add_stage(&mut self, id: &str) {
        self.stages.push(id.to_owned());
    }
}
