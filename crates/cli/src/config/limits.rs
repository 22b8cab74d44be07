use annals::Limits;

use super::concern::concern;

concern! {
    /// What an event may hold at the most; what is larger is refused.
    LimitsConfig is "limits" {
        /// Bytes of a payload; metadata has the same limit.
        payload_bytes: usize = Limits::default().payload_bytes_max;
        /// Bytes of a name, such as an event type or an actor.
        name_bytes: usize = Limits::default().name_bytes_max;
        /// Tags of one event.
        tags: usize = Limits::default().tags_max;
    }
}

impl LimitsConfig {
    /// The limits as a store takes them.
    pub(crate) fn limits(&self) -> Limits {
        Limits { payload_bytes_max: self.payload_bytes, name_bytes_max: self.name_bytes, tags_max: self.tags }
    }
}
