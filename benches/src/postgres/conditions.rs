use super::schema::connect;
use crate::error::Result;
use crate::settings::{Settings, runtime};
use crate::sql;

/// What is said of the database.
pub(crate) struct DatabaseConditions {
    /// Its name and version.
    pub(crate) database: String,
    /// How the store's part of it is set up.
    pub(crate) own: String,
    /// How the lean floor's is.
    pub(crate) lean: String,
    /// How the equal floor's is, where there is one.
    pub(crate) equal: Option<String>,
}

/// Asks the settings' server; nothing without one.
pub(crate) fn find_conditions(settings: &Settings) -> Result<Option<DatabaseConditions>> {
    let Some(server) = &settings.server else { return Ok(None) };
    let row = runtime()?.block_on(async {
        Ok::<_, crate::BenchError>(connect(server).await?.query_one(sql::POSTGRES_CONDITIONS, &[]).await?)
    })?;
    Ok(Some(DatabaseConditions {
        database: format!("PostgreSQL {}", row.try_get::<_, &str>(0)?),
        own: row.try_get(1)?,
        lean: "the same server, plain connections".to_owned(),
        equal: None,
    }))
}
