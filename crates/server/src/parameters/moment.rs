use annals::StreamVersion;
use annals::history::{Moment, Span};
use annals_wire::{End, Reference, TimeKind};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::problem::RequestError;

/// At which moment a state is asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct MomentParameters {
    /// What had happened by this time: RFC 3339, a date (its last moment), or an age such as 24h; now, when it is not given
    #[param(example = "2026-11-20T10:30:00Z")]
    at: Option<String>,
    /// Behind the event of this version; 0 is before the first one
    version: Option<u64>,
    /// Go by when events were recorded, rather than by when they happened: what was known at a time
    recorded: bool,
}

/// Between which moments something is asked.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct SpanParameters {
    /// From this moment on: a version, a time, or now
    #[param(example = "3")]
    from: Option<String>,
    /// Up to this moment
    #[param(example = "now")]
    to: Option<String>,
    /// Go by when events were recorded, rather than by when they happened
    recorded: bool,
}

impl MomentParameters {
    /// # Errors
    /// [`RequestError::InvalidParameter`].
    pub(crate) fn moment(&self, reference: &Reference) -> Result<Moment, RequestError> {
        match (self.version, self.at.as_deref()) {
            (Some(_), Some(_)) => {
                Err(RequestError::parameter("version", "stands beside at; give one or the other"))
            }
            (Some(version), None) => Ok(Moment::Version(StreamVersion(version))),
            (None, None | Some("now")) => Ok(Moment::Now),
            (None, Some(text)) => match reference.moment(text, End::Last) {
                Ok(time) => Ok(kind(self.recorded).moment(time)),
                Err(what) => Err(RequestError::parameter("at", format!("cannot be read: {what}"))),
            },
        }
    }
}

impl SpanParameters {
    /// The part of a history that is meant; open where nothing is given.
    ///
    /// # Errors
    /// [`RequestError::InvalidParameter`].
    pub(crate) fn span(&self, reference: &Reference) -> Result<Span, RequestError> {
        Ok(Span {
            from: self.bound("from", self.from.as_deref(), End::First, reference)?,
            to: self.bound("to", self.to.as_deref(), End::Last, reference)?,
        })
    }

    /// Two moments to compare; the first is before the first event, the second is now, when they are not given.
    ///
    /// # Errors
    /// [`RequestError::InvalidParameter`].
    pub(crate) fn both(&self, reference: &Reference) -> Result<[Moment; 2], RequestError> {
        let from = self.bound("from", self.from.as_deref(), End::Last, reference)?;
        let to = self.bound("to", self.to.as_deref(), End::Last, reference)?;
        Ok([from.unwrap_or(Moment::Version(StreamVersion(0))), to.unwrap_or(Moment::Now)])
    }

    fn bound(
        &self,
        name: &'static str,
        text: Option<&str>,
        end: End,
        reference: &Reference,
    ) -> Result<Option<Moment>, RequestError> {
        let read = |text| {
            reference
                .moment_of_history(text, end, kind(self.recorded))
                .map_err(|what| RequestError::parameter(name, format!("cannot be read: {what}")))
        };
        text.map(read).transpose()
    }
}

fn kind(recorded: bool) -> TimeKind {
    if recorded { TimeKind::Recorded } else { TimeKind::Happened }
}
