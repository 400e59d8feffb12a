//! The exporters, behind toy stages that rewrite texts and write rows as a test says.

#![allow(clippy::unwrap_used, clippy::string_slice, reason = "a test fails by panicking, in its helpers too")]

mod laws;
mod record;
mod summary;
mod text;
mod toy;
