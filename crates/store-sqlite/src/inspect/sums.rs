use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

/// A key that nobody can know beforehand, so that no forged rows can be made to fit a sum: whatever was forged,
/// it fits with a probability of 2⁻⁶⁴, and nobody can try twice with the same key.
pub(super) struct Keys(RandomState);

/// The sum of the hashes of a set of rows, whatever their order. It is wide enough not to overflow, so that no
/// number of equal rows cancels itself out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sum(u128);

impl Keys {
    pub(super) fn random() -> Self {
        Self(RandomState::new())
    }

    fn hash(&self, row: impl std::hash::Hash + Copy) -> u128 {
        u128::from(self.0.hash_one(row))
    }
}

impl Sum {
    /// Adds a row.
    pub(super) fn add(&mut self, keys: &Keys, row: impl std::hash::Hash + Copy) {
        self.add_times(keys, row, 1);
    }

    /// Adds a row that counts `times`.
    pub(super) fn add_times(&mut self, keys: &Keys, row: impl std::hash::Hash + Copy, times: u64) {
        self.0 = self.0.wrapping_add(keys.hash(row).wrapping_mul(u128::from(times)));
    }

    /// Adds the rows of another sum.
    pub(super) fn merge(&mut self, other: Self) {
        self.0 = self.0.wrapping_add(other.0);
    }
}
