use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

use super::connector::Connector;
use crate::schema_name::SchemaName;

/// A connection that says nothing for so long is asked whether it is still there.
const SILENCE_MAX: Duration = Duration::from_secs(30);

/// So long a server may take to accept a connection.
const CONNECTING_MAX: Duration = Duration::from_secs(10);

/// What every connection is set to. A lock is of no use in a transaction that goes on seeing what was before it. Plans
/// are made once for all parameters, and go by indexes, in their order, also while tables are empty or not analysed.
const SETTINGS: &str = " -c default_transaction_isolation=read\\ committed -c jit=off -c enable_seqscan=off \
     -c enable_sort=off -c plan_cache_mode=force_generic_plan";

/// Where a log is: a schema of a database of a server, as
/// `postgres://USER:PASSWORD@HOST:PORT/DATABASE?schema=NAME`.
///
/// Besides what libpq's URLs may say there is `schema`, `annals` by default, and `sslrootcert`, a file of
/// certificates to believe instead of the operating system's. The server's certificate is always checked where TLS
/// is used; it is used unless the URL says `sslmode=disable`, or the server is on this machine and the URL says
/// nothing. The password is never shown.
#[derive(Clone, PartialEq)]
pub struct PostgresLocation {
    /// The URL without what this program adds to URLs, password included.
    url: String,
    pub(crate) config: Config,
    /// What the URL says that connections are to be set to.
    settings: String,
    pub(crate) schema: SchemaName,
    pub(crate) root_certificates: Option<PathBuf>,
    pub(crate) encryption: Encryption,
}

/// Whether a connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encryption {
    None,
    Tls,
}

/// Why a text is no location of a log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidLocation {
    /// It is no URL of a PostgreSQL database.
    #[error(
        "the text is no URL of a PostgreSQL database ({reason}); write postgres://USER@HOST/DATABASE?schema=NAME"
    )]
    Url {
        /// What is wrong, without the text itself, in which a password may stand.
        reason: String,
    },
    /// The schema's name is none.
    #[error(
        "{name:?} is no name of a log's schema; use lowercase letters, digits and '_', at most 48, and not 'pg_' first"
    )]
    Schema {
        /// The name.
        name: String,
    },
}

impl PostgresLocation {
    /// The schema.
    #[must_use]
    pub fn schema(&self) -> &SchemaName {
        &self.schema
    }

    /// The same place with another schema.
    #[must_use]
    pub fn with_schema(mut self, schema: SchemaName) -> Self {
        self.schema = schema;
        self.set_up()
    }

    /// The whole URL, password included, to be handed to another process in a way that nobody else sees.
    #[must_use]
    pub fn to_url_with_password(&self) -> String {
        let certificates =
            self.root_certificates.iter().map(|file| format!("&sslrootcert={}", file.display()));
        format!("{}schema={}{}", self.url, self.schema, certificates.collect::<String>())
    }

    /// A plain connection to the same database, encrypted as a store's own are but set to nothing that its URL does not
    /// say, for raw clients that are measured beside a store.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`](annals_store::StoreError::Unavailable).
    pub async fn connect(&self) -> crate::errors::Result<tokio_postgres::Client> {
        let mut plain = self.clone();
        plain.config.options(&self.settings);
        Ok(Connector::new(plain)?.connect_plainly().await?)
    }

    /// The location with connections that are set to what they must be.
    fn set_up(mut self) -> Self {
        let settings = format!("{} -c search_path={},pg_temp{SETTINGS}", self.settings, self.schema);
        self.config.options(settings.trim_start());
        self
    }
}

impl FromStr for PostgresLocation {
    type Err = InvalidLocation;

    fn from_str(url: &str) -> Result<Self, InvalidLocation> {
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        if !base.starts_with("postgres://") && !base.starts_with("postgresql://") {
            return Err(InvalidLocation::Url { reason: "it does not begin with postgres://".to_owned() });
        }
        let (mut schema, mut root_certificates, mut rest) = (SchemaName::default(), None, Vec::new());
        let mut ssl_mode_is_said = false;
        for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
            match parameter.split_once('=') {
                Some(("schema", name)) => schema = name.parse()?,
                Some(("sslrootcert", file)) => root_certificates = Some(PathBuf::from(file)),
                // The certificate is always checked.
                Some(("sslmode", "verify-full" | "verify-ca")) => {
                    ssl_mode_is_said = true;
                    rest.push("sslmode=require");
                }
                Some(("sslmode", _)) => {
                    ssl_mode_is_said = true;
                    rest.push(parameter);
                }
                _ => rest.push(parameter),
            }
        }
        let url = rest.iter().fold(format!("{base}?"), |url, parameter| url + parameter + "&");
        let mut config: Config =
            format!("{base}?{}", rest.join("&")).parse().map_err(|error: tokio_postgres::Error| {
                let source = std::error::Error::source(&error).map(ToString::to_string);
                InvalidLocation::Url { reason: source.unwrap_or_else(|| error.to_string()) }
            })?;
        let encryption = match config.get_ssl_mode() {
            SslMode::Disable => Encryption::None,
            SslMode::Prefer if !ssl_mode_is_said && config.get_hosts().iter().all(is_here) => {
                Encryption::None
            }
            _ => Encryption::Tls,
        };
        config.ssl_mode(if encryption == Encryption::None { SslMode::Disable } else { SslMode::Require });
        config.keepalives_idle(SILENCE_MAX).tcp_user_timeout(SILENCE_MAX).connect_timeout(CONNECTING_MAX);
        if config.get_application_name().is_none() {
            config.application_name("annals");
        }
        let settings = config.get_options().unwrap_or_default().to_owned();
        Ok(Self { url, config, settings, schema, root_certificates, encryption }.set_up())
    }
}

/// Whether a host is this machine.
fn is_here(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => matches!(name.as_str(), "localhost" | "127.0.0.1" | "::1"),
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

impl fmt::Display for PostgresLocation {
    /// Host, database and schema; never the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = match self.config.get_hosts().first() {
            Some(Host::Tcp(name)) => name.clone(),
            #[cfg(unix)]
            Some(Host::Unix(path)) => path.display().to_string(),
            None => String::new(),
        };
        let database = self.config.get_dbname().or(self.config.get_user()).unwrap_or_default();
        write!(f, "postgres://{host}/{database}?schema={}", self.schema)
    }
}

impl fmt::Debug for PostgresLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgresLocation({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn location(url: &str) -> PostgresLocation {
        url.parse().unwrap()
    }

    #[test]
    fn shows_everything_but_the_password() {
        let location = location("postgres://ann:hush%20hush@db.example/app?schema=orders");
        assert_eq!(location.to_string(), "postgres://db.example/app?schema=orders");
        assert!(!format!("{location:?}").contains("hush"));
    }

    #[test]
    fn the_url_with_the_password_leads_to_the_same_place() {
        let said = location(
            "postgres://ann:hush@db.example/app?sslmode=verify-full&schema=orders&sslrootcert=/ca.pem",
        );
        let elsewhere = said.with_schema("orders_2".parse().unwrap());
        let url = elsewhere.to_url_with_password();
        assert_eq!(
            url,
            "postgres://ann:hush@db.example/app?sslmode=require&schema=orders_2&sslrootcert=/ca.pem"
        );
        assert_eq!(location(&url), elsewhere);
    }

    #[test]
    fn says_what_is_wrong_without_quoting_the_text() {
        for url in
            ["postgres://ann:hush@db:no-port/app", "postgres://ann:hush@db/app?colour=red", "ann:hush@db"]
        {
            let error = url.parse::<PostgresLocation>().unwrap_err().to_string();
            assert!(!error.contains("hush"), "{error}");
        }
    }

    #[test]
    fn encrypts_unless_told_otherwise_or_on_this_machine() {
        let encryption = |url| location(url).encryption;
        assert_eq!(encryption("postgres://ann@db.example/app"), Encryption::Tls);
        assert_eq!(encryption("postgres://ann@db.example/app?sslmode=verify-full"), Encryption::Tls);
        assert_eq!(encryption("postgres://ann@db.example/app?sslmode=disable"), Encryption::None);
        assert_eq!(encryption("postgres://ann@127.0.0.1/app"), Encryption::None);
        assert_eq!(encryption("postgres://ann@%2Frun%2Fpg/app"), Encryption::None);
        assert_eq!(encryption("postgres://ann@localhost/app?sslmode=require"), Encryption::Tls);
    }

    #[test]
    fn another_schema_is_where_connections_look() {
        let elsewhere = location("postgres://ann@db/app?options=-c%20work_mem=8MB");
        let elsewhere = elsewhere.with_schema("orders_2".parse().unwrap());
        let settings = elsewhere.config.get_options().unwrap();
        assert!(settings.starts_with("-c work_mem=8MB -c search_path=orders_2,pg_temp "), "{settings}");
        assert_eq!(settings.matches("search_path").count(), 1);
    }

    #[test]
    fn a_schema_is_a_plain_name() {
        let named = |name: &str| format!("postgres://ann@db/app?schema={name}").parse::<PostgresLocation>();
        assert_eq!(location("postgres://ann@db/app").schema().as_str(), "annals");
        assert_eq!(named("orders_2").unwrap().schema().as_str(), "orders_2");
        for name in ["", "Orders", "2x", "a-b", "a\"b", "pg_x", &"x".repeat(49)] {
            assert!(matches!(named(name), Err(InvalidLocation::Schema { .. })), "{name:?}");
        }
    }
}
