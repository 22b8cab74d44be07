/// Blocks grow with the log up to so many positions: what of them is not sealed is held in memory.
const BLOCK_LEN_MAX: u64 = 1 << 20;

/// A block holds no more than this part of the log before it, so that its sealing is soon done, and no less than half of
/// that, so that there are few.
const PART_OF_LOG: u64 = 16;

/// How many positions a block is to hold that is made when the log has a size. A look-up that no position bounds asks
/// each block, so blocks grow with the log.
pub(crate) fn block_len_at(size: u64, first_len: u64) -> u64 {
    let part = (size / PART_OF_LOG).checked_next_power_of_two().unwrap_or(BLOCK_LEN_MAX) / 2;
    part.min(BLOCK_LEN_MAX).max(first_len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_grow_with_the_log_and_stay_few() {
        let blocks_until = |events: u64| {
            let (mut blocks, mut until) = (0, 0);
            while until < events {
                until += block_len_at(until, 1 << 17);
                blocks += 1;
            }
            blocks
        };
        assert_eq!(block_len_at(0, 1 << 17), 1 << 17);
        assert_eq!(block_len_at(u64::MAX, 1 << 17), BLOCK_LEN_MAX);
        assert_eq!(blocks_until(1_000_000), 8);
        assert!(blocks_until(10_000_000) < 60, "{}", blocks_until(10_000_000));
    }
}
