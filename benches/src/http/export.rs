//! H4: everything, as lines of JSON.

use std::time::Instant;

use http_body_util::BodyExt as _;

use super::beside_process;
use super::client::Client;
use super::memory::{Memory, megabytes};
use super::served_log::ServedLog;
use super::server_process::ServerProcess;
use crate::error::{BenchError, Result};
use crate::events::Shape;
use crate::loaded::ask_own;
use crate::question::Question;
use crate::report::Figure;
use crate::rounds::{Contender, Measured, OVER_HTTP, side_by_side};
use crate::settings::{Settings, runtime};
use crate::timing::median;
use crate::work::{READ_EVENTS, Work};

/// What a server uses before it exports, and while it does.
struct Used {
    before: u64,
    peak: u64,
}

pub(crate) fn measure(settings: &Settings) -> Result<Vec<Figure>> {
    let count = settings.events.unwrap_or(READ_EVENTS);
    let log = ServedLog::with_events(settings, Shape::Ordinary, count)?;
    let mut used = Vec::new();
    let rounds = side_by_side(settings, OVER_HTTP, |contender| match contender {
        Contender::Http => {
            let (measured, of_round) = runtime()?.block_on(over_http(settings, &log))?;
            used.extend(of_round);
            Ok(measured)
        }
        _ => runtime()?.block_on(in_process(&log)),
    })?;
    let mut figure = beside_process(Work::H4, "all events", &rounds);
    if !used.is_empty() {
        let of = |bytes: fn(&Used) -> u64| median(used.iter().map(|used| megabytes(bytes(used))).collect());
        figure.more.insert("serverMegabytesBefore", of(|used| used.before));
        figure.more.insert("serverMegabytesPeak", of(|used| used.peak));
    }
    Ok(vec![figure])
}

/// Everything is read once before it is timed, so that pages are in memory.
async fn in_process(log: &ServedLog) -> Result<Measured> {
    let own = log.open().await?;
    ask_own(&own, &[Question::All]).await?;
    let measured = ask_own(&own, &[Question::All]).await?;
    own.close().await?;
    Ok(measured)
}

async fn over_http(settings: &Settings, log: &ServedLog) -> Result<(Measured, Option<Used>)> {
    let server = log.serve(settings).await?;
    let mut client = Client::connect(server.address).await?;
    let used = |server: &ServerProcess| server.memory();
    server.forget_peak();
    let before = used(&server);
    take_all(&mut client).await?;
    let measured = take_all(&mut client).await?;
    let after = used(&server);
    server.stop().await?;
    let used = before
        .zip(after)
        .map(|(before, after): (Memory, Memory)| Used { before: before.now, peak: after.peak });
    Ok((measured, used))
}

async fn take_all(client: &mut Client) -> Result<Measured> {
    let mut measured = Measured::default();
    let start = Instant::now();
    let mut body = client.open("/v1/export?format=jsonl").await?;
    let mut lines = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(BenchError::serving)?;
        // No line end stands in a line of JSON lines.
        lines += frame.data_ref().map_or(0, |data| data.iter().filter(|byte| **byte == b'\n').count()) as u64;
    }
    measured.answered(lines, start.elapsed());
    Ok(measured)
}
