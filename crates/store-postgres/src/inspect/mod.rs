//! Whether everything beside the events is what follows from them.
//!
//! The database itself compares the derived tables with the events below the summary's mark, each in one statement;
//! whoever verifies checks the events. Where the extension `amcheck` is installed, its b-trees are checked too.

mod bookkeeping;
mod derived;
mod guards;
mod indexes;

use annals_store::{Findings, Problem};

use crate::connection::Session;
use crate::errors::Failure;

/// Looks at everything beside the events.
pub(crate) async fn look_beside(session: &Session) -> Result<Findings, Failure> {
    let mut problems = guards::check(session).await?;
    problems.extend(derived::check(session).await?);
    problems.extend(bookkeeping::check(session).await?);
    let mut findings = Findings { problems, ..Findings::default() };
    indexes::check(session, &mut findings).await?;
    Ok(findings)
}

fn problem(code: &'static str, detail: impl Into<String>) -> Problem {
    Problem { code, position: None, detail: detail.into() }
}
