//! The positions of one row of `postings`: the first in its column, then each as the distance to the one
//! before, in LEB128.

/// Adds the distances between `positions`, which grow, to `bytes`.
pub(super) fn write_gaps(positions: &[u64], bytes: &mut Vec<u8>) {
    for (before, after) in positions.iter().zip(positions.iter().skip(1)) {
        let mut gap = after.wrapping_sub(*before);
        while gap >= 0x80 {
            bytes.push(gap.to_le_bytes()[0] | 0x80);
            gap >>= 7;
        }
        bytes.push(gap.to_le_bytes()[0]);
    }
}

/// Adds the positions of a row to `positions`; `None` when the bytes are not what [`write_gaps`] writes.
pub(crate) fn read_gaps(first: u64, bytes: &[u8], positions: &mut Vec<u64>) -> Option<()> {
    positions.push(first);
    let (mut last, mut gap, mut shift) = (first, 0_u64, 0_u32);
    for byte in bytes {
        let part = u64::from(byte & 0x7f);
        gap |= part.checked_shl(shift).filter(|shifted| shifted >> shift == part)?;
        if byte & 0x80 != 0 {
            shift += 7;
            continue;
        }
        // A last byte of zero would be a second way to write the same gap.
        if gap == 0 || (shift > 0 && *byte == 0) {
            return None;
        }
        last = last.checked_add(gap)?;
        positions.push(last);
        (gap, shift) = (0, 0);
    }
    (shift == 0).then_some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn gaps_come_back_as_positions(mut positions in prop::collection::btree_set(0..u64::MAX / 2, 1..50)) {
            positions.insert(7);
            let positions: Vec<u64> = positions.into_iter().collect();
            let (mut gaps, mut read) = (Vec::new(), Vec::new());
            write_gaps(&positions, &mut gaps);
            prop_assert_eq!(read_gaps(positions[0], &gaps, &mut read), Some(()));
            prop_assert_eq!(read, positions);
        }

        #[test]
        fn any_bytes_are_positions_that_grow_or_nothing(bytes: Vec<u8>) {
            let mut read = Vec::new();
            if read_gaps(5, &bytes, &mut read).is_some() {
                prop_assert!(read.windows(2).all(|pair| pair[0] < pair[1]));
                let mut written = Vec::new();
                write_gaps(&read, &mut written);
                prop_assert_eq!(written, bytes);
            }
        }
    }
}
