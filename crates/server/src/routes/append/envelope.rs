//! The body of an append that is one JSON document.

use annals::{Append, CursorAdvance, CursorName, CursorValue, InvalidEvent, NewEvent};
use annals_wire::Reference;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::precondition::{ConditionBody, ExpectedBody};
use super::receiving::Receiving;
use crate::problem::RequestError;

/// So many appends a request may have, each for itself.
const APPENDS_MAX: usize = 10_000;

/// What is to be appended.
pub(super) enum Appends {
    /// One append.
    One(Append),
    /// Appends that have each its own verdict.
    Each(Vec<Append>),
}

/// Which form a body has: that of one event, if it has none of these members.
#[derive(Deserialize)]
struct Shape<'a> {
    #[serde(borrow)]
    events: Option<&'a RawValue>,
    #[serde(borrow)]
    appends: Option<&'a RawValue>,
}

/// Appends, each for itself.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeveralBody<'a> {
    #[serde(borrow)]
    appends: Vec<AppendBody<'a>>,
}

/// One append. Events are left as they stand: their payloads are never taken apart.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct AppendBody<'a> {
    #[serde(borrow)]
    events: Vec<&'a RawValue>,
    expected_version: Option<ExpectedBody>,
    condition: Option<ConditionBody>,
    #[serde(default)]
    cursors: Vec<CursorBody>,
}

/// The move of a cursor.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CursorBody {
    name: String,
    #[serde(default)]
    from: Option<String>,
    to: String,
}

impl Appends {
    /// Reads a body.
    ///
    /// # Errors
    /// [`RequestError`] that says what is wrong, and where.
    pub(super) fn read(
        text: &str,
        receiving: &mut Receiving,
        reference: &Reference,
    ) -> Result<Self, RequestError> {
        // The usual body is read at one go. Any other is found out at its first member, and what is wrong with it is said below.
        if let Ok(append) = serde_json::from_str::<AppendBody<'_>>(text) {
            return append.receive(receiving, reference).map(Self::One);
        }
        let shape: Shape<'_> = parse(text)?;
        if shape.appends.is_some() {
            let SeveralBody { appends } = parse(text)?;
            if appends.len() > APPENDS_MAX {
                let what = format!("appends has {} members, at most {APPENDS_MAX} are taken", appends.len());
                return Err(RequestError::Body { what });
            }
            let appends = appends.into_iter().map(|append| append.receive(receiving, reference));
            return Ok(Self::Each(appends.collect::<Result<_, _>>()?));
        }
        if shape.events.is_some() {
            return parse::<AppendBody<'_>>(text)?.receive(receiving, reference).map(Self::One);
        }
        Ok(Self::One(Append::event(receiving.event(text)?)))
    }
}

impl AppendBody<'_> {
    fn receive(self, receiving: &mut Receiving, reference: &Reference) -> Result<Append, RequestError> {
        let events: Vec<NewEvent> =
            self.events.into_iter().map(|event| receiving.event(event.get())).collect::<Result<_, _>>()?;
        Ok(Append {
            expected: self
                .expected_version
                .map(|expected| expected.of(&events))
                .transpose()?
                .unwrap_or_default(),
            condition: self.condition.map(|condition| condition.read(reference)).transpose()?,
            cursors: self.cursors.into_iter().map(CursorBody::read).collect::<Result<_, _>>()?,
            events,
            ..Append::default()
        })
    }
}

impl CursorBody {
    fn read(self) -> Result<CursorAdvance, RequestError> {
        let name = CursorName::new(self.name)
            .map_err(|error: InvalidEvent| RequestError::Body { what: format!("cursors: {error}") })?;
        let value = |text: String| CursorValue(text.into());
        Ok(CursorAdvance { name, from: self.from.map(value), to: value(self.to) })
    }
}

/// Reads a body as JSON.
fn parse<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, RequestError> {
    serde_json::from_str(text)
        .map_err(|error| RequestError::Body { what: format!("the body cannot be read: {error}") })
}
