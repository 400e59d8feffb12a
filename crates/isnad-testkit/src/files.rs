//! A file system in memory, for stages that read lexicons or write output.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use isnad_core::{Files, Output};

/// Files in memory. What a sink writes is there under its name only after [`Output::finish`].
///
/// ```
/// use std::io::Write;
/// use isnad_core::{Files, Output};
/// use isnad_testkit::MemoryFiles;
///
/// let files = MemoryFiles::new([("people.tsv", "name\nسامح شكري\n")]);
/// let mut output = files.create("facts.jsonl")?;
/// output.write_all(b"{}\n")?;
/// assert_eq!(files.finished("facts.jsonl"), None);
/// output.finish()?;
/// assert_eq!(files.finished("facts.jsonl").as_deref(), Some(b"{}\n".as_slice()));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct MemoryFiles {
    files: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
}

impl MemoryFiles {
    /// A file system with these files.
    pub fn new<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let files = files.into_iter().map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
        MemoryFiles { files: Arc::new(Mutex::new(files.collect())) }
    }

    /// The bytes of a file that was given or completely written.
    pub fn finished(&self, path: &str) -> Option<Vec<u8>> {
        self.lock().get(path).cloned()
    }

    /// The names of all files that were given or completely written.
    pub fn names(&self) -> Vec<String> {
        self.lock().keys().cloned().collect()
    }

    /// Another file system with the same files.
    pub(crate) fn copy(&self) -> Self {
        MemoryFiles { files: Arc::new(Mutex::new(self.lock().clone())) }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Vec<u8>>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Files for MemoryFiles {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.finished(path)
            .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, format!("there is no `{path}`")))
    }

    fn create(&self, path: &str) -> io::Result<Box<dyn Output>> {
        Ok(Box::new(MemoryOutput { files: self.clone(), path: path.to_owned(), bytes: Vec::new() }))
    }
}

struct MemoryOutput {
    files: MemoryFiles,
    path: String,
    bytes: Vec<u8>,
}

impl io::Write for MemoryOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Output for MemoryOutput {
    fn finish(&mut self) -> io::Result<()> {
        let bytes = std::mem::take(&mut self.bytes);
        self.files.lock().insert(std::mem::take(&mut self.path), bytes);
        Ok(())
    }

    fn checkpoint(&mut self) -> io::Result<Option<u64>> {
        Ok(Some(self.bytes.len() as u64))
    }

    fn restore(&mut self, len: u64) -> io::Result<()> {
        if (self.bytes.len() as u64) < len {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "the output is shorter than that"));
        }
        self.bytes.truncate(len as usize);
        Ok(())
    }
}
