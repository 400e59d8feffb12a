//! From what was named (files, folders, globs, `-`) to the list of files to read.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::compression::Compression;
use super::encoding::Encoding;
use crate::{Format, RunError};

/// The inputs of a run, found and known to be there.
#[derive(Default)]
pub struct Inputs {
    pub(super) files: Vec<InputFile>,
    pub(super) stdin: Option<Box<dyn Read + Send>>,
    pub(super) encoding: Encoding,
}

/// One input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct InputFile {
    /// As it was named; what a document's origin says.
    pub(super) name: Arc<str>,
    /// Where it lies; `None` for standard input.
    pub(super) path: Option<PathBuf>,
    /// `None`: to be told from its first bytes.
    pub(super) format: Option<Format>,
    /// What its ending says; its first bytes have to say the same.
    pub(super) compression: Option<Compression>,
    /// Its length, for regular files.
    pub(super) len: Option<u64>,
}

/// Endings of the files that are taken from a folder.
const ENDINGS: [&str; 4] = ["txt", "jsonl", "ndjson", "json"];

impl Inputs {
    /// Finds inputs. Each path is a file, a folder (searched through for `.txt`, `.jsonl`, `.ndjson` and
    /// `.json`, compressed or not), a glob or `-` for standard input; relative ones start at `base`. Files
    /// come in the order of `paths`, sorted by name within a folder or glob. `format` holds for all; without
    /// it `.jsonl`, `.ndjson` and `.json` are JSON lines, what has no ending (standard input too) is JSON
    /// lines if it begins as a JSON object does, and everything else is text. A last ending `.gz` or `.zst`
    /// says that a file is compressed; what has none tells it by its first bytes.
    ///
    /// # Errors
    /// [`RunError::Input`] with everything that is missing or cannot be opened.
    pub fn find(paths: &[String], base: &Path, format: Option<Format>) -> Result<Inputs, RunError> {
        let mut search = Search { base, format, files: Vec::new(), problems: Vec::new() };
        for path in paths {
            search.add(path);
        }
        if search.problems.is_empty() {
            return Ok(Inputs { files: search.files, ..Inputs::default() });
        }
        Err(RunError::Input(search.problems))
    }

    /// Hands in what `-` reads.
    pub fn with_stdin(mut self, stdin: impl Read + Send + 'static) -> Self {
        self.stdin = Some(Box::new(stdin));
        self
    }

    /// Says how their characters stand in bytes.
    pub fn with_encoding(self, encoding: Encoding) -> Self {
        Inputs { encoding, ..self }
    }

    /// How many inputs there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Where they lie; standard input lies nowhere.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().filter_map(|file| file.path.as_deref())
    }

    /// Whether `-` is among them.
    pub fn wants_stdin(&self) -> bool {
        self.files.iter().any(|file| file.path.is_none())
    }

    /// The bytes of all inputs, if they are all regular files.
    pub fn total_bytes(&self) -> Option<u64> {
        self.files.iter().map(|file| file.len).sum()
    }
}

struct Search<'p> {
    base: &'p Path,
    format: Option<Format>,
    files: Vec<InputFile>,
    problems: Vec<String>,
}

impl Search<'_> {
    fn add(&mut self, path: &str) {
        if path == "-" {
            return self.add_stdin();
        }
        let full = self.base.join(path);
        match fs::metadata(&full) {
            Ok(metadata) if metadata.is_dir() => self.add_folder(path, &full),
            Ok(_) => self.add_file(path, full),
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.add_glob(path),
            Err(error) => self.problems.push(format!("cannot read `{path}`: {error}")),
        }
    }

    fn add_stdin(&mut self) {
        if self.files.iter().any(|file| file.path.is_none()) {
            return self.problems.push("standard input (`-`) is named twice; it can be read once".to_owned());
        }
        let name = "-".into();
        self.files.push(InputFile { name, path: None, format: self.format, compression: None, len: None });
    }

    fn add_file(&mut self, name: &str, path: PathBuf) {
        // A pipe is not opened ahead: its writer would see the reader go away.
        let len = match fs::metadata(&path) {
            Ok(metadata) if metadata.is_file() => match File::open(&path) {
                Ok(_) => Some(metadata.len()),
                Err(error) => return self.problems.push(format!("cannot read `{name}`: {error}")),
            },
            Ok(_) => None,
            Err(error) => return self.problems.push(format!("cannot read `{name}`: {error}")),
        };
        let (compression, inner) = Compression::of_name(&path);
        let format = self.format.or_else(|| format_of(inner));
        self.files.push(InputFile { name: name.into(), path: Some(path), format, compression, len });
    }

    fn add_folder(&mut self, name: &str, folder: &Path) {
        let mut found = Vec::new();
        if let Err((at, error)) = walk(folder, &mut found) {
            return self.problems.push(format!("cannot read the folder `{}`: {error}", at.display()));
        }
        if found.is_empty() {
            let endings = ENDINGS.join("`, `.");
            return self.problems.push(format!(
                "the folder `{name}` holds no file that ends in `.{endings}`, compressed or not"
            ));
        }
        found.sort();
        for path in found {
            let inside = path.strip_prefix(folder).unwrap_or(&path);
            let shown = Path::new(name).join(inside).to_string_lossy().into_owned();
            self.add_file(&shown, path);
        }
    }

    fn add_glob(&mut self, pattern: &str) {
        if !pattern.contains(['*', '?', '[']) {
            return self.problems.push(format!("there is no file `{pattern}`"));
        }
        let base = self.base.to_string_lossy();
        let full = match (base.is_empty(), Path::new(pattern).is_absolute()) {
            (false, false) => format!("{}/{pattern}", glob::Pattern::escape(&base)),
            _ => pattern.to_owned(),
        };
        let options = glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::new() };
        let matches = match glob::glob_with(&full, options) {
            Ok(matches) => matches,
            Err(error) => {
                let problem = format!(
                    "`{pattern}` is no pattern: {}; a character of a name is meant as itself in brackets, as in `[*]`",
                    error.msg
                );
                return self.problems.push(problem);
            }
        };
        let mut found = Vec::new();
        for entry in matches {
            match entry {
                Ok(path) if !path.is_dir() => found.push(path),
                Ok(_) => {}
                Err(error) => self.problems.push(format!("cannot read what `{pattern}` matches: {error}")),
            }
        }
        if found.is_empty() {
            return self.problems.push(format!("no file matches `{pattern}`"));
        }
        found.sort();
        for path in found {
            let shown = path.strip_prefix(self.base).unwrap_or(&path).to_string_lossy().into_owned();
            self.add_file(&shown, path);
        }
    }
}

/// Collects the files of a folder and of the folders in it; hidden ones and links to folders are left
/// out, so that the search ends.
fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), (PathBuf, io::Error)> {
    let at = |error| (folder.to_owned(), error);
    for entry in fs::read_dir(folder).map_err(at)? {
        let entry = entry.map_err(at)?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        let path = entry.path();
        if entry.file_type().map_err(at)?.is_dir() {
            walk(&path, found)?;
        } else if is_wanted(&path) && path.is_file() {
            found.push(path);
        }
    }
    Ok(())
}

fn is_wanted(path: &Path) -> bool {
    let (_, inner) = Compression::of_name(path);
    ending(inner).is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

fn format_of(path: &Path) -> Option<Format> {
    match ending(path)?.as_str() {
        "jsonl" | "ndjson" | "json" => Some(Format::Jsonl),
        _ => Some(Format::Text),
    }
}

fn ending(path: &Path) -> Option<String> {
    path.extension().map(|ending| ending.to_string_lossy().to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(paths: &[&str]) -> Result<Vec<(String, Option<Format>)>, String> {
        let base = crate::testing::folder("find");
        const FILES: [&str; 11] = [
            "b.txt",
            "a.jsonl",
            "sub/c.txt",
            "sub/d.md",
            "sub/.hidden.txt",
            "odd[1].txt",
            "plain",
            "old/e.jsonl.gz",
            "old/f.TXT.ZST",
            "old/g.tar.gz",
            "old/h.gz",
        ];
        for file in FILES {
            let path = base.join(file);
            fs::create_dir_all(path.parent().expect("all lie in the folder")).unwrap();
            fs::write(path, "نص").unwrap();
        }
        fs::create_dir_all(base.join("empty")).unwrap();
        let paths: Vec<String> = paths.iter().map(|&path| path.to_owned()).collect();
        match Inputs::find(&paths, &base, None) {
            Ok(inputs) => {
                Ok(inputs.files.into_iter().map(|file| (file.name.to_string(), file.format)).collect())
            }
            Err(error) => Err(error.to_string()),
        }
    }

    fn names(paths: &[&str]) -> Vec<String> {
        check(paths).unwrap().into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn files_folders_globs_and_standard_input() {
        assert_eq!(
            check(&["b.txt", "a.jsonl", "plain", "-"]).unwrap(),
            [
                ("b.txt".to_owned(), Some(Format::Text)),
                ("a.jsonl".to_owned(), Some(Format::Jsonl)),
                ("plain".to_owned(), None),
                ("-".to_owned(), None),
            ]
        );
        assert_eq!(
            names(&["."]),
            ["./a.jsonl", "./b.txt", "./odd[1].txt", "./old/e.jsonl.gz", "./old/f.TXT.ZST", "./sub/c.txt"]
        );
        assert_eq!(names(&["sub"]), ["sub/c.txt"]);
        assert_eq!(names(&["*.txt"]), ["b.txt", "odd[1].txt"]);
        assert_eq!(names(&["old/*.gz"]), ["old/e.jsonl.gz", "old/g.tar.gz", "old/h.gz"]);
        assert_eq!(names(&["**/*.txt"]), ["b.txt", "odd[1].txt", "sub/c.txt"]);
        assert_eq!(names(&["sub/*"]), ["sub/c.txt", "sub/d.md"]);
        assert_eq!(
            names(&["odd[1].txt"]),
            ["odd[1].txt"],
            "a file of this very name comes before the pattern"
        );
    }

    #[test]
    fn the_format_stands_before_the_compression() {
        let found = check(&["old/e.jsonl.gz", "old/f.TXT.ZST", "old/h.gz"]).unwrap();
        let formats: Vec<_> = found.into_iter().map(|(_, format)| format).collect();
        assert_eq!(formats, [Some(Format::Jsonl), Some(Format::Text), None]);
    }

    #[test]
    fn everything_missing_is_named_at_once() {
        let error = check(&["no.txt", "b.txt", "x/*.txt", "empty", "-", "-"]).unwrap_err();
        assert_eq!(
            error.lines().collect::<Vec<_>>(),
            [
                "there is no file `no.txt`",
                "no file matches `x/*.txt`",
                "the folder `empty` holds no file that ends in `.txt`, `.jsonl`, `.ndjson`, `.json`, compressed or not",
                "standard input (`-`) is named twice; it can be read once",
            ]
        );
    }
}
