import { type Bytes, concat, fromHex, toHex, utf8 } from "./bytes";
import { COMMITTED_FIELDS, type CommittedField, type EventFile } from "./eventFile";
import { hashLeaf, sha256 } from "./hash";
import { Refusal } from "./refusal";

/** How one field's commitment came about. Of a field that was erased only the commitment is left. */
export interface CommitmentWorking {
  readonly field: CommittedField;
  readonly text: string | undefined;
  /** Hex. */
  readonly salt: string | undefined;
  /** Hex. */
  readonly commitment: string;
}

/** How a leaf hash came about: docs/guide/leaf-entry.md explains the steps. */
export interface LeafWorking {
  readonly commitments: readonly CommitmentWorking[];
  /** The canonical JSON that is hashed. */
  readonly entry: string;
  readonly hash: Bytes;
}

const CLEAR_FIELDS = [
  "aggregateType",
  "eventId",
  "eventType",
  "recordedAt",
  "schemaVersion",
  "timestamp",
  "version",
] as const;

/** Recomputes the leaf of an event from nothing but the event file. */
export async function recomputeLeaf(event: EventFile): Promise<LeafWorking> {
  const commitments = await Promise.all(COMMITTED_FIELDS.map((field) => recomputeCommitment(event, field)));
  const members = new Map<string, string>([["v", "1"]]);
  for (const field of CLEAR_FIELDS) members.set(field, String(event[field]));
  for (const { field, commitment } of commitments) members.set(field, commitment);
  // RFC 8785 sorts names by their UTF-16 code units, as JavaScript does, and escapes strings as JSON.stringify does.
  const sorted = [...members].sort(([a], [b]) => (a < b ? -1 : 1));
  const entry = JSON.stringify(Object.fromEntries(sorted));
  return { commitments, entry, hash: await hashLeaf(utf8(entry)) };
}

async function recomputeCommitment(event: EventFile, field: CommittedField): Promise<CommitmentWorking> {
  const text = committedText(event, field);
  const erased = event.erased?.[field];
  if (text === undefined) {
    if (erased === undefined) throw new Refusal("event-file-malformed", `${field} is missing from the event file`);
    return { field, text, salt: undefined, commitment: erased };
  }
  if (erased !== undefined) throw new Refusal("event-file-malformed", `${field} is there and erased`);
  const salt = await saltOf(event, field);
  const commitment = await sha256(concat(salt, utf8(text)));
  return { field, text, salt: toHex(salt), commitment: toHex(commitment) };
}

/** The first 16 bytes of SHA-256(secret ‖ name of the field), or the salt that was handed out in place of the secret. */
async function saltOf({ opening }: EventFile, field: CommittedField): Promise<Bytes> {
  if ("secret" in opening) {
    const secret = fromHex(opening.secret, 16);
    if (secret !== undefined) return (await sha256(concat(secret, utf8(field)))).slice(0, 16);
  } else {
    const salt = fromHex(opening.salts[field] ?? "", 16);
    if (salt !== undefined) return salt;
  }
  throw new Refusal("event-file-malformed", `nothing opens the commitment to ${field}`);
}

/** The text that is committed to; undefined where the field was erased. */
function committedText(event: EventFile, field: CommittedField): string | undefined {
  switch (field) {
    case "actorId":
      return event.actorId;
    case "aggregateId":
      return event.aggregateId;
    case "payload":
      return event.payloadText;
    case "metadata":
      return event.metadataText;
    case "context":
      return event.contextText;
    case "tags":
      return event.tags && JSON.stringify([...event.tags].sort(compareUtf8));
  }
}

/** By the bytes of UTF-8, which differs from JavaScript's order beyond the basic plane. */
function compareUtf8(a: string, b: string): number {
  const [x, y] = [toHex(utf8(a)), toHex(utf8(b))];
  return x < y ? -1 : Number(x > y);
}
