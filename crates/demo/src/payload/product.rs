use super::{facts, parts};
use crate::money::Cents;

facts! {
    ProductListed { name: &'static str, price: Cents, currency: &'static str, stock: Stock }
    PriceChanged { price: Cents, reason: &'static str }
    StockReceived { stock: Stock, movement: Movement }
    StockReserved { stock: Stock, movement: Movement }
    StockReleased { stock: Stock, movement: Movement }
    StockShipped { stock: Stock, movement: Movement }
    StockReturned { stock: Stock, movement: Movement }
    StockCounted { stock: Stock, movement: Movement, counted: i64 }
}

parts! {
    /// What there is afterwards.
    Stock { on_hand: i64, reserved: i64 }
    /// By how much what the event is named after became more, or, below zero, less; and for whom.
    Movement { quantity: i64, reason: String }
}
