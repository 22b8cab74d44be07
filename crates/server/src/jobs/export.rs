use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::sync::Arc;

use annals::{
    CheckpointSigner, EventReader, JsonForm, Query, ReadOptions, RecordedEvent, SignedCheckpoint, Signing,
};
use annals_wire::{
    Digest, ExportRecord, HashingWriter, Manifest, RecordFormat, RecordWriter, Redactions, in_words,
};
use serde::Serialize;

use super::document::Outcome;
use super::job::Progress;
use super::stored_file::StoredFile;
use crate::logs::OpenLog;
use crate::problem::RequestError;

/// Large enough that writing costs few system calls.
const BUFFER_BYTES: usize = 256 << 10;

/// What is to be exported.
pub(crate) struct ExportOrder {
    pub(crate) log: Arc<OpenLog>,
    pub(crate) query: Query,
    pub(crate) format: RecordFormat,
    pub(crate) redactions: Redactions,
    /// The name under which the file is offered.
    pub(crate) name: String,
}

/// What was exported.
pub(crate) struct Exported {
    pub(crate) file: StoredFile,
    pub(crate) name: String,
    pub(crate) format: RecordFormat,
    digest: Digest,
    redacted: Vec<(String, u64)>,
    /// The signed manifest, or why there is none.
    manifest: Result<String, String>,
}

/// What was exported, as JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExportedDocument<'a> {
    name: &'a str,
    events: u64,
    bytes: u64,
    sha256: &'a str,
    redacted: Vec<RedactedDocument<'a>>,
    /// Whether there is a signed manifest.
    manifest: bool,
    /// Why there is none.
    manifest_missing: Option<&'a str>,
}

#[derive(Serialize)]
struct RedactedDocument<'a> {
    pointer: &'a str,
    count: u64,
}

/// What vouches for an export.
struct Voucher<'a> {
    signer: &'a CheckpointSigner,
    checkpoint: SignedCheckpoint,
}

type Records = RecordWriter<HashingWriter<BufWriter<File>>>;

impl ExportOrder {
    /// Writes the events into a file, and signs what it is.
    ///
    /// # Errors
    /// [`RequestError::Store`]; [`RequestError::Failed`] when there is no room for the file.
    pub(crate) async fn carry_out(self, progress: Arc<Progress>) -> Result<Exported, RequestError> {
        let Self { log, query, format, mut redactions, name } = self;
        let voucher = voucher(&log).await?;
        let size = match &voucher {
            Ok(voucher) => voucher.checkpoint.unverified().size,
            Err(_) => log.events().head().await?.size,
        };
        progress.begin(size);
        let filters = in_words(&query);
        let mut records = blocking(new_records(format)).await?;
        let options = ReadOptions { size: Some(size), ..ReadOptions::default() };
        let mut reader = EventReader::new(log.events(), query, options);
        while let Some(page) = reader.next_page().await? {
            let last = page.last().map(|event| event.position.next().0);
            (records, redactions) = blocking(move || {
                export_page(&mut records, &page, &mut redactions)?;
                Ok((records, redactions))
            })
            .await?;
            if let Some(last) = last {
                progress.at(last);
            }
        }
        let (file, digest) = blocking(move || finish(records)).await?;
        progress.at(size);
        let redacted = redactions.counts();
        let counted = redacted.iter().map(|(pointer, count)| (pointer.as_str().to_owned(), *count)).collect();
        let manifest = match voucher {
            Ok(Voucher { signer, checkpoint }) => {
                let manifest = Manifest {
                    file: name.clone(),
                    format,
                    digest: digest.clone(),
                    filters,
                    redactions: redacted,
                    checkpoint,
                };
                Ok(manifest.sign(signer.voucher())?.to_string())
            }
            Err(reason) => Err(reason),
        };
        Ok(Exported { file: StoredFile::new(file), name, format, digest, redacted: counted, manifest })
    }
}

impl Exported {
    /// How many bytes the file has.
    pub(crate) fn bytes(&self) -> u64 {
        self.digest.bytes
    }

    /// The signed manifest.
    ///
    /// # Errors
    /// [`RequestError::not_found`] where none could be signed.
    pub(crate) fn manifest(&self) -> Result<&str, RequestError> {
        self.manifest
            .as_deref()
            .map_err(|reason| RequestError::not_found(format!("manifest of this export: {reason}")))
    }
}

impl Outcome for Exported {
    fn to_json(&self) -> String {
        let redacted =
            self.redacted.iter().map(|(pointer, count)| RedactedDocument { pointer, count: *count });
        let document = ExportedDocument {
            name: &self.name,
            events: self.digest.events,
            bytes: self.digest.bytes,
            sha256: &self.digest.sha256,
            redacted: redacted.collect(),
            manifest: self.manifest.is_ok(),
            manifest_missing: self.manifest.as_ref().err().map(String::as_str),
        };
        serde_json::to_string(&document).unwrap_or_default()
    }
}

/// A checkpoint of everything that is in the log, and who signs; or why nobody does here.
async fn voucher(log: &OpenLog) -> Result<Result<Voucher<'_>, String>, RequestError> {
    Ok(match log.log.signing() {
        Signing::Active { signer, .. } => match signer.sign_now().await {
            Ok(checkpoint) => Ok(Voucher { signer, checkpoint }),
            Err(annals::ProofError::Store(error)) => return Err(error.into()),
            Err(error) => Err(RequestError::from(error).detail()),
        },
        Signing::Refused(_) => Err("nothing can be signed for this log".to_owned()),
        Signing::ReadOnly => Err("another process signs for this log".to_owned()),
    })
}

/// Writes a page of events.
///
/// # Errors
/// Those of the writer.
pub(crate) fn export_page<W: Write>(
    records: &mut RecordWriter<W>,
    page: &[RecordedEvent],
    redactions: &mut Redactions,
) -> io::Result<()> {
    page.iter().try_for_each(|event| records.record(&ExportRecord::new(event, redactions)))
}

fn new_records(format: RecordFormat) -> impl FnOnce() -> io::Result<Records> + Send + 'static {
    move || {
        let file = BufWriter::with_capacity(BUFFER_BYTES, tempfile::tempfile()?);
        Ok(RecordWriter::new(HashingWriter::new(file), format, JsonForm::Embedded))
    }
}

fn finish(records: Records) -> io::Result<(File, Digest)> {
    let events = records.count();
    let (file, sha256, bytes) = records.finish::<ExportRecord<'_>>()?.finish();
    let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    Ok((file, Digest { sha256, bytes, events }))
}

/// Does what may wait for a disk where it holds up nobody.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, RequestError> {
    let done = tokio::task::spawn_blocking(work).await.map_err(io::Error::other);
    done.flatten()
        .map_err(|error| RequestError::Failed { what: format!("an export cannot be kept: {error}") })
}
