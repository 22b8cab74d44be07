/** What this browser remembers of a log, so that it can tell whether the log only grew, and who signs it. */
export interface KeptProof {
  /** The keys as they were first seen, as vkeys: whoever exchanges them later is found out. */
  readonly keys: readonly string[];
  /** The greatest checkpoint that this browser verified, as a note. */
  readonly checkpoint: string;
  /** When. */
  readonly verifiedAt: string;
}

/** By log, not by origin: a log that appears under another origin is what should be noticed. */
const keyOf = (log: string) => `annals.proof.${log}`;

export function readKept(log: string): KeptProof | undefined {
  try {
    const text = localStorage.getItem(keyOf(log));
    return text === null ? undefined : (JSON.parse(text) as KeptProof);
  } catch {
    // Without storage every visit is the first.
    return undefined;
  }
}

export function keepProof(log: string, kept: KeptProof) {
  try {
    localStorage.setItem(keyOf(log), JSON.stringify(kept));
  } catch {
    // See readKept.
  }
}

export function forgetKept(log: string) {
  try {
    localStorage.removeItem(keyOf(log));
  } catch {
    // See readKept.
  }
}
