import { type Bytes, concat, fromBase64, isEqual, toBase64 } from "./bytes";
import { Refusal } from "./refusal";

/** What precedes a leaf's entry and an inner node's children under the hash (RFC 6962 section 2.1). */
const LEAF_PREFIX = Uint8Array.of(0);
const NODE_PREFIX = Uint8Array.of(1);

export const HASH_LEN = 32;

/** SHA-256, by the browser where it offers it: pages that came over plain HTTP from another machine have no WebCrypto. */
export async function sha256(bytes: Bytes): Promise<Bytes> {
  if (globalThis.crypto?.subtle !== undefined) return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const script = await import("@noble/hashes/sha2.js");
  return new Uint8Array(script.sha256(bytes));
}

export const hashLeaf = (entry: Bytes): Promise<Bytes> => sha256(concat(LEAF_PREFIX, entry));

export const hashNode = (left: Bytes, right: Bytes): Promise<Bytes> => sha256(concat(NODE_PREFIX, left, right));

/** The root of the tree without leaves: SHA-256 of nothing. */
export const hashNothing = (): Promise<Bytes> => sha256(new Uint8Array());

/** Reads a hash as checkpoints and proofs write it. */
export function parseHash(text: string): Bytes {
  const hash = fromBase64(text);
  if (hash?.length !== HASH_LEN) throw new Refusal("hash-malformed", `“${clip(text)}” is not a hash in base64`);
  return hash;
}

/** Refuses a computed root that is not the one that was claimed. */
export function mustMatch(tree: TreeHead, computed: Bytes) {
  if (isEqual(tree.root, computed)) return;
  throw new Refusal(
    "root-mismatch",
    `the way leads to the root ${toBase64(computed)}, but the tree of size ${tree.size} has ${toBase64(tree.root)}`,
  );
}

/** A tree's size and root. */
export interface TreeHead {
  readonly size: number;
  readonly root: Bytes;
}

export const clip = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
