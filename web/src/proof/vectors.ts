import { readFileSync } from "node:fs";

/** A file of the folder `vectors`. Only tests read it. */
export const vector = (name: string): string => readFileSync(new URL(`vectors/${name}`, import.meta.url), "utf8");

/** A vector of the Rust crate that implements the same formats. */
export const tlogVector = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../crates/tlog/tests/vectors/${name}`, import.meta.url), "utf8"));
