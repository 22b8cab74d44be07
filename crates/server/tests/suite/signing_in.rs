//! A browser's way to the identity provider and back. The provider is a scene's; `annals-auth` asks a real one.

use std::sync::{Arc, Mutex};

use annals_auth::{AuthOptions, ProviderOptions};
use annals_server::ServerOptions;
use axum::Router;
use axum::http::{Method, StatusCode};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::book::Answer;
use crate::people::{Office, auth_options};

/// A provider that grants whoever comes an identity token with claims that are told to it.
struct Scene {
    office: Office,
    claims: Arc<Mutex<Value>>,
    issuer: String,
}

impl Scene {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let claims = Arc::new(Mutex::new(json!({})));
        let router = provider(&issuer, claims.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let callback = "http://127.0.0.1:4720/session/callback";
        let provider = Some(ProviderOptions::new(&issuer, "annals", callback));
        let auth = AuthOptions { provider, ..auth_options() };
        let office = Office::with_auth(&auth, ServerOptions::default()).await;
        Self { office, claims, issuer }
    }

    async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.office.ask_with(&[("cookie", cookie)], Method::GET, path, None).await
    }

    /// Goes to the provider, which grants these roles; where it sends the browser back to, and the cookie until then.
    async fn depart(&self, return_to: &str, roles: &[&str]) -> (String, String) {
        let answer = self.get(&format!("/session/sign-in?returnTo={return_to}"), "").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let location = answer.headers["location"].to_str().unwrap();
        let (base, query) = location.split_once('?').unwrap();
        assert_eq!(base, format!("{}/authorize", self.issuer));
        let said = |wanted: &str| {
            let mut pairs = form_urlencoded::parse(query.as_bytes());
            pairs.find(|(name, _)| name == wanted).unwrap().1.into_owned()
        };
        *self.claims.lock().unwrap() = json!({
            "iss": self.issuer, "aud": "annals", "sub": "maria", "nonce": said("nonce"),
            "exp": 4_000_000_000_u64, "roles": roles, "logs": ["main"],
        });
        // Keycloak and others say more than the specification has.
        let back = format!("/session/callback?code=c&session_state=x&state={}", said("state"));
        let kept = answer.headers["set-cookie"].to_str().unwrap();
        assert!(kept.contains("SameSite=Lax") && kept.contains("HttpOnly"), "{kept}");
        (back, kept.split(';').next().unwrap().to_owned())
    }
}

fn provider(issuer: &str, claims: Arc<Mutex<Value>>) -> Router {
    let key = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
    let key = Arc::new(Ed25519KeyPair::from_pkcs8(key.as_ref()).unwrap());
    let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let x = encode(key.public_key().as_ref());
    let keys = json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": x}]}).to_string();
    let document = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
    });
    let document = document.to_string();
    let grant = move || {
        let claims = claims.lock().unwrap().to_string();
        let signed = format!("{}.{}", encode(br#"{"alg":"EdDSA"}"#), encode(claims.as_bytes()));
        let token = format!("{signed}.{}", encode(key.sign(signed.as_bytes()).as_ref()));
        async move { json!({"id_token": token}).to_string() }
    };
    Router::new()
        .route("/.well-known/openid-configuration", get(move || async move { document }))
        .route("/keys", get(move || async move { keys }))
        .route("/token", post(grant))
}

#[tokio::test]
async fn who_comes_back_from_the_provider_has_a_session_and_goes_on() {
    let scene = Scene::new().await;
    let (back, kept) = scene.depart("/events%3Ftype%3DA%26order%3Ddesc", &["reader"]).await;
    let answer = scene.get(&back, &kept).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert!(answer.text.contains(r#"content="0;url=/events?type=A&amp;order=desc""#), "{}", answer.text);
    assert!(answer.headers["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
    let set: Vec<&str> =
        answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    assert!(set[0].contains("SameSite=Strict") && set[1].starts_with("annals-sign-in=;"), "{set:?}");
    let session = set[0].split(';').next().unwrap();
    let me = scene.get("/v1/me", session).await.json();
    assert_eq!(
        (&me["subject"], &me["roles"], &me["logs"]),
        (&json!("maria"), &json!(["reader"]), &json!(["main"]))
    );
    assert!(me["csrfToken"].is_string());
}

#[tokio::test]
async fn who_comes_back_without_the_cookie_or_with_another_state_has_none() {
    let scene = Scene::new().await;
    let (back, kept) = scene.depart("/", &["reader"]).await;
    for (back, cookie) in [(back.as_str(), ""), ("/session/callback?code=c&state=x", kept.as_str())] {
        let answer = scene.get(back, cookie).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::UNAUTHORIZED, "sign-in-failed"));
        assert!(!answer.headers.contains_key("set-cookie"));
    }
}

#[tokio::test]
async fn who_has_no_role_is_told_where_roles_are_looked_for() {
    let scene = Scene::new().await;
    let (back, kept) = scene.depart("/", &["offline_access"]).await;
    let answer = scene.get(&back, &kept).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::FORBIDDEN, "role-missing"));
    assert!(answer.text.contains("/roles"));
}

#[tokio::test]
async fn nobody_is_led_to_another_server_or_into_a_script() {
    let scene = Scene::new().await;
    for elsewhere in ["https://evil.example", "//evil.example", "/%5Cevil.example"] {
        let (back, kept) = scene.depart(elsewhere, &["reader"]).await;
        let page = scene.get(&back, &kept).await.text;
        assert!(page.contains(r#"content="0;url=/""#), "{elsewhere}: {page}");
    }
    let (back, kept) = scene.depart("/%22%3E%3Cscript%3E", &["reader"]).await;
    let page = scene.get(&back, &kept).await.text;
    assert!(!page.contains("<script>"), "{page}");
}
