use annals::history::EventRef;
use annals_wire::ERASED;

use crate::output::Console;

/// Where an event stands and who it is from, in words for people.
pub(crate) trait EventPlace {
    /// When it happened, what it was and who did it.
    fn in_words(&self, console: &Console) -> String;
    /// Who did it.
    fn actor(&self) -> &str;
}

impl EventPlace for EventRef {
    fn in_words(&self, console: &Console) -> String {
        let Self { version, event_type, timestamp, .. } = self;
        format!("version {version}, {event_type} at {} by {}", console.time(*timestamp), self.actor())
    }

    fn actor(&self) -> &str {
        self.actor_id.as_ref().map_or(ERASED, |actor| actor.as_str())
    }
}
