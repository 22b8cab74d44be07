mod hashing;
mod manifest;
mod record;
mod redaction;
mod scope;

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use annals::{EventReader, JsonForm, Log, Query, ReadOptions};
use clap::Args;

use crate::failure::Failure;
use crate::filter::{self, Filters};
use crate::output::{Format, RecordFormat, RecordWriter};
use crate::shell::Shell;

use hashing::{Digest, HashingWriter};
use manifest::Manifest;
use record::ExportRecord;
use redaction::{Redaction, Redactions};
use scope::{Scope, Voucher};

/// Large enough that writing costs few system calls.
const BUFFER_BYTES: usize = 1 << 20;

/// Export events to a file, with a signed manifest beside it
///
/// The form is that of --format, else that of the file's extension, else jsonl; events have the members that
/// 'annals events' describes. An event whose payload or metadata holds line ends, or has spaces around it, has
/// payloadText and metadataText (strings with the producer's bytes) instead, so that an export without redactions
/// imports again to the same records. CSV has a description of each event and is safe against formulas: a cell that starts
/// with = + - @ tab or return has an apostrophe before it.
///
/// The manifest FILE.manifest is a signed note (C2SP): SHA-256, size and form of the file, filters, redactions,
/// count, and the signed checkpoint of the log that covers what was exported. It needs the log's key; see --key.
/// Where nothing may be signed, as for a backup that was restored, nothing is exported without --no-manifest.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    filters: Filters,
    /// The file to write
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    /// Write "[redacted]" in place of what this JSON pointer into the event leads to, as in /payload/card or
    /// /actorId; several may follow each other
    #[arg(long, value_name = "JSON-POINTER", num_args = 1.., value_parser = redaction::parse)]
    redact: Vec<Redaction>,
    /// Write no manifest, where the log's key is out of reach or nothing may be signed
    #[arg(long)]
    no_manifest: bool,
}

/// Writes the file, then its manifest.
pub(crate) async fn run(args: ExportArgs, shell: &Shell) -> Result<(), Failure> {
    must_not_replace_a_device(&args.output)?;
    let format = format_of(&args.output, shell.config.output.format)?;
    let query = args.filters.query(&shell.reference())?;
    let scope = if args.no_manifest { Scope::unsigned(shell).await? } else { Scope::signed(shell).await? };
    let filters = filter::in_words(&query);
    let mut redactions = Redactions::new(args.redact);

    let partial = with_suffix(&args.output, ".partial");
    let file = |source| Failure::File { path: args.output.clone(), source };
    let written = write(&scope.log, query, scope.size, format, &mut redactions, &partial).await;
    let moved = written.and_then(|digest| {
        fs::rename(&partial, &args.output).map_err(file)?;
        Ok(digest)
    });
    let digest = match moved {
        Ok(digest) => digest,
        Err(failure) => {
            // What is half is of no use; that it cannot be removed changes nothing about the failure.
            let _ = fs::remove_file(&partial);
            return Err(failure);
        }
    };
    for pointer in redactions.unused() {
        shell.console.remark(&format!("note: no event has {pointer}, so nothing was redacted there"));
    }
    let mut said = format!("exported {} events to {}", digest.events, args.output.display());
    if let Some(Voucher { checkpoint, key }) = scope.voucher {
        let manifest = Manifest {
            file: args.output.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            format,
            digest,
            filters,
            redactions: redactions.counts(),
            checkpoint,
        };
        let path = with_suffix(&args.output, ".manifest");
        let note = manifest.sign(&key)?;
        fs::write(&path, note.to_string()).map_err(|source| Failure::File { path: path.clone(), source })?;
        said.push_str(&format!("; the manifest is {}", path.display()));
    }
    shell.console.remark(&said);
    Ok(())
}

/// Refuses devices, pipes and folders: the finished file takes the place of what has its name.
fn must_not_replace_a_device(output: &Path) -> Result<(), Failure> {
    match fs::metadata(output) {
        Ok(metadata) if !metadata.is_file() => Err(Failure::File {
            path: output.to_owned(),
            source: std::io::Error::other("it is no regular file, and an export would take its place"),
        }),
        _ => Ok(()),
    }
}

/// The form that is asked for, else that of the file's name.
fn format_of(output: &Path, asked: Option<Format>) -> Result<RecordFormat, Failure> {
    let by_name = match output.extension().and_then(|extension| extension.to_str()) {
        Some("json") => Format::Json,
        Some("csv") => Format::Csv,
        _ => Format::Jsonl,
    };
    RecordFormat::of(asked.unwrap_or(by_name))
        .ok_or_else(|| Failure::usage("a table cannot be exported", "use --format json, jsonl or csv"))
}

async fn write(
    log: &Log,
    query: Query,
    size: u64,
    format: RecordFormat,
    redactions: &mut Redactions,
    path: &Path,
) -> Result<Digest, Failure> {
    let failed = |source| Failure::File { path: path.to_owned(), source };
    let file = BufWriter::with_capacity(BUFFER_BYTES, File::create(path).map_err(failed)?);
    let mut records = RecordWriter::new(HashingWriter::new(file), format, JsonForm::Exact);
    let options = ReadOptions { size: Some(size), ..ReadOptions::default() };
    let mut reader = EventReader::new(log.events(), query, options);
    while let Some(page) = reader.next_page().await? {
        for event in &page {
            records.record(&ExportRecord::new(event, redactions)).map_err(failed)?;
        }
    }
    let events = records.count();
    let (file, sha256, bytes) = records.finish::<ExportRecord<'_>>().map_err(failed)?.finish();
    file.into_inner().map_err(|error| failed(error.into_error()))?.sync_all().map_err(failed)?;
    Ok(Digest { sha256, bytes, events })
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(suffix);
    path.with_file_name(name)
}
