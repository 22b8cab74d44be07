//! What a demonstration prints when everything is there.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::Path;

use annals_demo::{Plot, Story};
use serde::Serialize;

use super::door::Door;
use super::folder::DemoFolder;
use crate::failure::Failure;
use crate::output::{Console, Document};

/// Where everything is, and what to try.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Greeting {
    address: String,
    sign_in: String,
    store: String,
    events: u64,
    commands: Vec<Suggestion>,
    #[serde(skip)]
    is_temporary: bool,
}

/// A demonstration that runs.
pub(super) struct Demonstrated<'a> {
    pub(super) address: SocketAddr,
    pub(super) folder: &'a DemoFolder,
    pub(super) door: &'a Door,
}

/// A command that is worth trying while the demonstration runs.
#[derive(Serialize)]
struct Suggestion {
    /// What it shows.
    what: &'static str,
    command: String,
}

/// How the program and the store are written in a shell.
struct Names {
    program: String,
    store: String,
    server: String,
    /// The file with the header that lets in.
    header: String,
}

impl Greeting {
    /// What is said of a demonstration in a folder.
    ///
    /// # Errors
    /// [`Failure::Auth`] when no link can be made.
    pub(super) fn new(place: &Demonstrated<'_>, events: u64, story: Option<&Story>) -> Result<Self, Failure> {
        let Demonstrated { address, folder, door } = place;
        let names = Names {
            program: program(),
            store: quoted(&folder.store()),
            server: format!("http://{address}"),
            header: quoted(&folder.header()),
        };
        Ok(Self {
            sign_in: door.link(&format!("{}{}", names.server, page(story)))?,
            commands: names.suggestions(story),
            address: names.server,
            store: folder.store().display().to_string(),
            events,
            is_temporary: folder.is_temporary(),
        })
    }
}

/// The page that takes the code of a link, and goes on to what there is to see.
fn page(story: Option<&Story>) -> &'static str {
    match story {
        // The program was built without its UI.
        _ if annals_ui::files().is_empty() => "/docs",
        Some(_) => "/sign-in?tour=shop",
        None => "/sign-in",
    }
}

impl Names {
    fn suggestions(&self, story: Option<&Story>) -> Vec<Suggestion> {
        let mut suggestions =
            vec![self.annals("Check from outside that nothing in it was altered", "verify")];
        match story {
            Some(story) => suggestions.extend(self.of_shop(story)),
            None => suggestions.extend([
                self.annals("What is in it", "stats --format table"),
                self.annals("Of whom it tells", "aggregates --limit 20"),
                self.annals("How it ends", "events --reverse --limit 10"),
                self.curl("The same over HTTP", "/v1/events?order=desc&limit=10"),
            ]),
        }
        suggestions
    }

    /// What goes wrong in the shop, found in different ways.
    fn of_shop(&self, story: &Story) -> Vec<Suggestion> {
        let mut suggestions = Vec::new();
        if let Some(refund) = story.chapter(Plot::DoubleRefund) {
            let question = format!("blame {}", refund.stream);
            suggestions.push(self.annals("Who refunded more than was paid?", &question));
        }
        if let Some(price) = story.chapter(Plot::PriceAtNight) {
            let (stream, wrong) = (&price.stream, price.wrong.version.0);
            let question = format!("diff {stream} {} {wrong}", wrong.saturating_sub(1));
            suggestions.push(self.annals("What happened to a price at night?", &question));
        }
        suggestions.push(self.curl(
            "Who grants discounts, and to whom? (HTTP)",
            "/v1/events?actor=jonas&type=DiscountGranted",
        ));
        if let Some(refund) = story.chapter(Plot::DoubleRefund) {
            let order = refund.stream.aggregate_id.as_str().replace("pay_", "order-");
            suggestions.push(
                self.annals("All that one order brought about", &format!("events --correlation {order}")),
            );
        }
        suggestions
    }

    fn annals(&self, what: &'static str, question: &str) -> Suggestion {
        Suggestion { what, command: format!("{} {question} --store {}", self.program, self.store) }
    }

    fn curl(&self, what: &'static str, path: &str) -> Suggestion {
        Suggestion { what, command: format!("curl -s -H @{} '{}{path}'", self.header, self.server) }
    }
}

impl Document for Greeting {
    fn write_text(&self, out: &mut dyn Write, console: &Console) -> io::Result<()> {
        let style = console.heading;
        let aside = console.marks.aside;
        writeln!(out, "{style}Annals serves a log at {}{style:#}", self.address)?;
        let fate = if self.is_temporary { ", which is removed at the end" } else { "" };
        writeln!(out, "{} events in {}{fate}", self.events, self.store)?;
        writeln!(out, "\n{style}Open this in a browser{style:#}  {aside}it signs you in, once{aside:#}")?;
        writeln!(out, "\n  {}", self.sign_in)?;
        writeln!(out, "\n{style}Try this in another terminal{style:#}")?;
        for Suggestion { what, command } in &self.commands {
            writeln!(out, "\n  {aside}{what}{aside:#}\n  {command}")?;
        }
        writeln!(out, "\nCtrl-C ends it.")
    }
}

/// How this program is called in a shell: by its name if that leads here, else by its path.
fn program() -> String {
    let here = std::env::current_exe().and_then(|path| path.canonicalize());
    let Ok(here) = here else { return "annals".to_owned() };
    let name = format!("annals{}", std::env::consts::EXE_SUFFIX);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let named = std::env::split_paths(&path).map(|folder| folder.join(&name)).find(|path| path.is_file());
    match named.and_then(|path| path.canonicalize().ok()) {
        Some(named) if named == here => "annals".to_owned(),
        _ => quoted(&here),
    }
}

/// A path as a shell takes it for one word.
fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "/._-:\\".contains(character);
    if path.chars().all(is_plain) { path } else { format!("'{}'", path.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_is_not_one_word_is_quoted() {
        assert_eq!(quoted(Path::new("/tmp/annals-demo-a1/annals.db")), "/tmp/annals-demo-a1/annals.db");
        assert_eq!(quoted(Path::new("/tmp/it's here")), r"'/tmp/it'\''s here'");
    }
}
