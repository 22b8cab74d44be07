//! Signing in with an identity provider, and what others may put in the way. The provider here is a scene's; a real one
//! is asked in `tests/identity_provider.rs`.

use annals_auth::{
    AllowedLogs, Arrival, AuthError, AuthOptions, Authenticator, Callback, ClientSecret, Credential,
    ProviderOptions,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest;
use serde_json::{Value, json};

use crate::issuer::{Key, b64, claims, shared_secret};
use crate::key_server::KeyServer;
use crate::test_clock::TestClock;

const CALLBACK: &str = "https://annals.example/session/callback";

struct Scene {
    server: KeyServer,
    authenticator: Authenticator,
    clock: std::sync::Arc<TestClock>,
}

/// A browser that was sent to the provider.
struct Browser {
    cookie: String,
    query: std::collections::HashMap<String, String>,
}

impl Scene {
    fn new() -> Self {
        Self::with(|_| {})
    }

    fn with(change: fn(&mut ProviderOptions)) -> Self {
        let server = KeyServer::start(&json!({"keys": [Key::ed25519().jwk("1")]}).to_string());
        let origin = server.origin();
        let mut provider = ProviderOptions::new(&origin, "annals", CALLBACK);
        change(&mut provider);
        let options = AuthOptions {
            provider: Some(provider),
            logs_by_default: AllowedLogs::from_words(["main"]),
            ..shared_secret()
        };
        let clock = TestClock::new();
        let authenticator = Authenticator::new(&options, clock.clone()).expect("good options");
        let scene = Self { server, authenticator, clock };
        scene.discover(&origin);
        scene
    }

    fn discover(&self, issuer: &str) {
        let origin = self.server.origin();
        let document = json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{origin}/authorize"),
            "token_endpoint": format!("{origin}/token"),
            "jwks_uri": format!("{origin}/keys"),
        });
        let path = "/.well-known/openid-configuration";
        self.server.answer_at(path, "200 OK", &document.to_string());
    }

    async fn depart(&self) -> Browser {
        let provider = self.authenticator.provider().expect("a provider");
        let departure = provider.begin("/events?type=OrderPlaced").await.expect("a sign-in");
        let (base, query) = departure.location.split_once('?').expect("a query");
        assert_eq!(base, format!("{}/authorize", self.server.origin()));
        let query = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        Browser { cookie: departure.cookie, query }
    }

    /// The provider grants an identity token with these claims.
    fn grant(&self, browser: &Browser, others: &Value) {
        let mut all = json!({
            "iss": self.server.origin(),
            "aud": "annals",
            "nonce": browser.query["nonce"],
            "logs": null
        });
        let others = others.as_object().expect("an object").clone();
        all.as_object_mut().expect("an object").extend(others);
        let token = Key::ed25519().token_of("1", &claims(&all));
        self.server.answer_at("/token", "200 OK", &json!({"id_token": token}).to_string());
    }

    async fn arrive(&self, browser: &Browser, change: fn(&mut Callback)) -> Result<Arrival, AuthError> {
        let mut callback = Callback {
            code: Some("a code".into()),
            state: Some(browser.query["state"].clone()),
            issuer: Some(self.server.origin()),
            error: None,
        };
        change(&mut callback);
        self.authenticator.provider().expect("a provider").finish(&browser.cookie, &callback).await
    }
}

#[tokio::test]
async fn who_signs_in_comes_back_to_where_she_was_going() {
    let scene = Scene::new();
    let browser = scene.depart().await;
    assert_eq!(browser.query["response_type"], "code");
    assert_eq!(browser.query["client_id"], "annals");
    assert_eq!(browser.query["redirect_uri"], CALLBACK);
    assert_eq!(browser.query["scope"], "openid");
    scene.grant(&browser, &json!({}));
    let arrival = scene.arrive(&browser, |_| {}).await.expect("signed in");
    assert_eq!(arrival.return_to, "/events?type=OrderPlaced");
    assert_eq!(arrival.caller.subject().as_str(), "maria");
    assert_eq!(arrival.caller.logs(), &AllowedLogs::from_words(["main"]));
    assert_eq!(arrival.caller.credential(), Credential::Provider);
    assert_eq!(arrival.caller.expires(), None);
}

#[tokio::test]
async fn the_code_is_exchanged_with_the_proof_that_it_was_asked_for_here() {
    let scene = Scene::with(|options| {
        options.client_secret = Some(ClientSecret::from_text("a secret: with signs\n"));
        options.scopes = vec!["profile".into()];
    });
    let browser = scene.depart().await;
    assert_eq!(browser.query["scope"], "openid profile");
    assert_eq!(browser.query["code_challenge_method"], "S256");
    // Without keys the exchange is the last request.
    scene.server.answer_at("/token", "200 OK", r#"{"id_token":"no token"}"#);
    assert!(matches!(scene.arrive(&browser, |_| {}).await, Err(AuthError::TokenUnreadable { .. })));
    let request = scene.server.last_request();
    let (head, form) = request.split_once("\r\n\r\n").expect("a body");
    let form: std::collections::HashMap<String, String> =
        form_urlencoded::parse(form.as_bytes()).into_owned().collect();
    assert_eq!((form["grant_type"].as_str(), form["code"].as_str()), ("authorization_code", "a code"));
    assert_eq!(form["redirect_uri"], CALLBACK);
    let challenge = b64(digest::digest(&digest::SHA256, form["code_verifier"].as_bytes()));
    assert_eq!(browser.query["code_challenge"], challenge);
    let proof = STANDARD.encode("annals:a+secret%3A+with+signs");
    assert!(head.contains(&format!("Basic {proof}")), "{head}");
}

#[tokio::test]
async fn a_browser_that_comes_back_from_elsewhere_is_not_signed_in() {
    let scene = Scene::new();
    let browser = scene.depart().await;
    scene.grant(&browser, &json!({}));
    let changes: [fn(&mut Callback); 6] = [
        |callback| callback.state = None,
        |callback| callback.state = Some("another".into()),
        |callback| callback.issuer = Some("https://evil.example".into()),
        |callback| callback.code = None,
        |callback| callback.error = Some("access_denied".into()),
        |callback| callback.error = Some(String::new()),
    ];
    for change in changes {
        let refused = scene.arrive(&browser, change).await.unwrap_err();
        assert!(matches!(refused, AuthError::SignInFailed { .. }), "{refused}");
    }
    let other = Browser { cookie: scene.depart().await.cookie, query: browser.query.clone() };
    assert!(matches!(scene.arrive(&other, |_| {}).await, Err(AuthError::SignInFailed { .. })));
    let without = Browser { cookie: String::new(), query: browser.query.clone() };
    assert!(matches!(scene.arrive(&without, |_| {}).await, Err(AuthError::SignInFailed { .. })));
    assert!(scene.arrive(&browser, |_| {}).await.is_ok());
}

#[tokio::test]
async fn an_identity_token_for_another_sign_in_client_or_issuer_is_refused() {
    let scene = Scene::new();
    let browser = scene.depart().await;
    let others = [
        json!({"nonce": "another"}),
        json!({"nonce": null}),
        json!({"azp": "shop"}),
        json!({"aud": "shop"}),
        json!({"iss": "https://evil.example"}),
        json!({"exp": 1}),
        json!({"roles": []}),
    ];
    for other in others {
        scene.grant(&browser, &other);
        assert!(scene.arrive(&browser, |_| {}).await.is_err(), "{other}");
    }
    let forged = Key::next_ed25519().token_of("1", &claims(&json!({"nonce": browser.query["nonce"]})));
    scene.server.answer_at("/token", "200 OK", &json!({"id_token": forged}).to_string());
    assert_eq!(scene.arrive(&browser, |_| {}).await.unwrap_err(), AuthError::SignatureRefused);
}

#[tokio::test]
async fn what_the_provider_answers_is_told_without_repeating_much_of_it() {
    let scene = Scene::new();
    let browser = scene.depart().await;
    scene.server.answer_at("/token", "400 Bad Request", r#"{"error":"invalid_grant"}"#);
    let refused = scene.arrive(&browser, |_| {}).await.unwrap_err();
    assert!(refused.to_string().ends_with("the provider refuses the code: invalid_grant"), "{refused}");
    scene.server.answer_at("/token", "200 OK", r#"{"access_token":"x"}"#);
    assert!(matches!(scene.arrive(&browser, |_| {}).await, Err(AuthError::SignInFailed { .. })));
    scene.server.answer_at("/token", "502 Bad Gateway", "<html>");
    assert!(matches!(scene.arrive(&browser, |_| {}).await, Err(AuthError::ProviderUnavailable { .. })));
}

#[tokio::test]
async fn a_provider_that_calls_itself_otherwise_is_not_believed_and_asked_again() {
    let scene = Scene::new();
    scene.discover("https://evil.example");
    let begin = || async { scene.authenticator.provider().expect("a provider").begin("/").await.map(drop) };
    assert!(matches!(begin().await, Err(AuthError::ProviderUnavailable { .. })));
    scene.discover(&scene.server.origin());
    assert_eq!(begin().await, Ok(()));
}

#[tokio::test]
async fn a_sign_in_that_takes_more_than_ten_minutes_is_over() {
    let scene = Scene::new();
    let browser = scene.depart().await;
    scene.grant(&browser, &json!({"exp": 2_000_000_000}));
    scene.clock.advance(600);
    assert!(matches!(scene.arrive(&browser, |_| {}).await, Err(AuthError::SignInFailed { .. })));
}
