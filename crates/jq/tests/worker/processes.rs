//! Workers as processes: starting, pipelining, dying by a stranger's hand.

use std::num::NonZeroUsize;
use std::time::Duration;

use crate::support::{batch, command, limits, program, worker};
use annals_jq::{Batch, Limits, Worker, WorkerCommand, WorkerError, WorkerPool};

fn sums(results: Vec<annals_jq::RecordResult>) -> Vec<String> {
    results.into_iter().map(|result| result.unwrap().concat()).collect()
}

#[test]
fn batches_come_back_in_the_order_of_submission() {
    let mut worker = worker(". + 1", limits());
    for first in [0, 100, 200] {
        let batch = batch(&worker, (first..first + 100).map(|number: u32| number.to_string()));
        worker.submit(batch);
    }
    assert_eq!(worker.in_flight(), 3);
    let all: Vec<_> = (0..3).flat_map(|_| sums(worker.receive().unwrap())).collect();
    assert_eq!(all, (1..=300).map(|number| number.to_string()).collect::<Vec<_>>());
    assert!(matches!(worker.receive(), Err(WorkerError::NothingInFlight)));
}

#[test]
fn full_pipes_on_both_sides_do_not_block() {
    let mut worker = worker("., .", limits());
    let record = format!("{:?}", "x".repeat(200_000));
    for _ in 0..8 {
        let batch = batch(&worker, [&record, &record, &record]);
        worker.submit(batch);
    }
    for _ in 0..8 {
        assert_eq!(worker.receive().unwrap().len(), 3);
    }
}

#[test]
fn workers_and_pools_can_move_to_another_thread() {
    fn assert_send<T: Send>() {}
    assert_send::<Worker>();
    assert_send::<WorkerPool>();
}

#[test]
fn an_empty_batch_has_no_results() {
    let mut worker = worker(".", limits());
    let empty = Batch::new(worker.program());
    assert!(worker.run(empty).unwrap().is_empty());
}

#[test]
fn a_pool_keeps_the_order_over_its_workers() {
    let program = program(".");
    let mut pool = WorkerPool::start(&command(), &program, &limits(), NonZeroUsize::new(3).unwrap()).unwrap();
    for number in 0..10 {
        let mut batch = Batch::new(&program);
        batch.push(&number.to_string(), &["0"]).unwrap();
        pool.submit(batch);
    }
    assert_eq!((pool.size(), pool.in_flight()), (3, 10));
    for number in 0..10 {
        assert_eq!(sums(pool.receive().unwrap()), [number.to_string()]);
    }
    assert!(matches!(pool.receive(), Err(WorkerError::NothingInFlight)));
}

#[test]
#[cfg(unix)]
fn recovers_when_a_stranger_kills_the_worker_between_batches() {
    let mut worker = worker(".", limits());
    for number in 0..4 {
        let first = worker.process_id().unwrap();
        kill(first);
        let batch = batch(&worker, ["1", "2", "3"]);
        assert_eq!(sums(worker.run(batch).unwrap()), ["1", "2", "3"], "kill {number}");
        assert_ne!(worker.process_id(), Some(first));
    }
}

#[cfg(unix)]
fn kill(process_id: u32) {
    let process_id = rustix::process::Pid::from_raw(i32::try_from(process_id).unwrap()).unwrap();
    rustix::process::kill_process(process_id, rustix::process::Signal::KILL).unwrap();
}

#[test]
#[cfg(unix)]
fn a_worker_ends_when_its_parent_drops_it() {
    let worker = worker(".", limits());
    let id = worker.process_id().unwrap();
    drop(worker);
    let process_id = rustix::process::Pid::from_raw(i32::try_from(id).unwrap()).unwrap();
    assert!(rustix::process::test_kill_process(process_id).is_err());
}

#[test]
fn a_missing_program_is_an_error_that_names_it() {
    let command = WorkerCommand::new("/nonexistent/annals", ["jq-worker"]);
    let error = Worker::start(command, program("."), limits()).unwrap_err();
    assert!(matches!(error, WorkerError::Spawn { .. }) && error.to_string().contains("/nonexistent/annals"));
}

#[test]
#[cfg(unix)]
fn a_worker_that_dies_at_start_is_an_error_with_its_last_words() {
    let command = WorkerCommand::new("/bin/sh", ["-c", "echo unknown subcommand >&2; exit 2"]);
    let error = Worker::start(command, program("."), limits()).unwrap_err();
    assert!(
        matches!(&error, WorkerError::DiedAtStart { how, .. } if how.contains("unknown subcommand")),
        "{error}"
    );
}

#[test]
#[cfg(unix)]
fn a_program_that_speaks_otherwise_or_not_at_all_is_an_error() {
    let prints = WorkerCommand::new("/bin/sh", ["-c", "echo Usage: annals COMMAND; sleep 5"]);
    assert!(matches!(Worker::start(prints, program("."), limits()), Err(WorkerError::Protocol { .. })));
    let sleeps = WorkerCommand::new("/bin/sleep", ["60"]);
    let limits = Limits { start_deadline: Duration::from_millis(100), ..limits() };
    assert!(matches!(Worker::start(sleeps, program("."), limits), Err(WorkerError::SilentAtStart { .. })));
}

#[test]
#[cfg(target_os = "linux")]
fn too_small_an_address_space_is_an_error_at_start() {
    let limits = Limits { address_space_bytes: 16 << 20, stack_bytes: 64 << 20, ..limits() };
    let error = Worker::start(command(), program("."), limits).unwrap_err();
    assert!(matches!(error, WorkerError::DiedAtStart { .. } | WorkerError::Refused { .. }), "{error}");
}

/// Ready at once, and dead with the first batch, whatever is in it.
#[test]
#[cfg(unix)]
fn a_worker_that_dies_on_whatever_it_gets_is_given_up() {
    let ready = r"printf '\024\0\0\0\0\0\0\0Y\013\0\0\0\0\0\0\0annals-jq 1'; head -c 200 >/dev/null; exit 3";
    let command = WorkerCommand::new("/bin/sh", ["-c", ready]);
    let mut worker = Worker::start(command, program("."), limits()).unwrap();
    let records: Vec<_> = (0..50).map(|number| number.to_string()).collect();
    let batch = batch(&worker, records);
    let error = worker.run(batch).unwrap_err();
    assert!(matches!(error, WorkerError::KeepsDying { times: 7, .. }), "{error}");
    assert_eq!(worker.in_flight(), 1);
}
