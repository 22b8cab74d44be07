import { parseDecimal } from "./decimal";
import { parseHash, type TreeHead } from "./hash";
import { type Note, parseNote, verifyNote } from "./note";
import { Refusal } from "./refusal";
import type { VerifierKey } from "./verifierKey";

/** A signed tree head (C2SP tlog-checkpoint). It proves nothing until `verifyCheckpoint` succeeded. */
export interface Checkpoint extends TreeHead {
  /** Which log. */
  readonly origin: string;
  readonly note: Note;
  /** The whole note, as it is kept and served. */
  readonly text: string;
}

/** Reads a signed checkpoint, without verifying anything. */
export function parseCheckpoint(text: string): Checkpoint {
  const note = parseNote(text);
  const [origin, size, root, ...extensions] = note.text.slice(0, -1).split("\n");
  if (!origin || size === undefined || root === undefined) {
    throw new Refusal("checkpoint-malformed", "this is no checkpoint: it has fewer than three lines");
  }
  if (extensions.includes("")) throw new Refusal("checkpoint-malformed", "an extension line is empty");
  return { origin, size: parseDecimal(size), root: parseHash(root), note, text };
}

/** Verifies that one of the log's keys signed, and gives back those that did. */
export async function verifyCheckpoint(
  checkpoint: Checkpoint,
  keys: readonly VerifierKey[],
): Promise<readonly VerifierKey[]> {
  const signers = await verifyNote(checkpoint.note, keys);
  // A key's name is not part of what it signs: without this, a key of two logs would vouch for one with the head of
  // the other.
  const foreign = signers.find((key) => key.name !== checkpoint.origin);
  if (foreign === undefined) return signers;
  throw new Refusal("foreign-checkpoint", `it is of the log ${checkpoint.origin}, but the key is of ${foreign.name}`);
}
