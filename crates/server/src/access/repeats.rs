use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

use tokio::time::Instant;

use super::note::Note;

/// For so long requests that are alike are counted after the first.
const WINDOW: Duration = Duration::from_secs(60);

/// So many kinds of requests are counted at a time; beyond that they are taken for one.
const KEYS_MAX: usize = 1_000;

/// What would let the log grow without end is recorded once, and then counted for a minute: reads of the log of accesses
/// itself, each of which makes an event for the next one to show, and requests of nobody knows whom.
#[derive(Default)]
pub(super) struct Repeats {
    windows: HashMap<Key, Window>,
}

/// What makes requests alike.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    subject: Option<String>,
    route: String,
    from: Option<IpAddr>,
    status: u16,
}

struct Window {
    end: Instant,
    /// The last of the requests after the first one, with how many they are.
    further: Option<Note>,
}

impl Repeats {
    /// The note if it is to be recorded now.
    pub(super) fn first(&mut self, note: Note, now: Instant) -> Option<Note> {
        if !is_endless(&note) {
            return Some(note);
        }
        let mut key = Key::of(&note);
        if self.windows.len() >= KEYS_MAX && !self.windows.contains_key(&key) {
            key = Key { subject: None, route: String::new(), from: None, status: 0 };
        }
        match self.windows.get_mut(&key) {
            Some(window) => {
                let before = window.further.as_ref().map_or(0, |further| further.times);
                window.further = Some(Note { times: before + note.times, ..note });
                None
            }
            None => {
                self.windows.insert(key, Window { end: now + WINDOW, further: None });
                Some(note)
            }
        }
    }

    /// When something is to be recorded next, if there is anything.
    pub(super) fn next_end(&self) -> Option<Instant> {
        self.windows.values().map(|window| window.end).min()
    }

    /// What was counted in windows that are over by `now`.
    pub(super) fn ended(&mut self, now: Instant) -> Vec<Note> {
        let over = self.windows.extract_if(|_, window| window.end <= now);
        over.filter_map(|(_, window)| window.further).collect()
    }

    /// Everything that was counted.
    pub(super) fn all(&mut self) -> Vec<Note> {
        self.windows.drain().filter_map(|(_, window)| window.further).collect()
    }
}

impl Key {
    fn of(note: &Note) -> Self {
        Self {
            subject: note.caller.as_ref().map(|caller| caller.subject().to_string()),
            route: note.route.clone(),
            from: note.from.map(|address| address.ip()),
            status: note.status,
        }
    }
}

fn is_endless(note: &Note) -> bool {
    note.caller.is_none() || note.log.as_deref() == Some(super::LOG)
}

#[cfg(test)]
mod tests {
    use annals::{EventId, Timestamp};
    use annals_auth::Caller;

    use super::*;
    use crate::access::kind::Kind;

    fn note(log: &str, route: &str) -> Note {
        Note {
            id: EventId::v7(Timestamp::UNIX_EPOCH, [0; 8]),
            at: Timestamp::UNIX_EPOCH,
            kind: Kind::Search,
            caller: Some(Caller::admin_on_loopback()),
            from: None,
            forwarded_for: None,
            request_id: "r".to_owned(),
            traceparent: None,
            route: route.to_owned(),
            path: route.to_owned(),
            log: Some(log.to_owned()),
            subject: None,
            filters: Vec::new(),
            status: 200,
            code: None,
            count: None,
            times: 1,
        }
    }

    #[test]
    fn reads_of_another_log_are_each_recorded() {
        let (mut repeats, now) = (Repeats::default(), Instant::now());
        assert!((0..3).all(|_| repeats.first(note("main", "GET /v1/events"), now).is_some()));
        assert!(repeats.next_end().is_none());
    }

    #[test]
    fn reads_of_the_log_of_accesses_make_two_events_a_minute_however_many_they_are() {
        let (mut repeats, now) = (Repeats::default(), Instant::now());
        let recorded = (0..100).filter(|_| repeats.first(note("access", "a"), now).is_some()).count();
        assert_eq!(recorded, 1);
        assert!(repeats.ended(now).is_empty());
        let later = repeats.ended(now + WINDOW);
        assert_eq!(later.iter().map(|note| note.times).collect::<Vec<_>>(), [99]);
        assert!(repeats.first(note("access", "a"), now + WINDOW).is_some(), "a new minute");
    }

    #[test]
    fn who_nobody_knows_cannot_fill_the_memory_either() {
        let (mut repeats, now) = (Repeats::default(), Instant::now());
        let unknown = |route: usize| Note { caller: None, ..note("main", &route.to_string()) };
        let recorded = (0..5_000).filter(|route| repeats.first(unknown(*route), now).is_some()).count();
        assert_eq!(recorded, KEYS_MAX + 1);
        assert_eq!(repeats.all().iter().map(|note| note.times).sum::<u64>(), 5_000 - recorded as u64);
    }
}
