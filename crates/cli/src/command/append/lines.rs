//! Appends from standard input.

use std::io::{self, BufRead, Read};
use std::pin::pin;

use annals::{Append, Appended, JsonForm, Log, NewEvent, StoreError};
use annals_connect::{Refusal, SchemaCheck, Validate};
use annals_wire::{AppendedRow, Arrival, new_event, read_back};
use tokio::sync::mpsc;

use super::flags::SOURCE;
use crate::failure::Failure;
use crate::output::RowWriter;
use crate::shell::Shell;

/// So many lines at the most are appended together; they share one commit.
const LINES_MAX: usize = 512;

/// A longer line holds more than any event may; it is refused without being read into memory.
const LINE_BYTES_MAX: u64 = 8 << 20;

/// A line of input and its number, from 1.
struct InputLine {
    number: u64,
    bytes: io::Result<Vec<u8>>,
}

/// Appends every line for itself, prints what was recorded as it goes, and names what was not stored.
pub(super) async fn each_for_itself(check: &SchemaCheck, shell: &Shell) -> Result<(), Failure> {
    let log = shell.open_for_appending().await?;
    let outcome = append_lines(&log, check, shell).await;
    shell.close(log).await?;
    outcome
}

/// All lines as one append.
///
/// # Errors
/// [`Failure`] of the first line that is no event, or that no schema allows.
pub(super) fn all_at_once(check: &SchemaCheck) -> Result<Append, Failure> {
    let (mut events, arrival) = (Vec::new(), Arrival::from_source(SOURCE));
    let mut input = io::stdin().lock();
    for number in 1.. {
        let Some(line) = read_line(&mut input).map_err(Failure::Input)? else { break };
        if !line.trim_ascii().is_empty() {
            events.push(event(&line, &arrival, check).map_err(|error| error.at_line(number))?);
        }
    }
    Ok(Append { events, ..Append::default() })
}

async fn append_lines(log: &Log, check: &SchemaCheck, shell: &Shell) -> Result<(), Failure> {
    let mut lines = read_in_background();
    let mut rows = RowWriter::new::<AppendedRow>(shell.console.out(), &shell.console, JsonForm::Embedded);
    let (mut read, mut rejected) = (0, 0);
    let mut batch = Vec::with_capacity(LINES_MAX);
    let mut ctrl_c = pin!(tokio::signal::ctrl_c());
    loop {
        // Only while it waits can it be interrupted: what arrived is stored and printed.
        let received = tokio::select! {
            received = lines.recv_many(&mut batch, LINES_MAX) => received,
            _ = &mut ctrl_c => return Err(Failure::Interrupted),
        };
        if received == 0 {
            break;
        }
        let (events, refused) = parse(&mut batch, check)?;
        let (appended, unstored) = append_batch(log, events).await?;
        rejected += refused + unstored;
        read += refused + unstored + appended.len() as u64;
        for row in read_back(log.events(), &appended).await? {
            rows.row(&row, &shell.console)?;
        }
        rows.show()?;
    }
    rows.finish::<AppendedRow>()?;
    if rejected == 0 { Ok(()) } else { Err(Failure::NotAllStored { rejected, read }) }
}

/// The event of a line, if its schema allows it.
fn event(line: &[u8], arrival: &Arrival, check: &SchemaCheck) -> Result<NewEvent, Failure> {
    let text = str::from_utf8(line).map_err(|error| Refusal::NotUtf8 { offset: error.valid_up_to() })?;
    let event = new_event(text, arrival)?;
    check.check(&event)?;
    Ok(event)
}

/// The events of the lines, with their numbers, and how many lines are none; these are named.
fn parse(batch: &mut Vec<InputLine>, check: &SchemaCheck) -> Result<(Vec<(u64, NewEvent)>, u64), Failure> {
    let mut events = Vec::with_capacity(batch.len());
    let (mut refused, arrival) = (0, Arrival::from_source(SOURCE));
    for InputLine { number, bytes } in batch.drain(..) {
        let bytes = bytes.map_err(|error| Failure::Input(error).at_line(number))?;
        if bytes.trim_ascii().is_empty() {
            continue;
        }
        match event(&bytes, &arrival, check) {
            Ok(event) => events.push((number, event)),
            Err(failure) => {
                refused += 1;
                failure.at_line(number).tell();
            }
        }
    }
    Ok((events, refused))
}

/// Appends each event for itself; what was recorded, and how many were not, which are named.
async fn append_batch(log: &Log, events: Vec<(u64, NewEvent)>) -> Result<(Vec<Appended>, u64), Failure> {
    let (numbers, appends): (Vec<u64>, Vec<Append>) =
        events.into_iter().map(|(number, event)| (number, Append::event(event))).unzip();
    let verdicts = log.events().append_each(appends).await;
    let mut appended = Vec::with_capacity(verdicts.len());
    let mut unstored = 0;
    for (number, verdict) in numbers.into_iter().zip(verdicts) {
        match verdict {
            Ok(verdict) => appended.push(verdict),
            Err(error) if is_about_the_line(&error) => {
                unstored += 1;
                Failure::Store(error).at_line(number).tell();
            }
            Err(error) => return Err(Failure::Store(error).at_line(number)),
        }
    }
    Ok((appended, unstored))
}

/// Whether the next lines may fare better.
fn is_about_the_line(error: &StoreError) -> bool {
    !matches!(
        error,
        StoreError::Unavailable { .. }
            | StoreError::AlreadyWritten { .. }
            | StoreError::Corrupt { .. }
            | StoreError::NotOurs { .. }
            | StoreError::Outdated { .. }
    )
}

/// Reads on a thread of its own, so that what has arrived is appended while more is awaited.
fn read_in_background() -> mpsc::Receiver<InputLine> {
    let (sender, receiver) = mpsc::channel(LINES_MAX);
    std::thread::spawn(move || {
        let mut input = io::stdin().lock();
        for number in 1.. {
            let Some(bytes) = read_line(&mut input).transpose() else { break };
            let failed = bytes.is_err();
            if sender.blocking_send(InputLine { number, bytes }).is_err() || failed {
                break;
            }
        }
    });
    receiver
}

fn read_line(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let length = input.take(LINE_BYTES_MAX).read_until(b'\n', &mut line)?;
    if length as u64 == LINE_BYTES_MAX && line.last() != Some(&b'\n') {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a line is longer than 8 MiB"));
    }
    Ok((length > 0).then_some(line))
}
