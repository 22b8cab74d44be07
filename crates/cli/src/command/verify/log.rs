use std::io::{self, Write};

use annals::{
    Location, LogName, Verification, VerifierKey, VerifyOptions, VerifyProgress, verify, verify_published,
};
use annals_wire::{PredecessorDocument, VerificationDocument};

use super::{VerifyArgs, predecessor, read_checkpoint};
use crate::failure::Failure;
use crate::output::{Console, Document, print_document};
use crate::progress::Progress;
use crate::shell::Shell;

/// Verifies the whole log, or the one in a file.
pub(super) async fn run(
    args: &VerifyArgs,
    verifier_keys: Vec<VerifierKey>,
    shell: &Shell,
) -> Result<(), Failure> {
    let checkpoints = args.checkpoint.iter().map(|path| read_checkpoint(path)).collect::<Result<_, _>>()?;
    let log = match &args.file {
        Some(file) => annals::open_for_reading(&Location::sqlite(file), &LogName::main()).await?,
        None => shell.open_for_reading().await?,
    };
    let size = log.events().head().await?.size;
    let bar = Progress::of_events(size, &shell.console);
    let tell = |progress: VerifyProgress| bar.at(progress.checked, progress.checked);
    let told = Some(&tell as &(dyn Fn(VerifyProgress) + Send + Sync));
    let options = VerifyOptions {
        verifier_keys: verifier_keys.clone(),
        checkpoints,
        progress: told,
        ..VerifyOptions::default()
    };
    let verification = match log.server() {
        Some(server) => verify_published(server, options).await,
        None => verify(&**log.store(), options).await,
    };
    bar.end();
    let mut verification = verification?;
    if let Some(location) = &args.predecessor {
        predecessor::check(&mut verification, location, shell.log(), &verifier_keys).await?;
    }
    self::tell(verification, &shell.console)
}

/// Prints what a verification found, and fails where something is wrong.
pub(in crate::command) fn tell(verification: Verification, console: &Console) -> Result<(), Failure> {
    let document = VerificationDocument::from(verification);
    print_document(&document, console)?;
    if document.ok {
        return Ok(());
    }
    Err(Failure::VerificationFailed { problems: document.problems.len() as u64 + document.problems_omitted })
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
        for key in self.keys.iter().filter(|_| self.keys.len() > 1) {
            writeln!(out, "key            {}, {}", key.key, key.in_words())?;
        }
        if let Some(PredecessorDocument { origin, size, root, .. }) = &self.predecessor {
            writeln!(out, "goes on for    {origin}, {size} events, root {root}")?;
        }
        for problem in &self.problems {
            let place = problem.position.map_or_else(String::new, |at| format!(" at position {at}"));
            writeln!(out, "{style}{}{style:#}{place}: {}", problem.code, problem.detail)?;
        }
        if self.problems_omitted > 0 {
            writeln!(out, "and {} more problems", self.problems_omitted)?;
        }
        self.unchecked.iter().try_for_each(|what| writeln!(out, "not checked    {what}"))
    }
}
