//! The stage in Rust as a dynamic library.

isnad_plugin::export!(isnad_plugin_stopwords::register);
