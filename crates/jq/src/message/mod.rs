//! What parent and worker say to each other, one message a frame.
//!
//! ```text
//! parent                        worker
//! Setup {limits, program}  →
//!                          ←    Ready, or Refused {message}
//! Batch {pace, records}    →
//!                          ←    Results {one for each of the next records} …
//! ```
//!
//! The results of a batch come in one or several messages. The parent may send further batches meanwhile; a message
//! never holds results of two batches. When the parent closes its end, the worker ends.

mod batch;
mod reply;
mod setup;

pub(crate) use batch::{Pace, decode_batch, encode_batch};
pub(crate) use reply::{PendingResults, Reply, encode_ready, encode_refused};
pub(crate) use setup::Setup;

/// Names the protocol and its version; both sides begin with it.
const GREETING: &[u8] = b"annals-jq 1";

// The first byte of a message says of which kind it is.
const SETUP: u8 = b'S';
const BATCH: u8 = b'B';
const READY: u8 = b'Y';
const REFUSED: u8 = b'N';
const RESULTS: u8 = b'R';

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_bytes_make_a_decoder_panic(kind in prop::sample::select(b"SBYNR".to_vec()), rest: Vec<u8>) {
            let body = [&[kind], rest.as_slice()].concat();
            let _ = Setup::decode(&body);
            let _ = Reply::decode(&body, &Limits::default());
            let _ = decode_batch(&body);
        }
    }
}
