//! The vocabulary of Annals.
