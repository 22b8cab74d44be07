import { expect, test } from "vitest";
import { type Bytes, fromHex, toHex } from "./bytes";
import { parseCheckpoint } from "./checkpoint";
import { verifyConsistency } from "./consistency";
import { hashLeaf, hashNode } from "./hash";
import { inclusionSteps, verifyInclusion } from "./inclusion";
import { tlogVector, vector } from "./vectors";

interface ReferenceTree {
  leaves: string[];
  roots: string[];
  inclusion: { index: number; size: number; proof: string[] }[];
  consistency: { from: number; to: number; proof: string[] }[];
}

const reference = tlogVector("rfc6962-reference-tree.json") as ReferenceTree;
const bytes = (hex: string | undefined): Bytes => fromHex(hex ?? "?", (hex ?? "").length / 2) ?? new Uint8Array();
const treeOf = (size: number) => ({ size, root: bytes(reference.roots[size]) });

test("accepts the inclusion proofs of the reference tree, and none of them for another place", async () => {
  for (const { index, size, proof } of reference.inclusion) {
    const leaf = await hashLeaf(bytes(reference.leaves[index]));
    const hashes = proof.map(bytes);
    await verifyInclusion({ index, leaf, tree: treeOf(size) }, hashes);
    await expect(verifyInclusion({ index: index + 1, leaf, tree: treeOf(size) }, hashes)).rejects.toThrow();
    await expect(verifyInclusion({ index, leaf, tree: treeOf(size) }, hashes.slice(1))).rejects.toThrow();
  }
});

test("accepts the consistency proofs of the reference tree, and refuses other trees", async () => {
  for (const { from, to, proof } of reference.consistency) {
    const claim = { old: treeOf(from), new: treeOf(to) };
    const hashes = proof.map(bytes);
    await verifyConsistency(claim, hashes);
    const forged = { ...claim, old: { size: from, root: bytes(reference.roots[1]) } };
    await expect(verifyConsistency(forged, hashes)).rejects.toThrow(/leads to the root|longer|ends before/);
    await expect(verifyConsistency({ old: claim.new, new: claim.old }, hashes)).rejects.toThrow(/only/);
    await expect(verifyConsistency(claim, [...hashes, claim.new.root])).rejects.toThrow(/longer than the way/);
  }
});

test("a tree is the beginning of itself, and the empty tree of every tree", async () => {
  await verifyConsistency({ old: treeOf(7), new: treeOf(7) }, []);
  await verifyConsistency({ old: treeOf(0), new: treeOf(8) }, []);
  await expect(verifyConsistency({ old: treeOf(7), new: { size: 7, root: treeOf(8).root } }, [])).rejects.toThrow();
  await expect(verifyConsistency({ old: treeOf(7), new: treeOf(7) }, [treeOf(7).root])).rejects.toThrow(/empty/);
});

/** RFC 6962 section 2.1 word by word: slow, and with nothing in common with what is tested. */
const leaves = vector("leaves.hex").trim().split("\n").map(bytes);
const split = (size: number) => 2 ** (Math.ceil(Math.log2(size)) - 1);

async function rootOf(part: readonly Bytes[]): Promise<Bytes> {
  const [only] = part;
  if (only !== undefined && part.length === 1) return only;
  const k = split(part.length);
  return hashNode(await rootOf(part.slice(0, k)), await rootOf(part.slice(k)));
}

async function proofOf(index: number, part: readonly Bytes[]): Promise<Bytes[]> {
  if (part.length === 1) return [];
  const [left, right] = [part.slice(0, split(part.length)), part.slice(split(part.length))];
  if (index < left.length) return [...(await proofOf(index, left)), await rootOf(right)];
  return [...(await proofOf(index - left.length, right)), await rootOf(left)];
}

async function growthOf(from: number, part: readonly Bytes[], isWhole: boolean): Promise<Bytes[]> {
  if (from === part.length) return isWhole ? [] : [await rootOf(part)];
  const [left, right] = [part.slice(0, split(part.length)), part.slice(split(part.length))];
  if (from <= left.length) return [...(await growthOf(from, left, isWhole)), await rootOf(right)];
  return [...(await growthOf(from - left.length, right, false)), await rootOf(left)];
}

test("every leaf of every size up to 57 is proven, and the steps name the leaves that they join", async () => {
  for (let size = 1; size <= leaves.length; size += 7) {
    const part = leaves.slice(0, size);
    const tree = { size, root: await rootOf(part) };
    for (const [index, leaf] of part.entries()) {
      const steps = await inclusionSteps({ index, leaf, tree }, await proofOf(index, part));
      expect(toHex(steps.at(-1)?.parent ?? leaf)).toBe(toHex(tree.root));
      for (const { sibling, siblingLeaves } of steps) {
        expect(toHex(sibling)).toBe(toHex(await rootOf(part.slice(siblingLeaves.from, siblingLeaves.to))));
      }
    }
  }
});

test("every size grows into every other, also the real checkpoints", async () => {
  const heads = await Promise.all(
    leaves.map(async (_, at) => ({ size: at + 1, root: await rootOf(leaves.slice(0, at + 1)) })),
  );
  for (const old of heads) {
    for (const next of heads.filter(({ size }) => size >= old.size && size % 5 === 2)) {
      const proof = await growthOf(old.size, leaves.slice(0, next.size), true);
      await verifyConsistency({ old, new: next }, proof);
    }
  }
  const [early, late] = [parseCheckpoint(vector("early.checkpoint")), parseCheckpoint(vector("late.checkpoint"))];
  await verifyConsistency({ old: early, new: late }, await growthOf(early.size, leaves.slice(0, late.size), true));
});
