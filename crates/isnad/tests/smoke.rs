//! The command starts and does its work: so that testing the workspace builds it.

use std::io::Write;
use std::process::{Command, Stdio};

#[test]
fn a_text_goes_in_and_comes_out_clean() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_isnad"))
        .args(["run", "-p", "clean", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("cargo has built the command");
    let mut stdin = child.stdin.take().expect("it is piped");
    stdin.write_all("قالــت  وزارةُ الخارجيّة".as_bytes()).expect("the command reads");
    drop(stdin);
    let output = child.wait_with_output().expect("the command ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).expect("it writes UTF-8");
    assert_eq!(text.trim_end(), "قالت وزارةُ الخارجيّة");
}
