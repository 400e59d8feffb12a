//! Running the command `isnad`.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

/// What a run of the command came to.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The exit code.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
}

impl Outcome {
    /// Standard output as JSON, line by line.
    pub(crate) fn records(&self) -> Vec<Value> {
        json_lines(&self.stdout)
    }
}

/// JSON, line by line.
pub(crate) fn json_lines(text: &str) -> Vec<Value> {
    let parse = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line:.200}"));
    text.lines().map(parse).collect()
}

/// Runs `isnad` in a folder, with nothing on standard input.
pub(crate) fn isnad(folder: &Path, args: &[&str]) -> Outcome {
    isnad_reading(folder, args, b"")
}

/// Runs `isnad` in a folder, with these bytes on standard input.
pub(crate) fn isnad_reading(folder: &Path, args: &[&str], input: &[u8]) -> Outcome {
    let mut command = alone(Command::new(program()));
    command.args(args).current_dir(folder);
    finish(&mut command, input)
}

/// Runs a line of shell in a folder in which `isnad` is the one that was built.
pub(crate) fn shell(folder: &Path, line: &str) -> Outcome {
    let here = program().parent().map(Path::to_owned).unwrap_or_default();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(here).chain(std::env::split_paths(&path)));
    let mut command = alone(Command::new("sh"));
    command.args(["-euc", line]).current_dir(folder).env("PATH", path.expect("no colon in a folder's name"));
    finish(&mut command, b"")
}

/// The command without what is installed for the user who runs the tests.
fn alone(mut command: Command) -> Command {
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache");
    command.env_remove("ISNAD_PLUGIN_PATH").env("XDG_DATA_HOME", "/none").env("XDG_CACHE_HOME", cache);
    command
}

/// An empty folder for one test; it stays behind for whoever looks into a failure.
pub(crate) fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if path.exists() {
        fs::remove_dir_all(&path).expect("a folder of an earlier run goes away");
    }
    fs::create_dir_all(&path).expect("the target folder can be written to");
    path
}

/// The top of the repository.
pub(crate) fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in a folder of the repository")
}

/// All files below a folder, by name.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The command that was built together with these tests: two folders up from `target/PROFILE/deps/it-…`.
pub(crate) fn program() -> PathBuf {
    let exe = std::env::current_exe().expect("a test knows where it lies");
    let built = exe.parent().and_then(Path::parent).map(|folder| folder.join("isnad"));
    let built = built.expect("test binaries lie in `target/PROFILE/deps`");
    assert!(
        built.exists(),
        "`{}` was not built; run `cargo test --workspace`, or `cargo build -p isnad` first",
        built.display()
    );
    built
}

/// A guard against hanging, not a measure of speed.
const PATIENCE: Duration = Duration::from_secs(60);

fn finish(command: &mut Command, input: &[u8]) -> Outcome {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the command starts");
    let (mut stdin, mut stdout, mut stderr) = (
        child.stdin.take().expect("piped"),
        child.stdout.take().expect("piped"),
        child.stderr.take().expect("piped"),
    );
    thread::scope(|scope| {
        // A command that does not read its input closes the pipe: that is no failure of the test.
        scope.spawn(move || stdin.write_all(input));
        let out = scope.spawn(move || std::io::read_to_string(&mut stdout).expect("the output is UTF-8"));
        let err = scope.spawn(move || std::io::read_to_string(&mut stderr).expect("the messages are UTF-8"));
        let code = wait(&mut child);
        Outcome { code, stdout: out.join().expect("read"), stderr: err.join().expect("read") }
    })
}

fn wait(child: &mut Child) -> i32 {
    let begin = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("the child is ours") {
            return status.code().unwrap_or_else(|| panic!("the command was ended by a signal: {status}"));
        }
        if begin.elapsed() > PATIENCE {
            child.kill().expect("the child is ours");
            panic!("the command still ran after {PATIENCE:?}");
        }
        thread::sleep(Duration::from_millis(5));
    }
}
