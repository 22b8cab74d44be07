use std::collections::HashMap;

use compact_str::CompactString;
use foldhash::fast::RandomState;

use super::Value;

/// An object with more members than this finds them by hash, one with fewer by comparing names.
const COMPARED_MAX: usize = 24;

/// The members of an object, in the order in which their names first appeared; a name that was removed and comes
/// again goes to the end.
#[derive(Debug, Clone, Default)]
pub struct Members {
    /// `None` where a member was removed, which happens only while there is an index.
    slots: Vec<Option<(CompactString, Value)>>,
    /// Only for large objects.
    index: Option<Box<Index>>,
}

/// Where each name stands in the slots. Its length is the number of members.
type Index = HashMap<CompactString, usize, RandomState>;

impl Members {
    /// How many members there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.index.as_ref().map_or(self.slots.len(), |index| index.len())
    }

    /// Whether there is no member.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of the member `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.slots.get(self.slot_of(name)?)?.as_ref().map(|(_, value)| value)
    }

    /// The value of the member `name`, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        let slot = self.slot_of(name)?;
        self.slots.get_mut(slot)?.as_mut().map(|(_, value)| value)
    }

    /// Sets the member `name`; the value that it had.
    pub fn insert(&mut self, name: &str, value: Value) -> Option<Value> {
        if let Some(known) = self.get_mut(name) {
            return Some(std::mem::replace(known, value));
        }
        self.slots.push(Some((name.into(), value)));
        match &mut self.index {
            Some(index) => {
                index.insert(name.into(), self.slots.len() - 1);
            }
            None if self.slots.len() > COMPARED_MAX => self.make_index(),
            None => {}
        }
        None
    }

    /// Removes the member `name`; the value that it had.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let slot = self.slot_of(name)?;
        let Some(index) = &mut self.index else { return self.slots.remove(slot).map(|(_, value)| value) };
        index.remove(name);
        let removed = self.slots.get_mut(slot)?.take();
        if index.len() * 2 < self.slots.len() {
            self.close_gaps();
        }
        removed.map(|(_, value)| value)
    }

    /// The members, in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.slots.iter().flatten().map(|(name, value)| (name.as_str(), value))
    }

    fn slot_of(&self, name: &str) -> Option<usize> {
        match &self.index {
            Some(index) => index.get(name).copied(),
            None => self.slots.iter().flatten().position(|(known, _)| known == name),
        }
    }

    /// Closes gaps once half of the slots are empty, so that removing costs the same on the average in objects of
    /// any size.
    fn close_gaps(&mut self) {
        self.slots.retain(Option::is_some);
        self.index = None;
        if self.slots.len() > COMPARED_MAX {
            self.make_index();
        }
    }

    fn make_index(&mut self) {
        let names = self.slots.iter().enumerate();
        let index = names.filter_map(|(at, slot)| slot.as_ref().map(|(name, _)| (name.clone(), at)));
        self.index = Some(Box::new(index.collect()));
    }
}

impl PartialEq for Members {
    /// Whether both have the same members, in whatever order.
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().all(|(name, value)| other.get(name) == Some(value))
    }
}

impl FromIterator<(CompactString, Value)> for Members {
    /// Of equal names the last one counts.
    fn from_iter<T: IntoIterator<Item = (CompactString, Value)>>(members: T) -> Self {
        let mut collected = Self::default();
        for (name, value) in members {
            collected.insert(&name, value);
        }
        collected
    }
}
