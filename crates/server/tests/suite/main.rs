//! The server from outside: every route with a good answer, a wrong parameter and something that is not there.

mod appending;
mod asking;
mod book;
mod documents;
mod guarding;
mod listening;
mod past;
mod proving;
mod schemathesis;
