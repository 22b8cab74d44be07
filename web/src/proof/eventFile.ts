import { fromHex } from "./bytes";
import { Refusal } from "./refusal";

/** The fields of which a leaf holds only a commitment. */
export const COMMITTED_FIELDS = ["actorId", "aggregateId", "context", "metadata", "payload", "tags"] as const;
export type CommittedField = (typeof COMMITTED_FIELDS)[number];

/** An event with what opens its commitments: the file that is handed out with a receipt. */
export interface EventFile {
  readonly position: number;
  readonly eventId: string;
  readonly eventType: string;
  readonly aggregateType: string;
  readonly aggregateId?: string;
  readonly version: number;
  readonly schemaVersion: number;
  readonly timestamp: string;
  readonly recordedAt: string;
  readonly actorId?: string;
  readonly tags?: readonly string[];
  readonly payloadText?: string;
  readonly metadataText?: string;
  readonly contextText?: string;
  readonly erased?: Readonly<Partial<Record<CommittedField, string>>>;
  readonly opening: { readonly secret: string } | { readonly salts: Readonly<Partial<Record<CommittedField, string>>> };
}

/** The members in the order in which they are written, and the type of each. */
const MEMBERS: Readonly<Record<string, (value: unknown) => boolean>> = {
  position: isCount,
  eventId: isText,
  eventType: isText,
  aggregateType: isText,
  aggregateId: isText,
  version: isCount,
  schemaVersion: isCount,
  timestamp: isText,
  recordedAt: isText,
  actorId: isText,
  tags: (value) => Array.isArray(value) && value.every(isText),
  payloadText: isText,
  metadataText: isText,
  contextText: isText,
  erased: isObject,
  opening: isObject,
};

const REQUIRED = Object.keys(MEMBERS).filter(
  (name) => !["aggregateId", "actorId", "tags", "payloadText", "metadataText", "contextText", "erased"].includes(name),
);

/**
 * Reads an event file. Its text is one exact text: if a single byte of it, even a space, is not as it was written, it is
 * refused, since what a person reads in it would not be what is proven.
 */
export function parseEventFile(text: string): EventFile {
  const refused = (reason: string) => new Refusal("event-file-malformed", `this is no event file: ${reason}`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw refused("it is not JSON");
  }
  if (!isObject(json)) throw refused("it is not a JSON object");
  for (const name of REQUIRED) if (!(name in json)) throw refused(`${name} is missing`);
  for (const [name, value] of Object.entries(json)) {
    if (!Object.hasOwn(MEMBERS, name)) throw refused(`the member ${name} is unknown`);
    if (!MEMBERS[name]?.(value)) throw refused(`${name} is not what it should be`);
  }
  const order = Object.keys(MEMBERS).filter((name) => name in json);
  const ordered = Object.fromEntries(order.map((name) => [name, json[name]]));
  if (`${JSON.stringify(ordered, null, 2)}\n` !== text) {
    throw refused("its form was changed; use the file itself, byte for byte");
  }
  const event = json as unknown as EventFile;
  checkOpening(event, refused);
  return event;
}

function checkOpening({ opening, erased = {} }: EventFile, refused: (reason: string) => Refusal) {
  for (const commitment of Object.values(erased)) {
    if (fromHex(commitment, 32) === undefined) throw refused(`“${commitment}” is no commitment`);
  }
  if ("secret" in opening) {
    if (Object.keys(erased).length > 0) throw refused("it holds the secret of an event of which a field was erased");
    if (fromHex(opening.secret, 16) === undefined) throw refused("its secret is not 16 bytes in lowercase hex");
    return;
  }
  for (const [field, salt] of Object.entries(opening.salts ?? {})) {
    if (field in erased) throw refused(`it holds a salt of ${field}, which opens nothing`);
    if (fromHex(salt, 16) === undefined) throw refused(`the salt of ${field} is not 16 bytes in lowercase hex`);
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
