use annals::{
    Location, LogName, Predecessor, Problem, ProofError, Verification, VerifierKey, VerifyOptions, verify,
};

use crate::failure::Failure;

/// Checks the log for which the verified one goes on, and adds what is wrong with it to the findings. `keys` are
/// those that are trusted; of them, those of the old log count for it, or, if there are none, the key beside it.
///
/// # Errors
/// [`Failure`] when the old log cannot be read.
pub(super) async fn check(
    verification: &mut Verification,
    location: &Location,
    log: &LogName,
    keys: &[VerifierKey],
) -> Result<(), Failure> {
    let problems = match &verification.predecessor {
        Some(predecessor) => findings(predecessor, location, log, keys).await?,
        None => vec![differs("the first event of this log names no predecessor".to_owned())],
    };
    verification.ok &= problems.is_empty();
    verification.problems.extend(problems);
    Ok(())
}

async fn findings(
    predecessor: &Predecessor,
    location: &Location,
    log: &LogName,
    keys: &[VerifierKey],
) -> Result<Vec<Problem>, Failure> {
    if let Some(path) = location.file_of(log).filter(|path| !path.exists()) {
        return Err(Failure::NoStore { path });
    }
    let old = annals::open_for_reading(location, log).await?;
    match predecessor.must_be(&**old.store()).await {
        Err(ProofError::PredecessorDiffers { reason }) => return Ok(vec![differs(reason)]),
        is_it => is_it?,
    }
    let its_own = |key: &&VerifierKey| key.name() == predecessor.origin.key_name();
    let options = VerifyOptions {
        verifier_keys: keys.iter().filter(its_own).cloned().collect(),
        checkpoints: predecessor.checkpoint.iter().cloned().collect(),
        ..VerifyOptions::default()
    };
    let problems = verify(&**old.store(), options).await?.problems;
    Ok(problems.into_iter().map(of_predecessor).collect())
}

/// A finding in the old log. Its position is not one of the log that is verified.
fn of_predecessor(problem: Problem) -> Problem {
    let place = problem.position.map_or_else(String::new, |position| format!(" at position {position}"));
    let detail = format!("in the predecessor{place}: {}", problem.detail);
    Problem { position: None, detail, ..problem }
}

fn differs(reason: String) -> Problem {
    Problem { code: "predecessor-differs", position: None, detail: reason }
}
