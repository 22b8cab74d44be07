//! A log of 2,000 events with everything that a store can hold, and its files at earlier moments.

use annals::{
    CursorAdvance, CursorName, CursorValue, KeyLocation, Location, LogName, NewDeadLetter, StateLocation,
    WritingOptions,
};
use serde_json::json;

use crate::workbench::Workbench;

const FILES: [&str; 3] = ["annals.db", "annals.db-index", "annals.db-lock"];

const CONFIGURATION: &str = "[store]\nindexed_payload_paths = [\"/customer\", \"/total\"]\n";

/// The files of a log at one moment.
pub(crate) struct Moment {
    pub(crate) size: usize,
    /// The checkpoint that an auditor kept then.
    pub(crate) checkpoint: String,
    files: Vec<(&'static str, Vec<u8>)>,
}

/// A log that grew in several runs.
pub(crate) struct RecordedLog {
    pub(crate) moments: Vec<Moment>,
    pub(crate) verifier_key: String,
}

impl RecordedLog {
    pub(crate) fn new() -> Self {
        let bench = Workbench::new();
        bench.write("annals.toml", CONFIGURATION);
        let mut moments: Vec<Moment> = [600, 1_200, 1_900].map(|size| grown(&bench, size)).into();
        keep_bookkeeping(&bench);
        moments.push(grown(&bench, 2_000));
        let verifier_key = bench.annals(["checkpoint", "--vkey"]).succeeds().stdout;
        Self { moments, verifier_key }
    }

    /// The log as it is.
    pub(crate) fn last(&self) -> &Moment {
        self.moments.last().unwrap()
    }

    /// The log when it had this size.
    pub(crate) fn at(&self, size: usize) -> &Moment {
        self.moments.iter().find(|moment| moment.size == size).unwrap()
    }
}

impl Moment {
    /// A fresh copy, without keys and signing state: what somebody has who gets hold of the files.
    pub(crate) fn copy(&self) -> Workbench {
        let bench = Workbench::new();
        bench.write("annals.toml", CONFIGURATION);
        for (name, bytes) in &self.files {
            bench.write(name, bytes);
        }
        bench
    }
}

fn grown(bench: &Workbench, size: usize) -> Moment {
    bench.write("orders.jsonl", (0..size).map(line).collect::<String>());
    bench.annals(["import", "orders.jsonl"]).succeeds();
    let checkpoint = bench.annals(["checkpoint"]).succeeds().stdout;
    let files = FILES.map(|name| (name, std::fs::read(bench.path(name)).unwrap())).into();
    Moment { size, checkpoint, files }
}

fn line(n: usize) -> String {
    let event_type = ["OrderPlaced", "OrderPaid", "OrderShipped"][n % 3];
    let event = json!({
        "eventType": event_type,
        "aggregateType": "Order",
        "aggregateId": format!("order_{}", n * 7 % 131),
        "timestamp": format!("2026-03-{:02}T{:02}:{:02}:00.5Z", 1 + n / 100, n % 24, n % 60),
        "actorId": format!("user_{}", n % 11),
        "tags": [format!("customer:{}", n % 50), "shop"],
        "payload": {"customer": format!("c-{}", n % 50), "total": n},
        "metadata": {"correlationId": format!("req-{}", n / 4)},
    });
    format!("{event}\n")
}

/// Cursors and dead letters, which the command line does not write yet.
fn keep_bookkeeping(bench: &Workbench) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let options = WritingOptions {
            payload_paths: vec!["/customer".parse().unwrap(), "/total".parse().unwrap()],
            key: KeyLocation::Folder(bench.path("config/annals/keys")),
            signing_state: StateLocation::Folder(bench.path("state/annals")),
            ..WritingOptions::default()
        };
        let location = Location::sqlite(bench.path("annals.db"));
        let log = annals::open_for_writing(&location, &LogName::main(), options).await.unwrap();
        for name in ["orders", "billing", "mail"] {
            let name = CursorName::new(name).unwrap();
            let to = CursorValue("partition 3, offset 1188".into());
            log.store().advance_cursor(CursorAdvance { name, from: None, to }).await.unwrap();
        }
        for line in 1..=3 {
            let letter = NewDeadLetter {
                source: "file:orders.jsonl".into(),
                place: format!("line {line}"),
                code: "record-not-json".into(),
                reason: "it is no JSON".into(),
                raw: b"nonsense".to_vec(),
            };
            log.store().keep_dead_letter(letter).await.unwrap();
        }
        log.close().await.unwrap();
    });
}
