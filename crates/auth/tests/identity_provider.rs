//! Signing in with an identity provider that others wrote: npm's `oidc-provider`, run as it is, with a browser that is
//! played by this test. Needs Node.js 20 or later.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;

use annals_auth::{
    AuthError, AuthOptions, Authenticator, Callback, ClientSecret, KeySource, ProviderOptions, SharedSecret,
};
use annals_store::SystemClock;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use hyper::{Method, Request};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

const CALLBACK: &str = "http://127.0.0.1:4720/session/callback";

#[tokio::test]
async fn people_sign_in_with_a_provider_that_others_wrote() {
    let provider = RealProvider::start();
    let secret = Some(ClientSecret::from_text("a secret: with signs"));
    let clients = [("annals-with-secret", secret), ("annals-with-es256", None), ("annals-public", None)];
    for (client_id, client_secret) in clients {
        let authenticator = provider.authenticator(client_id, client_secret);
        let ours = authenticator.provider().expect("a provider");
        let departure = ours.begin("/events").await.expect("a sign-in");
        let callback = Browser::new().sign_in(&departure.location).await;
        let arrival = ours.finish(&departure.cookie, &callback).await.expect("signed in");
        assert_eq!(arrival.caller.subject().as_str(), "maria", "{client_id}");
        assert_eq!(arrival.caller.roles().to_string(), "auditor");
        assert_eq!(arrival.return_to, "/events");
        let again = ours.finish(&departure.cookie, &callback).await.unwrap_err();
        assert!(matches!(again, AuthError::SignInFailed { .. }), "a code is good once: {again}");
    }
}

#[tokio::test]
async fn a_code_without_the_proof_or_the_secret_of_who_asked_is_worth_nothing() {
    let provider = RealProvider::start();
    let wrong = Some(ClientSecret::from_text("another secret"));
    for (client_id, client_secret) in [("annals-with-secret", wrong), ("annals-public", None)] {
        let authenticator = provider.authenticator(client_id, client_secret);
        let ours = authenticator.provider().expect("a provider");
        let (one, other) = (ours.begin("/").await.expect("one"), ours.begin("/").await.expect("another"));
        let mut callback = Browser::new().sign_in(&one.location).await;
        // Somebody puts the code of one sign-in into another, whose state she knows and whose proof she does not.
        let cookie = if client_id == "annals-public" {
            callback.state = Some(state_of(&other.location));
            &other.cookie
        } else {
            &one.cookie
        };
        let refused = ours.finish(cookie, &callback).await.unwrap_err();
        assert!(
            matches!(&refused, AuthError::SignInFailed { reason } if reason.contains("refuses")),
            "{refused}"
        );
    }
}

fn state_of(location: &str) -> String {
    let (_, query) = location.split_once('?').expect("a query");
    parameters(query).remove("state").expect("a state")
}

/// The provider's process. It ends with its input.
struct RealProvider {
    process: Child,
    /// Kept open, for the provider writes warnings to it.
    _output: BufReader<ChildStdout>,
    issuer: String,
}

impl RealProvider {
    fn start() -> Self {
        let folder = installed();
        let mut process = Command::new("node")
            .arg("provider.mjs")
            .arg(CALLBACK)
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node is needed");
        let mut port = String::new();
        let mut output = BufReader::new(process.stdout.take().expect("an output"));
        output.read_line(&mut port).expect("a line");
        assert!(!port.is_empty(), "the provider did not start; Node.js 20 or later is needed");
        Self { process, _output: output, issuer: format!("http://localhost:{}", port.trim()) }
    }

    fn authenticator(&self, client_id: &str, client_secret: Option<ClientSecret>) -> Authenticator {
        let secret = SharedSecret::random().expect("a secret");
        let options = AuthOptions {
            provider: Some(ProviderOptions {
                client_secret,
                scopes: vec!["annals".to_owned()],
                ..ProviderOptions::new(&self.issuer, client_id, CALLBACK)
            }),
            ..AuthOptions::new(KeySource::SharedSecret(secret))
        };
        Authenticator::new(&options, Arc::new(SystemClock)).expect("good options")
    }
}

impl Drop for RealProvider {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// The folder in which the packages are, below the one for builds. Both tests need it, and one makes it.
fn installed() -> PathBuf {
    static INSTALLED: std::sync::OnceLock<PathBuf> = std::sync::OnceLock::new();
    INSTALLED.get_or_init(install).clone()
}

fn install() -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/identity_provider");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("identity-provider");
    std::fs::create_dir_all(&folder).expect("a folder");
    for file in ["package.json", "package-lock.json", "provider.mjs"] {
        std::fs::copy(source.join(file), folder.join(file)).expect("a copy");
    }
    let npm =
        Command::new("npm").args(["ci", "--silent", "--no-audit", "--no-fund"]).current_dir(&folder).output();
    let npm = npm.expect("npm is needed, which comes with Node.js");
    let told = String::from_utf8_lossy(&npm.stderr);
    assert!(npm.status.success(), "npm could not install the provider: {told}");
    folder
}

/// A browser in which somebody fills in the provider's forms.
struct Browser {
    client: Client<HttpConnector, Full<Bytes>>,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    fn new() -> Self {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { client, cookies: BTreeMap::new() }
    }

    /// Signs in as maria, agrees to everything, and comes back with what the provider says.
    async fn sign_in(mut self, location: &str) -> Callback {
        let mut url = location.to_owned();
        for _ in 0..12 {
            if let Some(query) = url.strip_prefix(CALLBACK).and_then(|rest| rest.strip_prefix('?')) {
                return callback(query);
            }
            let (next, page) = self.ask(Method::GET, &url, "").await;
            url = match next {
                Some(next) => absolute(&url, &next),
                None => {
                    let login = page.contains(r#"name="prompt" value="login""#);
                    let form = if login { "prompt=login&login=maria&password=x" } else { "prompt=consent" };
                    let (next, page) = self.ask(Method::POST, &url, form).await;
                    absolute(&url, &next.unwrap_or_else(|| panic!("the provider stopped at {page}")))
                }
            };
        }
        panic!("the provider went in circles, last to {url}")
    }

    /// Where the answer leads, if anywhere, and its page.
    async fn ask(&mut self, method: Method, url: &str, form: &str) -> (Option<String>, String) {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::builder()
            .method(method)
            .uri(url)
            .header(COOKIE, cookies.join("; "))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::new(Bytes::from(form.to_owned())));
        let answer = self.client.request(request.expect("a request")).await.expect("an answer");
        for cookie in answer.headers().get_all(SET_COOKIE) {
            let pair = cookie.to_str().expect("text").split(';').next().expect("a pair");
            let (name, value) = pair.split_once('=').expect("a value");
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let next = answer.headers().get(LOCATION).map(|next| next.to_str().expect("text").to_owned());
        let page = answer.into_body().collect().await.expect("a page").to_bytes();
        (next, String::from_utf8_lossy(&page).into_owned())
    }
}

fn absolute(base: &str, next: &str) -> String {
    if !next.starts_with('/') {
        return next.to_owned();
    }
    let end = base.match_indices('/').nth(2).map_or(base.len(), |(at, _)| at);
    format!("{}{next}", &base[..end])
}

fn callback(query: &str) -> Callback {
    let mut said = parameters(query);
    Callback {
        code: said.remove("code"),
        state: said.remove("state"),
        issuer: said.remove("iss"),
        error: said.remove("error"),
    }
}

fn parameters(query: &str) -> BTreeMap<String, String> {
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}
