//! The file system of a run: paths from the pipeline file's folder, outputs that get their name last.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use isnad_core::{Files, Output};

/// Real files. Relative paths start at a folder; `-` is a writer that the caller hands in.
///
/// An output is written as `NAME.partial` and replaces `NAME` only when it is finished. What is no
/// regular file (a device, a pipe) is written to directly.
pub struct DiskFiles {
    base: PathBuf,
    stdout: Mutex<Option<Box<dyn Write + Send>>>,
    closed: Arc<AtomicBool>,
    outputs: Mutex<Vec<PathBuf>>,
    protected: Mutex<HashSet<PathBuf>>,
    writing: Writing,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Writing {
    Real,
    /// All checks are made, and nothing is written.
    Checked,
}

impl DiskFiles {
    /// Files relative to a folder.
    pub fn new(base: impl Into<PathBuf>) -> Self {
        DiskFiles {
            base: base.into(),
            stdout: Mutex::new(None),
            closed: Arc::default(),
            outputs: Mutex::default(),
            protected: Mutex::default(),
            writing: Writing::Real,
        }
    }

    /// From now on outputs are checked as they are created, but nothing is written.
    pub fn only_checking(self) -> Self {
        DiskFiles { writing: Writing::Checked, ..self }
    }

    /// Hands in what `-` writes to.
    pub fn with_stdout(self, stdout: impl Write + Send + 'static) -> Self {
        DiskFiles { stdout: Mutex::new(Some(Box::new(stdout))), ..self }
    }

    /// Whether whoever read the output `-` has gone away: then the run ended with an error that is none.
    pub fn stdout_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }

    /// Whether an output writes to `-`.
    pub fn stdout_taken(&self) -> bool {
        self.stdout.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    /// The folder at which relative paths start.
    pub fn base(&self) -> &Path {
        &self.base
    }

    /// The files created so far, in order.
    pub fn outputs(&self) -> Vec<PathBuf> {
        self.outputs.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From now on no output may take the place of these files, such as the inputs of the run. What a
    /// stage reads is protected as it is read.
    pub fn protect<'p>(&self, paths: impl IntoIterator<Item = &'p Path>) {
        let paths = paths.into_iter().filter_map(|path| fs::canonicalize(path).ok());
        self.protected.lock().unwrap_or_else(PoisonError::into_inner).extend(paths);
    }

    fn is_protected(&self, path: &Path) -> bool {
        self.protected.lock().unwrap_or_else(PoisonError::into_inner).contains(path)
    }

    fn create_stdout(&self) -> io::Result<Box<dyn Output>> {
        let taken = self.stdout.lock().unwrap_or_else(PoisonError::into_inner).take();
        let writer = taken.ok_or_else(|| {
            let message = "another stage writes to standard output; give one of the two a `path` (with `--to`: `-o FILE`)";
            io::Error::new(io::ErrorKind::AlreadyExists, message)
        })?;
        let writer = BufWriter::with_capacity(BUFFER, writer);
        Ok(Box::new(Stdout { writer, closed: self.closed.clone() }))
    }

    fn create_file(&self, path: &str) -> io::Result<Box<dyn Output>> {
        if path.is_empty() || path.contains('\0') {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "no file can have this name; write another",
            ));
        }
        // What stands behind a link is replaced, not the link.
        let named = self.base.join(path);
        let name = fs::canonicalize(&named).unwrap_or(named);
        let metadata = fs::metadata(&name).ok();
        if metadata.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder; name a file in it"));
        }
        let is_fifo = metadata.as_ref().is_some_and(is_fifo);
        if metadata.is_some_and(|metadata| !metadata.is_file()) {
            if self.writing == Writing::Checked && is_fifo {
                // To open it would mean to wait for its reader.
                return Ok(Box::new(Nowhere));
            }
            let device = File::options().write(true).open(&name)?;
            if self.writing == Writing::Checked {
                return Ok(Box::new(Nowhere));
            }
            return Ok(Box::new(DiskOutput { file: BufWriter::with_capacity(BUFFER, device), names: None }));
        }
        let folder = name.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            let message = format!("there is no folder `{}`; make it first", folder.display());
            return Err(io::Error::new(io::ErrorKind::NotFound, message));
        }
        let whole = fs::canonicalize(folder)?.join(name.file_name().unwrap_or_default());
        let mut outputs = self.outputs.lock().unwrap_or_else(PoisonError::into_inner);
        if outputs.contains(&whole) {
            let message = "another stage writes to this file; give one of the two another `path`";
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, message));
        }
        let mut partial = whole.clone().into_os_string();
        partial.push(".partial");
        let partial = PathBuf::from(partial);
        for path in [&whole, &partial] {
            if self.is_protected(path) {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                let message = format!("`{name}` is read in this run; write elsewhere");
                return Err(io::Error::new(io::ErrorKind::AlreadyExists, message));
            }
        }
        outputs.push(whole.clone());
        drop(outputs);
        if self.writing == Writing::Checked {
            return try_partial(&partial).map(|()| Box::new(Nowhere) as Box<dyn Output>);
        }
        let file = File::options().read(true).write(true).create(true).truncate(true).open(&partial)?;
        Ok(Box::new(DiskOutput {
            file: BufWriter::with_capacity(BUFFER, file),
            names: Some(FileNames { partial, whole }),
        }))
    }
}

impl Files for DiskFiles {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        let path = self.base.join(path);
        let bytes = fs::read(&path)?;
        self.protect([path.as_path()]);
        Ok(bytes)
    }

    fn create(&self, path: &str) -> io::Result<Box<dyn Output>> {
        if path == "-" { self.create_stdout() } else { self.create_file(path) }
    }
}

/// Whether an output can be written, which only trying tells. Nothing is left behind.
fn try_partial(partial: &Path) -> io::Result<()> {
    match File::options().write(true).create_new(true).open(partial) {
        Ok(_) => fs::remove_file(partial),
        // A run that was interrupted has left it; the next one writes over it.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            File::options().write(true).open(partial).map(drop)
        }
        Err(error) => Err(error),
    }
}

#[cfg(unix)]
fn is_fifo(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    metadata.file_type().is_fifo()
}

#[cfg(not(unix))]
fn is_fifo(_: &fs::Metadata) -> bool {
    false
}

const BUFFER: usize = 128 * 1024;

struct DiskOutput {
    file: BufWriter<File>,
    /// `None` for what is no regular file.
    names: Option<FileNames>,
}

struct FileNames {
    partial: PathBuf,
    whole: PathBuf,
}

impl Write for DiskOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Output for DiskOutput {
    fn finish(&mut self) -> io::Result<()> {
        self.file.flush()?;
        match self.names.take() {
            Some(names) => fs::rename(&names.partial, &names.whole),
            None => Ok(()),
        }
    }

    fn checkpoint(&mut self) -> io::Result<Option<u64>> {
        self.file.flush()?;
        if self.names.is_none() {
            return Ok(None);
        }
        self.file.get_ref().sync_data()?;
        self.file.get_mut().stream_position().map(Some)
    }

    fn restore(&mut self, len: u64) -> io::Result<()> {
        let there = self.file.get_ref().metadata()?.len();
        if self.names.is_none() || there < len {
            let message = format!("the output has {there} bytes, less than the {len} of the checkpoint");
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, message));
        }
        self.file.get_ref().set_len(len)?;
        self.file.seek(SeekFrom::Start(len)).map(drop)
    }
}

struct Stdout {
    writer: BufWriter<Box<dyn Write + Send>>,
    closed: Arc<AtomicBool>,
}

impl Stdout {
    fn note<T>(&self, result: io::Result<T>) -> io::Result<T> {
        if result.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
            self.closed.store(true, Ordering::Relaxed);
        }
        result
    }
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let result = self.writer.write(bytes);
        self.note(result)
    }

    fn flush(&mut self) -> io::Result<()> {
        let result = self.writer.flush();
        self.note(result)
    }
}

impl Output for Stdout {
    fn finish(&mut self) -> io::Result<()> {
        self.flush()
    }

    fn checkpoint(&mut self) -> io::Result<Option<u64>> {
        Ok(None)
    }

    fn restore(&mut self, _: u64) -> io::Result<()> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "standard output cannot be cut back"))
    }
}

/// Takes everything and keeps nothing.
struct Nowhere;

impl Write for Nowhere {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Output for Nowhere {
    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn checkpoint(&mut self) -> io::Result<Option<u64>> {
        Ok(None)
    }

    fn restore(&mut self, _: u64) -> io::Result<()> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "nothing was written"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::folder;

    fn check(result: io::Result<Box<dyn Output>>, expected: &str) {
        assert_eq!(result.err().map(|error| error.to_string()).as_deref(), Some(expected));
    }

    #[test]
    fn a_file_gets_its_name_when_it_is_finished() {
        let base = folder("names");
        fs::write(base.join("out.txt"), "before").unwrap();
        let files = DiskFiles::new(&*base);
        let mut output = files.create("out.txt").unwrap();
        output.write_all("جديد".as_bytes()).unwrap();
        output.flush().unwrap();
        assert_eq!(files.read("out.txt").unwrap(), b"before");
        assert_eq!(files.read("out.txt.partial").unwrap(), "جديد".as_bytes());
        output.finish().unwrap();
        assert_eq!(files.read("out.txt").unwrap(), "جديد".as_bytes());
        assert!(!base.join("out.txt.partial").exists());
    }

    #[test]
    fn an_output_that_is_not_finished_leaves_what_was_there() {
        let base = folder("unfinished");
        fs::write(base.join("out.txt"), "before").unwrap();
        let files = DiskFiles::new(&*base);
        drop(files.create("out.txt").unwrap());
        assert_eq!(files.read("out.txt").unwrap(), b"before");
        assert!(base.join("out.txt.partial").exists());
    }

    #[test]
    fn what_cannot_be_written_is_said_at_once() {
        let base = folder("refused");
        let files = DiskFiles::new(&*base).with_stdout(io::sink());
        let missing = format!("there is no folder `{}`; make it first", base.join("no").display());
        check(files.create("no/out.txt"), &missing);
        check(files.create("."), "it is a folder; name a file in it");
        check(files.create(""), "no file can have this name; write another");
        check(files.create("a\0b"), "no file can have this name; write another");
        let _first = files.create("a.txt").unwrap();
        check(
            files.create("./a.txt"),
            "another stage writes to this file; give one of the two another `path`",
        );
        let _stdout = files.create("-").unwrap();
        check(
            files.create("-"),
            "another stage writes to standard output; give one of the two a `path` (with `--to`: `-o FILE`)",
        );
    }

    #[test]
    fn what_is_read_is_not_written_over() {
        let base = folder("protected");
        for name in ["news.txt", "words.tsv", "c.txt.partial"] {
            fs::write(base.join(name), "نص").unwrap();
        }
        for files in [DiskFiles::new(&*base), DiskFiles::new(&*base).only_checking()] {
            files.protect([base.join("news.txt").as_path(), base.join("c.txt.partial").as_path()]);
            files.read("words.tsv").unwrap();
            for (output, read) in
                [("./news.txt", "news.txt"), ("words.tsv", "words.tsv"), ("c.txt", "c.txt.partial")]
            {
                check(files.create(output), &format!("`{read}` is read in this run; write elsewhere"));
            }
        }
    }

    #[test]
    fn checking_leaves_nothing_behind() {
        let base = folder("checked");
        fs::write(base.join("old.txt.partial"), "old").unwrap();
        let files = DiskFiles::new(&*base).only_checking();
        for name in ["new.txt", "old.txt"] {
            files.create(name).unwrap();
        }
        fs::create_dir(base.join("taken.txt.partial")).unwrap();
        assert!(files.create("taken.txt").is_err());
        assert!(files.create(&format!("{}.txt", "x".repeat(300))).is_err());
        assert_eq!(fs::read_dir(&*base).unwrap().count(), 2);
        assert_eq!(fs::read(base.join("old.txt.partial")).unwrap(), b"old");
    }

    #[test]
    fn a_checkpoint_is_where_writing_can_go_on() {
        let base = folder("checkpoint");
        let files = DiskFiles::new(&*base);
        let mut output = files.create("a.txt").unwrap();
        output.write_all(b"one").unwrap();
        let at = output.checkpoint().unwrap().unwrap();
        output.write_all(b"two").unwrap();
        output.restore(at).unwrap();
        output.write_all(b"three").unwrap();
        output.finish().unwrap();
        assert_eq!(files.read("a.txt").unwrap(), b"onethree");
    }

    #[test]
    fn a_closed_pipe_is_noticed() {
        struct Closed;
        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let files = DiskFiles::new("").with_stdout(Closed);
        let mut output = files.create("-").unwrap();
        output.write_all(b"x").unwrap();
        assert!(output.finish().is_err() && files.stdout_closed());
    }
}
