//! A small business for demonstrations: a shop for coffee, with orders, payments, an inventory, customers, people who
//! work there and services that work for them.
//!
//! [`Business`] tells what happens in it, as appends: what happened in the past, at its own times, and then one act
//! after the other. The same seed and the same beginning tell the same story. Most of it is dull, as business is;
//! where something goes wrong stands in [`Story`], and nowhere else.
//!
//! It is pure: no clock, no store, no HTTP, and no randomness but the seed's. Whoever tells the story appends it.

mod acts;
mod agenda;
mod business;
mod chance;
mod goods;
mod money;
mod payload;
mod people;
mod shop;
mod story;
mod story_time;
mod telling;

pub use business::{Business, Moment};
pub use story::{Chapter, Plot, Scene, Story};
