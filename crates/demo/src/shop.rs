//! What the business has to remember in order to go on.

use std::collections::BTreeMap;

use annals_event::{EventId, StreamName, Timestamp};

use crate::goods::ARTICLES;
use crate::money::Cents;
use crate::payload::{Address, OrderedLine, Stock};
use crate::telling::stream;

/// The shop as it stands.
pub(crate) struct Shop {
    /// By their place in [`ARTICLES`].
    pub(crate) products: Vec<Product>,
    /// By their number, from 1.
    pub(crate) customers: BTreeMap<u64, Customer>,
    /// Those that are not over yet.
    pub(crate) orders: BTreeMap<u64, Order>,
    /// Orders whose parcels wait for the carrier.
    pub(crate) packed: Vec<u64>,
    pub(crate) last_order: u64,
    pub(crate) last_delivery: u64,
    /// Whether the one who went too far may still sign in.
    pub(crate) jonas_is_suspended: bool,
}

/// A product in the shop.
pub(crate) struct Product {
    pub(crate) price: Cents,
    pub(crate) on_hand: i64,
    pub(crate) reserved: i64,
    pub(crate) is_on_order: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Customer {
    pub(crate) name: String,
    pub(crate) address: Address,
}

/// One order on its way.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) number: u64,
    pub(crate) customer: u64,
    pub(crate) lines: Vec<Line>,
    /// What is to be paid.
    pub(crate) total: Cents,
    pub(crate) fate: Fate,
    pub(crate) attempts: u32,
    /// What the next event follows from.
    pub(crate) cause: EventId,
    /// When the last thing happened to it.
    pub(crate) last: Timestamp,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    /// Its place in [`ARTICLES`].
    pub(crate) article: usize,
    pub(crate) quantity: i64,
    pub(crate) price: Cents,
}

/// What the story has in mind for an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// What chance brings.
    Ordinary,
    /// It is paid at once and delivered.
    Smooth,
    /// It arrives while the carrier's depot is offline.
    Offline,
    /// A part of it comes back, and too much is refunded for it.
    RefundedTwice,
    /// Somebody grants a discount who may not.
    Favour,
}

impl Shop {
    pub(crate) fn new() -> Self {
        let closed = |article: &crate::goods::Article| Product {
            price: article.price,
            on_hand: 0,
            reserved: 0,
            is_on_order: false,
        };
        Self {
            products: ARTICLES.iter().map(closed).collect(),
            customers: BTreeMap::new(),
            orders: BTreeMap::new(),
            packed: Vec::new(),
            last_order: 1_000,
            last_delivery: 0,
            jonas_is_suspended: false,
        }
    }
}

impl Product {
    /// How many may still be ordered.
    pub(crate) fn available(&self) -> i64 {
        self.on_hand - self.reserved
    }

    /// As events tell it.
    pub(crate) fn stock(&self) -> Stock {
        Stock { on_hand: self.on_hand, reserved: self.reserved }
    }
}

impl Order {
    pub(crate) fn id(&self) -> String {
        format!("order_{}", self.number)
    }

    pub(crate) fn payment_id(&self) -> String {
        format!("pay_{}", self.number)
    }

    pub(crate) fn stream(&self) -> StreamName {
        stream("Order", &self.id())
    }

    /// The stream of its payment.
    pub(crate) fn payment(&self) -> StreamName {
        stream("Payment", &self.payment_id())
    }

    /// What all that happens on its behalf has in common.
    pub(crate) fn correlation(&self) -> String {
        format!("order-{}", self.number)
    }

    /// Whom and what all that concerns.
    pub(crate) fn tags(&self) -> [String; 2] {
        [format!("customer:{}", self.customer), format!("order:{}", self.number)]
    }
}

impl Line {
    pub(crate) fn sku(&self) -> &'static str {
        ARTICLES[self.article].sku
    }

    pub(crate) fn value(&self) -> Cents {
        self.price * self.quantity
    }
}

impl From<&Line> for OrderedLine {
    fn from(line: &Line) -> Self {
        Self { product: line.sku(), quantity: line.quantity, price: line.price }
    }
}
