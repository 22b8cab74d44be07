import type { Bytes } from "./bytes";
import { type Checkpoint, parseCheckpoint } from "./checkpoint";
import { parseDecimal } from "./decimal";
import { parseHash } from "./hash";
import { Refusal } from "./refusal";

const HEADER = "c2sp.org/tlog-proof@v1";

/** A way is never longer than this in a tree whose size has 64 bits. */
const HASHES_MAX = 64;

/** An inclusion proof under a signed checkpoint (C2SP tlog-proof). */
export interface Receipt {
  /** The position of the event. */
  readonly index: number;
  readonly proof: readonly Bytes[];
  readonly checkpoint: Checkpoint;
}

/** Whether a text says of itself that it is a receipt. */
export const looksLikeReceipt = (text: string): boolean => text.startsWith(`${HEADER}\n`);

/** Reads a receipt, without verifying anything. */
export function parseReceipt(text: string): Receipt {
  const refused = (reason: string) => new Refusal("receipt-malformed", `this is no receipt: ${reason}`);
  const border = text.indexOf("\n\n");
  if (border < 0) throw refused("it has no checkpoint");
  const [header, ...lines] = text.slice(0, border).split("\n");
  if (header !== HEADER) throw refused(`its first line is not ${HEADER}`);
  if (lines[0]?.startsWith("extra ")) lines.shift();
  const index = lines.shift();
  if (!index?.startsWith("index ")) throw refused("it has no index");
  if (lines.length > HASHES_MAX) throw new Refusal("proof-length", `it has more than ${HASHES_MAX} hashes`);
  return {
    index: parseDecimal(index.slice("index ".length)),
    proof: lines.map(parseHash),
    checkpoint: parseCheckpoint(text.slice(border + 2)),
  };
}
