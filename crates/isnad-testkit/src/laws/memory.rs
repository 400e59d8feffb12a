//! Memory stays flat over many small batches.

use std::fs;

use isnad_core::{Article, Batch, Document};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

use super::rig::Rig;
use super::run::Observe;
use super::{Law, LawBroken};
use crate::arabic;

/// How many batches are run if nothing else is said.
pub(super) const BATCHES: u32 = 10_000;

/// So much may the median of a third of the run lie above that of the third before: allocators keep
/// memory for later, and other tests of the same process take some.
const TOLERANCE_KIB: u64 = 512;

/// How often memory is looked at in a round.
const SAMPLES: u32 = 90;

/// Growth counts only if it is there in this many rounds in a row: a cache that fills up comes to an end.
const ROUNDS: u32 = 3;

/// The memory of this process that is in use, in KiB, where the system tells.
pub(super) fn resident() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Runs so many batches, each of a new article, and watches the memory.
pub(super) fn memory(
    rig: &Rig<'_>,
    batches: u32,
    resident: &dyn Fn() -> Option<u64>,
    observe: &Observe<'_>,
) -> Result<(), LawBroken> {
    if resident().is_none() {
        return Ok(());
    }
    let mut upstream = rig.upstream_workers()?;
    let mut worker = rig.worker()?;
    let articles = articles();
    let mut count = 0_u32;
    let mut run = |batches: u32| {
        for _ in 0..batches {
            count += 1;
            let article = numbered(&articles, count);
            (observe.borrow_mut())(Law::Memory, std::slice::from_ref(&article));
            let mut batch = Batch::new(vec![Document::new(article.clone())]);
            let outcome = rig
                .run_upstream_workers(&mut upstream, &mut batch)
                .and_then(|()| rig.process(&mut *worker, &mut batch));
            outcome.map_err(|broken| broken.on(&[article]))?;
        }
        Ok(())
    };

    run(batches / 5)?;
    let measured = batches - batches / 5;
    let mut grown = None;
    for _ in 0..ROUNDS {
        let mut samples = Vec::new();
        for sample in 0..SAMPLES {
            let until = |sample: u32| u64::from(measured) * u64::from(sample) / u64::from(SAMPLES);
            run((until(sample + 1) - until(sample)) as u32)?;
            samples.extend(resident());
        }
        grown = growth(&samples);
        if grown.is_none() {
            return Ok(());
        }
    }
    let Some((from, to)) = grown else { return Ok(()) };
    let per_batch = (to - from) * 1024 * 3 / 2 / u64::from(measured.max(1));
    Err(LawBroken::of(
        Law::Memory,
        format!(
            "memory grew all the time, in the last {measured} batches of an article each from {from} to {to} KiB: \
             some {per_batch} bytes a batch"
        ),
    ))
}

/// The medians of the first and the last third, if each third lies clearly above the one before.
fn growth(samples: &[u64]) -> Option<(u64, u64)> {
    let third = samples.len() / 3;
    let median = |from: usize| {
        let mut part: Vec<u64> = samples.iter().skip(from).take(third).copied().collect();
        part.sort_unstable();
        part.get(third / 2).copied().unwrap_or_default()
    };
    let (first, middle, last) = (median(0), median(third), median(2 * third));
    let is_above = |high: u64, low: u64| high > low + TOLERANCE_KIB;
    (is_above(middle, first) && is_above(last, middle)).then_some((first, last))
}

/// Always the same few articles.
fn articles() -> Vec<Article> {
    let mut runner = TestRunner::new_with_rng(
        proptest::test_runner::Config::default(),
        TestRng::from_seed(RngAlgorithm::ChaCha, &[0; 32]),
    );
    let article = arabic::article();
    (0..64).filter_map(|_| article.new_tree(&mut runner).ok()).map(|tree| tree.current()).collect()
}

/// One of the articles with a number at its end, so that no text comes twice.
fn numbered(articles: &[Article], number: u32) -> Article {
    let mut article = articles.get(number as usize % articles.len().max(1)).cloned().unwrap_or_default();
    article.raw.push_str(&format!(" خبر{number}"));
    article
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(step: u64, noise: u64) -> Vec<u64> {
        (0..90).map(|sample| 10_000 + sample * step + sample % 7 * noise).collect()
    }

    #[test]
    fn growth_is_told_from_noise_and_from_one_step() {
        assert_eq!(growth(&line(0, 900)), None);
        assert_eq!(growth(&line(10, 0)), None);
        assert!(growth(&line(50, 100)).is_some());
        let once: Vec<u64> = (0..90).map(|sample| if sample < 50 { 10_000 } else { 90_000 }).collect();
        assert_eq!(growth(&once), None);
        assert_eq!(growth(&[]), None);
    }
}
