use annals_store::{Findings, StoreError};

use super::problem;
use crate::connection::Session;
use crate::errors::{Failure, FailureKind};
use crate::sql;

/// PostgreSQL's own check of its b-trees, where it is installed.
pub(super) async fn check(session: &Session, findings: &mut Findings) -> Result<(), Failure> {
    let row = session.query_optional(sql::HAS_AMCHECK, &[]).await?;
    if !row.map(|row| row.try_get(0)).transpose()?.unwrap_or(false) {
        return Ok(());
    }
    let Err(failure) = session.query(sql::CHECK_INDEXES, &[]).await else { return Ok(()) };
    match (failure.error, failure.kind) {
        (StoreError::Corrupt { reason }, _) => findings.problems.push(problem("database-damaged", reason)),
        // Mostly whoever verifies has no right to it.
        (error, FailureKind::Refused) => findings.unchecked.push(format!(
            "PostgreSQL's own check of its indexes (amcheck) could not be carried out: {error}; the rows are checked \
             nevertheless"
        )),
        (error, kind) => return Err(Failure { kind, error }),
    }
    Ok(())
}
