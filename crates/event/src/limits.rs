/// What an event may hold at the most; checked at the door of every store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Payload, in bytes; metadata and context have the same limit.
    pub payload_bytes_max: usize,
    /// Every name, in bytes.
    pub name_bytes_max: usize,
    /// Tags of one event.
    pub tags_max: usize,
}

impl Default for Limits {
    /// Payload 1 MiB, names 255 bytes, 32 tags.
    fn default() -> Self {
        Self { payload_bytes_max: 1 << 20, name_bytes_max: 255, tags_max: 32 }
    }
}
