//! Codes of sign-in links.

use std::time::Duration;

use annals_auth::{AllowedLogs, AuthError, Authenticator, Credential, Role, SignInGrant};
use annals_event::ActorId;

use crate::issuer::shared_secret;
use crate::test_clock::TestClock;

fn grant() -> SignInGrant {
    SignInGrant {
        subject: ActorId::new("maria").expect("a name"),
        roles: [Role::Admin].into_iter().collect(),
        logs: AllowedLogs::All,
        lifetime: Duration::from_secs(60),
    }
}

#[test]
fn a_code_is_good_once() {
    let authenticator = Authenticator::new(&shared_secret(), TestClock::new()).expect("good options");
    let code = authenticator.codes().issue(grant()).expect("a code");
    let caller = authenticator.codes().redeem(code.as_str()).expect("let in");
    assert_eq!(caller.subject().as_str(), "maria");
    assert_eq!(caller.credential(), Credential::Code);
    assert_eq!(authenticator.codes().redeem(code.as_str()).unwrap_err(), AuthError::CodeRefused);
}

#[test]
fn of_many_threads_with_the_same_code_one_is_let_in() {
    let authenticator = Authenticator::new(&shared_secret(), TestClock::new()).expect("good options");
    let code = authenticator.codes().issue(grant()).expect("a code");
    let let_in = std::thread::scope(|scope| {
        let tries = [(); 8].map(|()| scope.spawn(|| authenticator.codes().redeem(code.as_str()).is_ok()));
        tries.into_iter().map(|one| one.join().expect("no panic")).filter(|ok| *ok).count()
    });
    assert_eq!(let_in, 1);
}

#[test]
fn a_code_that_is_too_old_or_was_never_given_out_is_refused_and_spends_no_other() {
    let clock = TestClock::new();
    let authenticator = Authenticator::new(&shared_secret(), clock.clone()).expect("good options");
    let (first, second) = (authenticator.codes().issue(grant()), authenticator.codes().issue(grant()));
    for text in ["", "guess", &first.as_ref().expect("a code").as_str()[1..]] {
        assert_eq!(authenticator.codes().redeem(text).unwrap_err(), AuthError::CodeRefused);
    }
    assert!(authenticator.codes().redeem(first.expect("a code").as_str()).is_ok());
    clock.advance(60);
    assert!(authenticator.codes().redeem(second.expect("a code").as_str()).is_err());
}

#[test]
fn no_more_codes_wait_than_are_kept_and_old_ones_make_room() {
    let clock = TestClock::new();
    let authenticator = Authenticator::new(&shared_secret(), clock.clone()).expect("good options");
    for _ in 0..256 {
        authenticator.codes().issue(grant()).expect("a code");
    }
    let refused = authenticator.codes().issue(grant()).unwrap_err();
    assert_eq!(refused, AuthError::TooManyCodes { pending: 256 });
    clock.advance(60);
    assert!(authenticator.codes().issue(grant()).is_ok());
}

#[test]
fn a_code_is_not_printed_by_accident() {
    let authenticator = Authenticator::new(&shared_secret(), TestClock::new()).expect("good options");
    let code = authenticator.codes().issue(grant()).expect("a code");
    assert!(!format!("{code:?}").contains(code.as_str()));
}
