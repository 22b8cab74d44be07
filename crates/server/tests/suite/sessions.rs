//! Signing in with a browser, and what its cookie is good for.

use std::time::Duration;

use annals::ActorId;
use annals_auth::{AllowedLogs, AuthOptions, ProviderOptions, Role, SignInGrant, Transport};
use annals_server::{Publication, ServerOptions};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::book::{Answer, Book};
use crate::people::{Office, auth_options, event};

/// A browser that is signed in.
struct Browser {
    cookie: String,
    csrf_token: String,
}

impl Browser {
    fn of(answer: &Answer) -> Self {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let set = answer.headers["set-cookie"].to_str().unwrap();
        let cookie = set.split(';').next().unwrap().to_owned();
        Self { cookie, csrf_token: answer.json()["csrfToken"].as_str().unwrap().to_owned() }
    }

    async fn sign_in(office: &Office, roles: &[Role]) -> Self {
        let token = office.token("maria", roles, "*");
        let body = json!({"token": token});
        Self::of(&office.ask_with(&[], Method::POST, "/session", Some(&body)).await)
    }

    async fn ask(&self, office: &Office, method: Method, path: &str, body: Option<&Value>) -> Answer {
        office.ask_with(&[("cookie", &self.cookie)], method, path, body).await
    }
}

#[tokio::test]
async fn a_token_is_exchanged_for_a_cookie_that_scripts_do_not_see() {
    let office = Office::with_events().await;
    let token = office.token("maria", &[Role::Auditor], "*");
    let answer = office.ask_with(&[], Method::POST, "/session", Some(&json!({"token": token}))).await;
    let set = answer.headers["set-cookie"].to_str().unwrap();
    for attribute in ["HttpOnly", "SameSite=Strict", "Path=/;", "Max-Age=3"] {
        assert!(set.contains(attribute), "{set}");
    }
    assert!(!set.contains("Secure") && !answer.text.contains(&token));
    let me = answer.json();
    assert_eq!((&me["subject"], &me["credential"]), (&json!("maria"), &json!("session")));
    let browser = Browser::of(&answer);
    assert_eq!(browser.ask(&office, Method::GET, "/v1/me", None).await.json(), me);
    let list = browser.ask(&office, Method::GET, "/v1/events", None).await.json();
    assert_eq!(list["items"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn with_tls_the_cookie_is_never_sent_without_it() {
    let office = Office::with(ServerOptions { transport: Transport::Tls, ..ServerOptions::default() }).await;
    let token = office.token("maria", &[Role::Auditor], "*");
    let answer = office.ask_with(&[], Method::POST, "/session", Some(&json!({"token": token}))).await;
    let set = answer.headers["set-cookie"].to_str().unwrap();
    assert!(set.starts_with("__Host-annals-session=") && set.ends_with("; Secure"), "{set}");
    let browser = Browser::of(&answer);
    assert!(browser.ask(&office, Method::GET, "/v1/events", None).await.status.is_success());
    let renamed = browser.cookie.replace("__Host-", "");
    let other = office.ask_with(&[("cookie", &renamed)], Method::GET, "/v1/events", None).await;
    assert_eq!(other.code(), "sign-in-needed");
}

#[tokio::test]
async fn a_session_changes_nothing_without_the_word_of_its_own() {
    let office = Office::new().await;
    let browser = Browser::sign_in(&office, &[Role::Writer]).await;
    let other = Browser::sign_in(&office, &[Role::Writer]).await;
    let append = async |said: Option<&str>| {
        let mut headers = vec![("cookie", browser.cookie.as_str())];
        headers.extend(said.map(|said| ("x-csrf-token", said)));
        office.ask_with(&headers, Method::POST, "/v1/events", Some(&event(None))).await
    };
    for said in [None, Some(""), Some("guess"), Some(other.csrf_token.as_str())] {
        let answer = append(said).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::FORBIDDEN, "csrf-token-missing"));
    }
    assert_eq!(append(Some(&browser.csrf_token)).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_token_goes_before_a_session_and_a_bad_one_is_not_made_good_by_it() {
    let office = Office::new().await;
    let browser = Browser::sign_in(&office, &[Role::Admin]).await;
    let reader = format!("Bearer {}", office.token("reader", &[Role::Reader], "*"));
    let ask = async |authorization: &str| {
        let headers = [("cookie", browser.cookie.as_str()), ("authorization", authorization)];
        office.ask_with(&headers, Method::GET, "/v1/stats", None).await
    };
    assert_eq!(ask(&reader).await.code(), "forbidden");
    assert_eq!(ask("Bearer x.y.z").await.code(), "token-refused");
    assert_eq!(ask("Basic bWFyaWE6eA==").await.code(), "sign-in-needed");
    let twice = [("authorization", reader.as_str()), ("authorization", reader.as_str())];
    assert_eq!(office.ask_with(&twice, Method::GET, "/v1/events", None).await.code(), "sign-in-needed");
}

#[tokio::test]
async fn a_code_signs_in_once() {
    let office = Office::new().await;
    let grant = SignInGrant {
        subject: ActorId::new("maria").unwrap(),
        roles: [Role::Admin].into_iter().collect(),
        logs: AllowedLogs::All,
        lifetime: Duration::from_secs(60),
    };
    let code = office.authenticator.codes().issue(grant).unwrap();
    let body = json!({"code": code.as_str()});
    let sign_in = async || office.ask_with(&[], Method::POST, "/session", Some(&body)).await;
    let browser = Browser::of(&sign_in().await);
    assert!(browser.ask(&office, Method::GET, "/v1/stats", None).await.status.is_success());
    let again = sign_in().await;
    assert_eq!((again.status, again.code().as_str()), (StatusCode::UNAUTHORIZED, "sign-in-failed"));
    assert!(!again.headers.contains_key("set-cookie") && !again.text.contains(code.as_str()));
}

#[tokio::test]
async fn what_is_no_way_to_sign_in_is_refused_and_not_repeated() {
    let office = Office::new().await;
    for body in
        [json!({}), json!({"token": "a", "code": "b"}), json!({"token": 7}), json!({"password": "hunter2"})]
    {
        let answer = office.ask_with(&[], Method::POST, "/session", Some(&body)).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::BAD_REQUEST, "body-unreadable"));
        assert!(!answer.text.contains("hunter2"));
    }
    // A form of another site can send this type without asking.
    let form = [("content-type", "text/plain")];
    let answer = office.ask_with(&form, Method::POST, "/session", None).await;
    assert_eq!(answer.code(), "media-type-refused");
    let without = office.token("maria", &[Role::Reader], "*");
    let damaged = json!({"token": &without[..without.len() - 2]});
    let answer = office.ask_with(&[], Method::POST, "/session", Some(&damaged)).await;
    assert_eq!(answer.code(), "token-refused");
}

#[tokio::test]
async fn another_server_with_the_same_secret_knows_the_session() {
    let (one, two) = (Office::new().await, Office::new().await);
    let browser = Browser::sign_in(&one, &[Role::Writer]).await;
    let headers = [("cookie", browser.cookie.as_str()), ("x-csrf-token", browser.csrf_token.as_str())];
    let answer = two.ask_with(&headers, Method::POST, "/v1/events", Some(&event(None))).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
}

#[tokio::test]
async fn a_session_that_is_over_is_taken_back() {
    let office = Office::new().await;
    let token = office.token_for("maria", &[Role::Admin], "*", Duration::from_secs(1));
    // The leeway lets a token in that has just ended, and no session outlives its token.
    let signed_in = office.ask_with(&[], Method::POST, "/session", Some(&json!({"token": token}))).await;
    let browser = Browser::of(&signed_in);
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    let over = browser.ask(&office, Method::GET, "/v1/events", None).await;
    assert_eq!((over.status, over.code().as_str()), (StatusCode::UNAUTHORIZED, "session-over"));
    assert!(over.headers["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    let out = browser.ask(&office, Method::DELETE, "/session", None).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    assert!(out.headers["set-cookie"].to_str().unwrap().starts_with("annals-session=;"));
}

#[tokio::test]
async fn a_client_is_told_how_to_come_back() {
    let office = Office::new().await;
    let challenge = async |headers: &[(&str, &str)], path: &str| {
        let answer = office.ask_with(headers, Method::GET, path, None).await;
        answer.headers["www-authenticate"].to_str().unwrap().to_owned()
    };
    assert_eq!(challenge(&[], "/v1/events").await, r#"Bearer realm="annals""#);
    let refused = [("authorization", "Bearer x.y.z")];
    assert_eq!(challenge(&refused, "/v1/events").await, r#"Bearer realm="annals", error="invalid_token""#);
    let reader = format!("Bearer {}", office.token("reader", &[Role::Reader], "*"));
    let reader = [("authorization", reader.as_str())];
    assert_eq!(challenge(&reader, "/v1/stats").await, r#"Bearer realm="annals", error="insufficient_scope""#);
}

#[tokio::test]
async fn tiles_and_checkpoints_are_for_callers_only_where_the_options_say_so() {
    let options = ServerOptions { publication: Publication::ForCallers, ..ServerOptions::default() };
    let office = Office::with(options).await;
    let admin = office.token("admin", &[Role::Admin], "*");
    office.ask_as(&admin, Method::POST, "/v1/events", Some(&event(None))).await;
    for path in ["/checkpoint", "/logs/main/checkpoint", "/tile/0/000.p/1"] {
        assert_eq!(office.ask_with(&[], Method::GET, path, None).await.code(), "sign-in-needed", "{path}");
        let writer = office.token("maria", &[Role::Writer], "main");
        assert!(office.ask_as(&writer, Method::GET, path, None).await.status.is_success(), "{path}");
        let of_other = office.token("maria", &[Role::Writer], "access");
        assert_eq!(office.ask_as(&of_other, Method::GET, path, None).await.code(), "no-such-log", "{path}");
    }
}

#[tokio::test]
async fn without_a_key_there_is_nothing_to_sign_in_to() {
    let book = Book::empty().await;
    assert_eq!(book.json("/session").await, json!({"needed": false, "provider": false}));
    let me = book.json("/v1/me").await;
    assert_eq!((&me["subject"], &me["credential"]), (&json!("anonymous"), &json!("loopback")));
    assert_eq!((&me["roles"], &me["csrfToken"]), (&json!(["admin"]), &Value::Null));
    let answer = book.post("/session", &json!({"token": "whatever"})).await;
    assert_eq!(answer.json(), me);
    assert!(!answer.headers.contains_key("set-cookie"));
}

#[tokio::test]
async fn without_a_provider_nobody_is_sent_to_one_and_one_that_is_gone_is_told() {
    let office = Office::new().await;
    assert_eq!(office.book.json("/session").await, json!({"needed": true, "provider": false}));
    for path in ["/session/sign-in", "/session/callback?code=a&state=b"] {
        assert_eq!(office.ask_with(&[], Method::GET, path, None).await.code(), "no-such-route", "{path}");
    }
    let callback = "http://127.0.0.1:4720/session/callback";
    let provider = Some(ProviderOptions::new("http://127.0.0.1:1", "annals", callback));
    let office =
        Office::with_auth(&AuthOptions { provider, ..auth_options() }, ServerOptions::default()).await;
    assert_eq!(office.book.json("/session").await, json!({"needed": true, "provider": true}));
    let gone = office.ask_with(&[], Method::GET, "/session/sign-in?returnTo=/events", None).await;
    assert_eq!((gone.status, gone.code().as_str()), (StatusCode::SERVICE_UNAVAILABLE, "issuer-unavailable"));
    let early = office.ask_with(&[], Method::GET, "/session/callback?code=a&state=b", None).await;
    assert_eq!((early.status, early.code().as_str()), (StatusCode::UNAUTHORIZED, "sign-in-failed"));
}
