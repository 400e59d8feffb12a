//! The files of `templates/`, and what is filled into them.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::{fs, io};

macro_rules! template {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/", $name))
    };
}

/// Paths may hold values, as the files do.
pub(super) const RUST: &[(&str, &str)] = &[
    (".github/workflows/test.yml", template!("rust/test.yml")),
    (".gitignore", template!("rust/gitignore")),
    ("Cargo.toml", template!("rust/Cargo.toml.in")),
    ("README.md", template!("rust/README.md")),
    ("articles/flash.txt", template!("shared/article.txt")),
    ("pipeline.toml", template!("shared/pipeline.toml")),
    ("src/lib.rs", template!("rust/src/lib.rs")),
    ("tests/stage.rs", template!("rust/tests/stage.rs")),
];

pub(super) const C: &[(&str, &str)] = &[
    (".github/workflows/test.yml", template!("c/test.yml")),
    (".gitignore", template!("c/gitignore")),
    ("Makefile", template!("c/Makefile")),
    ("README.md", template!("c/README.md")),
    ("articles/flash.txt", template!("shared/article.txt")),
    ("isnad.h", isnad_plugin::HEADER),
    ("pipeline.toml", template!("shared/pipeline.toml")),
    ("{{module}}.c", template!("c/stage.c")),
];

pub(super) const PIPELINE: &[(&str, &str)] = &[
    (".github/workflows/test.yml", template!("pipeline/test.yml")),
    (".gitignore", template!("pipeline/gitignore")),
    ("README.md", template!("pipeline/README.md")),
    ("articles/statement.txt", template!("pipeline/article.txt")),
    ("pipeline.toml", template!("pipeline/pipeline.toml")),
];

/// What stands in place of `{{key}}`.
#[derive(Debug, Default)]
pub(super) struct Values(Vec<(String, String)>);

impl Values {
    pub(super) fn set(&mut self, key: &str, value: impl Display) {
        self.0.push((format!("{{{{{key}}}}}"), value.to_string()));
    }

    fn fill(&self, template: &str) -> String {
        self.0.iter().fold(template.to_owned(), |text, (key, value)| text.replace(key, value))
    }
}

/// Writes the files into a folder, which is made where it is missing. Answers with their paths.
pub(super) fn write_all(folder: &Path, files: &[(&str, &str)], values: &Values) -> io::Result<Vec<PathBuf>> {
    let mut written = Vec::new();
    for (path, template) in files {
        let path = folder.join(values.fill(path));
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, values.fill(template))?;
        written.push(path);
    }
    Ok(written)
}
