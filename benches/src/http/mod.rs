//! The works over HTTP: a server of the store, in a process of its own, beside the same store in this one.
//!
//! Both take turns and never run at once. A client has one connection, which it keeps, and waits for each answer before it
//! asks again.

mod appender;
mod batches;
mod body;
mod client;
mod export;
mod guarded;
mod memory;
mod page;
mod served_log;
mod server_process;
mod subscriber;
mod subscribers;

use crate::report::Figure;
use crate::rounds::{Contender, Measured, Round};
use crate::timing::{median, spread};
use crate::work::Work;

pub(crate) use batches::measure as batches;
pub(crate) use export::measure as export;
pub(crate) use guarded::measure as guarded;
pub(crate) use page::measure as page;
pub use server_process::ServerCommand;
pub(crate) use subscribers::measure as subscribers;

/// What is between client and store, in words.
pub(crate) const CONDITIONS: &str = "annals serve as it is by default, in a process of its own on the same cores as its \
    clients: HTTP/1.1 on loopback in the clear, without a key, reads recorded in the log access; requests are made before \
    anything is timed; a client keeps its one connection and waits for each answer";

/// The figure of the server, with its rate beside that of the store in process.
fn beside_process(work: Work, part: &'static str, rounds: &[Round]) -> Figure {
    let rate = Measured::events_per_second;
    let mut figure = Figure::of_contender((work, part), Contender::Http, rounds, rate);
    let rates = |contender| rounds.iter().filter_map(move |round| round.of(contender)).map(rate);
    let ratios: Vec<f64> =
        rates(Contender::Http).zip(rates(Contender::Own)).map(|(http, own)| http / own).collect();
    let [least, greatest] = spread(&ratios);
    let more = [
        ("inProcess", median(rates(Contender::Own).collect())),
        ("ratioInProcessLeast", least),
        ("ratioInProcessGreatest", greatest),
        ("ratioInProcess", median(ratios)),
    ];
    figure.more.extend(more);
    figure
}
