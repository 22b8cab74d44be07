use super::{facts, parts};
use crate::money::Cents;

facts! {
    PaymentRequested {
        order: String,
        customer: String,
        method: &'static str,
        amount: Cents,
        currency: &'static str,
        status: &'static str,
    }
    PaymentAmountChanged { amount: Cents }
    PaymentFailed { status: &'static str, attempts: u32, reason: &'static str }
    PaymentTaken { status: &'static str, attempts: u32, taken: Cents }
    RefundIssued { status: &'static str, refunded: Cents, refund: Refund }
    RefundCorrected { refunded: Cents, correction: Refund }
}

parts! {
    Refund { amount: Cents, reason: &'static str }
}
