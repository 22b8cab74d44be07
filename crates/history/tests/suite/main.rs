//! Questions to histories in the store of the reference model.

mod oracle;
mod properties;
mod states;
mod support;
