//! Compiles `hostile.c`, and `faults.c` once for each fault, into shared libraries.

use std::path::{Path, PathBuf};
use std::{env, fs};

/// What may be wrong with a library before a stage of it is made; `faults.c` says how. The first three are right.
const FAULTS: [&str; 24] = [
    "SOUND",
    "LONGER",
    "SHORTER",
    "CONSTRUCTOR_ABORTS",
    "CONSTRUCTOR_CRASHES",
    "CONSTRUCTOR_EXITS",
    "CONSTRUCTOR_HANGS",
    "ENTRY_CRASHES",
    "INIT_CRASHES",
    "INIT_FAILS",
    "KINDS_NULL",
    "KIND_TRUNCATED",
    "MAGIC_WRONG",
    "MAJOR_OTHER",
    "MINOR_NEEDED",
    "MODULE_NULL",
    "MODULE_TRUNCATED",
    "NAME_SHAPE",
    "NAME_TAKEN",
    "NAME_UTF8",
    "NO_PROCESS",
    "NO_SYMBOL",
    "ROW_OTHER",
    "SCHEMA_TEXT",
];

fn main() {
    let package = folder("CARGO_MANIFEST_DIR");
    let out = folder("OUT_DIR");
    let include = package.join("../../crates/isnad-plugin/include");
    for path in [package.join("hostile.c"), package.join("faults.c"), include.join("isnad.h")] {
        println!("cargo::rerun-if-changed={}", path.display());
    }

    compile(&package.join("hostile.c"), None, &include, &out, "hostile");
    for fault in FAULTS {
        compile(&package.join("faults.c"), Some(fault), &include, &out, &fault.to_lowercase());
    }
    fs::write(out.join("libtext.so"), "This is no library.\n").expect("cargo made the folder");
    println!("cargo::rustc-env=HOSTILE_LIBRARIES={}", out.display());
}

/// Compiles a file of C into `libNAME.so`, with one thing defined.
fn compile(file: &Path, define: Option<&str>, include: &Path, out: &Path, name: &str) {
    let is_mac = env::var("CARGO_CFG_TARGET_OS").is_ok_and(|target| target == "macos");
    let compiler = cc::Build::new().std("c11").warnings(true).extra_warnings(true).get_compiler();
    let mut command = compiler.to_command();
    // Without optimization, so that no fault is optimized away.
    command.arg("-O0").arg("-D_POSIX_C_SOURCE=200809L").arg(if is_mac { "-dynamiclib" } else { "-shared" });
    command.args(define.map(|define| format!("-D{define}"))).arg("-I").arg(include);
    command.arg(file).arg("-o").arg(out.join(format!("lib{name}.so")));
    let status = command.status().expect("there is a C compiler; the variable CC names it");
    assert!(status.success(), "the C compiler did not take {} for {name}: {status}", file.display());
}

/// A folder that cargo names.
fn folder(variable: &str) -> PathBuf {
    env::var_os(variable).expect("cargo sets it for build scripts").into()
}
