//! The pipelines that come with isnad.

/// A pipeline that comes with isnad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuiltIn {
    /// Its name.
    pub name: &'static str,
    /// The pipeline file.
    pub source: &'static str,
}

/// The source of the pipeline `news`: everything isnad knows, without an exporter.
pub const NEWS: &str = include_str!("../pipelines/news.toml");

/// All of them.
pub const PIPELINES: &[BuiltIn] = &[
    BuiltIn { name: "news", source: NEWS },
    BuiltIn { name: "clean", source: include_str!("../pipelines/clean.toml") },
    BuiltIn { name: "search", source: include_str!("../pipelines/search.toml") },
    BuiltIn { name: "train", source: include_str!("../pipelines/train.toml") },
];

/// The pipeline of this name.
pub fn built_in(name: &str) -> Option<BuiltIn> {
    PIPELINES.iter().find(|pipeline| pipeline.name == name).copied()
}

impl BuiltIn {
    /// What it is for: the first line of its source.
    pub fn about(&self) -> &'static str {
        self.source.lines().next().unwrap_or_default().trim_start_matches(['#', ' '])
    }
}
