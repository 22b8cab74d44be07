//! What the shop sells.

use crate::money::Cents;

/// A product as the catalogue knows it.
pub(crate) struct Article {
    /// Its aggregate's id.
    pub(crate) sku: &'static str,
    pub(crate) name: &'static str,
    pub(crate) price: Cents,
    /// How many are in stock when the shop opens, and again when it was restocked.
    pub(crate) stock: i64,
}

const fn article(sku: &'static str, name: &'static str, cents: i64, stock: i64) -> Article {
    Article { sku, name, price: Cents(cents), stock }
}

/// The product that is sold too cheaply for a night.
pub(crate) const GRINDER: usize = 0;

/// The product that is counted wrongly.
pub(crate) const FILTERS: usize = 4;

/// What arrives unnoticed.
pub(crate) const DECAF: usize = 9;

/// What is returned and refunded twice.
pub(crate) const PRESS: usize = 10;

/// What is bought with it.
pub(crate) const HOUSE_BLEND: usize = 7;

/// The catalogue.
pub(crate) const ARTICLES: [Article; 12] = [
    article("grinder", "Hand grinder", 89_00, 40),
    article("kettle", "Gooseneck kettle", 74_50, 30),
    article("scale", "Brewing scale", 39_90, 40),
    article("dripper", "Ceramic dripper", 24_00, 50),
    article("filters", "Paper filters, 100", 6_80, 480),
    article("cups", "Two espresso cups", 18_50, 60),
    article("carafe", "Glass carafe, 600 ml", 27_00, 40),
    article("house-blend", "House blend, 500 g", 13_90, 120),
    article("sidamo", "Sidamo, 250 g", 11_50, 90),
    article("decaf", "Decaf, 250 g", 10_90, 60),
    article("press", "French press", 32_00, 40),
    article("descaler", "Descaling powder", 7_40, 70),
];
