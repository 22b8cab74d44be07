//! The books of the shop, kept anew from what the events say was done, and compared with what they say became of it.

use std::collections::HashMap;

use annals_demo::{Chapter, Plot};
use annals_event::{NewEvent, Timestamp};
use proptest::prelude::*;
use serde_json::Value;

use crate::told::{cents, events, go_on, month, number, payload};

#[derive(Default)]
struct Shelf {
    on_hand: i64,
    reserved: i64,
    /// What there really is, whatever was counted.
    really: i64,
    price: i64,
}

#[derive(Default)]
struct Account {
    asked: i64,
    taken: i64,
    refunded: i64,
}

#[derive(Default)]
struct Books {
    shelves: HashMap<String, Shelf>,
    accounts: HashMap<String, Account>,
    orders: HashMap<String, i64>,
    returned: HashMap<String, i64>,
}

impl Books {
    fn enter(&mut self, event: &NewEvent) {
        let payload = payload(event);
        let id = event.stream.aggregate_id.to_string();
        match event.stream.aggregate_type.as_str() {
            "Product" => self.shelve(&id, event.event_type.as_str(), &payload),
            "Payment" => self.pay(&id, event.event_type.as_str(), &payload),
            "Order" => self.order(&id, event.event_type.as_str(), &payload),
            _ => {}
        }
    }

    fn shelve(&mut self, id: &str, event_type: &str, payload: &Value) {
        let shelf = self.shelves.entry(id.to_owned()).or_default();
        if let Some(price) = payload.get("price") {
            shelf.price = cents(price);
        }
        let Some(movement) = payload.get("movement") else { return };
        let quantity = number(&movement["quantity"]);
        match event_type {
            "StockReserved" | "StockReleased" => shelf.reserved += quantity,
            "StockShipped" => {
                shelf.on_hand += quantity;
                shelf.reserved += quantity;
                shelf.really += quantity;
            }
            "StockReceived" | "StockReturned" => {
                shelf.on_hand += quantity;
                shelf.really += quantity;
            }
            "StockCounted" => shelf.on_hand += quantity,
            other => panic!("{other} moves stock"),
        }
        let stock = (number(&payload["stock"]["onHand"]), number(&payload["stock"]["reserved"]));
        assert_eq!(stock, (shelf.on_hand, shelf.reserved), "{id}: {payload}");
        assert!(0 <= shelf.reserved && shelf.reserved <= shelf.on_hand, "{id}: {payload}");
    }

    fn order(&mut self, id: &str, event_type: &str, payload: &Value) {
        match event_type {
            "OrderPlaced" => {
                let lines = payload["lines"].as_array().unwrap();
                for line in lines {
                    let shelf = &self.shelves[line["product"].as_str().unwrap()];
                    assert_eq!(cents(&line["price"]), shelf.price, "{id}");
                }
                assert_eq!(cents(&payload["total"]), value(lines) + cents(&payload["shipping"]), "{id}");
                self.orders.insert(id.to_owned(), cents(&payload["total"]));
            }
            "DiscountGranted" => {
                let total = self.orders.get_mut(id).unwrap();
                *total -= cents(&payload["discount"]["amount"]);
                assert_eq!(*total, cents(&payload["total"]), "{id}");
            }
            "ItemsReturned" => {
                let back = value(payload["returned"].as_array().unwrap());
                assert_eq!(back, cents(&payload["returnedValue"]));
                self.returned.insert(id.to_owned(), back);
            }
            _ => {}
        }
    }

    fn pay(&mut self, id: &str, event_type: &str, payload: &Value) {
        let order = id.replace("pay_", "order_");
        let account = self.accounts.entry(id.to_owned()).or_default();
        match event_type {
            "PaymentRequested" | "PaymentAmountChanged" => {
                account.asked = cents(&payload["amount"]);
                assert_eq!(account.asked, self.orders[&order], "{id}");
            }
            "PaymentTaken" => {
                account.taken = cents(&payload["taken"]);
                assert_eq!((account.taken, account.asked), (self.orders[&order], account.taken), "{id}");
            }
            "RefundIssued" => {
                account.refunded = cents(&payload["refund"]["amount"]);
                assert_eq!(account.refunded, cents(&payload["refunded"]), "{id}");
            }
            "RefundCorrected" => {
                account.refunded += cents(&payload["correction"]["amount"]);
                assert_eq!(account.refunded, cents(&payload["refunded"]), "{id}");
            }
            _ => {}
        }
    }
}

fn value(lines: &[Value]) -> i64 {
    lines.iter().map(|line| number(&line["quantity"]) * cents(&line["price"])).sum()
}

/// Whether a chapter is going on: from what is wrong until before what puts it right.
fn goes_on(chapter: &Chapter, at: Timestamp) -> bool {
    chapter.wrong.recorded_at <= at && at < chapter.corrected.unwrap().recorded_at
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn money_and_stock_add_up_at_every_moment_but_where_the_story_says_otherwise(seed: u64) {
        let (mut business, mut moments) = month(seed);
        moments.extend(go_on(&mut business, 1_500));
        let story = business.story();
        let [refund, count] =
            [Plot::DoubleRefund, Plot::WrongCount].map(|plot| story.chapter(plot).unwrap());
        let mut books = Books::default();
        for moment in &moments {
            events(std::slice::from_ref(moment)).for_each(|event| books.enter(event));
            for (id, shelf) in &books.shelves {
                let is_miscounted = id == count.stream.aggregate_id.as_str() && goes_on(count, moment.at);
                prop_assert_eq!(shelf.on_hand != shelf.really, is_miscounted, "{} at {}", id, moment.at);
            }
            for event in &moment.append.events {
                let id = event.stream.aggregate_id.as_str();
                let Some(account) = books.accounts.get(id).filter(|account| account.refunded > 0) else { continue };
                let returned = books.returned[&id.replace("pay_", "order_")];
                let is_doubled = event.stream == refund.stream && goes_on(refund, moment.at);
                prop_assert_eq!(account.refunded != returned, is_doubled, "{} at {}", id, moment.at);
                prop_assert_eq!(account.refunded > account.taken, is_doubled, "{} at {}", id, moment.at);
            }
        }
    }
}
