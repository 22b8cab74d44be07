use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::binaries::{folder as binaries, give_away, must_have, run, unprivileged};
use crate::warden::{Warden, opened};
use crate::{PASSWORD, SUPERUSER};

/// How a server is to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shutdown {
    /// Connections are ended, everything is written.
    Fast,
    /// As in a crash: everything stops where it is, and the next start recovers.
    Immediate,
}

/// A server in a temporary folder, on loopback, a port of its own and a socket in its folder. It is stopped, and
/// its folder removed, when it is dropped; a warden sees to it when the process is killed.
pub struct Cluster {
    server: Server,
    is_running: bool,
    _folder: TempDir,
    /// Held as long as the server is used, and let go of when its folder is gone.
    _usage: File,
}

/// A server's folder and port.
pub(crate) struct Server {
    pub(crate) folder: PathBuf,
    pub(crate) port: u16,
}

impl Cluster {
    /// Starts a new, empty server.
    ///
    /// # Panics
    /// When there is no PostgreSQL, or it does not start.
    #[must_use]
    pub fn start() -> Self {
        let cluster = Self::create();
        cluster.server.start();
        cluster
    }

    /// Starts a new, empty server that speaks TLS over TCP with a certificate of its own, and says where that is.
    ///
    /// # Panics
    /// When there is no PostgreSQL or no `openssl`, or it does not start.
    #[must_use]
    pub fn start_with_tls() -> (Self, PathBuf) {
        let cluster = Self::create();
        let certificate = cluster.server.encrypt();
        cluster.server.start();
        (cluster, certificate)
    }

    /// Starts a streaming replica of this server, which is stopped while it is copied.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start_replica(&mut self) -> Self {
        self.stop(Shutdown::Fast);
        let replica = Self::create_with(|folder| Server::replica(folder, &self.server));
        self.start_again();
        replica.server.start();
        replica
    }

    /// A server that is to be started.
    fn create() -> Self {
        Self::create_with(Server::create)
    }

    fn create_with(create: impl FnOnce(&Path) -> Server) -> Self {
        let folder = TempDir::with_prefix("annals-postgres-").expect("a temporary folder");
        let server = create(folder.path());
        let (users, own_lock) = (folder.path().join("users"), folder.path().join("warden"));
        let usage = opened(&users);
        usage.lock_shared().expect("the lock of the server's users");
        Warden { users: &users, own_lock: &own_lock, folder: folder.path(), grace_seconds: 0 }.set();
        Self { server, is_running: true, _folder: folder, _usage: usage }
    }

    /// Where the server is, as an URL without a password: over its socket everybody is trusted.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.socket_url()
    }

    /// Where the server is over TCP, where it asks for the password.
    #[must_use]
    pub fn tcp_url(&self) -> String {
        self.server.tcp_url()
    }

    /// The server's log file.
    #[must_use]
    pub fn log_file(&self) -> PathBuf {
        self.server.log_file()
    }

    /// Stops the server.
    pub fn stop(&mut self, how: Shutdown) {
        self.server.stop(how);
        self.is_running = false;
    }

    /// Starts the server again.
    pub fn start_again(&mut self) {
        self.server.start();
        self.is_running = true;
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.is_running {
            self.server.stop(Shutdown::Immediate);
        }
    }
}

impl Server {
    /// Makes a server in an empty folder.
    pub(crate) fn create(folder: &Path) -> Self {
        give_away(folder);
        let password = folder.join("password");
        std::fs::write(&password, PASSWORD).expect("the password's file");
        give_away(&password);
        // Names must be ordered by their bytes whatever the database's own order is, so that it is another one.
        run(unprivileged(&binaries().join("initdb"))
            .args(["--username", SUPERUSER, "--auth-local", "trust", "--auth-host", "scram-sha-256"])
            .args(["--encoding", "UTF8", "--locale", "C.UTF-8"])
            .args(["--locale-provider", "icu", "--icu-locale", "en-US"])
            .arg("--pwfile")
            .arg(&password)
            .arg("--pgdata")
            .arg(data(folder)));
        Self::at_free_port(folder)
    }

    /// Makes a replica of a server, which does not run, in an empty folder.
    fn replica(folder: &Path, primary: &Self) -> Self {
        give_away(folder);
        // Not every version is had with the program that copies one that runs.
        run(Command::new("cp").arg("-a").arg(data(&primary.folder)).arg(data(folder)));
        let settings = format!(
            "primary_conninfo = 'host={} port={} user={SUPERUSER}'\n",
            primary.folder.display(),
            primary.port
        );
        append(&data(folder).join("postgresql.auto.conf"), &settings);
        let signal = data(folder).join("standby.signal");
        std::fs::write(&signal, "").expect("the file that makes a server a replica");
        give_away(&signal);
        Self::at_free_port(folder)
    }

    fn at_free_port(folder: &Path) -> Self {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|socket| socket.local_addr());
        let port = free.expect("a free port").port();
        std::fs::write(folder.join("port"), port.to_string()).expect("the port's file");
        Self { folder: folder.to_owned(), port }
    }

    /// The server that lies in a folder, if one was completely made there.
    pub(crate) fn existing(folder: &Path) -> Option<Self> {
        let port = std::fs::read_to_string(folder.join("port")).ok()?.parse().ok()?;
        Some(Self { folder: folder.to_owned(), port })
    }

    pub(crate) fn socket_url(&self) -> String {
        let socket = self.folder.display().to_string().replace('/', "%2F");
        format!("postgres://{SUPERUSER}@{socket}:{}/postgres", self.port)
    }

    pub(crate) fn tcp_url(&self) -> String {
        format!("postgres://{SUPERUSER}:{PASSWORD}@127.0.0.1:{}/postgres?sslmode=disable", self.port)
    }

    pub(crate) fn log_file(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// Makes a certificate for this machine, and has the server use it from its next start on.
    fn encrypt(&self) -> PathBuf {
        let (certificate, key) = (self.folder.join("server.crt"), self.folder.join("server.key"));
        must_have("openssl", "openssl");
        run(Command::new("openssl")
            .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"])
            .args(["-days", "2", "-subj", "/CN=localhost", "-addext", "basicConstraints=critical,CA:FALSE"])
            .args(["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout"])
            .arg(&key)
            .arg("-out")
            .arg(&certificate));
        give_away(&key);
        let settings = format!(
            "ssl = on\nssl_cert_file = '{}'\nssl_key_file = '{}'\n",
            certificate.display(),
            key.display()
        );
        append(&data(&self.folder).join("postgresql.conf"), &settings);
        certificate
    }

    pub(crate) fn start(&self) {
        let options = format!(
            "-p {} -k {} -c listen_addresses=127.0.0.1 -c max_connections=300 -c autovacuum_naptime=5s",
            self.port,
            self.folder.display()
        );
        run(self.control("start").arg("--log").arg(self.log_file()).arg("--options").arg(options));
    }

    pub(crate) fn stop(&self, how: Shutdown) {
        let mode = match how {
            Shutdown::Fast => "fast",
            Shutdown::Immediate => "immediate",
        };
        run(self.control("stop").args(["--mode", mode]));
    }

    /// Whether the server's process, which notes its number in a file, is alive.
    pub(crate) fn is_running(&self) -> bool {
        let noted = std::fs::read_to_string(data(&self.folder).join("postmaster.pid")).unwrap_or_default();
        let command = noted.lines().next().map(|pid| format!("/proc/{pid}/comm"));
        let command = command.and_then(|path| std::fs::read_to_string(path).ok());
        command.is_some_and(|name| name.trim() == "postgres")
    }

    fn control(&self, action: &str) -> Command {
        let mut command = unprivileged(&binaries().join("pg_ctl"));
        command.args([action, "--wait", "--silent", "--pgdata"]).arg(data(&self.folder));
        command
    }
}

/// Adds settings to a server's.
fn append(file: &Path, settings: &str) {
    let before = std::fs::read_to_string(file).expect("the server's settings");
    std::fs::write(file, before + settings).expect("the server's settings");
}

fn data(folder: &Path) -> PathBuf {
    folder.join("data")
}
