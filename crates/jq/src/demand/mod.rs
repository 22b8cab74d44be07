//! Which parts of an event a folding program looks at, so that nothing is made of the others.
//!
//! Making the interpreter's values of an event takes longer than most reducers do with them. What a program may see
//! follows from its syntax ([`Demand::of`]): a path by names demands what it leads to, and everything else that a value
//! of the event goes into (a call, an operator, an output) demands the value as a whole. Where this cannot be followed,
//! everything is demanded. What is not demanded cannot change an output or an error.

mod scope;
mod syntax;

use std::collections::BTreeMap;

use hifijson::token::{Expect, Lex};
use hifijson::{Error, Read as _, SliceLexer};
use jaq_json::{Map, Val};

use crate::json_in::{parse, parse_members_into};

/// What is demanded of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Demand {
    /// All of it.
    Everything,
    /// If it is an object: that it is one, and these of its members. All of anything else.
    Members(BTreeMap<String, Demand>),
}

impl Demand {
    fn nothing() -> Self {
        Self::Members(BTreeMap::new())
    }

    /// The demand on what `path` leads to, which is something at least: whether it can be gone.
    fn at(&mut self, path: &[String]) -> &mut Self {
        let mut demand = self;
        for name in path {
            match demand {
                Self::Everything => return demand,
                Self::Members(members) => {
                    demand = members.entry(name.clone()).or_insert_with(Self::nothing);
                }
            }
        }
        demand
    }

    /// Reads the value that begins with `next`, less what is not demanded.
    pub(crate) fn read(&self, next: u8, lexer: &mut SliceLexer<'_>) -> Result<Val, Error> {
        let (Self::Members(demanded), b'{') = (self, next) else { return parse(next, lexer) };
        let mut members = Map::default();
        parse_members_into(lexer, |name, next, lexer| {
            match demanded.get(&*name) {
                Some(demand) => {
                    let name = Val::utf8_str(name.into_owned().into_bytes());
                    members.insert(name, demand.read(next, lexer)?);
                }
                None => hifijson::ignore::parse(next, lexer)?,
            }
            Ok(())
        })?;
        Ok(Val::obj(members))
    }
}

/// Reads `{"state": …, "events": […]}`, in this order: `take` gets the state with each event, less what is not
/// demanded of it, and gives the next state.
pub(crate) fn read_events<E>(
    text: &[u8],
    demand: &Demand,
    mut take: impl FnMut(Val, Val) -> Result<Val, E>,
) -> Result<Val, Stop<E>> {
    let mut lexer = SliceLexer::new(text);
    lexer.exactly_one(Lex::ws_peek, |_, lexer| {
        let mut state = Val::Null;
        lexer.discarded().seq(b'}', Lex::ws_peek, |_, lexer| {
            lexer.take_next();
            let is_state = lexer.strip_prefix(b"state\"");
            if !is_state && !lexer.strip_prefix(b"events\"") {
                return Err(Expect::String.into());
            }
            lexer.expect(Lex::ws_peek, b':').ok_or(Expect::Colon)?;
            let next = lexer.ws_peek().ok_or(Expect::Value)?;
            if is_state {
                state = parse(next, lexer)?;
                return Ok(());
            }
            lexer.discarded().seq(b']', Lex::ws_peek, |next, lexer| {
                let event = demand.read(next, lexer)?;
                let before = std::mem::take(&mut state);
                state = take(before, event).map_err(Stop::Taken)?;
                Ok::<_, Stop<E>>(())
            })
        })?;
        Ok(state)
    })
}

/// Why reading events ended early.
pub(crate) enum Stop<E> {
    /// The text is not what it must be.
    NotEvents(Error),
    /// An event was not taken.
    Taken(E),
}

impl<E> From<Error> for Stop<E> {
    fn from(error: Error) -> Self {
        Self::NotEvents(error)
    }
}

impl<E> From<Expect> for Stop<E> {
    fn from(expected: Expect) -> Self {
        Self::NotEvents(expected.into())
    }
}

#[cfg(test)]
mod tests;
