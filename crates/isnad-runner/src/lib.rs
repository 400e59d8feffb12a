//! The engine of isnad: reads a pipeline file and finds everything that is wrong with it in one go,
//! reads documents, runs the stages on threads in input order, quarantines what fails and reports. It
//! knows no concrete stage (a registry names them), reads no flags and prints nothing.
//!
//! ```
//! use isnad_core::{Contract, NoFiles, Registry, StageKind, Writes, per_doc};
//! use isnad_runner::load;
//!
//! let mut registry = Registry::new();
//! registry.add(StageKind::new("extract.quotes", "finds quotations", "", |_: (), _| {
//!     let contract = Contract::new().writes(Writes::rows("quote", 1));
//!     Ok(per_doc(contract, |_| Ok(()), |(), _, _| Ok(())))
//! }));
//!
//! let file = r#"
//! isnad = 1
//! [[stage]]
//! use = "extract.qoutes"
//! "#;
//! let errors = load(file, "pipeline.toml", &registry, &NoFiles).expect_err("there is a slip in the name");
//! assert_eq!(
//!     errors[0].to_string(),
//!     "pipeline.toml:4:7: error[E0107]: unknown stage `extract.qoutes`
//!   help: did you mean `extract.quotes`? `isnad stages` lists them all"
//! );
//! ```

mod config;
mod dates;
mod engine;
mod error;
mod files;
mod input;
mod pipeline;
mod plugins;
mod quarantine;
mod report;
#[cfg(test)]
mod testing;
mod units;

pub use config::{
    CODES, Claim, ConfigError, ExpectedRow, Fields, Format, InputSpec, InputsFrom, LAWS, Loader, Location,
    OnError, PropertySpec, RowPattern, Specs, TestOutcome, TestSpec, explain, load, pipeline_schema,
    setting_value,
};
pub use dates::{BadDate, parse_date};
pub use engine::{Host, NoProgress, Progress, RunOptions, Trial, Tried, contain, panic_is_contained, run};
pub use error::RunError;
pub use files::DiskFiles;
pub use input::{Encoding, Inputs};
pub use pipeline::{Pipeline, PreparedStage, SwitchedOff};
pub use plugins::{Limits, NoPlugins, PluginError, PluginPart, PluginSpec, Plugins};
pub use report::{Documents, Faults, Report, Seen, StageReport};
pub use units::{parse_bytes, parse_duration};
