import type { Bytes } from "./bytes";
import { hashNode, mustMatch, type TreeHead } from "./hash";
import { type LeafRange, leavesBelow, Path, type Side } from "./path";
import { Refusal } from "./refusal";

/** One step of the way from a leaf to the root: two hashes become one. */
export interface InclusionStep {
  /** Where the hash of the proof stands; ours is on the other side. */
  readonly side: Side;
  readonly sibling: Bytes;
  readonly siblingLeaves: LeafRange;
  /** The hash of both, computed here. */
  readonly parent: Bytes;
  readonly parentLeaves: LeafRange;
}

export interface InclusionClaim {
  /** The index at which the leaf stands, counted from 0. */
  readonly index: number;
  readonly leaf: Bytes;
  readonly tree: TreeHead;
}

/**
 * Goes from a leaf to the root by RFC 9162 section 2.1.3.2 and gives back every step, also those of a way that leads
 * to another root: a person should see where it goes. `mustMatch` is the caller's part.
 */
export async function inclusionSteps(
  claim: InclusionClaim,
  proof: readonly Bytes[],
): Promise<readonly InclusionStep[]> {
  const { index, leaf, tree } = claim;
  if (index >= tree.size) {
    throw new Refusal("leaf-outside-tree", `position ${index} lies behind the ${tree.size} events of the checkpoint`);
  }
  const path = new Path(index, tree.size - 1);
  const steps: InclusionStep[] = [];
  let hash = leaf;
  for (const sibling of proof) {
    const side = path.side();
    // The last node of a row that has no sibling rises to where it has one; that is the row of this step.
    const { row, node } = rowOfSibling(path, side);
    const siblingLeaves = leavesBelow(row, side === "left" ? node - 1 : node + 1, tree.size);
    hash = await (side === "left" ? hashNode(sibling, hash) : hashNode(hash, sibling));
    path.ascend();
    steps.push({
      side,
      sibling,
      siblingLeaves,
      parent: hash,
      parentLeaves: leavesBelow(path.row, path.node, tree.size),
    });
  }
  path.mustBeAtTheRoot();
  return steps;
}

function rowOfSibling(path: Path, side: Side): { row: number; node: number } {
  let { row, node } = path;
  while (side === "left" && node % 2 === 0) {
    node /= 2;
    row += 1;
  }
  return { row, node };
}

/** Verifies that the claimed leaf stands at the claimed index. */
export async function verifyInclusion(claim: InclusionClaim, proof: readonly Bytes[]): Promise<void> {
  const steps = await inclusionSteps(claim, proof);
  mustMatch(claim.tree, steps.at(-1)?.parent ?? claim.leaf);
}
