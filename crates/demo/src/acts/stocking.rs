//! The warehouse, and prices.

use super::Act;
use crate::business::Business;
use crate::goods::{ARTICLES, FILTERS};
use crate::payload::{Fact, Movement, PriceChanged, StockCounted, StockReceived};
use crate::people::{PAVEL, SOFIA, TOM};
use crate::story_time::{Span, StoryTime};
use crate::telling::{About, By, Telling, stream};

impl Business {
    /// Orders more of a product when less than a quarter of what there should be is left.
    pub(super) fn order_when_low(&mut self, article: usize) {
        let product = &mut self.shop.products[article];
        if product.is_on_order || product.available() * 4 >= ARTICLES[article].stock {
            return;
        }
        product.is_on_order = true;
        let morning = StoryTime::on_day(self.now.day() + 1, 8, 20);
        let when = morning.later(self.chance.span(Span::minutes(0), Span::minutes(50)));
        self.agenda.enter(when, Act::Restock(article));
    }

    pub(super) fn restock(&mut self, article: usize) -> Telling {
        self.shop.last_delivery += 1;
        let delivery = format!("delivery-{}", self.shop.last_delivery);
        let product = &mut self.shop.products[article];
        let quantity = (ARTICLES[article].stock - product.available()).max(1);
        product.on_hand += quantity;
        product.is_on_order = false;
        let movement = Movement { quantity, reason: delivery.clone() };
        let payload = StockReceived { stock: product.stock(), movement };
        self.tell_of_product(SOFIA, article, &delivery, &payload)
    }

    pub(super) fn count(&mut self) -> Option<Telling> {
        let pause = self.chance.span(Span::hours(20), Span::hours(28));
        self.agenda.enter(self.now.later(pause).next_at(15, 40), Act::Count);
        let article = self.chance.between(0, ARTICLES.len() as u64 - 1) as usize;
        // How many filters there are is a story of its own.
        (article != FILTERS).then(|| self.tell_of_count(PAVEL, article, 0).0)
    }

    /// Somebody counts so many more than there should be, and that is what there is from now on.
    pub(super) fn tell_of_count(
        &mut self,
        counter: usize,
        article: usize,
        surplus: i64,
    ) -> (Telling, annals_event::EventId) {
        let product = &mut self.shop.products[article];
        product.on_hand += surplus;
        let movement = Movement { quantity: surplus, reason: "stocktaking".to_owned() };
        let payload = StockCounted { stock: product.stock(), movement, counted: product.on_hand };
        let affair = format!("stocktaking-{}", self.now.day());
        self.tell_of_product_and_name(counter, article, &affair, &payload)
    }

    pub(super) fn reprice(&mut self) -> Option<Telling> {
        let days = self.chance.between(2, 4);
        self.agenda.enter(StoryTime::on_day(self.now.day() + days, 10, 0), Act::Reprice);
        // The price of the grinder is a story of its own.
        let article = self.chance.between(1, ARTICLES.len() as u64 - 1) as usize;
        let percent = self.chance.between(92, 112) as i64;
        let price = ARTICLES[article].price.percent(percent).rounded_to_ten();
        if price == self.shop.products[article].price {
            return None;
        }
        self.shop.products[article].price = price;
        let affair = format!("prices-{}", self.now.day());
        let payload = PriceChanged { price, reason: "new supplier price" };
        Some(self.tell_of_product(TOM, article, &affair, &payload))
    }

    fn tell_of_product<F: Fact>(
        &mut self,
        colleague: usize,
        article: usize,
        affair: &str,
        payload: &F,
    ) -> Telling {
        self.tell_of_product_and_name(colleague, article, affair, payload).0
    }

    /// The same, with the id of the event.
    pub(super) fn tell_of_product_and_name<F: Fact>(
        &mut self,
        colleague: usize,
        article: usize,
        affair: &str,
        payload: &F,
    ) -> (Telling, annals_event::EventId) {
        let mut telling = self.telling();
        let stream = stream("Product", ARTICLES[article].sku);
        let about = About { stream, correlation: affair, cause: None, tags: &[] };
        let id = telling.event(&By::colleague(colleague), about, payload);
        (telling, id)
    }
}
