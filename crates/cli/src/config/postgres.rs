use annals::{ContainsIndex, Location, OlderFormat, PostgresSettings};

use super::concern::concern;

concern! {
    /// What only a store in a PostgreSQL database can be told.
    PostgresConfig is "postgres" {
        /// A streaming replica of the server, postgres://USER@HOST/DATABASE, that answers questions in its place, as soon as
        /// it has what was asked for. The schema is that of the store.
        replica: Option<Location> as "super::optional_text" = None, such as r#""postgres://ann@replica.example.com/shop""#;
        /// Which events get an index by which --where finds what payloads contain: none, or no more than others asked for;
        /// sealed, those of partitions that are full; or all, where every append adds the newest.
        contains_index: ContainsIndex as "super::text" = ContainsIndex::None;
        /// Whether whoever opens a log for writing takes one that an older program made to the present format.
        migrate: bool = false;
    }
}

impl PostgresConfig {
    /// How stores in a database are opened.
    pub(crate) fn settings(&self) -> PostgresSettings {
        let older_format = if self.migrate { OlderFormat::IsMigrated } else { OlderFormat::IsRefused };
        PostgresSettings {
            replica: self.replica.clone(),
            older_format,
            contains_index: self.contains_index,
            ..PostgresSettings::default()
        }
    }
}
