//! What the events hold. Each payload, merged onto those before it, gives the state of its aggregate: an event says
//! what became of the things it touches, not only what was done to them.

mod customer;
mod order;
mod payment;
mod product;
mod user;

use serde::Serialize;

pub(crate) use customer::{Address, AddressChanged, CustomerRegistered, NewsletterChosen};
pub(crate) use order::{
    Discount, DiscountGranted, ItemsReturned, OrderCancelled, OrderDelivered, OrderPacked, OrderPaid,
    OrderPlaced, OrderPlacedWithOneLineAddress, OrderShipped, OrderedLine,
};
pub(crate) use payment::{
    PaymentAmountChanged, PaymentFailed, PaymentRequested, PaymentTaken, Refund, RefundCorrected,
    RefundIssued,
};
pub(crate) use product::{
    Movement, PriceChanged, ProductListed, Stock, StockCounted, StockReceived, StockReleased, StockReserved,
    StockReturned, StockShipped,
};
pub(crate) use user::{
    AccessSuspended, DiscountLimitSet, RecordViewed, SignedIn, SignedOut, UserAdded, ViewedRecord,
};

/// The payload of one event type.
pub(crate) trait Fact: Serialize {
    /// The event type.
    const TYPE: &'static str;
    /// The version of its shape.
    const SCHEMA_VERSION: u32 = 1;
}

/// The currency of every amount.
pub(crate) const CURRENCY: &str = "EUR";

/// Defines payloads whose event type is the struct's name.
macro_rules! facts {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug, serde::Serialize)]
        #[serde(rename_all = "camelCase")]
        pub(crate) struct $name { $(pub(crate) $field: $type),* }

        impl $crate::payload::Fact for $name {
            const TYPE: &'static str = stringify!($name);
        }
    )*};
}

/// Defines what payloads consist of.
macro_rules! parts {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, serde::Serialize)]
        #[serde(rename_all = "camelCase")]
        pub(crate) struct $name { $(pub(crate) $field: $type),* }
    )*};
}

use {facts, parts};
