use std::fmt;

use uuid::Uuid;

use crate::{InvalidEvent, Timestamp};

/// An event's identity, unique in its log: any UUID; it makes retries safe.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(Uuid);

/// The namespace of ids that Annals derives: the UUIDv5 of the DNS name `annals.events`.
const DERIVED: Uuid = Uuid::from_u128(0x4027_396c_b2b1_5571_8eac_e2b0_1de8_ce0e);

impl EventId {
    /// Takes a UUID's 16 bytes, of any version.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }

    /// The UUID's 16 bytes, in network order: their order is the order of [`EventId`]s.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }

    /// A UUIDv7 (RFC 9562 section 5.7, sub-millisecond time in `rand_a` by method 3 of section 6.2).
    #[must_use]
    pub fn v7(time: Timestamp, random: [u8; 8]) -> Self {
        let micros = u64::try_from(time.as_micros()).unwrap_or(0);
        let millis = u128::from(micros / 1_000) & 0xffff_ffff_ffff;
        let fraction = u128::from(micros % 1_000) * 4_096 / 1_000;
        let random = u128::from(u64::from_be_bytes(random)) >> 2;
        Self(Uuid::from_u128(millis << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | random))
    }

    /// The least id greater than this one that is still a UUIDv7 of its time, if there is one.
    #[must_use]
    pub fn successor(self) -> Option<Self> {
        let next = Self(Uuid::from_u128(self.0.as_u128().checked_add(1)?));
        (next.0.get_variant() == uuid::Variant::RFC4122).then_some(next)
    }

    /// The UUIDv5 of a source and an id or place in it, for records whose ids are not UUIDs.
    ///
    /// The parts are joined with their lengths, so that no two lists of parts meet.
    #[must_use]
    pub fn derived(parts: &[&[u8]]) -> Self {
        let mut name = Vec::with_capacity(parts.iter().map(|part| part.len() + 8).sum());
        for part in parts {
            name.extend_from_slice(&(part.len() as u64).to_be_bytes());
            name.extend_from_slice(part);
        }
        Self(Uuid::new_v5(&DERIVED, &name))
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0.hyphenated().encode_lower(&mut Uuid::encode_buffer()))
    }
}

impl fmt::Debug for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::str::FromStr for EventId {
    type Err = InvalidEvent;
    fn from_str(value: &str) -> Result<Self, InvalidEvent> {
        Uuid::try_parse(value).map(Self).map_err(|_| InvalidEvent::EventId(value.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_v7_id_holds_its_milliseconds_its_version_and_its_variant() {
        let time: Timestamp = "2026-11-20T10:30:00.250999Z".parse().unwrap();
        let id = EventId::v7(time, [0xff; 8]);
        assert_eq!(id.0.get_version_num(), 7);
        assert_eq!(id.0.get_variant(), uuid::Variant::RFC4122);
        let (seconds, nanos) = id.0.get_timestamp().unwrap().to_unix();
        assert_eq!((seconds * 1_000 + u64::from(nanos) / 1_000_000) as i64, time.as_micros() / 1_000);
    }

    #[test]
    fn later_ids_are_greater() {
        let at = |micros| EventId::v7(Timestamp::from_micros(micros).unwrap(), [7; 8]);
        assert!(at(1_700_000_000_000_001) > at(1_700_000_000_000_000));
        assert!(at(1_700_000_000_000_000).successor() > Some(at(1_700_000_000_000_000)));
    }

    #[test]
    fn derived_ids_do_not_meet_when_parts_are_cut_elsewhere() {
        assert_ne!(EventId::derived(&[b"ab", b"c"]), EventId::derived(&[b"a", b"bc"]));
        assert_eq!(EventId::derived(&[b"ab"]), EventId::derived(&[b"ab"]));
    }
}
