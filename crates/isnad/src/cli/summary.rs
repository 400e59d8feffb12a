//! What is said on standard error at the end of a run.

use std::fmt::Write;
use std::io::{self, IsTerminal};

use isnad::runner::{Report, Seen};

use super::terminal::say;
use super::units::{bytes, counted, duration, grouped};

/// Prints what a run came to: on a terminal the counts, with `whole` the stages too, and everywhere what
/// the user has to know: warnings and the quarantine.
pub(crate) fn print(report: &Report, whole: bool) {
    let mut out = String::new();
    if whole {
        stages(report, &mut out);
    }
    if whole || io::stderr().is_terminal() {
        counts(report, &mut out);
    }
    notes(report, &mut out);
    for line in out.lines() {
        say(line);
    }
}

fn stages(report: &Report, out: &mut String) {
    let total: f64 = report.stages.iter().map(|stage| stage.time.as_secs_f64()).sum();
    let width =
        report.stages.iter().map(|stage| stage.id.chars().count()).max().unwrap_or(0).max("stage".len());
    let _ =
        writeln!(out, "{:width$}  {:>10}  {:>5}  {:>10}  {:>12}", "stage", "time", "%", "documents", "rows");
    for stage in &report.stages {
        let share = if total > 0.0 { stage.time.as_secs_f64() / total * 100.0 } else { 0.0 };
        let _ = write!(
            out,
            "{:width$}  {:>10}  {share:>5.1}  {:>10}  {:>12}",
            stage.id,
            duration(stage.time),
            grouped(stage.documents),
            grouped(stage.rows)
        );
        let _ = match stage.skipped {
            0 => writeln!(out),
            skipped => writeln!(out, "  skipped for {}", counted(skipped, "document")),
        };
    }
    let _ = writeln!(out);
}

fn counts(report: &Report, out: &mut String) {
    let documents = &report.documents;
    let _ = write!(out, "{}", counted(documents.read, "document"));
    for (count, what) in [
        (documents.quarantined, "in quarantine"),
        (documents.dropped, "dropped"),
        (documents.skipped, "with a stage skipped"),
    ] {
        if count > 0 {
            let _ = write!(out, ", {} {what}", grouped(count));
        }
    }
    let _ = writeln!(
        out,
        "; {} of text in {} on {}: {:.1} MB/s",
        bytes(report.raw_bytes),
        duration(report.elapsed),
        counted(report.threads as u64, "thread"),
        report.megabytes_per_second()
    );
    let rows: Vec<String> = report
        .rows
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(layer, count)| format!("{layer} {}", grouped(*count)))
        .collect();
    if !rows.is_empty() {
        let _ = writeln!(out, "rows: {}", rows.join(", "));
    }
}

fn notes(report: &Report, out: &mut String) {
    for (code, Seen { count, first }) in &report.warnings {
        let _ = writeln!(out, "warning: {code}: {}; first {first}", counted(*count, "document"));
    }
    for (reason, count) in &report.dropped {
        let _ = writeln!(out, "dropped: {reason}: {}", counted(*count, "document"));
    }
    for faults in &report.quarantined {
        let _ = writeln!(
            out,
            "quarantine: {}: {}: {}; first {}",
            faults.stage,
            faults.code,
            counted(faults.seen.count, "document"),
            faults.seen.first
        );
    }
    if let Some(path) = &report.quarantine {
        let _ = writeln!(out, "quarantine: all of them are in `{path}`");
    }
}
