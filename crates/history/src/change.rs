use crate::path::{Path, PathStep};
use crate::value::Value;

/// One difference between two states. At least one of both values is there; `null` is a value, and is not absence.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Where.
    pub path: Path,
    /// The value before; `None` where there was none.
    pub old: Option<Value>,
    /// The value after; `None` where there is none.
    pub new: Option<Value>,
}

/// What changed from one state to another: objects are compared by the names of their members, arrays by the indexes
/// of their elements, all the way down. Removed elements are named from the last one backwards, so that the changes can
/// be carried out one after the other.
#[must_use]
pub fn changes(old: &Value, new: &Value) -> Vec<Change> {
    let mut changes = Vec::new();
    collect(&mut Path::default(), old, new, &mut changes);
    changes
}

/// Appends the changes from `old` to `new`, which both stand at `path`.
pub(crate) fn collect(path: &mut Path, old: &Value, new: &Value, changes: &mut Vec<Change>) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            for (name, value) in old.iter() {
                path.push(PathStep::Member(name.into()));
                match new.get(name) {
                    Some(new) => collect(path, value, new, changes),
                    None => changes.push(change(path, Some(value), None)),
                }
                path.pop();
            }
            for (name, value) in new.iter().filter(|(name, _)| old.get(name).is_none()) {
                path.push(PathStep::Member(name.into()));
                changes.push(change(path, None, Some(value)));
                path.pop();
            }
        }
        (Value::Array(old), Value::Array(new)) => {
            for (index, (old, new)) in old.iter().zip(new).enumerate() {
                path.push(PathStep::Element(index));
                collect(path, old, new, changes);
                path.pop();
            }
            for (index, removed) in old.iter().enumerate().skip(new.len()).rev() {
                path.push(PathStep::Element(index));
                changes.push(change(path, Some(removed), None));
                path.pop();
            }
            for (index, added) in new.iter().enumerate().skip(old.len()) {
                path.push(PathStep::Element(index));
                changes.push(change(path, None, Some(added)));
                path.pop();
            }
        }
        _ if old == new => {}
        _ => changes.push(change(path, Some(old), Some(new))),
    }
}

fn change(path: &Path, old: Option<&Value>, new: Option<&Value>) -> Change {
    Change { path: path.clone(), old: old.cloned(), new: new.cloned() }
}
