//! Names, tags and identifiers.

use annals_event::{
    ActorId, AggregateId, AggregateType, EventId, EventType, SchemaVersion, StreamName, Tag, Tags, Timestamp,
};
use proptest::collection::vec;
use proptest::prelude::*;

fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{1,3}", "[^\\p{Cc}]{1,20}"]
}

proptest! {
    #[test]
    fn a_name_is_anything_without_control_characters(text in any::<String>()) {
        let valid = !text.is_empty() && text.len() <= 2_048 && !text.contains(char::is_control);
        prop_assert_eq!(EventType::new(&text).is_ok(), valid);
        prop_assert_eq!(AggregateId::new(&text).is_ok(), valid);
        prop_assert_eq!(ActorId::new(&text).is_ok(), valid);
        prop_assert_eq!(Tag::new(&text).is_ok(), valid);
        prop_assert_eq!(AggregateType::new(&text).is_ok(), valid && !text.contains('/'));
    }

    #[test]
    fn a_name_comes_back_as_it_was(text in name()) {
        let name = EventType::new(&text).unwrap();
        prop_assert_eq!(name.as_str(), text.as_str());
        prop_assert_eq!(name.to_string(), text);
    }

    #[test]
    fn a_streams_name_comes_back_from_its_text(kind in "[^\\p{Cc}/]{1,10}", id in name()) {
        let stream = StreamName::new(&kind, &id).unwrap();
        prop_assert_eq!(stream.to_string().parse::<StreamName>(), Ok(stream));
    }

    #[test]
    fn streams_are_ordered_by_the_bytes_of_type_and_id(one in ("[a-c/ä]{1,2}", "[a-c/ä]{1,2}"), two in ("[a-c/ä]{1,2}", "[a-c/ä]{1,2}")) {
        let stream = |(kind, id): &(String, String)| StreamName::new(kind.replace('/', "|"), id).unwrap();
        let bytes = |(kind, id): &(String, String)| (kind.replace('/', "|").into_bytes(), id.clone().into_bytes());
        prop_assert_eq!(stream(&one).cmp(&stream(&two)), bytes(&one).cmp(&bytes(&two)));
    }

    #[test]
    fn tags_are_sorted_each_once_and_come_back_from_their_text(names in vec(name(), 0..8)) {
        let tags: Tags = names.iter().map(|name| Tag::new(name).unwrap()).collect();
        prop_assert!(tags.as_slice().is_sorted_by(|one, two| one.as_str().as_bytes() < two.as_str().as_bytes()));
        prop_assert!(names.iter().all(|name| tags.contains(&Tag::new(name).unwrap())));
        prop_assert!(tags.as_slice().iter().all(|tag| names.iter().any(|name| name == tag.as_str())));
        prop_assert!(!tags.contains(&Tag::new("no such tag, surely").unwrap()));
        prop_assert_eq!(Tags::from_stored(&tags.to_string()), Some(tags.clone()));
        let read: Vec<String> = serde_json::from_str(&tags.to_string()).unwrap();
        prop_assert_eq!(read, tags.as_slice().iter().map(Tag::to_string).collect::<Vec<_>>());
    }

    #[test]
    fn an_event_id_comes_back_from_its_text_and_bytes(bytes in any::<[u8; 16]>()) {
        let id = EventId::from_bytes(bytes);
        prop_assert_eq!(id.to_string().parse::<EventId>(), Ok(id));
        prop_assert_eq!(id.as_bytes(), &bytes);
    }

    #[test]
    fn event_ids_are_ordered_by_their_bytes_and_texts(one in any::<[u8; 16]>(), two in any::<[u8; 16]>()) {
        let (left, right) = (EventId::from_bytes(one), EventId::from_bytes(two));
        prop_assert_eq!(left.cmp(&right), one.cmp(&two));
        prop_assert_eq!(left.cmp(&right), left.to_string().cmp(&right.to_string()));
    }

    #[test]
    fn ids_of_later_moments_are_greater_whatever_chance_says(micros in 0..4_000_000_000_000_000_i64, later in 1..5_000_i64, one: [u8; 8], two: [u8; 8]) {
        let at = |micros| Timestamp::from_micros(micros).unwrap();
        prop_assert!(EventId::v7(at(micros), one) < EventId::v7(at(micros + later), two));
    }

    #[test]
    fn the_successor_is_greater_and_of_the_same_moment(micros in 0..4_000_000_000_000_000_i64, random: [u8; 8]) {
        let moment = Timestamp::from_micros(micros).unwrap();
        let id = EventId::v7(moment, random);
        if let Some(next) = id.successor() {
            prop_assert!(id < next);
            prop_assert_eq!(&id.as_bytes()[..8], &next.as_bytes()[..8]);
        }
    }

    #[test]
    fn ids_derived_from_other_parts_are_others(one in vec(any::<Vec<u8>>(), 0..4), two in vec(any::<Vec<u8>>(), 0..4)) {
        let derived = |parts: &[Vec<u8>]| EventId::derived(&parts.iter().map(Vec::as_slice).collect::<Vec<_>>());
        prop_assert_eq!(derived(&one) == derived(&two), one == two);
    }

    #[test]
    fn schema_versions_are_positive_and_fit_an_integer(number in any::<u64>()) {
        prop_assert_eq!(SchemaVersion::new(number).is_ok(), (1..=2_147_483_647).contains(&number));
    }
}

#[test]
fn an_event_id_is_read_in_any_spelling_of_a_uuid_and_nothing_else() {
    let expected: EventId = "0192f0c1-7b3e-7c4a-9d52-0a4f5b2f6d11".parse().unwrap();
    for text in ["0192F0C1-7B3E-7C4A-9D52-0A4F5B2F6D11", "0192f0c17b3e7c4a9d520a4f5b2f6d11"] {
        assert_eq!(text.parse(), Ok(expected), "{text}");
    }
    for text in ["", "evt_123", "0192f0c1-7b3e-7c4a-9d52-0a4f5b2f6d1", "0192f0c1-7b3e-7c4a-9d52-0a4f5b2f6d1g"]
    {
        assert!(text.parse::<EventId>().is_err(), "{text}");
    }
}

#[test]
fn what_is_no_array_of_strings_is_no_stored_tags() {
    for text in ["", "[", "{}", "[1]", "[null]", "\"a\"", "[\"a\",]", "[\"a\"] x"] {
        assert_eq!(Tags::from_stored(text), None, "{text:?}");
    }
}
