//! Sessions of browsers.

use std::time::Duration;

use annals_auth::{AuthError, AuthOptions, Authenticator, Caller, Credential, SessionOptions, SharedSecret};
use serde_json::json;

use crate::issuer::{Key, authenticate, claims, shared_secret};
use crate::test_clock::TestClock;

fn caller() -> Caller {
    let token = Key::secret().token(&claims(&json!({"roles": ["reader"], "logs": ["main"]})));
    authenticate(&shared_secret(), &token).expect("let in")
}

fn sealed_with(byte: u8) -> AuthOptions {
    let secret = Some(SharedSecret::new([byte; 32]).expect("long enough"));
    AuthOptions { sessions: SessionOptions { secret, ..SessionOptions::default() }, ..shared_secret() }
}

#[test]
fn a_session_is_known_by_every_server_with_the_secret_and_by_no_other() {
    let clock = TestClock::new();
    let [one, two, other] =
        [1, 1, 2].map(|byte| Authenticator::new(&sealed_with(byte), clock.clone()).expect("good options"));
    let begun = one.sessions().begin(&caller()).expect("a session");
    let session = two.sessions().resume(&begun.cookie).expect("known");
    assert_eq!(session.caller().subject(), caller().subject());
    assert_eq!(session.caller().roles(), caller().roles());
    assert_eq!(session.caller().logs(), caller().logs());
    assert_eq!(session.caller().credential(), Credential::Session);
    assert_eq!(two.sessions().csrf_token(&session), begun.csrf_token);
    assert_eq!(other.sessions().resume(&begun.cookie).unwrap_err(), AuthError::SessionOver);
}

#[test]
fn without_a_secret_sessions_end_with_the_process() {
    let clock = TestClock::new();
    let [one, two] =
        [(); 2].map(|()| Authenticator::new(&shared_secret(), clock.clone()).expect("good options"));
    let begun = one.sessions().begin(&caller()).expect("a session");
    assert!(one.sessions().resume(&begun.cookie).is_ok());
    assert!(two.sessions().resume(&begun.cookie).is_err());
}

#[test]
fn a_session_goes_on_when_something_else_is_configured_and_ends_with_the_secret_that_it_was_sealed_with() {
    let clock = TestClock::new();
    let authenticator =
        |options: &AuthOptions| Authenticator::new(options, clock.clone()).expect("good options");
    let before = authenticator(&shared_secret());
    let begun = before.sessions().begin(&caller()).expect("a session");
    let leeway = Duration::from_secs(5);
    let after = before.succeeded_by(&AuthOptions { leeway, ..shared_secret() }, clock.clone()).expect("good");
    assert_eq!(after.sessions().resume(&begun.cookie).expect("known").caller().subject(), caller().subject());
    let sealed = after.succeeded_by(&sealed_with(1), clock.clone()).expect("good");
    assert_eq!(sealed.sessions().resume(&begun.cookie).unwrap_err(), AuthError::SessionOver);

    let begun = sealed.sessions().begin(&caller()).expect("a session");
    let unsealed = sealed.succeeded_by(&shared_secret(), clock.clone()).expect("good");
    assert_eq!(unsealed.sessions().resume(&begun.cookie).unwrap_err(), AuthError::SessionOver);
}

#[test]
fn a_session_ends_with_the_token_that_it_began_with_or_after_its_own_time() {
    let short = SessionOptions { lifetime: Duration::from_secs(300), ..sealed_with(1).sessions };
    for (sessions, seconds) in [(sealed_with(1).sessions, 600), (short, 300)] {
        let options = AuthOptions { sessions, ..shared_secret() };
        let clock = TestClock::new();
        let authenticator = Authenticator::new(&options, clock.clone()).expect("good options");
        let begun = authenticator.sessions().begin(&caller()).expect("a session");
        clock.advance(seconds - 1);
        assert!(authenticator.sessions().resume(&begun.cookie).is_ok());
        clock.advance(1);
        assert_eq!(authenticator.sessions().resume(&begun.cookie).unwrap_err(), AuthError::SessionOver);
    }
}

#[test]
fn a_word_of_another_session_or_none_proves_nothing() {
    let authenticator = Authenticator::new(&sealed_with(1), TestClock::new()).expect("good options");
    let [one, two] = [(); 2].map(|()| authenticator.sessions().begin(&caller()).expect("a session"));
    let session = authenticator.sessions().resume(&one.cookie).expect("known");
    let check = |said| authenticator.sessions().check_csrf_token(&session, said);
    assert_eq!(check(Some(&one.csrf_token)), Ok(()));
    for said in [None, Some(""), Some(two.csrf_token.as_str()), Some(one.cookie.as_str()), Some("no base64!")]
    {
        assert_eq!(check(said), Err(AuthError::CsrfTokenMissing));
    }
}

#[test]
fn a_cookie_does_not_show_what_is_in_it() {
    let authenticator = Authenticator::new(&sealed_with(1), TestClock::new()).expect("good options");
    let begun = authenticator.sessions().begin(&caller()).expect("a session");
    assert!(!begun.cookie.contains("maria") && !begun.cookie.contains("bWFyaWE"));
    assert!(!format!("{begun:?}").contains(&begun.cookie));
}

#[test]
fn a_session_that_no_browser_would_keep_is_refused() {
    let logs: Vec<String> = (0..400).map(|number| format!("log-number-{number}")).collect();
    let token = Key::secret().token(&claims(&json!({"logs": logs})));
    let caller = authenticate(&shared_secret(), &token).expect("let in");
    let authenticator = Authenticator::new(&sealed_with(1), TestClock::new()).expect("good options");
    assert!(matches!(authenticator.sessions().begin(&caller), Err(AuthError::SessionTooLarge { .. })));
}
