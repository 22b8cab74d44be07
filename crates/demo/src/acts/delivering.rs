//! Orders are packed, fetched and delivered.

use super::Act;
use crate::business::Business;
use crate::payload::{Movement, OrderDelivered, OrderPacked, OrderShipped, StockShipped};
use crate::people::{PAVEL, SOFIA};
use crate::shop::{Fate, Order};
use crate::story::{Plot, Scene};
use crate::story_time::{Span, StoryTime};
use crate::telling::{About, By, Telling, stream};

/// So many parcels fit into a van.
const PARCELS_MAX: usize = 24;

/// On this day the depot is offline until the evening.
const OFFLINE_DAY: u64 = 19;

/// Then it tells everything.
const BACK_ONLINE: StoryTime = StoryTime::on_day(OFFLINE_DAY, 19, 30);

impl Business {
    pub(super) fn pack(&mut self, number: u64) -> Option<Telling> {
        let mut order = self.shop.orders.get(&number)?.clone();
        let packer = if self.chance.happens(55) { SOFIA } else { PAVEL };
        let mut telling = self.telling();
        let (correlation, tags) = (order.correlation(), order.tags());
        let about =
            |stream, cause| About { stream, correlation: &correlation, cause: Some(cause), tags: &tags };
        let payload = OrderPacked { status: "packed", parcels: 1 };
        let packed = telling.event(&By::colleague(packer), about(order.stream(), order.cause), &payload);
        for line in &order.lines {
            let product = &mut self.shop.products[line.article];
            product.on_hand -= line.quantity;
            product.reserved -= line.quantity;
            let movement = Movement { quantity: -line.quantity, reason: order.stream().to_string() };
            let payload = StockShipped { stock: product.stock(), movement };
            telling.event(&By::service("inventory"), about(stream("Product", line.sku()), packed), &payload);
            self.order_when_low(line.article);
        }
        order.cause = packed;
        order.last = telling.recorded_at();
        self.shop.orders.insert(number, order);
        self.shop.packed.push(number);
        Some(telling)
    }

    pub(super) fn collect(&mut self) -> Option<Telling> {
        self.agenda.enter(self.now.next_at(17, 5), Act::Collect);
        let loaded = self.shop.packed.len().min(PARCELS_MAX);
        let parcels: Vec<u64> = self.shop.packed.drain(..loaded).collect();
        if parcels.is_empty() {
            return None;
        }
        let mut telling = self.telling();
        for number in parcels {
            let mut order = self.shop.orders.get(&number)?.clone();
            let (correlation, tags) = (order.correlation(), order.tags());
            let cause = Some(order.cause);
            let about = About { stream: order.stream(), correlation: &correlation, cause, tags: &tags };
            let tracking = format!("PC{:09}", self.chance.between(1, 999_999_999));
            let payload = OrderShipped { status: "shipped", carrier: "parcelo", tracking };
            order.cause = telling.event(&By::service("parcelo"), about, &payload);
            order.last = telling.recorded_at();
            self.expect_delivery(&order);
            self.shop.orders.insert(number, order);
        }
        Some(telling)
    }

    /// A parcel arrives in one to three days. Its carrier's devices are not always online, and tell it later then.
    fn expect_delivery(&mut self, order: &Order) {
        let days = self.chance.between(1, 3);
        let day = if order.fate == Fate::Offline { OFFLINE_DAY } else { self.now.day() + days };
        let morning = StoryTime::on_day(day, 9, 0);
        let arrival = morning.later(self.chance.span(Span::minutes(0), Span::hours(9)));
        let late = match self.chance.happens(12) {
            _ if arrival.day() == OFFLINE_DAY => {
                let queue = self.chance.span(Span::seconds(1), Span::minutes(4));
                arrival.until(BACK_ONLINE.later(queue))
            }
            true => self.chance.span(Span::hours(2), Span::hours(8)),
            false => Span::default(),
        };
        self.agenda.enter(arrival.later(late), Act::Deliver(order.number, late));
    }

    pub(super) fn deliver(&mut self, number: u64, late: Span) -> Option<Telling> {
        let mut order = self.shop.orders.get(&number)?.clone();
        let name = self.shop.customers.get(&order.customer)?.name.clone();
        let received_by = if self.chance.happens(20) { "a neighbour".to_owned() } else { name };
        let mut telling = self.telling();
        let (correlation, tags) = (order.correlation(), order.tags());
        let cause = Some(order.cause);
        let about = About { stream: order.stream(), correlation: &correlation, cause, tags: &tags };
        // Not before it was fetched, however late it is told.
        let happened_at = late.before(telling.happened_at()).max(order.last.min(telling.happened_at()));
        let payload = OrderDelivered { status: "delivered", received_by };
        order.cause = telling.event_of(happened_at, &By::service("parcelo"), about, &payload);
        // What a device tells late on any other day may also be told on this one, but not in the evening.
        if self.now.day() == OFFLINE_DAY && self.now >= BACK_ONLINE && late > Span::hours(1) {
            let scene = Scene {
                event_id: order.cause,
                version: self.version_after(&order.stream(), 1),
                happened_at,
                recorded_at: telling.recorded_at(),
            };
            self.story.goes_wrong(Plot::LateDelivery, order.stream(), scene);
        }
        order.last = telling.recorded_at();
        self.after_delivery(order);
        Some(telling)
    }

    fn after_delivery(&mut self, order: Order) {
        let comes_back = match order.fate {
            Fate::RefundedTwice => true,
            Fate::Ordinary => self.chance.happens(9),
            Fate::Smooth | Fate::Offline | Fate::Favour => false,
        };
        if !comes_back {
            self.close([order.stream(), order.payment()]);
            self.shop.orders.remove(&order.number);
            return;
        }
        let days = self.chance.between(1, 2);
        let morning = StoryTime::on_day(self.now.day() + days, 9, 30);
        let when = morning.later(self.chance.span(Span::minutes(1), Span::hours(6)));
        self.agenda.enter(when, Act::Return(order.number));
        self.shop.orders.insert(order.number, order);
    }
}
