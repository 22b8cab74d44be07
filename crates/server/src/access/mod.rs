//! The audit of the audit: who asked what, when, from where, and what she got, as events of the log `access`.
//!
//! An append that was accepted is recorded by its own events. Appends that were refused, reads, searches, exports and acts
//! of administration are recorded here: exports and acts before they are answered, reads within a second, many in one
//! commit. Probes, documents, checkpoints and tiles are not.
//!
//! Each is an event of the aggregate `Access/<subject>`, so that the aggregates of the log are the people, their versions
//! count what they did, and nothing can be left out of the middle. Its tags name the log, the aggregate or event that was
//! looked at, and whether it was refused; its payload has the rest.

mod asking;
mod count;
mod keeper;
mod kind;
mod note;
mod observe;
mod recorder;
mod repeats;

pub(crate) use asking::Asking;
pub(crate) use count::Count;
pub(crate) use kind::of_main;
pub(crate) use observe::observe;
pub(crate) use recorder::Recorder;

/// The name of the log in which a server records who asks it what, when it is one of those that are served.
pub const LOG: &str = "access";
