//! The command by which a document of the quarantine is looked at again.

use isnad::core::{Origin, SinkKind};
use isnad::runner::Pipeline;

use super::run::RunArgs;
use super::source::Source;

/// The stages of a pipeline that write output, by id.
pub(crate) fn sinks(pipeline: &Pipeline) -> Vec<String> {
    let writes = pipeline.stages.iter().filter(|stage| stage.stage.contract().sink != SinkKind::None);
    writes.map(|stage| stage.id.clone()).collect()
}

/// A command for a shell that runs the same pipeline on this document alone. It touches no file that the run
/// wrote: `sinks` are switched off, and the quarantine is another one. `None` for standard input, which is gone.
pub(crate) fn command(args: &RunArgs, source: &Source, sinks: &[String], origin: &Origin) -> Option<String> {
    let path = origin.path.as_deref().filter(|path| *path != "-")?;
    // Inputs that the pipeline file names start at its folder.
    let path = match args.inputs.as_slice() {
        [] => source.base.join(path).to_string_lossy().into_owned(),
        _ => path.to_owned(),
    };
    let mut words = vec!["isnad".to_owned(), "run".to_owned()];
    let mut option = |name: &str, value: String| words.extend([name.to_owned(), value]);
    if let Some(pipeline) = &args.pipeline {
        option("-p", pipeline.clone());
    }
    for set in &args.set {
        option("--set", set.clone());
    }
    for sink in sinks {
        option("--set", format!("{sink}.enabled=false"));
    }
    if let Some(date) = args.published {
        option("--published", date.to_string());
    }
    if let Some(format) = &args.format {
        option("--format", format.clone());
    }
    if let Some(encoding) = &args.encoding {
        option("--encoding", encoding.clone());
    }
    option("--record", origin.record.to_string());
    option("--quarantine", "isnad-reproduced.jsonl".to_owned());
    words.push(path);
    shlex::try_join(words.iter().map(String::as_str)).ok()
}
