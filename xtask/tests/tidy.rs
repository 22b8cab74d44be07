//! The whole checkout is tidy.

use xtask::{Checkout, tidy};

#[test]
fn finds_nothing_in_this_checkout() {
    let checkout = Checkout::find().expect("this is a checkout");
    let report = tidy::check(&checkout).expect("its files can be read");
    assert!(report.findings.is_empty(), "\n{report}");
}
