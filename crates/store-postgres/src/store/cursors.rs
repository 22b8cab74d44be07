use annals_event::CursorName;
use annals_store::{Append, CursorAdvance, CursorStore, CursorValue, EventStore};
use async_trait::async_trait;
use tokio_postgres::Row;

use super::PostgresEventStore;
use crate::errors::{Failure, Result};
use crate::sql;

#[async_trait]
impl CursorStore for PostgresEventStore {
    async fn cursor(&self, name: &CursorName) -> Result<Option<CursorValue>> {
        let names = [name.as_str()];
        let rows = self.shared.query(sql::CURSORS_NAMED, &[&&names[..]]).await?;
        Ok(rows.first().map(read).transpose()?.map(|(_, value)| value))
    }

    async fn advance_cursor(&self, advance: CursorAdvance) -> Result<()> {
        self.append(Append { cursors: vec![advance], ..Append::default() }).await.map(drop)
    }

    async fn cursors(&self) -> Result<Vec<(CursorName, CursorValue)>> {
        self.shared.query(sql::CURSORS, &[]).await?.iter().map(read).collect()
    }
}

fn read(row: &Row) -> Result<(CursorName, CursorValue)> {
    let name = CursorName::from_stored(row.try_get(0).map_err(Failure::from)?);
    let value: String = row.try_get(1).map_err(Failure::from)?;
    Ok((name, CursorValue(value.into())))
}
