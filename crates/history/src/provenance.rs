//! Who set what: beside a state, the event that last changed each of its leaves.

use std::collections::HashMap;
use std::sync::Arc;

use compact_str::CompactString;
use foldhash::fast::RandomState;

use crate::change::Change;
use crate::event_ref::EventRef;
use crate::path::{Path, PathStep};
use crate::value::Value;

/// Beside a value: the event that last changed it.
///
/// Leaves are whatever is neither an object with members nor an array with elements, and the elements of arrays,
/// whatever they hold.
pub(crate) struct Provenance {
    /// The event that set the value, or that last gave it a member or element or took one away.
    by: Arc<EventRef>,
    inner: Inner,
}

enum Inner {
    Leaf,
    Members(HashMap<CompactString, Provenance, RandomState>),
    Elements(Vec<Arc<EventRef>>),
}

impl Provenance {
    /// A value that an event set as a whole.
    pub(crate) fn new(value: &Value, by: &Arc<EventRef>) -> Self {
        let inner = match value {
            Value::Object(members) => {
                let members = members.iter().map(|(name, value)| (name.into(), Self::new(value, by)));
                Inner::Members(members.collect())
            }
            Value::Array(elements) => Inner::Elements(vec![Arc::clone(by); elements.len()]),
            _ => Inner::Leaf,
        };
        Self { by: Arc::clone(by), inner }
    }

    /// Takes in a change that an event made.
    pub(crate) fn apply(&mut self, change: &Change, arrays: Arrays, by: &Arc<EventRef>) {
        self.descend(change.path.steps(), change, arrays, by);
    }

    fn descend(&mut self, steps: &[PathStep], change: &Change, arrays: Arrays, by: &Arc<EventRef>) {
        let Some((step, rest)) = steps.split_first() else {
            if let Some(value) = &change.new {
                *self = Self::new(value, by);
            }
            return;
        };
        match (&mut self.inner, step) {
            (Inner::Members(members), PathStep::Member(name)) if rest.is_empty() => {
                if change.old.is_none() || change.new.is_none() {
                    self.by = Arc::clone(by);
                }
                match &change.new {
                    Some(value) => members.insert(name.clone(), Self::new(value, by)),
                    None => members.remove(name),
                };
            }
            (Inner::Members(members), PathStep::Member(name)) => {
                if let Some(member) = members.get_mut(name) {
                    member.descend(rest, change, arrays, by);
                }
            }
            (Inner::Elements(elements), PathStep::Element(index)) => {
                let is_whole = rest.is_empty();
                match (is_whole && change.old.is_none(), is_whole && change.new.is_none()) {
                    (true, _) => elements.push(Arc::clone(by)),
                    (_, true) => {
                        elements.pop();
                    }
                    _ => {
                        if let Some(element) = elements.get_mut(*index) {
                            *element = Arc::clone(by);
                        }
                    }
                }
                if is_whole && (change.old.is_none() || change.new.is_none()) {
                    self.by = Arc::clone(by);
                }
                if arrays == Arrays::ChangeAsAWhole {
                    elements.fill(Arc::clone(by));
                }
            }
            _ => {}
        }
    }

    /// The leaves of a value, each with the event that last changed it.
    pub(crate) fn for_each_leaf(&self, value: &Value, each: &mut impl FnMut(&Path, &Value, &Arc<EventRef>)) {
        self.walk(value, &mut Path::default(), each);
    }

    fn walk(&self, value: &Value, path: &mut Path, each: &mut impl FnMut(&Path, &Value, &Arc<EventRef>)) {
        match (value, &self.inner) {
            (Value::Object(members), Inner::Members(inner)) if !members.is_empty() => {
                for (name, value) in members.iter() {
                    let Some(member) = inner.get(name) else { continue };
                    path.push(PathStep::Member(name.into()));
                    member.walk(value, path, each);
                    path.pop();
                }
            }
            (Value::Array(elements), Inner::Elements(inner)) if !elements.is_empty() => {
                for (index, (value, by)) in elements.iter().zip(inner).enumerate() {
                    path.push(PathStep::Element(index));
                    each(path, value, by);
                    path.pop();
                }
            }
            _ => each(path, value, &self.by),
        }
    }
}

/// How arrays change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arrays {
    /// A merge patch sets an array as a whole, so whoever changes one element has set all.
    ChangeAsAWhole,
    /// Each element for itself.
    ChangeByElement,
}
