use std::io::{self, Write};
use std::path::PathBuf;

use annals::{Verification, VerifierKey, VerifyOptions, VerifyProgress, verify};
use serde::Serialize;

use super::{ProblemDocument, read_checkpoint};
use crate::failure::Failure;
use crate::output::{Console, Document, print_document};
use crate::progress::Progress;
use crate::shell::Shell;

/// What a verification found. This is the shape of the answer as JSON.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct VerificationDocument {
    ok: bool,
    size: u64,
    /// In base64; null where too little is left to compute it.
    root: Option<String>,
    events: u64,
    unsigned_tail: u64,
    checkpoints: u64,
    problems: Vec<ProblemDocument>,
    problems_omitted: u64,
}

/// Verifies the whole log.
pub(super) async fn run(
    checkpoints: &[PathBuf],
    verifier_keys: Vec<VerifierKey>,
    shell: &Shell,
) -> Result<(), Failure> {
    let checkpoints = checkpoints.iter().map(|path| read_checkpoint(path)).collect::<Result<_, _>>()?;
    let log = shell.open_for_reading().await?;
    let size = log.events().head().await?.size;
    let bar = Progress::of_events(size, &shell.console);
    let tell = |progress: VerifyProgress| bar.at(progress.checked, progress.checked);
    let options =
        VerifyOptions { verifier_keys, checkpoints, progress: Some(&tell), ..VerifyOptions::default() };
    let verification = verify(&**log.store(), options).await;
    bar.end();
    let document = VerificationDocument::from(verification?);
    print_document(&document, &shell.console)?;
    if document.ok {
        return Ok(());
    }
    Err(Failure::VerificationFailed { problems: document.problems.len() as u64 + document.problems_omitted })
}

impl From<Verification> for VerificationDocument {
    fn from(verification: Verification) -> Self {
        Self {
            ok: verification.ok,
            size: verification.size,
            root: verification.root.map(|root| root.to_string()),
            events: verification.events,
            unsigned_tail: verification.unsigned_tail,
            checkpoints: verification.checkpoints,
            problems: verification.problems.into_iter().map(ProblemDocument::from).collect(),
            problems_omitted: verification.problems_omitted,
        }
    }
}

impl Document for VerificationDocument {
    fn write_text(&self, out: &mut dyn Write, console: &Console) -> io::Result<()> {
        let style = console.heading;
        let verdict = if self.ok { "verified" } else { "NOT VERIFIED" };
        writeln!(out, "{style}{verdict}{style:#}")?;
        writeln!(out, "events         {} of {}", self.events, self.size)?;
        writeln!(out, "root           {}", self.root.as_deref().unwrap_or("cannot be computed"))?;
        writeln!(out, "checkpoints    {} agree", self.checkpoints)?;
        writeln!(out, "unsigned tail  {} events", self.unsigned_tail)?;
        for problem in &self.problems {
            let place = problem.position.map_or_else(String::new, |at| format!(" at position {at}"));
            writeln!(out, "{style}{}{style:#}{place}: {}", problem.code, problem.detail)?;
        }
        match self.problems_omitted {
            0 => Ok(()),
            omitted => writeln!(out, "and {omitted} more problems"),
        }
    }
}
