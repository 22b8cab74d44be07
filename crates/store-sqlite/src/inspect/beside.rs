use std::sync::Arc;

use annals_store::{Findings, Problem, StoreError};
use rusqlite::Connection;

use super::claims::Claims;
use super::expected::Expected;
use super::indexed::{Differing, Said, check_mark};
use super::{bookkeeping, database, locate, problem};
use crate::errors::{Result, sqlite};
use crate::files::LogFiles;
use crate::index::read_mark;
use crate::schema;
use crate::store::read_head;

/// What was found beside the events.
pub(crate) struct Beside {
    findings: Findings,
    /// What the index says; none when there is none that says how far it goes.
    said: Option<Said>,
}

/// Looks at everything beside the events, and tells as soon as it is known what the index claims.
pub(crate) fn look_beside(
    truth: &Connection,
    files: &LogFiles,
    tell: impl FnOnce(Arc<Claims>),
) -> Result<Beside> {
    let mut of_index = Findings::default();
    let said = match look_at_index(truth, files, tell, &mut of_index) {
        // Damage of the truth does not end up here: its rows are read by others.
        Err(StoreError::Corrupt { reason }) => {
            of_index.problems.push(problem("index-altered", None, reason));
            None
        }
        said => said?,
    };
    let mut findings = database::check_truth(truth, files)?;
    findings.problems.extend(bookkeeping::check(truth)?);
    findings.problems.extend(of_index.problems);
    findings.unchecked.extend(of_index.unchecked);
    Ok(Beside { findings, said })
}

fn look_at_index(
    truth: &Connection,
    files: &LogFiles,
    tell: impl FnOnce(Arc<Claims>),
    findings: &mut Findings,
) -> Result<Option<Said>> {
    // No index is as good as one: it is made anew.
    if !std::fs::metadata(&files.index).is_ok_and(|file| file.len() > 0) {
        return Ok(None);
    }
    let Some(index) = schema::open_index_for_reading(&files.index) else {
        findings.problems.push(problem("index-altered", None, "the file beside the log is no index"));
        return Ok(None);
    };
    let said = read_index(truth, &index, tell, &mut findings.problems)?;
    let of_database = database::check_index(&index, files)?;
    findings.problems.extend(of_database.problems);
    findings.unchecked.extend(of_database.unchecked);
    Ok(said)
}

/// Reads what the index says. Somebody may go on writing it: all of this must be of one moment.
fn read_index(
    truth: &Connection,
    index: &Connection,
    tell: impl FnOnce(Arc<Claims>),
    problems: &mut Vec<Problem>,
) -> Result<Option<Said>> {
    let moment = index.unchecked_transaction().map_err(sqlite)?;
    let mark = read_mark(&moment)?;
    // The log's size is read after the mark, which therefore is not greater.
    let size = read_head(truth)?.size;
    let Some(mark) = mark.filter(|mark| mark.size <= size) else {
        problems.push(problem("index-altered", None, "the index does not say how far it goes"));
        return Ok(None);
    };
    let claims = Arc::new(Claims::read(&moment, mark)?);
    check_mark(truth, &claims, problems);
    tell(Arc::clone(&claims));
    Said::by(&moment, &claims).map(Some)
}

impl Beside {
    /// Everything that is wrong, now that all events were taken in. At most about `problems_max` problems are
    /// named.
    pub(crate) fn compare(
        self,
        claims: &Claims,
        expected: &Expected,
        (truth, files): (&Connection, &LogFiles),
        problems_max: usize,
    ) -> Result<Findings> {
        let Self { mut findings, said } = self;
        let Some(said) = said else { return Ok(findings) };
        let problems = &mut findings.problems;
        let differing = said.compare(expected, problems);
        if differing == Differing::default() {
            return Ok(findings);
        }
        // It was there a moment ago, and is as altered now.
        let Some(index) = schema::open_index_for_reading(&files.index) else {
            problems.push(problem("index-altered", None, "the file beside the log is no index"));
            return Ok(findings);
        };
        match locate::name_positions(truth, &index, &claims.mark, &differing, problems_max, problems) {
            Err(StoreError::Corrupt { reason }) => problems.push(problem("index-altered", None, reason)),
            named => named?,
        }
        Ok(findings)
    }

    /// What was found where no index has to be compared.
    pub(crate) fn into_findings(self) -> Findings {
        self.findings
    }
}
