//! The story, told into a log in memory and gone over by somebody who only reads what it holds.

mod books;
mod folding;
mod mistakes;
mod telling;
mod told;
