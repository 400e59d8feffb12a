//! Libraries in this process: sound ones do what the same stage built in does, and of those that are not, each is
//! refused for what is wrong with it.

#![allow(clippy::unwrap_used, reason = "what is wrong in a test ends it")]

mod faults;
mod handshake;
mod rig;
mod sound;
