use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row, Statement};

use crate::errors::Failure;
use crate::sql;

/// Parameters of a statement.
pub(crate) type Parameters<'a> = &'a [&'a (dyn ToSql + Sync)];

/// A connection, with the statements that were prepared on it.
pub(crate) struct Session {
    client: Client,
    /// Each with how far the log was sealed when it was prepared, where that stands in it.
    statements: Mutex<HashMap<&'static str, (Option<u64>, Statement)>>,
}

impl Session {
    pub(super) fn new(client: Client) -> Self {
        Self { client, statements: Mutex::default() }
    }

    /// Whether the connection has ended.
    pub(crate) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// The rows that a statement gives.
    pub(crate) async fn query(
        &self,
        statement: &'static str,
        parameters: Parameters<'_>,
    ) -> Result<Vec<Row>, Failure> {
        let prepared = self.prepared(statement).await?;
        Ok(self.client.query(&prepared, parameters).await?)
    }

    /// The rows that a statement gives for a log that is sealed up to a position.
    pub(crate) async fn query_sealed(
        &self,
        statement: &'static str,
        sealed: u64,
        parameters: Parameters<'_>,
    ) -> Result<Vec<Row>, Failure> {
        let prepared = self.prepared_for(statement, Some(sealed)).await?;
        Ok(self.client.query(&prepared, parameters).await?)
    }

    /// The only row that a statement gives; `None` when it gives none.
    pub(crate) async fn query_optional(
        &self,
        statement: &'static str,
        parameters: Parameters<'_>,
    ) -> Result<Option<Row>, Failure> {
        Ok(self.query(statement, parameters).await?.into_iter().next())
    }

    /// Carries out a statement; how many rows it concerned.
    pub(crate) async fn execute(
        &self,
        statement: &'static str,
        parameters: Parameters<'_>,
    ) -> Result<u64, Failure> {
        let prepared = self.prepared(statement).await?;
        Ok(self.client.execute(&prepared, parameters).await?)
    }

    /// Carries out statements that take no parameters.
    pub(crate) async fn run(&self, statements: &str) -> Result<(), Failure> {
        Ok(self.client.batch_execute(statements).await?)
    }

    /// A statement as the server has prepared it.
    pub(crate) async fn prepared(&self, statement: &'static str) -> Result<Statement, Failure> {
        self.prepared_for(statement, None).await
    }

    /// The same, for a log that is sealed up to a position, if that stands in the statement. What was prepared for
    /// another position is given up.
    pub(crate) async fn prepared_for(
        &self,
        statement: &'static str,
        sealed: Option<u64>,
    ) -> Result<Statement, Failure> {
        let known = self.statements.lock().unwrap_or_else(PoisonError::into_inner).get(statement).cloned();
        if let Some((_, prepared)) = known.filter(|(at, _)| *at == sealed) {
            return Ok(prepared);
        }
        let prepared = match sealed {
            None => self.client.prepare(statement).await?,
            Some(sealed) => self.client.prepare(&sql::below(statement, sealed)).await?,
        };
        let mut statements = self.statements.lock().unwrap_or_else(PoisonError::into_inner);
        statements.insert(statement, (sealed, prepared.clone()));
        Ok(prepared)
    }
}
