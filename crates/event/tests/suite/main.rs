//! What the vocabulary promises, for values that nobody thought of.

mod decimals;
mod documents;
mod door;
mod events;
mod exclusions;
mod names;
mod questions;
mod times;
