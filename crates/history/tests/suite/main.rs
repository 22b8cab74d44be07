//! Questions to histories in the store of the reference model.

mod states;
mod support;
