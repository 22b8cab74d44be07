//! The server from outside: every route with a good answer, a wrong parameter and something that is not there.

mod appending;
mod asking;
mod book;
mod dead_letters;
mod documents;
mod encrypting;
mod exporting;
mod feeding;
mod guarding;
mod limiting;
mod listening;
mod measuring;
mod own_events;
mod pages;
mod past;
mod people;
mod proving;
mod recording;
mod roles;
mod schemathesis;
mod sessions;
mod signing_in;
