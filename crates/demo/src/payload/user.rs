use super::{facts, parts};

facts! {
    UserAdded { name: &'static str, team: &'static str, discount_limit: i64, access: &'static str }
    SignedIn { signed_in: bool, device: &'static str }
    SignedOut { signed_in: bool }
    RecordViewed { last_viewed: ViewedRecord }
    DiscountLimitSet { discount_limit: i64, reason: &'static str }
    AccessSuspended { access: &'static str, signed_in: bool, reason: &'static str }
}

parts! {
    ViewedRecord { customer: String, reason: &'static str }
}
