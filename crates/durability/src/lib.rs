//! Kills, unplugs, starves and misleads processes that write a log, and checks what is left of it.
//!
//! A *victim* (the binary `annals-durability-victim`) opens a log, appends from several clients and signs what
//! grows. Whatever it was promised, it puts down in a *witness*, a file that no fault reaches. A [`Trial`] lets
//! the victim end in one way or another and then holds what is left against the witness: every acknowledged
//! event is there once and unaltered, the order and the versions are gapless, no append is there in part, the
//! tree and the index follow from the events, no note that left is contradicted, and the next process can write
//! and sign.
//!
//! Nothing that is shipped uses this crate. It knows the store by its public interface only.

mod check;
mod error;
mod place;
mod trial;
mod unreliable_disk;
mod victim;
mod witness;

pub use error::Failure;
pub use place::Place;
pub use trial::{DeedTrial, Ended, Interruption, Run, Trial};
pub use unreliable_disk::{Cut, DiskFault};
pub use victim::{Deed, be_victim};
