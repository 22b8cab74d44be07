use std::collections::hash_map::{DefaultHasher, RandomState};
use std::hash::{BuildHasher, Hash, Hasher};

/// Room for what most rows say.
const ROW_LEN_USUAL: usize = 96;

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

    fn hash(&self, row: impl Hash + Copy) -> u128 {
        let mut gathered = Gathered { bytes: [0; ROW_LEN_USUAL], len: 0, hasher: self.0.build_hasher() };
        row.hash(&mut gathered);
        u128::from(gathered.finish())
    }
}

/// Hands what a row says to the hasher in one piece, which costs less than number by number.
struct Gathered {
    bytes: [u8; ROW_LEN_USUAL],
    /// How many of the bytes are not handed over yet.
    len: usize,
    hasher: DefaultHasher,
}

impl Gathered {
    fn waiting(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

impl Hasher for Gathered {
    fn write(&mut self, piece: &[u8]) {
        let end = self.len + piece.len();
        if let Some(place) = self.bytes.get_mut(self.len..end) {
            place.copy_from_slice(piece);
            self.len = end;
        } else {
            self.hasher.write(self.bytes.get(..self.len).unwrap_or_default());
            self.hasher.write(piece);
            self.len = 0;
        }
    }

    fn finish(&self) -> u64 {
        let mut hasher = self.hasher.clone();
        hasher.write(self.waiting());
        hasher.finish()
    }
}

impl Sum {
    /// Adds a row.
    pub(super) fn add(&mut self, keys: &Keys, row: impl Hash + Copy) {
        self.add_times(keys, row, 1);
    }

    /// Adds a row that counts `times`.
    pub(super) fn add_times(&mut self, keys: &Keys, row: impl Hash + Copy, times: u64) {
        self.0 = self.0.wrapping_add(keys.hash(row).wrapping_mul(u128::from(times)));
    }

    /// Adds the rows of another sum.
    pub(super) fn merge(&mut self, other: Self) {
        self.0 = self.0.wrapping_add(other.0);
    }
}
