//! The tests of the web UI, in a real browser against the real server, on both stores.

use std::env;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::{Checkout, Error, process, ui};

/// Names a browser to test with.
const CHROMIUM: &str = "CHROMIUM";

/// Where browsers of this kind lie, in the order in which they are tried.
const BROWSERS: &[&str] = &["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/// How long the live tail is followed here, beside whatever else the machine does.
const MEASURED_MINUTES: &str = "0.5";

/// Checks the UI's code, tests what needs no page, and then its pages on SQLite and on PostgreSQL. At the end it
/// reports how quick they are over a million events, which fails nothing unless a page does not work. The program must have
/// been built with the UI in it.
///
/// # Errors
/// The first step that fails, and [`Error::NoBrowser`].
pub(crate) fn test(checkout: &Checkout) -> Result<(), Error> {
    let web = ui::folder(checkout);
    let browser = browser()?;
    println!("The web UI, with {}:", browser.display());
    for script in ["check", "test", "size"] {
        process::run(ui::npm(&web).args(["run", "--silent", script]))?;
    }
    let pages = |store: Option<&str>| {
        let mut tests = ui::npm(&web);
        tests.args(["run", "--silent", "test:browser"]);
        tests.env(CHROMIUM, &browser).env("ANNALS_PROGRAM", program(checkout));
        process::run(match store {
            Some(url) => tests.env("ANNALS_BROWSER_POSTGRES", url),
            None => tests.env_remove("ANNALS_BROWSER_POSTGRES"),
        })
    };
    println!("Its pages over SQLite:");
    pages(None)?;
    println!("Its pages over PostgreSQL:");
    let server = PostgresServer::start(checkout)?;
    pages(Some(&server.url))?;
    drop(server);
    println!("Its pages over a million events, and followed live (a report; the whole: npm run measure):");
    let mut measure = ui::npm(&web);
    measure.args(["run", "--silent", "measure", "--", "--report", "--minutes", MEASURED_MINUTES]);
    process::run(measure.env(CHROMIUM, &browser).env("ANNALS_PROGRAM", program(checkout)))
}

/// The program that `cargo test` built.
fn program(checkout: &Checkout) -> PathBuf {
    checkout.target().join("debug").join(format!("annals{}", env::consts::EXE_SUFFIX))
}

/// The browser that is named, or one that is installed, or Debian's, which is then installed.
fn browser() -> Result<PathBuf, Error> {
    if let Some(named) = env::var_os(CHROMIUM).filter(|path| !path.is_empty()) {
        return Ok(named.into());
    }
    if let Some(found) = installed() {
        return Ok(found);
    }
    println!("There is no Chromium: trying to install Debian's");
    let apt = |arguments: &[&str]| process::run(Command::new("apt-get").args(arguments));
    let tried = apt(&["update"]).and_then(|()| apt(&["install", "--yes", "chromium"]));
    let tried = tried.err().map_or_else(String::new, |error| format!(" ({error})"));
    installed().ok_or(Error::NoBrowser { tried })
}

fn installed() -> Option<PathBuf> {
    BROWSERS.iter().map(Path::new).find(|path| path.is_file()).map(Path::to_owned)
}

/// The server that tests share, for as long as this lives.
struct PostgresServer {
    url: String,
    keeper: Child,
}

impl PostgresServer {
    fn start(checkout: &Checkout) -> Result<Self, Error> {
        let mut command = checkout.cargo();
        command.args(["run", "--quiet", "--package", "annals-test-postgres", "--example", "server"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let shown = process::shown(&command);
        let mut keeper =
            command.spawn().map_err(|source| Error::NotStarted { command: shown.clone(), source })?;
        let mut url = String::new();
        if let Some(said) = keeper.stdout.take() {
            let read = BufReader::new(said).read_line(&mut url);
            read.map_err(|source| Error::NotStarted { command: shown.clone(), source })?;
        }
        if url.trim().is_empty() {
            return Err(Error::CommandFailed { command: shown, status: 1 });
        }
        Ok(Self { url: url.trim().to_owned(), keeper })
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        // It ends with its standard input.
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}
