//! What people do who work in the shop, as the programs they use tell it.

use super::Act;
use crate::business::Business;
use crate::payload::{Fact, RecordViewed, SignedIn, SignedOut, ViewedRecord};
use crate::people::{JONAS, LENA, MARIA, STAFF};
use crate::story_time::{Span, StoryTime};
use crate::telling::{About, By, Telling, customer_id, stream};

const REASONS: [&str; 3] = ["question about an order", "address unclear", "invoice asked for"];

impl Business {
    pub(super) fn sign_in(&mut self, place: usize) -> Option<Telling> {
        let tomorrow = StoryTime::on_day(self.now.day() + 1, 7, 20);
        let when = tomorrow.later(self.chance.span(Span::minutes(0), Span::minutes(100)));
        self.agenda.enter(when, Act::SignIn(place));
        let evening = StoryTime::on_day(self.now.day(), 16, 0);
        let leaves = evening.later(self.chance.span(Span::minutes(0), Span::minutes(150)));
        if self.is_away(place) {
            return None;
        }
        self.agenda.enter(leaves, Act::SignOut(place));
        let device = if place == MARIA { "laptop" } else { "desk" };
        Some(self.tell_of_user(place, "shift", &SignedIn { signed_in: true, device }))
    }

    pub(super) fn sign_out(&mut self, place: usize) -> Option<Telling> {
        (!self.is_away(place)).then(|| self.tell_of_user(place, "shift", &SignedOut { signed_in: false }))
    }

    pub(super) fn view_record(&mut self) -> Option<Telling> {
        let pause = self.chance.span(Span::hours(3), Span::hours(9));
        let next = self.now.later(pause);
        let next = if (8..17).contains(&next.hour()) { next } else { next.next_at(9, 25).later(pause) };
        self.agenda.enter(next, Act::ViewRecord);
        let place = if self.chance.happens(50) && !self.is_away(JONAS) { JONAS } else { LENA };
        let customer = self.any_customer()?;
        let reason = *self.chance.one_of(&REASONS)?;
        let last_viewed = ViewedRecord { customer: customer_id(customer), reason };
        Some(self.tell_of_user(place, "support", &RecordViewed { last_viewed }))
    }

    fn is_away(&self, place: usize) -> bool {
        place == JONAS && self.shop.jonas_is_suspended
    }

    fn tell_of_user<F: Fact>(&mut self, place: usize, affair: &str, payload: &F) -> Telling {
        let name = STAFF[place].name;
        let mut telling = self.telling();
        let correlation = format!("{affair}-{name}-{}", self.now.day());
        let about = About { stream: stream("User", name), correlation: &correlation, cause: None, tags: &[] };
        telling.event(&By::colleague(place), about, payload);
        telling
    }
}
