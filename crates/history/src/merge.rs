//! JSON merge patch (RFC 7396), read from a text straight into a state.

use annals_event::JsonObject;
use hifijson::SliceLexer;

use crate::change::{Change, collect};
use crate::path::{Path, PathStep};
use crate::value::{DEPTH_MAX, InvalidValue, Members, Stop, Value, for_each_member, read_text, read_value};

/// Is told what a patch changes, while it changes it.
pub(crate) trait Recorder {
    /// What follows lies in the member `name`, until [`Recorder::leave`].
    fn enter(&mut self, name: &str);
    /// The member that was entered last is done with.
    fn leave(&mut self);
    /// A member has another value now, or none.
    fn replaced(&mut self, name: &str, old: Option<Value>, new: Option<&Value>);
}

/// Nobody wants to know.
pub(crate) struct Unrecorded;

impl Recorder for Unrecorded {
    fn enter(&mut self, _: &str) {}
    fn leave(&mut self) {}
    fn replaced(&mut self, _: &str, _: Option<Value>, _: Option<&Value>) {}
}

/// Collects the changes, so that finding them costs as much as the patch is large, and not as the state is.
#[derive(Default)]
pub(crate) struct Recorded {
    path: Path,
    pub(crate) changes: Vec<Change>,
}

impl Recorder for Recorded {
    fn enter(&mut self, name: &str) {
        self.path.push(PathStep::Member(name.into()));
    }

    fn leave(&mut self) {
        self.path.pop();
    }

    fn replaced(&mut self, name: &str, old: Option<Value>, new: Option<&Value>) {
        self.enter(name);
        match (old, new) {
            (Some(old), Some(new)) => collect(&mut self.path, &old, new, &mut self.changes),
            (None, None) => {}
            (old, new) => self.changes.push(Change { path: self.path.clone(), old, new: new.cloned() }),
        }
        self.leave();
    }
}

/// Merges a patch into a state. After an error the state is of no use any more.
///
/// # Errors
/// [`InvalidValue`] for a patch that is not JSON, which no store lets in.
pub(crate) fn merge(
    state: &mut Value,
    patch: &JsonObject,
    recorder: &mut impl Recorder,
) -> Result<(), InvalidValue> {
    read_text(patch.as_str(), |next, lexer| match (next, &mut *state) {
        (b'{', Value::Object(members)) => merge_object(members, lexer, DEPTH_MAX, recorder),
        _ => read_patched(next, lexer, DEPTH_MAX).map(|value| *state = value),
    })
}

fn merge_object<'a>(
    members: &mut Members,
    lexer: &mut SliceLexer<'a>,
    depth: usize,
    recorder: &mut impl Recorder,
) -> Result<(), Stop> {
    for_each_member(lexer, depth, |name, next, lexer, depth| {
        let name = &*name;
        match next {
            b'n' => {
                read_value(next, lexer, depth)?;
                recorder.replaced(name, members.remove(name), None);
            }
            b'{' => {
                if let Some(Value::Object(inner)) = members.get_mut(name) {
                    recorder.enter(name);
                    merge_object(inner, lexer, depth, recorder)?;
                    recorder.leave();
                } else {
                    set(members, name, read_patched(next, lexer, depth)?, recorder);
                }
            }
            _ => set(members, name, read_value(next, lexer, depth)?, recorder),
        }
        Ok(())
    })
}

fn set(members: &mut Members, name: &str, value: Value, recorder: &mut impl Recorder) {
    let old = members.insert(name, value);
    recorder.replaced(name, old, members.get(name));
}

/// What a patch makes of a place where no object was.
fn read_patched(next: u8, lexer: &mut SliceLexer<'_>, depth: usize) -> Result<Value, Stop> {
    if next != b'{' {
        return read_value(next, lexer, depth);
    }
    let mut members = Members::default();
    merge_object(&mut members, lexer, depth, &mut Unrecorded)?;
    Ok(Value::Object(members))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::changes;

    /// The examples of RFC 7396.
    const EXAMPLES: &str = include_str!("../tests/data/rfc7396.jsonl");

    fn example(line: &str) -> (Value, JsonObject, Value) {
        let example = Value::parse(line).unwrap();
        let member = |name| example.as_object().and_then(|members| members.get(name)).unwrap().clone();
        // Payloads are objects; the RFC's patches need not be.
        (member("original"), JsonObject::from_stored(member("patch").to_string()), member("result"))
    }

    #[test]
    fn gives_what_the_examples_of_the_rfc_say() {
        assert_eq!(EXAMPLES.lines().count(), 17);
        for line in EXAMPLES.lines() {
            let (mut state, patch, result) = example(line);
            merge(&mut state, &patch, &mut Unrecorded).unwrap();
            assert_eq!(state.to_string(), result.to_string(), "{line}");
        }
    }

    #[test]
    fn records_the_changes_that_a_comparison_finds() {
        for line in EXAMPLES.lines() {
            let (mut state, patch, _) = example(line);
            if !matches!(state, Value::Object(_)) || !patch.as_str().starts_with('{') {
                continue;
            }
            let (before, mut recorded) = (state.clone(), Recorded::default());
            merge(&mut state, &patch, &mut recorded).unwrap();
            let sorted = |mut changes: Vec<Change>| {
                changes.sort_by(|one, other| one.path.cmp(&other.path));
                changes
            };
            assert_eq!(sorted(recorded.changes), sorted(changes(&before, &state)), "{line}");
        }
    }
}
