import type { Bytes } from "./bytes";
import { hashNode, hashNothing, mustMatch, type TreeHead } from "./hash";
import { Path, type Side } from "./path";
import { Refusal } from "./refusal";

/** One step of the two ways at once: to the old root and to the new one. */
export interface ConsistencyStep {
  readonly side: Side;
  readonly hash: Bytes;
  /** What the old tree's way has come to; unchanged where the hash is only of the new tree. */
  readonly old: Bytes;
  readonly new: Bytes;
}

export interface ConsistencyClaim {
  readonly old: TreeHead;
  readonly new: TreeHead;
}

/**
 * Verifies by RFC 9162 section 2.1.4.2 that the old tree is the beginning of the new one, and gives back the steps. The
 * empty tree is the beginning of every tree, and a tree of itself; the proof of either is empty.
 */
export async function verifyConsistency(
  claim: ConsistencyClaim,
  proof: readonly Bytes[],
): Promise<readonly ConsistencyStep[]> {
  if (claim.old.size > claim.new.size) {
    const reason = `the kept checkpoint has ${claim.old.size} events, today's only ${claim.new.size}`;
    throw new Refusal("sizes-reversed", reason);
  }
  if (claim.old.size === 0 || claim.old.size === claim.new.size) {
    await verifyTrivial(claim, proof);
    return [];
  }
  const path = new Path(claim.old.size - 1, claim.new.size - 1);
  path.skipRightChildren();
  // Where the old tree is perfect, its root is a node of the new tree and is not repeated in the proof.
  const [first, ...rest] = Number.isInteger(Math.log2(claim.old.size)) ? [claim.old.root, ...proof] : proof;
  if (first === undefined) throw new Refusal("proof-length", "the proof is empty");
  const steps: ConsistencyStep[] = [];
  let [oldRoot, newRoot] = [first, first];
  for (const hash of rest) {
    const side = path.side();
    if (side === "left") oldRoot = await hashNode(hash, oldRoot);
    newRoot = await (side === "left" ? hashNode(hash, newRoot) : hashNode(newRoot, hash));
    path.ascend();
    steps.push({ side, hash, old: oldRoot, new: newRoot });
  }
  path.mustBeAtTheRoot();
  mustMatch(claim.old, oldRoot);
  mustMatch(claim.new, newRoot);
  return steps;
}

/** The cases that RFC 9162 leaves out: the old tree is empty or is the new tree. */
async function verifyTrivial(claim: ConsistencyClaim, proof: readonly Bytes[]) {
  if (proof.length > 0) throw new Refusal("proof-length", "the proof should be empty");
  if (claim.old.size === 0) mustMatch(claim.old, await hashNothing());
  if (claim.old.size === claim.new.size) mustMatch(claim.new, claim.old.root);
}
