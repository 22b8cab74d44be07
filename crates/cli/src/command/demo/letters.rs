//! What a carrier sent and the shop could not store: something for the page of dead letters to show.

use std::io::Cursor;

use annals::Log;
use annals_connect::{Format, Import, LettersInLog, Mapping, Preset, SourceName};

use crate::failure::Failure;

const SOURCE: &str = "parcelo.jsonl";

/// One names no aggregate, and one has a time without a day.
const RECORDS: &str = concat!(
    r#"{"eventType":"ParcelWeighed","actorId":"parcelo","payload":{"parcel":"P-88213","grams":1240}}"#,
    "\n",
    r#"{"eventType":"ParcelDamaged","aggregate":"Order/order_1256","timestamp":"16:40","actorId":"parcelo","#,
    r#""payload":{"parcel":"P-87120","damage":"box torn open"}}"#,
    "\n"
);

/// Imports the carrier's records, none of which is an event.
///
/// # Errors
/// [`Failure`] when the log cannot keep them.
pub(super) async fn import(log: &Log) -> Result<(), Failure> {
    let import = Import::new(SourceName::new(SOURCE)?, Format::Jsonl, Mapping::Preset(Preset::Annals));
    let mut letters = LettersInLog::new(log.store().as_ref());
    import.run(Cursor::new(RECORDS), log.events(), &mut letters, |_| {}).await?;
    Ok(())
}
