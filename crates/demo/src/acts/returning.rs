//! What comes back, and what is refunded for it.

use super::Act;
use super::mistakes::Mistake;
use crate::business::Business;
use crate::goods::PRESS;
use crate::money::Cents;
use crate::payload::{ItemsReturned, Movement, OrderedLine, Refund, RefundIssued, StockReturned};
use crate::people::{JONAS, LENA, PAVEL};
use crate::shop::{Fate, Line, Order};
use crate::story::{Plot, Scene};
use crate::story_time::{Span, StoryTime};
use crate::telling::{About, By, Telling, stream};

const REASONS: [&str; 4] = ["does not fit", "arrived damaged", "changed my mind", "wrong article ordered"];

impl Business {
    pub(super) fn take_back(&mut self, number: u64) -> Option<Telling> {
        let mut order = self.shop.orders.get(&number)?.clone();
        let back: Vec<Line> = match order.fate {
            Fate::RefundedTwice => order.lines.iter().filter(|line| line.article == PRESS).copied().collect(),
            _ => order.lines.iter().take(1).copied().collect(),
        };
        let reason = *self.chance.one_of(&REASONS)?;
        let mut telling = self.telling();
        let (correlation, tags) = (order.correlation(), order.tags());
        let about =
            |stream, cause| About { stream, correlation: &correlation, cause: Some(cause), tags: &tags };
        let payload = ItemsReturned {
            status: if back.len() == order.lines.len() { "returned" } else { "partly returned" },
            returned: back.iter().map(OrderedLine::from).collect(),
            returned_value: back.iter().map(Line::value).sum(),
            reason,
        };
        let returned = telling.event(&By::colleague(PAVEL), about(order.stream(), order.cause), &payload);
        for line in &back {
            let product = &mut self.shop.products[line.article];
            product.on_hand += line.quantity;
            let movement = Movement { quantity: line.quantity, reason: order.stream().to_string() };
            let payload = StockReturned { stock: product.stock(), movement };
            telling.event(
                &By::service("inventory"),
                about(stream("Product", line.sku()), returned),
                &payload,
            );
        }
        order.cause = returned;
        order.last = telling.recorded_at();
        self.shop.orders.insert(number, order);
        let noon = StoryTime::on_day(self.now.day() + 1, 10, 0);
        let when = noon.later(self.chance.span(Span::minutes(1), Span::hours(5)));
        self.agenda.enter(when, Act::Refund(number, back));
        Some(telling)
    }

    pub(super) fn refund(&mut self, number: u64, back: &[Line]) -> Option<Telling> {
        let mut order = self.shop.orders.remove(&number)?;
        let value: Cents = back.iter().map(Line::value).sum();
        let is_doubled = order.fate == Fate::RefundedTwice;
        let clerk =
            if is_doubled || self.shop.jonas_is_suspended || self.chance.happens(60) { LENA } else { JONAS };
        let amount = if is_doubled { value * 2 } else { value };
        let mut telling = self.telling();
        let (correlation, tags) = (order.correlation(), order.tags());
        let cause = Some(order.cause);
        let about = About { stream: order.payment(), correlation: &correlation, cause, tags: &tags };
        let refund = Refund { amount, reason: "items returned" };
        let payload = RefundIssued { status: "refunded", refunded: amount, refund };
        order.cause = telling.event(&By::colleague(clerk), about, &payload);
        if is_doubled {
            let scene = self.scene(&telling, order.cause, &order.payment());
            self.story.goes_wrong(Plot::DoubleRefund, order.payment(), scene);
            self.agenda
                .enter(self.now.next_at(9, 12), Act::Mistake(Mistake::CorrectRefund(Box::new(order), value)));
        } else {
            self.close([order.stream(), order.payment()]);
        }
        Some(telling)
    }

    /// The first event of its stream in a telling, as the story names it.
    pub(super) fn scene(
        &self,
        telling: &Telling,
        event_id: annals_event::EventId,
        stream: &annals_event::StreamName,
    ) -> Scene {
        Scene {
            event_id,
            version: self.version_after(stream, 1),
            happened_at: telling.happened_at(),
            recorded_at: telling.recorded_at(),
        }
    }

    /// What is left of a doubled refund is taken back.
    pub(super) fn correct_refund(&mut self, order: &Order, value: Cents) -> Telling {
        let mut telling = self.telling();
        let (correlation, tags) = (order.correlation(), order.tags());
        let cause = Some(order.cause);
        let about = About { stream: order.payment(), correlation: &correlation, cause, tags: &tags };
        let correction = Refund { amount: Cents::default() - value, reason: "entered twice" };
        let payload = crate::payload::RefundCorrected { refunded: value, correction };
        let id = telling.event(&By::colleague(crate::people::MARIA), about, &payload);
        let scene = self.scene(&telling, id, &order.payment());
        self.story.is_corrected(Plot::DoubleRefund, scene);
        self.close([order.stream(), order.payment()]);
        telling
    }
}
