use std::path::Path;

use rusqlite::{Connection, Params, params};

use super::step_through;
use crate::error::Result;
use crate::question::Question;
use crate::sql;

/// Asks the plain table, each question in the one statement that its index is made for.
pub(crate) struct LeanReader(Connection);

impl LeanReader {
    /// Opens what [`Lean`](super::Lean) wrote in a folder, and makes the index that questions to payloads need.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let database = Connection::open(folder.join(super::lean::FILE))?;
        database.execute_batch(super::lean::LEAN_PRAGMAS)?;
        database.execute_batch(sql::LEAN_INVOICE_INDEX)?;
        Ok(Self(database))
    }

    /// How many events answer the question; all their columns are read.
    pub(crate) fn ask(&self, question: &Question) -> Result<u64> {
        match question {
            Question::All => self.rows(sql::LEAN_ALL, []),
            Question::Aggregate(of) => {
                self.rows(sql::LEAN_AGGREGATE, params![of.aggregate_type, of.aggregate_id])
            }
            Question::Latest(of, limit) => {
                self.rows(sql::LEAN_LATEST, params![of.aggregate_type, of.aggregate_id, limit])
            }
            Question::TypeBetween { event_type, from_micros, to_micros } => {
                self.rows(sql::LEAN_TYPE_BETWEEN, params![event_type, from_micros, to_micros])
            }
            Question::Invoice(invoice) => self.rows(sql::LEAN_INVOICE, params![invoice]),
        }
    }

    fn rows(&self, statement: &str, parameters: impl Params) -> Result<u64> {
        let mut statement = self.0.prepare_cached(statement)?;
        step_through(&mut statement.query(parameters)?, |_| true)
    }
}
