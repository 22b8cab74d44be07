//! The logs that are served, by name.

use std::collections::BTreeMap;
use std::sync::Arc;

use annals::history::History;
use annals::{EventStore, Log, LogName, NewestEvents, Signing, Store};

use crate::access;
use crate::error::ServerError;
use crate::problem::RequestError;
use crate::tag_counts::TagCounts;

/// A log that is to be served.
pub struct ServedLog {
    /// Its name.
    pub name: LogName,
    /// The log, open for writing or for reading.
    pub log: Log,
    /// The past of its aggregates.
    pub history: History,
}

/// A log while it is served.
pub(crate) struct OpenLog {
    pub(crate) name: LogName,
    pub(crate) log: Log,
    pub(crate) history: History,
    pub(crate) tags: TagCounts,
    /// What those read together who follow it.
    pub(crate) newest: Arc<NewestEvents>,
}

/// Every log that is served.
pub(crate) struct OpenLogs {
    by_name: BTreeMap<LogName, Arc<OpenLog>>,
}

impl OpenLog {
    pub(crate) fn events(&self) -> &dyn EventStore {
        self.log.events()
    }

    /// # Errors
    /// [`RequestError::ReadOnly`] when another process writes the log, or only the server itself may.
    pub(crate) fn must_be_writable(&self) -> Result<(), RequestError> {
        // What stands in the log of accesses is what the server saw, and nobody's word.
        if self.is_written_here() && self.name.as_str() != access::LOG {
            return Ok(());
        }
        Err(RequestError::ReadOnly { log: self.name.clone() })
    }

    /// Whether this process writes the log.
    pub(crate) fn is_written_here(&self) -> bool {
        match self.log.signing() {
            Signing::ReadOnly => false,
            Signing::Active { .. } | Signing::Refused(_) => true,
        }
    }

    pub(crate) fn store(&self) -> &dyn Store {
        &**self.log.store()
    }
}

impl OpenLogs {
    /// # Errors
    /// [`ServerError::LogTwice`], [`ServerError::NoMainLog`].
    pub(crate) fn new(logs: Vec<ServedLog>) -> Result<Self, ServerError> {
        let mut by_name = BTreeMap::new();
        for ServedLog { name, log, history } in logs {
            let newest = Arc::new(NewestEvents::of(log.store().clone()));
            let open = OpenLog { name: name.clone(), log, history, tags: TagCounts::default(), newest };
            if by_name.insert(name.clone(), Arc::new(open)).is_some() {
                return Err(ServerError::LogTwice { name });
            }
        }
        if by_name.contains_key(&LogName::main()) {
            Ok(Self { by_name })
        } else {
            Err(ServerError::NoMainLog)
        }
    }

    pub(crate) fn get(&self, name: &LogName) -> Option<&Arc<OpenLog>> {
        self.by_name.get(name)
    }

    /// Every log, by name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<OpenLog>> {
        self.by_name.values()
    }

    pub(crate) fn into_logs(self) -> impl Iterator<Item = Arc<OpenLog>> {
        self.by_name.into_values()
    }
}
