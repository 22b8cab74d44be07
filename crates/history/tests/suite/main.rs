//! Questions to histories in the store of the reference model.

mod many;
mod oracle;
mod programs;
mod properties;
mod snapshots;
mod states;
mod support;
