//! The functions that stand in the place of the C library's, under its names.
//!
//! Each holds the disk while it works, so that what the process does and what the disk knows are in one order.

mod contents;
mod ends;
mod names;
