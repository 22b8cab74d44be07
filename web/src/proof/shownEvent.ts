import type { EventRecord } from "@/client/types";
import type { EventFile } from "./eventFile";

/**
 * The fields in which an event that is shown differs from the one that was proven. A proof is of the event file; that
 * the server's other answer says the same is not a matter of course, and is what the reader wants to know.
 */
export function differingFields(shown: EventRecord, proven: EventFile): readonly string[] {
  const pairs: readonly (readonly [name: string, shown: unknown, proven: unknown])[] = [
    ["position", shown.position, proven.position],
    ["eventId", shown.eventId, proven.eventId],
    ["eventType", shown.eventType, proven.eventType],
    ["aggregateType", shown.aggregateType, proven.aggregateType],
    ["aggregateId", shown.aggregateId, proven.aggregateId],
    ["version", shown.version, proven.version],
    ["schemaVersion", shown.schemaVersion, proven.schemaVersion],
    ["timestamp", shown.timestamp, proven.timestamp],
    ["recordedAt", shown.recordedAt, proven.recordedAt],
    ["actorId", shown.actorId, proven.actorId],
    ["tags", JSON.stringify(shown.tags), JSON.stringify(proven.tags)],
    ["payload", shown.payloadText, proven.payloadText],
    ["metadata", shown.metadataText, proven.metadataText],
    ["context", JSON.stringify(shown.context), proven.contextText && JSON.stringify(JSON.parse(proven.contextText))],
  ];
  return pairs.filter(([, a, b]) => a !== b).map(([name]) => name);
}
