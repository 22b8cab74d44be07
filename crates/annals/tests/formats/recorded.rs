//! One history that is the same to the last byte whenever it is recorded: ids, times, secrets and key are given.

use std::path::Path;
use std::time::Duration;

use annals::{
    ActorId, Append, CursorAdvance, CursorName, CursorValue, EventId, EventType, JsonObject, KeyLocation,
    Location, LogName, NewDeadLetter, NewEvent, SchemaVersion, Signing, StateLocation, StreamName, Tag, Tags,
    WritingOptions,
};
use annals_store_conformance::Setup;
use annals_tlog::SigningKey;

/// More than one full tile, so that the tree has a stored subtree.
const EVENTS: u64 = 300;

/// Records the history as a log in `folder`, signed at 1, 100 and 300 events.
pub(crate) async fn record(folder: &Path) -> Location {
    let setup = Setup::seeded(1);
    let origin = "annals.example/formats".parse().unwrap();
    let key = SigningKey::from_seed("annals.example/formats".parse().unwrap(), &[7; 32]);
    let key_file = folder.join("key");
    write_privately(&key_file, &key.to_secret_text());
    let options = WritingOptions {
        clock: setup.clock.clone(),
        randomness: setup.randomness.clone(),
        origin: Some(origin),
        key: KeyLocation::File(key_file),
        signing_state: StateLocation::Folder(folder.join("state")),
        // Signed is what is asked for, and what stands there at the end.
        signing_interval: Duration::from_secs(3_600),
        ..WritingOptions::default()
    };
    let location = Location::sqlite(folder.join("annals.db"));
    let log = annals::open_for_writing(&location, &LogName::main(), options).await.unwrap();
    let mut place = None;
    for number in 0..EVENTS {
        setup.clock.advance(1_500);
        let to = CursorValue(number.to_string().into());
        let moved = CursorAdvance { name: CursorName::new("source").unwrap(), from: place, to: to.clone() };
        let append = Append { cursors: vec![moved], ..Append::event(event(number)) };
        log.events().append(append).await.unwrap();
        place = Some(to);
        if number == 0 {
            // The task in the background signs the first growth it sees, and then rests for its interval.
            while log.store().newest_checkpoint().await.unwrap().is_none() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
        if number == 99 {
            let Signing::Active { signer, .. } = log.signing() else { panic!("the key is there") };
            signer.sign_now().await.unwrap();
        }
    }
    let letter = NewDeadLetter {
        source: "orders".into(),
        place: "line 7".into(),
        code: "record-not-json".into(),
        reason: "it ends too early".into(),
        raw: b"{\"order\":".to_vec(),
    };
    log.store().keep_dead_letter(letter).await.unwrap();
    log.close().await.unwrap();
    location
}

fn event(number: u64) -> NewEvent {
    let stream = StreamName::new(
        ["Order", "Customer"][usize::from(number.is_multiple_of(3))],
        (number % 7).to_string(),
    );
    let payload = format!(r#"{{"number": {number}, "text":"gr\u00fc\u00dfe, größe", "big":1e300}}"#);
    let mut event = NewEvent::new(
        stream.unwrap(),
        EventType::new(["Placed", "Paid", "Sent"][usize::try_from(number % 3).unwrap()]).unwrap(),
        JsonObject::new(payload).unwrap(),
    );
    event.event_id = Some(EventId::derived(&[b"formats", &number.to_be_bytes()]));
    if number.is_multiple_of(2) {
        event.metadata = JsonObject::new(r#"{"correlationId":"c-1"}"#).unwrap();
        event.tags = Tags::new(vec![Tag::new("customer:42").unwrap(), Tag::new("a").unwrap()]);
        event.actor_id = Some(ActorId::new("user_789").unwrap());
        event.schema_version = Some(SchemaVersion::new(2).unwrap());
    }
    event
}

/// A key that others could read is refused.
fn write_privately(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
}
