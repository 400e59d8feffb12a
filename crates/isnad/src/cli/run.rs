//! `isnad run`.

use std::io::{self, IsTerminal};
use std::num::{NonZeroU64, NonZeroUsize};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use isnad::core::{Files, Registry};
use isnad::runner::{
    self, DiskFiles, Encoding, Format, Host, Inputs, InputsFrom, Loader, Pipeline, RunError, RunOptions,
};
use jiff::civil::Date;
use serde_json::json;

use super::source::{Source, environment, plugins};
use super::terminal::{Bar, quiet_contained_panics, say};
use super::{Ending, reproduce, summary, units};

const EXAMPLES: &str = "\
Examples:
  isnad run article.txt --published 2023-05-16     one article, told on the terminal
  isnad run news.jsonl --layers quote,entity       only these rows
  isnad run archive/ 'more/*.jsonl' -o facts.jsonl a folder and a glob, into a file
  isnad run news.jsonl.gz more.jsonl.zst           compressed as they are
  isnad run old/ --encoding windows-1256           an archive of old web pages
  isnad run - < news.jsonl > facts.jsonl           standard input
  isnad run -p clean article.txt                   another built-in pipeline
  isnad run -p pipeline.toml                       your own, on the inputs that it names
  isnad run --set normalize.marks.enabled=false a.txt   with one value changed

Documents that cannot be handled go into a quarantine file, with the reason; the others go on.";

/// What `isnad run` is told.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct RunArgs {
    /// Files, folders, globs, or `-` for standard input; they replace the `paths` of the pipeline
    #[arg(value_name = "INPUT")]
    pub(super) inputs: Vec<String>,
    /// A pipeline file, or the name of a built-in pipeline [default: news]
    #[arg(short, long, value_name = "FILE")]
    pub(super) pipeline: Option<String>,
    /// Change a value of the pipeline: `input.format=jsonl`, `stage[2].hamza=bare`, or an option of a stage by
    /// its id, `normalize.letters.hamza=bare`. The value is TOML, or plain text; paths in it start at the folder
    /// of the pipeline file. May be repeated
    #[arg(long, value_name = "PATH=VALUE")]
    pub(super) set: Vec<String>,
    /// The day on which documents without a date of their own were published, such as 2023-05-16
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub(super) published: Option<Date>,
    /// Format of the inputs [default: by their endings]
    #[arg(long, value_name = "FORMAT", value_parser = PossibleValuesParser::new(["text", "jsonl"]))]
    pub(super) format: Option<String>,
    /// How the characters of the inputs stand in bytes; `auto` tells it from the text [default: the pipeline's,
    /// or utf-8]
    #[arg(long, value_name = "NAME", value_parser = encodings())]
    pub(super) encoding: Option<String>,
    /// What to print [default: `summary` on a terminal, else `jsonl`, unless the pipeline writes itself]
    #[arg(long, value_name = "FORMAT")]
    to: Option<To>,
    /// The rows to print, by layer, such as quote,entity
    #[arg(long, value_name = "LAYERS", value_delimiter = ',')]
    layers: Vec<String>,
    /// Print to this file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Threads [default: one for each processor]
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Documents that go through the stages together, at most
    #[arg(long, value_name = "N", default_value_t = RunOptions::default().batch)]
    batch: NonZeroUsize,
    /// Longer documents go into quarantine unread
    #[arg(long, value_name = "SIZE", default_value = "8MiB", value_parser = units::parse_size)]
    max_document: u64,
    /// The quarantine file [default: isnad-quarantine.jsonl beside the first output]
    #[arg(long, value_name = "FILE")]
    quarantine: Option<PathBuf>,
    /// Run only the record of this number of each input, from 1: a document of the quarantine, say
    #[arg(long, value_name = "N")]
    record: Option<NonZeroU64>,
    /// Print the closing table, with the time of each stage, also where no terminal is
    #[arg(long)]
    report: bool,
    /// Print nothing on standard error but errors
    #[arg(short, long, conflicts_with = "report")]
    quiet: bool,
}

/// What `isnad run` prints.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum To {
    /// For a person: who said what
    Summary,
    /// For a program: one JSON record a line
    Jsonl,
    /// The normalized text
    Text,
}

/// Runs a pipeline.
pub(crate) fn run(args: RunArgs) -> Ending {
    quiet_contained_panics();
    try_run(&args).unwrap_or_else(|ending| ending)
}

fn try_run(args: &RunArgs) -> Result<Ending, Ending> {
    let source = match &args.pipeline {
        Some(named) => Source::find(named)?,
        None => {
            for named in args.inputs.iter().filter(|named| named.ends_with(".toml")) {
                say(&format!("`{named}` is read as an article; to run it as a pipeline, write `-p {named}`"));
            }
            Source::built_in(isnad::built_in("news").unwrap_or(isnad::PIPELINES[0]))
        }
    };
    let registry = isnad::registry();
    let files = DiskFiles::new(&source.base).with_stdout(io::stdout());
    let plugins = plugins(&source.base)?;
    let loader =
        Loader::new(&registry, &files).environment(&environment).settings(&args.set).plugins(&plugins);
    let pipeline = loader.load(&source.text, &source.name).map_err(Ending::Config)?;
    // What a check of the pipeline file says of what fails now, with its place in the file.
    let placed = |inputs: InputsFrom| {
        let files = DiskFiles::new(&source.base).with_stdout(io::sink()).only_checking();
        let checked = loader.check(&source.text, &source.name, &files, inputs);
        checked.err().map(Ending::Config)
    };
    let named = if args.inputs.is_empty() { InputsFrom::Pipeline } else { InputsFrom::Caller };
    let inputs = find_inputs(args, &pipeline, &source).map_err(|ending| {
        if named == InputsFrom::Pipeline { placed(named).unwrap_or(ending) } else { ending }
    })?;
    files.protect(inputs.paths().chain(source.path.as_deref()));
    let own_sinks = reproduce::sinks(&pipeline);
    let pipeline = with_exporter(args, pipeline, &registry, &files)?;
    check_quarantine(args, &files, inputs.paths().chain(source.path.as_deref()))?;
    let options = RunOptions {
        threads: args
            .threads
            .or_else(|| std::thread::available_parallelism().ok())
            .unwrap_or(NonZeroUsize::MIN),
        batch: args.batch,
        max_document: args.max_document,
        published: args.published,
        record: args.record.map(NonZeroU64::get),
        ..RunOptions::default()
    };
    let mut bar = Bar::new(&files, args.quiet);
    let cancelled = stop_on_signals();
    let host = Host {
        files: &files,
        quarantine: &|| {
            let path = quarantine_path(args, &files);
            Ok((path.display().to_string(), files.create(&seen_from(&files, &path))?))
        },
        reproduce: &|origin| reproduce::command(args, &source, &own_sinks, origin),
        progress: &mut bar,
        cancelled: &cancelled,
    };
    let result = runner::run(&pipeline, inputs, &options, host);
    bar.clear();
    match result {
        Ok(report) => {
            if !args.quiet {
                summary::print(&report, args.report);
            }
            if let (Some(record), 0) = (args.record, report.documents.read) {
                return Err(Ending::Usage(format!("no input has a record {record}; records count from 1")));
            }
            Ok(if report.documents.quarantined > 0 { Ending::Quarantine } else { Ending::Done })
        }
        Err(_) if files.stdout_closed() => Ok(Ending::Quiet),
        Err(error @ RunError::Config { .. }) => {
            Err(placed(named).unwrap_or_else(|| Ending::Usage(error.to_string())))
        }
        Err(error @ RunError::Interrupted) => Err(Ending::Interrupted(error.to_string() + &left(&files))),
        Err(error) => Err(Ending::Failed(error.to_string() + &left(&files))),
    }
}

fn find_inputs(args: &RunArgs, pipeline: &Pipeline, source: &Source) -> Result<Inputs, Ending> {
    let format = args.format.as_deref().and_then(Format::from_name).or(pipeline.input.format);
    let (paths, base) = match args.inputs.as_slice() {
        [] => (&pipeline.input.paths, source.base.as_path()),
        _ => (&args.inputs, Path::new("")),
    };
    if paths.is_empty() {
        let message = "there is no input; name files, folders or globs, or `-` for standard input";
        return Err(Ending::Usage(message.to_owned()));
    }
    let encoding = args.encoding.as_deref().and_then(Encoding::from_name).unwrap_or(pipeline.input.encoding);
    let inputs = Inputs::find(paths, base, format).map_err(|error| Ending::Usage(error.to_string()))?;
    let inputs = inputs.with_encoding(encoding);
    Ok(if inputs.wants_stdin() { inputs.with_stdin(io::stdin()) } else { inputs })
}

/// The pipeline with the exporter that the command line asks for, or that it needs.
fn with_exporter(
    args: &RunArgs,
    pipeline: Pipeline,
    registry: &Registry,
    files: &DiskFiles,
) -> Result<Pipeline, Ending> {
    if pipeline.has_sink() && args.to.is_none() {
        if args.output.is_some() || !args.layers.is_empty() {
            let message = "the pipeline has an exporter of its own, with its own options; add `--to` for another output";
            return Err(Ending::Usage(message.to_owned()));
        }
        return Ok(pipeline);
    }
    let on_terminal = args.output.is_none() && io::stdout().is_terminal();
    let has_rows = pipeline.plan.names.layers().next().is_some();
    let to = args.to.unwrap_or(match (on_terminal, has_rows) {
        (true, true) => To::Summary,
        // There is nothing to tell but the text.
        (true, false) => To::Text,
        (false, _) => To::Jsonl,
    });
    let path = args.output.as_deref().map_or_else(|| "-".to_owned(), |path| seen_from(files, path));
    let mut options = json!({ "path": path });
    if let Some(options) = options.as_object_mut().filter(|_| !args.layers.is_empty()) {
        if to == To::Text {
            return Err(Ending::Usage("`--layers` chooses rows, and `--to text` prints none".to_owned()));
        }
        check_layers(&args.layers, &pipeline)?;
        options.insert("layers".to_owned(), json!(args.layers));
    }
    let kind = match to {
        To::Summary => "export.summary",
        To::Jsonl => "export.jsonl",
        To::Text => "export.text",
    };
    // An exporter of this kind may stand in the pipeline already.
    if pipeline.stages.iter().any(|stage| stage.id == kind)
        && let Some(options) = options.as_object_mut()
    {
        options.insert("id".to_owned(), json!("--to"));
    }
    pipeline.with_stage(registry, files, kind, options, "command line").map_err(Ending::Config)
}

fn check_layers(layers: &[String], pipeline: &Pipeline) -> Result<(), Ending> {
    let known: Vec<&str> = pipeline.plan.names.layers().map(|(_, info)| info.name.as_str()).collect();
    // `name@2` asks for a version, which is the exporter's business.
    let names = layers.iter().map(|layer| layer.split('@').next().unwrap_or(layer));
    let unknown: Vec<&str> = names.filter(|layer| !known.contains(layer)).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    Err(Ending::Usage(format!(
        "no stage of this pipeline makes the layer `{}`; there are `{}`",
        unknown.join("`, `"),
        known.join("`, `")
    )))
}

fn quarantine_path(args: &RunArgs, files: &DiskFiles) -> PathBuf {
    if let Some(path) = &args.quarantine {
        return path.clone();
    }
    let outputs = files.outputs();
    let folder = outputs.first().and_then(|output| output.parent()).map(shown).unwrap_or_default();
    folder.join("isnad-quarantine.jsonl")
}

/// Whether the quarantine file that was named can be written: it is made only when the first document needs it,
/// which may be late in a long run.
fn check_quarantine<'p>(
    args: &RunArgs,
    files: &DiskFiles,
    read: impl Iterator<Item = &'p Path>,
) -> Result<(), Ending> {
    let Some(path) = &args.quarantine else { return Ok(()) };
    let trial = DiskFiles::new(files.base()).only_checking();
    trial.protect(read);
    let output = args.output.as_deref().map(|output| seen_from(files, output)).filter(|output| output != "-");
    // What is wrong with the output itself is said when it is opened.
    let _taken = output.map(|output| trial.create(&output));
    let made = trial.create(&seen_from(files, path));
    made.map(drop).map_err(|error| {
        let message = format!("cannot create the quarantine file `{}`: {error}", path.display());
        Ending::Usage(message)
    })
}

/// Where to find what a run that did not end well has written.
fn left(files: &DiskFiles) -> String {
    let outputs = files.outputs();
    let names: Vec<String> =
        outputs.iter().map(|path| format!("`{}.partial`", shown(path).display())).collect();
    if names.is_empty() {
        String::new()
    } else {
        format!("; what was written so far is in {}", names.join(", "))
    }
}

/// A path as the user would write it.
fn shown(path: &Path) -> PathBuf {
    let here = std::env::current_dir().ok();
    here.and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned)).unwrap_or_else(|| path.to_owned())
}

/// A path from the command line, which starts at the current folder, for files that start elsewhere.
fn seen_from(files: &DiskFiles, path: &Path) -> String {
    let here = files.base().as_os_str().is_empty() || path == Path::new("-");
    let path =
        if here { path.to_owned() } else { std::path::absolute(path).unwrap_or_else(|_| path.to_owned()) };
    path.to_string_lossy().into_owned()
}

/// A flag that the first signal sets; the second ends the process at once.
fn stop_on_signals() -> Arc<AtomicBool> {
    let cancelled = Arc::new(AtomicBool::new(false));
    let flag = cancelled.clone();
    let handler = move || {
        if flag.swap(true, Ordering::Relaxed) {
            #[expect(clippy::exit, reason = "the user asked twice, and the run does not listen")]
            std::process::exit(130);
        }
        say("stopping; once more ends it at once");
    };
    if let Err(error) = ctrlc::set_handler(handler) {
        say(&format!("warning: an interrupt will end the run without a word: {error}"));
    }
    cancelled
}

fn encodings() -> PossibleValuesParser {
    PossibleValuesParser::new(Encoding::ALL.map(Encoding::name))
}

fn parse_date(text: &str) -> Result<Date, String> {
    runner::parse_date(text).map_err(|error| format!("it {error}"))
}
