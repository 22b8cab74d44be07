//! Customers, and what they order.

use super::{Act, Afterwards};
use crate::business::Business;
use crate::goods::ARTICLES;
use crate::money::Cents;
use crate::payload::{
    Address, AddressChanged, CURRENCY, CustomerRegistered, Movement, NewsletterChosen, OrderPlaced,
    OrderPlacedWithOneLineAddress, OrderedLine, PaymentRequested, StockReserved,
};
use crate::people::{CITIES, FIRST_NAMES, LAST_NAMES, SHIPPING, STREETS};
use crate::shop::{Customer, Fate, Line, Order};
use crate::story_time::{Span, StoryTime};
use crate::telling::{About, By, Telling, customer_id, stream};

/// From this day on addresses have parts in orders, which are of schema version 2 then.
const DAY_OF_PARTS: u64 = 12;

/// What costs less is bought by twos and threes.
const CHEAP: Cents = Cents(20_00);

impl Business {
    pub(super) fn visit(&mut self) -> Option<Telling> {
        let (least, most) = match self.now.hour() {
            0..=6 => (130, 420),
            7..=17 => (30, 130),
            _ => (20, 84),
        };
        let pause = self.chance.span(Span::minutes(least), Span::minutes(most));
        self.agenda.enter(self.now.later(pause), Act::Visit);
        if self.chance.happens(14) {
            return self.register(Afterwards::Shops);
        }
        let customer = self.any_customer()?;
        self.shop_around(customer)
    }

    pub(super) fn register(&mut self, afterwards: Afterwards) -> Option<Telling> {
        let number = self.shop.customers.last_key_value().map_or(1, |(number, _)| number + 1);
        let (first, last) = (self.chance.one_of(&FIRST_NAMES)?, self.chance.one_of(&LAST_NAMES)?);
        let customer = Customer { name: format!("{first} {last}"), address: self.any_address()? };
        let payload = CustomerRegistered {
            name: customer.name.clone(),
            email: format!("{}.{}@example.com", first.to_lowercase(), last.to_lowercase()),
            address: customer.address.clone(),
            newsletter: self.chance.happens(40),
        };
        self.shop.customers.insert(number, customer);
        if afterwards == Afterwards::Shops {
            let pause = self.chance.span(Span::minutes(2), Span::minutes(9));
            self.agenda.enter(self.now.later(pause), Act::Shop(number));
        }
        let mut telling = self.telling();
        self.tell_of_customer(&mut telling, number, "registration", &payload);
        Some(telling)
    }

    pub(super) fn update_customer(&mut self) -> Option<Telling> {
        let pause = self.chance.span(Span::hours(14), Span::hours(30));
        self.agenda.enter(self.now.later(pause), Act::UpdateCustomer);
        let number = self.any_customer()?;
        let mut telling = self.telling();
        if self.chance.happens(60) {
            let address = self.any_address()?;
            self.tell_of_customer(
                &mut telling,
                number,
                "profile",
                &AddressChanged { address: address.clone() },
            );
            self.shop.customers.get_mut(&number)?.address = address;
        } else {
            let newsletter = self.chance.happens(30);
            self.tell_of_customer(&mut telling, number, "profile", &NewsletterChosen { newsletter });
        }
        Some(telling)
    }

    /// A customer fills a basket with what there is, and orders it.
    pub(super) fn shop_around(&mut self, customer: u64) -> Option<Telling> {
        let mut articles: Vec<usize> = (0..ARTICLES.len()).collect();
        self.chance.shuffle(&mut articles);
        articles.truncate(self.chance.between(1, 3) as usize);
        let mut basket = Vec::new();
        for article in articles {
            let cheap = ARTICLES[article].price < CHEAP;
            let wanted = if cheap { self.chance.between(1, 3) } else { 1 } as i64;
            if self.shop.products[article].available() >= wanted {
                basket.push((article, wanted));
            }
        }
        self.place(customer, &basket, Fate::Ordinary)
    }

    /// A customer orders a basket: the order is placed, what is in it reserved, and its payment asked for, all at once.
    pub(super) fn place(&mut self, customer: u64, basket: &[(usize, i64)], fate: Fate) -> Option<Telling> {
        let price = |article: usize| self.shop.products[article].price;
        let line = |&(article, quantity)| Line { article, quantity, price: price(article) };
        let lines: Vec<Line> = basket.iter().map(line).collect();
        let deliver_to = self.shop.customers.get(&customer)?.address.clone();
        if lines.is_empty() {
            return None;
        }
        self.shop.last_order += 1;
        let number = self.shop.last_order;
        let mut telling = self.telling();
        let total = lines.iter().map(Line::value).sum::<Cents>() + SHIPPING;
        let mut order = Order {
            number,
            customer,
            lines,
            total,
            fate,
            attempts: 0,
            cause: annals_event::EventId::from_bytes([0; 16]),
            last: telling.recorded_at(),
        };
        order.cause = self.tell_of_order(&mut telling, &order, deliver_to);
        for line in &order.lines {
            self.reserve(&mut telling, &order, line);
        }
        order.cause = tell_of_request(&mut telling, &order);
        let pause = match fate {
            Fate::Favour => Span::minutes(12),
            _ => self.chance.span(Span::seconds(15), Span::seconds(110)),
        };
        self.agenda.enter(self.now.later(pause), Act::Charge(number));
        self.shop.orders.insert(number, order);
        Some(telling)
    }

    fn tell_of_order(
        &self,
        telling: &mut Telling,
        order: &Order,
        deliver_to: Address,
    ) -> annals_event::EventId {
        let by = By::customer(order.customer);
        let (correlation, tags) = (order.correlation(), order.tags());
        let about = About { stream: order.stream(), correlation: &correlation, cause: None, tags: &tags };
        let placed = OrderPlaced {
            customer: customer_id(order.customer),
            lines: order.lines.iter().map(OrderedLine::from).collect(),
            shipping: SHIPPING,
            total: order.total,
            currency: CURRENCY,
            deliver_to,
            status: "placed",
        };
        if self.now >= StoryTime::on_day(DAY_OF_PARTS, 0, 0) {
            return telling.event(&by, about, &placed);
        }
        let OrderPlaced { customer, lines, shipping, total, currency, deliver_to, status } = placed;
        let deliver_to = deliver_to.on_one_line();
        let earlier: OrderPlacedWithOneLineAddress =
            OrderPlaced { customer, lines, shipping, total, currency, deliver_to, status };
        telling.event(&by, about, &earlier)
    }

    fn reserve(&mut self, telling: &mut Telling, order: &Order, line: &Line) {
        let product = &mut self.shop.products[line.article];
        product.reserved += line.quantity;
        let movement = Movement { quantity: line.quantity, reason: order.stream().to_string() };
        let payload = StockReserved { stock: product.stock(), movement };
        let (correlation, tags) = (order.correlation(), order.tags());
        let stream = stream("Product", line.sku());
        let about = About { stream, correlation: &correlation, cause: Some(order.cause), tags: &tags };
        telling.event(&By::service("inventory"), about, &payload);
        self.order_when_low(line.article);
    }

    fn tell_of_customer<F: crate::payload::Fact>(
        &self,
        telling: &mut Telling,
        number: u64,
        affair: &str,
        payload: &F,
    ) {
        let about = About {
            stream: stream("Customer", &customer_id(number)),
            correlation: &format!("{affair}-{number}-{}", self.now.day()),
            cause: None,
            tags: &[format!("customer:{number}")],
        };
        telling.event(&By::customer(number), about, payload);
    }

    pub(super) fn any_customer(&mut self) -> Option<u64> {
        let last = *self.shop.customers.last_key_value()?.0;
        Some(self.chance.between(1, last))
    }

    fn any_address(&mut self) -> Option<Address> {
        let (postal_code, city) = *self.chance.one_of(&CITIES)?;
        let street = self.chance.one_of(&STREETS)?;
        let street = format!("{street} {}", self.chance.between(1, 89));
        Some(Address { street, postal_code, city })
    }
}

/// Asks for the payment of an order.
fn tell_of_request(telling: &mut Telling, order: &Order) -> annals_event::EventId {
    let (correlation, tags) = (order.correlation(), order.tags());
    let about =
        About { stream: order.payment(), correlation: &correlation, cause: Some(order.cause), tags: &tags };
    let payload = PaymentRequested {
        order: order.id(),
        customer: customer_id(order.customer),
        method: if order.number.is_multiple_of(3) { "direct debit" } else { "card" },
        amount: order.total,
        currency: CURRENCY,
        status: "requested",
    };
    telling.event(&By::service("payments"), about, &payload)
}
