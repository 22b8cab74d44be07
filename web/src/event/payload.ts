import type { EventRecord } from "@/client/types";
import { EMPTY_OBJECT, type JsonNode } from "@/json/node";
import { readJson } from "@/json/read";

/** Lists show the same events again and again; each payload is read once. */
const read = new WeakMap<EventRecord, JsonNode>();

/** The payload of an event, as it was written; undefined where it was erased. */
export function payloadOf(event: EventRecord): JsonNode | undefined {
  if (event.payloadText === undefined) return undefined;
  const known = read.get(event);
  if (known !== undefined) return known;
  const node = readJson(event.payloadText);
  read.set(event, node);
  return node;
}

/** The producer's metadata; undefined where it was erased. */
export function metadataOf(event: EventRecord): JsonNode | undefined {
  return event.metadataText === undefined ? undefined : readJson(event.metadataText || "{}");
}

/** A text of the metadata, such as `correlationId`. */
export function metadataText(event: EventRecord, name: string): string | undefined {
  const metadata = metadataOf(event) ?? EMPTY_OBJECT;
  const value = metadata.kind === "object" ? metadata.members.find((member) => member.name === name)?.value : undefined;
  return value?.kind === "string" ? value.value : undefined;
}
