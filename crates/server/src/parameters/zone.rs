use jiff::tz::TimeZone;

use crate::problem::RequestError;
use crate::state::App;

/// The time zone that is meant; the server's own when none is named.
///
/// # Errors
/// [`RequestError::InvalidParameter`] when no zone has the name.
pub(crate) fn zone(name: Option<&str>, app: &App) -> Result<TimeZone, RequestError> {
    let Some(name) = name else { return Ok(app.options.zone.clone()) };
    TimeZone::get(name).map_err(|_| {
        RequestError::parameter("tz", format!("is {name:?}; give an IANA name, as in Europe/Berlin"))
    })
}
