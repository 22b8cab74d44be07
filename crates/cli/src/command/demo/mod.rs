mod clock;
mod content;
mod door;
mod folder;
mod greeting;
mod letters;
mod logs;
mod teller;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use annals::{HttpEventStore, HttpLocation, InvalidLocation, LogName};
use annals_server::{Server, ServerOptions};
use clap::Args;
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};

use super::serve;
use crate::failure::Failure;
use crate::output::print_document;
use crate::shell::Shell;

use clock::StoryClock;
use content::Content;
use door::Door;
use folder::DemoFolder;
use greeting::{Demonstrated, Greeting};
use logs::DemoLogs;

/// The port that is tried first.
const PORT: u16 = 4720;

/// So many ports are tried; then any that is free is taken.
const PORTS: u16 = 100;

/// Show a running business
///
/// Starts a server on this machine and a small shop that writes to it: thirty days of orders, payments and stock, and
/// then about one thing a second. Some of it goes wrong. Prints a link that signs a browser in, once, and commands to
/// try while it runs. Who looks at what is recorded in a second log, access.
///
/// Everything lies in a temporary folder, the logs' keys included, and is removed at the end; with --dir it lies there,
/// stays, and goes on the next time. With --import, one's own log is shown instead of the shop.
///
/// As JSON: address, signIn, store, events, commands, each with command and what. Ctrl-C ends it.
#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// Where the log lies, rather than in a temporary folder
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
    /// Show what is in this file rather than the shop
    #[arg(long, value_name = "FILE")]
    import: Option<PathBuf>,
    /// How its records become events: see 'annals import'
    #[arg(long, value_name = "PRESET|FILE.jq", requires = "import", default_value = "annals")]
    map: String,
}

/// Runs until somebody ends it.
pub(crate) async fn run(args: DemoArgs, shell: &Shell) -> Result<(), Failure> {
    // Before there is anything that would be left behind.
    let stopping = stopping();
    let folder = DemoFolder::new(args.dir.as_deref())?;
    let outcome = demonstrate(&args, &folder, stopping, shell).await;
    let removed = folder.remove();
    outcome?;
    removed?;
    Ok(())
}

async fn demonstrate(
    args: &DemoArgs,
    folder: &DemoFolder,
    mut stopping: watch::Receiver<bool>,
    shell: &Shell,
) -> Result<(), Failure> {
    let door = Door::new()?;
    door.write_header(&folder.header())?;
    let options = ServerOptions { auth: Some(door.authenticator()), ..serve::options(shell)? };
    let listener = listen().await?;
    let address = listener.local_addr()?;
    let clock = Arc::new(StoryClock::default());
    let logs = DemoLogs::open(folder, clock.clone(), shell).await?;
    let content = match Content::prepare(args, &logs.main.log, folder, shell).await {
        Ok(content) => content,
        Err(failure) => {
            logs.close().await?;
            return Err(failure);
        }
    };
    let store = logs.main.log.store().clone();
    let (end, ended) = oneshot::channel::<()>();
    let server = Server::new(vec![logs.main, logs.access], options)?;
    let serving = tokio::spawn(server.serve(listener, async move {
        // It also ends when nobody is left to end it.
        let _ = ended.await;
    }));

    let telling = async {
        let shop = shop(address, &door).await?;
        let mut teller = content.teller(shop, clock);
        teller.tell_past(&mut stopping, shell).await?;
        if *stopping.borrow() {
            return Ok(());
        }
        let events = store.head().await?.size;
        let place = Demonstrated { address, folder, door: &door };
        let greeting = Greeting::new(&place, events, teller.story())?;
        print_document(&greeting, &shell.console)?;
        teller.go_on(&mut stopping, shell).await
    };
    let told = telling.await;
    drop((store, end));
    let served = serving.await.unwrap_or_else(|error| Err(std::io::Error::other(error).into()));
    served?;
    told
}

/// The log as the shop has it: it writes as everybody else does, through the server.
async fn shop(server: SocketAddr, door: &Door) -> Result<HttpEventStore, Failure> {
    let location: HttpLocation = format!("http://{server}").parse().map_err(InvalidLocation::from)?;
    Ok(HttpEventStore::open(&location.with_token(door.shop_token()?), &LogName::main()).await?)
}

/// The usual port, or the next one that is free.
async fn listen() -> Result<TcpListener, Failure> {
    let at = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    for port in PORT..PORT + PORTS {
        if let Ok(listener) = TcpListener::bind(at(port)).await {
            return Ok(listener);
        }
    }
    serve::listen(at(0)).await
}

/// Turns true when somebody wants it to end.
fn stopping() -> watch::Receiver<bool> {
    let (sender, receiver) = watch::channel(false);
    let asked = serve::asked_to_stop();
    tokio::spawn(async move {
        asked.await;
        sender.send_replace(true);
    });
    receiver
}
