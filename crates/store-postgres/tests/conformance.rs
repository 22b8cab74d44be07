//! The PostgreSQL store passes the suite.

// A server for tests is to be had on Unix only.
#![cfg(unix)]

use std::sync::Arc;
use std::time::Duration;

use annals_store::Store;
use annals_store_conformance::{Setup, TestStore};
use annals_store_postgres::{ContainsIndex, PostgresEventStore, PostgresOptions};
use annals_test_postgres::{fresh_schema_name, log_url, shared_server};

struct Fresh {
    options: PostgresOptions,
    store: Arc<PostgresEventStore>,
}

#[async_trait::async_trait]
impl TestStore for Fresh {
    fn store(&self) -> Arc<dyn Store> {
        self.store.clone()
    }

    async fn reopen(&mut self) {
        self.store.close().await.expect("the store closes");
        self.store = Arc::new(open(self.options.clone()).await);
    }
}

async fn open(options: PostgresOptions) -> PostgresEventStore {
    PostgresEventStore::create_or_open(options).await.expect("the store opens")
}

async fn fresh(setup: Setup) -> Fresh {
    let Setup { clock, randomness, limits } = setup;
    let location = log_url(shared_server(), &fresh_schema_name());
    let options = PostgresOptions {
        clock: Some(clock),
        randomness,
        limits,
        origin: Some("postgres.example/log".parse().expect("a valid origin")),
        // Blocks are full and sealed while the cases write.
        block_len: 32,
        housekeeping_rest: Duration::from_millis(1),
        payload_paths: ["/n", "/total", "/s"].map(|path| path.parse().expect("a valid path")).into(),
        contains_index: ContainsIndex::All,
        ..PostgresOptions::new(location.parse().expect("a valid location"))
    };
    let store = Arc::new(open(options.clone()).await);
    Fresh { options, store }
}

annals_store_conformance::suite!(fresh);
