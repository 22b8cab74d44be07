//! The binary as scripts meet it: exit codes, JSON shapes, pipes, other processes, damaged and foreign files.

mod appending;
mod backing_up;
#[cfg(unix)]
mod balancing;
mod benching;
mod beside_a_server;
mod configuring;
#[cfg(unix)]
mod copying;
mod demonstrating;
mod exporting;
mod following;
mod guiding;
mod http;
mod importing;
mod keeping_keys;
mod loan_states;
#[cfg(unix)]
mod on_postgres;
#[cfg(unix)]
mod operating;
mod proving;
mod querying;
mod recovering;
mod reducing;
mod refusing;
mod rotating_keys;
mod serving;
mod states;
#[cfg(unix)]
mod stepping;
#[cfg(unix)]
mod stopping;
#[cfg(unix)]
mod tracing;
mod undoing;
mod validating;
mod workbench;
