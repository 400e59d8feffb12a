//! Where a library lies, and whether it is the one that was meant.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// What of the environment of isnad matters for libraries. It comes in as a value: nothing here reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// Folders with libraries, which the user names: `ISNAD_PLUGIN_PATH`.
    pub plugin_path: Vec<PathBuf>,
    /// Where programs keep data for the user: `XDG_DATA_HOME`, or `.local/share` at home.
    pub data: Option<PathBuf>,
    /// Where programs keep what they can make again: `XDG_CACHE_HOME`, or `.cache` at home.
    pub cache: Option<PathBuf>,
}

impl Environment {
    /// What the environment variables say; `variable` looks one up.
    ///
    /// ```
    /// use isnad_loader::Environment;
    ///
    /// let environment = Environment::of(|name| match name {
    ///     "HOME" => Some("/home/amal".into()),
    ///     "ISNAD_PLUGIN_PATH" => Some("/opt/isnad:/srv/isnad".into()),
    ///     _ => None,
    /// });
    /// assert_eq!(environment.plugin_path.len(), 2);
    /// assert_eq!(environment.data.as_deref(), Some("/home/amal/.local/share".as_ref()));
    /// ```
    pub fn of(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let filled = |name| variable(name).filter(|value| !value.is_empty());
        let home = filled("HOME").map(PathBuf::from);
        // As the XDG Base Directory Specification has it: a relative path is as good as none.
        let folder = |name, at_home: &str| {
            let named = filled(name).map(PathBuf::from).filter(|path| path.is_absolute());
            named.or_else(|| home.as_ref().map(|home| home.join(at_home)))
        };
        let plugin_path = filled("ISNAD_PLUGIN_PATH");
        let plugin_path = plugin_path.iter().flat_map(std::env::split_paths);
        Environment {
            plugin_path: plugin_path.filter(|folder| !folder.as_os_str().is_empty()).collect(),
            data: folder("XDG_DATA_HOME", ".local/share"),
            cache: folder("XDG_CACHE_HOME", ".cache"),
        }
    }
}

/// The folders in which libraries are looked for, in this order: that of the pipeline file, those that the user names,
/// that of the user's data.
pub(crate) fn folders(base: &Path, environment: &Environment) -> Vec<PathBuf> {
    let data = environment.data.iter().map(|data| data.join("isnad/plugins"));
    [base.to_owned()].into_iter().chain(environment.plugin_path.iter().cloned()).chain(data).collect()
}

/// The library that a pipeline file calls `name`, with its whole path.
///
/// # Errors
/// There is none; all the places where it could have been.
pub(crate) fn find(name: &str, base: &Path, environment: &Environment) -> Result<PathBuf, Vec<PathBuf>> {
    let names = file_names(name);
    let mut looked = Vec::new();
    for folder in folders(base, environment) {
        for name in &names {
            // An absolute path stays what it is.
            let path = folder.join(name);
            if looked.contains(&path) {
                continue;
            }
            if let (true, Ok(path)) = (path.is_file(), fs::canonicalize(&path)) {
                return Ok(path);
            }
            looked.push(path);
        }
    }
    Err(looked)
}

/// What lies at a path where a file is looked for; `None` where there is one, or nothing.
pub(crate) fn no_file(path: &Path) -> Option<String> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => None,
        Ok(metadata) if metadata.is_dir() => Some("a folder".to_owned()),
        Ok(_) => Some("a pipe or a device".to_owned()),
        // A link that leads nowhere, or in a circle.
        Err(error) if path.is_symlink() => Some(format!("a link that cannot be followed ({error})")),
        Err(_) => None,
    }
}

/// Whether a file is a library, by its name.
pub(crate) fn is_library(path: &Path) -> bool {
    path.extension().is_some_and(|extension| EXTENSIONS.iter().any(|known| extension == *known))
}

/// The SHA-256 of a file, in hexadecimal digits.
///
/// # Errors
/// It cannot be read.
pub(crate) fn sha256(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut part = vec![0; 64 << 10];
    loop {
        let count = file.read(&mut part)?;
        if count == 0 {
            return Ok(hex(&hash.finalize()));
        }
        hash.update(part.get(..count).unwrap_or_default());
    }
}

/// The SHA-256 of some bytes, in hexadecimal digits.
pub(crate) fn sha256_of(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(target_os = "macos")]
const EXTENSIONS: &[&str] = &["dylib", "so"];
#[cfg(not(target_os = "macos"))]
const EXTENSIONS: &[&str] = &["so"];

/// The names that the file may have. A bare name, such as that of a package, becomes that of the library which is
/// built of it: `acme-topics` is `libacme_topics.so` too.
fn file_names(name: &str) -> Vec<String> {
    let mut names = vec![name.to_owned()];
    if name.contains('/') || is_library(Path::new(name)) {
        return names;
    }
    for extension in EXTENSIONS {
        names.push(format!("lib{name}.{extension}"));
        if name.contains('-') {
            names.push(format!("lib{}.{extension}", name.replace('-', "_")));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The place where a name is found, of these files in a new folder; or where it was looked.
    fn check(name: &str, files: &[&str], expected: Result<&str, &[&str]>) {
        let root = std::env::temp_dir().join(format!(
            "isnad-find-{}-{}",
            std::process::id(),
            sha256_of(name.as_bytes())
        ));
        let at = |path: &str| root.join(path);
        for folder in ["config", "named", "data/isnad/plugins"] {
            fs::create_dir_all(at(folder)).unwrap();
        }
        for file in files {
            fs::write(at(file), "").unwrap();
        }
        let root_real = fs::canonicalize(&root).unwrap();
        let environment = Environment { plugin_path: vec![at("named")], data: Some(at("data")), cache: None };
        let found = find(name, &at("config"), &environment);
        let shown = |path: &Path| {
            let short = path.strip_prefix(&root).or_else(|_| path.strip_prefix(&root_real));
            short.unwrap_or(path).display().to_string()
        };
        let found = found
            .map(|path| shown(&path))
            .map_err(|looked| looked.iter().map(|path| shown(path)).collect::<Vec<_>>());
        fs::remove_dir_all(&root).unwrap();
        let expected = expected
            .map(str::to_owned)
            .map_err(|looked| looked.iter().map(|path| (*path).to_owned()).collect());
        assert_eq!(found, expected, "{name}");
    }

    #[test]
    fn the_folder_of_the_pipeline_file_comes_first() {
        check("liba.so", &["config/liba.so", "named/liba.so"], Ok("config/liba.so"));
        check("libb.so", &["named/libb.so", "data/isnad/plugins/libb.so"], Ok("named/libb.so"));
        check("libc.so", &["data/isnad/plugins/libc.so"], Ok("data/isnad/plugins/libc.so"));
    }

    #[test]
    fn where_there_is_none_all_places_are_told() {
        check("libd.so", &[], Err(&["config/libd.so", "named/libd.so", "data/isnad/plugins/libd.so"]));
        check("/nowhere/libe.so", &["config/libe.so"], Err(&["/nowhere/libe.so"]));
    }

    #[test]
    fn what_is_there_and_no_file_is_told() {
        let root = std::env::temp_dir().join(format!("isnad-no-file-{}", std::process::id()));
        fs::create_dir_all(&root).unwrap();
        let link = root.join("libloop.so");
        std::os::unix::fs::symlink(&link, &link).unwrap();
        assert_eq!(no_file(&root).as_deref(), Some("a folder"));
        assert_eq!(no_file(Path::new("/dev/null")).as_deref(), Some("a pipe or a device"));
        assert!(no_file(&link).is_some_and(|what| what.starts_with("a link that cannot be followed")));
        assert_eq!(no_file(&root.join("libnone.so")), None);
        fs::remove_dir_all(&root).unwrap();
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_bare_name_is_that_of_a_package() {
        check("acme", &["named/libacme.so"], Ok("named/libacme.so"));
        check("acme-topics", &["named/libacme_topics.so"], Ok("named/libacme_topics.so"));
    }

    #[test]
    fn hashes_are_those_of_the_standard() {
        // FIPS 180-2, appendix B.1.
        assert_eq!(sha256_of(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
