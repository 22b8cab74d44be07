//! The one task of a process that writes: whatever waits shares a transaction, and mostly a round trip.
//!
//! A group is written in three steps: [`known`] reads everything that the verdicts depend on, [`judge`] decides
//! without asking anybody, and one statement writes, if nobody wrote meanwhile. The next group is judged and sent while
//! one is under way ([`pipeline`]).

mod blocks;
mod catch_up;
mod end;
mod group;
mod handle;
mod heads;
mod judge;
mod known;
mod pipeline;
mod records;
mod statement;
mod turn;
mod turns;

pub(crate) use blocks::block_len_at;
pub(crate) use catch_up::{read_head, tell};
pub(crate) use handle::WriterHandle;
pub(crate) use judge::Verdict;
pub(crate) use turns::{Writer, WriterParts};
