use std::sync::Arc;

use annals::{Clock, KeyLocation, Location, LogName, StateLocation, SystemClock, WritingOptions};
use annals_server::{ACCESS_LOG, ServedLog};

use super::clock::StoryClock;
use super::folder::DemoFolder;
use crate::failure::Failure;
use crate::shell::Shell;

/// The logs of a demonstration.
pub(super) struct DemoLogs {
    /// What is shown.
    pub(super) main: ServedLog,
    /// Who looks at it.
    pub(super) access: ServedLog,
}

impl DemoLogs {
    /// Opens both, or none.
    ///
    /// # Errors
    /// [`Failure`] when one of them cannot be opened.
    pub(super) async fn open(
        folder: &DemoFolder,
        clock: Arc<StoryClock>,
        shell: &Shell,
    ) -> Result<Self, Failure> {
        let access = LogName::new(ACCESS_LOG)?;
        let main = open(LogName::main(), folder, clock, shell).await?;
        match open(access, folder, Arc::new(SystemClock), shell).await {
            Ok(access) => Ok(Self { main, access }),
            Err(failure) => {
                main.log.close().await?;
                Err(failure)
            }
        }
    }

    /// Closes both, where they are not served after all.
    ///
    /// # Errors
    /// [`Failure`] when one of them cannot be closed.
    pub(super) async fn close(self) -> Result<(), Failure> {
        let Self { main, access } = self;
        let (main, access) = (main.log.close().await, access.log.close().await);
        main?;
        access?;
        Ok(())
    }
}

/// Opens a log, whose key lies beside it: nothing of a demonstration is left anywhere else.
async fn open(
    name: LogName,
    folder: &DemoFolder,
    clock: Arc<dyn Clock>,
    shell: &Shell,
) -> Result<ServedLog, Failure> {
    let history = shell.history_options()?;
    let options = WritingOptions {
        clock,
        key: KeyLocation::Folder(folder.keys()),
        signing_state: StateLocation::Folder(folder.signing_state()),
        snapshots: Some(history.clone()),
        ..WritingOptions::default()
    };
    let log = annals::open_for_writing(&Location::sqlite(folder.store()), &name, options).await?;
    let history = log.history(history);
    Ok(ServedLog { name, log, history })
}
