import type { EventRecord } from "@/client/types";
import type { JsonNode } from "@/json/node";
import { payloadOf } from "./payload";

/** One thing that a payload says. */
export interface SummaryPart {
  readonly name: string;
  readonly value: string;
}

/** What is worth reading in a row. */
const PARTS_MAX = 8;

/**
 * A payload in a few words: its scalars in their order, the number of elements of its arrays, and the scalars of small
 * objects. What the row says already, such as the aggregate's id, is left out.
 */
export function summarize(event: EventRecord): readonly SummaryPart[] {
  const payload = payloadOf(event);
  if (payload?.kind !== "object") return [];
  const parts: SummaryPart[] = [];
  for (const { name, value } of payload.members) {
    if (value.kind === "string" && value.value === event.aggregateId) continue;
    if (isSaidBetter(event, name)) continue;
    parts.push(...partsOf(name, value));
    if (parts.length >= PARTS_MAX) break;
  }
  return parts.slice(0, PARTS_MAX);
}

/** In the log of accesses the route is the pattern of the path, which stands beside it. */
const isSaidBetter = (event: EventRecord, name: string) => event.aggregateType === "Access" && name === "route";

function partsOf(name: string, value: JsonNode): readonly SummaryPart[] {
  switch (value.kind) {
    case "string":
      return value.value === "" ? [] : [{ name, value: value.value }];
    case "number":
      return [{ name, value: value.digits }];
    case "boolean":
      return [{ name, value: value.value ? "yes" : "no" }];
    case "null":
      return [{ name, value: "none" }];
    case "array":
      return [{ name, value: `${value.items.length}×` }];
    case "object":
      return value.members.slice(0, 2).flatMap((member) => {
        const inner = member.value;
        return inner.kind === "string" || inner.kind === "number" ? partsOf(`${name} ${member.name}`, inner) : [];
      });
  }
}
