//! A client for one question at a time.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::Value;

/// A server somewhere on this machine.
#[derive(Debug, Clone)]
pub(crate) struct Server {
    /// As in `127.0.0.1:4720`.
    pub(crate) address: String,
    /// A token that is sent with every question.
    pub(crate) token: Option<String>,
}

/// What a server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl Server {
    /// The server at an address that was printed, as in `http://127.0.0.1:4720`.
    pub(crate) fn at(printed: &str) -> Self {
        Self { address: printed.trim().trim_start_matches("http://").to_owned(), token: None }
    }

    pub(crate) fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.trim().to_owned()), ..self.clone() }
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "").unwrap()
    }

    /// Goes to a page as a browser does.
    pub(crate) fn visit(&self, path: &str) -> Answer {
        self.ask_with("GET", path, "Accept: text/html\r\n", "").unwrap()
    }

    pub(crate) fn post(&self, path: &str, body: &str) -> Answer {
        self.ask("POST", path, body).unwrap()
    }

    /// Has a body of JSON appended; `None` when the server is gone before it answers.
    pub(crate) fn append(&self, body: &str) -> Option<Answer> {
        self.append_with("", body).ok()
    }

    /// The same with further headers, each a line.
    pub(crate) fn append_with(&self, headers: &str, body: &str) -> std::io::Result<Answer> {
        self.ask_with("POST", "/v1/events", headers, body)
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> std::io::Result<Answer> {
        self.ask_with(method, path, "", body)
    }

    /// With further lines in the head.
    fn ask_with(&self, method: &str, path: &str, headers: &str, body: &str) -> std::io::Result<Answer> {
        let mut stream = TcpStream::connect(&self.address)?;
        let token = self.token.as_ref().map(|token| format!("Authorization: Bearer {token}\r\n"));
        // In one piece, as who is refused at the first byte may find the way closed for the second.
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{headers}{}\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            token.unwrap_or_default(),
            body.len(),
        );
        stream.write_all(request.as_bytes())?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        let gone = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
        let (head, body) = text.split_once("\r\n\r\n").ok_or_else(gone)?;
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(gone)?;
        let is_chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
        Ok(Answer { status, body: if is_chunked { unchunked(body) } else { body.to_owned() } })
    }
}

/// A body that came in chunks (RFC 9112 section 7.1), all of ASCII.
fn unchunked(mut body: &str) -> String {
    let mut whole = String::new();
    while let Some((size, rest)) = body.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).unwrap();
        whole.push_str(&rest[..size]);
        body = rest[size..].trim_start_matches("\r\n");
    }
    whole
}

impl Answer {
    /// Demands a status.
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}
