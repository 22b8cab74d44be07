//! Tokens that are made here.

use std::time::Duration;

use annals_auth::{AllowedLogs, AuthError, AuthOptions, ClaimPointers, Mint, Role, TokenGrant};
use annals_event::ActorId;
use annals_store::Clock as _;
use proptest::prelude::*;

use crate::issuer::{authenticate, public_keys, shared_secret};
use crate::test_clock::TestClock;

fn grant() -> TokenGrant {
    TokenGrant {
        subject: ActorId::new("maria").expect("a name"),
        roles: [Role::Writer].into_iter().collect(),
        logs: AllowedLogs::from_words(["main"]),
        lifetime: Duration::from_secs(60),
    }
}

#[test]
fn a_token_without_a_role_for_nobody_or_for_ever_is_not_made() {
    let mint = Mint::new(&shared_secret()).expect("a mint");
    let now = TestClock::new().now();
    let refused = |grant: TokenGrant| mint.mint(&grant, now).unwrap_err();
    let nobody = TokenGrant { subject: ActorId::anonymous(), ..grant() };
    assert!(matches!(refused(nobody), AuthError::ClaimRefused { .. }));
    let without = TokenGrant { roles: annals_auth::Roles::default(), ..grant() };
    assert!(matches!(refused(without), AuthError::NoRole { .. }));
    let for_ever = TokenGrant { lifetime: Duration::MAX, ..grant() };
    assert!(matches!(refused(for_ever), AuthError::ClaimRefused { .. }));
}

#[test]
fn only_who_knows_a_shared_secret_makes_tokens() {
    assert!(matches!(Mint::new(&public_keys()), Err(AuthError::Misconfigured { .. })));
}

#[test]
fn claims_that_would_lie_in_each_other_are_refused() {
    for (roles, logs) in [("/sub", "/logs"), ("/sub/roles", "/logs"), ("/a", "/a"), ("/a", "/a/b")] {
        let pointers = ClaimPointers::new(roles, logs).expect("pointers");
        let mint = Mint::new(&AuthOptions { pointers, ..shared_secret() }).expect("a mint");
        let made = mint.mint(&grant(), TestClock::new().now());
        assert!(matches!(made, Err(AuthError::Misconfigured { .. })), "{roles} {logs}");
    }
}

fn pointer() -> impl Strategy<Value = (String, String)> {
    prop_oneof![
        Just(("/roles".to_owned(), "/logs".to_owned())),
        Just(("/a/roles".to_owned(), "/a/logs".to_owned())),
        Just(("/x~1y/0".to_owned(), "/~0".to_owned())),
    ]
}

proptest! {
    #[test]
    fn what_is_minted_is_understood_by_who_has_the_same_options(
        subject in "[^\\p{Cc}]{1,40}",
        roles in proptest::collection::vec(proptest::sample::select(Role::ALL.to_vec()), 1..5),
        logs in proptest::collection::vec("[a-z*]{1,6}", 0..4),
        (roles_at, logs_at) in pointer(),
        issuer in proptest::option::of("[ -~]{1,20}"),
        audience in proptest::option::of("[ -~]{1,20}"),
    ) {
        prop_assume!(subject != "anonymous");
        let pointers = ClaimPointers::new(&roles_at, &logs_at).expect("pointers");
        let options = AuthOptions { issuer, audience, pointers, ..shared_secret() };
        let grant = TokenGrant {
            subject: ActorId::new(&subject).expect("a name"),
            roles: roles.into_iter().collect(),
            logs: AllowedLogs::from_words(logs.iter().map(String::as_str)),
            lifetime: Duration::from_secs(60),
        };
        let token = Mint::new(&options).expect("a mint").mint(&grant, TestClock::new().now()).expect("a token");
        match authenticate(&options, &token) {
            Ok(caller) => {
                prop_assert_eq!(caller.subject(), &grant.subject);
                prop_assert_eq!(caller.roles(), &grant.roles);
                prop_assert_eq!(caller.logs(), &grant.logs);
            }
            // A noncharacter is a name's right and not one of the I-JSON profile.
            Err(refused) => prop_assert!(matches!(refused, AuthError::TokenUnreadable { .. }), "{}", refused),
        }
    }
}
