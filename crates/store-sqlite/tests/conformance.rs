//! The SQLite store passes the suite.

use std::sync::Arc;

use annals_store::Store;
use annals_store_conformance::{Setup, TestStore};
use annals_store_sqlite::{SqliteEventStore, SqliteOptions};
use tempfile::TempDir;

struct Fresh {
    folder: TempDir,
    options: SqliteOptions,
    store: Arc<SqliteEventStore>,
}

#[async_trait::async_trait]
impl TestStore for Fresh {
    fn store(&self) -> Arc<dyn Store> {
        self.store.clone()
    }

    async fn reopen(&mut self) {
        self.store.close().await.expect("the store closes");
        self.store = Arc::new(open(&self.folder, self.options.clone()));
    }
}

fn open(folder: &TempDir, options: SqliteOptions) -> SqliteEventStore {
    let path = folder.path().join("annals.db");
    SqliteEventStore::create_or_open(&path, options).expect("the store opens")
}

async fn fresh(setup: Setup) -> Fresh {
    let Setup { clock, randomness, limits } = setup;
    let origin = Some("sqlite.example/log".parse().expect("a valid origin"));
    let options = SqliteOptions { clock, randomness, limits, origin, ..SqliteOptions::default() };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = Arc::new(open(&folder, options.clone()));
    Fresh { folder, options, store }
}

annals_store_conformance::suite!(fresh);
