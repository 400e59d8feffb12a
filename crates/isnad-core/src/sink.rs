//! The writing half of a stage that makes output, and the files it may reach.

use std::io::{self, Write};

use crate::stage::StageError;

/// Receives what the workers of a stage encoded, in input order, and appends it to the output.
pub trait Sink: Send {
    /// Appends one batch's bytes. Called in input order, from one thread at a time.
    ///
    /// # Errors
    /// `Err` ends the run; `finish` is not called then.
    fn commit(&mut self, chunk: Vec<u8>) -> Result<(), StageError>;

    /// Makes what was committed durable and returns a token from which writing can go on there.
    /// `None`: this sink cannot be resumed.
    ///
    /// # Errors
    /// The output could not be written.
    fn checkpoint(&mut self) -> Result<Option<Token>, StageError> {
        Ok(None)
    }

    /// Brings the output back to the state of a token of an earlier run, dropping what came after it.
    ///
    /// # Errors
    /// The output is not what the token describes, or the sink cannot be resumed.
    fn restore(&mut self, token: &Token) -> Result<(), StageError> {
        let _ = token;
        Err(StageError::new(crate::StageErrorKind::Options, "this output cannot be resumed"))
    }

    /// Completes the output and gives it its name. Called once, after success only.
    ///
    /// # Errors
    /// The output could not be completed.
    fn finish(&mut self) -> Result<(), StageError>;
}

/// Where writing can go on: opaque to everybody but the sink that gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token(pub Vec<u8>);

/// The file system as stages see it: paths are resolved against the pipeline file's folder.
pub trait Files: Send + Sync {
    /// The bytes of a file.
    ///
    /// # Errors
    /// As the file system says.
    fn read(&self, path: &str) -> io::Result<Vec<u8>>;

    /// Creates an output. It has its name only after [`Output::finish`]; `-` is standard output.
    ///
    /// # Errors
    /// As the file system says.
    fn create(&self, path: &str) -> io::Result<Box<dyn Output>>;
}

/// An output being written.
pub trait Output: Write + Send {
    /// Flushes and gives the output its name.
    ///
    /// # Errors
    /// As the file system says.
    fn finish(&mut self) -> io::Result<()>;

    /// Makes what was written durable; the number of bytes so far, or `None` where the output cannot
    /// be cut back (standard output).
    ///
    /// # Errors
    /// As the file system says.
    fn checkpoint(&mut self) -> io::Result<Option<u64>>;

    /// Cuts the output of an earlier run back to `len` bytes and goes on behind them.
    ///
    /// # Errors
    /// There is no such output, or it is shorter.
    fn restore(&mut self, len: u64) -> io::Result<()>;
}

/// A sink that appends bytes to one output: all that a text format needs.
pub struct ByteSink {
    output: Box<dyn Output>,
    what: String,
}

impl ByteSink {
    /// Creates the output at `path`.
    ///
    /// # Errors
    /// The output cannot be created.
    pub fn create(files: &dyn Files, path: &str) -> Result<Self, StageError> {
        let output = files.create(path).map_err(|e| StageError::io(format!("cannot create `{path}`"), e))?;
        Ok(ByteSink { output, what: format!("cannot write `{path}`") })
    }
}

impl Sink for ByteSink {
    fn commit(&mut self, chunk: Vec<u8>) -> Result<(), StageError> {
        self.output.write_all(&chunk).map_err(|e| StageError::io(self.what.clone(), e))
    }

    fn checkpoint(&mut self) -> Result<Option<Token>, StageError> {
        let len = self.output.checkpoint().map_err(|e| StageError::io(self.what.clone(), e))?;
        Ok(len.map(|len| Token(len.to_le_bytes().to_vec())))
    }

    fn restore(&mut self, token: &Token) -> Result<(), StageError> {
        let bytes = token.0.as_slice().try_into().map_err(|_| {
            StageError::new(crate::StageErrorKind::Options, "the checkpoint is not one of this output")
        })?;
        self.output.restore(u64::from_le_bytes(bytes)).map_err(|e| StageError::io(self.what.clone(), e))
    }

    fn finish(&mut self) -> Result<(), StageError> {
        self.output.finish().map_err(|e| StageError::io(self.what.clone(), e))
    }
}
