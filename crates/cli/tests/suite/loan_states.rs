//! The loan reducer over every application of the loan log, against the same computed without it.
//!
//! `ANNALS_LOAN_LOG` names the whole log; without it the sample in the repository is used.

#[path = "../support/loans.rs"]
#[expect(dead_code, reason = "the tests of the events themselves use the rest")]
mod loans;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::workbench::Workbench;
use loans::Loan;

const REDUCER: &str = include_str!("../../../../examples/data/loan-state.jq");

/// The states of all applications behind the steps that happened by `until`, read off the lines one case at a time.
fn computed(loans: &[Loan], until: Timestamp) -> BTreeMap<String, Value> {
    let mut steps: BTreeMap<&str, Vec<&Loan>> = BTreeMap::new();
    for loan in loans.iter().filter(|loan| loan.timestamp <= until) {
        steps.entry(&loan.case).or_default().push(loan);
    }
    steps.into_iter().map(|(case, steps)| (format!("LoanApplication/{case}"), state(&steps))).collect()
}

fn state(steps: &[&Loan]) -> Value {
    let named = |prefix: &str| -> Vec<String> {
        let names = steps.iter().filter_map(|step| step.event_type.split('.').next()?.strip_prefix(prefix));
        names.map(str::to_lowercase).collect()
    };
    let mut offers: BTreeMap<String, u64> = BTreeMap::new();
    named("O_").into_iter().for_each(|offer| *offers.entry(offer).or_default() += 1);
    let mut people: Vec<&str> = Vec::new();
    for step in steps {
        if step.actor != "anonymous" && !people.contains(&step.actor.as_str()) {
            people.push(&step.actor);
        }
    }
    json!({
        "status": named("A_").last(),
        "amount": steps.last().unwrap().amount.parse::<u64>().unwrap(),
        "offers": offers,
        "handled_by": people,
    })
}

fn printed(bench: &Workbench, args: &[&str]) -> BTreeMap<String, Value> {
    let all = ["state", "--aggregate-type", "LoanApplication", "--format", "jsonl"];
    let ran = bench.annals(all.iter().chain(args)).succeeds();
    let state = |mut line: Value| (line["aggregate"].as_str().unwrap().to_owned(), line["state"].take());
    ran.lines().into_iter().map(state).collect()
}

#[test]
fn every_application_has_the_state_that_its_lines_give_now_and_then() {
    let bench = Workbench::new();
    bench.write("loan-state.jq", REDUCER);
    bench.write(
        "annals.toml",
        "[[history.reducers]]\naggregate_type = 'LoanApplication'\nreducer = 'loan-state.jq'\n",
    );
    let (file, mapping) = (loans::file(), loans::mapping());
    bench.annals(["import".as_ref(), file.as_os_str(), "--map".as_ref(), mapping.as_os_str()]).succeeds();
    let loans = loans::read(&file);
    let last = loans.iter().map(|loan| loan.timestamp).max().unwrap();
    let middle = loans[loans.len() / 2].timestamp;

    let expected = computed(&loans, last);
    assert!(expected.len() >= 120, "{}", expected.len());
    assert_eq!(printed(&bench, &[]), expected);
    assert_eq!(printed(&bench, &["--at", &middle.to_string()]), computed(&loans, middle));
}
