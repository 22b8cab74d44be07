/// Postings of so many positions lie together. New ones are written into the last block only, so that they cost
/// the same however long the log is; a look-up that no position bounds asks each block.
const BLOCK_LEN: u64 = 1 << 18;

pub(crate) fn block_of(position: u64) -> u64 {
    position / BLOCK_LEN
}

pub(crate) fn first_of_block(block: u64) -> u64 {
    block.saturating_mul(BLOCK_LEN)
}
