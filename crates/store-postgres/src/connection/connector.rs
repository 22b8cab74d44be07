use std::future::poll_fn;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Notify;
use tokio_postgres::{AsyncMessage, Client, Connection, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::location::{Encryption, PostgresLocation};
use super::session::Session;
use super::tls::encryption;
use crate::errors::{Failure, Result};
use crate::sql;

/// Makes connections to the server of a log.
pub(crate) struct Connector {
    location: PostgresLocation,
    /// `None` where connections are not encrypted.
    tls: Option<MakeRustlsConnect>,
}

impl Connector {
    pub(crate) fn new(location: PostgresLocation) -> Result<Self> {
        let tls = match location.encryption {
            Encryption::None => None,
            Encryption::Tls => Some(encryption(location.root_certificates.as_deref())?),
        };
        Ok(Self { location, tls })
    }

    pub(crate) fn location(&self) -> &PostgresLocation {
        &self.location
    }

    /// A new connection.
    pub(crate) async fn connect(&self) -> std::result::Result<Session, Failure> {
        self.connect_and(None).await
    }

    /// A new connection that tells `heard` whenever the server sends a notification, and when it ends.
    pub(crate) async fn listen(&self, heard: Arc<Notify>) -> std::result::Result<Session, Failure> {
        self.connect_and(Some(heard)).await
    }

    /// A new connection without anything that was prepared or set.
    pub(super) async fn connect_plainly(&self) -> std::result::Result<Client, Failure> {
        self.client(None).await
    }

    async fn connect_and(&self, heard: Option<Arc<Notify>>) -> std::result::Result<Session, Failure> {
        let client = self.client(heard).await?;
        client.query(sql::SESSION, &[]).await?;
        Ok(Session::new(client))
    }

    async fn client(&self, heard: Option<Arc<Notify>>) -> std::result::Result<Client, Failure> {
        Ok(match &self.tls {
            None => {
                let (client, connection) = self.location.config.connect(NoTls).await?;
                serve(connection, heard, client)
            }
            Some(tls) => {
                let (client, connection) = self.location.config.connect(tls.clone()).await?;
                serve(connection, heard, client)
            }
        })
    }
}

/// Has a connection served by a task until it ends, or nobody has its client any more.
fn serve<S, T>(mut connection: Connection<S, T>, heard: Option<Arc<Notify>>, client: Client) -> Client
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    tokio::spawn(async move {
        loop {
            match poll_fn(|context| connection.poll_message(context)).await {
                Some(Ok(AsyncMessage::Notification(_))) => {}
                Some(Ok(_)) => continue,
                Some(Err(error)) => {
                    tracing::debug!(%error, "a connection to PostgreSQL ended");
                    break;
                }
                None => break,
            }
            if let Some(heard) = &heard {
                heard.notify_one();
            }
        }
        if let Some(heard) = &heard {
            heard.notify_one();
        }
    });
    client
}
