//! The stage that panics as a dynamic library.

isnad_plugin::export!(isnad_plugin_hostile::register);
