use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row, Statement};

use crate::errors::Failure;
use crate::sql;

/// Parameters of a statement.
pub(crate) type Parameters<'a> = &'a [&'a (dyn ToSql + Sync)];

/// Whole blocks, from the first position of one up to, not including, that of another.
pub(crate) type Blocks = (u64, u64);

/// A connection, with the statements that were prepared on it.
pub(crate) struct Session {
    client: Client,
    /// Each with the blocks that it was prepared for, where they stand in it.
    statements: Mutex<HashMap<&'static str, (Option<Blocks>, Statement)>>,
    /// Every statement that begins now has the blocks below this position in its plan.
    blocks_until: AtomicU64,
}

impl Session {
    pub(super) fn new(client: Client) -> Self {
        Self { client, statements: Mutex::default(), blocks_until: AtomicU64::new(0) }
    }

    /// Whether the connection has ended.
    pub(crate) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Whether every statement that begins now has the blocks of so many events in its plan.
    pub(crate) fn has_blocks_until(&self, size: u64) -> bool {
        self.blocks_until.load(Ordering::Relaxed) >= size
    }

    /// Learns how far the block reaches that holds the last of `size` events, of which a statement told that has ended.
    pub(crate) async fn learn_block_of(&self, size: u64) -> Result<(), Failure> {
        if let Some(row) = self.query_optional(sql::BLOCK_END, &[&size.cast_signed()]).await? {
            self.blocks_until.fetch_max(row.try_get::<_, i64>(0)?.cast_unsigned(), Ordering::Relaxed);
        }
        Ok(())
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

    /// The rows that a statement gives for some blocks.
    pub(crate) async fn query_blocks(
        &self,
        statement: &'static str,
        blocks: Blocks,
        parameters: Parameters<'_>,
    ) -> Result<Vec<Row>, Failure> {
        let prepared = self.prepared_for(statement, Some(blocks)).await?;
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

    /// The same, for some blocks, if they stand in the statement. What was prepared for others is given up.
    pub(crate) async fn prepared_for(
        &self,
        statement: &'static str,
        blocks: Option<Blocks>,
    ) -> Result<Statement, Failure> {
        let known = self.statements.lock().unwrap_or_else(PoisonError::into_inner).get(statement).cloned();
        if let Some((_, prepared)) = known.filter(|(of, _)| *of == blocks) {
            return Ok(prepared);
        }
        let prepared = match blocks {
            None => self.client.prepare(statement).await?,
            Some(blocks) => self.client.prepare(&sql::for_blocks(statement, blocks)).await?,
        };
        let mut statements = self.statements.lock().unwrap_or_else(PoisonError::into_inner);
        statements.insert(statement, (blocks, prepared.clone()));
        Ok(prepared)
    }
}
