//! What queries and erasure mean, apart from any store.

mod containment;
mod erasure;
mod newest;
mod predicates;
