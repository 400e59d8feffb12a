//! Compiles `stopwords.c` into a shared library, with the C compiler of the machine.

use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let package = folder("CARGO_MANIFEST_DIR");
    let out = folder("OUT_DIR");
    let include = package.join("../../crates/isnad-plugin/include");
    let words = package.join("data/function-words.tsv");
    for path in [package.join("stopwords.c"), words.clone(), include.join("isnad.h")] {
        println!("cargo::rerun-if-changed={}", path.display());
    }

    fs::write(out.join("function-words.h"), as_bytes_of_c(&words)).expect("cargo made the folder");
    let library = out.join(if is_for("macos") { "libstopwords.dylib" } else { "libstopwords.so" });
    let compiler = cc::Build::new().std("c11").warnings(true).extra_warnings(true).get_compiler();
    let mut command = compiler.to_command();
    command.arg("-O2").arg(if is_for("macos") { "-dynamiclib" } else { "-shared" });
    command.arg("-I").arg(&include).arg("-I").arg(&out);
    command.arg(package.join("stopwords.c")).arg("-o").arg(&library);
    let status = command.status().expect("there is a C compiler; the variable CC names it");
    assert!(status.success(), "the C compiler did not take stopwords.c: {status}");
    println!("cargo::rustc-env=STOPWORDS_LIBRARY={}", library.display());
}

/// A folder that cargo names.
fn folder(variable: &str) -> PathBuf {
    env::var_os(variable).expect("cargo sets it for build scripts").into()
}

fn is_for(system: &str) -> bool {
    env::var("CARGO_CFG_TARGET_OS").is_ok_and(|target| target == system)
}

/// The bytes of a file as an array in C.
fn as_bytes_of_c(path: &Path) -> String {
    let bytes = fs::read(path).expect("the file is part of the package");
    let lines =
        bytes.chunks(24).map(|line| line.iter().map(|byte| format!("{byte},")).collect::<String>() + "\n");
    format!("static const unsigned char function_words[] = {{\n{}}};\n", lines.collect::<String>())
}
