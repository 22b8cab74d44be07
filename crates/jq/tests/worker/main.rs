//! Programs in real worker processes.

mod compile;
mod outcomes;
mod poison;
mod processes;
mod support;
