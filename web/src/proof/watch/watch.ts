import type { LogClient } from "@/client/AnnalsClient";
import { type Checkpoint, parseCheckpoint, verifyCheckpoint } from "../checkpoint";
import { type ConsistencyStep, verifyConsistency } from "../consistency";
import { parseHash } from "../hash";
import { Refusal } from "../refusal";
import { parseVerifierKeys } from "../verifierKey";
import { type KeptProof, keepProof, readKept } from "./kept";

/** How far a log is proven, as this browser found it. */
export type LogProof =
  | {
      readonly state: "verified";
      readonly checkpoint: Checkpoint;
      /** The keys that are trusted since the first visit. */
      readonly keys: readonly string[];
      /** The checkpoint kept before, that today's extends; undefined at the first visit. */
      readonly extended: Growth | undefined;
      readonly verifiedAt: string;
    }
  | { readonly state: "broken"; readonly refusal: Refusal; readonly kept: KeptProof | undefined };

export interface Growth {
  readonly from: Checkpoint;
  readonly steps: readonly ConsistencyStep[];
}

/**
 * Verifies today's checkpoint: signed by the key that this browser trusts since its first visit, and an extension of the
 * greatest checkpoint that it ever verified. What holds is kept for the next time.
 */
export async function watchLog(name: string, log: LogClient): Promise<LogProof> {
  const kept = readKept(name);
  const keys = kept?.keys ?? (await log.verifierKeys());
  const note = await log.checkpoint();
  try {
    const checkpoint = parseCheckpoint(note);
    await verifyCheckpoint(checkpoint, await parseVerifierKeys(keys.join("\n")));
    const extended = kept && (await growth(parseCheckpoint(kept.checkpoint), checkpoint, log));
    const verifiedAt = new Date().toISOString();
    keepProof(name, { keys, checkpoint: note, verifiedAt });
    return { state: "verified", checkpoint, keys, extended, verifiedAt };
  } catch (error) {
    if (error instanceof Refusal) return { state: "broken", refusal: error, kept };
    throw error;
  }
}

/** Verifies that one checkpoint is the beginning of another. Both must be verified themselves. */
export async function growth(from: Checkpoint, to: Checkpoint, log: LogClient): Promise<Growth> {
  if (from.origin !== to.origin) {
    throw new Refusal("foreign-checkpoint", `this browser knows the log as ${from.origin}, now it is ${to.origin}`);
  }
  const isTrivial = from.size === 0 || from.size >= to.size;
  const proof = isTrivial ? [] : (await log.consistency(from.size, to.size)).proof;
  return { from, steps: await verifyConsistency({ old: from, new: to }, proof.map(parseHash)) };
}
