use annals_event::NewEvent;

use crate::refusal::Refusal;

/// A check at the door, such as a JSON Schema per event type: what it refuses becomes a dead letter.
pub trait Validate: Send + Sync {
    /// Checks an event as it would be appended.
    ///
    /// # Errors
    /// [`Refusal::Check`] with the check's code and what is wrong.
    fn check(&self, event: &NewEvent) -> Result<(), Refusal>;
}
