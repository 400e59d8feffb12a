//! The macro `laws!`.

/// One test for each law that a stage keeps.
///
/// The stage is an expression: an `impl Stage`, an `Arc<dyn Stage>`, what `StageKind::create` returns, or a
/// `StageKind`, which is then tested with its default options.
///
/// ```
/// use isnad_core::{Contract, Span, Stage, StageError, Sym, Writes, per_doc};
///
/// /// Marks «قال».
/// fn said() -> impl Stage {
///     per_doc(
///         Contract::new().writes(Writes::rows("said", 1)),
///         |names| names.layer("said").ok_or_else(|| StageError::undeclared("said")),
///         |said, document, cx| {
///             let (content, mut rows) = document.annotate(cx);
///             for (at, word) in content.text().match_indices("قال") {
///                 rows.add(*said, Span::new(at, at + word.len()), Sym::NONE, Sym::NONE, 1.0)?;
///             }
///             Ok(())
///         },
///     )
/// }
///
/// isnad_testkit::laws!(said());
/// # fn main() {}
/// ```
///
/// `cargo test` then shows which law holds:
///
/// ```text
/// test law::batch_free ... ok
/// test law::cancel ... ok
/// test law::deterministic ... ok
/// …
/// ```
///
/// A name before the stage takes the place of `law`, the module, so that several suites fit in a file; behind the stage
/// stand settings, all of which may be left out:
///
/// ```
/// # mod stages {
/// #     use isnad_core::{Contract, Reads, Stage, Writes, per_doc};
/// #     pub fn said() -> impl Stage {
/// #         per_doc(Contract::new().writes(Writes::rows("said", 1)), |_| Ok(()), |_, _, _| Ok(()))
/// #     }
/// #     pub fn counts() -> impl Stage {
/// #         per_doc(Contract::new().reads(Reads::layer("said", 1)), |_| Ok(()), |_, _, _| Ok(()))
/// #     }
/// #     #[derive(Default, serde::Deserialize, schemars::JsonSchema)]
/// #     pub struct Top { #[allow(dead_code)] top: Option<u8> }
/// #     pub fn keywords() -> isnad_core::StageKind {
/// #         isnad_core::StageKind::new("extract.keywords", "", "", |_: Top, _| Ok(said()))
/// #     }
/// # }
/// use isnad_testkit::laws;
/// use stages::{counts, keywords, said};
///
/// laws!(counts_behind_said, counts(), after = [said()], cases = 64, seed = 7);
/// laws!(five_keywords, keywords(), options = { "top": 5 });
/// laws!(keywords_with_any_options, keywords(), options = random);
/// laws!(said_again, said(), texts = ["", "قال قال"], memory = 10_000, fixtures = "tests/laws");
/// # fn main() {}
/// ```
///
/// | setting | what it is | without it |
/// |---|---|---|
/// | `after = [a, b]` | the stages before it in the chain, in order, each an expression as above | it stands first |
/// | `options = { "top": 5 }` | the options of a `StageKind`, as JSON | its defaults |
/// | `options = random` | options drawn from the schema of a `StageKind`; those that it refuses are passed over | its defaults |
/// | `cases = 64` | generated batches for each law | 32 |
/// | `seed = 7` | another seed makes other batches | 0 |
/// | `texts = ["…"]` | articles to try first | none |
/// | `files = MemoryFiles::new(…)` | files that the stage may read | none |
/// | `memory = 10_000` | the law `memory` too, over so many batches | it is left out |
/// | `fixtures = "tests/laws"` | a folder beside `Cargo.toml`: its [fixtures](crate::Fixture) are tried first, and a law that is found broken leaves a new one there | nothing is kept |
///
/// The laws are those of [`laws`](mod@crate::laws); a law that says nothing about the stage, such as `normal`
/// about one that does not rewrite text, passes. Whatever the expressions name is looked up in the module
/// in which the macro stands.
#[macro_export]
macro_rules! laws {
    ($stage:expr $(,)?) => { $crate::__laws_tests! { law, $stage, } };
    ($stage:expr, $key:ident = $($settings:tt)*) => {
        $crate::__laws_tests! { law, $stage, $key = $($settings)* }
    };
    ($name:ident, $stage:expr $(,)?) => { $crate::__laws_tests! { $name, $stage, } };
    ($name:ident, $stage:expr, $key:ident = $($settings:tt)*) => {
        $crate::__laws_tests! { $name, $stage, $key = $($settings)* }
    };
    ($($other:tt)*) => {
        ::core::compile_error!(
            "`laws!` takes a stage, before it perhaps a name for the module of tests, behind it perhaps \
             settings: `laws!(my_stage())` or `laws!(my_tests, my_stage(), after = [tokens()], cases = 64)`"
        );
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __laws_tests {
    ($name:ident, $stage:expr, $($settings:tt)*) => {
        mod $name {
            mod given {
                #[allow(unused_imports, clippy::wildcard_imports, reason = "expressions name what they need")]
                use super::super::*;

                pub(super) fn isnad_laws_suite() -> $crate::__laws::Suite<impl $crate::__laws::Subject> {
                    let suite = $crate::__laws::suite($stage);
                    $crate::__laws_settings!(suite; $($settings)*)
                }
            }

            $crate::__laws_tests! { @each
                no_panic NoPanic, honest Honest, rows Rows, views Views, normal Normal,
                needs_its_reads NeedsItsReads, deterministic Deterministic, batch_free BatchFree,
                order Order, threads Threads, rollback Rollback, cancel Cancel, sink Sink, hostile Hostile,
            }
            $crate::__laws_tests! { @memory $($settings)* }
        }
    };
    (@each $($test:ident $law:ident,)*) => {
        $(
            #[test]
            fn $test() {
                given::isnad_laws_suite().test($crate::laws::Law::$law);
            }
        )*
    };
    (@memory memory = $($rest:tt)*) => { $crate::__laws_tests! { @each memory Memory, } };
    (@memory $skipped:tt $($rest:tt)*) => { $crate::__laws_tests! { @memory $($rest)* } };
    (@memory) => {};
}

#[doc(hidden)]
#[macro_export]
macro_rules! __laws_settings {
    ($suite:expr;) => { $suite };
    ($suite:expr; after = [$($stage:expr),* $(,)?] $(, $($rest:tt)*)?) => {
        $crate::__laws_settings!($suite $(.after($stage))*; $($($rest)*)?)
    };
    ($suite:expr; options = random $(, $($rest:tt)*)?) => {
        $crate::__laws_settings!($suite.random_options(); $($($rest)*)?)
    };
    ($suite:expr; options = {$($options:tt)*} $(, $($rest:tt)*)?) => {
        $crate::__laws_settings!(
            $suite.options($crate::__laws::json!({$($options)*})); $($($rest)*)?
        )
    };
    ($suite:expr; options = $($other:tt)*) => {
        ::core::compile_error!("`options` of `laws!` are `random` or JSON such as `{ \"top\": 5 }`")
    };
    ($suite:expr; after = $($other:tt)*) => {
        ::core::compile_error!("`after` of `laws!` is a list of stages in brackets, such as `[tokens(), cues()]`")
    };
    ($suite:expr; texts = $texts:expr $(, $($rest:tt)*)?) => {
        $crate::__laws_settings!($suite.texts(&$texts); $($($rest)*)?)
    };
    ($suite:expr; files = $files:expr $(, $($rest:tt)*)?) => {
        $crate::__laws_settings!($suite.files($files); $($($rest)*)?)
    };
    ($suite:expr; cases = $cases:expr $(, $($rest:tt)*)?) => {
        $crate::__laws_settings!($suite.cases($cases); $($($rest)*)?)
    };
    ($suite:expr; seed = $seed:expr $(, $($rest:tt)*)?) => {
        $crate::__laws_settings!($suite.seed($seed); $($($rest)*)?)
    };
    ($suite:expr; memory = $batches:expr $(, $($rest:tt)*)?) => {
        $crate::__laws_settings!($suite.memory($batches); $($($rest)*)?)
    };
    ($suite:expr; fixtures = $folder:expr $(, $($rest:tt)*)?) => {
        $crate::__laws_settings!(
            $suite.fixtures(::std::path::Path::new(::core::env!("CARGO_MANIFEST_DIR")).join($folder));
            $($($rest)*)?
        )
    };
    ($suite:expr; $unknown:ident = $($rest:tt)*) => {
        ::core::compile_error!(::core::concat!(
            "`laws!` has no setting `", ::core::stringify!($unknown),
            "`; there are after, options, cases, seed, texts, files, memory and fixtures"
        ))
    };
    ($suite:expr; $($other:tt)*) => {
        ::core::compile_error!("settings of `laws!` are `name = value`, with commas between them")
    };
}
