//! The right edge of a growing tree: all that an append needs to know of the past.

use crate::subtree::{CompleteSubtree, HEIGHTS_PER_LEVEL};
use crate::{Error, Hash, HashReader, TreeError, TreeHead, node_hash, range_root};

/// The greatest number of leaves that a stored tree may have: positions are signed 64-bit numbers
/// in every store.
pub const TREE_SIZE_MAX: u64 = i64::MAX as u64;

/// The number of heights at which a tree of 64-bit size can have a peak.
const PEAK_HEIGHTS: usize = 64;

/// An incremental Merkle tree: its size and its peaks, the roots of the complete subtrees of which
/// it consists (one for each bit that is set in the size).
///
/// Pushing a leaf neither allocates nor looks at anything older, and costs two hashes on average.
///
/// ```
/// use annals_tlog::{Frontier, Hash, leaf_hash, node_hash};
///
/// let (a, b) = (leaf_hash(b"a"), leaf_hash(b"b"));
/// let mut frontier = Frontier::new();
/// assert_eq!(frontier.root(), Hash::EMPTY_ROOT);
/// frontier.push(a, |_| ());
/// frontier.push(b, |_| ());
/// assert_eq!(frontier.root(), node_hash(&a, &b));
/// assert_eq!(Frontier::from_bytes(&frontier.to_bytes())?, frontier);
/// # Ok::<(), annals_tlog::Error>(())
/// ```
#[derive(Clone)]
pub struct Frontier {
    size: u64,
    /// The peak of 2^h leaves stands at index h; it means something only where bit h of the size
    /// is set.
    peaks: [Hash; PEAK_HEIGHTS],
}

impl Frontier {
    /// The frontier of the empty tree.
    #[must_use]
    pub const fn new() -> Self {
        Self { size: 0, peaks: [Hash::EMPTY_ROOT; PEAK_HEIGHTS] }
    }

    /// Rebuilds a frontier from its size and its peaks, the largest first, as [`Self::peaks`]
    /// gives them.
    ///
    /// # Errors
    /// [`Error::FrontierLength`] if the number of peaks does not suit the size;
    /// [`Error::TreeTooLarge`] beyond [`TREE_SIZE_MAX`].
    pub fn from_peaks(size: u64, peaks: &[Hash]) -> Result<Self, Error> {
        if size > TREE_SIZE_MAX {
            return Err(Error::TreeTooLarge { size });
        }
        if peaks.len() != size.count_ones() as usize {
            return Err(Error::FrontierLength { size, peaks: peaks.len() });
        }
        let mut frontier = Self::new();
        frontier.size = size;
        let places = frontier.peaks.iter_mut().enumerate().rev();
        let places = places.filter(|(height, _)| has_peak(size, *height));
        for ((_, place), peak) in places.zip(peaks) {
            *place = *peak;
        }
        Ok(frontier)
    }

    /// Reads the frontier of the first `size` leaves from stored hashes: at most 255 of each level.
    ///
    /// # Errors
    /// Whatever the reader fails with, and [`TreeError::MissingHashes`] if it gives fewer hashes
    /// than it was asked for.
    pub fn read<R: HashReader>(size: u64, reader: &R) -> Result<Self, TreeError<R::Error>> {
        let peaks = range_root::peaks(size, reader)?;
        Ok(Self::from_peaks(size, &peaks)?)
    }

    /// Appends a leaf. `on_complete` is called for each subtree of 256, 256², … leaves that this
    /// leaf completes, the smaller first: these are the rows that a store keeps beside the leaves.
    pub fn push(&mut self, leaf: Hash, mut on_complete: impl FnMut(CompleteSubtree)) {
        let mut hash = leaf;
        let mut height = 0_u8;
        for peak in &mut self.peaks {
            if !has_peak(self.size, usize::from(height)) {
                *peak = hash;
                break;
            }
            hash = node_hash(peak, &hash);
            height += 1;
            if height.is_multiple_of(HEIGHTS_PER_LEVEL) {
                let level = height / HEIGHTS_PER_LEVEL;
                let index = self.size.checked_shr(u32::from(height)).unwrap_or(0);
                on_complete(CompleteSubtree { level, index, hash });
            }
        }
        self.size = self.size.wrapping_add(1);
    }

    /// The number of leaves.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root of the tree (RFC 6962 section 2.1): the peaks hashed together, smallest first.
    #[must_use]
    pub fn root(&self) -> Hash {
        let smallest_first = self.peaks().rev();
        smallest_first.reduce(|right, left| node_hash(&left, &right)).unwrap_or(Hash::EMPTY_ROOT)
    }

    /// The size and the root.
    #[must_use]
    pub fn head(&self) -> TreeHead {
        TreeHead { size: self.size, root: self.root() }
    }

    /// The peaks, that of the most leaves first.
    pub fn peaks(&self) -> impl DoubleEndedIterator<Item = Hash> + '_ {
        let present = self.peaks.iter().enumerate().rev();
        present.filter(|(height, _)| has_peak(self.size, *height)).map(|(_, peak)| *peak)
    }

    /// The frontier as bytes: the size as eight bytes, big-endian, then the peaks, largest first.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(8 + Hash::LEN * self.size.count_ones() as usize);
        bytes.extend_from_slice(&self.size.to_be_bytes());
        self.peaks().for_each(|peak| bytes.extend_from_slice(peak.as_bytes()));
        bytes
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`Error::FrontierBytes`] or [`Error::FrontierLength`] if the length does not suit the size;
    /// [`Error::TreeTooLarge`] beyond [`TREE_SIZE_MAX`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let malformed = || Error::FrontierBytes { len: bytes.len() };
        let (size, peaks) = bytes.split_first_chunk::<8>().ok_or_else(malformed)?;
        let (peaks, rest) = peaks.as_chunks::<{ Hash::LEN }>();
        if !rest.is_empty() {
            return Err(malformed());
        }
        let peaks: Vec<Hash> = peaks.iter().copied().map(Hash::from_bytes).collect();
        Self::from_peaks(u64::from_be_bytes(*size), &peaks)
    }
}

impl Default for Frontier {
    fn default() -> Self {
        Self::new()
    }
}

impl PartialEq for Frontier {
    /// Compares sizes and peaks, and not what is left over at heights without a peak.
    fn eq(&self, other: &Self) -> bool {
        self.size == other.size && self.peaks().eq(other.peaks())
    }
}

impl Eq for Frontier {}

impl std::fmt::Debug for Frontier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Frontier").field("size", &self.size).field("root", &self.root()).finish()
    }
}

/// Whether a tree of this size has a peak of 2^height leaves.
fn has_peak(size: u64, height: usize) -> bool {
    size.checked_shr(height as u32).is_some_and(|bits| bits & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leaf_hash;

    #[test]
    fn bytes_of_another_length_are_refused() {
        let mut frontier = Frontier::new();
        (0..5_u8).for_each(|n| frontier.push(leaf_hash(&[n]), |_| ()));
        let bytes = frontier.to_bytes();
        for len in 0..bytes.len() {
            assert!(Frontier::from_bytes(&bytes[..len]).is_err(), "{len} bytes");
        }
        assert_eq!(Frontier::from_bytes(&bytes), Ok(frontier));
    }

    #[test]
    fn a_size_beyond_what_a_store_can_number_is_refused() {
        let size = TREE_SIZE_MAX + 1;
        let result = Frontier::from_peaks(size, &[Hash::EMPTY_ROOT]);
        assert_eq!(result, Err(Error::TreeTooLarge { size }));
    }

    #[test]
    fn trees_of_other_sizes_differ_even_with_the_same_peaks() {
        let peak = [leaf_hash(b"peak")];
        assert_ne!(Frontier::from_peaks(1, &peak), Frontier::from_peaks(2, &peak));
    }

    #[test]
    fn leftovers_of_a_smaller_tree_do_not_count_in_a_comparison() {
        let mut pushed = Frontier::new();
        (0..4_u8).for_each(|n| pushed.push(leaf_hash(&[n]), |_| ()));
        let peaks: Vec<Hash> = pushed.peaks().collect();
        assert_eq!(Frontier::from_peaks(4, &peaks), Ok(pushed));
    }
}
