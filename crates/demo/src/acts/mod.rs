//! What happens: each act is one method, which tells it and enters into the agenda what follows from it.

mod delivering;
mod mistakes;
mod opening;
mod paying;
mod returning;
mod selling;
mod staff;
mod stocking;

use crate::business::Business;
use crate::shop::Line;
use crate::story_time::Span;
use crate::telling::Telling;

/// Something that will happen.
#[derive(Debug)]
pub(crate) enum Act {
    /// A product is listed, and its first stock arrives.
    List(usize),
    /// Somebody begins to work in the shop.
    Hire(usize),
    /// Somebody becomes a customer, and perhaps orders something.
    Register(Afterwards),
    /// Somebody comes to the shop, and somebody else later.
    Visit,
    /// A customer orders what she likes.
    Shop(u64),
    /// A customer moves, or thinks about the newsletter anew.
    UpdateCustomer,
    /// An order is to be paid.
    Charge(u64),
    /// Nobody paid for an order.
    Cancel(u64),
    /// Somebody packs an order.
    Pack(u64),
    /// The carrier fetches the parcels of the day.
    Collect,
    /// A parcel arrives; its carrier says so as much later.
    Deliver(u64, Span),
    /// A part of an order comes back.
    Return(u64),
    /// What came back is refunded.
    Refund(u64, Vec<Line>),
    /// Goods arrive.
    Restock(usize),
    /// Somebody counts a shelf, and finds what should be there.
    Count,
    /// A price changes.
    Reprice,
    /// Somebody comes to work.
    SignIn(usize),
    /// Somebody goes home.
    SignOut(usize),
    /// Somebody of support looks at a customer's record.
    ViewRecord,
    /// What the story has in mind.
    Mistake(mistakes::Mistake),
}

/// What a new customer does after she registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Afterwards {
    Leaves,
    Shops,
}

impl Business {
    /// Does what is on the agenda; `None` when there is nothing to tell of it.
    pub(crate) fn perform(&mut self, act: Act) -> Option<Telling> {
        match act {
            Act::List(article) => Some(self.list(article)),
            Act::Hire(place) => Some(self.hire(place)),
            Act::Register(afterwards) => self.register(afterwards),
            Act::Visit => self.visit(),
            Act::Shop(customer) => self.shop_around(customer),
            Act::UpdateCustomer => self.update_customer(),
            Act::Charge(order) => self.charge(order),
            Act::Cancel(order) => self.cancel(order),
            Act::Pack(order) => self.pack(order),
            Act::Collect => self.collect(),
            Act::Deliver(order, late) => self.deliver(order, late),
            Act::Return(order) => self.take_back(order),
            Act::Refund(order, lines) => self.refund(order, &lines),
            Act::Restock(article) => Some(self.restock(article)),
            Act::Count => self.count(),
            Act::Reprice => self.reprice(),
            Act::SignIn(place) => self.sign_in(place),
            Act::SignOut(place) => self.sign_out(place),
            Act::ViewRecord => self.view_record(),
            Act::Mistake(mistake) => self.make(mistake),
        }
    }
}
