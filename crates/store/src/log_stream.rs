//! The stream in which a log speaks about itself.

use annals_event::{InvalidEvent, StreamName};
use annals_tlog::Origin;

/// The aggregate type of what a log says about itself.
const AGGREGATE_TYPE: &str = "AnnalsLog";

/// Names the stream in which a log speaks about itself: `AnnalsLog/<origin>`.
///
/// It bears the origin, so that events which were carried over from another log stay what they are, facts
/// about that log. In the stream of its own log only Annals itself records
/// ([`Authority::Log`](crate::Authority::Log)).
///
/// # Errors
/// [`InvalidEvent`] if the origin cannot be an aggregate's id.
pub fn log_stream(origin: &Origin) -> Result<StreamName, InvalidEvent> {
    StreamName::new(AGGREGATE_TYPE, origin.as_str())
}
