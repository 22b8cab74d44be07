use std::io::{self, Write};

use annals::KeyReport;
use annals_wire::PeriodDocument;
use clap::Args;
use serde::Serialize;

use crate::failure::Failure;
use crate::output::{Console, Document, print_document};
use crate::shell::Shell;

/// Show the log's public keys, where the private one and the memory of what it signed lie, and whether they fit
///
/// No private key is printed. As JSON: origin, key and keyId (of the present key), keyFile, waitingKeyFile (of an
/// interrupted rotation), stateFile, signed {size, root} (what is remembered as signed last), newestCheckpoint {size,
/// root} (of those kept), fits (whether this machine can sign the log), problem {code, detail} (why it cannot), and
/// keys: each key with keyId, the sizes of the checkpoints that it signs (after, until) and rotation (the note of the
/// rotation that brought it).
#[derive(Debug, Args)]
pub(super) struct ShowKeyArgs {}

/// How it stands. This is the shape of the answer as JSON.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct KeyDocument {
    origin: String,
    key: Option<String>,
    key_id: Option<String>,
    key_file: String,
    waiting_key_file: Option<String>,
    state_file: String,
    signed: Option<HeadDocument>,
    newest_checkpoint: Option<HeadDocument>,
    fits: bool,
    problem: Option<ProblemDocument>,
    keys: Vec<PeriodDocument>,
}

#[derive(Debug, Serialize)]
struct HeadDocument {
    size: u64,
    root: String,
}

#[derive(Debug, Serialize)]
struct ProblemDocument {
    code: &'static str,
    detail: String,
}

/// Shows how it stands with the key.
pub(super) async fn run(_args: &ShowKeyArgs, shell: &Shell) -> Result<(), Failure> {
    let report = shell.report_key().await?;
    print_document(&KeyDocument::from(report), &shell.console)?;
    Ok(())
}

impl From<KeyReport> for KeyDocument {
    fn from(report: KeyReport) -> Self {
        let problem = report
            .problem()
            .map(|problem| ProblemDocument { code: problem.code(), detail: problem.to_string() });
        let present = report.periods.last().map(|period| &period.key).or(report.key.as_ref().ok());
        let head = |tree: annals::TreeHead| HeadDocument { size: tree.size, root: tree.root.to_string() };
        Self {
            key: present.map(ToString::to_string),
            key_id: present.map(|key| key.id().to_string()),
            origin: report.origin.to_string(),
            key_file: report.key_path.display().to_string(),
            waiting_key_file: report.waiting.as_ref().map(|path| path.display().to_string()),
            state_file: report.state_path.display().to_string(),
            signed: report.state.as_ref().ok().copied().flatten().map(head),
            newest_checkpoint: report.newest.as_ref().map(|newest| head(newest.unverified().tree())),
            fits: problem.is_none(),
            problem,
            keys: report.periods.iter().map(PeriodDocument::from).collect(),
        }
    }
}

impl Document for KeyDocument {
    fn write_text(&self, out: &mut dyn Write, console: &Console) -> io::Result<()> {
        let style = console.heading;
        let mut line = |name: &str, value: &str| writeln!(out, "{style}{name:<19}{style:#}{value}");
        line("log", &self.origin)?;
        line("key", self.key.as_deref().unwrap_or("none yet"))?;
        line("key id", self.key_id.as_deref().unwrap_or("none yet"))?;
        line("key file", &self.key_file)?;
        if let Some(path) = &self.waiting_key_file {
            line("waiting key file", path)?;
        }
        line("state file", &self.state_file)?;
        line("signed last", &in_words(self.signed.as_ref()))?;
        line("newest checkpoint", &in_words(self.newest_checkpoint.as_ref()))?;
        for period in self.keys.iter().filter(|period| period.until.is_some()) {
            line("earlier key", &format!("{}, {}", period.key, period.in_words()))?;
        }
        match &self.problem {
            None => line("verdict", "this machine can sign the log"),
            Some(problem) => line("verdict", &format!("nothing is signed: {}", problem.detail)),
        }
    }
}

fn in_words(head: Option<&HeadDocument>) -> String {
    head.map_or_else(|| "unknown".to_owned(), |head| format!("{} events, root {}", head.size, head.root))
}
