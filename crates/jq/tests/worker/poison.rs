//! Records that end a worker: they fail alone, and by name.

use std::time::Duration;

use crate::support::{batch, impatient, limits, run, worker};
use annals_jq::{Limits, ProgramError, RecordResult};

/// Doubles every number but 13.
fn poisoned(harm: &str) -> String {
    format!("if . == 13 then {harm} else . * 2 end")
}

fn assert_only_13_failed(results: &[RecordResult], is_expected: impl Fn(&ProgramError) -> bool) {
    for (number, result) in results.iter().enumerate() {
        match result {
            Ok(outputs) => assert_eq!(*outputs, [(number * 2).to_string()]),
            Err(error) => assert!(number == 13 && is_expected(error), "record {number}: {error:?}"),
        }
    }
    assert!(results[13].is_err());
}

fn results_of_500(harm: &str, limits: Limits) -> Vec<RecordResult> {
    let mut worker = worker(&poisoned(harm), limits);
    let batch = batch(&worker, (0..500).map(|number| number.to_string()));
    worker.run(batch).unwrap()
}

#[test]
fn an_endless_record_among_500_runs_out_of_time_alone() {
    let results = results_of_500("(def f: f; f)", impatient());
    let deadline = Duration::from_millis(300);
    assert_only_13_failed(&results, |error| *error == ProgramError::OutOfTime { deadline });
}

#[test]
fn endless_programs_are_stopped() {
    for text in
        ["def f: f; f", "last(repeat(.))", "reduce repeat(1) as $x (0; . + $x)", "until(false; . + 1)"]
    {
        let error = run(text, "1", impatient()).unwrap_err();
        assert!(matches!(error, ProgramError::OutOfTime { .. }), "{text}: {error:?}");
    }
}

#[test]
fn an_endless_list_is_stopped_by_time_or_memory() {
    let error = run("[range(infinite)]", "1", impatient()).unwrap_err();
    assert!(matches!(error, ProgramError::OutOfTime { .. } | ProgramError::OutOfMemory { .. }), "{error:?}");
}

#[test]
fn deep_recursion_among_500_ends_alone() {
    let results = results_of_500("(def f: 1 + f; f)", limits());
    assert_only_13_failed(&results, |error| {
        *error == ProgramError::RecursionTooDeep { stack_bytes: 8 << 20 }
    });
}

#[test]
fn deeply_nested_input_ends_alone() {
    let mut worker = worker("1", limits());
    let deep = format!("{}{}", "[".repeat(1_000_000), "]".repeat(1_000_000));
    let batch = batch(&worker, ["0", &deep, "2"]);
    let results = worker.run(batch).unwrap();
    assert!(results[0].is_ok() && results[2].is_ok());
    assert!(matches!(results[1], Err(ProgramError::RecursionTooDeep { .. })), "{:?}", results[1]);
}

#[test]
#[cfg(target_os = "linux")]
fn a_memory_eater_among_500_ends_alone() {
    let results = results_of_500("(\"x\" | until(false; . + .))", limits());
    assert_only_13_failed(&results, |error| {
        *error == ProgramError::OutOfMemory { address_space_bytes: 256 << 20 }
    });
}

#[test]
fn a_string_larger_than_any_memory_ends_alone() {
    let results = results_of_500("(\"xy\" * 9223372036854775807)", limits());
    assert_only_13_failed(&results, |error| matches!(error, ProgramError::OutOfMemory { .. }));
}

/// Nobody kills it here: the parent does not ask for results.
#[test]
#[cfg(target_os = "linux")]
fn an_endless_worker_whose_parent_is_away_ends_by_itself() {
    let mut worker = worker("def f: f; f", impatient());
    let status = format!("/proc/{}/stat", worker.process_id().unwrap());
    let batch = batch(&worker, ["1"]);
    worker.submit(batch);
    let is_zombie = || std::fs::read_to_string(&status).is_ok_and(|stat| stat.contains(") Z "));
    for _ in 0..600 {
        if is_zombie() {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(is_zombie());
    assert!(matches!(worker.receive().unwrap()[..], [Err(ProgramError::OutOfTime { .. })]));
}

#[test]
fn a_flood_of_outputs_is_cut_off_and_the_worker_lives_on() {
    for harm in ["repeat(1)", "[range(500000)]", "(\"x\" * 2000000)"] {
        let mut worker = worker(&poisoned(harm), limits());
        let process_id = worker.process_id();
        let batch = batch(&worker, (0..500).map(|number| number.to_string()));
        let results = worker.run(batch).unwrap();
        assert_only_13_failed(&results, |error| {
            *error == ProgramError::OutputTooLarge { bytes_max: 1 << 20 }
        });
        assert_eq!(worker.process_id(), process_id);
    }
}

#[test]
fn several_poison_records_in_several_batches_in_flight_fail_alone() {
    let text = "if . % 7 == 3 then (def f: 1 + f; f) else . end";
    let mut worker = worker(text, limits());
    for first in [0, 10, 20] {
        let batch = batch(&worker, (first..first + 10).map(|number: u32| number.to_string()));
        worker.submit(batch);
    }
    let results: Vec<_> = (0..3).flat_map(|_| worker.receive().unwrap()).collect();
    for (number, result) in results.iter().enumerate() {
        assert_eq!(result.is_err(), number % 7 == 3, "record {number}: {result:?}");
    }
}

/// Neither to the deadline nor to the two seconds of processor time that go with it.
#[test]
fn slow_records_do_not_add_up_to_a_timeout() {
    let text = "reduce range(40000) as $i (0; . + $i)";
    let mut worker = worker(text, Limits { record_deadline: Duration::from_millis(900), ..limits() });
    let process_id = worker.process_id();
    let batch = batch(&worker, (0..120).map(|number| number.to_string()));
    assert!(worker.run(batch).unwrap().iter().all(Result::is_ok));
    assert_eq!(worker.process_id(), process_id);
}
