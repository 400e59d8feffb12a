//! Stages in processes of their own, and the first contact with a library in one.
//!
//! One side is isnad: [`process`] starts and ends a process and listens to it, [`contact`] asks what is in a library
//! and tries whether a stage can be made, [`isolated`] runs a stage there. The other side is [`serve`], with a stage on
//! its [`bench`]. [`protocol`] is what they say to each other, with tables as [`blocks`]; [`log`] is how messages of the
//! log come over.

mod bench;
mod blocks;
mod contact;
mod isolated;
mod log;
mod process;
mod protocol;
mod serve;

pub(crate) use contact::{describe, try_stage};
pub(crate) use isolated::IsolatedStage;
pub use isolated::Limits;
pub use process::Program;
pub use serve::serve;
