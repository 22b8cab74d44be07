use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::problem::{PROBLEM_JSON, Problem, RequestError};
use crate::tls::TlsIdentity;

/// With this byte every conversation in TLS begins: it is the type of a record that is a handshake (RFC 8446 section 5.1).
/// No method of HTTP does.
const HANDSHAKE: u8 = 22;

/// So much of what a refused client goes on to send is taken in, and for so long.
const UNREAD_BYTES_MAX: u64 = 64 << 10;
const UNREAD_FOR: Duration = Duration::from_secs(1);

/// A connection, once it is known how it is spoken over.
pub(super) enum Opened {
    /// In the clear.
    Plain(TcpStream),
    /// In TLS.
    Tls(Box<TlsStream<TcpStream>>),
    /// In the clear where it has to be TLS. The client was told so.
    Refused,
}

/// Begins TLS where the server has what it needs for that.
///
/// # Errors
/// What the network or TLS says, when the client does not want to go on.
pub(super) async fn open(stream: TcpStream, tls: Option<TlsIdentity>) -> io::Result<Opened> {
    let Some(identity) = tls else { return Ok(Opened::Plain(stream)) };
    let mut first = [0];
    if stream.peek(&mut first).await? == 1 && first != [HANDSHAKE] {
        refuse(stream).await?;
        return Ok(Opened::Refused);
    }
    let stream = TlsAcceptor::from(identity.config()).accept(stream).await?;
    Ok(Opened::Tls(Box::new(stream)))
}

/// Says in the clear that nothing is said in the clear.
async fn refuse(mut stream: TcpStream) -> io::Result<()> {
    let error = RequestError::TlsNeeded;
    let body = Problem::from(&error).to_json();
    let answer = format!(
        "HTTP/1.1 {}\r\ncontent-type: {PROBLEM_JSON}\r\ncontent-length: {}\r\ncache-control: no-store\r\n\
         x-content-type-options: nosniff\r\nconnection: close\r\n\r\n{body}",
        error.status(),
        body.len()
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await?;
    // A connection that is closed while something is unread is reset, and the answer may be lost with it.
    let mut rest = stream.take(UNREAD_BYTES_MAX);
    let _ = timeout(UNREAD_FOR, tokio::io::copy(&mut rest, &mut tokio::io::sink())).await;
    Ok(())
}
