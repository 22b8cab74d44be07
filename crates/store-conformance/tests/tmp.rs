//! x
use std::sync::Arc;
use annals_store::{MemoryStore, Store};
use annals_store_conformance::{Setup, TestStore};
struct Fresh(Arc<MemoryStore>);
#[async_trait::async_trait]
impl TestStore for Fresh {
    fn store(&self) -> Arc<dyn Store> { self.0.clone() }
    async fn reopen(&mut self) { }
}
async fn fresh(setup: Setup) -> Fresh {
    let Setup { clock, randomness, mut limits } = setup;
    limits.tags_max = 3;
    Fresh(Arc::new(MemoryStore::with(clock, randomness, limits, "memory.example/log".parse().unwrap())))
}
#[test] fn differs() { annals_store_conformance::model::check(fresh, file!()); }
