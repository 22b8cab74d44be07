use serde::Serialize;

use super::customer::Address;
use super::{Fact, facts, parts};
use crate::money::Cents;

/// An order as it is placed since addresses have parts: schema version 2.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OrderPlaced<A = Address> {
    pub(crate) customer: String,
    pub(crate) lines: Vec<OrderedLine>,
    pub(crate) shipping: Cents,
    pub(crate) total: Cents,
    pub(crate) currency: &'static str,
    pub(crate) deliver_to: A,
    pub(crate) status: &'static str,
}

/// The same as it was placed before: schema version 1.
pub(crate) type OrderPlacedWithOneLineAddress = OrderPlaced<String>;

impl Fact for OrderPlaced {
    const TYPE: &'static str = "OrderPlaced";
    const SCHEMA_VERSION: u32 = 2;
}

impl Fact for OrderPlacedWithOneLineAddress {
    const TYPE: &'static str = "OrderPlaced";
}

facts! {
    DiscountGranted { discount: Discount, total: Cents }
    OrderPaid { status: &'static str, payment: String }
    OrderCancelled { status: &'static str, reason: &'static str }
    OrderPacked { status: &'static str, parcels: u64 }
    OrderShipped { status: &'static str, carrier: &'static str, tracking: String }
    OrderDelivered { status: &'static str, received_by: String }
    ItemsReturned { status: &'static str, returned: Vec<OrderedLine>, returned_value: Cents, reason: &'static str }
}

parts! {
    OrderedLine { product: &'static str, quantity: i64, price: Cents }
    Discount { percent: i64, amount: Cents, reason: &'static str }
}
