//! Keys that an issuer publishes over HTTP, changes and takes back.

use std::sync::Arc;
use std::time::Duration;

use annals_auth::{AuthError, AuthOptions, Authenticator, Caller, CertificateDer, JwksOptions, KeySource};
use rustls_pki_types::pem::PemObject as _;
use serde_json::{Value, json};

use crate::issuer::{Key, SECRET, claims};
use crate::key_server::KeyServer;
use crate::test_clock::TestClock;

fn options(url: &str) -> AuthOptions {
    AuthOptions {
        issuer: Some("https://id.example".into()),
        audience: Some("annals".into()),
        ..AuthOptions::new(KeySource::Jwks(JwksOptions::new(url)))
    }
}

fn good() -> Value {
    claims(&json!({"iss": "https://id.example", "aud": "annals", "exp": 2_000_000_000}))
}

struct Scene {
    server: KeyServer,
    clock: Arc<TestClock>,
    authenticator: Authenticator,
}

impl Scene {
    fn with(keys: &[Value]) -> Self {
        let server = KeyServer::start(&json!({"keys": keys}).to_string());
        let clock = TestClock::new();
        let authenticator = Authenticator::new(&options(&server.url()), clock.clone()).expect("good options");
        Self { server, clock, authenticator }
    }

    async fn ask(&self, key: &Key, kid: &str) -> Result<Caller, AuthError> {
        self.authenticator.authenticate(&key.token_of(kid, &good())).await
    }
}

#[tokio::test]
async fn keys_are_fetched_once_and_kept() {
    let scene = Scene::with(&[Key::rsa().jwk("1"), Key::p256().jwk("2"), Key::ed25519().jwk("3")]);
    for (kid, key) in [("1", Key::rsa()), ("2", Key::p256()), ("3", Key::ed25519())] {
        assert_eq!(scene.ask(&key, kid).await.expect("let in").subject().as_str(), "maria");
    }
    assert_eq!(scene.server.requests(), 1);
    let status = scene.authenticator.keys_status().expect("keys of an issuer");
    assert_eq!((status.keys, status.failure), (3, None));
}

#[tokio::test]
async fn a_new_key_is_fetched_when_a_token_names_it_and_the_old_one_is_gone() {
    let scene = Scene::with(&[Key::ed25519().jwk("old")]);
    assert!(scene.ask(&Key::ed25519(), "old").await.is_ok());
    scene.server.answer(&json!({"keys": [Key::next_ed25519().jwk("new")]}).to_string());
    scene.clock.advance(30);
    assert!(scene.ask(&Key::ed25519(), "old").await.is_ok(), "nobody has asked for a new key yet");
    assert!(scene.ask(&Key::next_ed25519(), "new").await.is_ok());
    assert!(matches!(scene.ask(&Key::ed25519(), "old").await, Err(AuthError::NoSuchKey { .. })));
    assert_eq!(scene.server.requests(), 2);
}

#[tokio::test]
async fn a_key_that_the_issuer_takes_back_is_gone_with_the_next_regular_fetch() {
    let scene = Scene::with(&[Key::ed25519().jwk("old"), Key::next_ed25519().jwk("new")]);
    assert!(scene.ask(&Key::ed25519(), "old").await.is_ok());
    scene.server.answer(&json!({"keys": [Key::next_ed25519().jwk("new")]}).to_string());
    scene.clock.advance(299);
    assert!(scene.ask(&Key::ed25519(), "old").await.is_ok());
    scene.clock.advance(1);
    assert!(matches!(scene.ask(&Key::ed25519(), "old").await, Err(AuthError::NoSuchKey { .. })));
}

#[tokio::test]
async fn names_that_nobody_knows_make_nobody_ask_more_than_every_thirty_seconds() {
    let scene = Scene::with(&[Key::ed25519().jwk("1")]);
    for round in 0..20 {
        let refused = scene.ask(&Key::next_ed25519(), &format!("guess {round}")).await;
        assert!(matches!(refused, Err(AuthError::NoSuchKey { .. })));
    }
    assert_eq!(scene.server.requests(), 1);
    scene.clock.advance(30);
    for round in 0..20 {
        assert!(scene.ask(&Key::next_ed25519(), &format!("guess {round}")).await.is_err());
    }
    assert_eq!(scene.server.requests(), 2);
}

#[tokio::test]
async fn many_callers_at_once_make_one_request() {
    let scene = Scene::with(&[Key::ed25519().jwk("1")]);
    let token = Key::ed25519().token_of("1", &good());
    let tries: Vec<_> = (0..32)
        .map(|_| {
            let (authenticator, token) = (scene.authenticator.clone(), token.clone());
            tokio::spawn(async move { authenticator.authenticate(&token).await.is_ok() })
        })
        .collect();
    for one in tries {
        assert!(one.await.expect("no panic"));
    }
    assert_eq!(scene.server.requests(), 1);
}

#[tokio::test]
async fn an_issuer_that_cannot_be_reached_leaves_the_last_good_keys_and_says_so() {
    let scene = Scene::with(&[Key::ed25519().jwk("1")]);
    assert!(scene.ask(&Key::ed25519(), "1").await.is_ok());
    for broken in ["", "{}", r#"{"keys":[]}"#, r#"{"keys":[{"kty":"oct","k":"AAAA"}]}"#, "<html>"] {
        scene.server.answer(broken);
        scene.clock.advance(300);
        assert!(scene.ask(&Key::ed25519(), "1").await.is_ok(), "{broken}");
        let failure = scene.authenticator.keys_status().expect("keys of an issuer").failure;
        assert!(failure.is_some(), "{broken}");
    }
    scene.server.stop();
    scene.clock.advance(300);
    assert!(scene.ask(&Key::ed25519(), "1").await.is_ok());
}

#[tokio::test]
async fn before_any_key_was_fetched_nobody_is_let_in_and_the_reason_is_told() {
    let scene = Scene::with(&[Key::ed25519().jwk("1")]);
    scene.server.stop();
    let refused = scene.authenticator.prepare().await.unwrap_err();
    assert_eq!(refused.code(), "issuer-unavailable");
    assert!(matches!(scene.ask(&Key::ed25519(), "1").await, Err(AuthError::KeysUnavailable { .. })));
}

#[tokio::test]
async fn a_published_secret_and_a_key_for_other_purposes_are_no_keys_for_tokens() {
    let mut for_encryption = Key::rsa().jwk("rsa");
    for_encryption["use"] = json!("enc");
    let mut for_wrapping = Key::p256().jwk("p256");
    for_wrapping["key_ops"] = json!(["wrapKey"]);
    let mut of_another = Key::ed25519().jwk("other");
    of_another["alg"] = json!("ES256");
    let secret = Key::secret().jwk("secret");
    let scene =
        Scene::with(&[for_encryption, for_wrapping, of_another, secret, Key::next_ed25519().jwk("ok")]);
    for (kid, key) in [("rsa", Key::rsa()), ("p256", Key::p256()), ("other", Key::ed25519())] {
        assert!(scene.ask(&key, kid).await.is_err(), "{kid}");
    }
    let refused = scene.ask(&Key::Secret(SECRET.into()), "secret").await.unwrap_err();
    assert_eq!(refused, AuthError::AlgorithmRefused { algorithm: "HS256".into() });
    assert!(scene.ask(&Key::next_ed25519(), "ok").await.is_ok());
}

#[tokio::test]
async fn keys_come_by_tls_from_who_has_a_certificate_that_is_trusted() {
    let server = KeyServer::start_tls(&json!({"keys": [Key::ed25519().jwk("1")]}).to_string());
    let pem = include_bytes!("../data/authority.pem");
    let authority = CertificateDer::from_pem_slice(pem).expect("a certificate");
    let trusting = JwksOptions { authorities: vec![authority], ..JwksOptions::new(server.url()) };
    for (jwks, trusted) in [(trusting, true), (JwksOptions::new(server.url()), false)] {
        let options = AuthOptions { keys: KeySource::Jwks(jwks), ..options(&server.url()) };
        let authenticator = Authenticator::new(&options, TestClock::new()).expect("good options");
        let prepared = authenticator.prepare().await;
        assert_eq!(prepared.is_ok(), trusted, "{prepared:?}");
    }
}

#[tokio::test]
async fn a_redirection_is_not_followed() {
    let scene = Scene::with(&[Key::ed25519().jwk("1")]);
    scene.server.redirect();
    assert!(matches!(scene.ask(&Key::ed25519(), "1").await, Err(AuthError::KeysUnavailable { .. })));
    assert_eq!(scene.server.requests(), 1);
}

#[test]
fn keys_of_an_issuer_need_issuer_and_audience_and_a_location_that_can_be_trusted() {
    let without = |change: fn(&mut AuthOptions)| {
        let mut options = options("https://id.example/keys");
        change(&mut options);
        Authenticator::new(&options, TestClock::new()).map(drop).unwrap_err()
    };
    assert!(matches!(without(|options| options.issuer = None), AuthError::Misconfigured { .. }));
    assert!(matches!(without(|options| options.audience = None), AuthError::Misconfigured { .. }));
    let plain = |options: &mut AuthOptions| {
        options.keys = KeySource::Jwks(JwksOptions {
            refresh_every: Duration::from_secs(1),
            ..JwksOptions::new("http://id.example/keys")
        });
    };
    assert!(matches!(without(plain), AuthError::UrlRefused { .. }));
}
