//! What a sink's workers encode depends on the documents only, and its file comes last.

use std::panic::{AssertUnwindSafe, catch_unwind};

use isnad_core::{Article, Sink, SinkKind};

use super::rig::Rig;
use super::{Law, LawBroken};

pub(super) fn sink(rig: &Rig<'_>, articles: &[Article]) -> Result<(), LawBroken> {
    if rig.contract().sink == SinkKind::None {
        return Ok(());
    }
    let together = encode(rig, articles)?;
    if encode(rig, articles)? != together {
        return Err(broken("the same documents were encoded in two ways"));
    }
    let mut worker = rig.worker()?;
    let mut alone = Vec::new();
    for article in articles {
        let mut batch = rig.prepare(std::slice::from_ref(article))?;
        rig.process(&mut *worker, &mut batch)?;
        alone.push(batch.take_chunk(rig.id()));
    }
    if alone.concat() != together {
        let (one, many) = (
            String::from_utf8_lossy(&together).into_owned(),
            String::from_utf8_lossy(&alone.concat()).into_owned(),
        );
        return Err(broken(&format!(
            "in one batch (-) and each alone (+) they were encoded differently:\n  - {one}\n  + {many}"
        )));
    }
    let (whole, parts) = (commit(rig, vec![together])?, commit(rig, alone)?);
    if whole != parts {
        return Err(broken("the output depends on how documents were put into batches"));
    }
    Ok(())
}

fn broken(what: &str) -> LawBroken {
    LawBroken::of(Law::Sink, what)
}

fn encode(rig: &Rig<'_>, articles: &[Article]) -> Result<Vec<u8>, LawBroken> {
    Ok(rig.run(articles)?.take_chunk(rig.id()))
}

/// Names and contents of files.
type Written = Vec<(String, Option<Vec<u8>>)>;

/// The files after the chunks were committed to a new sink, or nothing where the stage has no sink.
fn commit(rig: &Rig<'_>, chunks: Vec<Vec<u8>>) -> Result<Written, LawBroken> {
    let files = rig.files.copy();
    let before = files.names();
    let write = || -> Result<Option<Box<dyn Sink>>, isnad_core::StageError> {
        let Some(mut sink) = rig.stage.sink(&files)? else { return Ok(None) };
        chunks.into_iter().try_for_each(|chunk| sink.commit(chunk))?;
        Ok(Some(sink))
    };
    let failed = |error: isnad_core::StageError| broken(&format!("the sink failed: {error}"));
    let outcome = catch_unwind(AssertUnwindSafe(write)).map_err(|_| broken("the sink panicked"))?;
    let Some(mut sink) = outcome.map_err(failed)? else { return Ok(Vec::new()) };
    if files.names() != before {
        return Err(broken("a file has its name before the sink was finished"));
    }
    sink.finish().map_err(failed)?;
    Ok(files.names().into_iter().map(|name| (name.clone(), files.finished(&name))).collect())
}
