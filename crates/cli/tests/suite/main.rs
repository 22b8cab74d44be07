//! The binary as scripts meet it: exit codes, JSON shapes, pipes, other processes, damaged and foreign files.

mod appending;
mod backing_up;
mod benching;
mod configuring;
mod exporting;
mod following;
mod importing;
mod keeping_keys;
mod proving;
mod querying;
mod recovering;
mod refusing;
mod rotating_keys;
mod validating;
mod workbench;
