//! Orders are paid, or not.

use super::Act;
use crate::business::Business;
use crate::payload::{Movement, OrderCancelled, OrderPaid, PaymentFailed, PaymentTaken, StockReleased};
use crate::shop::{Fate, Order};
use crate::story_time::Span;
use crate::telling::{About, By, Telling, stream};

/// So often a payment is tried.
const ATTEMPTS_MAX: u32 = 3;

const REASONS: [&str; 3] = ["card declined", "confirmation timed out", "limit exceeded"];

impl Business {
    pub(super) fn charge(&mut self, number: u64) -> Option<Telling> {
        let mut order = self.shop.orders.get(&number)?.clone();
        order.attempts += 1;
        let fails = self.chance.happens(11) && order.fate == Fate::Ordinary;
        let telling = if fails { self.fail(&mut order)? } else { self.take_payment(&mut order) };
        order.last = telling.recorded_at();
        self.shop.orders.insert(number, order);
        Some(telling)
    }

    fn take_payment(&mut self, order: &mut Order) -> Telling {
        let mut telling = self.telling();
        let (correlation, tags) = (order.correlation(), order.tags());
        let payload = PaymentTaken { status: "taken", attempts: order.attempts, taken: order.total };
        let cause = Some(order.cause);
        let about = About { stream: order.payment(), correlation: &correlation, cause, tags: &tags };
        let taken = telling.event(&By::service("payments"), about, &payload);
        let payload = OrderPaid { status: "paid", payment: order.payment_id() };
        let cause = Some(taken);
        let about = About { stream: order.stream(), correlation: &correlation, cause, tags: &tags };
        order.cause = telling.event(&By::service("web-shop"), about, &payload);

        let pause = self.chance.span(Span::minutes(25), Span::hours(4));
        let ready = self.now.later(pause);
        let when = if (8..16).contains(&ready.hour()) {
            ready
        } else {
            ready.next_at(8, 10).later(self.chance.span(Span::minutes(1), Span::hours(3)))
        };
        self.agenda.enter(when, Act::Pack(order.number));
        telling
    }

    fn fail(&mut self, order: &mut Order) -> Option<Telling> {
        let mut telling = self.telling();
        let reason = *self.chance.one_of(&REASONS)?;
        let payload = PaymentFailed { status: "failed", attempts: order.attempts, reason };
        let (correlation, tags) = (order.correlation(), order.tags());
        let cause = Some(order.cause);
        let about = About { stream: order.payment(), correlation: &correlation, cause, tags: &tags };
        order.cause = telling.event(&By::service("payments"), about, &payload);
        let gives_up = order.attempts == ATTEMPTS_MAX || self.chance.happens(35);
        let pause = self.chance.span(Span::minutes(3), Span::minutes(45));
        let next = if gives_up { Act::Cancel(order.number) } else { Act::Charge(order.number) };
        self.agenda.enter(self.now.later(pause), next);
        Some(telling)
    }

    pub(super) fn cancel(&mut self, number: u64) -> Option<Telling> {
        let order = self.shop.orders.remove(&number)?;
        let mut telling = self.telling();
        let (correlation, tags) = (order.correlation(), order.tags());
        let payload = OrderCancelled { status: "cancelled", reason: "not paid" };
        let about =
            |stream, cause| About { stream, correlation: &correlation, cause: Some(cause), tags: &tags };
        let cause = telling.event(&By::service("web-shop"), about(order.stream(), order.cause), &payload);
        for line in &order.lines {
            let product = &mut self.shop.products[line.article];
            product.reserved -= line.quantity;
            let movement = Movement { quantity: -line.quantity, reason: order.stream().to_string() };
            let payload = StockReleased { stock: product.stock(), movement };
            telling.event(&By::service("inventory"), about(stream("Product", line.sku()), cause), &payload);
        }
        self.close([order.stream(), order.payment()]);
        Some(telling)
    }
}
