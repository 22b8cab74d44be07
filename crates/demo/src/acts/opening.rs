//! The first day.

use super::{Act, Afterwards};
use crate::business::Business;
use crate::goods::ARTICLES;
use crate::payload::{CURRENCY, Movement, ProductListed, StockReceived, UserAdded};
use crate::people::{CUSTOMERS_AT_FIRST, MARIA, SOFIA, STAFF};
use crate::story_time::{Span, StoryTime};
use crate::telling::{About, By, Telling, stream};

impl Business {
    /// Enters what is certain to happen.
    pub(crate) fn plan(&mut self) {
        let morning = StoryTime::on_day(0, 6, 30);
        for place in 0..STAFF.len() {
            let when = morning.later(Span::seconds(40 * place as u64));
            self.agenda.enter(when, Act::Hire(place));
            let first = StoryTime::on_day(0, 7, 30).later(Span::minutes(9 * place as u64));
            self.agenda.enter(first, Act::SignIn(place));
        }
        for article in 0..ARTICLES.len() {
            let when = StoryTime::on_day(0, 8, 0).later(Span::minutes(2 * article as u64));
            self.agenda.enter(when, Act::List(article));
        }
        for number in 0..CUSTOMERS_AT_FIRST {
            let when = StoryTime::on_day(0, 8, 30).later(Span::seconds(100 * number));
            self.agenda.enter(when, Act::Register(Afterwards::Leaves));
        }
        for (when, act) in [
            (StoryTime::on_day(0, 9, 20), Act::Visit),
            (StoryTime::on_day(0, 17, 5), Act::Collect),
            (StoryTime::on_day(1, 14, 0), Act::UpdateCustomer),
            (StoryTime::on_day(1, 11, 10), Act::ViewRecord),
            (StoryTime::on_day(2, 16, 0), Act::Count),
            (StoryTime::on_day(3, 10, 0), Act::Reprice),
        ] {
            self.agenda.enter(when, act);
        }
        self.plan_mistakes();
    }

    pub(super) fn hire(&mut self, place: usize) -> Telling {
        let colleague = &STAFF[place];
        let mut telling = self.telling();
        let about = About {
            stream: stream("User", colleague.name),
            correlation: &format!("onboarding-{}", colleague.name),
            cause: None,
            tags: &[],
        };
        let payload = UserAdded {
            name: colleague.name,
            team: colleague.team,
            discount_limit: colleague.discount_limit,
            access: "granted",
        };
        telling.event(&By::colleague(MARIA), about, &payload);
        telling
    }

    pub(super) fn list(&mut self, article: usize) -> Telling {
        let goods = &ARTICLES[article];
        let product = stream("Product", goods.sku);
        let correlation = format!("listing-{}", goods.sku);
        let about = |cause| About { stream: product.clone(), correlation: &correlation, cause, tags: &[] };
        let mut telling = self.telling();
        let listed = ProductListed {
            name: goods.name,
            price: goods.price,
            currency: CURRENCY,
            stock: self.shop.products[article].stock(),
        };
        let cause = telling.event(&By::colleague(MARIA), about(None), &listed);
        self.shop.products[article].on_hand = goods.stock;
        let movement = Movement { quantity: goods.stock, reason: "opening".to_owned() };
        let received = StockReceived { stock: self.shop.products[article].stock(), movement };
        telling.event(&By::colleague(SOFIA), about(Some(cause)), &received);
        telling
    }
}
