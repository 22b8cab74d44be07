//! What goes wrong, as [`Plot`] says.

use super::Act;
use crate::business::Business;
use crate::goods::{ARTICLES, DECAF, FILTERS, GRINDER, HOUSE_BLEND, PRESS};
use crate::money::Cents;
use crate::payload::{
    AccessSuspended, Discount, DiscountGranted, DiscountLimitSet, Fact, PaymentAmountChanged, PriceChanged,
};
use crate::people::{AWAKE, FRIEND, JONAS, MARIA, OFFLINE, OVERPAID, SOFIA, STAFF, TOM};
use crate::shop::{Fate, Order};
use crate::story::Plot;
use crate::story_time::{Span, StoryTime};
use crate::telling::{About, By, Telling, stream};

/// What jonas grants, in percent.
const FAVOUR: i64 = 80;

/// Something that goes wrong, is a part of it, or puts it right.
#[derive(Debug)]
pub(crate) enum Mistake {
    /// The price of the grinder loses a digit.
    Misprice,
    /// Somebody is awake, and orders the grinder.
    BuyAtNight(u64),
    /// The grinder costs what it should.
    CorrectPrice,
    /// A tenth of the filters is counted.
    Miscount,
    /// The rest of them, so many, is found.
    Recount(i64),
    /// An order is placed that nobody knows to have arrived.
    OrderDecaf,
    /// An order is placed of which something will come back.
    OrderPress,
    /// What was refunded twice is taken back once.
    CorrectRefund(Box<Order>, Cents),
    /// Jonas lets himself grant more.
    RaiseLimit,
    /// A friend of his orders something.
    FriendOrders,
    /// And pays less than others.
    Favour(u64),
    /// Maria finds out: first the limit, then the access.
    LowerLimit,
    Suspend,
}

impl Business {
    pub(super) fn plan_mistakes(&mut self) {
        use Mistake::{
            BuyAtNight, CorrectPrice, FriendOrders, LowerLimit, Miscount, Misprice, OrderDecaf, OrderPress,
            RaiseLimit, Suspend,
        };
        for (when, mistake) in [
            (StoryTime::on_day(12, 2, 13), Misprice),
            (StoryTime::on_day(12, 2, 41), BuyAtNight(AWAKE[0])),
            (StoryTime::on_day(12, 5, 58), BuyAtNight(AWAKE[1])),
            (StoryTime::on_day(12, 7, 5), CorrectPrice),
            (StoryTime::on_day(15, 16, 30), Miscount),
            (StoryTime::on_day(16, 9, 50), OrderPress),
            (StoryTime::on_day(17, 9, 15), OrderDecaf),
            (StoryTime::on_day(22, 22, 47), RaiseLimit),
            (StoryTime::on_day(22, 22, 58), FriendOrders),
            (StoryTime::on_day(23, 23, 11), FriendOrders),
            (StoryTime::on_day(25, 22, 36), FriendOrders),
            (StoryTime::on_day(26, 8, 31), LowerLimit),
            (StoryTime::on_day(26, 8, 34), Suspend),
        ] {
            self.agenda.enter(when, Act::Mistake(mistake));
        }
    }

    pub(super) fn make(&mut self, mistake: Mistake) -> Option<Telling> {
        match mistake {
            Mistake::Misprice => Some(self.misprice()),
            Mistake::BuyAtNight(customer) => self.place(customer, &[(GRINDER, 1)], Fate::Smooth),
            Mistake::CorrectPrice => Some(self.correct_price()),
            Mistake::Miscount => Some(self.miscount()),
            Mistake::Recount(found) => Some(self.recount(found)),
            Mistake::OrderDecaf => self.place(OFFLINE, &[(DECAF, 1)], Fate::Offline),
            Mistake::OrderPress => self.place(OVERPAID, &[(PRESS, 1), (HOUSE_BLEND, 1)], Fate::RefundedTwice),
            Mistake::CorrectRefund(order, value) => Some(self.correct_refund(&order, value)),
            Mistake::RaiseLimit => {
                let reason = "campaign";
                let raised = DiscountLimitSet { discount_limit: 90, reason };
                Some(self.tell_of_jonas(JONAS, &raised))
            }
            Mistake::FriendOrders => self.order_as_friend(),
            Mistake::Favour(order) => self.favour(order),
            Mistake::LowerLimit => {
                let reason = "nobody raises their own limit";
                let lowered = DiscountLimitSet { discount_limit: STAFF[JONAS].discount_limit, reason };
                Some(self.tell_of_jonas(MARIA, &lowered))
            }
            Mistake::Suspend => {
                self.shop.jonas_is_suspended = true;
                let reason = "discounts for a friend";
                Some(
                    self.tell_of_jonas(
                        MARIA,
                        &AccessSuspended { access: "suspended", signed_in: false, reason },
                    ),
                )
            }
        }
    }

    fn misprice(&mut self) -> Telling {
        let price = Cents(ARTICLES[GRINDER].price.0 / 10);
        self.shop.products[GRINDER].price = price;
        let payload = PriceChanged { price, reason: "weekend offer" };
        let (telling, id) = self.tell_of_product_and_name(TOM, GRINDER, "price-grinder", &payload);
        let stream = stream("Product", ARTICLES[GRINDER].sku);
        let scene = self.scene(&telling, id, &stream);
        self.story.goes_wrong(Plot::PriceAtNight, stream, scene);
        telling
    }

    fn correct_price(&mut self) -> Telling {
        let price = ARTICLES[GRINDER].price;
        self.shop.products[GRINDER].price = price;
        let payload = PriceChanged { price, reason: "a digit was missing" };
        let (telling, id) = self.tell_of_product_and_name(MARIA, GRINDER, "price-grinder", &payload);
        let scene = self.scene(&telling, id, &stream("Product", ARTICLES[GRINDER].sku));
        self.story.is_corrected(Plot::PriceAtNight, scene);
        telling
    }

    fn miscount(&mut self) -> Telling {
        let product = &self.shop.products[FILTERS];
        // What is reserved lies before her eyes.
        let counted = (product.on_hand / 10).max(product.reserved);
        let missing = product.on_hand - counted;
        self.agenda.enter(StoryTime::on_day(16, 11, 20), Act::Mistake(Mistake::Recount(missing)));
        let (telling, id) = self.tell_of_count(SOFIA, FILTERS, -missing);
        let stream = stream("Product", ARTICLES[FILTERS].sku);
        let scene = self.scene(&telling, id, &stream);
        self.story.goes_wrong(Plot::WrongCount, stream, scene);
        telling
    }

    fn recount(&mut self, found: i64) -> Telling {
        let (telling, id) = self.tell_of_count(SOFIA, FILTERS, found);
        let scene = self.scene(&telling, id, &stream("Product", ARTICLES[FILTERS].sku));
        self.story.is_corrected(Plot::WrongCount, scene);
        telling
    }

    fn order_as_friend(&mut self) -> Option<Telling> {
        let wanted = [GRINDER + 1, PRESS, HOUSE_BLEND];
        let basket: Vec<(usize, i64)> = wanted
            .into_iter()
            .filter(|at| self.shop.products[*at].available() > 0)
            .map(|at| (at, 1))
            .collect();
        let telling = self.place(FRIEND, &basket, Fate::Favour)?;
        let favour = Act::Mistake(Mistake::Favour(self.shop.last_order));
        self.agenda.enter(self.now.later(Span::minutes(5)), favour);
        Some(telling)
    }

    fn favour(&mut self, number: u64) -> Option<Telling> {
        let mut order = self.shop.orders.get(&number)?.clone();
        let amount = order.total.percent(FAVOUR);
        order.total = order.total - amount;
        let mut telling = self.telling();
        let (correlation, tags) = (order.correlation(), order.tags());
        let about =
            |stream, cause| About { stream, correlation: &correlation, cause: Some(cause), tags: &tags };
        let discount = Discount { percent: FAVOUR, amount, reason: "goodwill" };
        let payload = DiscountGranted { discount, total: order.total };
        let granted = telling.event(&By::colleague(JONAS), about(order.stream(), order.cause), &payload);
        let payload = PaymentAmountChanged { amount: order.total };
        order.cause = telling.event(&By::service("payments"), about(order.payment(), granted), &payload);
        order.last = telling.recorded_at();
        self.shop.orders.insert(number, order);
        Some(telling)
    }

    /// What becomes of jonas's account, and who does it. The first time is the mistake, the second puts it right.
    fn tell_of_jonas<F: Fact>(&mut self, colleague: usize, payload: &F) -> Telling {
        let mut telling = self.telling();
        let user = stream("User", STAFF[JONAS].name);
        let about = About { stream: user.clone(), correlation: "limit-jonas", cause: None, tags: &[] };
        let id = telling.event(&By::colleague(colleague), about, payload);
        let scene = self.scene(&telling, id, &user);
        match self.story.chapter(Plot::OwnDiscountLimit) {
            None => self.story.goes_wrong(Plot::OwnDiscountLimit, user, scene),
            Some(chapter) if chapter.corrected.is_none() => {
                self.story.is_corrected(Plot::OwnDiscountLimit, scene);
            }
            Some(_) => {}
        }
        telling
    }
}
