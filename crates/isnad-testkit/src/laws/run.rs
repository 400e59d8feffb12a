//! Checking: all laws together, each on its own, or one on a given batch.

use std::cell::RefCell;
use std::sync::{PoisonError, RwLock};

use isnad_core::Article;
use proptest::collection::vec;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use super::rig::Rig;
use super::{Law, LawBroken, Laws, hostile, lend, memory, rules, sinks, threads};
use crate::fixture::Fixture;
use crate::{arabic, shrink};

/// Checks one law on one batch.
type Check = fn(&Rig<'_>, &[Article]) -> Result<(), LawBroken>;

/// Called before articles are tried.
pub(super) type Observe<'o> = RefCell<&'o mut dyn FnMut(Law, &[Article])>;

/// A broken law, and whether it was found on an article that nobody gave.
pub(crate) struct Found {
    pub(crate) broken: LawBroken,
    is_generated: bool,
}

/// The memory in use is that of the whole process: while it is watched, no other check may run.
static IN_MEMORY: RwLock<()> = RwLock::new(());

impl Laws<'_> {
    /// Checks the laws.
    ///
    /// # Panics
    /// A law is broken; the message names it and shows the smallest input found.
    #[track_caller]
    pub fn check(&self) {
        if let Err(found) = self.together() {
            self.fail(found);
        }
    }

    /// Checks the laws.
    ///
    /// # Errors
    /// The first law found broken.
    pub fn run(&self) -> Result<(), LawBroken> {
        self.together().map_err(|found| found.broken)
    }

    /// Checks the laws one after the other, so that one that is broken does not hide another: what the check
    /// of a law finds about a second one is left to the check of that one, if it finds it too. `observe` is
    /// called before articles are tried, while a counter-example is made smaller too: whoever runs this in
    /// a process of its own can note them, to know what a crash was on.
    ///
    /// Where no law can be checked since the chain does not fit, [`Law::Chain`] stands alone. A law that
    /// says nothing about the stage counts as kept; [`skipped`](Laws::skipped) tells which do.
    pub fn run_each(&self, observe: &mut dyn FnMut(Law, &[Article])) -> Vec<(Law, Result<(), LawBroken>)> {
        let rig = match Rig::new(self.stage, &self.upstream, &self.files) {
            Ok(rig) => rig,
            Err(broken) => return vec![(Law::Chain, Err(broken))],
        };
        let observe: Observe<'_> = RefCell::new(observe);
        let check = |law| (law, self.alone(&rig, law, &observe).map_err(|found| found.broken));
        self.wanted().into_iter().map(check).collect()
    }

    /// Checks one law on one batch and nothing else.
    ///
    /// # Errors
    /// The law is broken, or another one that had to hold for the check.
    pub fn run_on(&self, law: Law, articles: &[Article]) -> Result<(), LawBroken> {
        let rig = Rig::new(self.stage, &self.upstream, &self.files)?;
        match law {
            Law::Hostile => hostile::one(&rig, articles),
            Law::Memory => rig.run(articles).map(|_| ()),
            law => case(&rig, articles, &[law]),
        }
        .map_err(|broken| broken.on(articles))
    }

    /// Checks one law as a test of its own beside those of the others: what its check finds about another
    /// law is left to that one's test where that finds it too.
    #[track_caller]
    pub(crate) fn test(&self, law: Law) {
        if let Err(found) = self.try_test(law) {
            self.fail(found);
        }
    }

    /// The same without the panic.
    pub(crate) fn try_test(&self, law: Law) -> Result<(), Found> {
        let rig = Rig::new(self.stage, &self.upstream, &self.files).map_err(Found::given)?;
        let nobody: &mut dyn FnMut(Law, &[Article]) = &mut |_, _| ();
        self.alone(&rig, law, &RefCell::new(nobody))
    }

    /// Keeps what was found as a fixture if there is a folder for them; what to say of that.
    pub(crate) fn keep(&self, found: &Found) -> String {
        let Found { broken, is_generated } = found;
        let folder = self.fixtures.as_ref().filter(|_| *is_generated && !broken.articles.is_empty());
        match folder.map(|folder| Fixture::from(broken).write(folder)) {
            None => String::new(),
            Some(Ok(path)) => format!("\nsaved as `{}`; from now on it is tried first", path.display()),
            Some(Err(error)) => format!("\nit could not be saved as a fixture: {error}"),
        }
    }

    fn together(&self) -> Result<(), Found> {
        let rig = Rig::new(self.stage, &self.upstream, &self.files).map_err(Found::given)?;
        let nobody: &mut dyn FnMut(Law, &[Article]) = &mut |_, _| ();
        let observe = RefCell::new(nobody);
        let (per_case, once): (Vec<Law>, Vec<Law>) =
            self.wanted().into_iter().partition(|law| law.is_per_case());
        if !per_case.is_empty() {
            self.search(&|articles| case(&rig, articles, &per_case))?;
        }
        once.into_iter().try_for_each(|law| self.once(&rig, law, &observe))
    }

    /// Checks one law. What its check finds about another one is left to that one where its own check finds
    /// it on the same articles.
    fn alone(&self, rig: &Rig<'_>, law: Law, observe: &Observe<'_>) -> Result<(), Found> {
        if !law.is_per_case() {
            return self.once(rig, law, observe);
        }
        self.search(&|articles| {
            (observe.borrow_mut())(law, articles);
            let Err(broken) = case(rig, articles, &[law]) else { return Ok(()) };
            let other = broken.law;
            let is_left = other != law
                && other.is_per_case()
                && Law::ALL.contains(&other)
                && case(rig, articles, &[other]).is_err_and(|again| again.law == other);
            if is_left { Ok(()) } else { Err(broken) }
        })
    }

    /// Checks a law that has articles of its own.
    fn once(&self, rig: &Rig<'_>, law: Law, observe: &Observe<'_>) -> Result<(), Found> {
        match law {
            Law::Memory => {
                let _alone = IN_MEMORY.write().unwrap_or_else(PoisonError::into_inner);
                memory::memory(rig, self.memory_batches(), &memory::resident, observe)
            }
            _ => {
                let _shared = IN_MEMORY.read().unwrap_or_else(PoisonError::into_inner);
                hostile::hostile(rig, &self.given().map_err(Found::given)?, observe)
            }
        }
        .map_err(Found::given)
    }

    /// Looks for a batch that is refused: first among those that were given, then among generated ones.
    fn search(&self, judge: &dyn Fn(&[Article]) -> Result<(), LawBroken>) -> Result<(), Found> {
        let _shared = IN_MEMORY.read().unwrap_or_else(PoisonError::into_inner);
        for articles in self.given().map_err(Found::given)? {
            if let Err(broken) = judge(&articles) {
                return Err(Found::given(smaller(broken.on(&articles), judge)));
            }
        }
        let last = RefCell::new(None);
        let outcome = self.runner().run(&vec(arabic::article(), 1..4), |articles| {
            judge(&articles).map_err(|broken| {
                let reason = broken.message.clone();
                // While proptest shrinks, the last failure is the smallest.
                last.replace(Some(broken.on(&articles)));
                TestCaseError::fail(reason)
            })
        });
        match (outcome, last.into_inner()) {
            (Ok(()), _) => Ok(()),
            (Err(_), Some(broken)) => Err(Found { broken: smaller(broken, judge), is_generated: true }),
            (Err(TestError::Abort(reason) | TestError::Fail(reason, _)), None) => {
                Err(Found::given(LawBroken::of(Law::Chain, reason.to_string())))
            }
        }
    }

    #[track_caller]
    fn fail(&self, found: Found) -> ! {
        panic!("{}{}", found.broken, self.keep(&found));
    }

    fn runner(&self) -> TestRunner {
        let config = Config {
            cases: self.cases,
            failure_persistence: None,
            max_shrink_iters: 4096,
            ..Config::default()
        };
        let mut seed = [0; 32];
        for (place, byte) in seed.iter_mut().zip(self.seed.to_le_bytes()) {
            *place = byte;
        }
        TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed))
    }
}

impl Found {
    fn given(broken: LawBroken) -> Self {
        Found { broken, is_generated: false }
    }
}

/// How often a broken law is tried on smaller articles than those that proptest found.
const TRIES: usize = 300;

/// The same law broken on articles that are smaller still.
pub(super) fn smaller(broken: LawBroken, judge: &dyn Fn(&[Article]) -> Result<(), LawBroken>) -> LawBroken {
    let law = broken.law;
    let mut last = None;
    shrink(&broken.articles, TRIES, &mut |articles| match judge(articles) {
        Err(broken) if broken.law == law => {
            last = Some(broken.on(articles));
            true
        }
        _ => false,
    });
    last.unwrap_or(broken)
}

/// Checks some laws on one batch. Those that are not `wanted` are found broken only where the check of
/// another one cannot do without them.
fn case(rig: &Rig<'_>, articles: &[Article], wanted: &[Law]) -> Result<(), LawBroken> {
    let wants = |law: Law| wanted.contains(&law);
    let checks: [(Law, Check); 9] = [
        (Law::Normal, rules::normal),
        (Law::NeedsItsReads, lend::needs_its_reads),
        (Law::Deterministic, rules::deterministic),
        (Law::BatchFree, rules::batch_free),
        (Law::Order, rules::order),
        (Law::Threads, threads::threads),
        (Law::Rollback, rules::rollback),
        (Law::Cancel, rules::cancel),
        (Law::Sink, sinks::sink),
    ];
    if rules::ONE_PASS.iter().any(|law| wants(*law)) {
        rules::one_pass(rig, articles, &wants)?;
    }
    checks.iter().filter(|(law, _)| wants(*law)).try_for_each(|(_, check)| check(rig, articles))
}
