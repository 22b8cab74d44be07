//! A client that appends and does next to nothing else, since it shares the processor with the server that is measured:
//! what it sends is made beforehand, and of an answer it reads no more than whether it is one, and where it ends.

use std::net::SocketAddr;

use bytes::{Bytes, BytesMut};
use httparse::{EMPTY_HEADER, Status};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::error::{BenchError, Result};

/// An answer has no more headers than this.
const HEADERS_MAX: usize = 32;

/// A client with one connection, which it keeps.
pub(super) struct Appender {
    stream: TcpStream,
    /// What of an answer has come.
    read: BytesMut,
}

/// How an answer ended.
struct Answer {
    status: u16,
    /// The bytes of its head and its body.
    len: usize,
}

impl Appender {
    pub(super) async fn connect(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await.map_err(BenchError::serving)?;
        stream.set_nodelay(true).map_err(BenchError::serving)?;
        Ok(Self { stream, read: BytesMut::new() })
    }

    /// What is sent to a server to append `body`.
    pub(super) fn request(server: SocketAddr, body: &[u8]) -> Bytes {
        let head = format!(
            "POST /v1/events HTTP/1.1\r\nhost: {server}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        [head.as_bytes(), body].concat().into()
    }

    /// Sends a request and waits for the whole answer.
    pub(super) async fn append(&mut self, request: &[u8]) -> Result<()> {
        self.stream.write_all(request).await.map_err(BenchError::serving)?;
        let answer = loop {
            if self.stream.read_buf(&mut self.read).await.map_err(BenchError::serving)? == 0 {
                return Err(BenchError::serving("the server closed the connection before it answered"));
            }
            if let Some(answer) = Answer::read(&self.read)? {
                break answer;
            }
        };
        let text = self.read.split_to(answer.len);
        if (200..300).contains(&answer.status) {
            return Ok(());
        }
        Err(BenchError::serving(format!("an append was answered: {}", String::from_utf8_lossy(&text))))
    }
}

impl Answer {
    /// The answer at the beginning of `read`; `None` where more of it is still to come.
    fn read(read: &[u8]) -> Result<Option<Self>> {
        let mut headers = [EMPTY_HEADER; HEADERS_MAX];
        let mut head = httparse::Response::new(&mut headers);
        let Status::Complete(head_len) = head.parse(read).map_err(BenchError::serving)? else {
            return Ok(None);
        };
        let body_len = head.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
        let body_len = body_len.and_then(|header| str::from_utf8(header.value).ok()?.parse::<usize>().ok());
        let body_len = body_len.ok_or_else(|| BenchError::serving("an answer does not tell its length"))?;
        let len = head_len + body_len;
        Ok((read.len() >= len).then(|| Self { status: head.code.unwrap_or_default(), len }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_one_when_all_of_it_is_there() {
        let text = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\nx: y\r\n\r\n{}HTTP/1.1";
        let end = text.len() - "HTTP/1.1".len();
        assert!((0..end).all(|len| Answer::read(&text[..len]).unwrap().is_none()));
        let answer = Answer::read(text).unwrap().unwrap();
        assert_eq!((answer.status, answer.len), (201, end));
        assert!(Answer::read(b"HTTP/1.1 201 Created\r\n\r\n").is_err());
        assert!(Answer::read(b"SMTP").is_err());
    }
}
