use annals_event::CursorName;
use annals_store::{Append, CursorAdvance, CursorStore, CursorValue, EventStore};
use async_trait::async_trait;

use super::SqliteEventStore;
use crate::errors::{Result, sqlite};
use crate::{sql, writer};

#[async_trait]
impl CursorStore for SqliteEventStore {
    async fn cursor(&self, name: &CursorName) -> Result<Option<CursorValue>> {
        let name = name.clone();
        self.blocking(move |shared| writer::cursor(shared.reader()?.connections()?.truth, &name)).await
    }

    async fn advance_cursor(&self, advance: CursorAdvance) -> Result<()> {
        self.append(Append { cursors: vec![advance], ..Append::default() }).await.map(drop)
    }

    async fn cursors(&self) -> Result<Vec<(CursorName, CursorValue)>> {
        self.blocking(|shared| {
            let reader = shared.reader()?;
            let mut statement = reader.connections()?.truth.prepare_cached(sql::CURSORS).map_err(sqlite)?;
            let rows = statement
                .query_map([], |row| {
                    Ok((CursorName::from_stored(&row.get::<_, String>(0)?), CursorValue(row.get(1)?)))
                })
                .map_err(sqlite)?;
            rows.map(|row| row.map_err(sqlite)).collect()
        })
        .await
    }
}
