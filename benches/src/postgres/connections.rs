//! 64 raw clients, each with a connection of its own, each inserting a row at a time.

use std::sync::Arc;
use std::time::Instant;

use tokio::task::JoinSet;

use super::lean::Lean;
use super::schema::Schema;
use crate::error::Result;
use crate::events::CLIENTS;
use crate::floor::SharedEvents;
use crate::rounds::Measured;
use crate::settings::Settings;
use crate::timing::Latencies;
use crate::work::wait_for;

pub(super) async fn run(settings: &Settings, events: &SharedEvents) -> Result<Measured> {
    let schema = Schema::create(settings).await?;
    Lean::create(&schema).await?;
    let mut connections = Vec::with_capacity(CLIENTS);
    for _ in 0..CLIENTS {
        connections.push(Lean::open(&schema).await?);
    }
    let mut clients = JoinSet::new();
    let start = Instant::now();
    for (client, lean) in connections.into_iter().enumerate() {
        let events = Arc::clone(events);
        clients.spawn(async move {
            let mut latencies = Latencies::default();
            for (position, event) in events.iter().enumerate().skip(client).step_by(CLIENTS) {
                let sent = Instant::now();
                lean.insert(position, event).await?;
                latencies.push(sent.elapsed());
            }
            Ok(latencies)
        });
    }
    wait_for(clients, start, events.len()).await
}
