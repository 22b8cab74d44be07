//! The payload paths whose values are looked up.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use annals_event::{JsonObject, JsonPointer};
use annals_store::{Comparison, PayloadPredicate};
use serde_json::Value;

use crate::connection::Session;
use crate::errors::{Failure, corrupt};
use crate::sql;

/// One path.
#[derive(Debug, Clone)]
struct PayloadPath {
    pointer: JsonPointer,
    /// What the database's indexes are of.
    value: PathValue,
    /// What their names end in.
    number: i32,
    /// Whether the indexes reach as far as the log is sealed. Once they do, each block that is sealed gets them too.
    is_covered: bool,
}

/// The value at a path, as statements write it. It lives as long as the process, as statements do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PathValue(pub(crate) &'static str);

/// The paths of a log that this process knows of.
#[derive(Default)]
pub(crate) struct PayloadPaths {
    paths: RwLock<Arc<[PayloadPath]>>,
    /// Whether this process is one that wants them, and sees to their indexes.
    are_wanted: bool,
}

impl PayloadPaths {
    /// Those that a log has, and those that it is to have from now on.
    pub(crate) async fn open(session: &Session, wanted: &[JsonPointer]) -> Result<Self, Failure> {
        for pointer in wanted {
            session.execute(sql::ADD_PAYLOAD_PATH, &[&pointer.as_str(), &pointer.steps()]).await?;
        }
        let paths = Self { are_wanted: !wanted.is_empty(), ..Self::default() };
        *paths.paths.write().unwrap_or_else(PoisonError::into_inner) = read(session).await?.into();
        Ok(paths)
    }

    /// Learns how far the indexes reach. Paths that others have added since are not looked up here: the tail does not
    /// know their values.
    pub(crate) async fn refresh(&self, session: &Session) -> Result<(), Failure> {
        let mut read = read(session).await?;
        let known = self.known();
        read.retain(|path| known.iter().any(|known| known.pointer == path.pointer));
        *self.paths.write().unwrap_or_else(PoisonError::into_inner) = read.into();
        Ok(())
    }

    /// Whether indexes are still to be built.
    pub(crate) fn are_behind(&self) -> bool {
        self.known().iter().any(|path| !path.is_covered)
    }

    /// Whether this process is to build indexes that do not reach as far as the log is sealed.
    pub(crate) fn are_to_be_built(&self) -> bool {
        self.are_wanted && self.are_behind()
    }

    /// The paths, for whoever takes in events.
    pub(crate) fn pointers(&self) -> Vec<JsonPointer> {
        self.known().iter().map(|path| path.pointer.clone()).collect()
    }

    /// The first demand by whose path events are found.
    pub(crate) fn of<'p>(
        &self,
        payload: &'p [PayloadPredicate],
    ) -> Option<(PathValue, &'p PayloadPredicate)> {
        let known = self.known();
        payload.iter().filter(|predicate| is_looked_up(predicate)).find_map(|predicate| {
            let path = known.iter().find(|path| path.is_covered && path.pointer == predicate.pointer)?;
            Some((path.value, predicate))
        })
    }

    /// The value at a path, and what the names of the indexes of its order end in, if the path is one of these.
    pub(crate) fn order_at(&self, pointer: &JsonPointer) -> Option<(PathValue, i32)> {
        let known = self.known();
        known.iter().find(|path| path.pointer == *pointer).map(|path| (path.value, path.number))
    }

    fn known(&self) -> Arc<[PayloadPath]> {
        Arc::clone(&self.paths.read().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn read(session: &Session) -> Result<Vec<PayloadPath>, Failure> {
    let mut read = Vec::new();
    for row in session.query(sql::PAYLOAD_PATHS, &[]).await? {
        let pointer: &str = row.try_get(0)?;
        let unreadable = |_| corrupt(format!("{pointer:?} is no payload path"));
        let pointer: JsonPointer = pointer.parse().map_err(unreadable)?;
        let value = value_at(&pointer);
        read.push(PayloadPath { pointer, value, number: row.try_get(2)?, is_covered: row.try_get(1)? });
    }
    Ok(read)
}

/// Whether the database has a key for what is asked: one scalar that it can hold.
fn is_looked_up(predicate: &PayloadPredicate) -> bool {
    let is_scalar = !predicate.value.is_array() && !predicate.value.is_object();
    predicate.comparison == Comparison::Equal && is_scalar && is_kept(&predicate.value)
}

/// Whether a value may stand in a payload. The database cannot hold any other, nor be asked for it.
pub(crate) fn is_kept(value: &Value) -> bool {
    JsonObject::new(format!(r#"{{"":{value}}}"#)).is_ok()
}

/// The value at a path of an event's payload, in SQL: as `index_payload_path` of the migrations has it.
fn value_at(pointer: &JsonPointer) -> PathValue {
    static VALUES: OnceLock<Mutex<HashMap<JsonPointer, PathValue>>> = OnceLock::new();
    let mut values = VALUES.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    *values.entry(pointer.clone()).or_insert_with(|| {
        let quoted = |step: &String| format!("\"{}\"", step.replace('\\', "\\\\").replace('"', "\\\""));
        let steps: Vec<String> = pointer.steps().iter().map(quoted).collect();
        let path = format!("{{{}}}", steps.join(",")).replace('\'', "''");
        let text = format!("event.payload::json #> E'{}'::text[]", path.replace('\\', "\\\\"));
        PathValue(Box::leak(text.into_boxed_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_quoted_for_the_array_and_for_the_text_around_it() {
        let value = |pointer: &str| value_at(&pointer.parse().unwrap()).0;
        assert_eq!(value("/customerId"), r#"event.payload::json #> E'{"customerId"}'::text[]"#);
        assert_eq!(value("/a'b/0"), r#"event.payload::json #> E'{"a''b","0"}'::text[]"#);
        assert_eq!(value(r#"/"x\"#), r#"event.payload::json #> E'{"\\"x\\\\"}'::text[]"#);
        assert_eq!(value(""), "event.payload::json #> E'{}'::text[]");
    }
}
