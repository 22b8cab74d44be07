use annals::JsonForm;
use annals::history::{HistoryError, States};
use annals_wire::{Explained, StateRow};

use super::answer;
use crate::failure::Failure;
use crate::output::{Format, RowWriter};
use crate::shell::Shell;

/// Prints the states one by one, in constant memory. An aggregate that cannot be folded is named, and the others are
/// printed all the same.
///
/// # Errors
/// The last failure, at the end; one of the store at once.
pub(super) async fn print(
    mut states: States<'_>,
    explained: Explained,
    shell: &Shell,
) -> Result<(), Failure> {
    let console = &shell.console;
    let mut rows = RowWriter::new::<StateRow<'_>>(console.out(), console, JsonForm::Embedded);
    let (mut failed, mut found): (Option<Failure>, _) = (None, false);
    loop {
        match states.next().await {
            Ok(Some(at)) => {
                found = true;
                rows.row(&StateRow { at: &at, explained }, console)?;
                answer::tell_unnamed(&at, console);
            }
            Ok(None) => break,
            Err(HistoryError::Store(error)) => return Err(error.into()),
            Err(error) => {
                if let Some(before) = failed.replace(error.into()) {
                    before.tell();
                }
            }
        }
    }
    rows.finish::<StateRow<'_>>()?;
    if !found && failed.is_none() && console.format == Format::Table {
        console.remark("note: no aggregate of this type was there");
    }
    failed.map_or(Ok(()), Err)
}
