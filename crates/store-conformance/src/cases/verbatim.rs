//! The bytes read back are the bytes written.

use annals_event::{EventType, NewEvent, StreamName};

use crate::build::{Described, append, event};
use crate::fixture::Fixture;

/// Objects whose spelling somebody might be tempted to tidy up.
const SPELLINGS: [&str; 14] = [
    "{}",
    " {\n\t\"b\" : 1 ,\r\n \"a\" : [ ] }\n",
    r#"{"z":1,"a":2,"Z":3,"10":4,"9":5}"#,
    r#"{"n":[1.0,1.10,1e2,1E+2,-0,-0.0,0.1e-7,100]}"#,
    r#"{"big":123456789012345678901234567890.123456789012345678901234567890}"#,
    r#"{"small":0.000000000000000000000000000000000000000000000000000000000001}"#,
    r#"{"max":1.7976931348623157e308,"int":9007199254740993,"i64":9223372036854775808}"#,
    r#"{"s":"\u0041\/\b\f\n\r\t\"\\","t":"A/"}"#,
    r#"{"s":"\ud83d\ude00 😀 \u00e4 ä a\u0308 é"}"#,
    r#"{"rtl":"שלום مرحبا","zwj":"👩‍👩‍👧","bom":"﻿"}"#,
    r#"{"e":{"":{"":[[],[{}],null,true,false]}}}"#,
    r#"{"sql":"'; DROP TABLE events; --","like":"%_","dollar":"$1 ?1 :a"}"#,
    r#"{"control":"\u0001\u001f\u007f","line":"\u2028\u2029"}"#,
    r#"{"html":"<script>&amp;</script>","null":null}"#,
];

pub(crate) async fn payloads_come_back_byte_for_byte(t: Fixture) {
    t.append(append(SPELLINGS.map(|text| event("A/1", "A").payload(text)))).await;
    let read: Vec<String> =
        t.all().await.iter().map(|event| event.payload.value().unwrap().to_string()).collect();
    assert_eq!(read, SPELLINGS);
}

pub(crate) async fn metadata_comes_back_byte_for_byte(t: Fixture) {
    t.append(append(SPELLINGS.map(|text| event("A/1", "A").metadata(text)))).await;
    let read: Vec<String> =
        t.all().await.iter().map(|event| event.metadata.value().unwrap().to_string()).collect();
    assert_eq!(read, SPELLINGS);
}

pub(crate) async fn contexts_come_back_byte_for_byte(t: Fixture) {
    t.append(append(SPELLINGS.map(|text| event("A/1", "A").context(text)))).await;
    let read: Vec<String> =
        t.all().await.iter().map(|event| event.context.value().unwrap().as_str().to_owned()).collect();
    assert_eq!(read, SPELLINGS);
}

pub(crate) async fn everything_comes_back_after_reopening(mut t: Fixture) {
    t.append(append(SPELLINGS.map(|text| event("A/1", "A").payload(text).metadata(text).context(text))))
        .await;
    let (all, rows) = (t.all().await, t.rows().await);
    t.reopen().await;
    assert_eq!((t.all().await, t.rows().await), (all, rows));
}

pub(crate) async fn names_come_back_as_they_were(t: Fixture) {
    let longest = "ü".repeat(127) + "x";
    let names =
        ["a", " a ", "Ä", "A\u{308}", "日本語", "😀", "a/b", "'", "\"", "\\", "%", "\u{feff}", &longest];
    for name in names {
        let stream = StreamName::new(name.replace('/', "|"), name).unwrap();
        let sent = NewEvent { stream, event_type: EventType::new(name).unwrap(), ..event("A/1", "A") };
        t.append(sent.by(name).tagged(&[name])).await;
    }
    for (event, name) in t.all().await.iter().zip(names) {
        assert_eq!(event.event_type.as_str(), name);
        assert_eq!(event.aggregate_type.as_str(), name.replace('/', "|"));
        assert_eq!(event.aggregate_id.value().unwrap().as_str(), name);
        assert_eq!(event.actor_id.value().unwrap().as_str(), name);
        assert_eq!(event.tags.value().unwrap().as_slice()[0].as_str(), name);
    }
}

pub(crate) async fn tags_come_back_sorted_and_each_once(t: Fixture) {
    t.append(event("A/1", "A").tagged(&["b", "a", "B", "ä", "b", "a:1", "a"])).await;
    let read = t.all().await.remove(0);
    let tags: Vec<&str> = read.tags.value().unwrap().as_slice().iter().map(|tag| tag.as_str()).collect();
    assert_eq!(tags, ["B", "a", "a:1", "b", "ä"]);
}

pub(crate) async fn the_greatest_numbers_come_back(t: Fixture) {
    t.append(event("A/1", "A").shaped(i32::MAX as u64).id(u128::MAX)).await;
    let read = t.all().await.remove(0);
    assert_eq!(read.schema_version.get(), i32::MAX as u32);
    assert_eq!(read.event_id.as_bytes(), &[0xff; 16]);
}

pub(crate) async fn a_payload_a_hundred_deep_comes_back(t: Fixture) {
    let deep = format!("{}0{}", r#"{"a":"#.repeat(100), "}".repeat(100));
    t.append(event("A/1", "A").payload(&deep)).await;
    assert_eq!(t.all().await[0].payload.value().unwrap().as_str(), deep);
}
