use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;

use annals_event::{NewEvent, RecordedEvent};
use annals_store::{Append, Appended};
use annals_tlog::SignedCheckpoint;
use sha2::{Digest, Sha256};

use crate::{Failure, Place};

/// Writes down what was promised: one line each, ended by `.`, in one write, so that a line is whole or does not
/// count.
pub(crate) struct Witness {
    file: File,
    place: Place,
}

impl Witness {
    pub(crate) fn open(place: &Place) -> Result<Self, Failure> {
        let path = place.witness();
        let file = File::options().create(true).append(true).open(&path).map_err(Failure::file(&path))?;
        let witness = Self { file, place: place.clone() };
        // A line that the process before could not end must not become part of another.
        witness.write("\n")?;
        Ok(witness)
    }

    /// An append was acknowledged.
    pub(crate) fn acknowledged(&self, append: &Append, appended: &Appended) -> Result<(), Failure> {
        let mut lines = String::new();
        for (event, placed) in append.events.iter().zip(&appended.events) {
            let (position, id, version) = (placed.position, placed.event_id, placed.version);
            lines.push_str(&format!("event {position} {id} {version} {} .\n", hash_of_new(event)));
        }
        for advance in &append.cursors {
            lines.push_str(&format!("cursor {} {} .\n", advance.name, advance.to.0));
        }
        self.write(&lines)
    }

    /// A signed note left the process.
    pub(crate) fn signed(&self, note: &SignedCheckpoint) -> Result<(), Failure> {
        self.write(&format!("note {} .\n", note.to_string().replace('\n', "|")))
    }

    /// A request was not answered with what it asked for.
    pub(crate) fn refused(&self, reason: &str) -> Result<(), Failure> {
        self.write(&format!("refused {} .\n", reason.replace('\n', "|")))
    }

    fn write(&self, lines: &str) -> Result<(), Failure> {
        (&self.file).write_all(lines.as_bytes()).map_err(Failure::file(&self.place.witness()))
    }
}

/// An event that was acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Promised {
    pub(crate) id: String,
    pub(crate) version: u64,
    pub(crate) hash: String,
}

/// What was promised so far.
#[derive(Default)]
pub(crate) struct Testimony {
    /// By position.
    pub(crate) events: BTreeMap<u64, Promised>,
    /// The last promised place of each cursor.
    pub(crate) cursors: BTreeMap<String, u64>,
    /// Every note that left.
    pub(crate) notes: Vec<SignedCheckpoint>,
    /// What was answered instead of a promise.
    pub(crate) refusals: Vec<String>,
}

impl Testimony {
    pub(crate) fn read(place: &Place) -> Result<Self, Failure> {
        let text = fs::read_to_string(place.witness()).unwrap_or_default();
        let mut testimony = Self::default();
        for line in text.lines().filter_map(|line| line.strip_suffix(" .")) {
            if testimony.take(line).is_none() {
                return Err(Failure::Broken(format!("the witness says {line:?}, which contradicts itself")));
            }
        }
        Ok(testimony)
    }

    /// Takes one line; `None` if it is none, or says what cannot be beside the others.
    fn take(&mut self, line: &str) -> Option<()> {
        let (kind, rest) = line.split_once(' ')?;
        match kind {
            "event" => {
                let mut words = rest.split(' ');
                let position = words.next()?.parse().ok()?;
                let (id, version) = (words.next()?.to_owned(), words.next()?.parse().ok()?);
                let promised = Promised { id, version, hash: words.next()?.to_owned() };
                // A repeat promises the same again.
                let before = self.events.insert(position, promised.clone());
                before.is_none_or(|before| before == promised).then_some(())
            }
            "cursor" => {
                let (name, place) = rest.split_once(' ')?;
                self.cursors.insert(name.to_owned(), place.parse().ok()?);
                Some(())
            }
            "note" => {
                self.notes.push(SignedCheckpoint::parse(rest.replace('|', "\n").as_bytes()).ok()?);
                Some(())
            }
            "refused" => {
                self.refusals.push(rest.to_owned());
                Some(())
            }
            _ => None,
        }
    }
}

fn hash_of_new(event: &NewEvent) -> String {
    hash(&[
        event.event_type.as_str(),
        &event.stream.to_string(),
        event.payload.as_str(),
        event.metadata.as_str(),
        &event.tags.to_string(),
    ])
}

/// The hash of what the producer sent, as far as it is left.
pub(crate) fn hash_of(event: &RecordedEvent) -> String {
    hash(&[
        event.event_type.as_str(),
        &event.stream().map(|stream| stream.to_string()).unwrap_or_default(),
        event.payload.value().map_or("", |payload| payload.as_str()),
        event.metadata.value().map_or("", |metadata| metadata.as_str()),
        &event.tags.value().map(|tags| tags.to_string()).unwrap_or_default(),
    ])
}

fn hash(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hasher.finalize().iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}
