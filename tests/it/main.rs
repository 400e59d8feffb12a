//! The one integration binary of the whole: the command as users run it, the promises of the output, input
//! that wants to break it, the layers of the workspace, and the commands that the documentation shows.

#![allow(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

mod cases;
mod cli;
mod config;
mod corpus;
mod docs;
mod expected;
mod graph;
mod hostile;
mod inputs;
mod laws;
mod layers;
mod markdown;
mod new;
mod options;
mod plugin_check;
mod plugin_pages;
mod plugins;
mod program;
mod provenance;
mod redact;
mod reference;
mod schema;
mod start;
mod testing;
