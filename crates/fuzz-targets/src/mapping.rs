//! From a record to an event: every preset, and the events that jq programs return.

use std::io::Cursor;

use annals_connect::{Decoded, Format, MappedEvent, Preset, Record, RecordReader, fuzzing};
use annals_event::JsonObject;

use crate::choices::Choices;

pub(crate) fn check(input: &[u8]) {
    let mut choices = Choices::new(input);
    let preset = *choices.one_of(&Preset::ALL);
    let format = if choices.coin() { Format::Csv } else { Format::Jsonl };
    assert_eq!(preset.name().parse::<Preset>().ok(), Some(preset));
    let mut reader = RecordReader::new(Cursor::new(choices.rest()), format);
    while let Ok(Some(decoded)) = reader.next_decoded() {
        let Decoded::Record(record) = decoded else { continue };
        match preset.map(&record) {
            Ok(event) => check_event(&event),
            Err(refusal) => assert!(!refusal.to_string().is_empty() && !refusal.code().is_empty()),
        }
        check_outputs(&record);
    }
}

/// A record as what a jq program might return for it.
fn check_outputs(record: &Record) {
    if serde_json::from_str::<serde::de::IgnoredAny>(record.as_json()).is_err() {
        return;
    }
    match fuzzing::events_of_outputs(record, &[record.as_json().to_owned()]) {
        Ok(events) => events.iter().for_each(check_event),
        Err(refusal) => assert!(!refusal.to_string().is_empty()),
    }
}

/// What is mapped could be appended: all its parts are valid.
fn check_event(event: &MappedEvent) {
    for object in [&event.payload, &event.metadata] {
        assert!(JsonObject::new(object.as_str()).is_ok());
    }
    assert_eq!(event.stream.to_string().parse().ok().as_ref(), Some(&event.stream));
    assert_eq!(event.event_type.as_str().parse().ok().as_ref(), Some(&event.event_type));
    assert!(event.tags.as_slice().is_sorted());
}
