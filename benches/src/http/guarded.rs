//! H1: the clients of W2, each append a request.

use std::time::Instant;

use bytes::Bytes;
use tokio::task::JoinSet;

use super::appender::Appender;
use super::served_log::ServedLog;
use super::{beside_process, body};
use crate::error::Result;
use crate::events::{CLIENTS, EventValues, Generator, Shape};
use crate::floor::SharedEvents;
use crate::report::Figure;
use crate::rounds::{Contender, Measured, OVER_HTTP, settle, side_by_side};
use crate::settings::{Settings, runtime};
use crate::timing::Latencies;
use crate::work::{Work, append_guarded, wait_for};

const EVENTS: usize = 200_000;

pub(crate) fn measure(settings: &Settings) -> Result<Vec<Figure>> {
    let count = settings.events.unwrap_or(EVENTS);
    let events: SharedEvents = Generator::new(Shape::Ordinary).take(count)?.into();
    let rounds = side_by_side(settings, OVER_HTTP, |contender| {
        let log = ServedLog::missing(settings)?;
        settle();
        match contender {
            Contender::Http => over_http(settings, &log, &events),
            _ => append_guarded(log.place(), &events),
        }
    })?;
    Ok(vec![beside_process(Work::H1, "acknowledged", &rounds)])
}

fn over_http(settings: &Settings, log: &ServedLog, events: &[EventValues]) -> Result<Measured> {
    let mut of_clients: Vec<Vec<Bytes>> = vec![Vec::new(); CLIENTS];
    for (event, client) in events.iter().zip((0..CLIENTS).cycle()) {
        if let Some(bodies) = of_clients.get_mut(client) {
            bodies.push(body::guarded(event)?);
        }
    }
    append_all(settings, log, of_clients, events.len())
}

/// Has each of some clients append its bodies, `count` events together, one body after the other.
pub(super) fn append_all(
    settings: &Settings,
    log: &ServedLog,
    of_clients: Vec<Vec<Bytes>>,
    count: usize,
) -> Result<Measured> {
    runtime()?.block_on(async {
        let server = log.serve(settings).await?;
        let mut connected = Vec::new();
        for bodies in of_clients {
            let request = |body: Bytes| Appender::request(server.address, &body);
            let requests: Vec<Bytes> = bodies.into_iter().map(request).collect();
            connected.push((Appender::connect(server.address).await?, requests));
        }
        let mut clients = JoinSet::new();
        let start = Instant::now();
        for (mut client, requests) in connected {
            clients.spawn(async move {
                let mut latencies = Latencies::default();
                for request in requests {
                    let sent = Instant::now();
                    client.append(&request).await?;
                    latencies.push(sent.elapsed());
                }
                Ok(latencies)
            });
        }
        let measured = wait_for(clients, start, count).await?;
        server.stop().await?;
        Ok(measured)
    })
}
