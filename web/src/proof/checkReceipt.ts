import { type Checkpoint, verifyCheckpoint } from "./checkpoint";
import { type EventFile, parseEventFile } from "./eventFile";
import { mustMatch } from "./hash";
import { type InclusionStep, inclusionSteps } from "./inclusion";
import { type LeafWorking, recomputeLeaf } from "./leafEntry";
import { parseReceipt, type Receipt } from "./receiptFile";
import { Refusal } from "./refusal";
import type { VerifierKey } from "./verifierKey";

/** Whether one thing holds, with how it was found or why it does not. */
export type Verdict<Working> =
  | { readonly holds: true; readonly working: Working }
  | { readonly holds: false; readonly refusal: Refusal; readonly working?: Working };

/** What a receipt and an event file prove, part by part: one that fails leaves the others to be seen. */
export interface ReceiptCheck {
  readonly event: EventFile;
  readonly receipt: Receipt;
  readonly checkpoint: Checkpoint;
  /** The event makes this leaf. */
  readonly leaf: LeafWorking;
  /** The leaf stands at the event's position under the checkpoint's root. */
  readonly path: Verdict<readonly InclusionStep[]>;
  /** One of the trusted keys signed the checkpoint. */
  readonly signature: Verdict<readonly VerifierKey[]>;
  /** Both hold. */
  readonly holds: boolean;
}

/**
 * Checks in this browser that the event of an event file stands in the log whose keys are given. Throws a `Refusal`
 * if one of the files cannot be read; anything else that does not fit is a verdict.
 */
export async function checkReceipt(
  receiptText: string,
  eventText: string,
  keys: readonly VerifierKey[],
): Promise<ReceiptCheck> {
  const event = parseEventFile(eventText);
  const receipt = parseReceipt(receiptText);
  if (receipt.index !== event.position) {
    const reason = `the receipt is of position ${receipt.index}, the event of position ${event.position}`;
    throw new Refusal("positions-differ", reason);
  }
  const { checkpoint } = receipt;
  const leaf = await recomputeLeaf(event);
  const [path, signature] = await Promise.all([pathVerdict(receipt, leaf), signatureVerdict(checkpoint, keys)]);
  return { event, receipt, checkpoint, leaf, path, signature, holds: path.holds && signature.holds };
}

async function pathVerdict(receipt: Receipt, leaf: LeafWorking): Promise<Verdict<readonly InclusionStep[]>> {
  let working: readonly InclusionStep[] | undefined;
  try {
    const claim = { index: receipt.index, leaf: leaf.hash, tree: receipt.checkpoint };
    working = await inclusionSteps(claim, receipt.proof);
    mustMatch(receipt.checkpoint, working.at(-1)?.parent ?? leaf.hash);
    return { holds: true, working };
  } catch (error) {
    return refused(error, working);
  }
}

async function signatureVerdict(
  checkpoint: Checkpoint,
  keys: readonly VerifierKey[],
): Promise<Verdict<readonly VerifierKey[]>> {
  try {
    return { holds: true, working: await verifyCheckpoint(checkpoint, keys) };
  } catch (error) {
    return refused(error);
  }
}

function refused<Working>(error: unknown, working?: Working): Extract<Verdict<Working>, { holds: false }> {
  if (!(error instanceof Refusal)) throw error;
  return working === undefined ? { holds: false, refusal: error } : { holds: false, refusal: error, working };
}
