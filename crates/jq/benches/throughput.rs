//! How many small records a second go through one worker, with two batches in flight.
//!
//! `cargo bench -p annals-jq`

use std::time::Instant;

use annals_jq::{Batch, Limits, Program, ProgramText, Worker, WorkerCommand};

const BATCHES: usize = 1000;
const BATCH_LEN: usize = 512;
const MAPPING: &str = r#"{
    eventType: .type, aggregateType: "Order", aggregateId: .order.id, timestamp: .at,
    payload: del(.type, .at), metadata: {source: $source, line: $line}
}"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mapping = ProgramText { name: "mapping", text: MAPPING, variables: &["source", "line"] };
    for program in [ProgramText { name: "identity", text: ".", variables: &["source", "line"] }, mapping] {
        measure(program)?;
    }
    Ok(())
}

fn measure(source: ProgramText<'_>) -> Result<(), Box<dyn std::error::Error>> {
    let program = Program::compile(source)?;
    let command = WorkerCommand::new(env!("CARGO_BIN_EXE_annals-jq-worker"), [""; 0]);
    let start = Instant::now();
    let mut worker = Worker::start(command, program.clone(), Limits::default())?;
    let started_in = start.elapsed();
    let start = Instant::now();
    let mut results = 0;
    for number in 0..BATCHES {
        worker.submit(batch(&program, number)?);
        if worker.in_flight() == 2 {
            results += worker.receive()?.iter().filter(|result| result.is_ok()).count();
        }
    }
    results += worker.receive()?.iter().filter(|result| result.is_ok()).count();
    assert_eq!(results, BATCHES * BATCH_LEN);
    let per_second = results as f64 / start.elapsed().as_secs_f64();
    println!("{}: started in {started_in:.1?}, {per_second:.0} records/s", source.name);
    Ok(())
}

fn batch(program: &Program, number: usize) -> Result<Batch, annals_jq::WorkerError> {
    let mut batch = Batch::new(program);
    for index in 0..BATCH_LEN {
        let line = number * BATCH_LEN + index;
        let record = format!(
            r#"{{"type":"OrderPlaced","at":"2026-11-20T10:30:00Z","order":{{"id":"order_{line}","total":99.90,"customer":"customer_{index}"}}}}"#
        );
        batch.push(&record, &[r#""orders.jsonl""#, &line.to_string()])?;
    }
    Ok(batch)
}
