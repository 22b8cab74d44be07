//! *lean* on a server: raw text in one table with three indexes.

use std::error::Error;

use bytes::{BufMut, BytesMut};
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, Statement};

use super::schema::Schema;
use crate::error::Result;
use crate::events::EventValues;
use crate::sql;

/// A connection that writes the plain table.
pub(super) struct Lean {
    client: Client,
    one: Statement,
    many: Statement,
}

/// An event's id as the server's type for it.
#[derive(Debug)]
struct Id([u8; 16]);

impl ToSql for Id {
    fn to_sql(
        &self,
        _: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn Error + Sync + Send>> {
        out.put_slice(&self.0);
        Ok(IsNull::No)
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::UUID
    }

    to_sql_checked!();
}

impl Lean {
    /// Makes the table in a schema.
    pub(super) async fn create(schema: &Schema) -> Result<()> {
        Ok(schema.connect().await?.batch_execute(sql::POSTGRES_LEAN_SCHEMA).await?)
    }

    /// A connection to the table of a schema.
    pub(super) async fn open(schema: &Schema) -> Result<Self> {
        let client = schema.connect().await?;
        let one = client.prepare(sql::POSTGRES_LEAN_INSERT).await?;
        let many = client.prepare(sql::POSTGRES_LEAN_INSERT_MANY).await?;
        Ok(Self { client, one, many })
    }

    /// Inserts one event, durably.
    pub(super) async fn insert(&self, position: usize, event: &EventValues) -> Result<()> {
        self.client
            .execute(
                &self.one,
                &[
                    &(position as i64),
                    &Id(event.event_id),
                    &event.event_type,
                    &event.aggregate_type,
                    &event.aggregate_id,
                    &event.version.cast_signed(),
                    &event.timestamp_micros,
                    &event.actor_id,
                    &event.tags,
                    &event.payload,
                    &event.metadata,
                ],
            )
            .await?;
        Ok(())
    }

    /// Inserts events at their positions in one statement, durably.
    pub(super) async fn insert_many(&self, events: &[(usize, &EventValues)]) -> Result<()> {
        let column = |of: fn(&EventValues) -> &str| -> Vec<&str> {
            events.iter().map(|(_, event)| of(event)).collect()
        };
        let number =
            |of: fn(&EventValues) -> i64| -> Vec<i64> { events.iter().map(|(_, event)| of(event)).collect() };
        let positions: Vec<i64> = events.iter().map(|(position, _)| *position as i64).collect();
        let ids: Vec<Id> = events.iter().map(|(_, event)| Id(event.event_id)).collect();
        self.client
            .execute(
                &self.many,
                &[
                    &positions,
                    &ids,
                    &column(|event| event.event_type),
                    &column(|event| event.aggregate_type),
                    &column(|event| &event.aggregate_id),
                    &number(|event| event.version.cast_signed()),
                    &number(|event| event.timestamp_micros),
                    &column(|event| &event.actor_id),
                    &column(|event| &event.tags),
                    &column(|event| &event.payload),
                    &column(|event| &event.metadata),
                ],
            )
            .await?;
        Ok(())
    }
}
