//! The law `memory`, in a process of its own since memory is that of the whole process.

mod handmade;

use std::sync::Mutex;

use handmade::Handmade;
use isnad_core::*;
use isnad_testkit::laws::{Law, Laws};

const BATCHES: u32 = 2000;

/// A stage that keeps so many bytes of each batch that the function says.
fn keeps(bytes: impl Fn(u64) -> usize + Send + Sync) -> impl Stage {
    let kept = Mutex::new(Vec::new());
    Handmade(Contract::new(), move |count: &mut u64, _: &mut Batch, _: &Context<'_>, _: &Names| {
        *count += 1;
        let mut kept = kept.lock().expect("nobody panics");
        kept.push(vec![1_u8; bytes(*count)]);
        Ok(())
    })
}

#[test]
fn a_leak_is_told_from_a_cache() {
    let leaks = keeps(|_| 4096);
    let laws = Laws::new(&leaks).only(&[Law::Memory]).memory(BATCHES);
    if let Some(why) = laws.skipped(Law::Memory) {
        assert_eq!(why, "this system does not tell the memory in use");
        return;
    }
    let broken = laws.run().expect_err("it leaks");
    assert_eq!(broken.law, Law::Memory);
    assert!(broken.message.contains("memory grew all the time"), "{broken}");

    let caches = keeps(|count| if count == 1000 { 32 << 20 } else { 0 });
    Laws::new(&caches).only(&[Law::Memory]).memory(BATCHES).check();

    let fills = keeps(|count| if count < 1500 { 4096 } else { 0 });
    Laws::new(&fills).only(&[Law::Memory]).memory(BATCHES).check();

    let ends = per_doc(
        Contract::new(),
        |_| Ok(()),
        |_, document, _| {
            assert!(!document.content().text().contains("خبر77"), "seventy-seven");
            Ok(())
        },
    );
    let broken = Laws::new(&ends).only(&[Law::Memory]).run().expect_err("it panics");
    assert_eq!(broken.law, Law::NoPanic);
    assert!(broken.articles[0].raw.ends_with("خبر77"), "{broken}");
}
