//! SHA-256 of messages that lie in memory whole.
//!
//! A log hashes a dozen short messages for each event. A hasher that takes pieces keeps a buffer for what does not fill a
//! block yet, which costs a third of hashing a short message; where all of it is there, blocks are laid out as they are
//! compressed. The compression itself is the library's, with the processor's instructions where there are any.

use sha2::block_api::compress256;

/// Bytes of a block.
const BLOCK_LEN: usize = 64;

/// Where the length of the message stands in the last block.
const LENGTH_AT: usize = BLOCK_LEN - 8;

/// What follows the message (FIPS 180-4, section 5.1.1).
const END_OF_MESSAGE: u8 = 0x80;

/// The state before the first block (FIPS 180-4, section 5.3.3).
const INITIAL_STATE: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// SHA-256(prefix ‖ message).
pub(crate) fn sha256<const PREFIX_LEN: usize>(prefix: &[u8; PREFIX_LEN], message: &[u8]) -> [u8; 32] {
    const { assert!(PREFIX_LEN < BLOCK_LEN, "the prefix fits into the first block") };
    let bits = 8 * (PREFIX_LEN as u64 + message.len() as u64);
    let mut state = INITIAL_STATE;
    let mut block = [0; BLOCK_LEN];
    let (head, room) = block.split_at_mut(PREFIX_LEN);
    head.copy_from_slice(prefix);
    let filled = match message.split_at_checked(room.len()) {
        None => {
            copy(message, room);
            PREFIX_LEN + message.len()
        }
        Some((first, rest)) => {
            copy(first, room);
            compress256(&mut state, &[block]);
            let (whole, last) = rest.as_chunks();
            compress256(&mut state, whole);
            block = [0; BLOCK_LEN];
            copy(last, &mut block);
            last.len()
        }
    };
    // The message never fills this block: what fills the one before has begun another.
    if let Some(end) = block.get_mut(filled) {
        *end = END_OF_MESSAGE;
    }
    if filled >= LENGTH_AT {
        compress256(&mut state, &[block]);
        block = [0; BLOCK_LEN];
    }
    copy(&bits.to_be_bytes(), block.split_at_mut(LENGTH_AT).1);
    compress256(&mut state, &[block]);
    let mut digest = [0; 32];
    for (bytes, word) in digest.as_chunks_mut().0.iter_mut().zip(state) {
        *bytes = word.to_be_bytes();
    }
    digest
}

fn copy(from: &[u8], to: &mut [u8]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    /// Three blocks and more: every length that ends in another place of a block.
    const LENGTHS: usize = 200;

    fn agrees<const PREFIX_LEN: usize>() {
        let bytes: Vec<u8> = (0..=u8::MAX).collect();
        let prefix = bytes.first_chunk::<PREFIX_LEN>().unwrap();
        for length in 0..LENGTHS {
            let message = &bytes[..length];
            let expected: [u8; 32] = Sha256::new_with_prefix(prefix).chain_update(message).finalize().into();
            assert_eq!(sha256(prefix, message), expected, "{PREFIX_LEN} and {length} bytes");
        }
    }

    #[test]
    fn messages_of_all_lengths_are_hashed_as_by_the_library() {
        agrees::<0>();
        agrees::<1>();
        agrees::<16>();
        agrees::<63>();
    }
}
