import type { EventRecord } from "@/client/types";
import { metadataText } from "@/event/payload";

/** An event of a trace, with how many causes stand above it. */
export interface TraceNode {
  readonly event: EventRecord;
  readonly depth: number;
  /** Milliseconds since the trace began. */
  readonly startMs: number;
  readonly causeId: string | undefined;
}

/**
 * Puts the events of a trace in the order of a tree: below each event those that it caused, in their order of position.
 * An event whose cause is not of the trace begins a tree of its own.
 */
export function traceTree(events: readonly EventRecord[]): readonly TraceNode[] {
  const ids = new Set(events.map((event) => event.eventId));
  const caused = new Map<string | undefined, EventRecord[]>();
  for (const event of events) {
    const cause = metadataText(event, "causationId")?.toLowerCase();
    const parent = cause !== undefined && cause !== event.eventId && ids.has(cause) ? cause : undefined;
    caused.set(parent, [...(caused.get(parent) ?? []), event]);
  }
  const begin = Math.min(...events.map((event) => Date.parse(event.timestamp)));
  const nodes: TraceNode[] = [];
  const seen = new Set<string>();
  const add = (parent: string | undefined, depth: number) => {
    for (const event of caused.get(parent) ?? []) {
      // Causes that run in a circle are nonsense that a producer may still write.
      if (seen.has(event.eventId)) continue;
      seen.add(event.eventId);
      nodes.push({ event, depth, startMs: Date.parse(event.timestamp) - begin, causeId: parent });
      add(event.eventId, depth + 1);
    }
  };
  add(undefined, 0);
  for (const event of events) {
    if (!seen.has(event.eventId))
      nodes.push({ event, depth: 0, startMs: Date.parse(event.timestamp) - begin, causeId: undefined });
  }
  return nodes;
}
