//! H2: bulk append, some hundred events a request.

use bytes::Bytes;

use super::guarded::append_all;
use super::served_log::ServedLog;
use super::{beside_process, body};
use crate::error::Result;
use crate::events::{EventValues, Generator, Shape};
use crate::floor::SharedEvents;
use crate::report::Figure;
use crate::rounds::{Contender, Measured, OVER_HTTP, settle, side_by_side};
use crate::settings::Settings;
use crate::work::{Work, append_in_bulk};

const EVENTS: usize = 500_000;

/// Events of one request.
const PER_REQUEST: usize = 500;

/// How many clients there are at once, in one part after the other, and how the part is called.
const CLIENTS: [(usize, &str); 4] =
    [(1, "1 client"), (4, "4 clients"), (16, "16 clients"), (64, "64 clients")];

pub(crate) fn measure(settings: &Settings) -> Result<Vec<Figure>> {
    let count = settings.events.unwrap_or(EVENTS);
    let events: SharedEvents = Generator::new(Shape::Ordinary).take(count)?.into();
    let part = |(clients, part)| {
        let rounds = side_by_side(settings, OVER_HTTP, |contender| {
            let log = ServedLog::missing(settings)?;
            settle();
            match contender {
                Contender::Http => over_http(settings, &log, &events, clients),
                _ => append_in_bulk(log.place(), &events),
            }
        })?;
        Ok(beside_process(Work::H2, part, &rounds))
    };
    CLIENTS.into_iter().map(part).collect()
}

fn over_http(
    settings: &Settings,
    log: &ServedLog,
    events: &[EventValues],
    clients: usize,
) -> Result<Measured> {
    let mut of_clients: Vec<Vec<Bytes>> = vec![Vec::new(); clients];
    for (batch, client) in events.chunks(PER_REQUEST).zip((0..clients).cycle()) {
        if let Some(bodies) = of_clients.get_mut(client) {
            bodies.push(body::append(batch)?);
        }
    }
    append_all(settings, log, of_clients, events.len())
}
