//! What a request asks: parameters in the path and behind it, and bodies. What is not known is refused by its name.

mod body;
mod event_filter;
mod media_type;
mod moment;
mod order;
mod page;
mod path;
mod path_parameters;
mod question;
mod zone;

pub(crate) use body::read_body;
pub(crate) use event_filter::EventFilter;
pub(crate) use media_type::MediaType;
pub(crate) use moment::{MomentParameters, SpanParameters};
pub(crate) use order::Order;
pub(crate) use page::{PageParameters, RawParameter, limit};
pub(crate) use path::{EventRef, InLog, OfEvent, OfStream};
pub(crate) use path_parameters::PathParameters;
pub(crate) use question::{Asked, Nothing};
pub(crate) use zone::zone;
