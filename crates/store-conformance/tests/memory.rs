//! The reference model passes the suite.

use std::sync::Arc;

use annals_store::{MemoryStore, Store};
use annals_store_conformance::{Setup, TestStore};

struct Fresh(Arc<MemoryStore>);

#[async_trait::async_trait]
impl TestStore for Fresh {
    fn store(&self) -> Arc<dyn Store> {
        self.0.clone()
    }

    async fn reopen(&mut self) {}
}

async fn fresh(setup: Setup) -> Fresh {
    let Setup { clock, randomness, limits } = setup;
    let origin = "memory.example/log".parse().expect("a valid origin");
    Fresh(Arc::new(MemoryStore::with(clock, randomness, limits, origin)))
}

annals_store_conformance::suite!(fresh);
