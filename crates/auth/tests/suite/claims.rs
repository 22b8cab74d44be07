//! What a token with a good signature has to say.

use annals_auth::{AllowedLogs, AuthError, AuthOptions, ClaimPointers, Role};
use annals_event::LogName;
use serde_json::{Value, json};

use crate::issuer::{Key, authenticate, claims, shared_secret};
use crate::test_clock::START;

fn with(options: &AuthOptions, others: &Value) -> Result<annals_auth::Caller, AuthError> {
    authenticate(options, &Key::secret().token(&claims(others)))
}

#[test]
fn a_good_token_says_who_and_what() {
    let caller =
        with(&shared_secret(), &json!({"roles": ["writer", "reader"], "logs": ["main"]})).expect("let in");
    assert_eq!(caller.subject().as_str(), "maria");
    assert_eq!(caller.roles().to_string(), "reader, writer");
    assert_eq!(caller.logs(), &AllowedLogs::from_words(["main"]));
    assert_eq!(caller.expires().expect("an end").as_micros(), (START + 600) * 1_000_000);
}

#[test]
fn only_the_issuer_that_is_configured_is_believed() {
    let options = AuthOptions { issuer: Some("https://id.example".into()), ..shared_secret() };
    assert!(with(&options, &json!({"iss": "https://id.example"})).is_ok());
    for others in [json!({"iss": "https://id.example/"}), json!({"iss": "https://evil.example"}), json!({})] {
        assert!(matches!(with(&options, &others), Err(AuthError::IssuerRefused { .. })), "{others}");
    }
    assert!(matches!(
        with(&options, &json!({"iss": ["https://id.example"]})),
        Err(AuthError::ClaimRefused { .. })
    ));
}

#[test]
fn only_a_token_for_this_audience_is_accepted() {
    let options = AuthOptions { audience: Some("annals".into()), ..shared_secret() };
    assert!(with(&options, &json!({"aud": "annals"})).is_ok());
    assert!(with(&options, &json!({"aud": ["shop", "annals"]})).is_ok());
    for others in [json!({"aud": "shop"}), json!({"aud": []}), json!({"aud": ["Annals"]}), json!({})] {
        assert!(matches!(with(&options, &others), Err(AuthError::AudienceRefused { .. })), "{others}");
    }
    for others in [json!({"aud": 7}), json!({"aud": ["annals", 7]})] {
        assert!(matches!(with(&options, &others), Err(AuthError::ClaimRefused { .. })), "{others}");
    }
}

#[test]
fn a_token_for_somebody_else_is_refused_also_where_no_audience_is_configured() {
    assert!(matches!(
        with(&shared_secret(), &json!({"aud": "shop"})),
        Err(AuthError::AudienceRefused { .. })
    ));
    assert!(with(&shared_secret(), &json!({})).is_ok());
}

#[test]
fn a_token_ends_when_it_says_give_or_take_the_leeway() {
    assert!(with(&shared_secret(), &json!({"exp": START - 29})).is_ok());
    let expired = with(&shared_secret(), &json!({"exp": START - 30})).unwrap_err();
    assert!(matches!(expired, AuthError::TokenExpired { .. }));
    assert_eq!(expired.code(), "token-expired");
    let strict = AuthOptions { leeway: std::time::Duration::ZERO, ..shared_secret() };
    assert!(with(&strict, &json!({"exp": START})).is_err());
    assert!(with(&strict, &json!({"exp": START + 1})).is_ok());
    assert!(with(&strict, &json!({"exp": f64::from(1_795_170_600) + 0.5})).is_ok());
}

#[test]
fn a_token_without_an_end_or_with_none_that_can_be_read_is_refused() {
    let ends = [
        Value::Null,
        json!("1795171200"),
        json!(-1),
        json!(1e300),
        json!(253_402_300_800_i64),
        json!([1_795_171_200]),
        json!(true),
    ];
    for end in ends {
        let refused = with(&shared_secret(), &json!({"exp": end}));
        assert!(matches!(refused, Err(AuthError::ClaimRefused { .. })), "{end}");
    }
}

#[test]
fn a_token_is_not_good_before_it_says_give_or_take_the_leeway() {
    assert!(with(&shared_secret(), &json!({"nbf": START + 30})).is_ok());
    let refused = with(&shared_secret(), &json!({"nbf": START + 31})).unwrap_err();
    assert!(matches!(refused, AuthError::TokenNotYetValid { .. }));
    assert!(matches!(with(&shared_secret(), &json!({"nbf": "now"})), Err(AuthError::ClaimRefused { .. })));
}

#[test]
fn a_token_has_to_name_somebody() {
    let subjects =
        [Value::Null, json!(""), json!(7), json!("anonymous"), json!("a\nb"), json!("x".repeat(2_049))];
    for subject in subjects {
        let refused = with(&shared_secret(), &json!({"sub": subject}));
        assert!(matches!(refused, Err(AuthError::ClaimRefused { .. })), "{subject}");
    }
}

#[test]
fn whoever_has_no_role_is_not_let_in() {
    for roles in [
        Value::Null,
        json!([]),
        json!(["Admin", "owner"]),
        json!(5),
        json!({"admin": true}),
        json!([["admin"]]),
    ] {
        let refused = with(&shared_secret(), &json!({"roles": roles})).unwrap_err();
        assert!(matches!(refused, AuthError::NoRole { .. }), "{roles}");
        assert_eq!(refused.code(), "role-missing");
    }
}

#[test]
fn roles_and_logs_are_read_where_the_options_point() {
    let pointers =
        ClaimPointers::new("/realm_access/roles", "/https:~1~1annals.example~1logs").expect("pointers");
    let options = AuthOptions { pointers, ..shared_secret() };
    let said = json!({
        "roles": ["admin"],
        "logs": null,
        "realm_access": {"roles": ["offline_access", "writer"]},
        "https://annals.example/logs": "main orders"
    });
    let caller = with(&options, &said).expect("let in");
    assert_eq!(caller.roles().iter().collect::<Vec<_>>(), [Role::Writer]);
    assert_eq!(caller.logs(), &AllowedLogs::from_words(["main", "orders"]));
    for (roles, logs) in [("roles", "/logs"), ("/roles", ""), ("/a~2", "/logs")] {
        assert!(matches!(ClaimPointers::new(roles, logs), Err(AuthError::Misconfigured { .. })));
    }
}

#[test]
fn a_token_that_says_nothing_about_logs_opens_those_of_the_options_and_none_by_default() {
    let main = LogName::main();
    assert!(!with(&shared_secret(), &json!({"logs": null})).expect("let in").may_use(&main));
    let options = AuthOptions { logs_by_default: AllowedLogs::from_words(["main"]), ..shared_secret() };
    assert!(with(&options, &json!({"logs": null})).expect("let in").may_use(&main));
    assert!(!with(&options, &json!({"logs": []})).expect("let in").may_use(&main));
}
