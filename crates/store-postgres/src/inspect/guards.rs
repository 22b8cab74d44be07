use std::collections::BTreeMap;

use annals_store::Problem;

use super::problem;
use crate::connection::Session;
use crate::errors::Failure;
use crate::sql;

/// Tables besides the blocks of events that state facts, and must refuse every change.
const FACTS: [&str; 7] =
    ["blocks", "checkpoints", "events", "log", "migrations", "subtrees", "verifier_keys"];

/// Tables that may be changed.
const BOOKKEEPING: [&str; 12] = [
    "containment",
    "counters",
    "cursors",
    "dead_letters",
    "head",
    "hours",
    "payload_paths",
    "seals",
    "snapshots",
    "streams",
    "summary",
    "zones",
];

/// The name of the trigger that refuses.
const GUARD: &str = "append_only";

/// `pg_trigger.tgtype` of a trigger before UPDATE, DELETE and TRUNCATE, once for each statement. Source:
/// PostgreSQL's `src/include/catalog/pg_trigger.h`.
const BEFORE_ALL_CHANGES: i32 = (1 << 1) | (1 << 3) | (1 << 4) | (1 << 5);

/// `pg_trigger.tgenabled` of a trigger that fires whatever the session's replication role is.
const ALWAYS: &str = "A";

/// What the guard's function must say.
const REFUSAL: &str = "RAISE EXCEPTION '% on % is refused: facts are never changed', TG_OP, TG_TABLE_NAME\n    USING ERRCODE = 'integrity_constraint_violation';";

/// The tables that are there, those that are guarded, and nothing else.
pub(super) async fn check(session: &Session) -> Result<Vec<Problem>, Failure> {
    let mut problems = Vec::new();
    let mut guarded: BTreeMap<String, bool> = BTreeMap::new();
    for row in session.query(sql::GUARDS, &[]).await? {
        let table: String = row.try_get(0)?;
        let trigger: Option<&str> = row.try_get(2)?;
        let is_guard = trigger == Some(GUARD)
            && row.try_get::<_, Option<&str>>(3)? == Some(ALWAYS)
            && row.try_get::<_, Option<i32>>(4)? == Some(BEFORE_ALL_CHANGES)
            && row.try_get::<_, Option<&str>>(5)?.is_some_and(is_refusal);
        if let Some(trigger) = trigger.filter(|_| !is_guard) {
            problems.push(altered(format!("trigger {trigger} of table {table} is not as it was made")));
        }
        *guarded.entry(table).or_default() |= is_guard;
    }
    let is_block = |table: &str| {
        let first = table.strip_prefix("events_");
        first.is_some_and(|first| first.parse::<u64>().is_ok())
    };
    for (table, is_guarded) in &guarded {
        let is_fact = FACTS.contains(&table.as_str()) || is_block(table);
        if is_fact && !is_guarded {
            problems.push(altered(format!("nothing refuses to change table {table}")));
        } else if !is_fact && !BOOKKEEPING.contains(&table.as_str()) {
            problems.push(altered(format!("table {table} is none that this program makes")));
        }
    }
    for table in FACTS.iter().chain(&BOOKKEEPING).filter(|table| !guarded.contains_key(**table)) {
        problems.push(altered(format!("table {table} is missing")));
    }
    Ok(problems)
}

/// Whether a function does nothing but refuse.
fn is_refusal(source: &str) -> bool {
    let body = source.trim().strip_prefix("BEGIN").and_then(|body| body.strip_suffix("END"));
    body.is_some_and(|body| body.trim() == REFUSAL)
}

fn altered(detail: String) -> Problem {
    problem("schema-altered", detail)
}
