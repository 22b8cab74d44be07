//! Who works in the shop, and what customers are called.

use crate::money::Cents;

/// Somebody who works in the shop; the name is the actor's.
pub(crate) struct Colleague {
    pub(crate) name: &'static str,
    pub(crate) team: &'static str,
    /// Up to how many percent of discount she may grant.
    pub(crate) discount_limit: i64,
}

const fn colleague(name: &'static str, team: &'static str, discount_limit: i64) -> Colleague {
    Colleague { name, team, discount_limit }
}

/// Places in [`STAFF`].
pub(crate) const MARIA: usize = 0;
pub(crate) const JONAS: usize = 1;
pub(crate) const LENA: usize = 2;
pub(crate) const SOFIA: usize = 3;
pub(crate) const PAVEL: usize = 4;
pub(crate) const TOM: usize = 5;

/// The people.
pub(crate) const STAFF: [Colleague; 6] = [
    colleague("maria", "management", 50),
    colleague("jonas", "support", 10),
    colleague("lena", "support", 10),
    colleague("sofia", "warehouse", 0),
    colleague("pavel", "warehouse", 0),
    colleague("tom", "catalogue", 20),
];

/// How many customers there are when the story begins.
pub(crate) const CUSTOMERS_AT_FIRST: u64 = 24;

/// The customer to whom one of the staff is too kind.
pub(crate) const FRIEND: u64 = 17;

/// The customer to whom too much is refunded.
pub(crate) const OVERPAID: u64 = 8;

/// A customer who gets a parcel while the carrier's depot is offline.
pub(crate) const OFFLINE: u64 = 13;

/// The customers who happen to be awake when a price is wrong.
pub(crate) const AWAKE: [u64; 2] = [5, 21];

pub(crate) const FIRST_NAMES: [&str; 20] = [
    "Amara", "Ben", "Chiara", "Dev", "Elif", "Finn", "Greta", "Hugo", "Ines", "Jamal", "Karin", "Luca",
    "Mina", "Noor", "Oskar", "Priya", "Rosa", "Samir", "Tilda", "Yuki",
];

pub(crate) const LAST_NAMES: [&str; 20] = [
    "Adler",
    "Bianchi",
    "Costa",
    "Dubois",
    "Eriksen",
    "Fischer",
    "Garcia",
    "Hansen",
    "Ito",
    "Jansen",
    "Kaya",
    "Lindqvist",
    "Moreau",
    "Novak",
    "Okafor",
    "Petrov",
    "Rossi",
    "Silva",
    "Tanaka",
    "Weber",
];

pub(crate) const STREETS: [&str; 8] = [
    "Ahornweg",
    "Bahnhofstraße",
    "Canal Street",
    "Gartenweg",
    "Lindenallee",
    "Market Square",
    "Rue du Moulin",
    "Via Roma",
];

pub(crate) const CITIES: [(&str, &str); 6] = [
    ("10115", "Berlin"),
    ("20095", "Hamburg"),
    ("1012", "Amsterdam"),
    ("8001", "Zürich"),
    ("1010", "Wien"),
    ("75004", "Paris"),
];

/// What a parcel costs, however large it is.
pub(crate) const SHIPPING: Cents = Cents(4_90);
