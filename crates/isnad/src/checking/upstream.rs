//! The stages that give what a stage reads, taken from the built-in pipeline of news.

use std::sync::Arc;

use isnad_core::{Contract, NoFiles, Stage, TextAccess};

/// The stages before one with this contract: those of `news` that make the layers it reads, and what those need.
///
/// # Errors
/// A layer that no built-in stage makes.
pub(super) fn upstream(contract: &Contract) -> Result<Vec<Arc<dyn Stage>>, String> {
    let mut open = needs(contract);
    if open.is_empty() {
        // Making stages takes memory, and gives some back: the law about memory would look for a leak in that.
        return Ok(Vec::new());
    }
    let registry = crate::registry();
    let news = isnad_runner::load(crate::NEWS, "news", &registry, &NoFiles)
        .map_err(|errors| errors.first().map_or_else(String::new, ToString::to_string))?;
    let stages: Vec<Arc<dyn Stage>> = news.stages.iter().map(|stage| stage.stage.clone()).collect();
    let mut wanted: Vec<bool> = vec![false; stages.len()];
    while let Some((layer, is_optional)) = open.pop() {
        let mut found = false;
        for (stage, wanted) in stages.iter().zip(&mut wanted) {
            let contract = stage.contract();
            if contract.writes.iter().any(|writes| writes.layer == layer) {
                found = true;
                if !std::mem::replace(wanted, true) {
                    open.extend(needs(contract));
                }
            }
        }
        if !found && !is_optional {
            return Err(format!(
                "the stage reads the layer `{layer}`, which no built-in stage makes; check it in a pipeline that makes it, with `[[property]]` and `isnad test`"
            ));
        }
    }
    let chosen = stages.into_iter().zip(wanted).filter(|(_, wanted)| *wanted).map(|(stage, _)| stage);
    Ok(chosen.filter(|stage| stage.contract().text != TextAccess::Rewrites).collect())
}

/// The layers that a contract needs, and whether it goes without them.
fn needs(contract: &Contract) -> Vec<(String, bool)> {
    let reads = contract.reads.iter().map(|reads| (reads.layer.to_string(), reads.optional));
    let onto = contract.writes.iter().filter(|writes| !writes.rows);
    reads.chain(onto.map(|writes| (writes.layer.to_string(), false))).collect()
}
